from typing import Any

from django import forms

from gongchou.core.terms import ImportKind, RecusalReason
from gongchou.registry.importing.columns import LAYOUTS
from gongchou.registry.tags import MANY, WORDS


class FilterForm(forms.Form):
    """Narrows the list of subjects; whatever is not known narrows nothing."""

    grid = forms.ChoiceField(label="片区", required=False)
    permit_category = forms.ChoiceField(
        label="管理类别",
        required=False,
        choices=[("", "全部"), *((m.value, m.label) for m in WORDS["permit_category"])],
    )
    operating_status = forms.ChoiceField(
        label="生产状态",
        required=False,
        choices=[("", "全部"), *((m.value, m.label) for m in WORDS["operating_status"])],
    )

    def __init__(self, data: Any, *, grids: tuple[str, ...]) -> None:
        super().__init__(data)
        choices = [("", "全部"), *((grid, grid) for grid in grids)]
        self.fields["grid"] = forms.ChoiceField(label="片区", required=False, choices=choices)


class ChangeForm(forms.Form):
    """All fields of a subject, as the columns of an import name them, and the reason."""

    reason = forms.CharField(label="变更理由", max_length=200)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for column in LAYOUTS[ImportKind.SUBJECTS].columns:
            self.fields[column.field] = _field(column.field, column.headers[0], column.needed)

    def texts(self) -> dict[str, str]:
        """What was entered, by field, the way import reads it."""
        entered = {k: v for k, v in self.cleaned_data.items() if k != "reason"}
        return {k: v if isinstance(v, str) else "、".join(v) for k, v in entered.items()}


def _field(name: str, label: str, needed: bool) -> forms.Field:
    if name in WORDS:
        words = [(m.label, m.label) for m in WORDS[name]]
        empty = [] if needed else [("", "未填")]
        return forms.ChoiceField(label=label, required=needed, choices=[*empty, *words])
    if name == "is_excluded":
        return forms.ChoiceField(label=label, choices=[("否", "否"), ("是", "是")])
    hint = f"可填多项，以顿号分隔：{'、'.join(m.label for m in MANY[name])}" if name in MANY else ""
    return forms.CharField(label=label, required=needed, max_length=400, help_text=hint)


class UploadForm(forms.Form):
    kind = forms.ChoiceField(
        label="导入什么",
        choices=[(kind.value, kind.label) for kind in ImportKind if kind in LAYOUTS],
    )
    file = forms.FileField(
        label="文件",
        help_text="支持 .xlsx、.xls、.ods、.csv（UTF-8 或 GB18030），不超过 50 MB。列的次序不限。",
        error_messages={"empty": "文件是空的，请选择有内容的名册文件。"},
    )


def day_field(label: str, *, required: bool = True, hint: str = "") -> forms.DateField:
    """A day, typed or picked."""
    return forms.DateField(
        label=label,
        required=required,
        help_text=hint,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "日期请写成 2026-01-05 的样子。"},
    )


class RecusalForm(forms.Form):
    """What an inspector declares."""

    target = forms.CharField(
        label="回避的单位",
        max_length=40,
        help_text="填统一社会信用代码的，回避该企业的全部场所；填固定污染源编码的，只回避这一处。",
    )
    reason = forms.ChoiceField(
        label="回避理由",
        choices=[
            (reason.value, reason.label)
            for reason in RecusalReason
            if reason is not RecusalReason.REPEAT
        ],
    )
    note = forms.CharField(
        label="情况说明",
        required=False,
        max_length=200,
        help_text="例如与该单位哪位人员是何亲属关系。只有本人、负责科室和批准领导看得到。",
    )
    since = day_field("从哪天起")
    until = day_field("到哪天止", required=False, hint="不填即为长期，直到批准领导终止。")
