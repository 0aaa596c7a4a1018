"""What a colleague fills in about conduct."""

from django import forms

from gongchou.core.oversight_terms import IntegrityKind


class DeclareForm(forms.Form):
    kind = forms.ChoiceField(label="登记什么", choices=[(k.value, k.label) for k in IntegrityKind])
    on = forms.DateField(
        label="发生日期",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "日期请写成 2026-01-05 的样子。"},
    )
    says = forms.CharField(
        label="内容",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="承诺写明遵守哪些规定；利害关系写明与哪家单位、什么关系；礼品写明何人、何物、怎样处理。",
    )


class ReportForm(forms.Form):
    about = forms.CharField(
        label="反映的是谁", max_length=80, help_text="写姓名；不知道姓名的，写清特征。"
    )
    says = forms.CharField(
        label="什么时间、在哪里、发生了什么",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
