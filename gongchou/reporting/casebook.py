"""What the records tell of a visit that is picked as a typical case, and what proves it."""

from collections.abc import Iterable, Iterator

from gongchou.core.refusals import Refused
from gongchou.core.summary import Proof, TypicalCase
from gongchou.core.summary_cases import CaseText
from gongchou.core.terms import VisitState
from gongchou.inspection import reads as inspection
from gongchou.inspection.rows import Aftermath, CaseRow, RecordView, VisitRow
from gongchou.web.papers import written_day


def told(bureau: str, visit: str) -> tuple[TypicalCase, CaseText]:
    """The case with its proofs and its text; refused where the visit is not reviewed."""
    row = inspection.visit(visit)
    if row.bureau != bureau or row.state is not VisitState.REVIEWED or row.ended_on is None:
        raise Refused("只能选本机构已审核的检查作典型案例，请从可选的检查中选择。")
    record, after = inspection.record(visit), inspection.aftermath(visit)
    case = TypicalCase(
        visit=visit, name=row.subject_name, proofs=tuple(_proofs(row, record, after))
    )
    findings = record.body.findings
    text = CaseText(
        lead=_lead(row),
        on=written_day(row.ended_on),
        found=tuple(f"{one.says.rstrip('。；')}。" for one in findings),
        basis=tuple(dict.fromkeys(one.legal_basis for one in findings if one.legal_basis)),
        result=tuple(_result(row, after)),
        has_fine=bool(row.penalty_amount_fen),
    )
    return case, text


def _lead(row: VisitRow) -> str:
    if row.is_random:
        return "随机抽取的检查对象。"
    return (
        f"{row.inspection_kind.label}，{row.ground.rstrip('。')}。"
        if row.ground
        else (f"{row.inspection_kind.label}。")
    )


def _result(row: VisitRow, after: Aftermath) -> Iterator[str]:
    if row.visit_result:
        yield f"{row.visit_result.label}。"
    for order in after.orders:
        yield (
            f"{written_day(order.issued_on)}责令改正{_numbered(order.document_number)}，"
            f"限{written_day(order.due_on)}前改正，{order.state.label}。"
        )
    for case in _filings(after):
        decided = f"，处罚决定{case.decision_number}" if case.decision_number else "，正在办理"
        yield f"{written_day(case.filed_on)}立案{_numbered(case.number)}{decided}。"
    for move in after.transfers:
        number = _numbered(move.number)
        yield f"{written_day(move.moved_on)}{move.kind.label}：{move.to_whom}{number}。"


def _numbered(number: str) -> str:
    """The number of a paper in brackets, where it has one."""
    return f"（{number}）" if number else ""


def _filings(after: Aftermath) -> Iterable[CaseRow]:
    """Each decision, and each case that has none yet: the entry of a filing is not told twice."""
    decided = {case.number for case in after.cases if case.decision_number}
    return [one for one in after.cases if one.decision_number or one.number not in decided]


def _proofs(row: VisitRow, record: RecordView, after: Aftermath) -> Iterator[Proof]:
    """The record, every file of evidence, and every document that followed."""
    yield Proof(kind="检查记录", ref=row.ref, says="已审核的现场检查记录", digest=record.digest)
    for file in record.evidence:
        says = file.says or file.name
        yield Proof(kind=file.kind.label, ref=file.ref, says=says, digest=file.sha256)
    for order in after.orders:
        yield Proof(kind="责令改正", ref=order.document_number, says=order.says)
    for case in _filings(after):
        yield Proof(kind="立案", ref=case.number, says=case.says)
        if case.decision_number:
            yield Proof(kind="处罚决定", ref=case.decision_number, says=case.says)
    for move in after.transfers:
        yield Proof(kind=move.kind.label, ref=move.number, says=move.says)
