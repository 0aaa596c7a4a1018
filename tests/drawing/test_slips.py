"""The slip "why was I drawn": true, complete, and about nobody else."""

import pytest

from gongchou.audit import reads as audit
from gongchou.core.event_kinds import EventKind
from gongchou.core.refusals import Refused
from gongchou.drawing import proofs, reads, slips
from gongchou.web import clock
from gongchou.web.clock import day_of
from tests.conftest import AT, BUREAU
from tests.drawing import ceremony


@pytest.fixture
def draw(stage) -> str:
    ref = ceremony.sealed_draw(stage)
    ceremony.released_visits(stage, ref, [0, 1])
    clock.move_demo_clock(ceremony.last_day(ref))
    return ref


def printed(draw: str, number: int) -> dict:
    visit = reads.released_visit(draw, number)
    why = proofs.why_me(draw, number, bureau=BUREAU, on=day_of(AT))
    fixed = proofs.is_fixed_at_the_draw(draw, number, bureau=BUREAU)
    return slips.values(visit, why, is_fixed=fixed, bureau=BUREAU)


def test_the_slip_says_class_clause_exact_chance_and_carries_the_proof(draw):
    data, visit = printed(draw, 0), reads.released_visit(draw, 0)
    [stratum] = [s for s in reads.draw(draw).strata if s.name == visit.draw_stratum]
    assert f"均为 {stratum.drawn_count}／{stratum.base_count}（" in data["sentence"]
    assert stratum.label in data["sentence"]
    assert data["leaf"] == visit.leaf
    assert data["sealed"] == reads.draw(draw).sealed_root
    assert "已核对" in data["fixed"]


def test_the_slip_names_nobody_else(draw):
    other = reads.released_visit(draw, 1)
    text = f"{printed(draw, 0)}"
    assert other.subject_name not in text
    assert other.pid not in text


def test_a_sealed_visit_has_no_slip(draw):
    with pytest.raises(Refused, match="没有启封"):
        slips.slip(draw, 2, bureau=BUREAU, at=AT)


def test_printing_is_recorded_as_a_look_and_refused_to_others(signed_in, stage, stranger, draw):
    path = f"/draw/{draw}/released/0/why.pdf"
    answer = signed_in(stage.chen).get(path)
    assert answer.content[:5] == b"%PDF-"
    kinds = [link.event.kind for link in audit.events(BUREAU, about=draw, limit=5)]
    assert kinds[0] == EventKind.LIST_VIEWED
    assert signed_in(stranger).get(path).status_code == 403
