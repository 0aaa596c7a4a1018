"""Who may do what: one table of roles and powers, one question, one refusal that says why."""

from collections.abc import Mapping
from dataclasses import dataclass

from gongchou.core.refusals import NotAllowed
from gongchou.core.terms import Role, Term


class Power(Term):
    """One kind of act or sight that a role may have."""

    MANAGE_USERS = "manage_users", "管理用户"
    GRANT_ROLES = "grant_roles", "授予角色"
    SEE_REGISTER = "see_register", "查看名录"
    EDIT_REGISTER = "edit_register", "维护名录"
    DECLARE_RECUSAL = "declare_recusal", "申报回避"
    CONFIRM_RECUSAL = "confirm_recusal", "确认回避"
    EDIT_ITEMS = "edit_items", "维护事项清单"
    APPROVE_ITEMS = "approve_items", "批准事项清单"
    SEE_PLAN = "see_plan", "查看计划"
    MAKE_PLAN = "make_plan", "测算计划"
    APPROVE_PLAN = "approve_plan", "批准计划"
    SEE_DRAW = "see_draw", "查看抽取过程"
    PREPARE_DRAW = "prepare_draw", "准备抽取"
    CONTRIBUTE = "contribute", "提交随机贡献"
    ENTER_CLOSING = "enter_closing", "录入收口值"
    WITNESS_DRAW = "witness_draw", "确认抽取"
    HOLD_KEY = "hold_key", "保管名单密钥"
    VOID_DRAW = "void_draw", "作废抽取"
    SEE_VISITS = "see_visits", "查看检查"
    DISPATCH_VISIT = "dispatch_visit", "派发检查"
    DO_VISIT = "do_visit", "实施检查"
    REVIEW_RECORD = "review_record", "审核记录"
    RECORD_OFFSITE = "record_offsite", "登记非现场检查"
    CONCLUDE_OFFSITE = "conclude_offsite", "作出非现场检查结论"
    PROPOSE_PUBLICATION = "propose_publication", "提出公示"
    APPROVE_PUBLICATION = "approve_publication", "批准公示"
    PUBLISH = "publish", "公示"
    SEE_STATISTICS = "see_statistics", "查看统计"
    MAKE_STATISTICS = "make_statistics", "生成统计"
    READ_AUDIT = "read_audit", "查看留痕"


_SIGHTS = frozenset(
    {Power.SEE_REGISTER, Power.SEE_PLAN, Power.SEE_DRAW, Power.SEE_VISITS, Power.SEE_STATISTICS}
)

# Quota-setter ≠ drawer's confirmer ≠ publisher; the three administrators have no business power.
POWERS: Mapping[Role, frozenset[Power]] = {
    Role.ADMIN: frozenset({Power.MANAGE_USERS}),
    Role.SECURITY: frozenset({Power.GRANT_ROLES}),
    Role.AUDITOR: _SIGHTS | {Power.READ_AUDIT},
    Role.OFFICE: _SIGHTS
    | {
        Power.EDIT_REGISTER,
        Power.CONFIRM_RECUSAL,
        Power.EDIT_ITEMS,
        Power.MAKE_PLAN,
        Power.PREPARE_DRAW,
        Power.ENTER_CLOSING,
        Power.DISPATCH_VISIT,
        Power.RECORD_OFFSITE,
        Power.PROPOSE_PUBLICATION,
        Power.MAKE_STATISTICS,
    },
    Role.LEADER: _SIGHTS
    | {
        Power.APPROVE_ITEMS,
        Power.APPROVE_PLAN,
        Power.VOID_DRAW,
        Power.APPROVE_PUBLICATION,
    },
    Role.SECRECY: frozenset({Power.SEE_PLAN, Power.SEE_DRAW, Power.CONTRIBUTE, Power.HOLD_KEY}),
    Role.WITNESS: frozenset(
        {
            Power.SEE_PLAN,
            Power.SEE_DRAW,
            Power.CONTRIBUTE,
            Power.ENTER_CLOSING,
            Power.WITNESS_DRAW,
        }
    ),
    Role.INSPECTOR: frozenset({Power.SEE_REGISTER, Power.DECLARE_RECUSAL, Power.DO_VISIT}),
    Role.REVIEWER: frozenset({Power.SEE_VISITS, Power.REVIEW_RECORD, Power.CONCLUDE_OFFSITE}),
    Role.PUBLISHER: frozenset({Power.PROPOSE_PUBLICATION, Power.PUBLISH, Power.SEE_STATISTICS}),
    Role.PARTNER: frozenset({Power.DO_VISIT}),
    Role.SUPERIOR: frozenset({Power.SEE_STATISTICS, Power.SEE_PLAN}),
}

# 三员: nobody holds two of them, and none of them holds a business role.
ADMINISTRATORS = frozenset({Role.ADMIN, Role.SECURITY, Role.AUDITOR})

# What the command line may do: keep registers and make plans, never draw, confirm or publish.
CONSOLE_POWERS = frozenset(
    {
        Power.MANAGE_USERS,
        Power.GRANT_ROLES,
        Power.SEE_REGISTER,
        Power.EDIT_REGISTER,
        Power.EDIT_ITEMS,
        Power.SEE_PLAN,
        Power.MAKE_PLAN,
        Power.SEE_STATISTICS,
        Power.MAKE_STATISTICS,
        Power.READ_AUDIT,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Person and roles behind an act; `bureau` is the code of the bureau acted for."""

    ref: str
    name: str
    bureau: str
    roles: frozenset[Role] = frozenset()
    is_console: bool = False


def console(bureau: str, system_user: str) -> Actor:
    """The actor of the command line, known by the operating system's user name."""
    return Actor(ref="console", name=f"命令行（{system_user}）", bureau=bureau, is_console=True)


def powers_of(actor: Actor) -> frozenset[Power]:
    held = frozenset[Power]().union(*(POWERS[role] for role in actor.roles))
    return held | CONSOLE_POWERS if actor.is_console else held


def may(actor: Actor, power: Power) -> bool:
    return power in powers_of(actor)


def check(actor: Actor, power: Power) -> None:
    """Raise NotAllowed, naming the roles that may, unless the actor has the power."""
    if not may(actor, power):
        holders = "、".join(role.label for role, powers in POWERS.items() if power in powers)
        raise NotAllowed(f"“{power.label}”须由{holders}办理，{actor.name}没有这项权限。")


def roles_problem(roles: frozenset[Role]) -> str | None:
    """Why these roles may not meet in one person, or None."""
    administrators = roles & ADMINISTRATORS
    if len(administrators) > 1:
        return "系统管理员、安全管理员、审计人员不得由同一人担任。"
    if administrators and roles - ADMINISTRATORS:
        return "系统管理员、安全管理员、审计人员不得兼任业务角色。"
    return None
