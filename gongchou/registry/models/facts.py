"""Dated records about a site. A correction is a new row; the old one stays known for its days."""

from django.db import models
from django.db.models import F, Q

from gongchou.core import terms
from gongchou.registry.models.changes import RegisterChange
from gongchou.registry.models.subjects import Subject
from gongchou.registry.models.words import choices


class Known(models.Model):
    """What the register knew from a day on, until a later change put another row in its place."""

    change = models.ForeignKey(RegisterChange, models.PROTECT, related_name="+")
    known_since = models.DateField("登记起")
    known_until = models.DateField("登记止", null=True)

    class Meta:
        abstract = True


class SubjectFact(Known):
    """What every dated record about a subject has."""

    subject = models.ForeignKey(Subject, models.PROTECT, related_name="%(class)ss")

    class Meta:
        abstract = True


def _rules(name: str, *fields: str) -> list[models.BaseConstraint]:
    """One row is known at a time, and no row is unlearned before it was learned."""
    ends = Q(known_until=None) | Q(known_until__gte=F("known_since"))
    return [
        models.UniqueConstraint(fields=fields, condition=Q(known_until=None), name=name),
        models.CheckConstraint(condition=ends, name=f"{name}_ends_later"),
    ]


class CreditRecord(SubjectFact):
    level = models.CharField("信用等级", max_length=10, choices=choices(terms.CreditLevel))
    rated_on = models.DateField("评价日期")
    evidence = models.CharField("依据", max_length=200, blank=True)

    class Meta:
        constraints = _rules("one_rating_a_day", "subject", "rated_on")


class GradeRecord(SubjectFact):
    """A performance grade for heavy-pollution days, from a day until before another."""

    grade = models.CharField("绩效分级", max_length=30, choices=choices(terms.PerformanceGrade))
    since = models.DateField("评定日期")
    until = models.DateField("有效期止", null=True)
    evidence = models.CharField("依据", max_length=200, blank=True)

    class Meta:
        constraints = _rules("one_grade_a_day", "subject", "since")


class Penalty(SubjectFact):
    document_number = models.CharField("处罚决定书文号", max_length=80)
    decision_date = models.DateField("处罚决定日期")
    revoked_on = models.DateField("撤销日期", null=True)

    class Meta:
        constraints = _rules("one_penalty", "subject", "document_number")


class Complaint(SubjectFact):
    number = models.CharField("举报编号", max_length=80)
    closed_on = models.DateField("办结日期")
    verdict = models.CharField("查处结论", max_length=20, choices=choices(terms.ComplaintVerdict))
    is_violation = models.BooleanField("存在环境违法")

    class Meta:
        constraints = _rules("one_complaint", "subject", "number")


class SupervisedCase(SubjectFact):
    number = models.CharField("督办文号", max_length=80)
    supervised_by = models.CharField("督办级别", max_length=20, choices=choices(terms.SupervisedBy))
    since = models.DateField("挂牌日期")
    lifted_on = models.DateField("摘牌日期", null=True)

    class Meta:
        constraints = _rules("one_supervised_case", "subject", "number")


class PositiveListEntry(SubjectFact):
    basis = models.CharField("列入理由", max_length=200)
    since = models.DateField("列入日期")
    until = models.DateField("移出日期", null=True)

    class Meta:
        constraints = _rules("one_listing_a_day", "subject", "since")


class PastVisit(models.Model):
    """A finished visit, for rotation, caps and counts.

    Made here, it has no change; from before the product came, the import that brought it, and the
    names of those who are not in the register.
    """

    subject = models.ForeignKey(Subject, models.PROTECT, related_name="past_visits")
    change = models.ForeignKey(RegisterChange, models.PROTECT, related_name="+", null=True)
    known_since = models.DateField("登记起")
    known_until = models.DateField("登记止", null=True)
    visit_ref = models.CharField("检查编号", max_length=60)
    ended_on = models.DateField("结束日期")
    inspection_kind = models.CharField(
        "检查类别", max_length=20, choices=choices(terms.InspectionKind)
    )
    inspectors = models.JSONField("检查人员", default=list)
    others = models.JSONField("名录以外的检查人员", default=list)
    # Whether its record says that no problem was found; of imported visits nothing is known.
    is_clean = models.BooleanField("未发现问题", null=True)

    class Meta:
        constraints = _rules("one_visit_a_ref", "visit_ref")
        indexes = [models.Index(fields=["subject", "ended_on"], name="visits_of_a_subject")]
