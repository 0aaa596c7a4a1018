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
        indexes = [
            models.Index(fields=["bureau", "about", "seq"], name="events_about"),
            models.Index(fields=["bureau", "kind", "seq"], name="events_of_a_kind"),
        ]


class TableSeal(models.Model):
    """A batch of new rows of a guarded table; its root is written into the chains.

    The rows of a batch are of one bureau, `owner`; it is empty where the table knows no bureau.
    """

    table = models.CharField("表", max_length=80)
    owner = models.CharField("机构代码", max_length=20, default="")
    batch = models.PositiveIntegerField("批次")
    columns = models.JSONField("列")
    rows = models.PositiveBigIntegerField("行数")
    root = models.CharField("根", max_length=64)
    at = models.DateTimeField("时间")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["table", "batch"], name="one_seal_a_batch"),
        ]


class RowSeal(models.Model):
    """The digest of one row, so that a change can be named."""

    seal = models.ForeignKey(TableSeal, models.PROTECT, related_name="sealed")
    table = models.CharField("表", max_length=80)
    key = models.BigIntegerField("行号")
    digest = models.CharField("摘要", max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["table", "key"], name="a_row_is_sealed_once"),
        ]
