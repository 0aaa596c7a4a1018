import hashlib
from typing import Any

from django import forms

from gongchou.core.clue_terms import InletKind, RemoteConclusion
from gongchou.offsite.actions import HeldDraft
from gongchou.web.moments import WAYS, Moment, MomentForm


class InletForm(forms.Form):
    """One file of one kind."""

    kind = forms.ChoiceField(label="种类", choices=[(k.value, k.label) for k in InletKind])
    file = forms.FileField(label="文件（CSV 或 JSON，不超过 20 MB）")


class RemoteForm(forms.Form):
    """What is asked of a site over a link, and when."""

    purpose = forms.CharField(
        label="核查事项",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写明核查什么、请企业出示什么。",
    )
    planned_on = forms.DateField(
        label="计划日期", widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )


class HeldForm(MomentForm):
    """The minutes of a link; the recording stays with the bureau, its digest is kept."""

    started_at = Moment("连线开始", required=True, help_text=WAYS)
    ended_at = Moment("连线结束", required=True, help_text=WAYS)
    officers = forms.CharField(
        label="执法方人员", max_length=200, help_text="两名以上，姓名用顿号隔开。"
    )
    site_people = forms.CharField(label="企业方人员", max_length=200, help_text="姓名和职务。")
    minutes = forms.CharField(
        label="核查经过",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="问了什么、企业出示了什么、看到什么。",
    )
    recording = forms.FileField(label="录像", help_text="系统只留摘要，录像由科室存档。")
    conclusion = forms.ChoiceField(
        label="结论",
        choices=[(c.value, c.label) for c in RemoteConclusion],
        widget=forms.RadioSelect,
    )

    def draft(self) -> HeldDraft:
        data: dict[str, Any] = self.cleaned_data
        digest = hashlib.sha256()
        for piece in data["recording"].chunks():
            digest.update(piece)
        return HeldDraft(
            started_at=data["started_at"],
            ended_at=data["ended_at"],
            officers=data["officers"],
            site_people=data["site_people"],
            minutes=data["minutes"],
            recording_name=data["recording"].name,
            recording_sha256=digest.hexdigest(),
            conclusion=RemoteConclusion(data["conclusion"]),
        )
