"""Which columns each kind of file has: header, synonyms, field, reader."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from gongchou.core import terms
from gongchou.core.codes import site_code_problem, uscc_problem
from gongchou.core.terms import ImportKind
from gongchou.registry.importing.cells import (
    Reader,
    Word,
    Words,
    asked,
    coded,
    day,
    last_day,
    needed_text,
    parts,
    required,
    text,
    yes,
)
from gongchou.registry.places import degree, system


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column: its own header first, then the words other systems use for it."""

    headers: tuple[str, ...]
    field: str
    reader: Reader
    needed: bool = False
    # The reader of a filled cell.
    filled: Reader = text

    @cached_property
    def words(self) -> type[terms.Term] | None:
        """What may stand there, where that is words of the glossary."""
        return self.filled.term if isinstance(self.filled, Word | Words) else None

    @property
    def width(self) -> int:
        """Of the column in a workbook, in characters: a character of the header takes two."""
        return max(10, 2 * len(self.headers[0]) + 4)

    def told(self, cell: str) -> str:
        """How words that are not the glossary's own were read."""
        return self.filled.told(cell) if isinstance(self.filled, Word | Words) else ""


@dataclass(frozen=True, kw_only=True)
class Layout:
    """The columns of a kind; two rows are one where the first identity that is filled agrees."""

    columns: tuple[Column, ...]
    identities: tuple[tuple[str, ...], ...]

    @cached_property
    def titles(self) -> Mapping[str, str]:
        return {column.field: column.headers[0] for column in self.columns}

    def title(self, field: str) -> str:
        return self.titles[field]

    @property
    def needed(self) -> tuple[str, ...]:
        return tuple(column.headers[0] for column in self.columns if column.needed)


def _column(headers: str, field: str, reader: Reader = text, *, needed: bool = False) -> Column:
    return Column(
        headers=tuple(headers.split("|")),
        field=field,
        reader=_needed(reader) if needed else reader,
        needed=needed,
        filled=reader,
    )


def _needed(reader: Reader) -> Reader:
    return needed_text if reader is text else required(reader)


_SUBJECTS = (
    _column(
        "单位名称|企业名称|排污单位名称|污染源名称|企业全称|单位全称|公司名称|排污单位|单位详细名称|名称",
        "name",
        needed=True,
    ),
    _column(
        "统一社会信用代码|信用代码|社会信用代码|统一信用代码|统一社会信用代码/组织机构代码",
        "uscc",
        coded(uscc_problem),
    ),
    _column("固定污染源编码|排污单位编码|污染源编码", "site_code", coded(site_code_problem)),
    _column("排污许可证编号|许可证编号|许可证号", "permit_number"),
    _column(
        "许可证有效期至|许可证有效期|有效期限|许可证有效期限|有效期止",
        "permit_valid_until",
        last_day,
    ),
    _column("登记编号|排污登记编号|登记回执编号", "registration_number"),
    _column("行政区划|行政区划代码|区划代码", "region_code"),
    _column("片区|网格|街道|分布区域|所属乡镇|所属街道|所在片区", "grid"),
    _column("行业代码|行业类别代码|国民经济行业代码", "industry_code"),
    _column("项目建设情况|建设情况", "construction_stage", Word(terms.ConstructionStage)),
    _column("排放污染物类型|污染物类型", "pollutant_types", Words(terms.PollutantType)),
    _column("生产规模|企业规模", "scale", Word(terms.Scale)),
    _column("生产周期特点|生产周期", "production_cycle", Word(terms.ProductionCycle)),
    _column("监控类型|监控方式", "monitoring_types", Words(terms.MonitoringType)),
    _column(
        "排污许可管理类别|管理类别|许可管理类别",
        "permit_category",
        Word(terms.PermitCategory),
        needed=True,
    ),
    _column("环境监管重点单位类型|重点单位类型", "key_unit_types", Words(terms.KeyUnitType)),
    _column("绩效分级|重污染天气绩效分级", "performance_grade", Word(terms.PerformanceGrade)),
    _column("环境风险等级|风险等级", "risk_level", Word(terms.RiskLevel)),
    _column("生产状态|存续状态|经营状态", "operating_status", Word(terms.OperatingStatus)),
    _column("不参与双随机", "is_excluded", yes),
    _column("不参与理由", "exclusion_reason"),
    _column("法定代表人|法定代表人（负责人）|负责人", "legal_representative"),
    _column("联系方式|联系电话|电话", "contact"),
    _column("生产经营地址|生产经营场所地址|生产地址|地址|详细地址|住所", "address"),
    _column("经度|中心经度|生产经营场所中心经度|经度坐标|所在地经度", "longitude", degree),
    _column("纬度|中心纬度|生产经营场所中心纬度|纬度坐标|所在地纬度", "latitude", degree),
    _column("坐标系|坐标系统|坐标类型", "coordinate_system", system),
)
_INSPECTORS = (
    _column("姓名", "name", needed=True),
    _column("科室代码|单位代码|科室", "unit", needed=True),
    _column("职务岗位|职务|岗位", "post"),
    _column("登录名", "login"),
    _column("执法证号|行政执法证号", "enforcement_card_no"),
    _column("工作证号", "work_card_no"),
    _column("具有行政执法资格|执法资格|是否持证", "is_certified", yes),
    _column("执法证有效期|证件有效期|有效期至", "card_valid_until", day),
    _column("行政区域|片区", "areas", parts),
    _column("业务专长|专长", "expertise", Words(terms.PollutantType)),
    _column("在岗状态|在岗情况", "duty_status", Word(terms.DutyStatus)),
    _column("离岗起", "away_since", day),
    _column("离岗止", "away_until", day),
)
_ITEMS = (
    _column("抽查类别编码|类别编码|类别代码", "group_code"),
    _column("抽查类别名称|抽查类别|类别名称|抽查领域|抽查项目", "group_name", needed=True),
    _column("责任科室代码|责任科室|科室代码|科室", "unit", needed=True),
    _column("事项名称|抽查事项|抽查事项名称|检查事项", "name", needed=True),
    _column("事项类别", "tier", Word(terms.ItemTier)),
    _column("检查依据|依据", "legal_basis"),
    _column("检查方式|抽查方式", "method"),
    _column("检查内容及要求|检查内容|抽查内容|检查要点", "content"),
    _column("应取证据|需取证据|证据要求|取证要求", "evidence_required"),
    _column("依据条文|条文内容|法条原文", "law_text"),
    _column("填写前提|前提|前置条件|前置事项", "asked_when", asked),
    _column("备注", "note"),
    _column("适用污染物类型", "pollutant_types", Words(terms.PollutantType)),
    _column("适用许可管理类别|适用管理类别", "permit_categories", Words(terms.PermitCategory)),
    _column("适用监控类型", "monitoring_types", Words(terms.MonitoringType)),
)
_WHO = (
    _column("单位名称|企业名称|名称", "subject_name"),
    _column("统一社会信用代码|信用代码", "subject_uscc", coded(uscc_problem)),
    _column("固定污染源编码|排污单位编码", "subject_site_code", coded(site_code_problem)),
)


def _fact(field: str) -> tuple[tuple[str, ...], ...]:
    """Identities of a record about a subject: the subject by what is filled, and one field."""
    return (
        ("subject_site_code", field),
        ("subject_uscc", "subject_name", field),
        ("subject_name", field),
    )


LAYOUTS: Mapping[ImportKind, Layout] = {
    ImportKind.SUBJECTS: Layout(
        columns=_SUBJECTS, identities=(("site_code",), ("uscc", "name"), ("name",))
    ),
    ImportKind.INSPECTORS: Layout(
        columns=_INSPECTORS,
        identities=(("enforcement_card_no",), ("work_card_no",), ("name", "unit")),
    ),
    ImportKind.ITEMS: Layout(columns=_ITEMS, identities=(("group_name", "name"),)),
    ImportKind.PENALTIES: Layout(
        columns=(
            *_WHO,
            _column("处罚决定书文号|决定书文号|文号", "document_number", needed=True),
            _column("处罚决定日期|决定日期|处罚日期", "decision_date", day, needed=True),
            _column("撤销日期", "revoked_on", day),
        ),
        identities=_fact("document_number"),
    ),
    ImportKind.COMPLAINTS: Layout(
        columns=(
            *_WHO,
            _column("举报编号|信访编号|编号", "number", needed=True),
            _column("办结日期|办结时间", "closed_on", day, needed=True),
            _column("查处结论|是否属实", "verdict", Word(terms.ComplaintVerdict), needed=True),
            _column("存在环境违法|是否违法", "is_violation", yes, needed=True),
        ),
        identities=_fact("number"),
    ),
    ImportKind.CREDITS: Layout(
        columns=(
            *_WHO,
            _column("信用等级|评价等级", "level", Word(terms.CreditLevel), needed=True),
            _column("评价日期|评价时间", "rated_on", day, needed=True),
            _column("依据|评价依据", "evidence"),
        ),
        identities=_fact("rated_on"),
    ),
    ImportKind.SUPERVISED_CASES: Layout(
        columns=(
            *_WHO,
            _column("督办文号|文号", "number", needed=True),
            _column("督办级别", "supervised_by", Word(terms.SupervisedBy), needed=True),
            _column("挂牌日期", "since", day, needed=True),
            _column("摘牌日期", "lifted_on", day),
        ),
        identities=_fact("number"),
    ),
    ImportKind.POSITIVE_LIST: Layout(
        columns=(
            *_WHO,
            _column("列入理由|列入依据", "basis", needed=True),
            _column("列入日期", "since", day, needed=True),
            _column("移出日期", "until", day),
        ),
        identities=_fact("since"),
    ),
    ImportKind.GRADES: Layout(
        columns=(
            *_WHO,
            _column(
                "绩效分级|绩效等级|评定等级", "grade", Word(terms.PerformanceGrade), needed=True
            ),
            _column("评定日期|评级日期|公布日期", "since", day, needed=True),
            _column("有效期止|有效期至|到期日期", "until", day),
            _column("依据|评定依据|文号", "evidence"),
        ),
        identities=_fact("since"),
    ),
    ImportKind.VISITS: Layout(
        columns=(
            *_WHO,
            _column("检查日期|结束日期|检查时间", "ended_on", day, needed=True),
            _column("检查类别|检查类型", "inspection_kind", Word(terms.InspectionKind)),
            _column("检查人员|执法人员|检查人", "people", parts, needed=True),
            _column("检查编号|任务编号|记录编号", "number"),
        ),
        identities=(
            ("number",),
            ("subject_site_code", "ended_on", "inspection_kind"),
            ("subject_uscc", "subject_name", "ended_on", "inspection_kind"),
            ("subject_name", "ended_on", "inspection_kind"),
        ),
    ),
    ImportKind.ASSISTANTS: Layout(
        columns=(
            _column("委托单位|单位名称|所属单位|机构名称", "body", needed=True),
            _column("姓名", "name", needed=True),
            _column("专业|业务专长", "expertise"),
            _column("委托书编号|授权书编号|委托编号", "number", needed=True),
            _column("委托起|委托日期|有效期起", "since", day, needed=True),
            _column("委托止|有效期止|有效期至", "until", day, needed=True),
            _column("协助范围|委托事项", "scope", needed=True),
            _column("单位资质|资质", "qualification"),
            _column("已公示|是否公示", "is_published", yes),
        ),
        identities=(("name", "body"),),
    ),
}
