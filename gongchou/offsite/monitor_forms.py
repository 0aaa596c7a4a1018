"""The form of one logger: which site, which outlet, from where, in which manner."""

from datetime import date
from typing import Any

from django import forms

from gongchou.core.hj212.words import Dialect
from gongchou.core.terms import MonitoringType
from gongchou.offsite.actions import MonitorDraft
from gongchou.offsite.actions.monitors import INTERVALS, SENDING
from gongchou.offsite.monitor_reads import MonitorRow
from gongchou.registry import reads as registers

MOST_NAMED = 5


class MonitorForm(forms.Form):
    """Entered by hand; what is wrong is told at the field."""

    site = forms.CharField(
        label="单位", max_length=200, help_text="写单位名称、统一社会信用代码或固定污染源编码。"
    )
    outlet = forms.CharField(label="排放口或线路", max_length=80)
    mn = forms.CharField(
        label="设备编号（MN）", max_length=24, help_text="照设备上传的写，3 至 24 位字母和数字。"
    )
    kind = forms.ChoiceField(label="监控类型", choices=[(k.value, k.label) for k in SENDING])
    minutes = forms.TypedChoiceField(
        label="分钟数据间隔（分钟）", choices=[(n, n) for n in INTERVALS], coerce=int, initial=10
    )
    addresses = forms.CharField(
        label="来源地址",
        required=False,
        max_length=400,
        help_text="设备从哪个地址或网段发来，多个用顿号或逗号分开；不写则不限。",
    )
    dialects = forms.MultipleChoiceField(
        label="允许的写法",
        required=False,
        choices=[(d.value, d.label) for d in Dialect],
        widget=forms.CheckboxSelectMultiple,
        help_text="只在隔离页面提示这台设备需要时才勾选：每放宽一种，都会多放过一些出错的数据包。",
    )
    keys = forms.CharField(
        label="密钥",
        required=False,
        max_length=80,
        help_text="加密上传的设备才写，32 位十六进制；更换期间新旧两个用逗号分开。保存后不再显示。",
    )

    def __init__(
        self, *args: Any, bureau: str, today: date, old: MonitorRow | None = None, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self._bureau, self._today = bureau, today
        if old:
            self.fields["reason"] = forms.CharField(label="变更理由", max_length=200)

    def clean_site(self) -> str:
        """The ref of the one site meant."""
        wanted = self.cleaned_data["site"].strip()
        found = registers.subjects(self._bureau, self._today, search=wanted)
        rows = [row for row in found.rows if row.name == wanted] or list(found.rows)
        if not rows:
            raise forms.ValidationError("名录里没有这个单位，请核对名称或编码。")
        if len(rows) > 1:
            named = "、".join(row.name for row in rows[:MOST_NAMED])
            raise forms.ValidationError(
                f"相符的有 {found.total} 家：{named}等。请写固定污染源编码。"
            )
        return str(rows[0].ref)

    def draft(self) -> MonitorDraft:
        entered = self.cleaned_data
        return MonitorDraft(
            subject=entered["site"],
            mn=entered["mn"].strip(),
            outlet=entered["outlet"],
            kind=MonitoringType(entered["kind"]),
            minutes=entered["minutes"],
            addresses=_parts(entered["addresses"]),
            dialects=frozenset(map(Dialect, entered["dialects"])),
            keys=_parts(entered["keys"]),
        )


def _parts(text: str) -> tuple[str, ...]:
    for mark in "，、;；\n":
        text = text.replace(mark, ",")
    return tuple(part.strip() for part in text.split(",") if part.strip())


def entered_before(row: MonitorRow) -> dict[str, object]:
    """The form of a change begins with what holds now; keys are never shown again."""
    return {
        "site": row.subject_name,
        "outlet": row.outlet,
        "mn": row.mn,
        "kind": row.kind.value,
        "minutes": row.minutes,
        "addresses": "，".join(row.addresses),
        "dialects": [dialect.value for dialect in row.dialects],
    }
