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
    policy_digest = models.CharField("方案摘要", max_length=64, blank=True)
    policy_body = models.BinaryField("方案", default=b"")
    proposal_ref = models.CharField("分类提案", max_length=60, blank=True)
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
    """One batch of visits drawn together; every plan has its ordinary one, which has no counts."""

    ref = models.CharField("编号", max_length=60, unique=True)
    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="+")
    plan = models.ForeignKey(QuarterPlan, models.PROTECT, related_name="tasks")
    name = models.CharField("名称", max_length=80)
    task_mode = models.CharField("抽查方式", max_length=20, choices=choices(terms.TaskMode))
    joint_kind = models.CharField("联合方式", max_length=20, choices=choices(terms.JointKind))
    initiating_unit = models.CharField("发起科室", max_length=20, blank=True)
    item_groups = models.JSONField("检查项目组", default=list)
    condition = models.JSONField("条件", default=dict)
    condition_text = models.CharField("条件说明", max_length=200, blank=True)
    counts = models.JSONField("各层抽查家数", default=dict)
    sessions = models.PositiveSmallIntegerField("抽查次数", default=0)
    is_temporary = models.BooleanField("临时任务", default=False)
    reason = models.CharField("理由", max_length=200, blank=True)
    made_by_ref = models.CharField("提出人编号", max_length=40, blank=True)
    made_by_name = models.CharField("提出人", max_length=80, blank=True)
    made_at = models.DateTimeField("提出时间", null=True)
    approved_by_ref = models.CharField("批准人编号", max_length=40, blank=True)
    approved_by_name = models.CharField("批准人", max_length=80, blank=True)
    approved_at = models.DateTimeField("批准时间", null=True)
    voided_at = models.DateTimeField("作废时间", null=True)
    void_reason = models.CharField("作废理由", max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "name"], condition=Q(voided_at=None), name="one_live_task_a_name"
            ),
            models.CheckConstraint(
                condition=Q(task_mode="undirected") | ~Q(condition_text=""),
                name="directed_task_says_its_condition",
            ),
            models.CheckConstraint(
                condition=Q(is_temporary=False) | ~Q(reason=""), name="temporary_task_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(approved_at=None, approved_by_ref="")
                | (Q(approved_at__isnull=False) & ~Q(approved_by_ref="")),
                name="task_approval_has_person_and_time",
            ),
            models.CheckConstraint(
                condition=Q(voided_at=None, void_reason="")
                | (Q(voided_at__isnull=False) & ~Q(void_reason="")),
                name="task_void_with_reason",
            ),
        ]


class TaskPartner(models.Model):
    """One body of a cross-department task: its items, how many people it sends, who leads."""

    task = models.ForeignKey(CheckTask, models.PROTECT, related_name="partners")
    dept = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="+")
    is_lead = models.BooleanField("牵头", default=False)
    items = models.JSONField("检查事项", default=list)
    inspectors_count = models.PositiveSmallIntegerField("检查人数")
    # Empty where the department draws as many sites of each stratum as the bureau.
    counts = models.JSONField("各层抽几家", default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["task", "dept"], name="one_place_a_partner"),
            models.UniqueConstraint(
                fields=["task"], condition=Q(is_lead=True), name="one_lead_a_task"
            ),
            models.CheckConstraint(
                condition=Q(inspectors_count__gte=1), name="partner_sends_somebody"
            ),
        ]


class ClassificationProposal(models.Model):
    """The classes proposed for a quarter with their differences, confirmed by a person, kept."""

    ref = models.CharField("编号", max_length=60, unique=True)
    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="+")
    quarter = models.CharField("季度", max_length=6)
    snapshot_ref = models.CharField("名录库快照", max_length=60)
    policy = models.CharField("实施方案", max_length=200)
    policy_body = models.BinaryField("方案")
    digest = models.CharField("分类摘要", max_length=64)
    body = models.BinaryField("分类")
    compared_with = models.CharField("对照的计划", max_length=60, blank=True)
    changes_digest = models.CharField("差异摘要", max_length=64)
    changes = models.BinaryField("差异")
    made_by_ref = models.CharField("提出人编号", max_length=40)
    made_by_name = models.CharField("提出人", max_length=80)
    made_at = models.DateTimeField("提出时间")
    confirmed_by_ref = models.CharField("确认人编号", max_length=40, blank=True)
    confirmed_by_name = models.CharField("确认人", max_length=80, blank=True)
    confirmed_at = models.DateTimeField("确认时间", null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by_ref="")
                | (Q(confirmed_at__isnull=False) & ~Q(confirmed_by_ref="")),
                name="confirmation_has_person_and_time",
            ),
        ]


class AnnualPlan(models.Model):
    """The year's plan in the eight columns that are published; rows never change."""

    ref = models.CharField("编号", max_length=60, unique=True)
    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField("年度")
    state = models.CharField("状态", max_length=20, choices=choices(terms.PlanState))
    policy = models.CharField("实施方案", max_length=200)
    on = models.DateField("名录日期")
    digest = models.CharField("摘要", max_length=64)
    body = models.BinaryField("计划")
    made_by_ref = models.CharField("编制人编号", max_length=40)
    made_by_name = models.CharField("编制人", max_length=80)
    made_at = models.DateTimeField("编制时间")
    approved_by_ref = models.CharField("批准人编号", max_length=40, blank=True)
    approved_by_name = models.CharField("批准人", max_length=80, blank=True)
    approved_at = models.DateTimeField("批准时间", null=True)
    void_reason = models.CharField("作废理由", max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["bureau", "year"], condition=~Q(state="void"), name="one_live_annual_plan"
            ),
            models.CheckConstraint(
                condition=Q(approved_at=None, approved_by_ref="")
                | (Q(approved_at__isnull=False) & ~Q(approved_by_ref="")),
                name="annual_approval_has_person_and_time",
            ),
            models.CheckConstraint(
                condition=~Q(approved_by_ref=F("made_by_ref")), name="annual_approved_by_another"
            ),
            models.CheckConstraint(
                condition=(Q(state="void") & ~Q(void_reason=""))
                | (~Q(state="void") & Q(void_reason="")),
                name="annual_void_with_reason",
            ),
        ]


class ClauseText(models.Model):
    """The bureau's own words of one clause, from its own document; replaced, never edited.

    The product ships none of these: whoever enters one answers for it.
    """

    ref = models.CharField("编号", max_length=60, unique=True)
    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="+")
    adopted = models.ForeignKey("registry.AdoptedPolicy", models.PROTECT, related_name="+")
    clause = models.CharField("条款", max_length=80)
    text = models.CharField("原文", max_length=2000)
    source = models.CharField("出自文件", max_length=200)
    replaces = models.CharField("替代", max_length=60, blank=True)
    on = models.DateField("登记日期")
    by_ref = models.CharField("登记人编号", max_length=40)
    by_name = models.CharField("登记人", max_length=80)
    at = models.DateTimeField("登记时间")

    class Meta:
        constraints = [
            # An empty `replaces` is the first text of its clause: there is one first text too.
            models.UniqueConstraint(
                fields=["adopted", "clause", "replaces"], name="one_text_follows_another"
            ),
            models.CheckConstraint(
                condition=~Q(text="") & ~Q(source="") & ~Q(clause="") & ~Q(by_ref=""),
                name="clause_text_says_what_and_where",
            ),
        ]


class CalendarEntry(models.Model):
    """A year of working days as somebody entered it; the newest entry of a year holds."""

    year = models.PositiveSmallIntegerField("年份")
    number = models.PositiveIntegerField("版本号")
    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="+")
    text = models.TextField("内容")
    digest = models.CharField("摘要", max_length=64)
    reason = models.CharField("理由", max_length=200)
    changes = models.JSONField("改了什么", default=list)
    entered_by_ref = models.CharField("录入人编号", max_length=40)
    entered_by_name = models.CharField("录入人", max_length=80)
    entered_at = models.DateTimeField("录入时间")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["year", "number"], name="one_calendar_entry_a_number")
        ]
