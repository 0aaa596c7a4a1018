"""Clues that were kept with visits are carried into the room of clues, whole."""

from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps

from gongchou.core.clue_terms import ClueOrigin, ClueState
from gongchou.inspection.models import Visit
from gongchou.offsite import clue_reads
from tests.conftest import AT, BUREAU, TODAY
from tests.inspection.people import make_house, opened

CARRY = import_module("gongchou.inspection.migrations.0010_carry_clues_to_offsite")
LATER = AT + timedelta(days=1)


class Rows(list):
    """As much of a manager as the migration asks of the tables that are gone."""

    def all(self):
        return self

    def select_related(self, *names):
        return self

    def order_by(self, *names):
        return self


@pytest.fixture
def visit(person) -> Visit:
    return Visit.objects.get(ref=opened(make_house(person)))


def old(number: int, **fields) -> SimpleNamespace:
    ordinary = {
        "pk": number,
        "ref": f"OLD-{number}",
        "visit": None,
        "letter": "",
        "letter_bureau": "",
        "place": "河边",
        "says": "有黄烟",
        "client_id": f"old-{number}",
        "by_ref": "U-li",
        "by_name": "李执法",
        "at": AT,
    }
    return SimpleNamespace(**{**ordinary, **fields})


def ending(number: int, **fields) -> SimpleNamespace:
    ordinary = {
        "clue_id": number,
        "visit": None,
        "says": "",
        "by_ref": "U-chen",
        "by_name": "陈组长",
        "at": LATER,
    }
    return SimpleNamespace(**{**ordinary, **fields})


def carried(clues: list[SimpleNamespace], endings: list[SimpleNamespace]) -> None:
    gone = {"Clue": Rows(clues), "ClueEnding": Rows(endings)}

    def get_model(room: str, name: str) -> object:
        if room == "inspection":
            return SimpleNamespace(objects=gone[name])
        return apps.get_model(room, name)

    CARRY.carry(SimpleNamespace(get_model=get_model), None)


def test_open_visited_and_settled_clues_come_over_with_who_when_and_why(visit):
    clues = [
        old(1, visit=visit),
        old(2, letter="L1", letter_bureau=BUREAU),
        old(3, letter="L2", letter_bureau=BUREAU),
    ]
    carried(clues, [ending(2, visit=visit), ending(3, says="调看数据，没有异常。")])
    first, second, third = (clue_reads.page(f"OLD-{n}", BUREAU, TODAY) for n in (1, 2, 3))
    assert (first.row.state, first.row.origin) == (ClueState.PENDING, ClueOrigin.SEEN)
    assert first.row.seen_at_visit == visit.ref
    assert (second.row.state, second.row.visit) == (ClueState.VERIFYING, visit.ref)
    assert second.row.origin is ClueOrigin.LETTER
    assert third.row.state is ClueState.ARCHIVED
    last = third.moves[-1]
    assert last.why.endswith("调看数据，没有异常。")
    assert (last.by, last.at) == ("陈组长", LATER)
    assert first.evidence[0].says == "有黄烟"


def test_whether_a_finished_visit_found_its_clue_true_is_not_invented(visit):
    done = Visit.objects.get(pk=visit.pk)
    done.state = "reviewed"
    carried([old(1, visit=visit)], [ending(1, visit=done)])
    page = clue_reads.page("OLD-1", BUREAU, TODAY)
    assert page.row.state is ClueState.ARCHIVED
    assert "没有载明是否查实" in page.moves[-1].why
