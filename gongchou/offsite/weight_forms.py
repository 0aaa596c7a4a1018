from typing import Any

from django import forms

from gongchou.core.clue_weights import SCORE_NUMBERS, problems


class WeightsForm(forms.Form):
    """Every number of the score that people may set, and why they should be other."""

    why = forms.CharField(
        label="为什么改",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="提出时须写明依据，例如上一季度的核实结果。只试算的可以不写。",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for one in SCORE_NUMBERS:
            self.fields[one.key] = forms.IntegerField(
                label=one.label,
                widget=forms.NumberInput(attrs={"min": one.least, "max": one.most}),
                error_messages={
                    "required": f"请填写“{one.label}”。",
                    "invalid": f"“{one.label}”应填整数。",
                },
            )
        self.order_fields([*(one.key for one in SCORE_NUMBERS), "why"])

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if not self.errors:
            for key, says in problems(self.numbers()).items():
                self.add_error(key, says)
        return data

    def numbers(self) -> dict[str, int]:
        return {one.key: int(self.cleaned_data[one.key]) for one in SCORE_NUMBERS}
