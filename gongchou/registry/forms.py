from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from gongchou.core.refusals import InvalidFields, Refused
from gongchou.core.terms import (
    CoordinateSystem,
    DutyStatus,
    ImportKind,
    ItemTier,
    PermitCategory,
    RecusalReason,
    SubjectClass,
)
from gongchou.registry.importing.columns import LAYOUTS
from gongchou.registry.importing.sheets import LARGEST_WORKBOOK
from gongchou.registry.tags import MANY, WORDS


def tell(form: forms.Form, refusal: Refused) -> None:
    """What is wrong with a field stands at the field, all else above the form."""
    at_fields = refusal.fields if isinstance(refusal, InvalidFields) else {}
    for name, says in at_fields.items():
        form.add_error(name if name in form.fields else None, says)
    if not at_fields:
        form.add_error(None, str(refusal))


class FilterForm(forms.Form):
    """Narrows the list of subjects; whatever is not known narrows nothing."""

    def __init__(self, data: Any, *, choices: Mapping[str, tuple[str, ...]]) -> None:
        super().__init__(data)
        for name, label in FILTER_LABELS.items():
            found = [(value, value) for value in choices.get(name, ())] or _words(name)
            self.fields[name] = forms.ChoiceField(
                label=label, required=False, choices=[("", "全部"), *found]
            )
        self.fields["on"] = day_field("哪一天的名录", required=False, hint="不填即为今天。")

    @property
    def often(self) -> list[forms.BoundField]:
        """What is asked daily; the rest stands folded away."""
        return [self[name] for name in OFTEN]

    @property
    def seldom(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in OFTEN]


OFTEN = ("grid", "permit_category", "operating_status")
FILTER_LABELS = {
    "grid": "片区",
    "permit_category": "管理类别",
    "operating_status": "生产状态",
    "key_unit_types": "重点单位类型",
    "pollutant_types": "污染物类型",
    "monitoring_types": "监控类型",
    "construction_stage": "建设情况",
    "scale": "生产规模",
    "production_cycle": "生产周期",
    "performance_grade": "绩效分级",
    "risk_level": "风险等级",
    "industry_code": "行业代码",
    "region_code": "行政区划",
    "is_excluded": "参加抽查",
    "is_placed": "坐标",
}


def _words(name: str) -> list[tuple[str, str]]:
    if name == "is_excluded":
        return [("no", "参加"), ("yes", "不参加")]
    if name == "is_placed":
        return [("yes", "已填"), ("no", "未填")]
    term = WORDS.get(name) or MANY.get(name)
    return [(member.value, member.label) for member in term] if term else []


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


HINTS = {
    "longitude": "以度为单位的小数或度分秒，例如 118.20064 或 118°12′2.3″。",
    "latitude": "与经度一起填，例如 39.66179；没有坐标的两项都留空。",
}
SYSTEM_HINT = "从高德、腾讯或百度地图上取的点请选对，系统换算为 WGS84 后存入。"


def _field(name: str, label: str, needed: bool) -> forms.Field:
    if name in WORDS:
        words = [(m.label, m.label) for m in WORDS[name]]
        empty = [("", "请选择" if needed else "未填")]
        return forms.ChoiceField(label=label, required=needed, choices=[*empty, *words])
    if name == "is_excluded":
        return forms.ChoiceField(label=label, choices=[("否", "否"), ("是", "是")])
    if name == "coordinate_system":
        systems = [(m.label, m.label) for m in CoordinateSystem]
        return forms.ChoiceField(
            label=label, required=False, choices=systems, help_text=SYSTEM_HINT
        )
    hint = HINTS.get(name, "")
    if name in MANY:
        hint = f"可填多项，以顿号分隔：{'、'.join(m.label for m in MANY[name])}"
    return forms.CharField(label=label, required=needed, max_length=400, help_text=hint)


class UploadForm(forms.Form):
    kind = forms.ChoiceField(
        label="导入什么",
        choices=[(kind.value, kind.label) for kind in ImportKind if kind in LAYOUTS],
    )
    file = forms.FileField(
        label="文件",
        help_text="支持 .xlsx、.xls、.et、.ods、.csv（UTF-8、UTF-16 或 GB18030），不超过 50 MB。",
        error_messages={"empty": "文件是空的，请选择有内容的名册文件。"},
    )
    mapping = forms.ChoiceField(
        label="按哪个来源的表头",
        required=False,
        help_text="表头与常见写法不同时，先保存一份列对应关系，再在这里选用。",
    )

    def __init__(self, *args: Any, names: tuple[str, ...] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["mapping"] = forms.ChoiceField(
            label=self.fields["mapping"].label,
            help_text=self.fields["mapping"].help_text,
            required=False,
            choices=[("", "常见写法"), *((name, name) for name in names)],
        )

    def clean_file(self) -> Any:
        """Looked at before a byte of it is read."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST_WORKBOOK:
            raise forms.ValidationError(
                f"文件“{file.name}”超过 50 MB，请拆分后分次导入，"
                "或者请信息中心用命令 gongchou register import 导入 .csv。"
            )
        return file


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
            ("", "请选择"),
            *(
                (reason.value, reason.label)
                for reason in RecusalReason
                if reason is not RecusalReason.REPEAT
            ),
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


class InspectorForm(forms.Form):
    """All fields of an inspector, as the columns of an import name them, and the reason."""

    reason = forms.CharField(label="变更理由", max_length=200)

    def __init__(self, *args: Any, units: Mapping[str, str], **options: Any) -> None:
        super().__init__(*args, **options)
        for column in LAYOUTS[ImportKind.INSPECTORS].columns:
            field = self.fields[column.field] = _person_field(column.field, column.headers[0])
            if column.field in FOR_THE_DRAW:
                field.unless = "参加抽取的必填"  # type: ignore[attr-defined]
        if units:
            now = (self.initial or {}).get("unit", "")
            others = [(now, now)] if now and now not in units else []
            choices = [("", "请选择"), *units.items(), *others]
            self.fields["unit"] = forms.ChoiceField(label="科室", choices=choices)

    def texts(self) -> dict[str, str]:
        """What was entered, by field, the way import reads it."""
        return {k: str(v or "") for k, v in self.cleaned_data.items() if k != "reason"}


# Who lacks one of these is in the register, but in no draw.
FOR_THE_DRAW = ("enforcement_card_no", "card_valid_until")
PERSON_HINTS = {
    "is_certified": "参加抽取的须选“是”，并填写执法证号和有效期。",
    "areas": "可填多项，以顿号分隔",
    "expertise": "可填多项，以顿号分隔",
    "login": "不填的，抽到以后本人看不到任务。",
}


def _person_field(name: str, label: str) -> forms.Field:
    if name in ("card_valid_until", "away_since", "away_until"):
        return day_field(label, required=False)
    if name == "duty_status":
        words = [(m.label, m.label) for m in DutyStatus]
        return forms.ChoiceField(label=label, choices=words)
    if name == "is_certified":
        return forms.ChoiceField(label=label, choices=[("否", "否"), ("是", "是")])
    hint = PERSON_HINTS.get(name, "")
    needed = name in ("name", "unit")
    return forms.CharField(label=label, required=needed, max_length=400, help_text=hint)


class DesignationForm(forms.Form):
    """Why a site should be special, and until when."""

    reason = forms.CharField(
        label="指定理由", max_length=200, help_text="写明环境风险的具体情况和依据，批准领导会看到。"
    )
    since = day_field("从哪天起")
    until = day_field("到哪天止", hint="到这一天自动失效，最长一年。")


class MergeForm(forms.Form):
    """Which other entry is the same site."""

    merged = forms.CharField(
        label="并入的检查对象编号",
        max_length=40,
        help_text="填另一家的编号，形如 S990173-000012。它从今天起不再单列，记录转到本单位。",
    )
    reason = forms.CharField(label="合并理由", max_length=200)


class MappingForm(forms.Form):
    """One source's headers, a line each."""

    kind = forms.ChoiceField(
        label="名册种类",
        choices=[(kind.value, kind.label) for kind in ImportKind if kind in LAYOUTS],
    )
    name = forms.CharField(
        label="来源名称", max_length=80, help_text="例如“省平台导出”，上传时按这个名称选用。"
    )
    lines = forms.CharField(
        label="对应关系",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="一行一列，写成“原表头=本系统的列”，例如：企业全名=单位名称",
    )

    def clean_lines(self) -> dict[str, str]:
        """The lines as a mapping; a line without = is told."""
        found: dict[str, str] = {}
        for line in self.cleaned_data["lines"].splitlines():
            if not line.strip():
                continue
            theirs, sign, ours = line.replace("＝", "=").partition("=")
            if not sign or not theirs.strip() or not ours.strip():
                raise forms.ValidationError(f"“{line}”应写成“原表头=本系统的列”。")
            found[theirs.strip()] = ours.strip()
        return found


class MapForm(forms.Form):
    """Which sites the map shows."""

    subject_class = forms.ChoiceField(
        label="分类",
        required=False,
        choices=[("", "全部"), *((kind.value, kind.label) for kind in SubjectClass)],
    )
    grid = forms.ChoiceField(label="片区", required=False)
    permit_category = forms.ChoiceField(
        label="管理类别",
        required=False,
        choices=[("", "全部"), *((kind.value, kind.label) for kind in PermitCategory)],
    )
    on = day_field("哪一天的名录", required=False)

    def __init__(self, data: Any, *, grids: tuple[str, ...]) -> None:
        super().__init__(data)
        self.fields["grid"] = forms.ChoiceField(
            label="片区", required=False, choices=[("", "全部"), *((grid, grid) for grid in grids)]
        )


class AreaForm(forms.Form):
    """The outline of the bureau's area."""

    file = forms.FileField(
        label="轮廓文件",
        help_text="GeoJSON（.geojson、.json），面图层，WGS84 或 2000 国家大地坐标系的经纬度，"
        "不超过 4 MB、两万个点。",
        error_messages={"empty": "文件是空的，请选择有内容的轮廓文件。"},
    )
    source = forms.CharField(
        label="来源", max_length=200, help_text="由哪个单位提供，是哪一年的边界。"
    )


LONG = ("legal_basis", "content", "evidence_required", "law_text")
ITEM_HINTS = {
    "group_name": "已有的类别照原样写，新的类别会随之新增。",
    "content": "检查人员逐条对照的要点，一行一条，保存时以分号连成一段。",
    "evidence_required": "要取哪些证据，例如台账照片、排口照片。",
    "asked_when": "另一事项有某些答案时才填写的，写成“事项名称：发现问题”；不填即总要填写。",
    "law_text": "条文的原意，用本单位核对过的文本。",
}


class ItemForm(forms.Form):
    """All columns of the item list for one item."""

    def __init__(self, *args: Any, units: Iterable[Any], **options: Any) -> None:
        super().__init__(*args, **options)
        known = [(unit.code, f"{unit.name}（{unit.code}）") for unit in units]
        for column in LAYOUTS[ImportKind.ITEMS].columns:
            self.fields[column.field] = _item_field(column.field, column.headers[0], column.needed)
        if known and (self.initial.get("unit") in (None, *dict(known))):
            self.fields["unit"] = forms.ChoiceField(label="责任科室", choices=known)

    def texts(self) -> dict[str, str]:
        """What was entered, by field, the way import reads it."""
        return {k: v if isinstance(v, str) else "、".join(v) for k, v in self.cleaned_data.items()}


def _item_field(name: str, label: str, needed: bool) -> forms.Field:
    hint = ITEM_HINTS.get(name, "")
    if name == "tier":
        return forms.ChoiceField(label=label, choices=[(m.label, m.label) for m in ItemTier])
    term = PermitCategory if name == "permit_categories" else MANY.get(name)
    if term:
        hint = f"不填即对所有对象适用；可填多项，以顿号分隔：{'、'.join(m.label for m in term)}"
    widget = forms.Textarea(attrs={"rows": 3}) if name in LONG else forms.TextInput()
    return forms.CharField(
        label=label, required=needed, max_length=2000, help_text=hint, widget=widget
    )
