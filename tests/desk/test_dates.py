"""When the desk says that a date of the quarter is kept."""

from datetime import date

from gongchou.core.terms import InspectionKind, VisitState
from gongchou.desk import reads
from gongchou.inspection.models import Visit
from tests.conftest import BUREAU
from tests.reporting.conftest import leader as leader
from tests.reporting.conftest import plan as plan
from tests.reporting.quarters import make_visit

HANDED_IN = date(2026, 2, 9)


def papers() -> str:
    rows = reads.dates(BUREAU, date(2026, 3, 2))
    [found] = [row.done for row in rows if row.what == "检查记录表交齐" and row.quarter.number == 1]
    return found


def handed_in(*refs: str) -> None:
    rows = Visit.objects.filter(ref__in=refs)
    rows.update(paper_received_on=HANDED_IN, paper_received_by="U-chen")


def test_the_paper_of_a_case_visit_alone_does_not_make_the_quarter_s_papers_whole(plan):
    case = make_visit(1, is_random=False, inspection_kind=InspectionKind.CASE.value)
    handed_in(case)
    assert papers() == ""
    drawn = make_visit(2)
    assert papers() == ""
    handed_in(drawn)
    assert papers() == "已交齐"


def test_papers_are_not_whole_while_a_drawn_visit_is_under_way(plan):
    handed_in(make_visit(1), make_visit(2, state=VisitState.SUBMITTED.value))
    assert papers() == "已交齐"
    handed_in(make_visit(3, state=VisitState.STARTED.value))
    assert papers() == ""
