"""Every change to bureaus, units, people and their roles."""

from datetime import date, datetime

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet

from gongchou.accounts import models, organisation_reads, reads
from gongchou.accounts.actions import _sessions as sessions
from gongchou.audit import actions as audit
from gongchou.core.canon import Canonical
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import (
    Actor,
    Power,
    administrators_problem,
    check,
    overlap_problem,
)
from gongchou.core.refusals import Refused, Stale
from gongchou.core.terms import BureauLevel, Role


@transaction.atomic
def create_bureau(
    code: str,
    name: str,
    *,
    level: BureauLevel,
    by: Actor,
    at: datetime,
    is_partner: bool = False,
) -> str:
    """A new body in the tree; returns its code."""
    check(by, Power.MANAGE_USERS)
    if models.Bureau.objects.filter(code=code).exists():
        raise Refused(f"机构代码 {code} 已经存在，请换一个代码。")
    models.Bureau.objects.create(
        code=code, name=name, bureau_level=level.value, is_partner=is_partner
    )
    audit.append(EventKind.BUREAU_CREATED, about=code, by=by, at=at, data={"name": name})
    return code


@transaction.atomic
def set_superior(bureau: str, superior: str, *, by: Actor, at: datetime) -> None:
    """Say which body watches over a bureau: its people cosign the draw log and decide on voids."""
    check(by, Power.MANAGE_USERS)
    if by.bureau != bureau:
        raise Refused("只能为本机构指定上级机关，请用本机构的账号办理。")
    own = reads.bureau(bureau)
    above = next((row for row in reads.bureaus() if row.code == superior), None)
    if above is None or above.is_partner:
        raise Refused(f"没有代码为 {superior} 的机构，或者它是配合部门。请先建立上级机关。")
    if not above.is_above(own):
        raise Refused(f"{above.name}的层级不高于{own.name}，不能指定为上级机关。")
    rows = models.Bureau.objects.filter(code=bureau).exclude(superior__code=superior)
    if rows.update(superior=models.Bureau.objects.get(code=superior)) != 1:
        raise Stale(f"{above.name}已经是本机构的上级机关，不用重复指定。")
    audit.append(EventKind.SUPERIOR_SET, about=bureau, by=by, at=at, data={"superior": superior})


@transaction.atomic
def create_unit(bureau: str, code: str, name: str, *, by: Actor, at: datetime) -> None:
    """A section of a bureau."""
    check(by, Power.MANAGE_USERS)
    if models.InternalUnit.objects.filter(bureau__code=bureau, code=code).exists():
        raise Refused(f"科室代码 {code} 已经存在，请换一个代码。")
    owner = models.Bureau.objects.get(code=bureau)
    models.InternalUnit.objects.create(bureau=owner, code=code, name=name)
    audit.append(EventKind.UNIT_CREATED, about=f"{bureau}/{code}", by=by, at=at)


@transaction.atomic
def create_user(
    login: str, name: str, *, password: str, by: Actor, at: datetime, unit: str = ""
) -> str:
    """A person of the actor's bureau, without any role yet; returns the ref.

    The password is one to begin with: it must be changed at the first login.
    """
    check(by, Power.MANAGE_USERS)
    if models.User.objects.filter(login=login).exists():
        raise Refused(f"登录名 {login} 已经有人使用，请换一个登录名。")
    _check_password(password)
    owner = models.Bureau.objects.get(code=by.bureau)
    section = models.InternalUnit.objects.filter(bureau=owner, code=unit).first()
    if unit and section is None:
        raise Refused(f"没有代码为 {unit} 的科室，请先新建科室。")
    row = models.User.objects.create(
        ref=f"U-{login}",
        login=login,
        name=name,
        bureau=owner,
        unit=section,
        password=make_password(password),
    )
    audit.append(EventKind.USER_CREATED, about=row.ref, by=by, at=at, data={"login": login})
    return row.ref


def _check_password(password: str) -> None:
    try:
        validate_password(password)
    except ValidationError as error:
        raise Refused("密码不合要求：" + "".join(error.messages)) from error


@transaction.atomic
def change_password(password: str, *, by: Actor, at: datetime) -> None:
    """Anybody changes the own password, nobody another's."""
    _check_password(password)
    changed = models.User.objects.filter(ref=by.ref, is_active=True).update(
        password=make_password(password), must_change_password=False
    )
    if changed != 1:
        raise Stale("账号已停用或不存在，请联系系统管理员。")
    audit.append(EventKind.PASSWORD_CHANGED, about=by.ref, by=by, at=at)


@transaction.atomic
def reset_password(ref: str, password: str, *, by: Actor, at: datetime) -> None:
    """A new password to begin with, for who has forgotten the own one; every sign-in ends."""
    check(by, Power.MANAGE_USERS)
    _check_password(password)
    rows = models.User.objects.filter(ref=ref, bureau__code=by.bureau, is_active=True)
    if rows.update(password=make_password(password), must_change_password=True) != 1:
        raise Stale("该用户不存在或已经停用，请刷新后再看。")
    sessions.end_all(ref, at=at)
    audit.append(EventKind.PASSWORD_RESET, about=ref, by=by, at=at)


@transaction.atomic
def disable_user(ref: str, *, by: Actor, at: datetime) -> None:
    """The person can no longer sign in; everything done stays."""
    check(by, Power.MANAGE_USERS)
    rows = models.User.objects.filter(ref=ref, bureau__code=by.bureau, is_active=True)
    if rows.update(is_active=False) != 1:
        raise Stale("该用户不存在或已经停用，请刷新后再看。")
    sessions.end_all(ref, at=at)
    audit.append(EventKind.USER_DISABLED, about=ref, by=by, at=at)


@transaction.atomic
def grant_role(
    ref: str,
    role: Role,
    *,
    since: date,
    by: Actor,
    at: datetime,
    until: date | None = None,
    overlap: str = "",
) -> None:
    """A role from a day on, where a term of office is known until before its last day.

    Refused where the roles of one person would not be separate; in a small bureau business roles
    may meet in one person with a reason, which everybody sees.
    """
    check(by, Power.GRANT_ROLES)
    row = models.User.objects.filter(ref=ref, bureau__code=by.bureau, is_active=True).first()
    if row is None:
        raise Refused("该用户不存在、已停用或不属于本机构。")
    if until is not None and until <= since:
        raise Refused(f"任期止日应在起日 {since} 以后，请改正。")
    held = frozenset(Role(one.role) for one in _meeting(row, since, until))
    if role in held:
        raise Stale(f"{row.name}在这段时间已有“{role.label}”角色。")
    reason = _overlap_reason(held | {role}, overlap, by.bureau, since)
    models.RoleGrant.objects.create(
        user=row, role=role.value, since=since, until=until, overlap=reason
    )
    more = {"overlap": reason, "until": until.isoformat() if until else ""}
    data: dict[str, Canonical] = {"role": role.value}
    data |= {key: value for key, value in more.items() if value}
    audit.append(EventKind.ROLE_GRANTED, about=ref, by=by, at=at, data=data)


def _meeting(row: models.User, since: date, until: date | None) -> QuerySet[models.RoleGrant]:
    """Grants of the person that are in force on some day of the new term."""
    held = row.grants.filter(Q(until=None) | Q(until__gt=since))
    return held.filter(since__lt=until) if until else held


def _overlap_reason(roles: frozenset[Role], overlap: str, bureau: str, since: date) -> str:
    """The reason to be kept with the grant; Refused where the roles must be apart."""
    problem = administrators_problem(roles)
    if problem:
        raise Refused(problem + "请换人担任。")
    problem = overlap_problem(roles)
    if problem is None:
        return ""
    if organisation_reads.small_bureau(bureau, since) is None:
        raise Refused(problem + "请换人担任；人手确实不足的，先登记为小型机构。")
    reason = " ".join(overlap.split())[:200]
    if not reason:
        raise Refused(problem + "小型机构可以由一人兼任，请写明兼任理由，理由和人数会公开。")
    return reason


@transaction.atomic
def revoke_role(ref: str, role: Role, *, on: date, by: Actor, at: datetime) -> None:
    """The role ends that day, also one whose term would have run on."""
    check(by, Power.GRANT_ROLES)
    rows = models.RoleGrant.objects.filter(
        Q(until=None) | Q(until__gt=on),
        user__ref=ref,
        user__bureau__code=by.bureau,
        role=role.value,
        since__lte=on,
    )
    if rows.update(until=on) != 1:
        raise Stale(f"该用户现在没有“{role.label}”角色，请刷新后再看。")
    audit.append(EventKind.ROLE_REVOKED, about=ref, by=by, at=at, data={"role": role.value})
