"""What is kept about the course of a visit beside its record; every row is written once."""

from django.db import models
from django.db.models import F, Q

from gongchou.core import terms
from gongchou.inspection.models.visits import Act, FollowUp, Transfer, Visit, choices, known, text


class VisitApproval(Act):
    """What the leader consented to, or afterwards in an emergency: who goes, why, how."""

    visit = models.OneToOneField(Visit, models.PROTECT, related_name="approval")
    reason = text("批准意见", 300)
    assistants = models.PositiveSmallIntegerField("协助检查人员数", default=0)
    unannounced_ground = text("不事先通知的依据", 300)
    emergency_reason = text("事后补办的紧急情况", 300)


class RecordReopening(Act):
    """An approved record that was opened again: who, why, and what stood approved until then."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="reopenings")
    revision = models.PositiveIntegerField("审核通过的版本")
    digest = models.CharField("审核通过版本的摘要", max_length=64)
    reason = models.CharField("重新开启理由", max_length=500)
    is_late = models.BooleanField("报送后的更正")
    is_overlap = models.BooleanField("由检查组成员兼办（小型机构）")
    reviewed_by = models.CharField("审核人编号", max_length=40)
    reviewed_by_name = models.CharField("审核人", max_length=80)
    reviewed_at = models.DateTimeField("审核时间")
    quarter = models.CharField("季度", max_length=6)
    ended_on = models.DateField("检查结束日")
    visit_result = models.CharField("检查结果", max_length=30, choices=choices(terms.VisitResult))
    problem_count = models.PositiveIntegerField("问题数")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["visit", "revision"], name="one_reopening_an_approved_version"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="reopening_has_reason"),
            models.CheckConstraint(
                condition=known("visit_result", terms.VisitResult), name="reopened_result_known"
            ),
            models.CheckConstraint(
                condition=Q(at__gte=F("reviewed_at")), name="reopened_after_approval"
            ),
        ]


class VisitReceipt(models.Model):
    """The dispatch reached an officer: on the own phone or on the page."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="receipts")
    inspector = models.CharField("检查人员编号", max_length=40)
    name = models.CharField("姓名", max_length=80)
    way = models.CharField("收到方式", max_length=20, choices=choices(terms.ReceiptWay))
    at = models.DateTimeField("收到时间")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["visit", "inspector"], name="one_receipt_a_person"),
            models.CheckConstraint(condition=known("way", terms.ReceiptWay), name="way_known"),
        ]


class VisitReminder(models.Model):
    """A visit stood still for longer than a rule allows; what it waits for ends the card."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="reminders")
    rule = models.CharField("规则", max_length=30)
    waits_for = models.CharField("等待", max_length=20, choices=choices(terms.VisitWait))
    level = models.CharField("等级", max_length=20, choices=choices(terms.CardLevel))
    says = models.CharField("说明", max_length=200)
    since = models.DateTimeField("起算时间")
    at = models.DateTimeField("提醒时间")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["visit", "rule"], name="one_card_a_rule"),
            models.CheckConstraint(
                condition=known("waits_for", terms.VisitWait), name="card_wait_known"
            ),
            models.CheckConstraint(condition=known("level", terms.CardLevel), name="card_known"),
        ]


class DispatchSetting(Act):
    """Whether visits go out by themselves; the newest row of a bureau counts."""

    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="+")
    is_automatic = models.BooleanField("自动派发")
    reason = text("理由", 200)


class DispatchHold(models.Model):
    """Why something did not go out by itself: a place of a list, or the request to open it."""

    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="+")
    draw = models.CharField("抽取", max_length=60)
    about = models.CharField("序号或申请", max_length=60)
    says = models.CharField("原因", max_length=400)
    at = models.DateTimeField("提醒时间")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draw", "about", "says"], name="one_hold_a_reason")
        ]


class CameraReference(Act):
    """The number under which a body camera's recording is kept elsewhere."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="cameras")
    device = text("执法记录仪编号", 40)
    number = models.CharField("录像文件编号", max_length=80)
    began_at = models.DateTimeField("开始时间", null=True)
    says = text("记录内容", 200)
    client_id = models.CharField("设备操作编号", max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["visit", "number"], name="one_recording_a_number"),
            models.CheckConstraint(condition=~Q(number=""), name="recording_has_number"),
        ]


class FollowUpPhoto(Act):
    """How the place looks at a later look; `before` is the photo of the visit it answers."""

    follow_up = models.ForeignKey(FollowUp, models.PROTECT, related_name="photos")
    ref = models.CharField("编号", max_length=60, unique=True)
    before = text("改正前的照片", 60)
    file = models.FileField("原件", max_length=200)
    name = models.CharField("文件名", max_length=200)
    media_type = models.CharField("格式", max_length=40)
    size = models.PositiveBigIntegerField("字节数")
    sha256 = models.CharField("SHA-256", max_length=64)
    sm3 = models.CharField("SM3", max_length=64)


class TransferReceipt(Act):
    """The other authority has the file: who took it, when, under which number."""

    transfer = models.OneToOneField(Transfer, models.PROTECT, related_name="receipt")
    received_on = models.DateField("签收日期")
    received_by = models.CharField("签收人", max_length=80)
    number = text("回执文号", 80)
    packet = text("交接的案卷摘要", 64)


class ExternalNumber(Act):
    """Under which number a superior's system keeps the same visit; the newest row counts."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="external_numbers")
    system = models.CharField("上级系统", max_length=60)
    number = models.CharField("上级系统编号", max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["visit", "system", "number"], name="one_entry_an_external_number"
            ),
            models.CheckConstraint(condition=~Q(number=""), name="external_number_not_empty"),
        ]


class SiteSafety(Act):
    """What a site asks of whoever comes in, and what to wear there; the newest row counts."""

    subject = models.ForeignKey("registry.Subject", models.PROTECT, related_name="+")
    rules = text("安全规定", 1000)
    gear = text("防护用品", 500)
    source = text("从哪里得知")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(rules="") | ~Q(gear=""), name="safety_says_something"
            )
        ]
