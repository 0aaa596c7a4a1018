"""Several tasks, one site, one visit: a second draw's place goes into the visit that is open."""

from datetime import datetime

from django.db import IntegrityError, transaction

from gongchou.audit import actions as audit
from gongchou.core import roster
from gongchou.core.canon import Canonical
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor, Power, check
from gongchou.core.refusals import Stale
from gongchou.core.terms import JointKind, VisitState
from gongchou.drawing.reads import ReleasedVisit
from gongchou.inspection import models
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
    held = models.TeamMember.objects.filter(visit=row)
    there = set(held.filter(until=None).values_list("inspector", flat=True))
    strongest = min((JointKind(row.joint_kind), joint_kind), key=STRONGEST.index)
    units = sorted({*row.units, *(person.unit for person in team)})
    rows = models.Visit.objects.filter(
        pk=row.pk, state=VisitState.DISPATCHED.value, authorised_at=None
    )
    if rows.update(joint_kind=strongest.value, units=units) != 1:
        raise Stale("同一单位的另一次检查刚被他人办理，请刷新页面后再派发。")
    _keep(row, released, joint_kind, by, at)
    more = tuple(person for person in team if person.ref not in there)
    seat(row, more, start=max(held.values_list("seat", flat=True), default=0) + 1)
    data: dict[str, Canonical] = {
        "draw": released.draw,
        "inspectors": [person.ref for person in more],
        "number": released.number,
        "task": released.task,
    }
    audit.append(EventKind.VISIT_MERGED, about=row.ref, by=by, at=at, data=data)
    return row.ref


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
