"""Each interpretation note, 1 to 43, leads to the test that keeps it; a moved test is noticed."""

import ast
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
DAYS, OPENING = "core/test_workdays.py", "drawing/test_openings.py"

# Notes whose tests carry the number in their name are found by it; these are named after the trade.
KEPT_BY = {
    21: ("core/test_statistics.py", "test_joint_visits_are_counted_over_own_random_visits"),
    22: ("planning/test_tasks.py", "test_the_year_s_joint_checks_are_paced_by_quarter"),
    24: ("core/test_pairing.py", "test_teams_are_lawful_and_as_even_as_any_can_be"),
    25: (
        "drawing/test_freeze.py",
        "test_lists_that_do_not_allow_every_draw_are_refused_with_the_shortage",
    ),
    27: (OPENING, "test_nothing_is_released_before_its_day"),
    28: ("core/test_draw_record.py", "test_every_single_value_is_bound"),
    31: ("core/test_coverage.py", "test_the_earliest_valid_check_or_case_visit_covers_the_unit"),
    32: ("inspection/test_capped.py", "test_visits_for_a_reason_do_not_fill_the_year"),
    33: (DAYS, "test_deadlines_of_the_quarter"),
    35: (DAYS, "test_deadlines_of_the_quarter"),
    36: (DAYS, "test_deadlines_of_the_quarter"),
    37: (
        "reporting/test_packages.py",
        "test_only_a_complete_package_is_sent_and_then_it_stands_for_ever",
    ),
    38: (DAYS, "test_the_day_a_visit_ends_is_not_counted"),
    41: ("registry/test_items.py", "test_a_change_of_a_list_in_force_makes_the_next_version"),
}


@cache
def names_in(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text("utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


@cache
def numbered() -> frozenset[int]:
    names = (name for path in TESTS.rglob("test_*.py") for name in names_in(path))
    return frozenset(
        int(name.split("_")[2]) for name in names if name.startswith("test_note_")
        and name.split("_")[2].isdigit()
    )  # fmt: skip


@pytest.mark.parametrize("note", range(1, 44))
def test_the_note_has_its_test(note):
    if note in KEPT_BY:
        file, name = KEPT_BY[note]
        assert name in names_in(TESTS / file)
    else:
        assert note in numbered()


def test_a_note_whose_tests_carry_its_number_is_not_listed_twice():
    assert numbered().isdisjoint(KEPT_BY)
