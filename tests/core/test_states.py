"""Moves are tables, and the diagrams of the documents are made from them."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from gongchou.core.refusals import WrongState
from gongchou.core.states import MOVES, NOUNS, diagram, following, may_move, move
from gongchou.core.terms import (
    DrawState,
    ItemListState,
    PlanState,
    PublicationState,
    StatisticsVersion,
    VisitState,
)

DOCUMENT = Path(__file__).parents[2] / "docs" / "states.md"


@pytest.mark.parametrize("kind", MOVES)
def test_every_state_is_a_key_and_is_reached(kind):
    table = MOVES[kind]
    assert set(table) == set(kind)
    assert kind in NOUNS
    reached = {next(iter(table))}.union(*table.values())
    assert reached == set(kind)


@pytest.mark.parametrize("kind", MOVES)
def test_every_move_leads_to_a_state_of_the_same_enum(kind):
    assert {type(to) for after in MOVES[kind].values() for to in after} == {kind}


@pytest.mark.parametrize(
    "path",
    [
        [PlanState.DRAFT, PlanState.FROZEN, PlanState.APPROVED, PlanState.VOID],
        [
            DrawState.FROZEN,
            DrawState.ANNOUNCED,
            DrawState.CLOSED,
            DrawState.DRAWN,
            DrawState.SEALED,
            DrawState.PUBLISHED,
        ],
        [
            VisitState.SEALED,
            VisitState.RELEASED,
            VisitState.DISPATCHED,
            VisitState.ACCEPTED,
            VisitState.STARTED,
            VisitState.SUBMITTED,
            VisitState.RETURNED,
            VisitState.SUBMITTED,
            VisitState.REVIEWED,
        ],
        [
            PublicationState.PENDING,
            PublicationState.RETURNED,
            PublicationState.PENDING,
            PublicationState.APPROVED,
            PublicationState.PUBLISHED,
            PublicationState.WITHDRAWN,
        ],
        [
            ItemListState.DRAFT,
            ItemListState.APPROVED,
            ItemListState.PUBLISHED,
            ItemListState.SUPERSEDED,
        ],
    ],
)
def test_the_usual_way_is_open(path):
    for was, to in pairwise(path):
        assert move(was, to) is to


@pytest.mark.parametrize(
    ("states", "voidable"),
    [
        (PlanState, {PlanState.DRAFT, PlanState.FROZEN, PlanState.APPROVED}),
        (DrawState, set(DrawState) - {DrawState.PUBLISHED, DrawState.VOID}),
        (
            VisitState,
            {
                VisitState.RELEASED,
                VisitState.DISPATCHED,
                VisitState.ACCEPTED,
                VisitState.STARTED,
            },
        ),
    ],
)
def test_what_was_drawn_or_submitted_can_no_longer_be_made_void(states, voidable):
    assert {state for state in states if may_move(state, states.VOID)} == voidable


@pytest.mark.parametrize("state", [PlanState.VOID, VisitState.VOID, DrawState.PUBLISHED])
def test_a_final_state_stays(state):
    assert following(state) == frozenset()
    other = next(iter(type(state)))
    with pytest.raises(WrongState, match="最终状态"):
        move(state, other)


def test_an_approved_record_only_goes_back_to_its_team():
    assert following(VisitState.REVIEWED) == {VisitState.RETURNED}


def test_a_refused_move_names_both_states_and_what_can_be_done():
    with pytest.raises(WrongState) as refusal:
        move(VisitState.DISPATCHED, VisitState.REVIEWED)
    assert str(refusal.value) == (
        "这次检查现在是“已派发”状态，不能转为“已审核”。"
        "接下来可以转为“已接收”或“作废”，请刷新页面后按此办理。"
    )


def test_the_late_second_click_is_told_that_it_is_done():
    with pytest.raises(WrongState, match="已经是“已批准”状态"):
        move(PlanState.APPROVED, PlanState.APPROVED)


def test_states_of_two_things_are_not_mixed_up():
    with pytest.raises(TypeError):
        move(PlanState.FROZEN, DrawState.ANNOUNCED)
    with pytest.raises(TypeError):
        move(StatisticsVersion.PRELIMINARY, StatisticsVersion.CORRECTED)


def test_the_diagrams_of_the_document_are_those_of_the_tables():
    found = re.findall(r"```mermaid\n(.*?)\n```", DOCUMENT.read_text("utf-8"), re.DOTALL)
    assert found == [diagram(kind) for kind in MOVES]
