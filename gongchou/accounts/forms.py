from typing import Any

from django import forms

from gongchou.core.oversight_terms import GroupKind
from gongchou.core.powers import TOKEN_POWERS, Power
from gongchou.core.terms import Role


class LoginForm(forms.Form):
    login = forms.CharField(label="登录名", max_length=40)
    password = forms.CharField(label="密码", widget=forms.PasswordInput)


class PasswordForm(forms.Form):
    password = forms.CharField(
        label="新密码",
        widget=forms.PasswordInput,
        help_text="至少 10 位，不要使用常见密码或纯数字。",
    )
    repeated = forms.CharField(label="再输入一次", widget=forms.PasswordInput)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("password") != cleaned.get("repeated"):
            self.add_error("repeated", "两次输入的密码不一致，请重新输入。")
        return cleaned


class CodeForm(forms.Form):
    code = forms.CharField(
        label="动态口令",
        max_length=20,
        help_text="手机验证器上现在的 6 位数字；手机不在身边时，填一个备用码。",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "text"}),
    )

    def clean_code(self) -> str:
        return "".join(self.cleaned_data["code"].split()).replace("-", "")


class FirstCodeForm(CodeForm):
    """The code that binds a phone; a recovery code is not there yet."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = ""


class NewPasswordForm(forms.Form):
    password = forms.CharField(
        label="新的初始密码", widget=forms.PasswordInput, help_text="本人首次登录时必须修改。"
    )


class PersonForm(forms.Form):
    login = forms.RegexField(
        r"^[a-z0-9._-]{2,40}$",
        label="登录名",
        error_messages={"invalid": "登录名只能用小写字母、数字和 . _ -，2 到 40 位。"},
    )
    name = forms.CharField(label="姓名", max_length=80)
    unit = forms.ChoiceField(label="科室", required=False)
    password = forms.CharField(
        label="初始密码", widget=forms.PasswordInput, help_text="首次登录时必须修改。"
    )

    def __init__(self, *args: Any, units: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "不属于科室"), *units]
        self.fields["unit"] = forms.ChoiceField(label="科室", required=False, choices=choices)


def _day(label: str, **more: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "日期请写成 2026-01-05 的样子。"},
        **more,
    )


class RoleForm(forms.Form):
    role = forms.ChoiceField(label="角色", choices=[(role.value, role.label) for role in Role])
    until = _day("任期止日", required=False, help_text="到这一天角色自动失效；不填为没有期限。")
    overlap = forms.CharField(
        label="兼任理由",
        max_length=200,
        required=False,
        help_text="只在小型机构一人兼任相互制约的角色时填写，兼任人数会公开。",
    )


class SeatForm(forms.Form):
    """A member of one of the programme's bodies, with the term of office."""

    group = forms.ChoiceField(label="小组", choices=[(g.value, g.label) for g in GroupKind])
    name = forms.CharField(label="姓名", max_length=80)
    position = forms.CharField(label="职务", max_length=80)
    since = _day("任期起日")
    until = _day("任期止日", required=False)


class RecordRightForm(forms.Form):
    """A right of the superior to read the records of a quarter."""

    quarter = forms.RegexField(
        label="调阅哪个季度的检查",
        regex=r"[0-9]{4}Q[1-4]",
        help_text="写成 2026Q1 的样子。",
        error_messages={"invalid": "季度请写成 2026Q1 的样子。"},
    )
    since = _day("授权起日")
    until = _day("授权止日", help_text="到这一天自动失效，最长一年。")
    document_number = forms.CharField(label="调阅文号", max_length=80)
    reason = forms.CharField(label="调阅理由", max_length=200)


class TokenForm(forms.Form):
    """A token for a program: what for, what it may see, until when."""

    name = forms.CharField(label="用途", max_length=80, help_text="例如“省平台每日取数”。")
    powers = forms.MultipleChoiceField(
        label="权限",
        widget=forms.CheckboxSelectMultiple,
        choices=[(power.value, power.label) for power in Power if power in TOKEN_POWERS],
        error_messages={"required": "请至少选一项权限。"},
    )
    until = forms.DateField(
        label="到期日",
        help_text="最长一年，到期前另建一个。",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "日期请写成 2026-01-05 的样子。"},
    )
