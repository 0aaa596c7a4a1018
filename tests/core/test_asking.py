"""A question is asked, or not, by what was answered to another one."""

import pytest

from gongchou.core.asking import CONCERNS, Condition, condition_of, problems, ruled_out, unasked
from gongchou.core.refusals import Invalid
from gongchou.core.terms import ItemResult

CLEAN, PROBLEM, NA = ItemResult.NO_PROBLEM, ItemResult.PROBLEM, ItemResult.NA


@pytest.mark.parametrize(
    ("text", "item", "results"),
    [
        ("持证排污", "持证排污", CONCERNS),
        ("持证排污：发现问题", "持证排污", {PROBLEM}),
        ("持证排污: 未发现问题、不涉及", "持证排污", {CLEAN, NA}),
        ("危废：贮存：发现问题", "危废：贮存", {PROBLEM}),
    ],
)
def test_a_cell_names_the_other_item_and_its_answers(text, item, results):
    assert condition_of(text) == Condition(item=item, results=frozenset(results))


def test_an_empty_cell_is_no_condition_and_a_strange_answer_is_refused():
    assert condition_of(" ") is None
    with pytest.raises(Invalid, match="写法不对"):
        condition_of("持证排污：大概")


def test_a_condition_rests_on_an_item_of_the_list_and_never_on_itself():
    sound = [("甲", None), ("乙", Condition(item="甲")), ("丙", Condition(item="乙"))]
    assert problems(sound) == ()
    assert "没有这一事项" in problems([("乙", Condition(item="丁"))])[0]
    circle = [("甲", Condition(item="乙")), ("乙", Condition(item="甲"))]
    assert len(problems(circle)) == 2


CHAIN = {
    "A": None,
    "B": Condition(item="A"),
    "C": Condition(item="B", results=frozenset({PROBLEM})),
}


@pytest.mark.parametrize(
    ("results", "left_out"),
    [
        ({}, "BC"),
        ({"A": CLEAN}, "C"),
        ({"A": CLEAN, "B": PROBLEM}, ""),
        ({"A": NA, "B": PROBLEM}, "BC"),
    ],
)
def test_what_is_not_asked_takes_what_hangs_on_it_along(results, left_out):
    assert unasked(CHAIN, results) == frozenset(left_out)


def test_an_item_whose_other_item_is_not_on_the_form_is_asked():
    assert unasked({"B": Condition(item="A")}, {}) == frozenset()


def test_only_a_given_answer_rules_a_question_out():
    """A form that is not filled in yet leaves every question open."""
    conditions = {"A": None, "B": Condition(item="A"), "C": Condition(item="B")}
    assert ruled_out(conditions, {}) == frozenset()
    assert ruled_out(conditions, {"A": CLEAN}) == frozenset()
    assert ruled_out(conditions, {"A": NA}) == {"B", "C"}
    assert ruled_out(conditions, {"A": CLEAN, "B": NA}) == {"C"}
    assert ruled_out({"A": Condition(item="Z")}, {"Z": NA}) == frozenset()
