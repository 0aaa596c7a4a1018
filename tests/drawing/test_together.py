"""Several openings at one entry of the passphrase; each stays an opening of its own."""

from collections import Counter
from datetime import timedelta

import pytest

from gongchou.audit import reads as audit
from gongchou.core.refusals import NotAllowed, Refused, Stale
from gongchou.core.terms import OpeningState
from gongchou.drawing import actions, models, reads
from gongchou.web import clock
from tests.conftest import AT, BUREAU
from tests.drawing import ceremony
from tests.drawing.ceremony import passphrase


@pytest.fixture
def stage(db) -> ceremony.Stage:
    return ceremony.prepared()


@pytest.fixture
def draw(stage) -> str:
    return ceremony.sealed_draw(stage)


@pytest.fixture
def asked(stage, draw) -> list[str]:
    """One request for each of three days, all of them due."""
    days = sorted({row.planned_on for row in reads.schedule(draw)})[:3]
    at = ceremony.last_day(draw)
    return [actions.request_release(draw, on=day, by=stage.chen, at=at) for day in days]


def opened_log(draw: str) -> int:
    return sum(row.kind == "open" for row in reads.log(BUREAU) if row.draw == draw)


def test_one_custodian_alone_opens_none_of_them_and_two_open_all(stage, draw, asked):
    at = ceremony.last_day(draw)
    assert actions.agree_together(asked, passphrase("bao"), by=stage.bao, at=at) == (0, 3)
    assert reads.released(draw) == ()
    assert actions.agree_together(asked, passphrase("feng"), by=stage.feng, at=at) == (3, 0)
    assert len(reads.released(draw)) == 3
    assert not any(row.passed for row in models.Authorisation.objects.all())


def test_each_visit_has_its_own_entry_in_the_log_and_in_the_trail(stage, draw, asked):
    at = ceremony.last_day(draw)
    for login in ("bao", "mi"):
        actions.agree_together(asked, passphrase(login), by=stage.cast[login], at=at)
    assert opened_log(draw) == 3
    kinds = Counter(link.event.kind for link in audit.events(BUREAU, about=draw))
    assert (kinds["release_approved"], kinds["visit_released"]) == (3, 3)
    assert kinds["opening_authorised"] == 3


def test_some_may_be_chosen_and_the_others_wait(stage, draw, asked):
    at = ceremony.last_day(draw)
    actions.agree_together(asked[:2], passphrase("bao"), by=stage.bao, at=at)
    actions.agree_together(asked, passphrase("mi"), by=stage.mi, at=at)
    assert len(reads.released(draw)) == 2
    assert reads.opening(asked[2]).state is OpeningState.AUTHORISED


def test_where_one_cannot_be_done_none_is_and_it_is_named(stage, draw, asked):
    at = ceremony.last_day(draw)
    actions.agree(asked[1], passphrase("bao"), by=stage.bao, at=at)
    with pytest.raises(Stale, match=f"{asked[1]} 没有办成"):
        actions.agree_together(asked, passphrase("bao"), by=stage.bao, at=at)
    assert reads.opening(asked[0]).agreed == ()


def test_a_wrong_passphrase_an_empty_choice_and_others_are_refused(stage, draw, asked):
    with pytest.raises(Refused, match="保管口令不对"):
        actions.agree_together(asked, passphrase("mi"), by=stage.bao, at=AT)
    with pytest.raises(Refused, match="没有选中"):
        actions.agree_together([], passphrase("bao"), by=stage.bao, at=AT)
    with pytest.raises(NotAllowed, match="启封名单"):
        actions.agree_together(asked, passphrase("bao"), by=stage.chen, at=AT)


def test_all_days_that_are_due_are_asked_for_at_once_and_none_before_its_time(stage, draw):
    at = ceremony.last_day(draw)
    early = at - timedelta(days=60)
    with pytest.raises(Refused, match="还不到可以启封"):
        actions.request_release(draw, until=at.date(), by=stage.chen, at=early)
    opening = actions.request_release(draw, until=at.date(), by=stage.chen, at=at)
    found = reads.opening(opening)
    assert len(found.numbers) == reads.draw(draw).visit_count
    assert found.days == tuple(sorted({row.planned_on for row in reads.schedule(draw)}))
    with pytest.raises(Stale, match="都已申请启封"):
        actions.request_release(draw, until=at.date(), by=stage.chen, at=at)


def test_the_page_shows_every_request_with_its_days_and_takes_one_passphrase(signed_in, db):
    clock.move_demo_clock(AT)
    stage = ceremony.prepared(at=clock.now())
    draw = ceremony.sealed_draw(stage, at=clock.now())
    clock.move_demo_clock(ceremony.last_day(draw))
    today = clock.day_of(clock.now())
    fields = {"until": today.isoformat()}
    page = signed_in(stage.chen).post(f"/draw/{draw}/release/", fields, follow=True)
    assert "已申请启封" in page.content.decode()
    [opening] = reads.openings(BUREAU, draw=draw)
    for login, says in (("bao", "已同意 1 份"), ("mi", "1 份申请已开启并办结")):
        browser = signed_in(stage.cast[login])
        page = browser.get("/draw/keys/").content.decode()
        assert all(f"{on.month}月{on.day}日" in page for on in opening.days)
        assert page.count("同意所选的申请") == 1
        fields = {"opening": [opening.ref], "passphrase": passphrase(login)}
        page = browser.post("/draw/openings/agree/", fields, follow=True).content.decode()
        assert says in page
