"""What one person asks and another decides: recusals and manual designations."""

from django.db import models
from django.db.models import F, Q

from gongchou.core import terms
from gongchou.registry.models.people import Inspector
from gongchou.registry.models.subjects import Subject
from gongchou.registry.models.words import choices

WAITING = Q(decided_at=None, decided_on=None, decided_by_ref="")
DECIDED = Q(decided_at__isnull=False, decided_on__isnull=False) & ~Q(decided_by_ref="")
NOT_ENDED = Q(ended_at=None, ended_on=None, ended_by_ref="")
ENDED = Q(ended_at__isnull=False, ended_on__isnull=False) & ~Q(ended_by_ref="")


class Proposal(models.Model):
    """Who asked, who decided, who ended it, and when: each with its own moment."""

    ref = models.CharField("编号", max_length=40, unique=True)
    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="+")
    since = models.DateField("起")
    by_ref = models.CharField("提出人编号", max_length=40)
    by_name = models.CharField("提出人", max_length=80)
    at = models.DateTimeField("提出时间")
    decided_by_ref = models.CharField("决定人编号", max_length=40, blank=True)
    decided_by_name = models.CharField("决定人", max_length=80, blank=True)
    decided_at = models.DateTimeField("决定时间", null=True)
    decided_on = models.DateField("决定日期", null=True)
    decision = models.CharField("决定说明", max_length=200, blank=True)
    ended_by_ref = models.CharField("终止人编号", max_length=40, blank=True)
    ended_by_name = models.CharField("终止人", max_length=80, blank=True)
    ended_at = models.DateTimeField("终止时间", null=True)
    ended_on = models.DateField("终止日期", null=True)
    ended_reason = models.CharField("终止理由", max_length=200, blank=True)

    class Meta:
        abstract = True


class RecusalDeclaration(Proposal):
    """An inspector's own word on whom not to inspect: one site, or all sites of an enterprise."""

    inspector = models.ForeignKey(Inspector, models.PROTECT, related_name="recusals")
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="recusals", null=True)
    uscc = models.CharField("统一社会信用代码", max_length=18, blank=True)
    reason = models.CharField("回避理由", max_length=20, choices=choices(terms.RecusalReason))
    note = models.CharField("情况说明", max_length=200, blank=True)
    until = models.DateField("止", null=True)
    state = models.CharField("状态", max_length=20, choices=choices(terms.RecusalState))

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(subject=None) & ~Q(uscc="")) | Q(subject__isnull=False, uscc=""),
                name="recusal_names_a_site_or_an_enterprise",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gt=F("since")), name="recusal_ends_later"
            ),
            models.CheckConstraint(
                condition=(Q(state="declared") & WAITING & NOT_ENDED)
                | (Q(state__in=["confirmed", "refused"]) & DECIDED & NOT_ENDED)
                | (Q(state="ended") & DECIDED & ENDED),
                name="recusal_says_who_decided",
            ),
            models.CheckConstraint(
                condition=~Q(decided_by_ref=F("by_ref")), name="recusal_is_confirmed_by_another"
            ),
            models.UniqueConstraint(
                fields=["inspector", "subject"],
                condition=Q(state__in=["declared", "confirmed"], subject__isnull=False),
                name="one_live_recusal_a_site",
            ),
            models.UniqueConstraint(
                fields=["inspector", "uscc"],
                condition=Q(state__in=["declared", "confirmed"]) & ~Q(uscc=""),
                name="one_live_recusal_an_enterprise",
            ),
        ]


class ManualDesignation(Proposal):
    """A site made special by hand: reasoned, approved by another person, expiring."""

    subject = models.ForeignKey(Subject, models.PROTECT, related_name="designations")
    reason = models.CharField("指定理由", max_length=200)
    until = models.DateField("止")
    state = models.CharField("状态", max_length=20, choices=choices(terms.DesignationState))

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gt=F("since")), name="designation_ends_later"
            ),
            models.CheckConstraint(
                condition=(Q(state="proposed") & WAITING & NOT_ENDED)
                | (Q(state__in=["approved", "refused"]) & DECIDED & NOT_ENDED)
                | (Q(state="ended") & DECIDED & ENDED),
                name="designation_says_who_decided",
            ),
            models.CheckConstraint(
                condition=~Q(decided_by_ref=F("by_ref")), name="designation_is_approved_by_another"
            ),
            models.UniqueConstraint(
                fields=["subject"],
                condition=Q(state="proposed"),
                name="one_open_designation_a_subject",
            ),
        ]
