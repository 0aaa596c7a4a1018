"""A visit begins here: sent to the team that was drawn, or opened for a reason."""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from gongchou.accounts.models import Bureau
from gongchou.audit import actions as audit
from gongchou.core import roster
from gongchou.core.canon import Canonical
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor, Power, check
from gongchou.core.record import said
from gongchou.core.refusals import Invalid, Refused, Stale
from gongchou.core.terms import InspectionKind, JointKind, VisitState
from gongchou.core.workdays import Quarter
from gongchou.drawing import fitness_reads
from gongchou.drawing import reads as draws
from gongchou.drawing.reads import ReleasedVisit
from gongchou.inspection import models, reads
from gongchou.inspection.actions.merging import merge_visit, reseat_visit, seat_late
from gongchou.inspection.capped import BeyondCap, check_cap
from gongchou.inspection.crowded import crowded, crowded_text
from gongchou.inspection.drafts import CaseVisitDraft
from gongchou.inspection.rows import BeyondCapRow
from gongchou.inspection.telling import ask_to_tell
from gongchou.inspection.writers import copied, form_of, open_visit, seat
from gongchou.planning import reads as plans
from gongchou.registry import reads as registers
from gongchou.registry.models import Subject
from gongchou.registry.policy import profile_of
from gongchou.web.clock import day_of

ATTEMPTS = 5


class UnfitTeam(Refused):
    """Somebody of the drawn team may not go: a place of the team is drawn anew first."""


@transaction.atomic
def dispatch_visit(draw: str, number: int, *, exemption: str = "", by: Actor, at: datetime) -> str:
    """A visit that was released goes to the team that was drawn; returns its ref.

    `exemption` is the policy's reason for a visit beyond the yearly limit of its enterprise.
    """
    check(by, Power.DISPATCH_VISIT)
    _check_own_draw(draw, by)
    return _dispatch(draws.released_visit(draw, number), by, at, exemption)


@transaction.atomic
def dispatch_released(draw: str, *, by: Actor, at: datetime) -> tuple[str, ...]:
    """Every released visit of a draw that may go out; returns their refs.

    Those beyond the yearly limit of their enterprise stay, for each of them needs its own reason,
    and those whose team has somebody who may not go.
    A team that was changed by the draw since it was sent out follows: whoever was drawn anew for a
    place, and a department that joined.
    """
    check(by, Power.DISPATCH_VISIT)
    _check_own_draw(draw, by)
    changed = _reseat(draw, by, at)
    waiting, late = reads.waiting(draw), reads.joined_late(draw)
    if not waiting and not late and not changed:
        raise Stale("没有等待派发的检查：已启封的都派发了，其余的还没有启封。")
    for visit, refs in late:
        people = _people(by, at, *map(_snapshot, visit.tasks))
        seat_late(visit.ref, tuple(people[ref] for ref in refs), by=by, at=at)
    sent, first = [*changed, *(visit.ref for visit, _ in late)], None
    for released in waiting:
        try:
            sent.append(_dispatch(released, by, at))
        except (BeyondCap, UnfitTeam) as refusal:
            first = first or refusal
    if first and not sent:
        raise first
    return tuple(dict.fromkeys(sent))


def _reseat(draw: str, by: Actor, at: datetime) -> list[str]:
    """Teams sent out before a place of theirs was drawn anew take in who has it now."""
    changed = reads.reseated(draw)
    for visit, seats in changed:
        people = _people(by, at, *map(_snapshot, visit.tasks))
        for out, into in seats:
            reseat_visit(visit.ref, out, people[into], by=by, at=at)
    return [visit.ref for visit, _ in changed]


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


def _check_own_draw(draw: str, by: Actor) -> None:
    if draws.draw(draw).bureau != by.bureau:
        raise Refused(f"本机构没有编号为 {draw} 的抽取，请从抽取页面进入。")


def _dispatch(released: ReleasedVisit, by: Actor, at: datetime, exemption: str = "") -> str:
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


@transaction.atomic
def open_case_visit(draft: CaseVisitDraft, *, by: Actor, at: datetime) -> str:
    """A visit for a complaint or an off-site finding, outside every ratio; returns its ref."""
    check(by, Power.DISPATCH_VISIT)
    today = day_of(at)
    ground = said(draft.ground)
    if not ground or len(ground) > 500:
        raise Invalid("请写明检查理由（如举报编号、非现场检查发现的情况），不超过 500 字。")
    if draft.planned_on < today:
        raise Invalid("计划检查日早于今天，请核对。")
    subject = registers.subject(draft.subject, by.bureau, today).subject
    team = _team(draft, by)
    _check_recusals(subject, team, by, today)
    items = registers.item_list_in_force(by.bureau, today)
    groups = roster.applicable_groups(subject, items.groups) if items else ()
    if items is None or not groups:
        raise Refused(
            f"没有适用于“{subject.name}”的抽查事项，无法生成检查表。请先批准抽查事项清单并核对适用条件。"
        )
    row = _case_row(
        by,
        at,
        subject=Subject.objects.get(ref=subject.ref, bureau__code=by.bureau),
        ground=ground,
        planned_on=draft.planned_on,
        quarter=str(Quarter.of(draft.planned_on)),
        units=sorted({person.unit for person in team}),
        item_list_version=str(items.version),
        **copied(subject),
        **form_of(groups),
    )
    seat(row, team)
    ask_to_tell(row.ref)
    data: dict[str, Canonical] = {
        "ground": ground,
        "inspectors": [p.ref for p in team],
        "subject": subject.ref,
    }
    if dense := crowded_text(crowded(by.bureau, subject.ref, draft.planned_on)):
        data["crowded"] = dense
    audit.append(EventKind.CASE_VISIT_OPENED, about=row.ref, by=by, at=at, data=data)
    return row.ref


def _team(draft: CaseVisitDraft, by: Actor) -> tuple[roster.Inspector, ...]:
    """At least so many certified officers as the policy wants, each free that day."""
    register = {p.ref: p for p in registers.inspectors(by.bureau, draft.planned_on)}
    strange = [ref for ref in draft.inspectors if ref not in register]
    if strange:
        raise Refused("检查组中有不在检查人员名录内的人，请重新选择。")
    team = tuple(register[ref] for ref in dict.fromkeys(draft.inspectors))
    for person in team:
        problem = roster.drawable_problem(person, draft.planned_on)
        if problem:
            raise Refused(f"{person.name}不能参加这次检查：{problem}请另选检查人员。")
    profile = profile_of(by.bureau, draft.planned_on)
    least = profile.number("team.min_certified", draft.planned_on)
    if len(team) < least:
        raise Refused(f"检查组须有 {least} 名以上持证检查人员，现选了 {len(team)} 名。")
    return team


def _check_recusals(
    subject: roster.Subject, team: tuple[roster.Inspector, ...], by: Actor, on: date
) -> None:
    """Who must keep away from the site does not go there for a reason either."""
    held = registers.recusals(by.bureau, on, [(subject.ref, subject.uscc)])
    away = {fact.inspector: fact.reason.label for fact in held}
    names = [f"{p.name}（{away[p.ref]}）" for p in team if p.ref in away]
    if names:
        raise Refused(f"{'、'.join(names)}应当回避这家单位，请另选检查人员。")


def _case_row(by: Actor, at: datetime, **fields: object) -> models.Visit:
    """The next free number of the year, even where two clerks click at once."""
    owner, year = Bureau.objects.get(code=by.bureau), day_of(at).year
    start = f"V{by.bureau}-{year}-"
    number = models.Visit.objects.filter(ref__startswith=start).count()
    for step in range(1, ATTEMPTS + 1):
        try:
            with transaction.atomic():
                return models.Visit.objects.create(
                    ref=f"{start}{number + step:04}",
                    bureau=owner,
                    inspection_kind=InspectionKind.CASE.value,
                    is_random=False,
                    is_tiered=False,
                    joint_kind=JointKind.NONE.value,
                    state=VisitState.DISPATCHED.value,
                    dispatched_by=by.ref,
                    dispatched_by_name=by.name,
                    dispatched_at=at,
                    **fields,
                )
        except IntegrityError:
            continue
    raise Stale("同时有多人在安排检查，请稍后再试。")
