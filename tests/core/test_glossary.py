"""The glossary and the code say the same words."""

import re
from pathlib import Path

import pytest

from gongchou.core import clue_terms, event_kinds, oversight_terms, powers, terms
from gongchou.core.event_kinds import EventKind
from gongchou.core.hj212 import words
from gongchou.core.monitoring import words as monitoring_words
from gongchou.core.powers import Power
from gongchou.core.terms import Term

DOCUMENT = Path(__file__).parents[2] / "docs" / "glossary.md"
VALUE = re.compile(r"`([^`]+)` ([^；]+)")
LISTED = (EventKind, Power)  # too long for a cell: each has a table of its own


def rows() -> list[list[str]]:
    lines = DOCUMENT.read_text("utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if "|" in line]
    return [row for row in cells if len(row) == 4 and row[0] != "术语" and row[0] != "---"]


def written() -> dict[str, list[tuple[str, str]]]:
    return {
        identifier.strip("`"): [(code, label.strip()) for code, label in VALUE.findall(values)]
        for _, identifier, values, _ in rows()
        if values
    }


def listed(name: str) -> list[tuple[str, str]]:
    """The pairs of the table under the heading that names the enumeration."""
    section = DOCUMENT.read_text("utf-8").split(f"（`{name}`）\n", 1)[1].split("\n## ", 1)[0]
    return re.findall(r"^\| `([^`]+)` \| (.+) \|$", section, re.MULTILINE)


KINDS = {
    name: kind
    for module in (terms, clue_terms, oversight_terms, event_kinds, powers, words, monitoring_words)
    for name, kind in vars(module).items()
    if isinstance(kind, type) and issubclass(kind, Term) and kind not in (Term, *LISTED)
}


def test_the_glossary_and_the_code_know_the_same_enumerations():
    assert set(written()) == set(KINDS)


@pytest.mark.parametrize("name", KINDS)
def test_values_and_labels_are_the_same_in_the_same_order(name):
    assert written()[name] == [(term.value, term.label) for term in KINDS[name]]


@pytest.mark.parametrize("kind", LISTED)
def test_the_tables_of_events_and_powers_say_what_the_code_says(kind):
    assert listed(kind.__name__) == [(term.value, term.label) for term in kind]


def test_each_word_and_each_identifier_is_explained_once():
    words, identifiers = [row[0] for row in rows()], [row[1] for row in rows()]
    assert len(set(words)) == len(words)
    assert len(set(identifiers)) == len(identifiers)
    assert [row for row in rows() if not row[3]] == []


@pytest.mark.parametrize("kind", [*KINDS.values(), *LISTED])
def test_every_member_has_a_label_of_its_own(kind):
    labels = [term.label for term in kind]
    assert all(labels)
    assert len(set(labels)) == len(labels)
