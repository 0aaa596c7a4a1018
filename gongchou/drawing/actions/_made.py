"""The moment of the draw: when the last share arrives, the list is made, hidden and forgotten."""

from dataclasses import dataclass
from datetime import date, datetime

from gongchou.audit import actions as audit
from gongchou.core import joint
from gongchou.core.canon import Canonical
from gongchou.core.draw import conduct
from gongchou.core.draw_values import DrawOutcome, Reveal
from gongchou.core.event_kinds import EventKind
from gongchou.core.joint_values import joint_count
from gongchou.core.pairing import NoTeam
from gongchou.core.powers import Actor
from gongchou.core.refusals import Stale
from gongchou.core.terms import DrawState
from gongchou.core.workdays import add_workdays
from gongchou.drawing import contributing, models, sealing, strongbox
from gongchou.drawing.actions._draws import move_on
from gongchou.drawing.actions._log import enter
from gongchou.drawing.contributing import SYSTEM
from gongchou.drawing.frozen import FrozenDraw, thawed
from gongchou.law.load import load_calendar
from gongchou.planning import reads as plans
from gongchou.web.clock import day_of


def keep(
    row: models.Draw, of: models.Contribution, said: Reveal, at: datetime, *, escrow: bool = False
) -> None:
    """Hold a share, under the server's key, until the others have arrived."""
    rows = models.Contribution.objects.filter(pk=of.pk, revealed_at=None)
    kept = contributing.hold(said, row.ref)
    if rows.update(held=kept, revealed_at=at, is_from_escrow=escrow) != 1:
        raise Stale("这份随机贡献刚被揭示，请刷新页面。")


def missing(row: models.Draw) -> list[models.Contribution]:
    """Promises of people that are not revealed yet."""
    return list(row.contributions.filter(revealed_at=None).exclude(role=SYSTEM).order_by("pk"))


def finish_if_all(row: models.Draw, *, by: Actor, at: datetime) -> bool:
    """Make the draw where the last share has arrived."""
    if missing(row):
        return False
    held = row.contributions.order_by("pk")
    reveals = [contributing.held(bytes(c.held), draw=row.ref, role=c.role) for c in held]
    try:
        decided = _decided(row, thawed(bytes(row.frozen_body)), reveals)
    except NoTeam as found:
        note_no_team(row, found, by, at)
        return False
    store(row, decided, by, at)
    row.contributions.filter(revealed_at=None).update(revealed_at=at)
    row.contributions.update(held=b"")
    return True


def note_no_team(row: models.Draw, found: NoTeam, by: Actor, at: datetime) -> None:
    """The numbers leave no lawful team: that is the result, and it is logged as one.

    The shares stay under the server's key until the superior has decided about the void; then they
    are public, so that anybody can compute the same.
    """
    says = found.short[:400]
    rows = models.Draw.objects.filter(pk=row.pk, state=DrawState.CLOSED.value, no_team="")
    if rows.update(no_team=says, no_team_at=at) != 1:
        raise Stale("这一步刚被他人办理，请刷新页面查看最新情况。")
    data: dict[str, Canonical] = {
        "parts": len(found.parts),
        "people": len(found.people),
        "room": found.room,
    }
    enter(row, "no_team", by=by, at=at, data=data)
    audit.append(EventKind.DRAW_WITHOUT_TEAM, about=row.ref, by=by, at=at, data=data)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A list as it was decided, ready to be hidden; `locked` holds what decided it."""

    sealed: str
    joint_count: int
    visits: list[sealing.OpenVisit]
    tickets: dict[str, list[str]]
    locked: bytes
    list_key: bytes


def internal_joint(outcome: DrawOutcome) -> int:
    """How many visits have a part of a second unit."""
    return sum(len(visit.parts) == 2 for visit in outcome.visits)


def _decided(row: models.Draw, frozen: FrozenDraw, reveals: list[Reveal]) -> Decided:
    """The list as the shares decide it; NoTeam where there is none."""
    body = bytes(row.announcement)
    if frozen.is_joint:
        joint_rules = sealing.announced_joint(body)
        united = joint.conduct(joint_rules, frozen.lists(), reveals, row.closing)
        visits = sealing.listed_joint(row.profile, united)
        tickets = sealing.joint_tickets(joint_rules, united)
        seed, sealed, count = united.seed, united.sealed, joint_count(united.visits)
    else:
        rules = sealing.announced(body)
        outcome = conduct(rules, frozen.rosters, reveals, row.closing)
        visits = sealing.listed(row.profile, outcome)
        tickets = sealing.tickets(rules, outcome)
        seed, sealed, count = outcome.seed, outcome.sealed, internal_joint(outcome)
    list_key = strongbox.fresh_key()
    secrets = sealing.Secrets(seed=seed, reveals=tuple(reveals))
    return Decided(
        sealed=sealed,
        joint_count=count,
        visits=visits,
        tickets=tickets,
        locked=sealing.lock_secrets(list_key, secrets, announcement_digest=row.announcement_digest),
        list_key=list_key,
    )


def store(row: models.Draw, decided: Decided, by: Actor, at: datetime) -> None:
    """Ciphertext, counts, tickets and the root; the list key is kept sealed to the group only."""
    list_key = decided.list_key
    blobs = sealing.hidden(list_key, decided.visits, draw=row.ref, first=0)
    for j, (blob, on) in enumerate(zip(blobs, _days(row, len(blobs), at), strict=True)):
        models.SealedVisit.objects.create(draw=row, number=j, planned_on=on, hidden=blob)
    move_on(
        row,
        DrawState.DRAWN,
        drawn_at=at,
        sealed_root=decided.sealed,
        visit_count=len(blobs),
        joint_count=decided.joint_count,
        tickets=decided.tickets,
        locked_key=strongbox.seal(bytes(row.key.public), list_key, about=row.ref),
        locked_seed=decided.locked,
    )
    data: dict[str, Canonical] = {
        "sealed": decided.sealed,
        "visits": len(blobs),
        "joint": decided.joint_count,
    }
    enter(row, "draw", by=by, at=at, data=data)
    audit.append(EventKind.DRAW_MADE, about=row.ref, by=by, at=at, data=data)


def _days(row: models.Draw, count: int, at: datetime) -> list[date]:
    """Working days from the next one to the task's deadline; the next one where it is past."""
    today, calendar = day_of(at), load_calendar()
    last = plans.deadlines(row.bureau.code, row.quarter).task.on
    days = []
    for day in calendar.workdays(today, 1):
        if day > last:
            break
        days.append(day)
    return sealing.spread(count, days or [add_workdays(today, 1, calendar)])
