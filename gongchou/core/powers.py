"""Who may do what: one table of roles and powers, one question, one refusal that says why."""

from collections.abc import Mapping
from dataclasses import dataclass

from gongchou.core.refusals import NotAllowed
from gongchou.core.terms import Role, Term


class Power(Term):
    """One kind of act or sight that a role may have."""

    MANAGE_USERS = "manage_users", "管理用户"
    GRANT_ROLES = "grant_roles", "授予角色"
    IMPORT_REGISTER = "import_register", "导入名录"
    CLEAR_UPLOADS = "clear_uploads", "按期清除上传的名录文件"
    EDIT_REGISTER = "edit_register", "维护名录"
    SEE_REGISTER = "see_register", "查看名录"
    SEE_INSPECTORS = "see_inspectors", "查看检查人员"
    DECLARE_RECUSAL = "declare_recusal", "申报回避"
    CONFIRM_RECUSAL = "confirm_recusal", "确认回避"
    APPROVE_REGISTER = "approve_register", "批准名录事项"
    EDIT_ITEMS = "edit_items", "维护事项清单"
    APPROVE_ITEMS = "approve_items", "批准事项清单"
    MAKE_PLAN = "make_plan", "测算计划"
    APPROVE_PLAN = "approve_plan", "批准计划"
    SEE_PLAN = "see_plan", "查看计划"
    ADOPT_POLICY = "adopt_policy", "通过实施方案"
    RECORD_RULING = "record_ruling", "登记解释口径"
    FREEZE_DRAW = "freeze_draw", "冻结抽取底册"
    CONTRIBUTE = "contribute", "提交随机贡献"
    CONTRIBUTE_JOINT = "contribute_joint", "提交部门随机贡献"
    ANNOUNCE_DRAW = "announce_draw", "发布抽取公告"
    ENTER_CLOSING = "enter_closing", "录入收口值"
    WITNESS_DRAW = "witness_draw", "现场监督确认"
    HOLD_KEY = "hold_key", "保管名单密钥"
    RELEASE_VISIT = "release_visit", "启封名单"
    VOID_DRAW = "void_draw", "作废抽取"
    AGREE_VOID = "agree_void", "同意收口后作废"
    DECIDE_VOID = "decide_void", "决定收口后作废"
    SEE_DRAW = "see_draw", "查看抽取过程"
    SIGN_LOG = "sign_log", "签署抽取日志"
    WITNESS_LOG = "witness_log", "见证抽取日志"
    DISPATCH_VISIT = "dispatch_visit", "派发检查"
    DISPATCH_BY_ORDER = "dispatch_by_order", "按设定自动派发"
    AUTHORISE_VISIT = "authorise_visit", "批准检查"
    DO_VISIT = "do_visit", "实施检查"
    REVIEW_RECORD = "review_record", "审核记录"
    REOPEN_RECORD = "reopen_record", "重新开启记录"
    SEE_VISITS = "see_visits", "查看检查情况"
    RECORD_OFFSITE = "record_offsite", "登记非现场检查"
    PUSH_ROWS = "push_rows", "推送外部数据"
    JUDGE_DATA = "judge_data", "运行监测规则"
    CONCLUDE_OFFSITE = "conclude_offsite", "作出非现场检查结论"
    TAKE_UP_CLUE = "take_up_clue", "登记线索"
    TRIAGE_CLUE = "triage_clue", "研判线索"
    SIGN_CLUE_WEIGHTS = "sign_clue_weights", "签署线索基础分"
    MANAGE_RECEIVER = "manage_receiver", "维护监测数据接收"
    MANAGE_WEBHOOKS = "manage_webhooks", "维护事件通知"
    SEND_EVENTS = "send_events", "发出事件通知"
    PROPOSE_PUBLICATION = "propose_publication", "提出公示"
    APPROVE_PUBLICATION = "approve_publication", "批准公示"
    PUBLISH = "publish", "办理公示"
    PUBLISH_ANNOUNCEMENT = "publish_announcement", "公开抽取公告"
    SEE_PUBLICATION = "see_publication", "查看公示办理情况"
    RENEW_SLIP = "renew_slip", "更新企业查验页"
    SEND_LETTER = "send_letter", "提交外来信件"
    HANDLE_LETTER = "handle_letter", "办理外来信件"
    TELL_SENDER = "tell_sender", "告知信件进展"
    DECIDE_APPEAL = "decide_appeal", "答复申诉"
    MAKE_STATISTICS = "make_statistics", "生成统计表"
    SEE_STATISTICS = "see_statistics", "查看统计表"
    SEE_TRAINING = "see_training", "查看培训宣传"
    RECORD_TRAINING = "record_training", "登记培训宣传"
    OFFER_PRACTICE = "offer_practice", "提出好的做法"
    DECIDE_PRACTICE = "decide_practice", "决定推广做法"
    READ_AUDIT = "read_audit", "查看留痕"
    RAISE_ALARMS = "raise_alarms", "核查预警"
    HANDLE_ALARM = "handle_alarm", "办理预警"
    ORDER_RECHECK = "order_recheck", "组织复查"
    HANDLE_REPORT = "handle_report", "办理违纪反映"
    SET_OVERSIGHT = "set_oversight", "设定监督参数"
    MAKE_ASSESSMENT = "make_assessment", "生成考核表"
    SEE_ASSESSMENT = "see_assessment", "查看考核表"
    SET_TASK = "set_task", "交办整改"
    OWN_MATTERS = "own_matters", "办理本人事项"
    GRANT_RECORDS = "grant_records", "授权上级调阅"
    CONSULT_RECORDS = "consult_records", "调阅检查记录"


class ActorKind(Term):
    """What acts: a person who signed in, the command line, nightly work, a program, an outsider."""

    PERSON = "person", "人员"
    CONSOLE = "console", "命令行"
    SYSTEM = "system", "系统"
    MACHINE = "machine", "数据接口"
    OUTSIDER = "outsider", "外来人员"


_SIGHTS = frozenset(
    {
        Power.SEE_REGISTER,
        Power.SEE_INSPECTORS,
        Power.SEE_PLAN,
        Power.SEE_DRAW,
        Power.SEE_VISITS,
        Power.SEE_PUBLICATION,
        Power.SEE_STATISTICS,
        Power.SEE_TRAINING,
    }
)

# What everybody in the house may do for themselves: declare, report, see the own sheet, appeal.
_OWN = frozenset({Power.OWN_MATTERS})

# Who makes a thing does not approve it, who draws does not hold the key, who checks does not
# review, and the three administrators touch no business at all.
POWERS: Mapping[Role, frozenset[Power]] = {
    Role.OFFICE: _SIGHTS
    | _OWN
    | {
        Power.IMPORT_REGISTER,
        Power.EDIT_REGISTER,
        Power.EDIT_ITEMS,
        Power.MAKE_PLAN,
        Power.FREEZE_DRAW,
        Power.ANNOUNCE_DRAW,
        Power.ENTER_CLOSING,
        Power.SIGN_LOG,
        Power.DISPATCH_VISIT,
        Power.RECORD_OFFSITE,
        Power.PUSH_ROWS,
        Power.JUDGE_DATA,
        Power.TAKE_UP_CLUE,
        Power.TRIAGE_CLUE,
        Power.PROPOSE_PUBLICATION,
        Power.PUBLISH_ANNOUNCEMENT,
        Power.RENEW_SLIP,
        Power.HANDLE_LETTER,
        Power.TELL_SENDER,
        Power.MAKE_STATISTICS,
        Power.RECORD_TRAINING,
        Power.OFFER_PRACTICE,
    },
    # A recusal takes a subject away from an inspector, a Ruling changes what a plan owes: both
    # are decided above the office that makes the plan and freezes the draw.
    Role.LEADER: _SIGHTS
    | _OWN
    | {
        Power.CONFIRM_RECUSAL,
        Power.APPROVE_REGISTER,
        Power.APPROVE_ITEMS,
        Power.APPROVE_PLAN,
        Power.ADOPT_POLICY,
        Power.RECORD_RULING,
        Power.VOID_DRAW,
        Power.AGREE_VOID,
        Power.AUTHORISE_VISIT,
        Power.REOPEN_RECORD,
        Power.SIGN_CLUE_WEIGHTS,
        Power.APPROVE_PUBLICATION,
        Power.DECIDE_APPEAL,
        Power.DECIDE_PRACTICE,
        Power.SET_OVERSIGHT,
        Power.MAKE_ASSESSMENT,
        Power.SEE_ASSESSMENT,
        Power.SET_TASK,
        Power.GRANT_RECORDS,
    },
    Role.SECRECY: _OWN
    | frozenset(
        {
            Power.CONTRIBUTE,
            Power.HOLD_KEY,
            Power.RELEASE_VISIT,
            Power.AGREE_VOID,
            Power.SEE_PLAN,
            Power.SEE_DRAW,
        }
    ),
    Role.WITNESS: _OWN
    | frozenset(
        {
            Power.CONTRIBUTE,
            Power.ENTER_CLOSING,
            Power.WITNESS_DRAW,
            Power.AGREE_VOID,
            Power.SEE_PLAN,
            Power.SEE_DRAW,
        }
    ),
    Role.INSPECTOR: _OWN
    | frozenset(
        {
            Power.DO_VISIT,
            Power.TAKE_UP_CLUE,
            Power.DECLARE_RECUSAL,
            Power.SEE_REGISTER,
            Power.SEE_INSPECTORS,
            Power.SEE_TRAINING,
            Power.RECORD_TRAINING,
            Power.OFFER_PRACTICE,
        }
    ),
    Role.PARTNER: _OWN
    | frozenset(
        {Power.DO_VISIT, Power.TAKE_UP_CLUE, Power.DECLARE_RECUSAL, Power.CONTRIBUTE_JOINT}
    ),
    Role.REVIEWER: _OWN
    | frozenset(
        {
            Power.REVIEW_RECORD,
            Power.REOPEN_RECORD,
            Power.CONCLUDE_OFFSITE,
            Power.SEE_VISITS,
            Power.SEE_TRAINING,
            Power.OFFER_PRACTICE,
        }
    ),
    Role.PUBLISHER: _OWN
    | frozenset(
        {
            Power.PROPOSE_PUBLICATION,
            Power.PUBLISH,
            Power.PUBLISH_ANNOUNCEMENT,
            Power.SEE_PUBLICATION,
            Power.SEE_STATISTICS,
        }
    ),
    # The superior sees sums; single records only by a right that the bureau gave, each look kept.
    Role.SUPERIOR: frozenset(
        {Power.SEE_STATISTICS, Power.WITNESS_LOG, Power.DECIDE_VOID, Power.CONSULT_RECORDS}
    ),
    Role.ADMIN: _OWN | {Power.MANAGE_USERS, Power.MANAGE_RECEIVER, Power.MANAGE_WEBHOOKS},
    Role.SECURITY: _OWN | {Power.GRANT_ROLES},
    # The discipline office sees all and changes no business: it looks into alarms and reports,
    # and has finished visits checked again.
    Role.AUDITOR: _SIGHTS
    | _OWN
    | {
        Power.READ_AUDIT,
        Power.RAISE_ALARMS,
        Power.HANDLE_ALARM,
        Power.ORDER_RECHECK,
        Power.HANDLE_REPORT,
        Power.SEE_ASSESSMENT,
        Power.SET_TASK,
    },
}

# The command line sets the house up, keeps the registers and makes plans. It never approves,
# draws, confirms, releases or publishes: those acts need a person who signed in.
CONSOLE_POWERS = frozenset(
    {
        Power.MANAGE_USERS,
        Power.GRANT_ROLES,
        Power.IMPORT_REGISTER,
        Power.EDIT_REGISTER,
        Power.SEE_REGISTER,
        Power.SEE_INSPECTORS,
        Power.EDIT_ITEMS,
        Power.MAKE_PLAN,
        Power.SEE_PLAN,
        Power.MAKE_STATISTICS,
        Power.SEE_STATISTICS,
        Power.READ_AUDIT,
    }
)

# The background work counts what others have done and decides nothing; the announcement of a draw,
# which a person has made, it only carries to the portal; the draw log it signs as it finds it.
# An approved item list it puts before the approver of publications: each change has to be told.
# Files of imports go when their term is over. Visits go out where the office has ordered it,
# events are told to the systems that the administrator has named.
SYSTEM_POWERS = frozenset(
    {
        Power.MAKE_STATISTICS,
        Power.PUBLISH_ANNOUNCEMENT,
        Power.SIGN_LOG,
        Power.RENEW_SLIP,
        Power.TELL_SENDER,
        Power.PROPOSE_PUBLICATION,
        Power.RAISE_ALARMS,
        Power.JUDGE_DATA,
        Power.TAKE_UP_CLUE,
        Power.CLEAR_UPLOADS,
        Power.DISPATCH_BY_ORDER,
        Power.SEND_EVENTS,
    }
)

# Who comes through the public door without an account sends, and sees nothing of the house.
OUTSIDER_POWERS = frozenset({Power.SEND_LETTER})

# What a program may be given: to look at the registers, or to hand in what was measured outside.
# Nothing that it hands in becomes a clue before a person has confirmed it.
TOKEN_POWERS = frozenset({Power.SEE_REGISTER, Power.SEE_INSPECTORS, Power.PUSH_ROWS})

# Whoever draws, seals, opens, publishes or administers proves twice who is there: by a password
# and by a phone.
SECOND_FACTOR = frozenset(
    {
        Power.FREEZE_DRAW,
        Power.ANNOUNCE_DRAW,
        Power.CONTRIBUTE,
        Power.CONTRIBUTE_JOINT,
        Power.ENTER_CLOSING,
        Power.WITNESS_DRAW,
        Power.HOLD_KEY,
        Power.RELEASE_VISIT,
        Power.VOID_DRAW,
        Power.AGREE_VOID,
        Power.DECIDE_VOID,
        Power.APPROVE_PLAN,
        Power.APPROVE_PUBLICATION,
        Power.PUBLISH,
        Power.MANAGE_USERS,
        Power.MANAGE_WEBHOOKS,
        Power.GRANT_ROLES,
        Power.READ_AUDIT,
        Power.ORDER_RECHECK,
    }
)
# These ask for the phone again when the last proof is some time ago: they open what is sealed, or
# cannot be taken back.
STEP_UP = frozenset(
    {
        Power.HOLD_KEY,
        Power.RELEASE_VISIT,
        Power.WITNESS_DRAW,
        Power.VOID_DRAW,
        Power.AGREE_VOID,
        Power.DECIDE_VOID,
        Power.ORDER_RECHECK,
    }
)

# 三员: nobody holds two of them, and none of them holds a business role.
ADMINISTRATORS = frozenset({Role.ADMIN, Role.SECURITY, Role.AUDITOR})

# Pairs of business roles in which one person would watch or undo the own work: who decides quotas,
# who draws, who confirms and who publishes are four. A small bureau may have one person hold both,
# with a reason that everybody sees and that the public can count.
APART: tuple[tuple[Role, Role], ...] = (
    (Role.OFFICE, Role.LEADER),
    (Role.OFFICE, Role.WITNESS),
    (Role.OFFICE, Role.SECRECY),
    (Role.OFFICE, Role.PUBLISHER),
    (Role.LEADER, Role.WITNESS),
    (Role.LEADER, Role.PUBLISHER),
    (Role.WITNESS, Role.PUBLISHER),
    (Role.SECRECY, Role.WITNESS),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Person and roles behind an act; `bureau` is the code of the bureau acted for.

    `powers` are those of a program's token; persons have theirs by their roles.
    """

    ref: str
    name: str
    bureau: str
    roles: frozenset[Role] = frozenset()
    kind: ActorKind = ActorKind.PERSON
    powers: frozenset[Power] = frozenset()


def console(bureau: str, os_user: str) -> Actor:
    """The actor of the command line, known by the operating system's user name."""
    return Actor(
        ref=f"console:{os_user}",
        name=f"命令行（{os_user}）",
        bureau=bureau,
        kind=ActorKind.CONSOLE,
    )


def system(bureau: str) -> Actor:
    """The actor of scheduled work that no person started."""
    return Actor(ref="system", name="系统定时任务", bureau=bureau, kind=ActorKind.SYSTEM)


def outsider(bureau: str) -> Actor:
    """Whoever writes to a bureau through the public door; nobody asks who it is."""
    return Actor(ref="outsider", name="外来人员（未登录）", bureau=bureau, kind=ActorKind.OUTSIDER)


def powers_of(actor: Actor) -> frozenset[Power]:
    """All that the actor may do; roles count for persons only."""
    match actor.kind:
        case ActorKind.CONSOLE:
            return CONSOLE_POWERS
        case ActorKind.SYSTEM:
            return SYSTEM_POWERS
        case ActorKind.MACHINE:
            return actor.powers & TOKEN_POWERS
        case ActorKind.OUTSIDER:
            return OUTSIDER_POWERS
        case _:
            return frozenset[Power]().union(*(POWERS[role] for role in actor.roles))


def holders(power: Power) -> tuple[Role, ...]:
    """The roles that have the power, in the order of the table."""
    return tuple(role for role, powers in POWERS.items() if power in powers)


def may(actor: Actor, power: Power) -> bool:
    """Whether some role of the actor has the power."""
    return power in powers_of(actor)


def needs_second_factor(actor: Actor) -> bool:
    """Whether the actor's powers ask for more than a password at the login."""
    return not SECOND_FACTOR.isdisjoint(powers_of(actor))


def check(actor: Actor, power: Power) -> None:
    """Raise NotAllowed, naming the roles that may, unless the actor has the power."""
    if may(actor, power):
        return
    who = "、".join(role.label for role in holders(power))
    if actor.kind is ActorKind.MACHINE and power in TOKEN_POWERS:
        raise NotAllowed(
            f"这个接口令牌没有“{power.label}”的权限，请换用有这项权限的令牌，或者重新申请。"
        )
    if actor.kind is not ActorKind.PERSON:
        raise NotAllowed(f"“{power.label}”须由{who}本人登录后办理，{actor.name}不能代办。")
    raise NotAllowed(
        f"{actor.name}没有“{power.label}”的权限，这项工作由{who}办理。"
        f"如确需办理，请联系{Role.SECURITY.label}核对角色。"
    )


def roles_problem(roles: frozenset[Role]) -> str | None:
    """Why these roles may not meet in one person, as a sentence, or None."""
    return administrators_problem(roles) or overlap_problem(roles)


def administrators_problem(roles: frozenset[Role]) -> str | None:
    """The same, of the three administrators, whom no bureau is too small to keep apart."""
    administrators = roles & ADMINISTRATORS
    if len(administrators) > 1:
        return "系统管理员、安全管理员、审计人员不得由同一人担任。"
    if administrators and roles - ADMINISTRATORS:
        return "系统管理员、安全管理员、审计人员不得兼任业务角色。"
    return None


def overlap_problem(roles: frozenset[Role]) -> str | None:
    """The same, of business roles that watch each other."""
    for one, other in overlaps(roles):
        return f"“{one.label}”与“{other.label}”相互制约，不得由同一人担任。"
    return None


def overlaps(roles: frozenset[Role]) -> tuple[tuple[Role, Role], ...]:
    """Each pair that should be two persons."""
    return tuple(pair for pair in APART if roles.issuperset(pair))
