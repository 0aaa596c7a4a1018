"""Where the passphrases are gone the list stays shut for ever, and the draw ends all the same."""

import pytest

from gongchou.audit import reads as audit
from gongchou.core.refusals import NotAllowed, Refused, Stale
from gongchou.core.terms import DrawState, Role, VoidGround
from gongchou.drawing import actions, key_reads, models, papers, reads, void_reads
from tests.conftest import AT, BUREAU
from tests.drawing import ceremony
from tests.drawing.ceremony import passphrase
from tests.drawing.test_voiding import CITY, approved, decided, superior
from tests.papers import words_of

__all__ = ["superior"]
NEW = "另一个更长的保管口令"


@pytest.fixture
def stage(db) -> ceremony.Stage:
    return ceremony.prepared()


@pytest.fixture
def draw(stage) -> str:
    return ceremony.sealed_draw(stage)


def lost(stage, *logins: str) -> None:
    for login in logins:
        actions.declare_lost("搬家时遗失", by=stage.cast[login], at=AT)


def voided(stage, draw: str, superior) -> None:
    lost(stage, "bao", "mi")
    decided(approved(stage, draw, VoidGround.KEYS_LOST), superior)


def test_while_enough_can_open_no_list_ends(stage, draw):
    lost(stage, "bao")
    assert not key_reads.is_beyond_opening(draw)
    with pytest.raises(Refused, match="还够人数"):
        actions.request_void(draw, VoidGround.KEYS_LOST, "打不开", by=stage.chen, at=AT)


def test_a_list_that_nobody_can_open_ends_by_two_people_and_the_superior(stage, draw, superior):
    voided(stage, draw, superior)
    found = reads.draw(draw)
    assert (found.state, found.void_ground) == (DrawState.VOID, VoidGround.KEYS_LOST)
    [row] = void_reads.of_draw(draw)
    assert (row.lost, row.agreed) == (("鲍保密", "米保密"), ("周监督", "林局长"))
    entry = reads.log(BUREAU)[-1].body
    assert entry["kind"] == "void"
    assert entry["data"]["sealed"] == found.sealed_root
    assert entry["data"]["lost"] == ["鲍保密", "米保密"]
    assert {link.event.kind for link in audit.events(CITY, about=draw)} == {"draw_voided"}


def test_other_grounds_do_not_end_a_drawn_list(stage, draw):
    lost(stage, "bao", "mi")
    for ground in (VoidGround.NO_TEAM, VoidGround.SHARE_LOST):
        with pytest.raises(Refused):
            actions.request_void(draw, ground, "不合适", by=stage.chen, at=AT)
    with pytest.raises(Refused, match="名单已经抽出"):
        actions.void_draw(draw, "不合适", by=stage.lin, at=AT)


def test_who_finds_the_words_again_ends_the_void(stage, draw, superior):
    lost(stage, "bao", "mi")
    ref = approved(stage, draw, VoidGround.KEYS_LOST)
    actions.take_back_lost(passphrase("mi"), by=stage.mi, at=AT)
    with pytest.raises(Refused, match="还够人数"):
        decided(ref, superior)
    assert reads.draw(draw).state is DrawState.SEALED


def test_a_declaration_is_the_own_needs_words_and_stops_the_own_consent(stage, draw, stranger):
    for by in (stranger, stage.chen, stage.lin):
        with pytest.raises(NotAllowed):
            actions.declare_lost("遗失", by=by, at=AT)
    with pytest.raises(Refused, match="写明经过"):
        actions.declare_lost(" ", by=stage.bao, at=AT)
    lost(stage, "bao")
    with pytest.raises(Stale, match="已经声明过"):
        lost(stage, "bao")
    at = ceremony.last_day(draw)
    opening = actions.request_release(draw, numbers=[0], by=stage.chen, at=at)
    with pytest.raises(Refused, match="声明过保管口令遗失"):
        actions.agree(opening, passphrase("bao"), by=stage.bao, at=at)
    with pytest.raises(Refused, match="口令不对"):
        actions.take_back_lost(passphrase("mi"), by=stage.bao, at=at)
    actions.take_back_lost(passphrase("bao"), by=stage.bao, at=at)
    assert actions.agree(opening, passphrase("bao"), by=stage.bao, at=at) is False


def test_a_dead_key_is_replaced_only_when_no_list_hangs_on_it(stage, draw, superior):
    lost(stage, "bao", "mi")
    with pytest.raises(Refused, match=draw):
        actions.establish_key(by=stage.bao, at=AT)
    decided(approved(stage, draw, VoidGround.KEYS_LOST), superior)
    with pytest.raises(Refused, match="先登记"):
        actions.establish_key(by=stage.bao, at=AT)
    for login in ("bao", "mi"):
        actions.enrol_again(NEW + login, by=stage.cast[login], at=AT)
    actions.establish_key(by=stage.bao, at=AT)
    assert reads.secrecy_key(BUREAU).ref == f"G{BUREAU}-R2"
    assert models.SecrecyKey.objects.filter(lost_at=None).count() == 1


def test_the_next_draw_has_the_same_lists_and_the_new_key_opens_it(stage, draw, superior):
    voided(stage, draw, superior)
    for login in ("bao", "mi"):
        actions.enrol_again(NEW + login, by=stage.cast[login], at=AT)
    actions.establish_key(by=stage.bao, at=AT)
    again = ceremony.sealed_draw(stage)
    rows = [models.Draw.objects.get(ref=ref) for ref in (draw, again)]
    assert rows[0].frozen_digest == rows[1].frozen_digest
    assert [row.seq for row in reads.draws(BUREAU, stage.quarter)] == [1, 2]
    at = ceremony.last_day(again)
    opening = actions.request_release(again, numbers=[0], by=stage.chen, at=at)
    actions.agree(opening, NEW + "bao", by=stage.bao, at=at)
    assert actions.agree(opening, NEW + "mi", by=stage.mi, at=at)


def test_the_papers_name_who_kept_the_list_then_not_who_came_later(stage, draw, superior):
    voided(stage, draw, superior)
    for login in ("bao", "mi"):
        actions.enrol_again(NEW + login, by=stage.cast[login], at=AT)
    xin = ceremony.actor("xin", "新保密", Role.SECRECY)
    actions.enrol_custodian(NEW + "xin", by=xin, at=AT)
    actions.establish_key(threshold=3, by=stage.bao, at=AT)
    again = ceremony.sealed_draw(stage)
    for name in ("confirmation", "pledge", "handover"):
        then, now = (
            words_of(papers.paper(name, d, bureau=BUREAU, at=AT)[1]) for d in (draw, again)
        )
        assert ("封保密" in then, "新保密" in then, "新保密" in now) == (True, False, True), name
    assert key_reads.keepers(draw) == key_reads.Keepers(("鲍保密", "封保密", "米保密"), 2)
    assert key_reads.keepers(again).names == ("鲍保密", "封保密", "米保密", "新保密")


def test_a_share_given_up_or_dealt_anew_after_the_draw_changes_no_paper(stage, draw):
    """Before the list is made, the papers name who holds a share now."""
    before = key_reads.keepers(draw)
    actions.enrol_again(NEW + "feng", by=stage.feng, at=AT)
    assert key_reads.keepers(draw) == before
    assert "封保密" in before.names
    models.Draw.objects.filter(ref=draw).update(ref="D-later")
    assert key_reads.keepers("D-later").names == ("鲍保密", "米保密")


def test_the_pages_carry_the_loss_to_its_end(signed_in, stage, draw, superior):
    for login in ("bao", "mi"):
        browser = signed_in(stage.cast[login])
        page = browser.post("/draw/keys/lost/", {"says": "遗失"}, follow=True).content.decode()
        assert "已声明口令遗失" in page
    assert "已无法开启" in page
    page = signed_in(stage.chen).get(f"/draw/{draw}/").content.decode()
    assert "保管口令都已遗失，名单打不开</option>" in page
    page = signed_in(stage.mi).post(
        "/draw/keys/lost/found/", {"passphrase": passphrase("mi")}, follow=True
    )
    assert "遗失声明已撤回" in page.content.decode()
