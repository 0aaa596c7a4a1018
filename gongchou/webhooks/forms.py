from django import forms

from gongchou.core.webhooks import TOLD


class WebhookForm(forms.Form):
    """A system that is told of events."""

    name = forms.CharField(label="用途", max_length=80, help_text="例如“市平台”。")
    url = forms.CharField(
        label="地址",
        max_length=300,
        help_text="对方接收通知的地址，以 https:// 开头；内网地址须由运维人员先开放网段，可以用 http://。",
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
    )
    kinds = forms.MultipleChoiceField(
        label="通知哪些事件",
        widget=forms.CheckboxSelectMultiple,
        choices=[(kind.value, kind.label) for kind in TOLD],
        error_messages={"required": "请至少选一种事件。"},
    )


class ReasonForm(forms.Form):
    why = forms.CharField(label="停用原因", max_length=200)
