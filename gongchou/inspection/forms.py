from typing import Any

from django import forms

from gongchou.core.terms import Delivery, EvidenceKind, TransferKind, VisitResult
from gongchou.inspection.drafts import ApprovalDraft, PhotoDraft
from gongchou.inspection.files import ALLOWED
from gongchou.inspection.local_result_reads import CODE_SAYS, is_code
from gongchou.inspection.rows import EvidenceRow, TransferRow
from gongchou.web.moments import WAYS, Moment, MomentForm

LARGEST_MAP, LARGEST_TABLE = 64 * 2**10, 10 * 2**20


class Day(forms.DateField):
    def __init__(self, label: str, **options: Any) -> None:
        super().__init__(
            label=label,
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            error_messages={"invalid": f"{label}写法不对，请按“年-月-日”填写。"},
            **options,
        )


def text_field(label: str, longest: int, *, required: bool = True, hint: str = "") -> forms.Field:
    return forms.CharField(label=label, max_length=longest, required=required, help_text=hint)


def long_field(label: str, longest: int, *, required: bool = True, hint: str = "") -> forms.Field:
    return forms.CharField(
        label=label,
        max_length=longest,
        required=required,
        help_text=hint,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ArrivalForm(MomentForm):
    """When the team came in; the code of the gate where the policy asks for one."""

    arrived_at = Moment("到场时间", required=True, help_text=WAYS)

    def __init__(self, *args: Any, wants_entry_code: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if wants_entry_code:
            self.fields["entry_code"] = text_field("入企扫码登记号", 80)


class ToldForm(forms.Form):
    """Policy told during a visit."""

    title = text_field("主题", 100, hint="如：危险废物标识怎样贴；排污许可证怎样变更。")
    audience = forms.CharField(label="讲给谁听", max_length=200, initial="企业负责人和环保人员")
    audience_count = forms.IntegerField(label="人数", min_value=1, max_value=10_000)
    says = long_field("讲了什么", 2000)
    laws = text_field("所讲法规政策", 500, required=False, hint="法规、文件的名称和条款。")


class NoticeForm(forms.Form):
    number = text_field("检查通知书文号", 80)
    delivery = forms.ChoiceField(
        label="送达方式", choices=[(word.value, word.label) for word in Delivery]
    )


class EvidenceForm(MomentForm):
    """One file with what it shows; the formats allowed are told beside the field."""

    file = forms.FileField(
        label="文件",
        error_messages={"empty": "文件是空的，没有保存。请重新拍摄或选择文件。"},
        help_text="；".join(
            f"{kind.label}：{rule.says}，不超过 {rule.megabytes} MB"
            for kind, rule in ALLOWED.items()
        ),
    )
    kind = forms.ChoiceField(
        label="种类", choices=[(word.value, word.label) for word in EvidenceKind]
    )
    item = forms.ChoiceField(label="对应的检查项", required=False)
    says = text_field("说明", 200, required=False, hint="拍的是什么、在什么位置。")
    taken_at = Moment("拍摄时间", help_text=f"手机显示的拍摄时间，{WAYS}不填则只记收到时间。")

    def __init__(self, *args: Any, items: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["item"] = forms.ChoiceField(
            label="对应的检查项", required=False, choices=[("", "不限于某一项"), *items]
        )


class OrderForm(forms.Form):
    says = long_field("改正要求", 1000)
    document_number = text_field("文书文号", 80, required=False)
    issued_on = Day("作出日期")
    due_on = Day("改正期限")


class FollowUpForm(forms.Form):
    """A later look; for each photo of a problem there is a place for the one that answers it."""

    on = Day("复查日期")
    is_corrected = forms.ChoiceField(
        label="复查结论",
        choices=[("1", "已改正"), ("0", "没有改正")],
        widget=forms.RadioSelect,
    )
    says = long_field("复查情况", 1000)

    def __init__(self, *args: Any, before: tuple[EvidenceRow, ...] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.before = before
        for row in before:
            label = f"改正后的照片，对照 {row.ref}（{row.says or row.name}）"
            self.fields[f"after_{row.ref}"] = _photo_field(label)
        self.fields["after"] = _photo_field("复查照片")

    @property
    def photos(self) -> tuple[PhotoDraft, ...]:
        """The photos that were chosen, each with the one that it answers."""
        names = {f"after_{row.ref}": row.ref for row in self.before} | {"after": ""}
        chosen = ((self.cleaned_data.get(name), ref) for name, ref in names.items())
        return tuple(
            PhotoDraft(name=file.name, content=file.file, before=ref)
            for file, ref in chosen
            if file
        )


def _photo_field(label: str) -> forms.FileField:
    return forms.FileField(
        label=label,
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        error_messages={"empty": "文件是空的，没有保存。请重新拍摄或选择文件。"},
    )


class ApprovalForm(forms.Form):
    """The leader's consent; where nothing special is written it is the plain one."""

    reason = text_field("批准意见", 300, required=False)
    assistants = forms.IntegerField(
        label="协助检查人员数", min_value=0, max_value=20, required=False, initial=0
    )
    unannounced_ground = text_field(
        "不事先通知的依据",
        300,
        required=False,
        hint="依法可以不事先通知的才填写，写明条款；填写后到场前不要求送达通知书。",
    )
    emergency_reason = text_field(
        "事后补办的紧急情况", 300, required=False, hint="检查组已先到场的才填写。"
    )

    @property
    def draft(self) -> ApprovalDraft:
        data = self.cleaned_data
        texts = ("reason", "unannounced_ground", "emergency_reason")
        return ApprovalDraft(
            assistants=data["assistants"] or 0, **{name: data[name] for name in texts}
        )


class SafetyForm(forms.Form):
    rules = long_field("安全规定", 1000, required=False, hint="如：进厂先登记、禁带火种、限速。")
    gear = text_field(
        "防护用品", 500, required=False, hint="如：安全帽、防毒口罩、防静电服；写明由谁提供。"
    )
    source = text_field("从哪里得知", 200, required=False)


class CameraForm(MomentForm):
    number = text_field("录像文件编号", 80)
    device = text_field("执法记录仪编号", 40, required=False)
    began_at = Moment("开始时间", help_text=WAYS)
    says = text_field("记录内容", 200, required=False, hint="如：亮证、现场勘查、拒绝签字的经过。")


class LocalResultForm(forms.Form):
    under = forms.TypedChoiceField(
        label="属于哪种标准结果",
        coerce=VisitResult,
        choices=[("", "请选择"), *((one.value, one.label) for one in VisitResult)],
    )
    code = text_field("代码", 20, hint=f"本机构自定，用过以后不能改作他用。{CODE_SAYS}")
    label = text_field("名称", 40, hint="会随检查结果公示，不要写人名、电话。")
    since = Day("启用日期")

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        if not is_code(code):
            raise forms.ValidationError(CODE_SAYS)
        return code


class TransferReceiptForm(forms.Form):
    """Which hand-over was taken over: only those that wait may be chosen."""

    received_on = Day("签收日期")
    received_by = text_field("签收人", 80)
    number = text_field("回执文号", 80, required=False)

    def __init__(self, *args: Any, waiting: tuple[TransferRow, ...], **options: Any) -> None:
        super().__init__(*args, **options)
        listed = [(row.key, f"{row.kind.label}：{row.to_whom}") for row in waiting]
        self.fields["transfer"] = forms.TypedChoiceField(
            label="哪一件移送", choices=listed, coerce=int
        )
        self.order_fields(["transfer"])


class ExternalForm(forms.Form):
    """The table that came back from a superior's system, and how its columns are called."""

    table = forms.FileField(label="带编号的表格", help_text="csv 或 xlsx，不超过 5000 行。")
    mapping = forms.FileField(
        label="对照文件", required=False, help_text="不选则用随附的对照文件。"
    )

    def clean_mapping(self) -> str:
        file = self.cleaned_data.get("mapping")
        if not file:
            return ""
        if file.size > LARGEST_MAP:
            raise forms.ValidationError("对照文件太大，请核对后重新选择。")
        try:
            return str(file.read().decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            raise forms.ValidationError("对照文件不是 UTF-8 编码，请另存后重新选择。") from error

    def clean_table(self) -> Any:
        file = self.cleaned_data["table"]
        if file.size > LARGEST_TABLE:
            raise forms.ValidationError("表格超过 10 MB，请分开导入。")
        return file


class CaseForm(forms.Form):
    number = text_field("立案号", 80)
    filed_on = Day("立案日期")
    says = text_field("案由", 500, required=False)
    decision_number = text_field(
        "决定书文号", 80, required=False, hint="尚未作出决定的，决定书文号、决定日期、罚款都不填。"
    )
    decided_on = Day("决定日期", required=False)
    amount_yuan = forms.DecimalField(
        label="罚款（元）",
        min_value=0,
        max_digits=13,
        decimal_places=2,
        required=False,
        error_messages={"min_value": "罚款不能是负数，没有罚款的不填。"},
    )


class RevocationForm(forms.Form):
    """Which decided penalty does not stand any more; only those that stand may be chosen."""

    revoked_on = Day("撤销日期")
    authority = text_field("作出撤销的机关", 200, hint="本机关自行撤销的，写本机关名称。")
    document_number = text_field("撤销文书文号", 80, required=False)
    says = text_field("撤销理由", 200, hint="会随撤下的公示公开，不要写人名、电话。")

    def __init__(self, *args: Any, decisions: list[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["decision_number"] = forms.ChoiceField(
            label="撤销的决定书", choices=[(number, number) for number in decisions]
        )
        self.order_fields(["decision_number"])


class TransferForm(forms.Form):
    kind = forms.TypedChoiceField(
        label="用途",
        coerce=TransferKind,
        choices=[(kind.value, kind.label) for kind in TransferKind],
        widget=forms.RadioSelect,
    )
    to_whom = text_field("移送给", 200, hint="机关或内设机构的名称。")
    moved_on = Day("移送日期")
    number = text_field("移送文号", 80, required=False)
    says = text_field("移送事项", 500)


class TargetedForm(forms.Form):
    """The period of a targeted list, what the office keeps back, and why it must be on site."""

    since = Day("从")
    until = Day("到")
    reserved = forms.IntegerField(
        label="预留人日",
        min_value=0,
        max_value=10_000,
        initial=0,
        help_text="留给尚未启封的随机抽查和其他工作，不用于线索核查。",
    )
    why_on_site = forms.CharField(
        label="须到现场的理由",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="能以书面核查、信息共享办成的，不得到现场。",
    )


class CaseVisitForm(forms.Form):
    """Why, when and who, for a visit outside every draw."""

    ground = long_field("检查理由", 500, hint="写明举报编号、交办文号或非现场检查发现的情况。")
    planned_on = Day("计划检查日")

    def __init__(self, *args: Any, people: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["inspectors"] = forms.MultipleChoiceField(
            label="检查组",
            choices=people,
            widget=forms.CheckboxSelectMultiple,
            help_text="只列出当前能够执法的持证人员。",
        )


class ReasonForm(forms.Form):
    reason = long_field("理由", 500)
