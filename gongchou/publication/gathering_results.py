"""What is pulled from reviewed visits: one notice of ten columns, its words derived, not typed."""

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import Any

from gongchou.accounts import reads as accounts
from gongchou.core.disclosure import is_natural_person
from gongchou.core.record import UNVISITABLE
from gongchou.core.refusals import Refused
from gongchou.core.terms import (
    CorrectionState,
    JointKind,
    PublicationKind,
    VisitResult,
    VisitState,
)
from gongchou.core.workdays import Deadline, Quarter, publication_deadline
from gongchou.inspection import reads as visits
from gongchou.inspection.rows import Aftermath, CaseRow, OrderRow, VisitRow
from gongchou.law.load import load_calendar
from gongchou.planning import reads as plans
from gongchou.publication import reads
from gongchou.publication.gathering import Draft, Line, head
from gongchou.registry import reads as registers
from gongchou.registry.policy import profile_of

MOST = 200


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


def deadline_after(visit: VisitRow, follow: Aftermath) -> Deadline:
    """The last day as things stand: a revoked decision starts the term of the result anew."""
    end = deadline_of(visit, follow.standing_cases)
    anew = [result_deadline(visit.bureau, row.revoked_on) for row in follow.revocations]
    return max([end, *anew], key=lambda end: end.on)


def withdrawal_deadline(bureau: str, revoked_on: date) -> Deadline:
    """Within how many working days what was published about a revoked decision must go."""
    days = days_of(bureau, "publish.withdrawal", revoked_on)
    return publication_deadline(revoked_on, load_calendar(), days=days)


def results(bureau: str, refs: Sequence[str], title: str = "") -> Draft:
    """A notice of these visits; each must be reviewed and of one quarter."""
    chosen = _chosen(bureau, refs)
    quarter = chosen[0].quarter
    title = title or _title(bureau, quarter, source_of(refs))
    follow = {visit.ref: visits.aftermath(visit.ref) for visit in chosen}
    rows = [row_of(v, follow[v.ref], number) for number, v in enumerate(chosen, 1)]
    return Draft(
        kind=PublicationKind.RESULT_NOTICE,
        source=source_of(refs, again=reads.withdrawn_count(bureau, refs)),
        title=title,
        quarter=quarter,
        original=head(bureau, title, quarter) | {"rows": rows},
        names=_names(chosen),
        lines=tuple(
            _line(v, deadline_after(v, follow[v.ref]), number) for number, v in enumerate(chosen, 1)
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
    found = [visits.visit(ref) for ref in wanted]
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


def _line(visit: VisitRow, end: Deadline, number: int) -> Line:
    return Line(
        visit=visit.ref,
        number=number,
        ended_on=visit.ended_on or visit.planned_on,
        deadline_on=end.on,
        is_provisional=end.provisional,
    )


def _names(chosen: Sequence[VisitRow]) -> tuple[str, ...]:
    """Everybody known to have taken part, so that no text names them."""
    found: set[str] = set()
    for visit in chosen:
        found |= {person.name for person in visit.inspectors}
        found |= {one.name for one in visits.record(visit.ref).body.signatures}
        found.add(_private(visit)["legal_representative"])
        if is_natural_person(visit.uscc):
            found.add(visit.subject_name)
    return tuple(sorted(name for name in found if name))


def _private(visit: VisitRow) -> dict[str, str]:
    """What the register knows of the firm's people on the day; withheld, and shown as such."""
    try:
        found = registers.subject(visit.subject, visit.bureau, visit.ended_on or visit.planned_on)
    except Refused:
        return {"legal_representative": "", "contact": "", "address": ""}
    return {
        "legal_representative": found.legal_representative,
        "contact": found.contact,
        "address": found.address,
    }


def row_of(visit: VisitRow, follow: Aftermath, number: int) -> dict[str, Any]:
    """One visit in the words of the notice."""
    assert visit.visit_result is not None
    ended_on = visit.ended_on or visit.planned_on
    kind = visit.inspection_kind.label
    is_joint = visit.joint_kind is not JointKind.NONE
    return {
        "number": number,
        "task": plans.task(visit.task).name if visit.task else f"{kind}检查",
        "items": list(visit.group_names),
        "subject": visit.subject_name,
        "uscc": visit.uscc,
        "authority": accounts.bureau(visit.bureau).name,
        "ended_on": ended_on.isoformat(),
        "result_code": visit.visit_result.value,
        "result": visit.visit_result.label,
        "handling": handling(visit.visit_result, follow),
        "note": "",
        "area": visit.grid,
        "chosen": "随机抽取" if visit.is_random else f"{kind}检查，不是随机抽取",
        "joint": visit.joint_kind.label if is_joint else "",
        "problem_count": visit.problem_count,
        "problems": problems_of(visit),
        "rectified": rectified(visit.visit_result, follow),
        "cards": [person.card for person in visit.inspectors if person.card],
        "draw": visit.draw,
        "inspectors": visit.team_names,
        **_private(visit),
    }


def problems_of(visit: VisitRow) -> list[str]:
    """The items at which a problem was found, by their names in the public list."""
    names = {item.code: f"{item.group_name}：{item.name}" for item in visits.checklist(visit)}
    return [names.get(code, code) for code in visits.record(visit.ref).body.problem_items]


def handling(result: VisitResult, follow: Aftermath) -> str:
    """What was done about it, from the papers that there are."""
    said = [_ordered(order) for order in follow.orders]
    said += _cases(follow)
    said += [f"已移送{move.to_whom}" for move in follow.transfers]
    if said:
        return "；".join(said)
    if result is VisitResult.NO_PROBLEM:
        return "没有需要处理的"
    return "没有检查成" if result in UNVISITABLE else result.label


def _cases(follow: Aftermath) -> list[str]:
    """Each case by its decision; of a revoked one only that it does not stand any more."""
    standing = follow.standing_cases
    decided = {case.number for case in follow.cases if case.decided_on}
    said = [case_says(c) for c in standing if c.decided_on or c.number not in decided]
    return said + ["原处罚决定已撤销"] * (len(standing) < len(follow.cases))


def _ordered(order: OrderRow) -> str:
    number = f"（{order.document_number}）" if order.document_number else ""
    return f"责令改正{number}，限 {order.due_on.isoformat()} 前改正"


def case_says(case: CaseRow) -> str:
    if case.decided_on is None:
        return "已立案，正在调查"
    fine = f"，罚款 {money(case.amount_fen)} 元" if case.amount_fen else ""
    return f"已作出处罚决定（{case.decision_number}）{fine}"


def money(fen: int) -> str:
    yuan, rest = divmod(fen, 100)
    return f"{yuan}.{rest:02}".rstrip("0").rstrip(".")


def rectified(result: VisitResult, follow: Aftermath) -> str:
    """Whether it was put right, as far as somebody has looked."""
    if follow.orders:
        waiting = [o for o in follow.orders if o.state is not CorrectionState.CLOSED]
        if waiting:
            return f"改正期限到 {max(o.due_on for o in waiting).isoformat()}，复查后更新"
        closed_on = max(o.closed_on for o in follow.orders if o.closed_on)
        return f"已改好，{closed_on.isoformat()} 复查确认"
    if result is VisitResult.CORRECTED_ON_SPOT:
        return "当场已改好"
    if result is VisitResult.NO_PROBLEM:
        return "没有需要改正的"
    return "没有检查成" if result in UNVISITABLE else "正在处理，有结果后更新"
