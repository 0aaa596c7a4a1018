"""Every enumerated word of the trade: English value, one Chinese label (`docs/glossary.md`)."""

from enum import StrEnum
from typing import Self


class Term(StrEnum):
    """A word of the glossary: the member is its stored value, `label` its one Chinese name."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member


# -- Programme and organisation


class BureauLevel(Term):
    PROVINCE = "province", "省级"
    CITY = "city", "市级"
    DISTRICT = "district", "区县级"


class Role(Term):
    ADMIN = "admin", "系统管理员"
    OFFICE = "office", "负责科室人员"
    LEADER = "leader", "批准领导"
    SECRECY = "secrecy", "保密小组成员"
    WITNESS = "witness", "现场监督人员"
    INSPECTOR = "inspector", "检查人员"
    REVIEWER = "reviewer", "审核人员"
    PUBLISHER = "publisher", "公示人员"
    PARTNER = "partner", "配合部门人员"
    SUPERIOR = "superior", "上级机关人员"
    SECURITY = "security", "安全管理员"
    AUDITOR = "auditor", "审计人员"


# -- Registers


class ItemTier(Term):
    ORDINARY = "ordinary", "一般检查事项"
    PRIORITY = "priority", "重点检查事项"


class OperatingStatus(Term):
    OPERATING = "operating", "正常"
    STOPPED_TEMPORARY = "stopped_temporary", "停产（临时）"
    STOPPED_LONG = "stopped_long", "停产（长期）"
    RELOCATED = "relocated", "搬迁"
    CLOSED = "closed", "关闭"
    DEREGISTERED = "deregistered", "注销"


class DutyStatus(Term):
    ON_DUTY = "on_duty", "在岗"
    LEAVE = "leave", "请假"
    SECONDED = "seconded", "借调"
    LEFT = "left", "离岗"


class RecusalReason(Term):
    KIN = "kin", "近亲属"
    INTEREST = "interest", "利害关系"
    FORMER = "former", "曾任职"
    REPEAT = "repeat", "近期已查"
    OTHER = "other", "其他"


class RecusalState(Term):
    DECLARED = "declared", "待确认"
    CONFIRMED = "confirmed", "已确认"
    REFUSED = "refused", "不予回避"
    ENDED = "ended", "已终止"


class DesignationState(Term):
    PROPOSED = "proposed", "待批准"
    APPROVED = "approved", "已批准"
    REFUSED = "refused", "不予批准"
    ENDED = "ended", "已终止"


class ItemListState(Term):
    DRAFT = "draft", "草拟"
    APPROVED = "approved", "已批准"
    PUBLISHED = "published", "已公布"
    SUPERSEDED = "superseded", "已替代"
    VOID = "void", "已作废"


class ImportKind(Term):
    SUBJECTS = "subjects", "检查对象"
    INSPECTORS = "inspectors", "检查人员"
    ASSISTANTS = "assistants", "辅助检查人员"
    ITEMS = "items", "抽查事项清单"
    PENALTIES = "penalties", "行政处罚"
    COMPLAINTS = "complaints", "信访举报"
    CREDITS = "credits", "信用评价"
    SUPERVISED_CASES = "supervised_cases", "挂牌督办"
    POSITIVE_LIST = "positive_list", "正面清单"
    GRADES = "grades", "绩效分级"
    VISITS = "visits", "历史检查"


class RowOutcome(Term):
    ACCEPTED = "accepted", "新增"
    UPDATED = "updated", "更新"
    UNCHANGED = "unchanged", "未变"
    DUPLICATE = "duplicate", "重复"
    REJECTED = "rejected", "退回"


# -- Tags of a subject


class ConstructionStage(Term):
    PLANNED = "planned", "未建"
    BUILDING = "building", "在建"
    TRIAL = "trial", "试生产（调试）"
    IN_OPERATION = "in_operation", "已投产"
    EXPANDING = "expanding", "扩建改建"


class PollutantType(Term):
    WASTE_GAS = "waste_gas", "废气"
    WASTE_WATER = "waste_water", "废水"
    NOISE = "noise", "噪声"
    SOLID_WASTE = "solid_waste", "一般固废"
    HAZARDOUS_WASTE = "hazardous_waste", "危废"
    SOIL = "soil", "土壤"
    RADIATION = "radiation", "辐射"


class Scale(Term):
    LARGE = "large", "大"
    MEDIUM = "medium", "中"
    SMALL = "small", "小"
    MICRO = "micro", "微"


class ProductionCycle(Term):
    CONTINUOUS = "continuous", "连续"
    INTERMITTENT = "intermittent", "间歇"
    SEASONAL = "seasonal", "季节性"
    ON_ORDER = "on_order", "订单式"
    NIGHT = "night", "夜间"


class MonitoringType(Term):
    AUTO_AIR = "auto_air", "自动监控（废气）"
    AUTO_WATER = "auto_water", "自动监控（废水）"
    SUB_METERING = "sub_metering", "分表计电"
    VIDEO = "video", "视频"
    PROCESS = "process", "其他工况"
    NONE = "none", "无"


class PermitCategory(Term):
    KEY = "key", "重点管理"
    SIMPLIFIED = "simplified", "简化管理"
    REGISTERED = "registered", "登记管理"
    NONE = "none", "无需办理"


class KeyUnitType(Term):
    WATER = "water", "水环境重点排污单位"
    GROUNDWATER = "groundwater", "地下水污染防治重点排污单位"
    AIR = "air", "大气环境重点排污单位"
    NOISE = "noise", "噪声重点排污单位"
    SOIL = "soil", "土壤污染重点监管单位"
    RISK = "risk", "环境风险重点管控单位"


class CreditLevel(Term):
    A = "A", "A级"
    B = "B", "B级"
    C = "C", "C级"
    D = "D", "D级"
    E = "E", "E级"
    UNRATED = "unrated", "未评价"


class SupervisedBy(Term):
    MINISTRY = "ministry", "生态环境部"
    PROVINCE = "province", "省厅"
    CITY = "city", "市局"


class ComplaintVerdict(Term):
    """Stored as text, never as a boolean."""

    TRUE = "true", "属实"
    MOSTLY_TRUE = "mostly_true", "基本属实"
    PARTLY_TRUE = "partly_true", "部分属实"
    FALSE = "false", "不属实"


class PerformanceGrade(Term):
    A = "A", "A级"
    B = "B", "B级"
    B_MINUS = "B-", "B-级"
    C = "C", "C级"
    D = "D", "D级"
    LEADING = "leading", "绩效引领性"
    NON_LEADING = "non_leading", "非引领性"
    LIVELIHOOD = "livelihood", "民生保障"
    SMALL_MICRO = "small_micro", "小微涉气"
    NONE = "none", "无"


class RiskLevel(Term):
    GENERAL = "general", "一般"
    LARGER = "larger", "较大"
    MAJOR = "major", "重大"


class CoordinateSystem(Term):
    """In which system coordinates are given; the register keeps WGS84 alone."""

    WGS84 = "wgs84", "WGS84（国家2000）"
    GCJ02 = "gcj02", "GCJ-02（高德、腾讯地图）"
    BD09 = "bd09", "BD-09（百度地图）"


# -- Classification and plan


class SubjectClass(Term):
    KEY = "key", "重点监管对象"
    SPECIAL = "special", "特殊监管对象"
    GENERAL = "general", "一般监管对象"


class Stratum(Term):
    SPECIAL = "special", "特殊"
    GENERAL_LISTED = "general_listed", "一般（正面清单内）"
    KEY = "key", "重点"
    GENERAL_UNLISTED = "general_unlisted", "一般（正面清单外）"


class TaskMode(Term):
    DIRECTED = "directed", "定向"
    UNDIRECTED = "undirected", "不定向"


class JointKind(Term):
    NONE = "none", "非联合"
    JOINT_INTERNAL = "joint_internal", "内部联合"
    JOINT_CROSS_DEPT = "joint_cross_dept", "部门联合"


class Rotation(Term):
    NONE = "none", "不轮换"
    YEAR_RESERVE = "year_reserve", "年内未查保留份额"
    YEAR_FRESH_FIRST = "year_fresh_first", "年内未查优先"
    TWO_QUARTERS_FRESH_FIRST = "two_quarters_fresh_first", "两季内未查优先"
    YEAR_NO_REPEAT = "year_no_repeat", "年内不重复"


class PlanState(Term):
    DRAFT = "draft", "草拟"
    FROZEN = "frozen", "已锁定"
    APPROVED = "approved", "已批准"
    VOID = "void", "作废"


# -- Draw


class DrawMode(Term):
    SYSTEM = "system", "系统抽取"
    MANUAL_BALLOT = "manual_ballot", "人工摇号"


class DrawState(Term):
    FROZEN = "frozen", "已冻结"
    ANNOUNCED = "announced", "已公告"
    CLOSED = "closed", "已收口"
    DRAWN = "drawn", "已抽取"
    SEALED = "sealed", "已密封"
    PUBLISHED = "published", "已公开"
    VOID = "void", "作废"


class VoidGround(Term):
    """Why a draw may still end after its closing value exists."""

    NO_TEAM = "no_team", "按抽取结果组不成检查组"
    SHARE_LOST = "share_lost", "随机贡献和托管份额都已丢失"
    KEYS_LOST = "keys_lost", "保管口令都已遗失，名单打不开"


class VoidState(Term):
    """How far an application to void a closed draw has come."""

    REQUESTED = "requested", "待两人同意"
    APPROVED = "approved", "待上级决定"
    DONE = "done", "已作废"
    REFUSED = "refused", "不予作废"


class OpeningPurpose(Term):
    """What two custodians open the sealed list for."""

    RELEASE = "release", "启封检查"
    SUBSTITUTE = "substitute", "补抽"
    RESEAT = "reseat", "补派人员"
    ESCROW = "escrow", "打开托管份额"
    PUBLISH = "publish", "公开抽取记录"


class OpeningState(Term):
    REQUESTED = "requested", "待第一位保管人"
    AUTHORISED = "authorised", "待第二位保管人"
    DONE = "done", "已开启"
    REFUSED = "refused", "不同意开启"


class ExcuseReason(Term):
    """Why a drawn subject cannot be visited and its place goes to the next ticket."""

    CLOSED = "closed", "已关闭"
    RELOCATED = "relocated", "已搬迁"
    DEREGISTERED = "deregistered", "已注销"
    STOPPED = "stopped", "停产无法检查"
    UNREACHABLE = "unreachable", "无法联系"


class AbsenceReason(Term):
    """Why a drawn officer cannot go and the place is filled by the draw's own rule."""

    ILL = "ill", "因病"
    LEAVE = "leave", "请假"
    DUTY = "duty", "另有公务"
    RECUSED = "recused", "抽取后申报回避"
    UNQUALIFIED = "unqualified", "执法资格失效"
    MOVED = "moved", "调离或暂停检查"
    OTHER = "other", "其他"


# -- Visit, record


class InspectionKind(Term):
    DAILY = "daily", "日常"
    SPECIAL_CAMPAIGN = "special_campaign", "专项"
    CASE = "case", "个案"


class VisitState(Term):
    SEALED = "sealed", "待启封"
    RELEASED = "released", "已启封"
    DISPATCHED = "dispatched", "已派发"
    ACCEPTED = "accepted", "已接收"
    STARTED = "started", "检查中"
    SUBMITTED = "submitted", "已提交"
    RETURNED = "returned", "退回补正"
    REVIEWED = "reviewed", "已审核"
    VOID = "void", "作废"


class ItemResult(Term):
    NO_PROBLEM = "no_problem", "未发现问题"
    PROBLEM = "problem", "发现问题"
    NA = "na", "不涉及"


class VisitResult(Term):
    NO_PROBLEM = "no_problem", "未发现问题"
    CORRECTED_ON_SPOT = "corrected_on_spot", "已当场改正"
    ORDERED_CORRECT = "ordered_correct", "责令改正（限期）"
    CASE_FILED = "case_filed", "立案处罚"
    TRANSFERRED = "transferred", "移送"
    REFUSED = "refused", "不配合检查"
    NOT_OPERATING = "not_operating", "停产未生产"
    CLOSED_OR_MOVED = "closed_or_moved", "关闭、搬迁或无法联系"
    OTHER = "other", "其他"


class SignStatus(Term):
    SIGNED = "signed", "已签字"
    STAMPED = "stamped", "已盖章"
    REFUSED = "refused", "拒绝"
    ABSENT = "absent", "不在场"
    UNABLE = "unable", "无法签章"


class SignerRole(Term):
    """In which capacity somebody signs a record."""

    INSPECTOR = "inspector", "检查人员"
    LEGAL_REPRESENTATIVE = "legal_representative", "法定代表人（负责人）"
    SITE_MANAGER = "site_manager", "现场负责人"


class RevisionKind(Term):
    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "提交稿"
    SUPPLEMENT = "supplement", "补正稿"


class EvidenceKind(Term):
    PHOTO = "photo", "照片"
    VIDEO = "video", "录像"
    AUDIO = "audio", "录音"
    COPY = "copy", "书证复制件"
    SAMPLE = "sample", "采样单"


class OperationKind(Term):
    """What an officer does on the phone, and the phone sends when it can."""

    ACCEPT = "accept", "接收检查"
    BRIEFING = "briefing", "确认检查前学习"
    ARRIVE = "arrive", "登记到场"
    EVIDENCE = "evidence", "添加证据"
    SAVE = "save", "保存记录"
    CLUE = "clue", "登记线索"
    SIGN = "sign", "签字"
    RECORDING = "recording", "登记执法记录仪录像"
    SUBMIT = "submit", "提交记录"


class ReceiptWay(Term):
    """Where a dispatch reached an officer."""

    PHONE = "phone", "手机领取"
    PAGE = "page", "打开页面"


class VisitWait(Term):
    """What a visit that stands still waits for."""

    RECEIPT = "receipt", "每人收到派发"
    ACCEPTANCE = "acceptance", "接收检查"
    ARRIVAL = "arrival", "登记到场"
    SUBMISSION = "submission", "提交记录"


class CardLevel(Term):
    """How urgent a reminder is."""

    YELLOW = "yellow", "黄牌提醒"
    RED = "red", "红牌督办"


class SigningWay(Term):
    """By what an officer proved to be the one who signed a record."""

    LOGIN = "login", "本人登录"
    PIN = "pin", "本人签字口令"


class OperationOutcome(Term):
    """What became of an act that a phone sent."""

    APPLIED = "applied", "已办理"
    VERSIONED = "versioned", "已存为新版本"
    ASIDE = "aside", "已留存待核对"


class CorrectionState(Term):
    OPEN = "open", "改正中"
    CLOSED = "closed", "已改正"


class TransferKind(Term):
    """What a matter is handed over for; one handed over for credit stays with the bureau."""

    CASE = "case", "移送办案"
    PENALTY = "penalty", "移送处罚"
    CREDIT = "credit", "送信用管理"
    OTHER = "other", "移送其他机关"


class Delivery(Term):
    DIRECT = "direct", "直接"
    LEFT = "left", "留置"
    POST = "post", "邮寄"
    ELECTRONIC = "electronic", "电子"
    PUBLIC_NOTICE = "public_notice", "公告"


# -- Off-site supervision


class OffsiteConclusion(Term):
    NORMAL = "normal", "正常"
    REMIND = "remind", "提醒"
    GO_ON_SITE = "go_on_site", "转现场"
    INSUFFICIENT_DATA = "insufficient_data", "数据不足"


class OffsiteCheckState(Term):
    RECORDED = "recorded", "待结论"
    CONCLUDED = "concluded", "已作结论"
    SUPERSEDED = "superseded", "已替代"


class SourceKind(Term):
    """What an off-site check may have read; the last three are documents."""

    AUTO_MONITORING = "auto_monitoring", "在线监测"
    SUB_METERING = "sub_metering", "分表计电"
    VIDEO = "video", "视频监控"
    PROCESS = "process", "其他工况监控"
    REMOTE = "remote", "远程核查"
    EXECUTION_REPORT = "execution_report", "执行报告"
    LEDGER = "ledger", "环境管理台账"
    SELF_MONITORING = "self_monitoring", "自行监测"


class DataFlag(Term):
    N = "N", "正常"
    F = "F", "停运"
    M = "M", "维护"
    S = "S", "手工设定"
    D = "D", "故障"
    C = "C", "校准"
    T = "T", "超上限"
    B = "B", "通讯异常"


# -- Public, report


class PublicationKind(Term):
    ITEM_LIST = "item_list", "抽查事项清单"
    ANNUAL_PLAN = "annual_plan", "年度抽查计划"
    QUARTER_PLAN = "quarter_plan", "季度抽查计划"
    ANNOUNCEMENT = "announcement", "抽取公告"
    DRAW_RECORD = "draw_record", "抽取全记录"
    LOG_HEAD = "log_head", "抽取日志树根"
    CHECKPOINT = "checkpoint", "留痕校验点"
    RESULT_NOTICE = "result_notice", "抽查结果公示表"
    STATISTICS = "statistics", "统计表"
    RATES = "rates", "真实违法率推算"


class PublicationState(Term):
    PENDING = "pending", "待批准"
    RETURNED = "returned", "已退回"
    APPROVED = "approved", "已批准"
    PUBLISHED = "published", "已公示"
    WITHDRAWN = "withdrawn", "已撤下"


class IntakeKind(Term):
    """What an outsider sends in; a rating leaves no letter."""

    COMPLAINT = "complaint", "群众举报"
    EXPLANATION = "explanation", "情况说明"
    APPEAL = "appeal", "申诉"
    MENDING = "mending", "整改材料"


class IntakeState(Term):
    RECEIVED = "received", "已收到"
    TAKEN = "taken", "正在办理"
    ANSWERED = "answered", "已答复"


class IntakeOutcome(Term):
    """How a letter was settled."""

    ACCEPTED = "accepted", "采纳"
    PARTLY_ACCEPTED = "partly_accepted", "部分采纳"
    NOT_ACCEPTED = "not_accepted", "不采纳"
    CLUE = "clue", "列为检查线索"
    ELSEWHERE = "elsewhere", "转交其他机关"


class LetterProgress(Term):
    """What became of a complaint that was taken up as a clue, in words its sender may read."""

    CLUE_OPENED = "clue_opened", "已登记为检查线索"
    CHECKED = "checked", "现场检查已完成"
    CLUE_CLOSED = "clue_closed", "线索已核实"


class RatingQuestion(Term):
    """What an enterprise is asked about a visit, each with yes or no."""

    SHOWED_CARDS = "showed_cards", "检查前出示了执法证件"
    KEPT_TO_ITEMS = "kept_to_items", "只查了通知书上写明的事项"
    WAS_FAIR = "was_fair", "检查客观公正、态度规范"
    NO_BURDEN = "no_burden", "没有提出与检查无关的要求"


class StatisticsVersion(Term):
    PRELIMINARY = "preliminary", "初报"
    CORRECTED = "corrected", "更正"


class PackagePart(Term):
    """What a quarter's package to the superior consists of."""

    STATISTICS = "statistics", "季度统计表"
    SUMMARY = "summary", "季度工作总结"
    SUBJECTS = "subjects", "检查对象汇总表"
    PUBLICITY = "publicity", "公示截图"


class PackageForm(Term):
    """The forms in which a part is sent."""

    ELECTRONIC = "electronic", "电子文件"
    SCAN = "scan", "盖章扫描件"
    SCREENSHOT = "screenshot", "网页截图"


class PackageState(Term):
    INCOMPLETE = "incomplete", "材料不齐"
    READY = "ready", "可以报送"
    SENT = "sent", "已报送"
    RECEIVED = "received", "已签收"


class ScanCheck(Term):
    """How it was told that a file is of the same thing."""

    GENERATED = "generated", "系统生成"
    CODE_READ = "code_read", "识别核对码"
    CODE_TYPED = "code_typed", "人工录入核对码"
    SEEN = "seen", "加入人查看"


class Measure(Term):
    """What a fact of the statistics counts."""

    SUBJECTS = "subjects", "对象库总数"
    BASE = "base", "抽查基数"
    PEOPLE = "people", "人员库人数"
    OWED = "owed", "应抽家数"
    DRAWN = "drawn", "实抽家数"
    DONE = "done", "按期完成家数"
    DONE_LATE = "done_late", "逾期完成家数"
    VISITS = "visits", "随机抽查家次"
    OTHER_VISITS = "other_visits", "专项和个案检查家次"
    TIERED = "tiered", "分级分类家次"
    OWN_VISITS = "own_visits", "本单位随机抽查家次"
    JOINT_INTERNAL = "joint_internal", "内部联合家次"
    CROSS_SESSIONS = "cross_sessions", "部门联合次数"
    CROSS_SUBJECTS = "cross_subjects", "部门联合检查主体数"
    PERSON_TIMES = "person_times", "检查人次"
    PROBLEM_SUBJECTS = "problem_subjects", "发现问题家数"
    PROBLEMS = "problems", "发现问题数"
    ORDERED = "ordered", "责令改正家次"
    CASES = "cases", "立案家次"
    PENALTY_FEN = "penalty_fen", "罚款金额"
    TRANSFERRED = "transferred", "移送家次"
    OFFSITE_CHECKS = "offsite_checks", "非现场检查家次"
    OFFSITE_COVERED = "offsite_covered", "非现场覆盖家数"
    OFFSITE_SHORT = "offsite_short", "数据不足家次"
    PUBLISH_DUE = "publish_due", "应公示家次"
    PUBLISHED = "published", "按期公示家次"
    PUBLISHED_LATE = "published_late", "逾期公示家次"
    FORMS_IN = "forms_in", "已交记录表家次"


class TrainingKind(Term):
    """What was held: for the own staff, for the public, for one enterprise as a service."""

    STAFF = "staff", "人员培训"
    OUTREACH = "outreach", "宣传活动"
    SERVICE = "service", "帮扶指导"


class RecordKind(Term):
    """What a fact of the statistics was counted from."""

    PLAN = "plan", "季度抽查计划"
    SNAPSHOT = "snapshot", "名录库快照"
    DRAW = "draw", "随机抽取"
    VISIT = "visit", "现场检查"
    OFFSITE_CHECK = "offsite_check", "非现场检查"
    PUBLICATION = "publication", "公示"


class PersonGroup(Term):
    CERTIFIED = "certified", "执法"
    SUPERVISION = "supervision", "日常监管"
    AUXILIARY = "auxiliary", "辅助"


class StandingState(Term):
    """How a clause of the policy stands."""

    MET = "met", "已达标"
    SHORT = "short", "未达标"
    NOT_YET = "not_yet", "进行中"
    NOT_APPLICABLE = "not_applicable", "不适用"
