"""Tables of targeted lists, apart from everything that is drawn."""

from django.db import models
from django.db.models import F, Q

from gongchou.core.clue_terms import TargetedListState


class TargetedList(models.Model):
    """Case visits proposed for clues, within free officer-days; approved by somebody else."""

    ref = models.CharField("编号", max_length=60, unique=True)
    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="+")
    since = models.DateField("起")
    until = models.DateField("止")
    officers = models.PositiveIntegerField("可用检查人员")
    free_days = models.CharField("空余人日", max_length=40)
    reserved = models.PositiveIntegerField("预留人日")
    most = models.PositiveIntegerField("最多家数")
    why_on_site = models.CharField("须到现场的理由", max_length=500)
    body = models.JSONField("清单")
    digest = models.CharField("摘要", max_length=64)
    state = models.CharField(
        "状态", max_length=20, choices=[(s.value, s.label) for s in TargetedListState]
    )
    by_ref = models.CharField("提出人编号", max_length=40)
    by_name = models.CharField("提出人", max_length=80)
    at = models.DateTimeField("提出时间")
    decided_by_ref = models.CharField("批准人编号", max_length=40, blank=True)
    decided_by = models.CharField("批准人", max_length=80, blank=True)
    decided_at = models.DateTimeField("批准时间", null=True)
    opinion = models.CharField("批准意见", max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in TargetedListState]),
                name="targeted_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_at=None, decided_by_ref="")
                | (~Q(state="proposed") & Q(decided_at__isnull=False) & ~Q(decided_by_ref="")),
                name="targeted_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(decided_by_ref=F("by_ref")), name="targeted_decided_by_another"
            ),
            models.CheckConstraint(
                condition=Q(until__gte=F("since")), name="targeted_period_has_days"
            ),
        ]
