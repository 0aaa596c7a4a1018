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
from gongchou.drawing import reads as draws
from gongchou.inspection import models, reads
from gongchou.inspection.actions._sending import UnfitTeam, reseat_changed, seat_joined, send
from gongchou.inspection.capped import BeyondCap
from gongchou.inspection.crowded import crowded, crowded_text
from gongchou.inspection.drafts import CaseVisitDraft
from gongchou.inspection.picking import kept_away
from gongchou.inspection.telling import ask_to_tell
from gongchou.inspection.writers import copied, form_of, seat
from gongchou.registry import reads as registers
from gongchou.registry.models import Subject
from gongchou.registry.policy import profile_of
from gongchou.web.clock import day_of

ATTEMPTS = 5


@transaction.atomic
def dispatch_visit(draw: str, number: int, *, exemption: str = "", by: Actor, at: datetime) -> str:
    """A visit that was released goes to the team that was drawn; returns its ref.

    `exemption` is the policy's reason for a visit beyond the yearly limit of its enterprise.
    """
    check(by, Power.DISPATCH_VISIT)
    _check_own_draw(draw, by)
    return send(draws.released_visit(draw, number), by, at, exemption)


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
    sent, first = [*reseat_changed(draw, by, at), *seat_joined(draw, by, at)], None
    waiting = reads.waiting(draw)
    if not waiting and not sent:
        raise Stale("没有等待派发的检查：已启封的都派发了，其余的还没有启封。")
    for released in waiting:
        try:
            sent.append(send(released, by, at))
        except (BeyondCap, UnfitTeam) as refusal:
            first = first or refusal
    if first and not sent:
        raise first
    return tuple(dict.fromkeys(sent))


def _check_own_draw(draw: str, by: Actor) -> None:
    if draws.draw(draw).bureau != by.bureau:
        raise Refused(f"本机构没有编号为 {draw} 的抽取，请从抽取页面进入。")


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
    away = kept_away(by.bureau, team, draft.planned_on)
    for person in team:
        if person.ref in away:
            raise Refused(f"{person.name}不能参加这次检查：{away[person.ref]}请另选检查人员。")
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
