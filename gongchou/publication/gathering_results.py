"""What is pulled from reviewed visits: one notice of ten columns, its words derived, not typed."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from gongchou.accounts import reads as accounts
from gongchou.core.disclosure import is_natural_person
from gongchou.core.record import RecordBody
from gongchou.core.refusals import Refused
from gongchou.core.terms import (
    JointKind,
    PublicationKind,
    VisitState,
)
from gongchou.core.workdays import Deadline, Quarter, publication_deadline
from gongchou.inspection import local_result_reads
from gongchou.inspection import reads as visits
from gongchou.inspection.rows import (
    Aftermath,
    CaseRow,
    LocalResultRow,
    VisitRow,
)
from gongchou.law.load import load_calendar
from gongchou.planning import reads as plans
from gongchou.publication import reads
from gongchou.publication.gathering import Draft, Line, head
from gongchou.publication.result_words import (
    handling,
    local_code,
    rectified,
    result_told,
    tells_of,
)
from gongchou.registry import reads as registers
from gongchou.registry.policy import profile_of

MOST = 200
NOT_PUBLIC: Mapping[str, str] = {}
# What the register knows of a firm's people; withheld, and shown as such.
UNKNOWN = {"legal_representative": "", "contact": "", "address": ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is told of one visit besides itself: its record, what followed, who asked for it."""

    body: RecordBody
    follow: Aftermath
    private: Mapping[str, str]
    task: str
    authority: str
    local: LocalResultRow | None


def days_of(bureau: str, key: str, on: date) -> int:
    """A term of publication by the policy in force."""
    profile = profile_of(bureau, on)
    return profile.number(key, max(on, profile.since))


def result_deadline(bureau: str, ended_on: date) -> Deadline:
    days = days_of(bureau, "publish.result", ended_on)
    return publication_deadline(ended_on, load_calendar(), days=days)


def penalty_deadline(bureau: str, decided_on: date) -> Deadline:
    days = days_of(bureau, "publish.penalty", decided_on)
    return publication_deadline(decided_on, load_calendar(), days=days)


def deadline_of(visit: VisitRow, cases: Sequence[CaseRow] = ()) -> Deadline:
    """The last day for a result; a penalty that was decided may bring it forward."""
    ends = [result_deadline(visit.bureau, visit.ended_on or visit.planned_on)]
    ends += [penalty_deadline(visit.bureau, c.decided_on) for c in cases if c.decided_on]
    return min(ends, key=lambda end: end.on)


def untold_penalty(bureau: str, follow: Aftermath, handled: str) -> Deadline | None:
    """The first last day of penalties that stand and that a public result does not tell of yet."""
    cases = [case for case in follow.standing_cases if not tells_of(handled, case)]
    ends = [penalty_deadline(bureau, case.decided_on) for case in cases if case.decided_on]
    return min(ends, key=lambda end: end.on, default=None)


def deadline_after(visit: VisitRow, follow: Aftermath) -> Deadline:
    """The last day as things stand: a revoked decision starts the term of the result anew."""
    end = deadline_of(visit, follow.standing_cases)
    anew = [result_deadline(visit.bureau, row.revoked_on) for row in follow.revocations]
    return max([end, *anew], key=lambda end: end.on)


def withdrawal_deadline(bureau: str, revoked_on: date) -> Deadline:
    """Within how many working days what was published about a revoked decision must go."""
    days = days_of(bureau, "publish.withdrawal", revoked_on)
    return publication_deadline(revoked_on, load_calendar(), days=days)


def results(
    bureau: str, refs: Sequence[str], title: str = "", *, handled: Mapping[str, str] = NOT_PUBLIC
) -> Draft:
    """A notice of these visits; each must be reviewed and of one quarter.

    `handled` is what the notice that this one corrects tells of each visit's handling.
    """
    chosen = _chosen(bureau, refs)
    quarter = chosen[0].quarter
    title = title or _title(bureau, quarter, source_of(refs))
    told = _told(bureau, chosen)
    rows = [_row(v, told[v.ref], number) for number, v in enumerate(chosen, 1)]
    return Draft(
        kind=PublicationKind.RESULT_NOTICE,
        source=source_of(refs, again=reads.withdrawn_count(bureau, refs)),
        title=title,
        quarter=quarter,
        original=head(bureau, title, quarter) | {"rows": rows},
        names=_names(chosen, told),
        lines=tuple(
            _line(v, told[v.ref].follow, number, handled.get(v.ref))
            for number, v in enumerate(chosen, 1)
        ),
    )


def source_of(refs: Sequence[str], *, again: int = 0) -> str:
    """One name for one set of visits; another where results of theirs were withdrawn since."""
    name = "visits:" + hashlib.sha256("\n".join(sorted(refs)).encode()).hexdigest()[:32]
    return f"{name}#{again}" if again else name


def _chosen(bureau: str, refs: Sequence[str]) -> list[VisitRow]:
    wanted = sorted(set(refs))
    if not wanted or len(wanted) > MOST:
        raise Refused(f"请选择要公示的检查，一份公示表最多 {MOST} 次。")
    known = visits.visits_of(wanted)
    found = [known.get(ref) or visits.visit(ref) for ref in wanted]
    for visit in found:
        if visit.bureau != bureau:
            raise Refused(f"本机构没有编号为 {visit.ref} 的检查，请从公示页面进入。")
        if visit.state is not VisitState.REVIEWED or visit.visit_result is None:
            raise Refused(f"检查 {visit.ref} 的记录还没有审核，审核之后才能公示。")
    if len({visit.quarter for visit in found}) > 1:
        raise Refused("一份公示表只能是同一季度的检查，请按季度分别提出。")
    return sorted(found, key=lambda visit: (visit.ended_on or visit.planned_on, visit.ref))


def _title(bureau: str, quarter: str, source: str) -> str:
    """Batches are numbered as they come; the same visits proposed again keep their number."""
    rows = reads.listed(bureau, kind=PublicationKind.RESULT_NOTICE, quarter=quarter)
    of_source = {row.source: row.title for row in rows}
    if source in of_source:
        return of_source[source]
    number, taken = len(of_source) + 1, {row.title for row in rows}
    while _batch(quarter, number) in taken:
        number += 1
    return _batch(quarter, number)


def _batch(quarter: str, number: int) -> str:
    return f"{Quarter.parse(quarter).label}抽查结果公示表（第 {number} 批）"


def _line(visit: VisitRow, follow: Aftermath, number: int, handled: str | None) -> Line:
    """What is public already has no last day any more; a penalty it does not tell of has one."""
    untold = None if handled is None else untold_penalty(visit.bureau, follow, handled)
    end = untold or deadline_after(visit, follow)
    return Line(
        visit=visit.ref,
        number=number,
        ended_on=visit.ended_on or visit.planned_on,
        deadline_on=end.on,
        is_provisional=end.provisional,
        is_due=handled is None or untold is not None,
    )


def _told(bureau: str, chosen: Sequence[VisitRow]) -> dict[str, Told]:
    """All that a notice needs, asked for the visits together: a notice may hold two hundred."""
    refs = [visit.ref for visit in chosen]
    bodies, follow = visits.newest_bodies(refs), visits.aftermaths(refs)
    private, authority = _private(bureau, chosen), accounts.bureau(bureau).name
    local = local_result_reads.local_results_of(refs)
    tasks = {ref: plans.task(ref).name for ref in {visit.task for visit in chosen if visit.task}}
    return {
        visit.ref: Told(
            body=bodies.get(visit.ref, RecordBody()),
            follow=follow[visit.ref],
            private=private[visit.ref],
            task=tasks.get(visit.task) or f"{visit.inspection_kind.label}检查",
            authority=authority,
            local=local.get(visit.ref),
        )
        for visit in chosen
    }


def _private(bureau: str, chosen: Sequence[VisitRow]) -> dict[str, Mapping[str, str]]:
    """What the register knew of each firm's people on the day of the visit."""
    of_day: dict[date, list[VisitRow]] = {}
    for visit in chosen:
        of_day.setdefault(visit.ended_on or visit.planned_on, []).append(visit)
    found: dict[str, Mapping[str, str]] = {}
    for on, held in of_day.items():
        known = registers.private_words(bureau, [visit.subject for visit in held], on)
        found |= {visit.ref: known.get(visit.subject, UNKNOWN) for visit in held}
    return found


def _names(chosen: Sequence[VisitRow], told: Mapping[str, Told]) -> tuple[str, ...]:
    """Everybody known to have taken part, so that no text names them."""
    found: set[str] = set()
    for visit in chosen:
        found |= {person.name for person in visit.inspectors}
        for one in told[visit.ref].body.signatures:
            found |= {one.name, one.witness}
        found.add(told[visit.ref].private["legal_representative"])
        if is_natural_person(visit.uscc):
            found.add(visit.subject_name)
    return tuple(sorted(name for name in found if name))


def _row(visit: VisitRow, told: Told, number: int) -> dict[str, Any]:
    """One visit in the words of the notice."""
    assert visit.visit_result is not None
    ended_on = visit.ended_on or visit.planned_on
    kind = visit.inspection_kind.label
    is_joint = visit.joint_kind is not JointKind.NONE
    return {
        "number": number,
        "task": told.task,
        "items": list(visit.group_names),
        "subject": visit.subject_name,
        "uscc": visit.uscc,
        "authority": told.authority,
        "ended_on": ended_on.isoformat(),
        "result_code": visit.visit_result.value,
        "result": result_told(visit, told.local),
        "handling": handling(visit.visit_result, told.follow),
        "note": "",
        "area": visit.grid,
        "chosen": "随机抽取" if visit.is_random else f"{kind}检查，不是随机抽取",
        "joint": visit.joint_kind.label if is_joint else "",
        "problem_count": visit.problem_count,
        "problems": problems_of(visit, told.body),
        "rectified": rectified(visit.visit_result, told.follow),
        "cards": [person.card for person in visit.inspectors if person.card],
        "draw": visit.draw,
        "local_result": local_code(visit, told.local),
        "inspectors": visit.team_names,
        **told.private,
    }


def problems_of(visit: VisitRow, body: RecordBody) -> list[str]:
    """The items at which a problem was found, by their names in the public list."""
    if not body.problem_items:
        return []
    names = {item.code: f"{item.group_name}：{item.name}" for item in visits.checklist(visit)}
    return [names.get(code, code) for code in body.problem_items]
