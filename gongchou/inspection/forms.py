from typing import Any

from django import forms

from gongchou.core.terms import Delivery, EvidenceKind
from gongchou.inspection.files import ALLOWED

SECONDS = "%Y-%m-%dT%H:%M:%S"


class Moment(forms.DateTimeField):
    """A day and an hour of Shanghai, chosen on the device's own clock face."""

    def __init__(self, label: str, **options: Any) -> None:
        super().__init__(
            label=label,
            required=options.pop("required", False),
            input_formats=["%Y-%m-%dT%H:%M", SECONDS],
            widget=forms.DateTimeInput(attrs={"type": "datetime-local", "step": 1}, format=SECONDS),
            error_messages={"invalid": f"{label}写法不对，请按“年-月-日 时:分”填写。"},
            **options,
        )


class Day(forms.DateField):
    def __init__(self, label: str, **options: Any) -> None:
        super().__init__(
            label=label,
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            error_messages={"invalid": f"{label}写法不对，请按“年-月-日”填写。"},
            **options,
        )


def text_field(label: str, longest: int, *, required: bool = True, hint: str = "") -> forms.Field:
    return forms.CharField(label=label, max_length=longest, required=required, help_text=hint)


def long_field(label: str, longest: int, *, required: bool = True, hint: str = "") -> forms.Field:
    return forms.CharField(
        label=label,
        max_length=longest,
        required=required,
        help_text=hint,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ArrivalForm(forms.Form):
    """When the team came in; the code of the gate where the policy asks for one."""

    arrived_at = Moment("到场时间", required=True)

    def __init__(self, *args: Any, wants_entry_code: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if wants_entry_code:
            self.fields["entry_code"] = text_field("入企扫码登记号", 80)


class NoticeForm(forms.Form):
    number = text_field("检查通知书文号", 80)
    delivery = forms.ChoiceField(
        label="送达方式", choices=[(word.value, word.label) for word in Delivery]
    )


class EvidenceForm(forms.Form):
    """One file with what it shows; the formats allowed are told beside the field."""

    file = forms.FileField(
        label="文件",
        error_messages={"empty": "文件是空的，没有保存。请重新拍摄或选择文件。"},
        help_text="；".join(
            f"{kind.label}：{rule.says}，不超过 {rule.megabytes} MB"
            for kind, rule in ALLOWED.items()
        ),
    )
    kind = forms.ChoiceField(
        label="种类", choices=[(word.value, word.label) for word in EvidenceKind]
    )
    item = forms.ChoiceField(label="对应的检查项", required=False)
    says = text_field("说明", 200, required=False, hint="拍的是什么、在什么位置。")
    taken_at = Moment("拍摄时间", help_text="手机显示的拍摄时间；不填则只记收到时间。")

    def __init__(self, *args: Any, items: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["item"] = forms.ChoiceField(
            label="对应的检查项", required=False, choices=[("", "不限于某一项"), *items]
        )


class OrderForm(forms.Form):
    says = long_field("改正要求", 1000)
    document_number = text_field("文书文号", 80, required=False)
    issued_on = Day("作出日期")
    due_on = Day("改正期限")


class FollowUpForm(forms.Form):
    on = Day("复查日期")
    is_corrected = forms.ChoiceField(
        label="复查结论",
        choices=[("1", "已改正"), ("0", "没有改正")],
        widget=forms.RadioSelect,
    )
    says = long_field("复查情况", 1000)


class CaseForm(forms.Form):
    number = text_field("立案号", 80)
    filed_on = Day("立案日期")
    says = text_field("案由", 500, required=False)
    decision_number = text_field(
        "决定书文号", 80, required=False, hint="尚未作出决定的，决定书文号、决定日期、罚款都不填。"
    )
    decided_on = Day("决定日期", required=False)
    amount_yuan = forms.DecimalField(
        label="罚款（元）", min_value=0, max_digits=13, decimal_places=2, required=False
    )


class RevocationForm(forms.Form):
    """Which decided penalty does not stand any more; only those that stand may be chosen."""

    revoked_on = Day("撤销日期")
    authority = text_field("作出撤销的机关", 200, hint="本机关自行撤销的，写本机关名称。")
    document_number = text_field("撤销文书文号", 80, required=False)
    says = text_field("撤销理由", 200, hint="会随撤下的公示公开，不要写人名、电话。")

    def __init__(self, *args: Any, decisions: list[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["decision_number"] = forms.ChoiceField(
            label="撤销的决定书", choices=[(number, number) for number in decisions]
        )
        self.order_fields(["decision_number"])


class TransferForm(forms.Form):
    to_whom = text_field("移送给", 200)
    moved_on = Day("移送日期")
    number = text_field("移送文号", 80, required=False)
    says = text_field("移送事项", 500)


class CaseVisitForm(forms.Form):
    """Why, when and who, for a visit outside every draw."""

    ground = long_field("检查理由", 500, hint="写明举报编号、交办文号或非现场检查发现的情况。")
    planned_on = Day("计划检查日")

    def __init__(self, *args: Any, people: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["inspectors"] = forms.MultipleChoiceField(
            label="检查组",
            choices=people,
            widget=forms.CheckboxSelectMultiple,
            help_text="只列出当前能够执法的持证人员。",
        )


class ReasonForm(forms.Form):
    reason = long_field("理由", 500)
