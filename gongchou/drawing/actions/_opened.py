"""What an opening does once enough custodians have agreed; the group's private part is handed in.

Every opening is an entry of the draw log, before anybody sees what was opened.
"""

from dataclasses import replace
from datetime import datetime

from gongchou.audit import actions as audit
from gongchou.core.ballot import witness_mark
from gongchou.core.canon import Canonical, canon, hash_of
from gongchou.core.draw_record import is_valid
from gongchou.core.draw_values import Substitution
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor
from gongchou.core.refusals import Invalid, Refused
from gongchou.core.terms import DrawState, ExcuseReason, OpeningPurpose, Role
from gongchou.drawing import contributing, made, models, sealing, strongbox
from gongchou.drawing.actions._draws import in_state, move_on
from gongchou.drawing.actions._log import enter
from gongchou.drawing.actions._made import finish_if_all, keep, missing
from gongchou.drawing.contributing import PARTY
from gongchou.drawing.frozen import FrozenDraw, thawed
from gongchou.web.clock import day_of
from gongchou.web.objections import check_objections


def do(opening: models.Opening, group: bytes, *, by: Actor, at: datetime) -> None:
    """Carry the opening out; whatever fails undoes the whole consent."""
    acts = {
        OpeningPurpose.RELEASE: _release,
        OpeningPurpose.SUBSTITUTE: _substitute,
        OpeningPurpose.RESEAT: _reseat,
        OpeningPurpose.ESCROW: _escrow,
        OpeningPurpose.PUBLISH: _publish,
    }
    acts[OpeningPurpose(opening.purpose)](opening, group, by, at)


def _list_key(row: models.Draw, group: bytes) -> bytes:
    return strongbox.unseal(group, bytes(row.locked_key), about=row.ref)


def _names(opening: models.Opening) -> list[str]:
    return list(opening.authorisations.order_by("pk").values_list("person_name", flat=True))


def _note(opening: models.Opening, by: Actor, at: datetime, **data: object) -> None:
    """The opening in the draw log: purpose, who agreed, which numbers."""
    found = {"opening": opening.ref, "purpose": opening.purpose, "agreed": _names(opening), **data}
    enter(opening.draw, "open", by=by, at=at, data=found)  # type: ignore[arg-type]


# -- release


def _release(opening: models.Opening, group: bytes, by: Actor, at: datetime) -> None:
    row = opening.draw
    in_state(row, DrawState.SEALED, "启封检查")
    visits = list(opening.visits.order_by("number"))
    _note(opening, by, at, numbers=[visit.number for visit in visits])
    list_key, frozen = _list_key(row, group), thawed(bytes(row.frozen_body))
    for visit in visits:
        _open(visit, list_key, frozen, opening, by, at)


def _open(
    visit: models.SealedVisit,
    list_key: bytes,
    frozen: FrozenDraw,
    opening: models.Opening,
    by: Actor,
    at: datetime,
) -> None:
    row = opening.draw
    found = sealing.shown(list_key, bytes(visit.hidden), draw=row.ref, number=visit.number)
    models.ReleasedVisit.objects.create(
        draw=row,
        opening=opening,
        number=visit.number,
        pid=found.pid,
        subject_ref=frozen.ref_of(found.pid),
        subject_name=frozen.subjects[found.pid].record["name"],
        stratum=frozen.row_of(found.pid).stratum,
        parts=[list(people) for people in _teams(frozen, found)],
        planned_on=visit.planned_on,
        released_at=at,
        is_substitute=visit.is_substitute,
        leaf=found.leaf,
        path=list(found.path),
    )
    data: dict[str, Canonical] = {"number": visit.number, "opening": opening.ref}
    audit.append(EventKind.VISIT_RELEASED, about=row.ref, by=by, at=at, data=data)


def _teams(frozen: FrozenDraw, found: sealing.OpenVisit) -> list[tuple[str, ...]]:
    """Refs of the people of each part, of whichever department."""
    depts = found.depts or (0,) * len(found.parts)
    return [frozen.people_of(part, d) for d, part in zip(depts, found.parts, strict=True)]


# -- substitution


def _substitute(opening: models.Opening, group: bytes, by: Actor, at: datetime) -> None:
    """The next ticket of the stratum, by the late rule; nobody else is moved."""
    row = opening.draw
    in_state(row, DrawState.SEALED, "补抽")
    list_key, frozen = _list_key(row, group), thawed(bytes(row.frozen_body))
    by_what = made.made_of(row, list_key, frozen)
    earlier = [s.out for s in _excused(row)]
    gone = row.released_visits.get(number=opening.number or 0)
    check_objections("substitute", row.ref, gone.number)
    following = by_what.next_for(frozen, earlier, gone.pid)
    into = _append(opening, list_key, following.visit) if following.visit else None
    models.Substitution.objects.create(
        draw=row,
        opening=opening,
        place=len(earlier),
        out=gone.number,
        into=into.number if into else None,
        reason=opening.excuse,
        says=opening.says,
        on=day_of(at),
    )
    data: dict[str, Canonical] = {
        "out": gone.number,
        "into": into.number if into else "",
        "reason": opening.excuse,
    }
    if following.joined:
        data["joined"] = [_join(opening, list_key, frozen, one) for one in following.joined]
    enter(row, "substitute", by=by, at=at, data={**data, "agreed": _names(opening)})
    audit.append(EventKind.SUBJECT_SUBSTITUTED, about=row.ref, by=by, at=at, data=data)
    if into is not None and into.planned_on <= day_of(at):
        _note(opening, by, at, numbers=[into.number])
        models.SealedVisit.objects.filter(pk=into.pk).update(opening=opening)
        _open(into, list_key, frozen, opening, by, at)


def _append(
    opening: models.Opening, list_key: bytes, visit: sealing.OpenVisit
) -> models.SealedVisit:
    """One more sealed visit, numbered on."""
    row = opening.draw
    number = row.sealed_visits.count()
    [blob] = sealing.hidden(list_key, [visit], draw=row.ref, first=number)
    return models.SealedVisit.objects.create(
        draw=row,
        number=number,
        planned_on=opening.on or day_of(opening.asked_at),
        hidden=blob,
        is_substitute=True,
    )


def _join(
    opening: models.Opening, list_key: bytes, frozen: FrozenDraw, joined: sealing.OpenVisit
) -> int:
    """A department joins a visit of the list; returns its number. What is sealed stays sealed."""
    row = opening.draw
    released = row.released_visits.filter(pid=joined.pid).first()
    if released is not None:
        whose = {person: d for d in range(len(frozen.lists())) for person in frozen.numbers(d)}
        there = {whose[part[0]] for part in parts_of(row, released)}
        for d, people in zip(joined.depts, _teams(frozen, joined), strict=True):
            if d not in there:
                models.JoinedPart.objects.create(
                    draw=row, opening=opening, number=released.number, dept=d, people=list(people)
                )
        return released.number
    for place in row.sealed_visits.order_by("number"):
        held = sealing.shown(list_key, bytes(place.hidden), draw=row.ref, number=place.number)
        if held.pid == joined.pid:
            whole = replace(joined, leaf=held.leaf, path=held.path)
            [blob] = sealing.hidden(list_key, [whole], draw=row.ref, first=place.number)
            models.SealedVisit.objects.filter(pk=place.pk).update(hidden=blob)
            return place.number
    raise Invalid(f"名单里没有编号 {joined.pid} 的检查，请联系系统管理员核对备份。")


def _excused(row: models.Draw) -> list[Substitution]:
    """The substitutions so far as the record carries them."""
    pids = dict(row.released_visits.values_list("number", "pid"))
    return [
        Substitution(
            out=pids[s.out],
            reason=f"{ExcuseReason(s.reason).label}：{s.says}",
            on=s.on.isoformat(),
        )
        for s in row.substitutions.order_by("place")
    ]


# -- reseat


def parts_of(row: models.Draw, visit: models.ReleasedVisit) -> list[list[str]]:
    """The parts of a visit's team before any reseat: as drawn, and of departments that joined."""
    joined = row.joined_parts.filter(number=visit.number).order_by("dept")
    return [*visit.parts, *joined.values_list("people", flat=True)]


def team_of(row: models.Draw, visit: models.ReleasedVisit) -> list[str]:
    """Who goes to a visit now: as drawn, then every reseat in order."""
    team = [person for part in parts_of(row, visit) for person in part]
    for reseat in row.reseats.filter(number=visit.number).order_by("place"):
        team = [reseat.into if person == reseat.out else person for person in team]
    return team


def _reseats(row: models.Draw) -> list[made.Seat]:
    """The reseats so far."""
    pids = dict(row.released_visits.values_list("number", "pid"))
    return [
        made.Seat(pid=pids[r.number], out=r.out, into=r.into) for r in row.reseats.order_by("place")
    ]


def _reseat(opening: models.Opening, group: bytes, by: Actor, at: datetime) -> None:
    """Another officer for one place, by the late rule; nobody else is moved."""
    row = opening.draw
    in_state(row, DrawState.SEALED, "补派人员")
    frozen = thawed(bytes(row.frozen_body))
    by_what = made.made_of(row, _list_key(row, group), frozen)
    outs = [s.out for s in _excused(row)]
    earlier = _reseats(row)
    visit = row.released_visits.get(number=opening.number or 0)
    check_objections("reseat", row.ref, visit.number)
    seat = made.Seat(pid=visit.pid, out=opening.person)
    into = by_what.reseat(frozen, outs, earlier, seat)
    models.Reseat.objects.create(
        draw=row,
        opening=opening,
        place=len(earlier),
        number=visit.number,
        out=opening.person,
        into=into,
        reason=opening.absence,
        says=opening.says,
        on=day_of(at),
    )
    data: dict[str, Canonical] = {"number": visit.number, "out": opening.person, "into": into}
    data |= {"reason": opening.absence} if opening.absence else {}
    enter(row, "reseat", by=by, at=at, data={**data, "agreed": _names(opening)})
    audit.append(EventKind.OFFICER_RESEATED, about=row.ref, by=by, at=at, data=data)


# -- escrow


def _escrow(opening: models.Opening, group: bytes, by: Actor, at: datetime) -> None:
    """Read the shares of those who did not come, and draw."""
    row = opening.draw
    in_state(row, DrawState.CLOSED, "打开托管份额")
    absent = missing(row)
    if not absent:
        raise Refused("各方的随机贡献都已揭示，没有需要打开的托管份额。")
    roles = [contribution.role for contribution in absent]
    _note(opening, by, at, roles=roles)
    for contribution in absent:
        said = contributing.from_escrow(
            group, bytes(contribution.escrow), draw=row.ref, role=contribution.role
        )
        keep(row, contribution, said, at, escrow=True)
    data = {"opening": opening.ref, "roles": roles}
    audit.append(EventKind.ESCROW_OPENED, about=row.ref, by=by, at=at, data=data)
    finish_if_all(row, by=by, at=at)


# -- publication


def _witnesses(row: models.Draw) -> list[tuple[str, str]]:
    """Each witness under a mark that only this person can open."""
    hash_ = hash_of(row.profile)
    return [
        (PARTY[Role.WITNESS], witness_mark(hash_, bytes(c.salt), c.person_ref, c.person_name))
        for c in row.confirmations.order_by("pk")
    ]


def _publish(opening: models.Opening, group: bytes, by: Actor, at: datetime) -> None:
    """The whole record, checked as any citizen would before it is stored."""
    row = opening.draw
    in_state(row, DrawState.SEALED, "公开抽取记录")
    if row.sealed_visits.count() != row.released_visits.count():
        raise Refused("还有检查没有启封，全部启封后才能公开抽取记录。")
    list_key, frozen = _list_key(row, group), thawed(bytes(row.frozen_body))
    by_what = made.made_of(row, list_key, frozen)
    record, steps = by_what.record(row, frozen, _excused(row), _witnesses(row))
    if not is_valid(steps):
        wrong = "；".join(f"{step.name}：{step.says}" for step in steps if not step.ok)
        raise Invalid(f"抽取全记录没有通过核验，没有公开。{wrong}请联系系统管理员核对备份。")
    body = canon(record)
    move_on(row, DrawState.PUBLISHED, record=body, published_at=at)
    data = {"opening": opening.ref, "sealed": row.sealed_root, "agreed": _names(opening)}
    enter(row, "publish", by=by, at=at, data=data)
    audit.append(EventKind.DRAW_PUBLISHED, about=row.ref, by=by, at=at, data=data)
