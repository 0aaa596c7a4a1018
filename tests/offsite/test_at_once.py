"""Two officers at the same moment: what the second does begins before the first is written."""

import threading
from functools import partial

import pytest
from django.db import connections, transaction

from gongchou.core.clue_terms import ClueOrigin
from gongchou.core.powers import system
from gongchou.offsite import actions, clue_reads, models
from tests.conftest import AT, BUREAU, TODAY
from tests.offsite.test_checks import record
from tests.offsite.test_watch import START, UNTIL, send
from tests.offsite.test_watch import site as site

ROBOT = system(BUREAU)


@pytest.fixture
def written(transactional_db):
    """Rows are really written, so that another connection sees them."""


def overlapping(first, second):
    """What both came to; the second is given time to run into whatever the first holds."""
    found = []

    def later() -> None:
        try:
            found.append(second())
        finally:
            connections.close_all()

    thread = threading.Thread(target=later)
    with transaction.atomic():
        earlier = first()
        thread.start()
        thread.join(timeout=0.5)
        assert not found
    thread.join()
    return earlier, *found


def clue(name: str, **fields):
    words = {"origin": ClueOrigin.SEEN, "says": "河边有异味。", "started_at": AT, "ended_at": AT}
    draft = actions.ClueDraft(client_id=name, **{**words, **fields})
    return partial(actions.take_up_clue, draft, by=ROBOT, at=AT)


def version(hours: str, by):
    given = {"gap_hours": hours}
    return partial(actions.set_thresholds, "A11", given, TODAY, "从严", by=by, at=AT)


def test_two_clues_have_two_numbers(written, bureau):
    assert overlapping(clue("a"), clue("b")) == (f"C{BUREAU}-2026-00001", f"C{BUREAU}-2026-00002")


def test_two_clues_seen_at_one_visit_have_two_numbers(written, bureau):
    seen = partial(clue, seen_at_visit="V1")
    assert overlapping(seen("a"), seen("b")) == ("V1-C01", "V1-C02")


def test_one_clue_sent_twice_is_one(written, bureau):
    first, again = overlapping(clue("a"), clue("a"))
    assert first == again
    assert models.Clue.objects.count() == 1


def test_two_clues_about_one_site_are_one_case(written, units):
    about = partial(clue, subject=units["虚构化工1"])
    first, second = overlapping(about("a"), about("b"))
    assert clue_reads.clue(second, BUREAU).case == first


def test_two_versions_of_a_rule_have_two_numbers(written, bureau, chen):
    first, second = overlapping(version("5", chen), version("4", chen))
    assert (first, second) == (f"RVA11-{BUREAU}-1", f"RVA11-{BUREAU}-2")


def test_two_checks_have_two_numbers(written, units, chen):
    refs = overlapping(*(partial(record, units[f"虚构化工{n}"], chen) for n in (1, 2)))
    assert refs == (f"F{BUREAU}-2026Q1-1", f"F{BUREAU}-2026Q1-2")


def test_two_judgings_find_each_thing_once(written, site, store, tmp_path, chen):
    send(store, range(48), over=30)
    judging = partial(actions.judge_window, tmp_path, START, UNTIL, by=chen, at=AT)
    first, second = overlapping(judging, judging)
    assert (first.new, second.new) == (1, 0)
    assert models.RuleFinding.objects.count() == 1
