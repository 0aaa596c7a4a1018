"""Sheets from recorded facts, appeals against single records, problems until they are mended."""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from gongchou.accounts import organisation_reads as organisation
from gongchou.accounts import reads as accounts
from gongchou.accounts.models import Bureau
from gongchou.audit import actions as audit
from gongchou.core.assessment import assessed, by_reading
from gongchou.core.canon import Canonical, digest
from gongchou.core.event_kinds import EventKind
from gongchou.core.oversight_terms import AssessmentPoint, MendingState
from gongchou.core.powers import Actor, Power, check
from gongchou.core.refusals import Invalid, NotAllowed, Refused, Stale
from gongchou.core.states import move
from gongchou.core.workdays import Quarter
from gongchou.registry.policy import profile_of
from gongchou.reporting import assessing, assessment_reads, models
from gongchou.web.clock import day_of


def _said(text: str, what: str) -> str:
    line = " ".join(text.split())
    if not line or len(line) > 500:
        raise Invalid(f"请写明{what}，不超过 500 字。")
    return line


@transaction.atomic
def make_assessment(quarter: Quarter, *, by: Actor, at: datetime) -> int:
    """A sheet for everybody who was on a visit and each section; returns how many are new.

    Where the facts, weights and upheld appeals are those of the current sheet, that one stays.
    """
    check(by, Power.MAKE_ASSESSMENT)
    today = day_of(at)
    if today <= quarter.last:
        raise Refused(f"{quarter.label}还没有结束，季度结束以后生成考核表。")
    reading = profile_of(by.bureau, quarter.last).text("assessment.weights", quarter.last)
    limits = by_reading(organisation.limits(by.bureau, quarter.last), reading)
    current = {(s.about, s.is_unit): s for s in assessment_reads.sheets(by.bureau, str(quarter))}
    made = 0
    for about, marks in assessing.marks(by.bureau, quarter, today).items():
        taken = frozenset() if about[2] else assessment_reads.excluded(
            by.bureau, str(quarter), about[0]
        )  # fmt: skip
        body = assessment_reads.plain(assessed(marks, limits, taken))
        old = current.get((about[0], about[2]))
        if old is None or old.digest != digest(body):
            _keep(about, quarter, body, old.number + 1 if old else 1, by, at)
            made += 1
    data: dict[str, Canonical] = {"new": made}
    audit.append(EventKind.ASSESSMENT_MADE, about=str(quarter), by=by, at=at, data=data)
    return made


def _keep(
    about: assessing.About,
    quarter: Quarter,
    body: dict[str, object],
    number: int,
    by: Actor,
    at: datetime,
) -> None:
    ref, name, is_unit = about
    models.AssessmentSheet.objects.create(
        ref=f"K{by.bureau}-{quarter}-{'u' if is_unit else 'p'}-{ref[-20:]}-{number}",
        bureau=Bureau.objects.get(code=by.bureau),
        quarter=str(quarter),
        about=ref,
        name=name,
        is_unit=is_unit,
        number=number,
        body=body,
        digest=digest(body),
        made_by_ref=by.ref,
        made_by_name=by.name,
        made_at=at,
    )


@transaction.atomic
def appeal(
    ref: str, point: AssessmentPoint, record: str, says: str, *, by: Actor, at: datetime
) -> None:
    """Say why one record that fell short should not count; the owner of the sheet alone may."""
    check(by, Power.OWN_MATTERS)
    row = assessment_reads.sheet(ref, by.bureau)
    if not assessment_reads.is_own(row, by, day_of(at)):
        raise NotAllowed("只能对本人的考核表提出申诉。")
    if not row.is_current:
        raise Stale("这一版已被新的考核表替代，请在最新一版上提出。")
    if record not in next(one.short for one in row.body.points if one.point is point):
        raise Invalid("这条记录在考核表中没有扣分，请从表中选择。")
    if any((one.point, one.record) == (point, record) for one in row.appeals):
        raise Stale("这条记录已经提出申诉，一条记录只申诉一次，请看申诉一栏。")
    try:
        with transaction.atomic():
            models.AssessmentAppeal.objects.create(
                sheet=models.AssessmentSheet.objects.get(ref=ref),
                point=point.value,
                record=record,
                says=_said(says, "申诉理由"),
                by_ref=by.ref,
                by_name=by.name,
                at=at,
            )
    except IntegrityError as error:
        raise Stale("这条记录已经提出申诉，请等候答复。") from error
    data: dict[str, Canonical] = {"point": point.value, "record": record}
    audit.append(EventKind.ASSESSMENT_APPEALED, about=ref, by=by, at=at, data=data)


@transaction.atomic
def answer_appeal(
    ref: str, number: int, answer: str, *, is_upheld: bool, by: Actor, at: datetime
) -> None:
    """Uphold or not; an upheld record is out of the next version of the sheet."""
    check(by, Power.DECIDE_APPEAL)
    row = assessment_reads.sheet(ref, by.bureau)
    if assessment_reads.is_own(row, by, day_of(at)):
        raise NotAllowed("不能答复本人的申诉，请由另一名批准领导答复。")
    known = {one.number for one in row.appeals} & {number}
    rows = models.AssessmentAppeal.objects.filter(pk__in=known, is_upheld=None)
    changed = rows.update(
        is_upheld=is_upheld,
        answer=_said(answer, "答复"),
        answered_by_ref=by.ref,
        answered_by_name=by.name,
        answered_at=at,
    )
    if changed != 1:
        raise Stale("这件申诉已经答复，请刷新页面。")
    data: dict[str, Canonical] = {"number": number, "upheld": int(is_upheld)}
    audit.append(EventKind.ASSESSMENT_ANSWERED, about=ref, by=by, at=at, data=data)


@transaction.atomic
def set_task(about: str, says: str, owner: str, *, due_on: date, by: Actor, at: datetime) -> str:
    """A problem gets an owner and a day; returns the ref."""
    check(by, Power.SET_TASK)
    person = accounts.person(owner, day_of(at))
    if person.bureau != by.bureau or not person.is_active:
        raise Refused("责任人须是本机构在用的人员，请从列表中选择。")
    if owner == by.ref:
        raise Refused("不能交办给自己，请由另一人交办或者换一名责任人。")
    if due_on <= day_of(at):
        raise Refused("整改期限应在明天或以后，请改正。")
    count = models.MendingTask.objects.filter(bureau__code=by.bureau).count()
    row = models.MendingTask.objects.create(
        ref=f"M{by.bureau}-{count + 1}",
        bureau=Bureau.objects.get(code=by.bureau),
        about=_said(about, "问题从哪里来")[:200],
        says=_said(says, "整改要求"),
        owner_ref=owner,
        owner_name=person.name,
        due_on=due_on,
        state=MendingState.OPEN.value,
        set_by_ref=by.ref,
        set_by_name=by.name,
        set_at=at,
    )
    data: dict[str, Canonical] = {"owner": owner, "due": str(due_on)}
    audit.append(EventKind.TASK_SET, about=row.ref, by=by, at=at, data=data)
    return row.ref


def _move(row: assessment_reads.TaskRow, to: MendingState, **fields: object) -> None:
    move(row.state, to)
    rows = models.MendingTask.objects.filter(ref=row.ref, state=row.state.value)
    if rows.update(state=to.value, **fields) != 1:
        raise Stale("这件整改刚被他人办理，请刷新页面。")


@transaction.atomic
def report_mended(ref: str, says: str, *, by: Actor, at: datetime) -> None:
    """The owner says how it was mended."""
    check(by, Power.OWN_MATTERS)
    row = assessment_reads.task(ref, by.bureau)
    if row.owner != by.ref:
        raise NotAllowed(f"这件整改由{row.owner_name}负责，须由本人报告。")
    _move(row, MendingState.MENDED, mended_says=_said(says, "怎样整改"), mended_at=at)
    audit.append(EventKind.TASK_MENDED, about=ref, by=by, at=at)


@transaction.atomic
def check_task(ref: str, says: str, *, is_mended: bool, by: Actor, at: datetime) -> None:
    """Somebody else looks: mended, or back to the owner."""
    check(by, Power.SET_TASK)
    row = assessment_reads.task(ref, by.bureau)
    if row.owner == by.ref:
        raise NotAllowed("不能核实自己的整改，请由另一人核实。")
    to = MendingState.CLOSED if is_mended else MendingState.OPEN
    words = _said(says, "核实情况")
    _move(row, to, checked_says=words, checked_by_name=by.name, checked_at=at)
    kind = EventKind.TASK_CLOSED if is_mended else EventKind.TASK_RETURNED
    audit.append(kind, about=ref, by=by, at=at)
