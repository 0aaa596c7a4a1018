from django.db import models
from django.db.models import F, Q

from gongchou.core import terms


def choices(term: type[terms.Term]) -> list[tuple[str, str]]:
    return [(member.value, member.label) for member in term]


class QuarterPlan(models.Model):
    """What a quarter owes, with everything it was made from; the bodies are never changed."""

    ref = models.CharField("编号", max_length=60, unique=True)
    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="+")
    quarter = models.CharField("季度", max_length=6)
    state = models.CharField("状态", max_length=20, choices=choices(terms.PlanState))
    policy = models.CharField("实施方案", max_length=200)
    snapshot_ref = models.CharField("名录库快照", max_length=60)
    classification_digest = models.CharField("分类摘要", max_length=64)
    classification_body = models.BinaryField("分类")
    digest = models.CharField("计划摘要", max_length=64)
    body = models.BinaryField("计划")
    made_by_ref = models.CharField("测算人编号", max_length=40)
    made_by_name = models.CharField("测算人", max_length=80)
    made_at = models.DateTimeField("测算时间")
    approved_by_ref = models.CharField("批准人编号", max_length=40, blank=True)
    approved_by_name = models.CharField("批准人", max_length=80, blank=True)
    approved_at = models.DateTimeField("批准时间", null=True)
    void_reason = models.CharField("作废理由", max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["bureau", "quarter"], condition=~Q(state="void"), name="one_live_plan"
            ),
            models.CheckConstraint(
                condition=Q(approved_at=None, approved_by_ref="")
                | (Q(approved_at__isnull=False) & ~Q(approved_by_ref="")),
                name="plan_approval_has_person_and_time",
            ),
            models.CheckConstraint(
                condition=~Q(approved_by_ref=F("made_by_ref")), name="plan_approved_by_another"
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(approved_at__isnull=False),
                name="approved_plan_has_approval",
            ),
            models.CheckConstraint(
                condition=(Q(state="void") & ~Q(void_reason=""))
                | (~Q(state="void") & Q(void_reason="")),
                name="plan_void_with_reason",
            ),
        ]


class CheckTask(models.Model):
    """One batch of visits drawn together; every plan has its ordinary one."""

    ref = models.CharField("编号", max_length=60, unique=True)
    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="+")
    plan = models.ForeignKey(QuarterPlan, models.PROTECT, related_name="tasks")
    name = models.CharField("名称", max_length=80)
    task_mode = models.CharField("抽查方式", max_length=20, choices=choices(terms.TaskMode))
    joint_kind = models.CharField("联合方式", max_length=20, choices=choices(terms.JointKind))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "name"], name="one_task_a_name"),
        ]
