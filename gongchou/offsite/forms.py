import hashlib
from typing import Any

from django import forms
from django.forms import BoundField

from gongchou.core.coverage import SourceReading
from gongchou.core.refusals import Invalid
from gongchou.core.terms import OffsiteConclusion, SourceKind
from gongchou.offsite.actions import Given

LARGEST_FILE = 50 * 1024 * 1024


def _day(label: str) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, widget=widget)


def _count() -> forms.IntegerField:
    return forms.IntegerField(min_value=0, max_value=10_000_000, required=False)


class CheckForm(forms.Form):
    """What was read about one unit; a source that was not used stays empty."""

    since = _day("核查期间起")
    until = _day("核查期间止")
    evidence = forms.CharField(
        label="核查情况",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="写明看了哪些数据和资料、有无异常、依据存在哪里。",
    )
    attachment = forms.FileField(
        label="附件",
        required=False,
        help_text="系统只留存文件名和摘要，原件由科室存档；以后可以核对是否改动。不超过 50 MB。",
    )

    def __init__(self, *args: Any, needs_reason: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        for kind in SourceKind:
            self.fields[f"{kind.value}_expected"] = _count()
            self.fields[f"{kind.value}_read"] = _count()
            for part, word in (("expected", "应有点数"), ("read", "读取点数")):
                widget = self.fields[f"{kind.value}_{part}"].widget
                widget.attrs["aria-label"] = f"{kind.label}{word}"
        if needs_reason:
            self.fields["reason"] = forms.CharField(label="替代理由", max_length=200)

    @property
    def source_rows(self) -> list[tuple[SourceKind, BoundField, BoundField]]:
        return [
            (kind, self[f"{kind.value}_expected"], self[f"{kind.value}_read"])
            for kind in SourceKind
        ]

    def given(self) -> Given:
        """What was entered, as the action takes it."""
        data, file = self.cleaned_data, self.cleaned_data.get("attachment")
        if file and file.size > LARGEST_FILE:
            raise Invalid("附件超过 50 MB，请压缩或分开后再选。")
        return Given(
            since=data["since"],
            until=data["until"],
            sources=tuple(self._source(kind) for kind in SourceKind if self._is_used(kind)),
            evidence=data["evidence"],
            attachment_name=file.name[:200] if file else "",
            attachment_sha256=hashlib.sha256(file.read()).hexdigest() if file else "",
        )

    def _is_used(self, kind: SourceKind) -> bool:
        names = (f"{kind.value}_expected", f"{kind.value}_read")
        return any(self.cleaned_data.get(name) is not None for name in names)

    def _source(self, kind: SourceKind) -> SourceReading:
        return SourceReading(
            kind=kind,
            expected=self.cleaned_data.get(f"{kind.value}_expected") or 0,
            read=self.cleaned_data.get(f"{kind.value}_read") or 0,
        )


class ConclusionForm(forms.Form):
    """The reviewer's word; below the floor of the policy only one conclusion is offered."""

    conclusion = forms.ChoiceField(label="结论", widget=forms.RadioSelect)
    spot_note = forms.CharField(
        label="抽看所见", max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
    opinion = forms.CharField(
        label="审核意见", max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, is_short: bool, has_spot: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        words = [OffsiteConclusion.INSUFFICIENT_DATA] if is_short else list(OffsiteConclusion)
        choices = [(word.value, word.label) for word in words]
        self.fields["conclusion"] = forms.ChoiceField(
            label="结论", choices=choices, widget=forms.RadioSelect
        )
        if not has_spot or is_short:
            del self.fields["spot_note"]
