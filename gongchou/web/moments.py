"""A form field for a moment, typed as people type it; `core/typed_times.py` reads it."""

from datetime import date, datetime
from typing import Any

from django import forms

from gongchou.core.refusals import Invalid
from gongchou.core.typed_times import moment_said, written_moment

# What a page says once beside its fields.
WAYS = "如“0800”“8:00”“2月17日 8点”。"


class Moment(forms.Field):
    """A text field; the script beside it tells what was understood and offers the device's clock.

    `day` is the day meant where only an hour is typed.
    """

    def __init__(self, label: str, *, required: bool = False, help_text: str = "") -> None:
        attrs = {"data-moment": "", "autocomplete": "off", "maxlength": 60}
        widget = forms.TextInput(attrs=attrs)
        super().__init__(label=label, required=required, help_text=help_text, widget=widget)
        self.day: date | None = None

    def mean(self, day: date) -> None:
        self.day = day
        self.widget.attrs["data-moment"] = day.isoformat()

    def to_python(self, value: Any) -> datetime | None:
        text = str(value or "").strip()
        try:
            return moment_said(text, self.day) if text else None
        except Invalid as refusal:
            raise forms.ValidationError(f"{self.label}{refusal}") from refusal

    def prepare_value(self, value: Any) -> Any:
        return written_moment(value) if isinstance(value, datetime) else value


class MomentForm(forms.Form):
    """A form with moments; `on` is the day meant where only an hour is typed."""

    def __init__(self, *args: Any, on: date | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            if on is not None and isinstance(field, Moment):
                field.mean(on)
