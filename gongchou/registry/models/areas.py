"""The outline of the bureau's own area: what maps are drawn on and coordinates are held against."""

from django.db import models
from django.db.models import F, Q


class AreaOutline(models.Model):
    """One outline from `since` until before `until`; a new one closes it, nothing is deleted."""

    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="+")
    since = models.DateField("起")
    until = models.DateField("止", null=True)
    source = models.CharField("来源", max_length=200)
    sha256 = models.CharField("文件摘要", max_length=64)
    points = models.PositiveIntegerField("点数")
    body = models.JSONField("轮廓")
    by_name = models.CharField("上传人", max_length=80)
    at = models.DateTimeField("上传时间")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["bureau"], condition=Q(until=None), name="one_open_outline"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="outline_ends_later"
            ),
        ]
