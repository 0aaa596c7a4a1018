from django.db import models
from django.db.models import F, Q

from gongchou.core import oversight_terms as terms
from gongchou.reporting.models.tables import choices


def known(field: str, term: type[terms.Term]) -> Q:
    return Q(**{f"{field}__in": [member.value for member in term]})


class Alarm(models.Model):
    """What a rule saw, once; `key` keeps the same facts from being raised again."""

    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="+")
    kind = models.CharField("预警种类", max_length=20, choices=choices(terms.AlarmKind))
    key = models.CharField("键", max_length=200)
    says = models.CharField("情况", max_length=500)
    people = models.JSONField("涉及人员", default=list)
    records = models.JSONField("依据", default=list)
    state = models.CharField("状态", max_length=20, choices=choices(terms.AlarmState))
    raised_at = models.DateTimeField("预警时间")
    outcome = models.CharField(
        "核查结果", max_length=20, choices=choices(terms.AlarmOutcome), blank=True
    )
    reason = models.CharField("核查情况", max_length=500, blank=True)
    closed_by_ref = models.CharField("核查人编号", max_length=40, blank=True)
    closed_by_name = models.CharField("核查人", max_length=80, blank=True)
    closed_at = models.DateTimeField("核查时间", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bureau", "key"], name="one_alarm_a_key"),
            models.CheckConstraint(condition=known("kind", terms.AlarmKind), name="alarm_known"),
            models.CheckConstraint(
                condition=(Q(state="raised", outcome="", reason="", closed_at=None))
                | (Q(state="closed") & ~Q(outcome="") & ~Q(reason="") & ~Q(closed_at=None)),
                name="closed_alarm_has_reason",
            ),
        ]


class RecheckDraw(models.Model):
    """A draw of finished visits to be checked again; lists and promises stand before the seed."""

    ref = models.CharField("编号", max_length=60, unique=True)
    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="+")
    quarter = models.CharField("季度", max_length=6)
    state = models.CharField("状态", max_length=20, choices=choices(terms.RecheckState))
    frozen_body = models.BinaryField("底册（已加密）")
    base_count = models.PositiveIntegerField("基数")
    drawn_count = models.PositiveIntegerField("应抽")
    closing_rule = models.CharField("收口规则", max_length=200)
    closing = models.CharField("收口值", max_length=200, blank=True)
    announcement = models.TextField("公告", blank=True)
    announcement_digest = models.CharField("公告摘要", max_length=64, blank=True)
    by_ref = models.CharField("提出人编号", max_length=40)
    by_name = models.CharField("提出人", max_length=80)
    at = models.DateTimeField("提出时间")
    own_commitment = models.CharField("提出人承诺", max_length=64)
    own_nonce = models.BinaryField("提出人随机数（已加密）")
    own_held = models.BinaryField("提出人份额（已加密）", null=True)
    other_ref = models.CharField("另一方编号", max_length=40, blank=True)
    other_name = models.CharField("另一方", max_length=80, blank=True)
    other_commitment = models.CharField("另一方承诺", max_length=64, blank=True)
    other_nonce = models.BinaryField("另一方随机数（已加密）", null=True)
    announced_at = models.DateTimeField("公告时间", null=True)
    seed = models.BinaryField("种子（已加密）", null=True)
    sealed_root = models.CharField("名单根", max_length=64, blank=True)
    drawn_at = models.DateTimeField("抽取时间", null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=known("state", terms.RecheckState), name="recheck_state_known"
            ),
            models.UniqueConstraint(
                fields=["bureau", "quarter"], name="one_recheck_draw_a_quarter"
            ),
            models.CheckConstraint(
                condition=Q(other_ref="") | ~Q(other_ref=F("by_ref")), name="recheck_by_two"
            ),
        ]


class Recheck(models.Model):
    """A drawn visit opened for its second team, and the record that team made."""

    draw = models.ForeignKey(RecheckDraw, models.PROTECT, related_name="rechecks")
    number = models.PositiveIntegerField("序号")
    visit = models.CharField("原检查编号", max_length=60)
    subject = models.CharField("检查对象编号", max_length=40)
    subject_name = models.CharField("单位名称", max_length=200)
    team = models.JSONField("复查人员", default=list)
    items = models.JSONField("复查项目", default=list)
    opened_by_name = models.CharField("启封人", max_length=80)
    opened_at = models.DateTimeField("启封时间")
    answers = models.JSONField("复查结论", default=dict)
    says = models.CharField("复查情况", max_length=1000, blank=True)
    digest = models.CharField("摘要", max_length=64, blank=True)
    recorded_by_ref = models.CharField("提交人编号", max_length=40, blank=True)
    recorded_by_name = models.CharField("提交人", max_length=80, blank=True)
    recorded_at = models.DateTimeField("提交时间", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draw", "number"], name="one_recheck_a_number"),
            models.UniqueConstraint(fields=["draw", "visit"], name="one_recheck_a_visit"),
        ]


class AssessmentSheet(models.Model):
    """A person's or a section's quarter as counted; counted anew it is the next number."""

    ref = models.CharField("编号", max_length=60, unique=True)
    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="+")
    quarter = models.CharField("季度", max_length=6)
    about = models.CharField("人员或科室编号", max_length=40)
    name = models.CharField("姓名或科室", max_length=80)
    is_unit = models.BooleanField("科室")
    number = models.PositiveIntegerField("版本号")
    body = models.JSONField("内容")
    digest = models.CharField("摘要", max_length=64)
    made_by_ref = models.CharField("生成人编号", max_length=40)
    made_by_name = models.CharField("生成人", max_length=80)
    made_at = models.DateTimeField("生成时间")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["bureau", "quarter", "about", "is_unit", "number"],
                name="one_sheet_a_number",
            )
        ]


class AssessmentAppeal(models.Model):
    """One record of a sheet that its owner says should not count, and the answer."""

    sheet = models.ForeignKey(AssessmentSheet, models.PROTECT, related_name="appeals")
    point = models.CharField("考核项目", max_length=20, choices=choices(terms.AssessmentPoint))
    record = models.CharField("记录", max_length=60)
    says = models.CharField("理由", max_length=500)
    by_ref = models.CharField("申诉人编号", max_length=40)
    by_name = models.CharField("申诉人", max_length=80)
    at = models.DateTimeField("申诉时间")
    is_upheld = models.BooleanField("采纳", null=True)
    answer = models.CharField("答复", max_length=500, blank=True)
    answered_by_ref = models.CharField("答复人编号", max_length=40, blank=True)
    answered_by_name = models.CharField("答复人", max_length=80, blank=True)
    answered_at = models.DateTimeField("答复时间", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sheet", "point", "record"], name="one_appeal_a_record"
            ),
            models.CheckConstraint(
                condition=known("point", terms.AssessmentPoint), name="appeal_point_known"
            ),
            models.CheckConstraint(
                condition=Q(is_upheld=None, answered_at=None, answer="")
                | (Q(is_upheld__isnull=False, answered_at__isnull=False) & ~Q(answer="")),
                name="appeal_answered_with_words",
            ),
        ]


class MendingTask(models.Model):
    """A problem with an owner and a day, until somebody else has seen that it is mended."""

    ref = models.CharField("编号", max_length=60, unique=True)
    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="+")
    about = models.CharField("来源", max_length=200)
    says = models.CharField("要求", max_length=500)
    owner_ref = models.CharField("责任人编号", max_length=40)
    owner_name = models.CharField("责任人", max_length=80)
    due_on = models.DateField("期限")
    state = models.CharField("状态", max_length=20, choices=choices(terms.MendingState))
    set_by_ref = models.CharField("交办人编号", max_length=40)
    set_by_name = models.CharField("交办人", max_length=80)
    set_at = models.DateTimeField("交办时间")
    mended_says = models.CharField("整改情况", max_length=500, blank=True)
    mended_at = models.DateTimeField("报告时间", null=True)
    checked_says = models.CharField("核实情况", max_length=500, blank=True)
    checked_by_name = models.CharField("核实人", max_length=80, blank=True)
    checked_at = models.DateTimeField("核实时间", null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=known("state", terms.MendingState), name="mending_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(owner_ref=F("set_by_ref")), name="nobody_sets_the_own_task"
            ),
        ]
