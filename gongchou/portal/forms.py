"""What a visitor fills in; the words of a refusal are for people who come here once."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from gongchou.core.terms import RatingQuestion
from gongchou.intake.files import MOST_FILES, CleanFile, clean

NEEDED = {"required": "请填写这一项。"}


def _area(rows: int, most: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "maxlength": most})


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Any number of files; each is looked at by `files_of`, which says what is wrong with it."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        return data


def files_of(uploads: list[UploadedFile]) -> list[CleanFile]:
    """Each file made harmless, or Invalid for the first that is not fit."""
    return [clean(one.name or "", one.read()) for one in uploads[: MOST_FILES + 1]]


def _bureau_field(bureaus: dict[str, str]) -> forms.ChoiceField:
    """To whom it goes: asked where there is a choice, and nobody is chosen beforehand."""
    field = forms.ChoiceField(
        label="送给哪个机关",
        choices=[("", "请选择"), *bureaus.items()],
        error_messages={**NEEDED, "invalid_choice": "请选择送给哪个机关，再提交。"},
    )
    if len(bureaus) == 1:
        field.widget = forms.HiddenInput()
        field.initial = next(iter(bureaus))
    return field


class CodeForm(forms.Form):
    code = forms.CharField(
        label="查验码",
        max_length=40,
        help_text="印在检查通知书、检查记录表或企业查验函上，共 16 个字母和数字，横线可以不填。",
        error_messages=NEEDED,
    )


class ReceiptForm(forms.Form):
    receipt = forms.CharField(label="回执编号", max_length=40, error_messages=NEEDED)
    code = forms.CharField(label="回执码", max_length=40, error_messages=NEEDED)


class _SenderForm(forms.Form):
    sender = forms.CharField(label="怎样称呼您", max_length=40, required=False)
    contact = forms.CharField(
        label="联系方式",
        max_length=80,
        required=False,
        help_text="只有办理人员看得到，从不公开。不留也会办理，凭回执查看答复。",
    )
    pictures = ManyFilesField(
        label="照片或 PDF",
        required=False,
        widget=ManyFiles(attrs={"accept": "image/jpeg,image/png,application/pdf"}),
        help_text=f"最多 {MOST_FILES} 个，每个不超过 8 MB。照片里的拍摄地点等信息会自动去掉。",
    )


class ComplaintForm(_SenderForm):
    subject = forms.CharField(
        label="反映哪一家单位",
        max_length=200,
        help_text="不知道名称的，写它在哪里、做什么。",
        error_messages=NEEDED,
    )
    place = forms.CharField(label="地点", max_length=200, required=False)
    says = forms.CharField(
        label="什么时候、看到了什么",
        max_length=4000,
        widget=_area(6, 4000),
        error_messages=NEEDED,
    )
    field_order = ("bureau", "subject", "place", "says", "pictures", "sender", "contact")

    def __init__(self, *args: Any, bureaus: dict[str, str], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["bureau"] = _bureau_field(bureaus)
        self.order_fields(self.field_order)


class ConductForm(forms.Form):
    """A report about an officer; with the code of a visit the firm is known, and nobody else."""

    about = forms.CharField(
        label="反映的是谁",
        max_length=80,
        help_text="写姓名或者执法证号；不知道的，写清特征。",
        error_messages=NEEDED,
    )
    says = forms.CharField(
        label="什么时间、在哪里、发生了什么",
        max_length=4000,
        widget=_area(6, 4000),
        error_messages=NEEDED,
    )
    code = forms.CharField(
        label="查验码",
        max_length=40,
        required=False,
        help_text="接受过检查的企业可以填写文书上的查验码。填了以后，系统会留意贵单位此后有没有受到异常检查。",
    )
    sender = forms.CharField(label="怎样称呼您", max_length=40, required=False)
    contact = forms.CharField(
        label="联系方式",
        max_length=80,
        required=False,
        help_text="加密保存，办理人员写明理由才能查看，每次都有记录。不留也会办理。",
    )
    field_order = ("bureau", "about", "says", "code", "sender", "contact")

    def __init__(self, *args: Any, bureaus: dict[str, str], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["bureau"] = _bureau_field(bureaus)
        self.order_fields(self.field_order)


class FirmForm(_SenderForm):
    says = forms.CharField(
        label="内容", max_length=4000, widget=_area(5, 4000), error_messages=NEEDED
    )
    field_order = ("says", "pictures", "sender", "contact")


class RatingForm(forms.Form):
    """Each question with yes or no, none chosen beforehand."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for question in RatingQuestion:
            self.fields[question.value] = forms.ChoiceField(
                label=question.label,
                choices=[("yes", "是"), ("no", "否")],
                widget=forms.RadioSelect,
                error_messages={"required": "请选“是”或“否”。"},
            )

    def answers(self) -> dict[RatingQuestion, bool]:
        return {one: self.cleaned_data[one.value] == "yes" for one in RatingQuestion}
