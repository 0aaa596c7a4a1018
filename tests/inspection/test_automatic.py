"""A standing order: what may be opened is asked for in its first hour, what is opened goes out."""

import json
from datetime import datetime, time, timedelta

import pytest

from gongchou.audit import reads as audit
from gongchou.core.powers import system
from gongchou.core.refusals import Invalid, NotAllowed, Stale
from gongchou.core.terms import OpeningPurpose, VisitState
from gongchou.drawing import actions as drawing
from gongchou.drawing import reads as draws
from gongchou.inspection import actions, automatic_reads, reads, telling
from gongchou.web.clock import SHANGHAI
from tests.conftest import BUREAU
from tests.drawing import ceremony

MINUTE = timedelta(minutes=1)


@pytest.fixture
def stage(bureau):
    return ceremony.prepared()


@pytest.fixture
def draw(stage) -> str:
    return ceremony.sealed_draw(stage)


@pytest.fixture
def ordered(stage, draw) -> str:
    actions.set_automatic_dispatch(True, "减少等待", by=stage.chen, at=ceremony.AT)
    return draw


def run(at: datetime) -> tuple[str, ...]:
    return actions.dispatch_due(by=system(BUREAU), at=at)


def first_hour(draw: str) -> datetime:
    """Midnight of the first planned day: the earliest hour that the policy allows."""
    day = min(row.planned_on for row in draws.schedule(draw))
    return datetime.combine(day, time(), tzinfo=SHANGHAI)


def requests(draw: str) -> list:
    return [r for r in draws.openings(BUREAU, draw=draw) if r.purpose is OpeningPurpose.RELEASE]


def agreed(stage, draw: str, at: datetime) -> None:
    ceremony.opened(stage, requests(draw)[0].ref, at=at)


def test_nothing_happens_until_somebody_ordered_it(stage, draw):
    assert run(ceremony.last_day(draw)) == ()
    assert requests(draw) == []


def test_the_request_is_made_in_the_first_hour_and_not_a_minute_before(ordered):
    early = first_hour(ordered)
    assert run(early - MINUTE) == ()
    assert requests(ordered) == []
    run(early)
    [asked] = requests(ordered)
    days = {row.number: row.planned_on for row in draws.schedule(ordered)}
    assert {days[number] for number in asked.numbers} == {early.date()}
    run(early + MINUTE)
    assert len(requests(ordered)) == 1


def test_without_the_custodians_nothing_goes_out_and_a_reminder_says_why(ordered):
    at = first_hour(ordered)
    assert run(at) == ()
    assert run(at + MINUTE) == ()
    assert draws.released(ordered) == ()
    [hold] = automatic_reads.holds(BUREAU)
    assert (hold.place, "名保管人同意，同意后自动派发" in hold.says) == (None, True)
    kinds = [row.event.kind for row in audit.events(BUREAU, about=ordered)]
    assert kinds.count("dispatch_held") == 1


def test_once_the_custodians_agreed_each_visit_goes_to_its_team(stage, ordered):
    at = ceremony.last_day(ordered)
    run(at)
    agreed(stage, ordered, at)
    sent = run(at + MINUTE)
    assert len(sent) == draws.draw(ordered).visit_count
    visit = reads.visit(sent[0])
    assert (visit.state, visit.dispatched_by) == (VisitState.DISPATCHED, "系统定时任务")
    assert audit.events(BUREAU, about=sent[0])[0].event.kind == "visit_dispatched"
    assert automatic_reads.holds(BUREAU) == ()
    assert run(at + 2 * MINUTE) == ()


def test_after_a_no_the_office_has_the_word(stage, ordered):
    at = first_hour(ordered)
    run(at)
    custodian = stage.cast[ceremony.CUSTODIANS[0]]
    drawing.refuse_opening(requests(ordered)[0].ref, "名单待核", by=custodian, at=at)
    run(at + MINUTE)
    assert len(requests(ordered)) == 1
    assert "没有同意启封（名单待核）" in automatic_reads.holds(BUREAU)[0].says


def test_a_visit_made_void_does_not_go_out_again_by_itself(stage, ordered):
    at = ceremony.last_day(ordered)
    run(at)
    agreed(stage, ordered, at)
    sent = run(at)
    actions.void_visit(sent[0], "派发有误", by=stage.chen, at=at)
    assert run(at + MINUTE) == ()
    [hold] = automatic_reads.holds(BUREAU)
    assert hold.place == reads.visit(sent[0]).number
    assert "派发过又作废" in hold.says


def test_the_order_is_given_by_the_office_once_and_with_a_reason(stage, draw, stranger):
    at = ceremony.AT
    for who in (stranger, stage.lin, stage.bao):
        with pytest.raises(NotAllowed):
            actions.set_automatic_dispatch(True, "减少等待", by=who, at=at)
    with pytest.raises(Invalid):
        actions.set_automatic_dispatch(True, " ", by=stage.chen, at=at)
    actions.set_automatic_dispatch(True, "减少等待", by=stage.chen, at=at)
    with pytest.raises(Stale):
        actions.set_automatic_dispatch(True, "减少等待", by=stage.chen, at=at)
    assert audit.events(BUREAU, about=BUREAU)[0].event.kind == "dispatch_mode_set"
    with pytest.raises(NotAllowed):
        actions.dispatch_due(by=stage.chen, at=at)
    actions.set_automatic_dispatch(False, "试行结束", by=stage.chen, at=at)
    assert run(ceremony.last_day(draw)) == ()


def test_the_office_is_told_through_the_gateway_and_no_name_goes_out(
    stage, ordered, settings, tmp_path, monkeypatch
):
    settings.MESSAGES, asked = tmp_path, []
    monkeypatch.setattr(telling, "enqueue", lambda *given: asked.append(given))
    run(first_hour(ordered))
    assert asked == [(telling.TELL_OFFICE, ordered, requests(ordered)[0].ref)]
    telling.tell_office(*asked[0][1:])
    told = [json.loads(path.read_text("utf-8")) for path in tmp_path.iterdir()]
    assert {row["to"] for row in told} == {"chen", "ding"}
    assert {row["says"] for row in told} == {telling.HELD}


def test_the_page_gives_the_order_and_shows_what_stays(signed_in, stage, draw):
    browser = signed_in(stage.chen)
    data = {"automatic": "on", "reason": "减少等待"}
    page = browser.post("/visits/automatic/", data, follow=True).content.decode()
    assert "已启用" in page
    at = first_hour(draw)
    run(at)
    page = browser.get(f"/visits/?quarter={stage.quarter}").content.decode()
    assert "1 件没有派出" in page
    assert "名保管人同意，同意后自动派发" in page
    assert "虚构" not in page.split("自动派发", 1)[1].split("</details>")[0]
