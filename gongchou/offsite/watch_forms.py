"""Forms of what is entered about a site for judging, one for each kind, and of thresholds."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import forms

from gongchou.core.canon import Canonical
from gongchou.core.monitoring.entries import decimal
from gongchou.core.monitoring.moments import minute_at
from gongchou.core.monitoring.rulebook import MonitorRule
from gongchou.core.monitoring.words import (
    EntryKind,
    FilingKind,
    GroupNeed,
    LineKind,
    OrderKind,
    OutletKind,
)
from gongchou.core.refusals import Invalid
from gongchou.core.terms import Term
from gongchou.web.moments import WAYS, Moment, MomentForm


def _choices(term: type[Term]) -> list[tuple[str, str]]:
    return [(member.value, member.label) for member in term]


def _parts(text: str) -> list[str]:
    for mark in "，、;；\n":
        text = text.replace(mark, ",")
    return [part.strip() for part in text.split(",") if part.strip()]


def _minute(at: datetime) -> int:
    return minute_at(at)


class EntryForm(MomentForm):
    """What every entry has; `body` of a subclass is what is kept."""

    reason = forms.CharField(
        label="依据或说明", max_length=200, help_text="如许可证编号、报备文号、现场核对日期。"
    )
    field_order: list[str] = []

    def key(self) -> str:
        return str(self.cleaned_data.get("key", "")).strip()

    def body(self) -> dict[str, Canonical]:
        raise NotImplementedError

    def _decimal(self, name: str, least: str = "0") -> str:
        """The number of a field; its own error where it is none."""
        text = str(self.cleaned_data.get(name) or "0")
        return decimal(text, str(self.fields[name].label), least=least)


class OutletForm(EntryForm):
    key = forms.CharField(  # type: ignore[assignment]
        label="设备编号（MN）", max_length=40, help_text="照监测设备页面登记的写。"
    )
    kind = forms.ChoiceField(label="排放口类型", choices=_choices(OutletKind))
    limits = forms.CharField(
        label="许可限值",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="一行一个因子：因子编码 小时限值 日均限值 检出限，没有的写短横，"
        "如 a21026 35 - 0.5。",
    )
    o2_ref = forms.CharField(
        label="基准氧含量（%）", required=False, max_length=8, help_text="不折算的不写。"
    )
    lines = forms.CharField(
        label="对应的产污设施电表", required=False, max_length=200, help_text="几块用顿号分开。"
    )
    is_shared = forms.BooleanField(label="与其他单位或设施共用", required=False)
    is_batch = forms.BooleanField(label="间歇生产", required=False)
    field_order = ["key", "kind", "limits", "o2_ref", "lines", "is_shared", "is_batch"]

    def body(self) -> dict[str, Canonical]:
        entered = self.cleaned_data
        factors: dict[str, Canonical] = {}
        for line in entered["limits"].splitlines():
            if words := line.split():
                factors[words[0]] = _limits(words)
        return {
            "kind": entered["kind"],
            "factors": factors,
            "o2_ref": self._decimal("o2_ref") if entered["o2_ref"] else "",
            "lines": _parts(entered["lines"]),
            "is_shared": int(entered["is_shared"]),
            "is_batch": int(entered["is_batch"]),
        }


def _limits(words: list[str]) -> dict[str, Canonical]:
    names = ("limit", "day_limit", "floor")
    if not 2 <= len(words) <= 4:
        raise Invalid(f"“{' '.join(words)}”应写因子编码和一到三个数，如 a21026 35 - 0.5。")
    said = dict(zip(names, words[1:], strict=False))
    return {
        name: "" if said.get(name, "-") in ("-", "—") else decimal(said[name], words[0])
        for name in names
    }


class MeterForm(EntryForm):
    key = forms.CharField(  # type: ignore[assignment]
        label="电表名称", max_length=40, help_text="本单位内不重复，如 喷漆线、喷漆线治污。"
    )
    kind = forms.ChoiceField(label="电表类别", choices=_choices(LineKind))
    rated_kw = forms.CharField(label="额定功率（kW）", max_length=12)
    mn = forms.CharField(label="采集器设备编号（MN）", max_length=24)
    code_kw = forms.CharField(label="功率的因子编码", max_length=20)
    code_amps = forms.CharField(label="电流的因子编码", max_length=20, required=False)
    code_kwh = forms.CharField(label="电量读数的因子编码", max_length=20, required=False)
    is_vfd = forms.BooleanField(label="变频", required=False)
    is_security_load = forms.BooleanField(label="保安负荷", required=False)
    field_order = ["key", "kind", "rated_kw", "mn", "code_kw", "code_amps", "code_kwh"]

    def body(self) -> dict[str, Canonical]:
        entered = self.cleaned_data
        words = ("kind", "mn", "code_kw", "code_amps", "code_kwh")
        said: dict[str, Canonical] = {name: entered[name].strip() for name in words}
        flags = {name: int(entered[name]) for name in ("is_vfd", "is_security_load")}
        return said | flags | {"rated_kw": self._decimal("rated_kw", "0.01")}


class GroupForm(EntryForm):
    key = forms.CharField(label="组合名称", max_length=40)  # type: ignore[assignment]
    producers = forms.CharField(label="产污设施电表", max_length=200)
    treatments = forms.CharField(label="治污设施电表", max_length=200)
    need = forms.ChoiceField(label="治污要求", choices=_choices(GroupNeed))
    lead = forms.IntegerField(label="允许滞后开启（分钟）", min_value=0, max_value=240, initial=0)
    lag = forms.IntegerField(label="允许提前停止（分钟）", min_value=0, max_value=240, initial=0)
    is_treatment_shared = forms.BooleanField(label="治污设施与其他生产线共用", required=False)
    field_order = ["key", "producers", "treatments", "need", "lead", "lag"]

    def body(self) -> dict[str, Canonical]:
        entered = self.cleaned_data
        return {
            "producers": _parts(entered["producers"]),
            "treatments": _parts(entered["treatments"]),
            "need": entered["need"],
            "lead": entered["lead"],
            "lag": entered["lag"],
            "is_treatment_shared": int(entered["is_treatment_shared"]),
        }


class StatesForm(EntryForm):
    """Proposed by learning, confirmed by a person, who may put other numbers."""

    key = forms.CharField(label="电表名称", max_length=40)  # type: ignore[assignment]
    off_kw = forms.CharField(label="低于此功率为停机（kW）", max_length=12)
    run_kw = forms.CharField(label="达到此功率为运行（kW）", max_length=12)
    field_order = ["key", "off_kw", "run_kw"]

    def body(self) -> dict[str, Canonical]:
        return {"off_kw": self._decimal("off_kw"), "run_kw": self._decimal("run_kw")}


class _Span(EntryForm):
    since = Moment("开始", required=True, help_text=WAYS)
    until = Moment("结束", required=True, help_text=WAYS)

    def _span(self) -> dict[str, Canonical]:
        return {name: _minute(self.cleaned_data[name]) for name in ("since", "until")}


class FilingForm(_Span):
    key = forms.CharField(  # type: ignore[assignment]
        label="对象",
        max_length=40,
        required=False,
        help_text="设备编号、电表或组合名称；全厂的不写。",
    )
    filing = forms.ChoiceField(label="报备类别", choices=_choices(FilingKind))
    filed_at = Moment("报备时间", required=True, help_text=WAYS)
    field_order = ["filing", "key", "since", "until", "filed_at"]

    def body(self) -> dict[str, Canonical]:
        entered = self.cleaned_data
        return self._span() | {"filing": entered["filing"], "filed": _minute(entered["filed_at"])}


class OrderForm(_Span):
    document = forms.CharField(label="文号", max_length=60)
    order = forms.ChoiceField(label="要求", choices=_choices(OrderKind))
    percent = forms.IntegerField(
        label="限产比例（%）", min_value=0, max_value=100, initial=0, help_text="停产的写 0。"
    )
    received_at = Moment("送达时间", required=True, help_text=WAYS)
    exempt = forms.CharField(label="豁免的电表", required=False, max_length=200)
    field_order = ["document", "order", "percent", "since", "until", "received_at", "exempt"]

    def body(self) -> dict[str, Canonical]:
        entered = self.cleaned_data
        return self._span() | {
            "document": entered["document"].strip(),
            "order": entered["order"],
            "percent": entered["percent"],
            "received": _minute(entered["received_at"]),
            "exempt": _parts(entered["exempt"]),
        }


class SiteForm(EntryForm):
    shifts = forms.CharField(
        label="报备的生产钟点",
        required=False,
        max_length=120,
        help_text="0 到 23 的整点，用顿号分开；没有报备的不写。",
    )
    unmetered_percent = forms.IntegerField(
        label="没有装表的负荷占比（%）", min_value=0, max_value=90, initial=0
    )
    is_tariff_driven = forms.BooleanField(label="按峰谷电价安排生产", required=False)
    has_own_generation = forms.BooleanField(label="有光伏或自备电源", required=False)
    is_near_sensitive = forms.BooleanField(
        label="临近环境敏感区或饮用水水源地",
        required=False,
        help_text="在“依据或说明”中写明名称和距离；线索得分按后果加分。",
    )

    def clean_shifts(self) -> list[int]:
        words = _parts(self.cleaned_data["shifts"])
        if not all(word.isdecimal() and int(word) < 24 for word in words):
            raise forms.ValidationError("请写 0 到 23 的整点，用顿号分开，如 8、9、10。")
        return sorted({int(word) for word in words})

    def body(self) -> dict[str, Canonical]:
        entered = self.cleaned_data
        return {
            "shifts": entered["shifts"],
            "unmetered_percent": entered["unmetered_percent"],
            "is_tariff_driven": int(entered["is_tariff_driven"]),
            "has_own_generation": int(entered["has_own_generation"]),
            "is_near_sensitive": int(entered["is_near_sensitive"]),
        }


FORMS: Mapping[EntryKind, type[EntryForm]] = {
    EntryKind.OUTLET: OutletForm,
    EntryKind.METER: MeterForm,
    EntryKind.GROUP: GroupForm,
    EntryKind.STATES: StatesForm,
    EntryKind.FILING: FilingForm,
    EntryKind.ORDER: OrderForm,
    EntryKind.SITE: SiteForm,
}


class ThresholdForm(forms.Form):
    """The numbers of one rule, as they stand; what is changed becomes a version of its own."""

    def __init__(self, *args: Any, rule: MonitorRule, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self._rule = rule
        for name, threshold in rule.thresholds.items():
            unit = f"（{threshold.unit}）" if threshold.unit else ""
            way = "越大" if threshold.loosens == "up" else "越小"
            self.fields[name] = forms.CharField(
                label=f"{threshold.says}{unit}",
                initial=f"{threshold.value:f}",
                max_length=16,
                help_text=f"{way}越宽。",
            )
        self.fields["since"] = forms.DateField(
            label="起始日期", initial=today, widget=forms.DateInput(attrs={"type": "date"})
        )
        self.fields["reason"] = forms.CharField(label="理由", max_length=300)

    def values(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in self._rule.thresholds}
