from collections.abc import Iterable
from typing import Any

from django import forms

from gongchou.accounts.reads import PersonRow
from gongchou.core.terms import TrainingKind
from gongchou.training.actions import EventDraft


def _text(label: str, longest: int, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=longest, **options)


def _long(label: str, longest: int, rows: int = 3, **options: Any) -> forms.CharField:
    return _text(label, longest, widget=forms.Textarea(attrs={"rows": rows}), **options)


def people_field(people: Iterable[PersonRow], *, required: bool = False) -> forms.Field:
    """The people of the bureau to tick."""
    return forms.MultipleChoiceField(
        label="参加的本机构人员",
        required=required,
        choices=[(one.ref, one.name) for one in people],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选择一人。"},
    )


class EventForm(forms.Form):
    """Something that was held."""

    kind = forms.ChoiceField(
        label="类别",
        choices=[(one.value, one.label) for one in TrainingKind],
        help_text="培训本机构人员的选人员培训；面向社会的选宣传活动；上门或座谈帮企业解决问题、"
        "讲政策的选帮扶指导。",
    )
    title = _text("主题", 100)
    held_on = forms.DateField(
        label="日期",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "日期请写成 2026-01-05 的样子。"},
    )
    place = _text("地点", 100, required=False)
    held_by = _text("主办", 80, required=False, help_text="不填即为本机构。")
    audience = _text("对象", 200, help_text="如：全体执法人员；辖区铸造企业负责人。")
    audience_count = forms.IntegerField(label="人数", min_value=1, max_value=100_000)
    says = _long("内容", 2000, 4)
    laws = _long("所讲法规政策", 500, 2, required=False, help_text="法规、文件的名称和条款。")

    def __init__(self, *args: Any, people: Iterable[PersonRow], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["people"] = people_field(people)

    def draft(self) -> EventDraft:
        """What was entered, as the action takes it."""
        data = {name: value for name, value in self.cleaned_data.items() if name != "people"}
        return EventDraft(**{**data, "kind": TrainingKind(data["kind"])})


class PracticeForm(forms.Form):
    """Something that worked well."""

    title = _text("名称", 100)
    says = _long("做法", 1000, 4, help_text="怎么做的，写到别人照着能做。")
    effect = _long("效果", 500, 2)
    unit = forms.ChoiceField(label="来自科室")

    def __init__(self, *args: Any, units: Iterable[str], **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [(name, name) for name in (*units, "其他")]
        self.fields["unit"] = forms.ChoiceField(label="来自科室", choices=choices)


class QuizForm(forms.Form):
    """A short test about an event."""

    title = _text("测试名称", 100)
    text = _long("题目", 12_000, rows=10)
    least = forms.IntegerField(label="答对几题合格", min_value=1)
    attempts = forms.IntegerField(label="每人可答几次", min_value=1, max_value=10)
    until = forms.DateField(
        label="截止日",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "日期请写成 2026-01-05 的样子。"},
    )
