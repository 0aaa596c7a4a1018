"""Sites visited too often are told of; who found nothing three times is not drawn a fourth time."""

from datetime import date, timedelta

import pytest

from gongchou.audit import reads as audit
from gongchou.core.terms import InspectionKind
from gongchou.core.workdays import Quarter
from gongchou.drawing import models
from gongchou.drawing import reads as draws
from gongchou.drawing.frozen import thawed
from gongchou.inspection import actions, reads
from gongchou.inspection.crowded import crowded
from gongchou.inspection.models import Visit
from gongchou.registry import actions as registry
from gongchou.registry import reads as registers
from gongchou.registry.models import PastVisit, Subject
from tests.conftest import AT, BUREAU, TODAY
from tests.drawing import ceremony
from tests.inspection import people


@pytest.fixture
def stage(bureau):
    found = ceremony.prepared()
    registry.adopt_policy(
        shipped="frequency_2025", since=Quarter.parse(found.quarter).first,
        document="虚构〔2026〕3号", by=found.lin, at=ceremony.AT,
    )  # fmt: skip
    return found


@pytest.fixture
def draw(stage) -> str:
    found = ceremony.sealed_draw(stage)
    ceremony.released_visits(stage, found)
    return found


def visited(ref: str, *days: date, people=(), is_clean=None, kind=InspectionKind.CASE) -> None:
    for n, day in enumerate(days):
        PastVisit.objects.create(
            subject=Subject.objects.get(ref=ref), known_since=day,
            visit_ref=f"以前-{ref}-{day}-{n}", ended_on=day, inspection_kind=kind.value,
            inspectors=list(people), is_clean=is_clean,
        )  # fmt: skip


def test_a_second_visit_of_the_day_is_told_recorded_and_goes_out(signed_in, stage, draw):
    first, at = draws.released(draw)[0], ceremony.last_day(draw)
    visited(first.subject, first.planned_on)
    page = signed_in(stage.chen).get(f"/visits/?quarter={stage.quarter}").content.decode()
    assert "同一场所检查偏密：当日共 2 次，提示线为 1 次" in page
    ref = actions.dispatch_visit(draw, first.number, by=stage.chen, at=at)
    data = audit.events(BUREAU, about=ref)[0].event.data
    assert data["crowded"] == "同一场所检查偏密：当日共 2 次，提示线为 1 次"
    assert "当日共 2 次" in signed_in(stage.chen).get(f"/visits/{ref}/").content.decode()


def test_a_first_visit_is_not_told_of_and_a_void_one_is_not_counted(stage, draw):
    first, at = draws.released(draw)[0], ceremony.last_day(draw)
    ref = actions.dispatch_visit(draw, first.number, by=stage.chen, at=at)
    assert "crowded" not in audit.events(BUREAU, about=ref)[0].event.data
    assert [r.count for r in crowded(BUREAU, first.subject, first.planned_on, is_new=True)] == [2]
    actions.void_visit(ref, "单位停产检修", by=stage.chen, at=at)
    assert crowded(BUREAU, first.subject, first.planned_on, is_new=True) == ()


def with_short_lines(house) -> None:
    registry.adopt_policy(
        shipped="frequency_2025", since=Quarter.of(TODAY).first,
        document="虚构〔2026〕3号", by=house.lin, at=AT,
    )  # fmt: skip


def test_a_case_visit_too_many_is_told_to_the_office_and_recorded(house, signed_in):
    with_short_lines(house)
    first, second = people.opened(house), people.opened(house)
    told = [audit.events(BUREAU, about=ref)[0].event.data.get("crowded") for ref in (first, second)]
    assert told == [None, "同一场所检查偏密：当日共 2 次，提示线为 1 次"]
    path = f"/visits/{second}/"
    assert "检查偏密" in signed_in(house.chen).get(path).content.decode()
    assert "检查偏密" not in signed_in(house.li).get(path).content.decode()


def test_a_visit_counts_on_the_day_it_ended(house):
    visit = reads.visit(people.submitted(house))
    with_short_lines(house)
    assert [row.count for row in crowded(BUREAU, visit.subject, visit.ended_on)] == []
    Visit.objects.filter(ref=visit.ref).update(planned_on=visit.ended_on - timedelta(days=60))
    found = crowded(BUREAU, visit.subject, visit.ended_on, is_new=True)
    assert [row.count for row in found] == [2]


@pytest.fixture
def pair(stage) -> tuple[str, str]:
    """A site and an officer who can be drawn for it."""
    subject = registers.snapshot(BUREAU, ceremony.AT.date()).subjects[0].ref
    visited(subject, date(ceremony.AT.year, 1, 3), people=["别人"])
    return subject, registers.inspectors(BUREAU, ceremony.AT.date())[0].ref


def kept_apart(stage) -> list[tuple[str, str, str]]:
    frozen = thawed(bytes(models.Draw.objects.get(ref=ceremony.frozen_draw(stage)).frozen_body))
    return [
        (frozen.ref_of(row.pid), frozen.people[row.iid].record["ref"], row.reason)
        for row in frozen.rosters.avoid
    ]


def test_who_found_nothing_three_times_in_the_year_is_not_drawn_there_again(stage, pair):
    subject, person = pair
    days = [
        date(ceremony.AT.year, 1, 1),
        date(ceremony.AT.year, 1, 2),
        date(ceremony.AT.year, 1, 2),
    ]
    visited(subject, *days, people=[person], is_clean=True)
    assert kept_apart(stage) == [(subject, person, "repeat")]


@pytest.mark.parametrize(
    ("last", "is_clean"),
    [(date(2026, 1, 2), False), (date(2026, 1, 2), None), (date(2025, 12, 31), True)],
    ids=["a problem", "nothing known", "another year"],
)
def test_only_three_clean_visits_of_the_year_count(stage, pair, last, is_clean):
    subject, person = pair
    visited(subject, date(2026, 1, 1), date(2026, 1, 2), people=[person], is_clean=True)
    visited(subject, last, people=[person], is_clean=is_clean)
    assert kept_apart(stage) == []


@pytest.mark.parametrize("is_clean", [True, False])
def test_a_review_remembers_whether_the_visit_was_clean(house, is_clean):
    visit = people.submitted(house, is_clean=is_clean)
    actions.review_record(visit, by=house.shen, at=people.LATER)
    assert PastVisit.objects.get(visit_ref=visit).is_clean is is_clean
