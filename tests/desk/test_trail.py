"""The trail as the discipline office reads it: found, opened to the last byte, computed again."""

from datetime import date, timedelta

import pytest
from django.db import connection

from gongchou.audit import actions as audit
from gongchou.audit import append_only, reads
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import console, system
from gongchou.core.refusals import Refused
from gongchou.core.terms import Role
from gongchou.desk import trails
from tests.conftest import AT, BUREAU, TODAY


@pytest.fixture
def ji(person):
    return person("ji", "纪审计", Role.AUDITOR)


@pytest.fixture
def entries(bureau):
    """Two plans approved, a day apart, and a task made void with its reason."""
    root, clock = console(bureau, "root"), system(bureau)
    audit.append(EventKind.PLAN_APPROVED, about="P-1", by=root, at=AT)
    audit.append(EventKind.PLAN_APPROVED, about="P-2", by=clock, at=AT + timedelta(days=1))
    data = {"reason": "重复提出"}
    audit.append(EventKind.TASK_VOIDED, about="T-1", by=clock, at=AT, data=data)
    return reads.head(bureau).size


def abouts(**asked):
    empty = {"kind": "", "about": "", "by_name": "", "since": None, "until": None}
    page = trails.trail(BUREAU, trails.question(**{**empty, **asked}))
    return [row.about for row in page.rows if row.about.startswith(("P-", "T-"))]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["T-1", "P-2", "P-1"]),
        ({"kind": "plan_approved"}, ["P-2", "P-1"]),
        ({"about": "P-"}, ["P-2", "P-1"]),
        ({"by_name": "定时任务"}, ["T-1", "P-2"]),
        ({"since": TODAY + timedelta(1)}, ["P-2"]),
        ({"until": TODAY}, ["T-1", "P-1"]),
        ({"since": TODAY, "until": TODAY, "kind": "task_voided"}, ["T-1"]),
        ({"since": date(2026, 2, 1)}, []),
    ],
)
def test_the_log_answers_to_all_that_is_asked(entries, asked, found):
    assert abouts(**asked) == found


def test_a_day_begins_at_midnight_in_beijing(bureau):
    late = AT.replace(hour=15, minute=59, second=59)
    by = console(bureau, "root")
    audit.append(EventKind.PLAN_APPROVED, about="P-today", by=by, at=late)
    audit.append(EventKind.PLAN_APPROVED, about="P-next", by=by, at=late + timedelta(seconds=1))
    assert abouts(until=TODAY) == ["P-today"]
    assert abouts(since=TODAY + timedelta(1)) == ["P-next"]


def test_filters_stay_in_the_address_and_the_look_says_what_it_was_for(entries, ji, signed_in):
    page = signed_in(ji).get("/trail/?kind=plan_approved&about=P-").content.decode()
    assert "P-1" in page
    assert "T-1" not in page
    assert "清除条件" in page
    look = reads.newest(BUREAU, EventKind.TRAIL_VIEWED, about=BUREAU)
    assert look.event.data == {"kind": "plan_approved", "about": "P-"}


def test_a_senseless_question_says_how_to_mend_it(entries, ji, signed_in):
    browser = signed_in(ji)
    page = browser.get("/trail/?since=2026-02-01&until=2026-01-01").content.decode()
    assert "“到哪天”早于“从哪天”" in page
    assert "日期请写成" in browser.get("/trail/?since=yesterday").content.decode()
    for odd in ("9" * 40, "²", "-1", "x"):
        assert browser.get(f"/trail/?before={odd}").status_code == 200


def test_older_entries_of_a_question_go_on_with_the_question(bureau, ji, signed_in):
    by = console(bureau, "root")
    for number in range(trails.PAGE + 3):
        audit.append(EventKind.PLAN_APPROVED, about=f"P-{number:03}", by=by, at=AT)
    page = signed_in(ji).get("/trail/?kind=plan_approved").content.decode()
    assert "?kind=plan_approved&amp;before=" in page
    assert "P-002" not in page


def test_an_entry_shows_what_was_done_and_that_it_holds(entries, ji, signed_in):
    browser = signed_in(ji)
    page = browser.get(f"/trail/{entries}/").content.decode()
    assert "重复提出" in page
    assert "内容与摘要一致" in page
    assert f"/trail/{entries - 1}/" in page
    assert browser.get("/trail/1/").status_code == 200
    assert browser.get(f"/trail/{10**30}/").status_code == 409


def change(number: int, **columns) -> None:
    """Like somebody who has the database and took the guard away."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER audit_event_no_UPDATE")
        else:
            cursor.execute("DROP TRIGGER audit_event_append_only ON audit_event")
        [(name, value)] = columns.items()
        cursor.execute(f"UPDATE audit_event SET {name} = %s WHERE seq = %s", [value, number])
        guard = append_only.statements("audit_event", connection.vendor)
        cursor.execute(guard[0] if connection.vendor == "sqlite" else guard[1])


def test_an_entry_that_was_changed_says_so_on_its_page(entries, bureau):
    change(entries, about="T-9")
    assert "内容与摘要不符" in trails.entry(bureau, entries).problem


def test_an_entry_whose_predecessor_was_made_anew_says_so(entries, bureau):
    change(entries - 1, digest="f" * 64)
    assert "没有接在前一条之后" in trails.entry(bureau, entries).problem
    assert trails.entry(bureau, entries - 1).problem


def test_another_bureaus_entry_is_not_there(entries):
    with pytest.raises(Refused, match="没有第"):
        trails.entry("990174", entries)
