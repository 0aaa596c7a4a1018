from django.db import models
from django.db.models import F, Q

from gongchou.core import terms
from gongchou.registry.models.words import choices


class RefCounter(models.Model):
    """The last number given under a letter; its row is taken first, so two never get the same."""

    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="+")
    letter = models.CharField("字头", max_length=2)
    last = models.PositiveBigIntegerField("最后一号", default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bureau", "letter"], name="one_counter_a_letter"),
        ]


class RegisterChange(models.Model):
    """A dated, reasoned change of the registers: an import or one person's edit.

    `sensitive` counts the sites known before that it removed or re-classed: a second person has
    to confirm those before a plan is frozen within the days of cool-down.
    """

    ref = models.CharField("编号", max_length=40, unique=True)
    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="+")
    kind = models.CharField("种类", max_length=30, choices=choices(terms.ImportKind))
    source = models.CharField("来源", max_length=200)
    reason = models.CharField("理由", max_length=200, blank=True)
    on = models.DateField("生效日")
    at = models.DateTimeField("办理时间")
    by_ref = models.CharField("办理人编号", max_length=40)
    by_name = models.CharField("办理人", max_length=80)
    sha256 = models.CharField("文件摘要", max_length=64, blank=True)
    counts = models.JSONField("行数", default=dict)
    sensitive = models.PositiveIntegerField("移出或改变分类的家数", default=0)
    undoes = models.OneToOneField(
        "self", models.PROTECT, related_name="undone_by", null=True, verbose_name="撤销的变更"
    )
    confirmed_by_ref = models.CharField("复核人编号", max_length=40, blank=True)
    confirmed_by_name = models.CharField("复核人", max_length=80, blank=True)
    confirmed_at = models.DateTimeField("复核时间", null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by_ref="")
                | (Q(confirmed_at__isnull=False) & ~Q(confirmed_by_ref="")),
                name="change_says_who_confirmed",
            ),
            models.CheckConstraint(
                condition=~Q(confirmed_by_ref=F("by_ref")), name="change_is_confirmed_by_another"
            ),
        ]
        indexes = [models.Index(fields=["bureau", "on"], name="changes_by_day")]


class ColumnMapping(models.Model):
    """Which header of a source means which column, kept under the name of the source."""

    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="+")
    kind = models.CharField("种类", max_length=30, choices=choices(terms.ImportKind))
    name = models.CharField("来源名称", max_length=80)
    columns = models.JSONField("对应关系")
    by_name = models.CharField("保存人", max_length=80)
    at = models.DateTimeField("保存时间")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bureau", "kind", "name"], name="one_mapping_a_name"),
        ]


class ImportBatch(models.Model):
    """An uploaded file with its preview, waiting for the clerk's word.

    `content`, `findings` and the rows in `report` go at `cleared_at`; what says which file it was
    and what came of it stays.
    """

    ref = models.CharField("编号", max_length=40, unique=True)
    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="+")
    kind = models.CharField("种类", max_length=30, choices=choices(terms.ImportKind))
    filename = models.CharField("文件名", max_length=200)
    content = models.BinaryField("原文件")
    sha256 = models.CharField("文件摘要", max_length=64)
    mapping = models.JSONField("列对应关系", default=dict)
    report = models.JSONField("预览")
    findings = models.BinaryField("全部问题和提示", default=b"")
    by_ref = models.CharField("上传人编号", max_length=40)
    at = models.DateTimeField("上传时间")
    committed_at = models.DateTimeField("导入时间", null=True)
    cleared_at = models.DateTimeField("清除原文件的时间", null=True)
