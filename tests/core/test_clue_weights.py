"""What other weights would move, reckoned on cases that can be added up by hand."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from gongchou.core.clue_score import Item, Standing
from gongchou.core.clue_terms import Channel, PollutantFamily
from gongchou.core.clue_weights import (
    SCORE_NUMBERS,
    Case,
    Weighing,
    compared,
    numbers_of,
    problems,
    swings,
    with_numbers,
)
from gongchou.core.refusals import InvalidFields
from gongchou.law.load import load_clue_rules

AT = datetime(2026, 1, 5, 1, tzinfo=UTC)
RULE = load_clue_rules().score
NOW = Weighing(rule=RULE, factors={})


def case(ref: str, severity: int, channel: Channel = Channel.POWER, **standing: bool) -> Case:
    item = Item(
        ref=ref,
        channel=channel,
        rule="E01",
        family=PollutantFamily.WORKING,
        outlet="",
        severity=severity,
        started_at=AT,
        ended_at=AT + timedelta(hours=1),
        threshold=None,
        completeness=Fraction(1),
        grade=Fraction(1),
    )
    return Case(ref=ref, name=ref, items=(item,), standing=Standing(weights={}, **standing))


CASES = (case("a", 4), case("b", 3, is_key_unit=True), case("c", 3), case("d", 1))


def test_numbers_written_and_read_are_the_same():
    assert numbers_of(with_numbers(RULE, numbers_of(RULE))) == numbers_of(RULE)
    assert list(numbers_of(RULE)) == [one.key for one in SCORE_NUMBERS]


def test_the_same_weights_move_nothing():
    found = compared(CASES, NOW, NOW)
    assert (found.cases, found.ranks, found.colours, found.moved) == (4, 0, 0, ())


def test_one_case_passes_another_and_one_changes_its_colour():
    """b has 25 + 5 = 30 and a 40; with 20 for a key unit b has 45, passes a and turns orange."""
    other = Weighing(rule=with_numbers(RULE, {**numbers_of(RULE), "key_unit": 20}), factors={})
    found = compared(CASES, NOW, other)
    assert (found.ranks, found.colours) == (2, 1)
    assert [(one.ref, one.before.rank, one.after.rank) for one in found.moved] == [
        ("b", 2, 1),
        ("a", 1, 2),
    ]


def test_a_factor_moves_only_the_cases_of_its_rule():
    assert compared(CASES, NOW, Weighing(rule=RULE, factors={"E02": Fraction(3)})).moved == ()
    assert compared(CASES, NOW, Weighing(rule=RULE, factors={"E01": Fraction(2)})).colours == 3


def test_each_number_is_swung_alone_by_a_fifth_and_at_least_by_one():
    found = {one.label: one for one in swings(CASES, NOW)}
    assert len(found) == len(SCORE_NUMBERS)
    grade = found["4 级基础分"]
    assert (grade.lower, grade.higher) == (32, 48)
    # 40 points are orange from 40 on: a fifth less is yellow, a fifth more still orange.
    assert (grade.by_lower.colours, grade.by_higher.colours) == (1, 0)
    assert (found["1 级基础分"].lower, found["1 级基础分"].higher) == (4, 6)
    assert found["最近两条都未查实"].lower == -12


@pytest.mark.parametrize(
    ("changed", "key"),
    [({"base_4": 101}, "base_4"), ({"base_1": 13}, "base_2"), ({"orange": 60}, "red")],
)
def test_what_contradicts_itself_is_named(changed, key):
    numbers = {**numbers_of(RULE), **changed}
    assert key in problems(numbers)
    with pytest.raises(InvalidFields):
        with_numbers(RULE, numbers)
