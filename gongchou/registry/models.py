from django.db import models
from django.db.models import F, Q

from gongchou.core import terms


def choices(term: type[terms.Term]) -> list[tuple[str, str]]:
    return [(member.value, member.label) for member in term]


def words(term: type[terms.Term], label: str) -> models.CharField:
    """A field that holds one word of the glossary, or nothing."""
    return models.CharField(label, max_length=30, choices=choices(term), blank=True)


class RegisterChange(models.Model):
    """A dated, reasoned change of the registers: an import or one person's edit."""

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


class Subject(models.Model):
    """One site. Its own ref is its identity; codes are attributes that may change."""

    ref = models.CharField("编号", max_length=40, unique=True)
    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="+")


class SubjectVersion(models.Model):
    """All tags of a subject from `since` until before `until`; a change closes one, opens one."""

    subject = models.ForeignKey(Subject, models.PROTECT, related_name="versions")
    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="+")
    change = models.ForeignKey(RegisterChange, models.PROTECT, related_name="+")
    since = models.DateField("起")
    until = models.DateField("止", null=True)

    name = models.CharField("单位名称", max_length=200)
    initials = models.CharField("拼音首字母", max_length=200)
    uscc = models.CharField("统一社会信用代码", max_length=18, blank=True)
    site_code = models.CharField("固定污染源编码", max_length=22, blank=True)
    permit_number = models.CharField("排污许可证编号", max_length=40, blank=True)
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
        indexes = [models.Index(fields=["bureau", "since", "until"], name="subjects_on_a_day")]


class SubjectFact(models.Model):
    """What every dated record about a subject has."""

    subject = models.ForeignKey(Subject, models.PROTECT, related_name="%(class)ss")
    change = models.ForeignKey(RegisterChange, models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class CreditRecord(SubjectFact):
    level = models.CharField("信用等级", max_length=10, choices=choices(terms.CreditLevel))
    rated_on = models.DateField("评价日期")
    evidence = models.CharField("依据", max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "rated_on"], name="one_rating_a_day")
        ]


class Penalty(SubjectFact):
    document_number = models.CharField("处罚决定书文号", max_length=80)
    decision_date = models.DateField("处罚决定日期")
    revoked_on = models.DateField("撤销日期", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "document_number"], name="one_penalty")
        ]


class Complaint(SubjectFact):
    number = models.CharField("举报编号", max_length=80)
    closed_on = models.DateField("办结日期")
    verdict = models.CharField("查处结论", max_length=20, choices=choices(terms.ComplaintVerdict))
    is_violation = models.BooleanField("存在环境违法")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "number"], name="one_complaint")]


class SupervisedCase(SubjectFact):
    number = models.CharField("督办文号", max_length=80)
    supervised_by = models.CharField("督办级别", max_length=20, choices=choices(terms.SupervisedBy))
    since = models.DateField("挂牌日期")
    lifted_on = models.DateField("摘牌日期", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "number"], name="one_supervised_case")
        ]


class PositiveListEntry(SubjectFact):
    basis = models.CharField("列入理由", max_length=200)
    since = models.DateField("列入日期")
    until = models.DateField("移出日期", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "since"], name="one_listing_a_day")
        ]


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


class ItemList(models.Model):
    """One version of the public list of what may be checked; in force from its approval on."""

    ref = models.CharField("编号", max_length=40, unique=True)
    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="+")
    change = models.ForeignKey(RegisterChange, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField("版本")
    state = models.CharField("状态", max_length=20, choices=choices(terms.ItemListState))
    drafted_by_ref = models.CharField("草拟人编号", max_length=40)
    approved_by_ref = models.CharField("批准人编号", max_length=40, blank=True)
    approved_by_name = models.CharField("批准人", max_length=80, blank=True)
    approved_on = models.DateField("批准日期", null=True)
    published_on = models.DateField("公布日期", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bureau", "version"], name="one_list_a_version"),
            models.UniqueConstraint(
                fields=["bureau"], condition=Q(state="draft"), name="one_draft_list"
            ),
        ]


class ItemGroup(models.Model):
    """Items owned by one internal unit; a condition left empty holds for every subject."""

    item_list = models.ForeignKey(ItemList, models.PROTECT, related_name="groups")
    code = models.CharField("抽查类别编码", max_length=20)
    name = models.CharField("抽查类别名称", max_length=80)
    unit = models.CharField("责任科室代码", max_length=20)
    pollutant_types = models.JSONField("适用污染物类型", default=list)
    permit_categories = models.JSONField("适用许可管理类别", default=list)
    monitoring_types = models.JSONField("适用监控类型", default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item_list", "code"], name="one_group_a_code"),
            models.UniqueConstraint(fields=["item_list", "name"], name="one_group_a_name"),
        ]


class InspectionItem(models.Model):
    """One row of the list: what is checked, how, and on what legal basis."""

    group = models.ForeignKey(ItemGroup, models.PROTECT, related_name="items")
    name = models.CharField("事项名称", max_length=200)
    tier = models.CharField("事项类别", max_length=20, choices=choices(terms.ItemTier))
    legal_basis = models.CharField("检查依据", max_length=2000, blank=True)
    method = models.CharField("检查方式", max_length=80, blank=True)
    content = models.CharField("检查内容及要求", max_length=2000, blank=True)
    note = models.CharField("备注", max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "name"], name="one_item_a_name"),
        ]


class PastVisit(models.Model):
    """A finished visit, for rotation, caps and counts; made here or before the product came."""

    subject = models.ForeignKey(Subject, models.PROTECT, related_name="past_visits")
    visit_ref = models.CharField("检查编号", max_length=60, unique=True)
    ended_on = models.DateField("结束日期")
    inspection_kind = models.CharField(
        "检查类别", max_length=20, choices=choices(terms.InspectionKind)
    )
    inspectors = models.JSONField("检查人员", default=list)


class FrozenSnapshot(models.Model):
    """The registers of a day in canonical bytes; never changed."""

    ref = models.CharField("编号", max_length=60, unique=True)
    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="+")
    on = models.DateField("快照日")
    digest = models.CharField("摘要", max_length=64)
    body = models.BinaryField("内容")


class ImportBatch(models.Model):
    """An uploaded file with its preview, waiting for the clerk's word."""

    ref = models.CharField("编号", max_length=40, unique=True)
    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="+")
    kind = models.CharField("种类", max_length=30, choices=choices(terms.ImportKind))
    filename = models.CharField("文件名", max_length=200)
    content = models.BinaryField("原文件")
    sha256 = models.CharField("文件摘要", max_length=64)
    report = models.JSONField("预览")
    by_ref = models.CharField("上传人编号", max_length=40)
    at = models.DateTimeField("上传时间")
    committed_at = models.DateTimeField("导入时间", null=True)
