"""Words of oversight: alarms, reports about conduct, re-inspection, assessment, learning."""

from gongchou.core.terms import Term


class AlarmKind(Term):
    """Which rule saw something that somebody should look at."""

    SAME_PAIR = "same_pair", "同一组合重复检查同一单位"
    SEAT_SWAPS = "seat_swaps", "换人次数偏多"
    SHORT_VISIT = "short_visit", "检查时间过短"
    COPIED_TEXT = "copied_text", "记录文字雷同"
    COPIED_PHOTO = "copied_photo", "照片重复使用"
    LATE_PUBLICATION = "late_publication", "逾期未公示"
    OUT_OF_TURN = "out_of_turn", "越权或异常时间查看名单"
    RETALIATION = "retaliation", "反映情况后受到异常对待"
    STANDS_OUT = "stands_out", "检查结果明显异于他人"


class AlarmState(Term):
    RAISED = "raised", "待核查"
    CLOSED = "closed", "已核查"


class AlarmOutcome(Term):
    """What the look into an alarm found."""

    EXPLAINED = "explained", "情况正常"
    REMINDED = "reminded", "已提醒纠正"
    MISCONDUCT = "misconduct", "转违纪办理"


class OversightKey(Term):
    """What a bureau may set for its own oversight; all are whole numbers."""

    PAIR_TIMES = "pair.times", "同一组合到同一单位的次数"
    PAIR_DAYS = "pair.days", "同一组合计算次数的天数"
    SWAP_TIMES = "swap.times", "一人换出换入的次数"
    SWAP_DAYS = "swap.days", "换人计算次数的天数"
    SHORT_MINUTES = "short.minutes", "检查时间下限（分钟）"
    TEXT_LETTERS = "text.letters", "参加比对的最短字数"
    TEXT_PERCENT = "text.percent", "文字雷同的比例（%）"
    PUBLISH_DAYS = "publish.days", "超过公示期限的天数"
    LOOK_TIMES = "look.times", "一天内被拒绝查看的次数"
    NIGHT_FROM = "night.from", "夜间起（时）"
    NIGHT_UNTIL = "night.until", "夜间止（时）"
    RETALIATION_DAYS = "retaliation.days", "反映情况后的观察天数"
    OUTLIER_SCORE = "outlier.score", "偏离程度分值下限"
    OUTLIER_VISITS = "outlier.visits", "参加比较的最少检查次数"
    RECHECK_PERCENT = "recheck.percent", "复查抽取比例（%）"
    ACCEPT_DAYS = "report.accept", "反映受理期限（工作日）"
    CONCLUDE_DAYS = "report.conclude", "反映办结期限（工作日）"
    WEIGHT_ON_TIME = "weight.on_time", "考核权重：按期完成"
    WEIGHT_FORMS = "weight.forms", "考核权重：记录表按期交回"
    WEIGHT_WHOLE = "weight.whole", "考核权重：一次审核通过"
    WEIGHT_FOLLOWED = "weight.followed", "考核权重：发现问题有处理"
    WEIGHT_AGREED = "weight.agreed", "考核权重：复查结论一致"


class AssessmentPoint(Term):
    """What is counted about a person or a section; nothing in it is an opinion."""

    ON_TIME = "on_time", "按期完成"
    FORMS = "forms", "记录表按期交回"
    WHOLE = "whole", "一次审核通过"
    FOLLOWED = "followed", "发现问题有处理"
    AGREED = "agreed", "复查结论一致"


class RecheckState(Term):
    """How far the draw of a re-inspection has come."""

    PROMISED = "promised", "待保密小组承诺"
    ANNOUNCED = "announced", "待揭示"
    CLOSED = "closed", "待保密小组揭示"
    DRAWN = "drawn", "已抽取"


class MendingState(Term):
    OPEN = "open", "整改中"
    MENDED = "mended", "待核实"
    CLOSED = "closed", "已核实"


class WebhookState(Term):
    """Whether another system is told of events; a stopped one goes on where it stood."""

    ON = "on", "启用"
    STOPPED = "stopped", "已停用"
    ENDED = "ended", "已撤销"


class ReportSource(Term):
    """From where a report about somebody's conduct comes."""

    ENTERPRISE = "enterprise", "企业"
    PUBLIC = "public", "群众"
    STAFF = "staff", "内部人员"


class ReportState(Term):
    RECEIVED = "received", "待受理"
    ACCEPTED = "accepted", "已受理"
    DECLINED = "declined", "不予受理"
    CONCLUDED = "concluded", "已办结"


class ReportOutcome(Term):
    CONFIRMED = "confirmed", "查实"
    PARTLY = "partly", "部分查实"
    UNFOUNDED = "unfounded", "查否"
    ELSEWHERE = "elsewhere", "移送有权机关"


class IntegrityKind(Term):
    """What a person declares about the own conduct."""

    PLEDGE = "pledge", "廉洁保密承诺"
    INTERESTS = "interests", "利害关系申报"
    REFUSED_GIFT = "refused_gift", "拒收礼品礼金"
    HANDED_IN = "handed_in", "上交礼品礼金"


class DrawDuty(Term):
    """What must be done by four persons in each draw."""

    SETS = "sets", "确定比例"
    DRAWS = "draws", "组织抽取"
    CONFIRMS = "confirms", "现场确认"
    PUBLISHES = "publishes", "办理公示"


class GroupKind(Term):
    """The bodies of the programme, whose seats have terms of office."""

    LEADING = "leading", "双随机领导小组"
    OFFICE = "office", "领导小组办公室"
    SECRECY = "secrecy", "随机抽选保密领导小组"
