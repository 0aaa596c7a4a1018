"""The bureau enters a year of working days; every deadline follows, and every change is kept."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from gongchou.audit import reads as audit
from gongchou.config.cli import main
from gongchou.core.refusals import Invalid, NotAllowed, Refused
from gongchou.core.terms import Role
from gongchou.core.workdays import CalendarYear, Quarter, statistics_deadline
from gongchou.law.calendar_form import toml_of
from gongchou.law.load import (
    calendar_year,
    keep_own_years_in,
    load_calendar,
    own_years_folder,
    shipped_years,
)
from gongchou.planning import actions, calendar_reads
from gongchou.planning.own_years import write_own_years
from tests.conftest import AT, BUREAU

Q4 = Quarter(2026, 4)


@pytest.fixture(autouse=True)
def folder(tmp_path):
    was = own_years_folder()
    keep_own_years_in(tmp_path / "calendar")
    yield tmp_path / "calendar"
    keep_own_years_in(was)


def year(number: int = 2027, **fields) -> CalendarYear:
    shipped = next(one for one in shipped_years() if one.year == number)
    ordinary = {
        "year": number,
        "published": True,
        "source": "国办发明电〔2026〕虚构1号",
        "days_off": (*shipped.days_off, date(2027, 1, 4)),
        "makeup": (date(2027, 1, 9),),
    }
    return CalendarYear(**{**ordinary, **fields})


@pytest.fixture
def enter(chen, django_capture_on_commit_callbacks):
    def put(found=None, reason="国办通知已公布", by=chen):
        with django_capture_on_commit_callbacks(execute=True):
            return actions.set_calendar_year(found or year(), reason, by=by, at=AT)

    return put


def last() -> tuple[date, bool]:
    found = statistics_deadline(Q4, load_calendar())
    return found.on, found.provisional


def test_an_entered_year_moves_every_deadline_and_ends_what_is_provisional(enter):
    assert last() == (date(2027, 1, 4), True)
    assert enter() == (
        "2027-01-04 改为“放假”。",
        "2027-01-09 改为“补班”。",
        "标为已公布。",
    )
    assert last() == (date(2027, 1, 5), False)
    assert load_calendar().is_workday(date(2027, 1, 9))
    assert statistics_deadline(Quarter(2026, 3), load_calendar()).on == date(2026, 10, 8)


def test_each_entry_stays_with_who_why_and_what(enter, chen):
    enter()
    enter(year(days_off=(date(2027, 1, 1),)), "更正录入错误")
    page = calendar_reads.page(2027)
    assert [(row.number, row.reason) for row in page.entries] == [
        (2, "更正录入错误"), (1, "国办通知已公布"),
    ]  # fmt: skip
    assert page.is_own
    assert any("2027-01-09" in says for says in page.against_shipped)
    assert audit.events(BUREAU, about="2027")[0].event.kind == "calendar_changed"
    for statement in (
        "DELETE FROM planning_calendarentry",
        "UPDATE planning_calendarentry SET year = 2028",
    ):
        with (
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"days_off": (date(2027, 1, 2),)}, "2027-01-02 是周末"),
        ({"makeup": (date(2027, 1, 4),)}, "2027-01-04 不是周末"),
        ({"makeup": (date(2026, 1, 4),)}, "2026-01-04 不在 2027 年"),
        ({"days_off": (date(2027, 1, 1),) * 2}, "放假日有重复"),
        ({"source": ""}, "请写明国务院办公厅通知的文号"),
        ({"year": 2019, "days_off": (), "makeup": ()}, "年份应在 2020 到 2100 之间"),
    ],
)
def test_what_cannot_be_a_year_is_refused_with_the_day(enter, fields, says):
    with pytest.raises(Invalid, match=says):
        enter(year(**fields))
    assert last() == (date(2027, 1, 4), True)


def test_a_change_needs_a_reason_and_must_be_one(enter):
    with pytest.raises(Invalid, match="理由"):
        enter(reason=" ")
    enter()
    with pytest.raises(Refused, match="没有变化"):
        enter()


def test_only_the_office_enters(enter, stranger, person):
    for actor in (stranger, person("lin", "林局长", Role.LEADER)):
        with pytest.raises(NotAllowed):
            enter(by=actor)


def test_the_folder_follows_the_record_after_a_restore(enter, folder):
    enter()
    (folder / "2027.toml").unlink()
    (folder / "2031.toml").write_text("year = 2031")
    assert write_own_years() == 2
    assert last() == (date(2027, 1, 5), False)
    assert write_own_years() == 0


def test_a_year_s_text_reads_back():
    assert calendar_year(toml_of(year()), "2027.toml").makeup == year().makeup
    for text in ("year = 1", 'year = 2027\nsource=""\npublished=true\ndays_off=["x"]\nmakeup=[]'):
        with pytest.raises(Invalid, match="应有 year"):
            calendar_year(text, "2027.toml")


@pytest.mark.parametrize("number", [2024, 2025, 2026])
def test_published_years_agree_day_by_day_with_the_package(number, db):
    assert calendar_reads.page(number).against_package == ()


def test_the_page_enters_a_year_and_refuses_a_wrong_day_in_words(
    signed_in, chen, django_capture_on_commit_callbacks
):
    browser = signed_in(chen)
    given = {"days_off": "2027-01-01\n2027-01-04", "makeup": "2027-01-09", "published": "on",
             "source": "国办发明电〔2026〕虚构1号", "reason": "已公布"}  # fmt: skip
    with django_capture_on_commit_callbacks(execute=True):
        page = browser.post("/plan/calendar/?year=2027", given, follow=True).content.decode()
    assert "已修改 2027 年工作日历" in page
    assert last() == (date(2027, 1, 5), False)
    answer = browser.post("/plan/calendar/?year=2027", {**given, "makeup": "1月9日"})
    page = answer.content.decode()
    assert "补班日里的“1月9日”不是日期" in page
    assert ">1月9日</textarea>" in page
    assert 'value="已公布"' in page
    assert browser.get("/plan/calendar/?year=abc").status_code in (400, 409, 422)


def test_the_command_shows_and_enters(bureau, tmp_path, capsys):
    place = tmp_path / "2027.toml"
    place.write_text(toml_of(year()), "utf-8")
    assert main(["calendar", "set", str(place), "--reason", "已公布"]) == 0
    assert "2027-01-09 改为“补班”" in capsys.readouterr().out
    assert main(["calendar", "show", "2027"]) == 0
    assert "已公布" in capsys.readouterr().out
