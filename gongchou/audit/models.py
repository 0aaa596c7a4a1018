from django.db import models


class ChainHead(models.Model):
    """Last entry of a bureau's chain; its row is taken first, so appends stand in line."""

    bureau = models.CharField("机构代码", max_length=20, primary_key=True)
    size = models.PositiveBigIntegerField("条数", default=0)
    digest = models.CharField("摘要", max_length=64)


class Event(models.Model):
    """One act. Triggers of the database refuse to change or delete a row."""

    bureau = models.CharField("机构代码", max_length=20)
    seq = models.PositiveBigIntegerField("序号")
    kind = models.CharField("事件", max_length=40)
    about = models.CharField("对象", max_length=80)
    by_ref = models.CharField("操作人编号", max_length=40)
    by_name = models.CharField("操作人", max_length=80)
    at = models.DateTimeField("时间")
    data = models.JSONField("内容")
    previous = models.CharField("前一条摘要", max_length=64)
    digest = models.CharField("摘要", max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bureau", "seq"], name="one_event_a_place"),
        ]
        indexes = [models.Index(fields=["bureau", "about", "seq"], name="events_about")]
