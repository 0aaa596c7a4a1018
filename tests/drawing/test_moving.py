"""A place of the sealed list may be put on another day; whose place it is stays unknown."""

from datetime import timedelta

import pytest

from gongchou.core.refusals import NotAllowed, Refused, Stale
from gongchou.drawing import actions, reads
from gongchou.web import clock
from tests.conftest import AT, BUREAU, TODAY
from tests.drawing import ceremony

WEEKDAY, SATURDAY = TODAY + timedelta(3), TODAY + timedelta(5)


@pytest.fixture
def stage(db) -> ceremony.Stage:
    return ceremony.prepared()


@pytest.fixture
def draw(stage) -> str:
    return ceremony.sealed_draw(stage)


def day_of(draw: str, number: int):
    return next(row.planned_on for row in reads.schedule(draw) if row.number == number)


def test_the_day_changes_and_the_log_says_from_when_to_when_and_why(stage, draw):
    was, root = day_of(draw, 1), reads.draw(draw).sealed_root
    actions.move_visit(draw, 1, WEEKDAY, "当天全市会议", by=stage.chen, at=AT)
    assert day_of(draw, 1) == WEEKDAY != was
    assert reads.draw(draw).sealed_root == root
    entry = reads.log(BUREAU)[-1]
    assert (entry.kind, entry.body["data"]["reason"]) == ("move", "当天全市会议")
    [move] = reads.moves(draw)
    assert (move.number, move.was, move.to, move.by) == (1, was, WEEKDAY, "陈组长")


def test_it_is_opened_on_the_new_day_and_not_before(stage, draw):
    actions.move_visit(draw, 0, WEEKDAY, "当天全市会议", by=stage.chen, at=AT)
    with pytest.raises(Refused, match="还不到可以启封"):
        actions.request_release(draw, numbers=[0], by=stage.chen, at=AT)
    later = AT + (WEEKDAY - TODAY)
    opening = actions.request_release(draw, numbers=[0], by=stage.chen, at=later)
    ceremony.opened(stage, opening, at=later)
    assert reads.released_visit(draw, 0).planned_on == WEEKDAY


def test_days_past_free_or_too_late_are_refused(stage, draw):
    end = ceremony.last_day(draw).date() + timedelta(200)
    while end.weekday() > 4:
        end += timedelta(1)
    for to, says in (
        (TODAY - timedelta(3), "不能早于今天"),
        (SATURDAY, "不是工作日"),
        (end, "不能晚于这一天"),
    ):
        with pytest.raises(Refused, match=says):
            actions.move_visit(draw, 0, to, "改期", by=stage.chen, at=AT)


def test_only_the_office_with_words_and_only_what_nobody_asked_for(stage, draw, stranger):
    for by in (stage.bao, stage.zhou, stage.lin, stranger):
        with pytest.raises(NotAllowed, match="派发检查"):
            actions.move_visit(draw, 0, WEEKDAY, "改期", by=by, at=AT)
    with pytest.raises(Refused, match="写明理由"):
        actions.move_visit(draw, 0, WEEKDAY, " ", by=stage.chen, at=AT)
    with pytest.raises(Refused, match="没有第"):
        actions.move_visit(draw, 999, WEEKDAY, "改期", by=stage.chen, at=AT)
    at = ceremony.last_day(draw)
    actions.request_release(draw, numbers=[0], by=stage.chen, at=at)
    with pytest.raises(Stale, match="已申请启封"):
        actions.move_visit(draw, 0, at.date(), "改期", by=stage.chen, at=at)


def test_the_page_offers_sealed_places_and_shows_the_moves(signed_in, stage, draw):
    clock.move_demo_clock(AT)
    browser = signed_in(stage.chen)
    assert "哪一号检查" in browser.get(f"/draw/{draw}/").content.decode()
    fields = {"number": "2", "to": WEEKDAY.isoformat(), "says": "当天全市会议"}
    page = browser.post(f"/draw/{draw}/move/", fields, follow=True).content.decode()
    assert "第 3 号检查改到" in page
    assert "改过 1 次检查日" in page
    assert "哪一号检查" not in signed_in(stage.zhou).get(f"/draw/{draw}/").content.decode()
