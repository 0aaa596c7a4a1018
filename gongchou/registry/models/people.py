from django.db import models
from django.db.models import Q

from gongchou.core import terms
from gongchou.registry.models.changes import RegisterChange
from gongchou.registry.models.words import words


class Inspector(models.Model):
    ref = models.CharField("编号", max_length=40, unique=True)
    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="+")


class InspectorVersion(models.Model):
    """Identity and tags of an inspector over time; cards and duty decide who can be drawn."""

    inspector = models.ForeignKey(Inspector, models.PROTECT, related_name="versions")
    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="+")
    change = models.ForeignKey(RegisterChange, models.PROTECT, related_name="+")
    since = models.DateField("起")
    until = models.DateField("止", null=True)

    name = models.CharField("姓名", max_length=80)
    unit = models.CharField("科室代码", max_length=20)
    post = models.CharField("职务岗位", max_length=80, blank=True)
    login = models.CharField("登录名", max_length=40, blank=True)
    enforcement_card_no = models.CharField("执法证号", max_length=40, blank=True)
    work_card_no = models.CharField("工作证号", max_length=40, blank=True)
    is_certified = models.BooleanField("具有行政执法资格", default=False)
    card_valid_until = models.DateField("执法证有效期", null=True)
    areas = models.JSONField("行政区域", default=list)
    expertise = models.JSONField("业务专长", default=list)
    duty_status = words(terms.DutyStatus, "在岗状态")
    away_since = models.DateField("离岗起", null=True)
    away_until = models.DateField("离岗止", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["inspector"], condition=Q(until=None), name="one_open_inspector_version"
            ),
            models.UniqueConstraint(
                fields=["bureau", "enforcement_card_no"],
                condition=Q(until=None) & ~Q(enforcement_card_no=""),
                name="one_inspector_a_card",
            ),
        ]
