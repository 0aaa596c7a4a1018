from django import forms

from gongchou.core.terms import ImportKind
from gongchou.registry.importing.columns import LAYOUTS


class UploadForm(forms.Form):
    kind = forms.ChoiceField(
        label="导入什么",
        choices=[(kind.value, kind.label) for kind in ImportKind if kind in LAYOUTS],
    )
    file = forms.FileField(
        label="文件",
        help_text="支持 .xlsx、.xls、.ods、.csv（UTF-8 或 GB18030），不超过 50 MB。列的次序不限。",
        error_messages={"empty": "文件是空的，请选择有内容的名册文件。"},
    )
