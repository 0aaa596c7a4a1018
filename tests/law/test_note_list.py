"""Each reading in the list of questions names the tests that prove it; a moved test is noticed."""

import ast
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from gongchou.law.load import load_profile, profile_ids

TESTS = Path(__file__).parents[1]
QUESTIONS = (TESTS.parent / "docs" / "law" / "questions.md").read_text("utf-8")


class Row(NamedTuple):
    number: str
    key: str
    tests: tuple[str, ...]


def rows() -> list[Row]:
    """The lines of the table: number, clause, question, reading, key, tests."""
    lines = re.findall(r"^\| (\d[\d-]*) \|.*\| `([\w.]+)` \| (.*) \|$", QUESTIONS, re.M)
    return [Row(n, key, tuple(re.findall("`([^`]+)`", tests))) for n, key, tests in lines]


@cache
def names_in(file: str) -> frozenset[str]:
    tree = ast.parse((TESTS / file).read_text("utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.number)
def test_the_reading_names_tests_that_exist(row):
    assert row.tests
    for named in row.tests:
        file, _, name = named.partition("::")
        assert name in names_in(file), f"questions.md, {row.number}: no test {named}"


def test_every_reading_of_a_shipped_policy_is_a_row_and_no_row_is_without_one():
    rulings = {(r.ref, r.key) for policy in profile_ids() for r in load_profile(policy).rulings}
    assert {(f"default-{row.number}", row.key) for row in rows()} == rulings


def test_the_forty_three_notes_are_all_there():
    assert {str(note) for note in range(1, 44)} <= {row.number for row in rows()}
