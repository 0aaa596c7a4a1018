"""The policy in force and the Rulings on it: what every room works by, written once."""

from django.db import models
from django.db.models import F, Q


class AdoptedPolicy(models.Model):
    """A policy in force from a day on: the texts as adopted, never edited; the next one follows."""

    ref = models.CharField("编号", max_length=60, unique=True)
    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="+")
    policy = models.CharField("方案代号", max_length=200)
    title = models.CharField("名称", max_length=200)
    document_number = models.CharField("方案文号", max_length=100)
    is_uploaded = models.BooleanField("自行编写", default=False)
    digest = models.CharField("方案摘要", max_length=64)
    body = models.BinaryField("方案")
    since = models.DateField("施行日期")
    adoption_document = models.CharField("批准文号", max_length=100)
    adopted_by_ref = models.CharField("批准人编号", max_length=40)
    adopted_by_name = models.CharField("批准人", max_length=80)
    adopted_at = models.DateTimeField("批准时间")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bureau", "since"], name="one_adopted_policy_a_day"),
            models.CheckConstraint(
                condition=~Q(adoption_document="") & ~Q(adopted_by_ref=""),
                name="adopted_policy_has_document",
            ),
        ]


class RecordedRuling(models.Model):
    """The answer of a bureau to one question of its policy; replaced by a later one, never edited.

    `value` is empty where only the reading is recorded; `until` where it holds for a time.
    """

    ref = models.CharField("编号", max_length=60, unique=True)
    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="+")
    key = models.CharField("设置", max_length=80)
    value = models.CharField("取值", max_length=400, blank=True)
    question = models.CharField("问题", max_length=200)
    reading = models.CharField("口径", max_length=500)
    clause = models.CharField("条款", max_length=80, blank=True)
    decided_by = models.CharField("决定单位", max_length=80)
    document = models.CharField("文号", max_length=100)
    on = models.DateField("执行日期")
    until = models.DateField("截止日期", null=True)
    replaces = models.CharField("替代口径", max_length=60, blank=True)
    recorded_by_ref = models.CharField("登记人编号", max_length=40)
    recorded_by_name = models.CharField("登记人", max_length=80)
    recorded_at = models.DateTimeField("登记时间")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["bureau", "replaces"],
                condition=~Q(replaces=""),
                name="one_ruling_follows_another",
            ),
            models.CheckConstraint(
                condition=~Q(document="") & ~Q(decided_by=""), name="recorded_ruling_says_who"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gt=F("on")), name="recorded_ruling_ends_later"
            ),
        ]
