"""What rosters write for the words of the glossary, and for nothing at all.

Only what can mean one word stands here: 停产 may be short or long, 无 may be no permit or no need
of one; those are refused with the words to choose from. `docs/guide/建库.md` lists them all.
"""

import unicodedata
from collections.abc import Mapping
from functools import cache

from gongchou.core import terms
from gongchou.core.terms import Term

# In a column of words, codes or days these say that there is nothing.
UNFILLED = frozenset(
    ("/", "／", "\\", "-", "－", "--", "—", "——", "无", "暂无", "未填", "长期", "长期有效")
)

# Words of two terms may be equal as texts, so these are pairs and no mapping.
_OTHERS: tuple[tuple[Term, str], ...] = (
    (terms.PermitCategory.KEY, "重点|重点类|重点管理类|重点管理单位"),
    (terms.PermitCategory.SIMPLIFIED, "简化|简化类|简化管理类|简化管理单位"),
    (terms.PermitCategory.REGISTERED, "登记|登记类|登记管理类|排污登记|登记管理单位"),
    (terms.PermitCategory.NONE, "无需|无需许可|无需办理排污许可|豁免|豁免管理"),
    (terms.KeyUnitType.WATER, "水|水重点|水环境|水环境重点|水重点排污单位"),
    (terms.KeyUnitType.GROUNDWATER, "地下水|地下水重点|地下水重点排污单位"),
    (terms.KeyUnitType.AIR, "大气|气|大气重点|大气环境|大气环境重点|大气重点排污单位"),
    (terms.KeyUnitType.NOISE, "噪声|噪声重点|声环境|声环境重点排污单位"),
    (terms.KeyUnitType.SOIL, "土壤|土壤重点|土壤重点监管单位|土壤环境污染重点监管单位"),
    (terms.KeyUnitType.RISK, "风险|环境风险|环境风险重点|环境风险管控单位"),
    (terms.OperatingStatus.OPERATING, "在产|生产|正常生产|正常运行|运行|在营|在业|存续|营业"),
    (terms.OperatingStatus.STOPPED_TEMPORARY, "临时停产|短期停产|暂时停产"),
    (terms.OperatingStatus.STOPPED_LONG, "长期停产"),
    (terms.OperatingStatus.RELOCATED, "已搬迁|搬离|迁出"),
    (terms.OperatingStatus.CLOSED, "已关闭|关停|已关停"),
    (terms.OperatingStatus.DEREGISTERED, "已注销"),
    (terms.ConstructionStage.PLANNED, "未开工|未建设|拟建|筹建"),
    (terms.ConstructionStage.BUILDING, "建设中|正在建设|在建中"),
    (terms.ConstructionStage.TRIAL, "试生产|调试|试运行|调试期"),
    (terms.ConstructionStage.IN_OPERATION, "投产|建成投产|已建成投产|投产运行"),
    (terms.ConstructionStage.EXPANDING, "扩建|改建|改扩建|扩建、改建"),
    (terms.PollutantType.WASTE_GAS, "气|大气|大气污染物"),
    (terms.PollutantType.WASTE_WATER, "水|污水|水污染物"),
    (terms.PollutantType.NOISE, "噪音"),
    (terms.PollutantType.SOLID_WASTE, "固废|一般固体废物|一般工业固废|一般工业固体废物"),
    (terms.PollutantType.HAZARDOUS_WASTE, "危险废物|危险固废"),
    (terms.PollutantType.SOIL, "土壤污染"),
    (terms.Scale.LARGE, "大型|大型企业"),
    (terms.Scale.MEDIUM, "中型|中型企业"),
    (terms.Scale.SMALL, "小型|小型企业"),
    (terms.Scale.MICRO, "微型|微型企业"),
    (terms.ProductionCycle.CONTINUOUS, "连续生产|全年连续"),
    (terms.ProductionCycle.INTERMITTENT, "间歇生产|间断|间断生产"),
    (terms.ProductionCycle.SEASONAL, "季节|季节性生产"),
    (terms.ProductionCycle.ON_ORDER, "订单|按订单|订单生产"),
    (terms.ProductionCycle.NIGHT, "夜间生产"),
    (terms.MonitoringType.AUTO_AIR, "废气自动监控|废气自动监测|废气在线|废气在线监测|废气在线监控"),
    (
        terms.MonitoringType.AUTO_WATER,
        "废水自动监控|废水自动监测|废水在线|废水在线监测|废水在线监控",
    ),
    (terms.MonitoringType.SUB_METERING, "用电监控|用电监管|分表记电"),
    (terms.MonitoringType.VIDEO, "视频监控"),
    (terms.MonitoringType.PROCESS, "工况监控|工况"),
    (terms.PerformanceGrade.A, "A类|A级企业"),
    (terms.PerformanceGrade.B, "B类|B级企业"),
    (terms.PerformanceGrade.B_MINUS, "B-类"),
    (terms.PerformanceGrade.C, "C类|C级企业"),
    (terms.PerformanceGrade.D, "D类|D级企业"),
    (terms.PerformanceGrade.LEADING, "引领性|绩效引领|绩效引领性企业"),
    (terms.PerformanceGrade.NON_LEADING, "非引领|非引领性企业"),
    (terms.PerformanceGrade.LIVELIHOOD, "民生|民生保障类|保民生"),
    (terms.PerformanceGrade.SMALL_MICRO, "小微|小微涉气企业"),
    (terms.PerformanceGrade.NONE, "未评级|未定级|不评级"),
    (terms.RiskLevel.GENERAL, "一般风险|一般环境风险"),
    (terms.RiskLevel.LARGER, "较大风险|较大环境风险"),
    (terms.RiskLevel.MAJOR, "重大风险|重大环境风险"),
    (terms.CreditLevel.A, "A类|良好"),
    (terms.CreditLevel.B, "B类|守信"),
    (terms.CreditLevel.C, "C类|一般失信"),
    (terms.CreditLevel.D, "D类|严重失信"),
    (terms.CreditLevel.E, "E类|黑名单"),
    (terms.CreditLevel.UNRATED, "未评|未参评"),
    (terms.ComplaintVerdict.TRUE, "查证属实|全部属实"),
    (terms.ComplaintVerdict.FALSE, "不实|失实|查无实据"),
    (terms.SupervisedBy.MINISTRY, "部级|部督办"),
    (terms.SupervisedBy.PROVINCE, "省级|省生态环境厅|省督办"),
    (terms.SupervisedBy.CITY, "市级|市生态环境局|市督办"),
    (terms.InspectionKind.DAILY, "日常检查|日常监管|双随机|双随机抽查|随机抽查"),
    (terms.InspectionKind.SPECIAL_CAMPAIGN, "专项检查|专项行动"),
    (terms.InspectionKind.CASE, "个案检查"),
    (terms.DutyStatus.ON_DUTY, "在职|在编在岗|正常"),
    (terms.DutyStatus.LEAVE, "休假|病假|产假|事假"),
    (terms.DutyStatus.SECONDED, "借调外单位|抽调"),
    (terms.DutyStatus.LEFT, "离职|退休|调离|调出"),
    (terms.ItemTier.ORDINARY, "一般|一般事项"),
    (terms.ItemTier.PRIORITY, "重点|重点事项"),
)


@cache
def known(term: type[Term]) -> Mapping[str, Term]:
    """Every way to write the words of a term; label and value first."""
    found = {plain(other): member for member in term for other in others(member)}
    return {**found, **{plain(text): m for m in term for text in (m.value, m.label)}}


def others(member: Term) -> tuple[str, ...]:
    """The other ways to write one word, as the guide lists them."""
    ours = (text for word, text in _OTHERS if type(word) is type(member) and word == member)
    return tuple(filter(None, next(ours, "").split("|")))


def plain(text: str) -> str:
    """Width, blanks, brackets and case are no difference between two ways to write a word."""
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()
