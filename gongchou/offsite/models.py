from django.db import models
from django.db.models import F, Q

from gongchou.core import terms
from gongchou.offsite.clue_models import (
    Clue,
    ClueEvidence,
    ClueMove,
    ClueWeights,
    ClueWeightsSignature,
    DelistingDecision,
    DelistingProposal,
)
from gongchou.offsite.inlet_models import (
    Camera,
    InletFile,
    PushedRow,
    RemoteCheck,
    Sighting,
    WindReading,
)
from gongchou.offsite.watch_models import (
    EntryWithdrawal,
    FindingWithdrawal,
    GuardedFinding,
    JudgingRun,
    RuleFinding,
    RuleVersion,
    RuleVersionConsent,
    SupervisionEntry,
)

__all__ = [
    "AutoMonitor",
    "Camera",
    "Clue",
    "ClueEvidence",
    "ClueMove",
    "ClueWeights",
    "ClueWeightsSignature",
    "DelistingDecision",
    "DelistingProposal",
    "EntryWithdrawal",
    "FindingWithdrawal",
    "GuardedFinding",
    "InletFile",
    "JudgingRun",
    "OffsiteCheck",
    "OffsiteSource",
    "PushedRow",
    "RemoteCheck",
    "RuleFinding",
    "RuleVersion",
    "RuleVersionConsent",
    "Sighting",
    "SupervisionEntry",
    "WindReading",
]


def choices(term: type[terms.Term]) -> list[tuple[str, str]]:
    return [(member.value, member.label) for member in term]


class OffsiteCheck(models.Model):
    """One unit looked at without entry; what was recorded is never changed."""

    ref = models.CharField("编号", max_length=60, unique=True)
    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="+")
    quarter = models.CharField("季度", max_length=6)
    subject = models.ForeignKey("registry.Subject", models.PROTECT, related_name="+")
    subject_name = models.CharField("单位名称", max_length=200)
    has_monitors = models.BooleanField("名录登记有监控")
    since = models.DateField("核查期间起")
    until = models.DateField("核查期间止")
    evidence = models.CharField("核查情况", max_length=2000)
    attachment_name = models.CharField("附件名", max_length=200, blank=True)
    attachment_sha256 = models.CharField("附件摘要", max_length=64, blank=True)
    spot_kind = models.CharField(
        "抽看来源", max_length=30, choices=choices(terms.SourceKind), blank=True
    )
    spot_day = models.DateField("抽看日期", null=True)
    spot_hour = models.PositiveSmallIntegerField("抽看时刻", null=True)
    digest = models.CharField("登记内容摘要", max_length=64)
    state = models.CharField("状态", max_length=20, choices=choices(terms.OffsiteCheckState))
    recorded_by_ref = models.CharField("登记人编号", max_length=40)
    recorded_by_name = models.CharField("登记人", max_length=80)
    recorded_at = models.DateTimeField("登记时间")
    conclusion = models.CharField(
        "结论", max_length=30, choices=choices(terms.OffsiteConclusion), blank=True
    )
    opinion = models.CharField("审核意见", max_length=1000, blank=True)
    spot_note = models.CharField("抽看所见", max_length=500, blank=True)
    reviewed_by_ref = models.CharField("审核人编号", max_length=40, blank=True)
    reviewed_by_name = models.CharField("审核人", max_length=80, blank=True)
    concluded_at = models.DateTimeField("结论时间", null=True)
    concluded_on = models.DateField("结论日期", null=True)
    replaces = models.ForeignKey("self", models.PROTECT, related_name="+", null=True)
    replace_reason = models.CharField("替代理由", max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["bureau", "quarter", "subject"],
                condition=~Q(state="superseded"),
                name="one_live_check_a_quarter",
            ),
            models.CheckConstraint(
                condition=Q(concluded_at=None, concluded_on=None, reviewed_by_ref="", conclusion="")
                | (
                    Q(concluded_at__isnull=False, concluded_on__isnull=False)
                    & ~Q(reviewed_by_ref="")
                    & ~Q(conclusion="")
                ),
                name="offsite_conclusion_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state="concluded") | Q(concluded_at__isnull=False),
                name="concluded_check_has_conclusion",
            ),
            models.CheckConstraint(
                condition=~Q(reviewed_by_ref=F("recorded_by_ref")),
                name="offsite_reviewed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(until__gte=F("since")), name="offsite_period_has_days"
            ),
            models.CheckConstraint(
                condition=Q(replaces=None, replace_reason="")
                | (Q(replaces__isnull=False) & ~Q(replace_reason="")),
                name="offsite_replaced_with_reason",
            ),
        ]
        indexes = [models.Index(fields=["bureau", "quarter"], name="offsite_of_a_quarter")]


class OffsiteSource(models.Model):
    """One source of a check: points there should be, points read."""

    check_of = models.ForeignKey(OffsiteCheck, models.PROTECT, related_name="sources")
    kind = models.CharField("来源", max_length=30, choices=choices(terms.SourceKind))
    expected = models.PositiveIntegerField("应有点数")
    read = models.PositiveIntegerField("读取点数")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["check_of", "kind"], name="one_reading_a_source"),
            models.CheckConstraint(
                condition=Q(expected__gte=1) & Q(read__lte=F("expected")),
                name="no_more_read_than_expected",
            ),
        ]


class AutoMonitor(models.Model):
    """A logger whose data is received; a change ends one row and begins another."""

    ref = models.CharField("编号", max_length=60, unique=True)
    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="+")
    subject = models.ForeignKey("registry.Subject", models.PROTECT, related_name="+")
    subject_name = models.CharField("单位名称", max_length=200)
    mn = models.CharField("设备编号", max_length=24)
    outlet = models.CharField("排放口或线路", max_length=80)
    kind = models.CharField("监控类型", max_length=20, choices=choices(terms.MonitoringType))
    minutes = models.PositiveSmallIntegerField("分钟数据间隔")
    addresses = models.JSONField("来源地址", default=list)
    dialects = models.JSONField("允许的写法", default=list)
    key_boxes = models.JSONField("密钥", default=list)
    since = models.DateField("登记日期")
    until = models.DateField("停用日期", null=True)
    end_reason = models.CharField("停用理由", max_length=200, blank=True)
    ended_by_name = models.CharField("停用人", max_length=80, blank=True)
    registered_by_ref = models.CharField("登记人编号", max_length=40)
    registered_by_name = models.CharField("登记人", max_length=80)
    registered_at = models.DateTimeField("登记时间")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["mn"], condition=Q(until=None), name="one_live_row_a_monitor"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="monitor_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(until=None, end_reason="")
                | (Q(until__isnull=False) & ~Q(end_reason="")),
                name="monitor_ended_with_reason",
            ),
        ]
