"""Two tasks, one visit: a reseat of one place leaves alone whoever goes for the other one."""

from dataclasses import dataclass

import pytest

from gongchou.core.terms import AbsenceReason, Stratum
from gongchou.drawing import actions as drawing
from gongchou.drawing import reads as draws
from gongchou.drawing.reads import ReleasedVisit
from gongchou.inspection import actions, reads
from gongchou.planning import actions as planning
from tests.drawing import ceremony

TRIES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Twice:
    """A site that two tasks drew, and somebody who was drawn for it by both."""

    first: ReleasedVisit
    second: ReleasedVisit
    shared: str


@pytest.fixture
def stage(bureau):
    return ceremony.prepared()


@pytest.fixture
def twice(stage) -> Twice:
    """By real chance, so that a further task is drawn where the one before shared nobody."""
    first = ceremony.sealed_draw(stage)
    ceremony.released_visits(stage, first)
    for number in range(TRIES):
        if found := shared_with(stage, first, number):
            return found
    raise AssertionError("no further task drew anybody for the same site")


def shared_with(stage, first: str, number: int) -> Twice | None:
    """A place of the first draw that a further task drew too, with somebody who goes for both."""
    draft = planning.TaskDraft(
        name=f"排污许可专项{number}",
        initiating_unit="zd",
        reason="上级部署",
        counts={Stratum.KEY: 8},
    )
    task = planning.create_task(stage.plan, draft, by=stage.ding, at=ceremony.AT)
    planning.approve_task(task, by=stage.lin, at=ceremony.AT)
    other = ceremony.Stage(task=task, plan=stage.plan, quarter=stage.quarter, cast=stage.cast)
    second = ceremony.sealed_draw(other)
    ceremony.released_visits(other, second)
    theirs = {row.subject: row for row in draws.released(second)}
    both = ((row, theirs[row.subject]) for row in draws.released(first) if row.subject in theirs)
    pairs = ((one, two, set(one.inspectors) & set(two.inspectors)) for one, two in both)
    places = (Twice(first=one, second=two, shared=min(who)) for one, two, who in pairs if who)
    return next(places, None)


def when(twice: Twice):
    return max(ceremony.last_day(row.draw) for row in (twice.first, twice.second))


def reseated(stage, row: ReleasedVisit, person: str, at) -> str:
    """Who goes instead."""
    asked = drawing.request_reseat(
        row.draw, row.number, person, reason=AbsenceReason.ILL, says="生病", by=stage.chen, at=at
    )
    ceremony.opened(stage, asked, at=at)
    return draws.released_visit(row.draw, row.number).reseats[-1][1]


def sent(stage, row: ReleasedVisit, at) -> str:
    return actions.dispatch_visit(row.draw, row.number, by=stage.chen, at=at)


def people(*rows: ReleasedVisit) -> frozenset[str]:
    now = (draws.released_visit(row.draw, row.number) for row in rows)
    return frozenset(person for row in now for person in row.inspectors)


def test_whoever_gave_up_one_place_goes_for_the_other_until_that_is_given_up_too(stage, twice):
    at, places = when(twice), (twice.first, twice.second)
    visit = sent(stage, twice.first, at)
    assert sent(stage, twice.second, at) == visit
    into = reseated(stage, twice.first, twice.shared, at)
    actions.dispatch_released(twice.first.draw, by=stage.chen, at=at)
    assert reads.visit(visit).team == people(*places)
    assert {twice.shared, into} <= reads.visit(visit).team
    assert reads.reseated(twice.first.draw) == ()
    reseated(stage, twice.second, twice.shared, at)
    actions.dispatch_released(twice.second.draw, by=stage.chen, at=at)
    assert reads.visit(visit).team == people(*places)
    assert twice.shared not in reads.visit(visit).team
    assert reads.reseated(twice.second.draw) == ()


def test_a_place_that_is_merged_after_a_reseat_brings_its_own_people_for_good(stage, twice):
    at = when(twice)
    visit = sent(stage, twice.first, at)
    reseated(stage, twice.first, twice.shared, at)
    actions.dispatch_released(twice.first.draw, by=stage.chen, at=at)
    assert sent(stage, twice.second, at) == visit
    assert reads.reseated(twice.first.draw) == ()
    assert reads.visit(visit).team == people(twice.first, twice.second)
    assert twice.shared in reads.visit(visit).team
