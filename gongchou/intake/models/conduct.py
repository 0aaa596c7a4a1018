from django.db import models
from django.db.models import F, Q

from gongchou.core import oversight_terms as terms
from gongchou.intake.models.letters import choices, known


class DisciplineReport(models.Model):
    """What somebody reports about an officer; never changed.

    Who wrote stands nowhere in the clear: `sealed` opens by an act of its own, with a reason.
    """

    ref = models.CharField("编号", max_length=40, unique=True)
    bureau = models.CharField("机构代码", max_length=20)
    source = models.CharField("来源", max_length=20, choices=choices(terms.ReportSource))
    about = models.CharField("被反映人", max_length=80)
    says = models.TextField("内容")
    sealed = models.BinaryField("反映人（已加密）")
    is_named = models.BooleanField("留有身份")
    code_digest = models.CharField("回执码摘要", max_length=64)
    digest = models.CharField("内容摘要", max_length=64)
    received_at = models.DateTimeField("收到时间")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=known("source", terms.ReportSource), name="report_source_known"
            )
        ]
        indexes = [models.Index(fields=["bureau", "received_at"], name="reports_of_a_bureau")]


class ReportStep(models.Model):
    """A step of handling, written once; `says` is for the file, `told` for who reported."""

    report = models.ForeignKey(DisciplineReport, models.PROTECT, related_name="steps")
    state = models.CharField("状态", max_length=20, choices=choices(terms.ReportState))
    outcome = models.CharField(
        "办理结果", max_length=20, choices=choices(terms.ReportOutcome), blank=True
    )
    says = models.CharField("办理情况", max_length=1000)
    told = models.CharField("答复", max_length=500, blank=True)
    due = models.DateField("期限")
    by_ref = models.CharField("办理人编号", max_length=40)
    by_name = models.CharField("办理人", max_length=80)
    at = models.DateTimeField("办理时间")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "state"], name="one_report_step_a_state"),
            models.CheckConstraint(
                condition=known("state", terms.ReportState), name="report_state_known"
            ),
            models.CheckConstraint(
                condition=(Q(state="concluded") & ~Q(outcome=""))
                | (~Q(state="concluded") & Q(outcome="")),
                name="report_concluded_with_outcome",
            ),
        ]


class Suspension(models.Model):
    """An inspector who enters no list of a draw from `since` until before `until`."""

    bureau = models.CharField("机构代码", max_length=20)
    inspector = models.CharField("检查人员编号", max_length=40)
    name = models.CharField("姓名", max_length=80)
    report = models.ForeignKey(
        DisciplineReport, models.PROTECT, null=True, related_name="suspensions"
    )
    reason = models.CharField("理由", max_length=200)
    since = models.DateField("起")
    until = models.DateField("止", null=True)
    by_ref = models.CharField("决定人编号", max_length=40)
    by_name = models.CharField("决定人", max_length=80)
    at = models.DateTimeField("决定时间")
    lifted_by = models.CharField("恢复人", max_length=80, blank=True)
    lifted_at = models.DateTimeField("恢复时间", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["bureau", "inspector"],
                condition=Q(until=None),
                name="one_open_suspension_a_person",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")),
                name="suspension_ends_after_start",
            ),
        ]


class IntegrityEntry(models.Model):
    """What a person declared about the own conduct; never changed, a later one stands beside."""

    bureau = models.CharField("机构代码", max_length=20)
    person = models.CharField("人员编号", max_length=40)
    name = models.CharField("姓名", max_length=80)
    kind = models.CharField("种类", max_length=20, choices=choices(terms.IntegrityKind))
    on = models.DateField("发生日期")
    says = models.CharField("内容", max_length=1000)
    at = models.DateTimeField("登记时间")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=known("kind", terms.IntegrityKind), name="integrity_kind_known"
            )
        ]
        indexes = [models.Index(fields=["bureau", "person"], name="integrity_of_a_person")]
