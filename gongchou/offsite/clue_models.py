"""Tables of clues: the clue, what it rests on, every move of it; and what was learned from them."""

from django.db import models
from django.db.models import F, Q

from gongchou.core import clue_terms as terms
from gongchou.core.terms import Term


def choices(term: type[Term]) -> list[tuple[str, str]]:
    return [(member.value, member.label) for member in term]


def words(field: str, term: type[Term]) -> Q:
    """The field holds a word of the glossary."""
    return Q(**{f"{field}__in": [member.value for member in term]})


class Act(models.Model):
    """Who entered a thing, and when."""

    by_ref = models.CharField("登记人编号", max_length=40)
    by_name = models.CharField("登记人", max_length=80)
    at = models.DateTimeField("登记时间")

    class Meta:
        abstract = True


class Clue(Act):
    """A suspicion with its source; only its state, its last moment and its last day may move.

    `case_of` is the first clue of its case, None for that one. A letter's sender is not here.
    """

    ref = models.CharField("编号", max_length=60, unique=True)
    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="+")
    subject = models.ForeignKey("registry.Subject", models.PROTECT, related_name="+", null=True)
    subject_name = models.CharField("单位名称", max_length=200, blank=True)
    case_of = models.ForeignKey("self", models.PROTECT, related_name="members", null=True)
    origin = models.CharField("来源", max_length=20, choices=choices(terms.ClueOrigin))
    family = models.CharField("污染类别", max_length=20, choices=choices(terms.PollutantFamily))
    rule = models.CharField("规则", max_length=20, blank=True)
    outlet = models.CharField("排放口", max_length=80, blank=True)
    factor = models.CharField("因子", max_length=30, blank=True)
    severity = models.PositiveSmallIntegerField("等级")
    place = models.CharField("地点或单位", max_length=200, blank=True)
    says = models.CharField("情况", max_length=1000)
    longitude = models.IntegerField("经度", null=True)
    latitude = models.IntegerField("纬度", null=True)
    letter = models.CharField("回执编号", max_length=40, blank=True)
    seen_at_visit = models.CharField("检查编号", max_length=60, blank=True)
    seen_near = models.CharField("在何处检查时看到", max_length=200, blank=True)
    client_id = models.CharField("来源操作编号", max_length=100, unique=True)
    started_at = models.DateTimeField("起")
    ended_at = models.DateTimeField("止")
    state = models.CharField("状态", max_length=20, choices=choices(terms.ClueState))
    due_on = models.DateField("研判期限")
    visit = models.CharField("现场核查编号", max_length=60, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ended_at__gte=F("started_at")), name="clue_lasts"),
            models.CheckConstraint(
                condition=Q(severity__gte=1) & Q(severity__lte=4), name="clue_severity_known"
            ),
            models.CheckConstraint(
                condition=Q(longitude=None, latitude=None)
                | Q(longitude__isnull=False, latitude__isnull=False),
                name="clue_place_is_whole",
            ),
            models.CheckConstraint(
                condition=words("state", terms.ClueState), name="clue_state_known"
            ),
            models.CheckConstraint(
                condition=words("origin", terms.ClueOrigin), name="clue_origin_known"
            ),
            models.UniqueConstraint(
                fields=["bureau", "letter"], condition=~Q(letter=""), name="one_clue_of_a_letter"
            ),
        ]
        indexes = [
            models.Index(fields=["bureau", "state"], name="clues_by_state"),
            models.Index(fields=["bureau", "subject"], name="clues_by_subject"),
        ]


class ClueEvidence(Act):
    """One thing a clue rests on, with its digest; an event extends a clue by another row."""

    clue = models.ForeignKey(Clue, models.PROTECT, related_name="evidence")
    digest = models.CharField("证据摘要", max_length=64)
    rule_version = models.CharField("规则版本", max_length=40, blank=True)
    severity = models.PositiveSmallIntegerField("等级")
    started_at = models.DateTimeField("起")
    ended_at = models.DateTimeField("止")
    complete_of = models.PositiveIntegerField("完整率分母", default=1)
    complete = models.PositiveIntegerField("完整率分子", default=1)
    grade_of = models.PositiveIntegerField("定位等级分母", default=1)
    grade = models.PositiveIntegerField("定位等级分子", default=1)
    body = models.JSONField("内容", default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clue", "digest"], name="evidence_once_a_clue"),
            models.CheckConstraint(
                condition=Q(complete_of__gte=1, grade_of__gte=1)
                & Q(complete__lte=F("complete_of"))
                & Q(grade__lte=F("grade_of")),
                name="evidence_shares_to_one",
            ),
        ]


class ClueMove(Act):
    """One step of a clue: from where to where, by whom, why, resting on what."""

    clue = models.ForeignKey(Clue, models.PROTECT, related_name="moves")
    number = models.PositiveSmallIntegerField("序号")
    was = models.CharField("原状态", max_length=20, blank=True)
    to = models.CharField("新状态", max_length=20, choices=choices(terms.ClueState))
    reason = models.CharField("理由代码", max_length=20, blank=True)
    why = models.CharField("说明", max_length=500)
    evidence = models.CharField("证据摘要", max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clue", "number"], name="one_move_a_number"),
            models.CheckConstraint(condition=words("to", terms.ClueState), name="move_to_known"),
            models.CheckConstraint(condition=~Q(why=""), name="move_says_why"),
        ]


class ClueWeights(Act):
    """Proposed factors of base points by rule, as reckoned from outcomes up to a day."""

    ref = models.CharField("编号", max_length=60, unique=True)
    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="+")
    quarter = models.CharField("季度", max_length=6)
    body = models.JSONField("内容")
    digest = models.CharField("摘要", max_length=64)


class ClueWeightsSignature(Act):
    """A person's word that proposed factors hold from now on."""

    weights = models.OneToOneField(ClueWeights, models.PROTECT, related_name="signature")
    why = models.CharField("意见", max_length=300)


class DelistingProposal(Act):
    """A clue found true on a unit of the positive list: the register's clerk is asked to act."""

    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="+")
    subject = models.ForeignKey("registry.Subject", models.PROTECT, related_name="+")
    subject_name = models.CharField("单位名称", max_length=200)
    clue = models.OneToOneField(Clue, models.PROTECT, related_name="delisting")
    why = models.CharField("理由", max_length=500)


class DelistingDecision(Act):
    """What a leader decided about such a proposal; the list itself is kept in the register."""

    proposal = models.OneToOneField(DelistingProposal, models.PROTECT, related_name="decision")
    is_agreed = models.BooleanField("同意移出")
    why = models.CharField("意见", max_length=300)
