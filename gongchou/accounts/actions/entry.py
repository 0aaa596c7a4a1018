"""Coming in, going out, and being refused."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from gongchou.accounts import models
from gongchou.accounts.actions import _sessions as sessions
from gongchou.audit import actions as audit
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor
from gongchou.core.refusals import Stale

LONGEST_AGENT = 200


@transaction.atomic
def record_login(
    *, session_key: str = "", agent: str = "", address: str = "", by: Actor, at: datetime
) -> None:
    """A person signed in; with a session it stands on the person's list of sign-ins."""
    if session_key:
        user = models.User.objects.get(ref=by.ref)
        models.SignIn.objects.create(
            user=user,
            session_key=session_key,
            agent=agent[:LONGEST_AGENT],
            address=address or None,
            at=at,
        )
    audit.append(EventKind.LOGGED_IN, about=by.ref, by=by, at=at)


@transaction.atomic
def keep_sign_in(old: str, new: str, *, by: Actor, at: datetime) -> None:
    """After a change of password this sign-in goes on under a new key, and every other ends."""
    models.SignIn.objects.filter(session_key=old, user__ref=by.ref).update(session_key=new)
    sessions.end_others(by.ref, new, at=at)
    audit.append(EventKind.SESSION_RENEWED, about=by.ref, by=by, at=at)


@transaction.atomic
def end_sign_in(number: int, *, by: Actor, at: datetime) -> None:
    """Whoever sees a sign-in that is not the own ends it; only the own sign-ins."""
    if sessions.end_one(number, by.ref, at=at) != 1:
        raise Stale("这次登录已经结束，请刷新后再看。")
    audit.append(EventKind.SIGN_IN_ENDED, about=by.ref, by=by, at=at, data={"number": number})


@transaction.atomic
def record_failed_login(*, by: Actor, at: datetime) -> None:
    """Somebody gave a wrong password for the login of `by`."""
    audit.append(EventKind.LOGIN_FAILED, about=by.ref, by=by, at=at)


@transaction.atomic
def record_logout(*, session_key: str = "", by: Actor, at: datetime) -> None:
    sessions.end_session(session_key, at=at)
    audit.append(EventKind.LOGGED_OUT, about=by.ref, by=by, at=at)


@transaction.atomic
def record_trail_view(*, asked: Mapping[str, str], by: Actor, at: datetime) -> None:
    """The look at the log is in the log, with what was looked for."""
    audit.append(EventKind.TRAIL_VIEWED, about=by.bureau, by=by, at=at, data=dict(asked))


@transaction.atomic
def record_refusal(path: str, reason: str, *, by: Actor, at: datetime) -> None:
    """Somebody asked for what is not theirs: the attempt itself is kept."""
    audit.append(EventKind.ACCESS_REFUSED, about=path[:80], by=by, at=at, data={"says": reason})
