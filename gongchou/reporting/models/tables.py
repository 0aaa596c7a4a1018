from django.db import models
from django.db.models import Q

from gongchou.core import terms


def choices(term: type[terms.Term]) -> list[tuple[str, str]]:
    return [(member.value, member.label) for member in term]


class FactSet(models.Model):
    """The facts of a quarter as last counted; counted anew they are the same or say what moved."""

    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="+")
    quarter = models.CharField("季度", max_length=6)
    digest = models.CharField("事实摘要", max_length=64)
    count = models.PositiveIntegerField("事实数")
    built_at = models.DateTimeField("统计时间")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bureau", "quarter"], name="one_fact_set_a_quarter")
        ]


class Fact(models.Model):
    """One count along a day and few dimensions, and the records it was counted from."""

    fact_set = models.ForeignKey(FactSet, models.PROTECT, related_name="facts")
    key = models.CharField("键", max_length=160)
    day = models.DateField("日期")
    measure = models.CharField("统计项目", max_length=30, choices=choices(terms.Measure))
    stratum = models.CharField("层", max_length=20, choices=choices(terms.Stratum), blank=True)
    kind = models.CharField("种类", max_length=30, blank=True)
    unit = models.CharField("科室", max_length=20, blank=True)
    count = models.BigIntegerField("数量")
    records = models.JSONField("记录", default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fact_set", "key"], name="one_fact_a_key"),
            models.CheckConstraint(condition=Q(count__gte=0), name="fact_counts_from_zero"),
        ]


class StatisticsTable(models.Model):
    """One version of a quarter's table with the facts it was made from; never changed."""

    ref = models.CharField("编号", max_length=60, unique=True)
    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="+")
    quarter = models.CharField("季度", max_length=6)
    number = models.PositiveIntegerField("版本号")
    version = models.CharField("版本", max_length=20, choices=choices(terms.StatisticsVersion))
    body = models.BinaryField("内容")
    digest = models.CharField("摘要", max_length=64)
    made_from = models.CharField("依据摘要", max_length=64)
    reason = models.CharField("更正理由", max_length=200, blank=True)
    replaces = models.ForeignKey("self", models.PROTECT, related_name="+", null=True)
    made_by_ref = models.CharField("生成人编号", max_length=40)
    made_by_name = models.CharField("生成人", max_length=80)
    made_at = models.DateTimeField("生成时间")

    class Meta:
        constraints = [
            # The current version is the one with the highest number: two at once cannot be.
            models.UniqueConstraint(
                fields=["bureau", "quarter", "number"], name="one_table_a_number"
            ),
            models.UniqueConstraint(fields=["replaces"], name="a_table_is_replaced_once"),
            models.CheckConstraint(
                condition=Q(version="preliminary", number=1, replaces=None, reason="")
                | (Q(version="corrected", number__gt=1, replaces__isnull=False) & ~Q(reason="")),
                name="correction_names_what_and_why",
            ),
        ]


class SummaryVersion(models.Model):
    """One version of a quarter's summary; edited means a new one, the old ones stay."""

    ref = models.CharField("编号", max_length=60, unique=True)
    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="+")
    quarter = models.CharField("季度", max_length=6)
    number = models.PositiveIntegerField("版本号")
    body = models.BinaryField("内容")
    digest = models.CharField("摘要", max_length=64)
    says = models.CharField("改了什么", max_length=200)
    made_by_ref = models.CharField("保存人编号", max_length=40)
    made_by_name = models.CharField("保存人", max_length=80)
    made_at = models.DateTimeField("保存时间")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["bureau", "quarter", "number"], name="one_summary_a_number"
            )
        ]


class Package(models.Model):
    """What is to be sent of a quarter: this table and this summary, and no other versions.

    Without a table it is the summary that goes ahead, before the quarter has ended.
    """

    ref = models.CharField("编号", max_length=60, unique=True)
    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="+")
    quarter = models.CharField("季度", max_length=6)
    number = models.PositiveIntegerField("序号")
    statistics = models.ForeignKey(
        StatisticsTable, models.PROTECT, related_name="+", null=True, blank=True
    )
    summary = models.ForeignKey(SummaryVersion, models.PROTECT, related_name="+")
    made_by_ref = models.CharField("组成人编号", max_length=40)
    made_by_name = models.CharField("组成人", max_length=80)
    made_at = models.DateTimeField("组成时间")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["bureau", "quarter", "number"], name="one_package_a_number"
            )
        ]


class PackageFile(models.Model):
    """One file of a package as it was made or received; a better scan is one more row."""

    package = models.ForeignKey(Package, models.PROTECT, related_name="files")
    number = models.PositiveIntegerField("序号")
    part = models.CharField("材料", max_length=20, choices=choices(terms.PackagePart))
    form = models.CharField("形式", max_length=20, choices=choices(terms.PackageForm))
    checked = models.CharField("核对方式", max_length=20, choices=choices(terms.ScanCheck))
    name = models.CharField("文件名", max_length=200)
    file = models.CharField("存放位置", max_length=200)
    media_type = models.CharField("格式", max_length=100)
    size = models.PositiveBigIntegerField("大小")
    sha256 = models.CharField("SHA-256", max_length=64)
    sm3 = models.CharField("SM3", max_length=64)
    added_by_ref = models.CharField("加入人编号", max_length=40)
    added_by_name = models.CharField("加入人", max_length=80)
    added_at = models.DateTimeField("加入时间")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["package", "number"], name="one_package_file_a_number")
        ]


class Sending(models.Model):
    """That a package was sent, when, how, and exactly which files; kept for ever."""

    package = models.OneToOneField(Package, models.PROTECT, related_name="sending")
    sent_on = models.DateField("报送日期")
    to_whom = models.CharField("报送机关", max_length=80)
    channel = models.CharField("报送方式", max_length=80)
    files = models.JSONField("所报文件", default=list)
    by_ref = models.CharField("登记人编号", max_length=40)
    by_name = models.CharField("登记人", max_length=80)
    at = models.DateTimeField("登记时间")


class Receipt(models.Model):
    """That the superior bureau said it had received a package."""

    package = models.OneToOneField(Package, models.PROTECT, related_name="receipt")
    received_on = models.DateField("签收日期")
    number = models.CharField("回执编号", max_length=80, blank=True)
    received_by = models.CharField("签收人", max_length=80)
    says = models.CharField("说明", max_length=200, blank=True)
    by_ref = models.CharField("登记人编号", max_length=40)
    by_name = models.CharField("登记人", max_length=80)
    at = models.DateTimeField("登记时间")


class TableTemplate(models.Model):
    """The superior's form of the table as a workbook with marks; a new form is a new row."""

    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="+")
    number = models.PositiveIntegerField("版本号")
    name = models.CharField("文件名", max_length=200)
    content = models.BinaryField("内容")
    sha256 = models.CharField("SHA-256", max_length=64)
    saved_by_ref = models.CharField("保存人编号", max_length=40)
    saved_by_name = models.CharField("保存人", max_length=80)
    saved_at = models.DateTimeField("保存时间")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bureau", "number"], name="one_template_a_number")
        ]


class DistrictTable(models.Model):
    """A district's frozen table as its file said it; checked by its digest, never changed."""

    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="+")
    ref = models.CharField("编号", max_length=60)
    district = models.CharField("区县机构代码", max_length=20)
    district_name = models.CharField("区县机构", max_length=80)
    quarter = models.CharField("季度", max_length=6)
    number = models.PositiveIntegerField("版本号")
    version = models.CharField("版本", max_length=20, choices=choices(terms.StatisticsVersion))
    reason = models.CharField("更正理由", max_length=200, blank=True)
    body = models.BinaryField("内容")
    digest = models.CharField("摘要", max_length=64)
    received_by_ref = models.CharField("收件人编号", max_length=40)
    received_by_name = models.CharField("收件人", max_length=80)
    received_at = models.DateTimeField("收到时间")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bureau", "ref"], name="one_district_table_a_ref"),
            models.UniqueConstraint(
                fields=["bureau", "district", "quarter", "number"],
                name="one_district_table_a_number",
            ),
        ]
