"""The words of monitoring rules: what a line does, what was filed, what an order says."""

from gongchou.core.terms import Term


class OutletKind(Term):
    AIR = "air", "废气排放口"
    WATER = "water", "废水排放口"
    FURNACE = "furnace", "焚烧炉"


class LineKind(Term):
    """What a sub-meter measures."""

    TOTAL = "total", "总表"
    PRODUCING = "producing", "产污设施"
    TREATING = "treating", "治污设施"
    COMBINED = "combined", "产治一体"
    INDIRECT = "indirect", "间接"


class GroupNeed(Term):
    """Whether all treatments of a group must run, or one of them is enough."""

    ALL = "all", "全部运行"
    ANY = "any", "任一运行"


class FilingKind(Term):
    """What a unit has filed about its facilities or analysers, or marked in its data."""

    MAINTENANCE = "maintenance", "检修"
    FAULT = "fault", "故障"
    STOPPED = "stopped", "停产"
    SHIFT = "shift", "班次"
    CALIBRATION = "calibration", "校准计划"
    OPERATION = "operation", "运维"
    SUPPLEMENT = "supplement", "补录"
    EXEMPT = "exempt", "许可豁免时段"
    STARTING = "starting", "启炉"
    STOPPING = "stopping", "停炉"
    DRYING = "drying", "烘炉"
    COOLING = "cooling", "停炉降温"
    OUT_OF_USE = "out_of_use", "停运"


class OrderKind(Term):
    """What an emergency order asks of a line."""

    STOP = "stop", "停产"
    LIMIT = "limit", "限产"


class RuleFamily(Term):
    """What kind of wrong a rule looks for; a simulated wrong is matched by family."""

    LIMITS = "limits", "超标"
    STILL = "still", "数值异常"
    LOGIC = "logic", "逻辑矛盾"
    MARKS = "marks", "标记与停运"
    COMPLETENESS = "completeness", "传输与时钟"
    ALTERED = "altered", "篡改"
    TREATMENT = "treatment", "治污设施运行"
    CURTAILMENT = "curtailment", "停限产"
    METERING = "metering", "计量与用电"


class JudgedEvery(Term):
    HOUR = "hour", "每小时"
    DAY = "day", "每日"


class EntryKind(Term):
    """What a bureau enters about a site so that its data can be judged."""

    OUTLET = "outlet", "排放口与限值"
    METER = "meter", "分表"
    GROUP = "group", "设施组合"
    STATES = "states", "运行状态"
    FILING = "filing", "报备"
    ORDER = "order", "应急令"
    SITE = "site", "用电概况"


class VersionState(Term):
    """Where a bureau's own version of a rule stands."""

    WAITING = "waiting", "待第二人同意"
    IN_FORCE = "in_force", "已生效"
    REFUSED = "refused", "不同意"
