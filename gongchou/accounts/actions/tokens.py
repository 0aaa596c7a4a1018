"""Tokens of programs: made by their owner or for a system, and revoked."""

from datetime import date, datetime, timedelta

from django.db import transaction

from gongchou.accounts import models, tokens
from gongchou.audit import actions as audit
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import TOKEN_POWERS, Actor, ActorKind, Power, check
from gongchou.core.refusals import Refused, Stale
from gongchou.web.clock import day_of

LONGEST = timedelta(366)


@transaction.atomic
def create_token(
    name: str,
    powers: frozenset[Power],
    *,
    until: date,
    by: Actor,
    at: datetime,
    is_own: bool = True,
) -> str:
    """A token for the actor, or for a system of the bureau; the secret is returned this once.

    Nobody gives a program more than it may be given, nor an own token more than the own powers.
    """
    _check_token(name, powers, until, by, day_of(at), is_own)
    secret = tokens.new_secret()
    owner = models.User.objects.get(ref=by.ref) if is_own else None
    digest = tokens.digest_of(secret)
    row = models.ApiToken.objects.create(
        ref=f"K{by.bureau}-{digest[:10]}",
        bureau=models.Bureau.objects.get(code=by.bureau),
        owner=owner,
        name=name.strip(),
        digest=digest,
        powers=sorted(power.value for power in powers),
        until=until,
        at=at,
        by_name=by.name,
    )
    audit.append(
        EventKind.TOKEN_CREATED,
        about=row.ref,
        by=by,
        at=at,
        data={
            "name": row.name,
            "owner": owner.ref if owner else "",
            "powers": row.powers,
            "until": until.isoformat(),
        },
    )
    return secret


def _check_token(
    name: str, powers: frozenset[Power], until: date, by: Actor, today: date, is_own: bool
) -> None:
    if not is_own:
        check(by, Power.GRANT_ROLES)
    elif by.kind is not ActorKind.PERSON:
        raise Refused("个人令牌须由本人登录后新建；给其他系统用的，请注明是系统令牌。")
    if not name.strip() or len(name.strip()) > 80:
        raise Refused("请写明令牌的用途，不超过 80 个字，例如“省平台每日取数”。")
    if not powers or powers - TOKEN_POWERS:
        listed = "、".join(power.label for power in Power if power in TOKEN_POWERS)
        raise Refused(f"请选择令牌的权限，可选{listed}。")
    for power in (power for power in Power if is_own and power in powers):
        check(by, power)
    if not today <= until <= today + LONGEST:
        last = today + LONGEST
        raise Refused(f"到期日应在今天到 {last} 之间，令牌最长用一年，到期前另建一个。")


@transaction.atomic
def revoke_token(ref: str, *, by: Actor, at: datetime) -> None:
    """The token opens nothing any more; its owner may do this, or whoever grants roles."""
    rows = models.ApiToken.objects.filter(ref=ref, bureau__code=by.bureau)
    if not rows.filter(owner__ref=by.ref).exists():
        check(by, Power.GRANT_ROLES)
    if rows.filter(revoked_at=None).update(revoked_at=at, revoked_by=by.name) != 1:
        raise Stale("这个令牌不存在或者已经作废，请刷新页面查看。")
    audit.append(EventKind.TOKEN_REVOKED, about=ref, by=by, at=at)
