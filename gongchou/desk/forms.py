from typing import Any

from django import forms

from gongchou.core.event_kinds import EventKind


def _day(label: str) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "日期请写成 2026-01-05 的样子。"},
    )


class TrailForm(forms.Form):
    """What somebody looks for in the log."""

    kind = forms.ChoiceField(
        label="事件",
        required=False,
        choices=[("", "全部"), *((kind.value, kind.label) for kind in EventKind)],
    )
    about = forms.CharField(label="对象", max_length=80, required=False)
    by_name = forms.CharField(label="操作人", max_length=80, required=False)
    since = _day("从哪天")
    until = _day("到哪天")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and since > until:
            self.add_error("until", "“到哪天”早于“从哪天”，请改正。")
        return cleaned
