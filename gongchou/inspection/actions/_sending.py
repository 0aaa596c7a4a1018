"""One place of a drawn list goes out: with its form, its team, and what was changed since."""

from datetime import datetime

from django.db import IntegrityError, transaction

from gongchou.accounts.models import Bureau
from gongchou.audit import actions as audit
from gongchou.core import roster
from gongchou.core.canon import Canonical
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor
from gongchou.core.refusals import Refused, Stale
from gongchou.core.terms import InspectionKind, JointKind, VisitState
from gongchou.drawing import fitness_reads
from gongchou.drawing.reads import ReleasedVisit
from gongchou.inspection import models, reads
from gongchou.inspection.actions.merging import merge_visit, reseat_visit, seat_late
from gongchou.inspection.capped import check_cap
from gongchou.inspection.crowded import crowded, crowded_text
from gongchou.inspection.rows import BeyondCapRow
from gongchou.inspection.telling import ask_to_tell
from gongchou.inspection.writers import copied, form_of, open_visit, seat
from gongchou.planning import reads as plans
from gongchou.registry import reads as registers
from gongchou.registry.models import Subject
from gongchou.web.clock import day_of


class UnfitTeam(Refused):
    """Somebody of the drawn team may not go: a place of the team is drawn anew first."""


def reseat_changed(draw: str, by: Actor, at: datetime) -> list[str]:
    """Teams sent out before a place of theirs was drawn anew take in who has it now."""
    changed = reads.reseated(draw)
    for visit, seats in changed:
        people = _people(by, at, *map(_snapshot, visit.tasks))
        for out, into in seats:
            reseat_visit(visit.ref, out, people[into], by=by, at=at)
    return [visit.ref for visit, _ in changed]


def seat_joined(draw: str, by: Actor, at: datetime) -> list[str]:
    """Departments that joined since a visit was sent out take their seats."""
    late = reads.joined_late(draw)
    for visit, refs in late:
        people = _people(by, at, *map(_snapshot, visit.tasks))
        seat_late(visit.ref, tuple(people[ref] for ref in refs), by=by, at=at)
    return [visit.ref for visit, _ in late]


def _people(
    by: Actor, at: datetime, *drawn_from: roster.RegisterSnapshot
) -> dict[str, roster.Inspector]:
    """Everybody who may have been drawn, as today's register says; who has left it, as drawn."""
    frozen = (person for snapshot in drawn_from for person in snapshot.inspectors)
    today = registers.inspectors(by.bureau, day_of(at))
    return {person.ref: person for person in (*frozen, *today)}


def _snapshot(task: str) -> roster.RegisterSnapshot:
    """The register from which a task's plan was made."""
    return registers.frozen_snapshot(plans.plan(plans.task(task).plan).snapshot_ref)


def send(released: ReleasedVisit, by: Actor, at: datetime, exemption: str = "") -> str:
    """The form comes from the frozen snapshot: what was to be checked was known at the draw.

    A site that waits for a visit of another task gets no second one: that visit serves both.
    """
    if released.number in reads.dispatched_numbers(released.draw):
        raise Stale(f"名单第 {released.number + 1} 号已经派发，不能重复派发。请刷新页面。")
    if released.excused_as is not None:
        raise Refused(
            f"名单第 {released.number + 1} 号因“{released.excused_as.label}”已由备选递补，不派发。"
        )
    _check_fit(released, by, at)
    task = plans.task(released.task)
    snapshot = _snapshot(released.task)
    subject = next(s for s in snapshot.subjects if s.ref == released.subject)
    asked = [g for g in snapshot.item_groups if g.code in task.item_groups]
    groups = roster.applicable_groups(subject, asked or snapshot.item_groups)
    people = _people(by, at, snapshot)
    team = tuple(people[ref] for ref in released.inspectors)
    joint_kind = _joint_kind(released, task, groups)
    held = open_visit(released, by.bureau)
    if held is not None:
        return merge_visit(held, released, team, joint_kind=joint_kind, by=by, at=at)
    beyond = check_cap(by.bureau, subject, day_of(at), exemption)
    row = _drawn_row(
        released,
        by,
        at,
        subject=Subject.objects.get(ref=subject.ref, bureau__code=by.bureau),
        joint_kind=joint_kind.value,
        units=sorted({person.unit for person in team}),
        item_list_version=snapshot.item_list_version,
        **copied(subject),
        **form_of(groups),
    )
    seat(row, team)
    data: dict[str, Canonical] = {
        "draw": released.draw,
        "inspectors": [person.ref for person in team],
        "number": released.number,
        "subject": subject.ref,
    }
    if beyond is not None:
        data |= _exempted(row, beyond, by, at)
    if dense := crowded_text(crowded(by.bureau, subject.ref, released.planned_on)):
        data["crowded"] = dense
    ask_to_tell(row.ref)
    audit.append(EventKind.VISIT_DISPATCHED, about=row.ref, by=by, at=at, data=data)
    return row.ref


def _check_fit(released: ReleasedVisit, by: Actor, at: datetime) -> None:
    """Cards, duty, suspensions and recusals may have changed since the draw."""
    if unfit := fitness_reads.unfit(released, by.bureau, day_of(at)):
        says = fitness_reads.to_reseat(unfit)
        raise UnfitTeam(f"名单第 {released.number + 1} 号不能派发：{says}")


def _exempted(
    row: models.Visit, beyond: BeyondCapRow, by: Actor, at: datetime
) -> dict[str, Canonical]:
    """The reason stands with the visit, and in the event that sent it out."""
    models.CapExemption.objects.create(
        visit=row,
        reason=beyond.reason,
        made=beyond.made,
        limit=beyond.limit,
        by_ref=by.ref,
        by_name=by.name,
        at=at,
    )
    return {
        "cap_exemption": beyond.reason,
        "cap_made": beyond.made,
        "cap_limit": beyond.limit,
    }


def _joint_kind(
    released: ReleasedVisit, task: plans.TaskRow, groups: tuple[roster.ItemGroup, ...]
) -> JointKind:
    """Internal joint: drawn with a second unit, and there is something to check for two.

    A site of a cross-department task that no partner has drawn is visited by the bureau alone.
    """
    if task.joint_kind is JointKind.JOINT_CROSS_DEPT:
        return JointKind.JOINT_CROSS_DEPT if released.is_joint else JointKind.NONE
    is_joint = released.is_joint and len({group.unit for group in groups}) > 1
    return JointKind.JOINT_INTERNAL if is_joint else JointKind.NONE


def _drawn_row(released: ReleasedVisit, by: Actor, at: datetime, **fields: object) -> models.Visit:
    """One visit a place of the list, however often the button is pressed; a void one makes room."""
    void = models.Visit.objects.filter(draw=released.draw, number=released.number).count()
    ref = f"V{released.draw[1:]}-{released.number + 1:03}" + (f"-{void + 1}" if void else "")
    try:
        with transaction.atomic():
            return models.Visit.objects.create(
                ref=ref,
                bureau=Bureau.objects.get(code=by.bureau),
                quarter=released.quarter,
                task=released.task,
                draw=released.draw,
                number=released.number,
                stratum=released.stratum.value,
                planned_on=released.planned_on,
                inspection_kind=InspectionKind.DAILY.value,
                is_random=True,
                is_tiered=True,
                state=VisitState.DISPATCHED.value,
                dispatched_by=by.ref,
                dispatched_by_name=by.name,
                dispatched_at=at,
                **fields,
            )
    except IntegrityError as error:
        raise Stale(
            f"名单第 {released.number + 1} 号已经派发，不能重复派发。请刷新页面。"
        ) from error
