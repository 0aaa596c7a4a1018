"""Tables of judging: what was entered about a site, versions of rules, and what the rules found.

Rows of all of them are written once. What no longer holds is withdrawn by a row that names it.
"""

from django.db import models
from django.db.models import F, Q

from gongchou.core.monitoring import words
from gongchou.core.terms import Term


def choices(term: type[Term]) -> list[tuple[str, str]]:
    return [(member.value, member.label) for member in term]


class Signed(models.Model):
    """Who wrote the row, and when."""

    by_ref = models.CharField("登记人编号", max_length=40)
    by_name = models.CharField("登记人", max_length=80)
    at = models.DateTimeField("登记时间")

    class Meta:
        abstract = True


class SupervisionEntry(Signed):
    """One thing entered about a site: a meter, a group, limits, states, a filing, an order."""

    ref = models.CharField("编号", max_length=60, unique=True)
    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="+")
    subject = models.ForeignKey("registry.Subject", models.PROTECT, related_name="+")
    kind = models.CharField("种类", max_length=20, choices=choices(words.EntryKind))
    key = models.CharField("对象", max_length=80, blank=True)
    body = models.JSONField("内容")
    digest = models.CharField("内容摘要", max_length=64)
    reason = models.CharField("说明", max_length=200)

    class Meta:
        indexes = [models.Index(fields=["bureau", "subject", "kind"], name="entries_of_a_site")]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="entry_has_a_reason"),
        ]


class EntryWithdrawal(Signed):
    """An entry that no longer holds from now on, and why."""

    entry = models.OneToOneField(SupervisionEntry, models.PROTECT, related_name="withdrawal")
    reason = models.CharField("理由", max_length=200)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="entry_withdrawn_with_reason")
        ]


class RuleVersion(Signed):
    """Thresholds of one rule as a bureau has set them, from a day on."""

    ref = models.CharField("编号", max_length=60, unique=True)
    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="+")
    rule = models.CharField("规则", max_length=10)
    version = models.CharField("版本", max_length=40)
    thresholds = models.JSONField("阈值")
    loosens = models.JSONField("放宽的阈值", default=list)
    since = models.DateField("起始日期")
    reason = models.CharField("理由", max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bureau", "rule", "version"], name="a_version_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="version_has_a_reason"),
        ]


class RuleVersionConsent(Signed):
    """A second person's word on a version that lets more pass."""

    version_of = models.OneToOneField(RuleVersion, models.PROTECT, related_name="consent")
    proposed_by_ref = models.CharField("提出人编号", max_length=40)
    agrees = models.BooleanField("同意")
    opinion = models.CharField("意见", max_length=300)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(by_ref=F("proposed_by_ref")), name="consent_by_another"
            )
        ]


class JudgingRun(Signed):
    """One judging of a window, under which versions, and what came of it."""

    ref = models.CharField("编号", max_length=60, unique=True)
    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="+")
    since = models.DateTimeField("起")
    until = models.DateTimeField("止")
    is_replay = models.BooleanField("只重算不入库", default=False)
    versions = models.JSONField("规则版本")
    sites = models.PositiveIntegerField("单位数")
    found = models.PositiveIntegerField("事件数")
    new = models.PositiveIntegerField("新事件数")
    guarded = models.PositiveIntegerField("排除数")


class RuleFinding(models.Model):
    """A rule's event with all it looked at; one digest once."""

    ref = models.CharField("编号", max_length=60, unique=True)
    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="+")
    subject = models.ForeignKey("registry.Subject", models.PROTECT, related_name="+")
    run = models.ForeignKey(JudgingRun, models.PROTECT, related_name="findings")
    rule = models.CharField("规则", max_length=10)
    rule_version = models.CharField("规则版本", max_length=40)
    outlet = models.CharField("排放口或线路", max_length=80)
    factor = models.CharField("因子", max_length=40, blank=True)
    started_at = models.DateTimeField("起")
    ended_at = models.DateTimeField("止")
    severity = models.PositiveSmallIntegerField("等级")
    completeness = models.CharField("数据完整率", max_length=40)
    thresholds = models.JSONField("阈值")
    inputs = models.JSONField("输入")
    guards = models.JSONField("排除条件")
    says = models.CharField("说明", max_length=1000)
    digest = models.CharField("摘要", max_length=64)
    clue = models.CharField("线索编号", max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "digest"], name="a_finding_once"),
            models.CheckConstraint(
                condition=Q(severity__gte=1, severity__lte=4), name="finding_has_a_severity"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__gt=F("started_at")), name="finding_has_a_span"
            ),
        ]
        indexes = [models.Index(fields=["bureau", "started_at"], name="findings_by_time")]


class FindingWithdrawal(models.Model):
    """A finding that a later judging no longer makes: data came late, or it grew."""

    finding = models.OneToOneField(RuleFinding, models.PROTECT, related_name="withdrawal")
    run = models.ForeignKey(JudgingRun, models.PROTECT, related_name="withdrawn")
    replaced_by = models.ForeignKey(RuleFinding, models.PROTECT, related_name="+", null=True)


class GuardedFinding(models.Model):
    """What a rule's condition would have said, had a guard not explained it."""

    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="+")
    subject = models.ForeignKey("registry.Subject", models.PROTECT, related_name="+")
    run = models.ForeignKey(JudgingRun, models.PROTECT, related_name="guarded_rows")
    rule = models.CharField("规则", max_length=10)
    rule_version = models.CharField("规则版本", max_length=40)
    outlet = models.CharField("排放口或线路", max_length=80)
    factor = models.CharField("因子", max_length=40, blank=True)
    started_at = models.DateTimeField("起")
    ended_at = models.DateTimeField("止")
    guard = models.CharField("排除条件", max_length=60)
    says = models.CharField("说明", max_length=300)
    digest = models.CharField("摘要", max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bureau", "digest"], name="a_guard_once")]
