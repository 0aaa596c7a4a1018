"""What was found and what was done about it, in the words of a notice."""

from gongchou.core.record import UNVISITABLE
from gongchou.core.terms import CorrectionState, TransferKind, VisitResult
from gongchou.core.workdays import written_day
from gongchou.inspection.rows import (
    Aftermath,
    CaseRow,
    LocalResultRow,
    OrderRow,
    TransferRow,
    VisitRow,
)


def handling(result: VisitResult, follow: Aftermath) -> str:
    """What was done about it, from the papers that there are."""
    said = [_ordered(order) for order in follow.orders]
    said += _cases(follow)
    said += [_moved(move) for move in follow.transfers]
    if said:
        return "；".join(said)
    if result is VisitResult.NO_PROBLEM:
        return "没有需要处理的"
    return "没有检查成" if result in UNVISITABLE else result.label


def _moved(move: TransferRow) -> str:
    if move.kind is TransferKind.CREDIT:
        return f"结果已送{move.to_whom}用于信用管理"
    return f"已移送{move.to_whom}"


def _cases(follow: Aftermath) -> list[str]:
    """Each case by its decision; of a revoked one only that it does not stand any more."""
    standing = follow.standing_cases
    decided = {case.number for case in follow.cases if case.decided_on}
    said = [case_says(c) for c in standing if c.decided_on or c.number not in decided]
    return said + ["原处罚决定已撤销"] * (len(standing) < len(follow.cases))


def _ordered(order: OrderRow) -> str:
    number = f"（{order.document_number}）" if order.document_number else ""
    return f"责令改正{number}，限{written_day(order.due_on)}前改正"


def tells_of(handled: str, case: CaseRow) -> bool:
    """Whether what a notice says was done tells of the decision of this case."""
    return f"（{case.decision_number}）" in handled


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
            return f"改正期限到{written_day(max(o.due_on for o in waiting))}，复查后更新"
        closed_on = max(o.closed_on for o in follow.orders if o.closed_on)
        return f"已改好，{written_day(closed_on)}复查确认"
    if result is VisitResult.CORRECTED_ON_SPOT:
        return "当场已改好"
    if result is VisitResult.NO_PROBLEM:
        return "没有需要改正的"
    return "没有检查成" if result in UNVISITABLE else "正在处理，有结果后更新"


def result_told(visit: VisitRow, local: LocalResultRow | None) -> str:
    """The standard word, with the bureau's own where it still says the same result closer."""
    label = visit.visit_result.label if visit.visit_result else ""
    if local is None or local.under is not visit.visit_result:
        return label
    return f"{label}，本机构细分：{local.label}"


def local_code(visit: VisitRow, local: LocalResultRow | None) -> str:
    """The code of that closer word; empty where none is told."""
    return local.code if local and local.under is visit.visit_result else ""
