"""The glossary and the code say the same words."""

import re
from pathlib import Path

import pytest

from gongchou.core import terms
from gongchou.core.terms import Term

DOCUMENT = Path(__file__).parents[2] / "docs" / "glossary.md"
VALUE = re.compile(r"`([^`]+)` ([^；]+)")


def rows() -> list[list[str]]:
    lines = DOCUMENT.read_text("utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if "|" in line]
    return [row for row in cells if row[0] != "术语" and not row[0].startswith("---")]


def written() -> dict[str, list[tuple[str, str]]]:
    return {
        identifier.strip("`"): [(code, label.strip()) for code, label in VALUE.findall(values)]
        for _, identifier, values, _ in rows()
        if values
    }


KINDS = {
    name: kind
    for name, kind in vars(terms).items()
    if isinstance(kind, type) and issubclass(kind, Term) and kind is not Term
}


def test_the_glossary_and_the_code_know_the_same_enumerations():
    assert set(written()) == set(KINDS)


@pytest.mark.parametrize("name", KINDS)
def test_values_and_labels_are_the_same_in_the_same_order(name):
    assert written()[name] == [(term.value, term.label) for term in KINDS[name]]


def test_each_word_and_each_identifier_is_explained_once():
    words, identifiers = [row[0] for row in rows()], [row[1] for row in rows()]
    assert len(set(words)) == len(words)
    assert len(set(identifiers)) == len(identifiers)
    assert [row for row in rows() if not row[3]] == []


@pytest.mark.parametrize("name", KINDS)
def test_every_member_has_a_label_of_its_own(name):
    labels = [term.label for term in KINDS[name]]
    assert all(labels)
    assert len(set(labels)) == len(labels)
