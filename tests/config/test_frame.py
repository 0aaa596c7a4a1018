"""The frame of every page: quarter, phases, search, display, the demonstration's clock."""

from datetime import date, datetime

import pytest

from gongchou.audit import reads as trail
from gongchou.config import demo_clock, phases
from gongchou.core.refusals import Invalid
from gongchou.core.terms import Role
from gongchou.core.workdays import Quarter
from gongchou.planning import actions as planning
from gongchou.web import clock
from tests.conftest import AT, TODAY
from tests.planning.test_pages import leader as leader
from tests.planning.test_pages import roster as roster

Q1 = Quarter(2026, 1)


def states(bureau: str, today: date = TODAY) -> dict[str, str]:
    return {phase.name: phase.state for phase in phases.phases(bureau, Q1, today)}


def test_without_a_plan_the_snapshot_is_the_current_phase(bureau):
    steps = phases.phases(bureau, Q1, TODAY)
    assert [step.name for step in steps if step.is_current] == ["快照"]
    assert steps[0].left.says.startswith("还有")
    assert "".join(step.name for step in steps) == "快照分类计划抽取密封检查公示报送"


def test_an_approved_plan_moves_the_phase_on_to_the_draw(bureau, chen, leader, roster):
    ref = planning.compute_plan("2026Q1", by=chen, at=AT)
    assert states(bureau)["计划"] == "running"
    planning.approve_plan(ref, by=leader, at=AT)
    assert states(bureau)["计划"] == "done"
    assert states(bureau)["抽取"] == "running"


def test_a_phase_past_its_day_is_late(bureau):
    assert states(bureau, date(2026, 3, 31))["快照"] == "late"


def test_the_quarter_stays_from_room_to_room(signed_in, chen):
    page = signed_in(chen).get("/", {"quarter": "2025Q4"}).content.decode()
    assert '/plan/?quarter=2025Q4"' in page
    assert "2025年第四季度</summary>" in page


def test_a_misspelt_quarter_leaves_the_frame_standing(signed_in, chen):
    assert signed_in(chen).get("/", {"quarter": "九月"}).status_code == 200


def test_search_is_for_those_who_may_see_the_register(signed_in, chen, stranger):
    assert "查找检查对象" in signed_in(chen).get("/").content.decode()
    page = signed_in(stranger).get("/").content.decode()
    assert "查找检查对象" not in page
    assert "phase-bar" not in page


def test_large_text_and_dark_ground_are_kept_apart_in_the_browser(client):
    client.post("/display/", {"text": "large", "ground": "", "back": "/login/"})
    assert 'data-text="large"' in client.get("/login/").content.decode()
    client.post("/display/", {"text": "large", "ground": "dark", "back": "/login/"})
    page = client.get("/login/").content.decode()
    assert 'data-text="large" data-bs-theme="dark"' in page
    client.post("/display/", {"text": "", "ground": "dark", "back": "/login/"})
    assert "data-text" not in client.get("/login/").content.decode()


def test_the_choice_of_display_leads_nowhere_else(client):
    answer = client.post("/display/", {"back": "https://elsewhere.example/"})
    assert answer.url == "/"
    assert client.get("/display/").status_code == 405


def test_the_demonstration_goes_on_by_one_working_day_and_leaves_a_trace(signed_in, chen, bureau):
    before = clock.day_of(clock.now())
    signed_in(chen).post("/demo/clock/", {"back": "/"})
    assert clock.day_of(clock.now()) == demo_clock.next_workday(before)
    event = trail.events(bureau, limit=1, about="demo")[0].event
    assert event.kind == "clock_moved"
    assert event.by_name == "陈组长"


def test_the_demonstration_goes_to_a_chosen_day_but_never_back(signed_in, chen):
    today = clock.day_of(clock.now())
    browser = signed_in(chen)
    later = today.replace(year=today.year + 1, day=1)
    browser.post("/demo/clock/", {"day": later.isoformat()})
    assert clock.day_of(clock.now()) == later
    page = browser.post("/demo/clock/", {"day": today.isoformat()})
    assert "只能改到今天之后" in page.content.decode()
    assert "写法不对" in browser.post("/demo/clock/", {"day": "明天"}).content.decode()
    assert clock.day_of(clock.now()) == later


def test_visitors_do_not_move_the_clock(client):
    assert client.post("/demo/clock/").status_code == 302
    assert client.get("/demo/clock/").status_code == 405


def test_outside_a_demonstration_time_cannot_be_moved(settings, chen):
    settings.DEMO = False
    with pytest.raises(RuntimeError):
        demo_clock.move_to(date(2026, 1, 8), by=chen, at=AT)


def test_a_day_before_or_beyond_reach_is_refused(chen):
    for day in (TODAY, date(2026, 1, 1), date(2099, 1, 1)):
        with pytest.raises(Invalid):
            demo_clock.move_to(day, by=chen, at=AT)


def test_the_roles_page_tells_tasks_what_waits_and_passphrases(client, person):
    person("bao", "鲍保密", Role.SECRECY)
    person("chen", "陈组长", Role.OFFICE)
    page = client.get("/demo/").content.decode()
    assert "演示保管口令-bao" in page
    assert "启封名单" in page
    assert "现在轮到：</strong>测算本季度计划、导入名录" in page


def test_the_instant_is_written_whole(settings):
    clock.move_demo_clock(datetime(2030, 1, 7, 9, tzinfo=clock.SHANGHAI))
    assert clock.day_of(clock.now()) == date(2030, 1, 7)
    assert not settings.DEMO_CLOCK.with_suffix(".new").exists()
