"""What the course of a visit has against a change of its place in the drawn list."""

from gongchou.core.shares import NOTHING_TO_VISIT
from gongchou.core.terms import VisitState
from gongchou.inspection import reads
from gongchou.inspection.rows import VisitRow


def _begun(draw: str, number: int) -> VisitRow | None:
    """The visit of the place, once somebody has arrived."""
    found = reads.visit_of_place(draw, number)
    return found if found and found.state.value not in reads.UNBEGUN else None


def to_reseat(draw: str, number: int) -> str:
    """A team that has arrived is not changed any more."""
    found = _begun(draw, number)
    if found is None:
        return ""
    if found.state is VisitState.STARTED:
        return (
            f"“{found.subject_name}”的检查组已经到场，人员不再变动。须换人的，请先在检查页面写明"
            f"理由作废这次检查（{found.ref}），补派以后重新派发。"
        )
    return f"“{found.subject_name}”的检查记录（{found.ref}）已经提交，不能再补派人员。"


def to_substitute(draw: str, number: int) -> str:
    """A site that was inspected cannot be excused; one that could not be inspected can."""
    found = _begun(draw, number)
    if found is None or found.state is VisitState.STARTED or found.visit_result in NOTHING_TO_VISIT:
        return ""
    return f"“{found.subject_name}”已经检查并提交了记录（{found.ref}），不能再由备选递补。"
