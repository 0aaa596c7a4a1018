from django.db import models


class FrozenSnapshot(models.Model):
    """The registers of a day in canonical bytes; never changed."""

    ref = models.CharField("编号", max_length=60, unique=True)
    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="+")
    on = models.DateField("快照日")
    digest = models.CharField("摘要", max_length=64)
    body = models.BinaryField("内容")
