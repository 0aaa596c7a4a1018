"""The words of clues: where one comes from, how far it has come, and why it ended as it did."""

from gongchou.core.terms import Term


class ClueOrigin(Term):
    """What brought a clue to the desk."""

    RULE = "rule", "监测规则"
    MOBILE_LAB = "mobile_lab", "走航监测"
    DRONE = "drone", "无人机"
    VIDEO = "video", "视频识别"
    LETTER = "letter", "群众举报"
    SEEN = "seen", "检查途中发现"
    HISTORY = "history", "随机检查历史"


class Channel(Term):
    """Ways of knowing that do not depend on one another; ten alarms of one are still one."""

    MONITORING = "monitoring", "自动监测"
    POWER = "power", "用电监控"
    MOBILE = "mobile", "走航"
    DRONE = "drone", "无人机"
    VIDEO = "video", "视频"
    COMPLAINT = "complaint", "信访举报"
    OFFICER = "officer", "执法人员所见"
    HISTORY = "history", "随机检查历史"


class PollutantFamily(Term):
    """What a suspicion is about; `working` goes with every other."""

    GAS = "gas", "废气"
    ODOUR = "odour", "异味和挥发性有机物"
    DUST = "dust", "颗粒物和扬尘"
    WATER = "water", "废水"
    NOISE = "noise", "噪声"
    WASTE = "waste", "固体废物"
    WORKING = "working", "工况和数据"


class ClueState(Term):
    """How far a clue has come."""

    GENERATED = "generated", "已生成"
    SCREENED = "screened", "自动核验"
    PENDING = "pending", "待研判"
    EXCLUDED = "excluded", "已排除"
    WATCHED = "watched", "观察"
    EXPLAINING = "explaining", "企业说明"
    TO_OFFSITE = "to_offsite", "转非现场核查"
    TO_ONSITE = "to_onsite", "转现场检查"
    VERIFYING = "verifying", "核查中"
    CONFIRMED = "confirmed", "查实"
    UNCONFIRMED = "unconfirmed", "未查实"
    UNVERIFIABLE = "unverifiable", "无法核实"
    ARCHIVED = "archived", "已归档"


class ExclusionReason(Term):
    """Why a clue was put away without being looked into."""

    EXPLAINED = "explained", "有合理解释"
    FALSE_ALARM = "false_alarm", "规则误报"
    DEVICE_FAULT = "device_fault", "设备故障"
    LATE_DATA = "late_data", "补传数据后不再成立"
    DUPLICATE = "duplicate", "与其他线索重复"
    ELSEWHERE = "elsewhere", "不属本机关管辖"
    TOO_VAGUE = "too_vague", "内容无法核对"
    EXPIRED = "expired", "观察期满无新情况"


class UnconfirmedReason(Term):
    """Why nothing was found; not found is not the same as false."""

    MENDED = "mended", "已整改"
    STOPPED = "stopped", "停产"
    DEVICE_FAULT = "device_fault", "设备故障"
    FALSE_ALARM = "false_alarm", "规则误报"
    NOT_FOUND = "not_found", "现场未见异常"


class ScoreColour(Term):
    RED = "red", "红"
    ORANGE = "orange", "橙"
    YELLOW = "yellow", "黄"
    GREY = "grey", "灰"


class InletKind(Term):
    """What kind of file may be handed in from outside."""

    PATROL = "patrol", "走航监测记录"
    DRONE = "drone", "无人机发现"
    VIDEO = "video", "视频识别记录"
    COMPLAINT = "complaint", "信访转办件"
    WIND = "wind", "气象站风记录"
    CAMERAS = "cameras", "摄像头对照表"


class SightingState(Term):
    """Whether a person has looked at what a machine or a list reported."""

    WAITING = "waiting", "待确认"
    CONFIRMED = "confirmed", "已确认"
    DISMISSED = "dismissed", "不予采用"


class DroneClass(Term):
    OPEN_BURNING = "open_burning", "露天焚烧"
    BARE_PILE = "bare_pile", "裸露堆场"
    HIDDEN_OUTLET = "hidden_outlet", "偷排口"
    BLACK_SMOKE = "black_smoke", "黑烟"


class ComplaintClass(Term):
    ODOUR = "odour", "异味"
    NOISE = "noise", "噪声"
    DUST = "dust", "扬尘"
    WATER = "water", "废水"
    OTHER = "other", "其他"


class RemoteCheckState(Term):
    REQUESTED = "requested", "待批准"
    APPROVED = "approved", "待连线"
    REFUSED = "refused", "不予批准"
    HELD = "held", "已完成"


class RemoteConclusion(Term):
    NORMAL = "normal", "未见异常"
    REMIND = "remind", "提醒整改"
    GO_ON_SITE = "go_on_site", "转现场检查"
    BROKEN_OFF = "broken_off", "连线中断，未能核查"


class TargetedListState(Term):
    PROPOSED = "proposed", "待批准"
    APPROVED = "approved", "已批准"
    REFUSED = "refused", "不予批准"
