"""Several tasks, one site, one visit: a second draw's place goes into the visit that is open."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from gongchou.audit import actions as audit
from gongchou.core import roster
from gongchou.core.canon import Canonical
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor, Power, check
from gongchou.core.refusals import Stale
from gongchou.core.terms import JointKind, VisitState
from gongchou.drawing.reads import ReleasedVisit
from gongchou.inspection import models, reads
from gongchou.inspection.writers import seat

STRONGEST = (JointKind.JOINT_CROSS_DEPT, JointKind.JOINT_INTERNAL, JointKind.NONE)


@transaction.atomic
def merge_visit(
    row: models.Visit,
    released: ReleasedVisit,
    team: tuple[roster.Inspector, ...],
    *,
    joint_kind: JointKind,
    by: Actor,
    at: datetime,
) -> str:
    """One visit serves both tasks: everybody drawn goes, and both places stay on record."""
    check(by, Power.DISPATCH_VISIT)
    held = models.TeamMember.objects.filter(visit=row, until=None)
    there = set(held.values_list("inspector", flat=True))
    strongest = min((JointKind(row.joint_kind), joint_kind), key=STRONGEST.index)
    units = sorted({*row.units, *(person.unit for person in team)})
    rows = models.Visit.objects.filter(
        pk=row.pk, state=VisitState.DISPATCHED.value, authorised_at=None
    )
    if rows.update(joint_kind=strongest.value, units=units) != 1:
        raise Stale("同一单位的另一次检查刚被他人办理，请刷新页面后再派发。")
    _keep(row, released, joint_kind, by, at)
    more = tuple(person for person in team if person.ref not in there)
    seat(row, more, start=_next_seat(row))
    data: dict[str, Canonical] = {
        "draw": released.draw,
        "inspectors": [person.ref for person in more],
        "number": released.number,
        "task": released.task,
    }
    audit.append(EventKind.VISIT_MERGED, about=row.ref, by=by, at=at, data=data)
    return row.ref


@transaction.atomic
def seat_late(ref: str, team: tuple[roster.Inspector, ...], *, by: Actor, at: datetime) -> None:
    """A department that drew the site after all goes along, while nobody has gone yet."""
    check(by, Power.DISPATCH_VISIT)
    row = models.Visit.objects.get(ref=ref, bureau__code=by.bureau)
    rows = models.Visit.objects.filter(pk=row.pk, state__in=reads.UNBEGUN)
    units = sorted({*row.units, *(person.unit for person in team)})
    if rows.update(joint_kind=JointKind.JOINT_CROSS_DEPT.value, units=units) != 1:
        raise Stale("这次检查已经开始，不能再加入人员。请刷新页面，由该部门自行安排。")
    seat(row, team, start=_next_seat(row))
    data: dict[str, Canonical] = {"draw": row.draw, "inspectors": [person.ref for person in team]}
    audit.append(EventKind.VISIT_MERGED, about=ref, by=by, at=at, data=data)


@transaction.atomic
def reseat_visit(ref: str, out: str, into: roster.Inspector, *, by: Actor, at: datetime) -> None:
    """A place that was drawn anew after the team was sent out: one leaves, another has the seat.

    Nobody leaves where `out` is "": whoever gave up the place goes for another one of the visit.
    """
    check(by, Power.DISPATCH_VISIT)
    row = models.Visit.objects.get(ref=ref, bureau__code=by.bureau)
    rows = models.Visit.objects.filter(pk=row.pk, state__in=reads.UNBEGUN)
    units = sorted({*row.units, into.unit})
    if rows.update(units=units) != 1:
        raise Stale("这次检查已经开始，检查组不再变动。请刷新页面。")
    held = models.TeamMember.objects.filter(visit=row, until=None)
    place = _left(held, out, at) if out else _next_seat(row)
    if not held.filter(inspector=into.ref).exists():
        seat(row, (into,), start=place)
    data: dict[str, Canonical] = {"draw": row.draw, "into": into.ref, "out": out}
    audit.append(EventKind.VISIT_RESEATED, about=ref, by=by, at=at, data=data)


def _left(held: QuerySet[models.TeamMember], person: str, at: datetime) -> int:
    """Close somebody's seat; returns its number."""
    leaving = held.filter(inspector=person).first()
    if leaving is None or held.filter(pk=leaving.pk).update(until=at) != 1:
        raise Stale("检查组刚有变动，请刷新页面。")
    return leaving.seat


def _next_seat(row: models.Visit) -> int:
    seats = models.TeamMember.objects.filter(visit=row).values_list("seat", flat=True)
    return max(seats, default=0) + 1


def _keep(
    row: models.Visit, released: ReleasedVisit, joint_kind: JointKind, by: Actor, at: datetime
) -> None:
    try:
        with transaction.atomic():
            models.MergedDraw.objects.create(
                visit=row,
                draw=released.draw,
                number=released.number,
                task=released.task,
                joint_kind=joint_kind.value,
                by_ref=by.ref,
                by_name=by.name,
                at=at,
            )
    except IntegrityError as error:
        raise Stale(
            f"名单第 {released.number + 1} 号已经派发，不能重复派发。请刷新页面。"
        ) from error
