"""Who helps and never counts as an inspector: commissioned bodies, letters, their people."""

from django.db import models
from django.db.models import F, Q

from gongchou.registry.models.facts import Known


class CommissionedBody(models.Model):
    """A monitoring body, institute or panel of experts that a letter lets assist."""

    ref = models.CharField("编号", max_length=40, unique=True)
    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="+")
    name = models.CharField("单位名称", max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bureau", "name"], name="one_body_a_name"),
        ]


class Commission(Known):
    """A letter of commission: number, dates, and what the body may help with."""

    body = models.ForeignKey(CommissionedBody, models.PROTECT, related_name="letters")
    number = models.CharField("委托书编号", max_length=80)
    since = models.DateField("委托起")
    until = models.DateField("委托止")
    scope = models.CharField("协助范围", max_length=200)
    qualification = models.CharField("单位资质", max_length=200, blank=True)
    is_published = models.BooleanField("已公示", default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["body", "number"], condition=Q(known_until=None), name="one_letter"
            ),
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="letter_ends_later"),
        ]


class Assistant(Known):
    """One person of a body. The ref stays over all versions; it is never an inspector's."""

    ref = models.CharField("编号", max_length=40)
    body = models.ForeignKey(CommissionedBody, models.PROTECT, related_name="people")
    name = models.CharField("姓名", max_length=80)
    expertise = models.CharField("专业", max_length=80, blank=True)
    letter = models.CharField("委托书编号", max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ref"], condition=Q(known_until=None), name="one_assistant_a_ref"
            ),
            models.UniqueConstraint(
                fields=["body", "name"], condition=Q(known_until=None), name="one_assistant_a_name"
            ),
        ]
