from django.db import models
from django.db.models import F, Q

from gongchou.core import terms
from gongchou.registry.models.changes import RegisterChange
from gongchou.registry.models.words import words


class Subject(models.Model):
    """One site. Its own ref is its identity; codes are attributes that may change."""

    ref = models.CharField("编号", max_length=40, unique=True)
    # Found by its ref, or from the last key down: an index of bureaus would serve nobody.
    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="+", db_index=False)


class SubjectVersion(models.Model):
    """All tags of a subject from `since` until before `until`; a change closes one, opens one."""

    subject = models.ForeignKey(Subject, models.PROTECT, related_name="versions")
    # Each index below begins with the bureau, so the key needs none of its own.
    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="+", db_index=False)
    change = models.ForeignKey(RegisterChange, models.PROTECT, related_name="+")
    since = models.DateField("起")
    until = models.DateField("止", null=True)

    name = models.CharField("单位名称", max_length=200)
    initials = models.CharField("拼音首字母", max_length=200)
    uscc = models.CharField("统一社会信用代码", max_length=18, blank=True)
    site_code = models.CharField("固定污染源编码", max_length=22, blank=True)
    permit_number = models.CharField("排污许可证编号", max_length=40, blank=True)
    permit_valid_until = models.DateField("许可证有效期至", null=True)
    registration_number = models.CharField("登记编号", max_length=40, blank=True)
    region_code = models.CharField("行政区划", max_length=12, blank=True)
    grid = models.CharField("片区", max_length=40, blank=True)
    industry_code = models.CharField("行业代码", max_length=6, blank=True)
    construction_stage = words(terms.ConstructionStage, "项目建设情况")
    pollutant_types = models.JSONField("排放污染物类型", default=list)
    scale = words(terms.Scale, "生产规模")
    production_cycle = words(terms.ProductionCycle, "生产周期特点")
    monitoring_types = models.JSONField("监控类型", default=list)
    permit_category = words(terms.PermitCategory, "排污许可管理类别")
    key_unit_types = models.JSONField("环境监管重点单位类型", default=list)
    performance_grade = words(terms.PerformanceGrade, "绩效分级")
    risk_level = words(terms.RiskLevel, "环境风险等级")
    operating_status = words(terms.OperatingStatus, "存续／生产状态")
    is_excluded = models.BooleanField("不参与双随机", default=False)
    exclusion_reason = models.CharField("不参与理由", max_length=200, blank=True)
    # Personal data: for the briefing only, never in a snapshot or in public.
    legal_representative = models.CharField("法定代表人（负责人）", max_length=80, blank=True)
    contact = models.CharField("联系方式", max_length=80, blank=True)
    address = models.CharField("生产经营地址", max_length=200, blank=True)
    # Degrees as exact decimals; whatever system they came in, WGS84 is kept.
    longitude = models.CharField("经度", max_length=12, blank=True)
    latitude = models.CharField("纬度", max_length=12, blank=True)
    coordinate_system = words(terms.CoordinateSystem, "坐标系")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject"], condition=Q(until=None), name="one_open_version"
            ),
            models.UniqueConstraint(
                fields=["bureau", "site_code"],
                condition=Q(until=None) & ~Q(site_code=""),
                name="one_subject_a_site_code",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="version_ends_after_start"
            ),
        ]
        indexes = [
            # The list of any day in its order, and how many there are, from this index alone.
            models.Index(
                fields=["bureau", "site_code", "subject", "since", "until"],
                name="subjects_in_order",
            ),
            models.Index(fields=["bureau", "uscc"], name="subjects_by_uscc"),
            # A part of a name, or the first of its initials, is looked for in this index alone.
            models.Index(fields=["bureau", "name", "initials"], name="subjects_by_names"),
        ]


class OccurringValue(models.Model):
    """A value that a site's area, industry or region has or once had: what a filter offers."""

    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="+", db_index=False)
    field = models.CharField("标识", max_length=40)
    value = models.CharField("取值", max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bureau", "field", "value"], name="one_value_a_field"),
        ]


class SubjectMerger(models.Model):
    """Two entries that are one site: the merged one ends, its records are read with the kept.

    `undone` is the change that parted them again.
    """

    kept = models.ForeignKey(Subject, models.PROTECT, related_name="mergers")
    merged = models.ForeignKey(Subject, models.PROTECT, related_name="merged_into")
    change = models.ForeignKey(RegisterChange, models.PROTECT, related_name="+")
    undone = models.ForeignKey(RegisterChange, models.PROTECT, related_name="+", null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(kept=F("merged")), name="merger_joins_two_subjects"
            ),
            models.UniqueConstraint(
                fields=["merged"], condition=Q(undone=None), name="one_merger_a_subject"
            ),
        ]
