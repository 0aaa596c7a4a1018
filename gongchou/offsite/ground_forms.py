"""What a person asks of the map of clues: which days, around what, how far."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from gongchou.core.coordinates import Point, point
from gongchou.core.refusals import Invalid
from gongchou.registry.reads import Place

MOST_DAYS = 31
DAYS = timedelta(days=6)
FIRST, LAST = date(2000, 1, 1), date(2099, 12, 31)
_YEARS = f"请填 {FIRST.year} 年到 {LAST.year} 年之间的日期。"
_DEGREES = re.compile(r"[\d.]+|\d[^,，]*[,，]\s*\d[^,，]*")


def _day(label: str) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    limits = [MinValueValidator(FIRST, _YEARS), MaxValueValidator(LAST, _YEARS)]
    return forms.DateField(label=label, widget=widget, validators=limits)


class GroundForm(forms.Form):
    """Always bound: what is missing from the address is the last seven days and everything."""

    since = _day("起")
    until = _day("止")
    near = forms.CharField(
        label="中心",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"placeholder": "单位名称，或 118.2006，39.6309"}),
    )
    radius = forms.DecimalField(
        label="半径（千米）", min_value=Decimal("0.1"), max_value=50, max_digits=5, decimal_places=2
    )

    def __init__(self, given: Any, today: date, named: Callable[[str], tuple[Place, ...]]) -> None:
        asked = {"since": str(today - DAYS), "until": str(today), "radius": "2"}
        super().__init__(asked | {name: value for name, value in given.items() if value})
        self.named = named

    def clean_near(self) -> tuple[str, Point] | None:
        """The name of the centre and its place; a name may be a part that only one site has."""
        text = self.cleaned_data["near"].strip()
        if not text:
            return None
        found = self.named(text)
        if not found and _DEGREES.fullmatch(text):
            return text, _place(text)
        if len(found) != 1:
            says = (
                "没有这样的单位，或者它没有坐标" if not found else f"有 {len(found)} 家这样的单位"
            )
            raise forms.ValidationError(f"{says}，请写全名称，或者写经度和纬度。")
        return found[0].name, found[0].at

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        since, until = given.get("since"), given.get("until")
        if since and until and not 0 <= (until - since).days < MOST_DAYS:
            self.add_error("until", f"止日不能早于起日，一次最多看 {MOST_DAYS} 天。")
        return given


def _place(text: str) -> Point:
    parts = text.replace("，", ",").split(",")
    try:
        found = point(*parts) if len(parts) == 2 else None
    except Invalid as problem:
        raise forms.ValidationError(str(problem)) from problem
    if found is None:
        raise forms.ValidationError("坐标请写成“经度，纬度”，例如 118.2006，39.6309。")
    return found
