"""A change of custodians: the key stays, old shares no longer open anything."""

import pytest

from gongchou.audit import reads as audit
from gongchou.core.event_kinds import EventKind
from gongchou.core.refusals import NotAllowed, Refused, Stale
from gongchou.core.terms import Role
from gongchou.drawing import actions, models, reads
from tests.conftest import AT, BUREAU
from tests.drawing import ceremony
from tests.drawing.ceremony import passphrase


@pytest.fixture
def newcomer(stage):
    """新保密 has enrolled, and holds no share yet."""
    person = ceremony.actor("xin", "新保密", Role.SECRECY)
    actions.enrol_custodian(passphrase("xin"), by=person, at=AT)
    return person


def refs(*logins: str) -> list[str]:
    return [f"K{BUREAU}-U-{login}" for login in logins]


def asked(stage, *logins: str, threshold: int = 2) -> str:
    members = refs(*logins)
    return actions.request_key_change(
        members, threshold=threshold, says="封保密调离", by=stage.bao, at=AT
    )


def agreed(stage, ref: str, *logins: str) -> list[bool]:
    return [
        actions.agree_key_change(ref, passphrase(login), by=stage.cast[login], at=AT)
        for login in logins
    ]


def test_two_custodians_deal_anew_and_the_new_ones_open_an_old_list(stage, newcomer):
    draw = ceremony.sealed_draw(stage)
    assert agreed(stage, asked(stage, "mi", "xin"), "bao", "mi") == [False, True]
    when = ceremony.last_day(draw)
    opening = actions.request_release(draw, numbers=[0], by=stage.chen, at=when)
    with pytest.raises(Refused):
        actions.agree(opening, passphrase("feng"), by=stage.feng, at=when)
    actions.agree(opening, passphrase("mi"), by=stage.mi, at=when)
    assert actions.agree(opening, passphrase("xin"), by=newcomer, at=when)
    assert len(reads.released(draw)) == 1


def test_old_shares_and_what_was_handed_on_are_erased(stage, newcomer):
    change = asked(stage, "mi", "xin")
    agreed(stage, change, "bao", "mi")
    old = models.KeyShare.objects.filter(round=1)
    assert [bytes(share.sealed) for share in old] == [b""] * 3
    assert all(c.passed == {} for c in models.KeyChangeConsent.objects.all())
    held = {person.name: person.has_share for person in reads.custodians(BUREAU)}
    assert held == {"鲍保密": False, "米保密": True, "封保密": False, "新保密": True}
    kinds = [link.event.kind for link in audit.events(BUREAU, about=f"G{BUREAU}", limit=4)]
    assert kinds[0] == EventKind.SECRECY_KEY_DEALT


def test_one_custodian_alone_changes_nothing(stage, newcomer):
    change = asked(stage, "bao", "xin")
    agreed(stage, change, "bao")
    with pytest.raises(Stale, match="已经同意过"):
        agreed(stage, change, "bao")
    assert models.SecrecyKey.objects.get().round == 1


def test_who_holds_no_share_neither_asks_nor_agrees(stage, newcomer, stranger):
    change = asked(stage, "bao", "xin")
    with pytest.raises(Refused, match="现任保管人"):
        actions.agree_key_change(change, passphrase("xin"), by=newcomer, at=AT)
    with pytest.raises(Refused, match="现任保管人"):
        actions.request_key_change(refs("bao", "xin"), threshold=2, says="换人", by=newcomer, at=AT)
    for person in (stranger, stage.chen):
        with pytest.raises(NotAllowed):
            actions.agree_key_change(change, "x", by=person, at=AT)


def test_a_wrong_passphrase_and_a_second_request_are_refused(stage, newcomer):
    change = asked(stage, "bao", "xin")
    with pytest.raises(Refused, match="保管口令不对"):
        actions.agree_key_change(change, "别的口令别的口令", by=stage.mi, at=AT)
    with pytest.raises(Stale, match="已有一份"):
        asked(stage, "mi", "xin")


@pytest.mark.parametrize(
    ("logins", "threshold"), [(("bao",), 1), (("bao", "mi"), 3), (("bao", "nobody"), 2)]
)
def test_impossible_arrangements_are_refused(stage, logins, threshold):
    with pytest.raises(Refused, match="至少两人"):
        asked(stage, *logins, threshold=threshold)


def test_open_requests_come_first(stage, newcomer):
    draw = ceremony.sealed_draw(stage)
    when = ceremony.last_day(draw)
    actions.request_release(draw, numbers=[0], by=stage.chen, at=when)
    change = asked(stage, "mi", "xin")
    agreed(stage, change, "bao")
    with pytest.raises(Refused, match="没有办结"):
        agreed(stage, change, "mi")
    assert models.SecrecyKey.objects.get().round == 1


def test_a_refused_change_ends_and_another_may_be_asked(stage, newcomer):
    change = asked(stage, "bao", "xin")
    agreed(stage, change, "bao")
    actions.refuse_key_change(change, by=stage.mi, at=AT)
    with pytest.raises(Stale, match="已经办结"):
        agreed(stage, change, "mi")
    assert asked(stage, "mi", "xin") != change


def test_the_page_carries_a_change_through(signed_in, stage, newcomer):
    bao = signed_in(stage.bao)
    data = {"members": refs("mi", "xin"), "threshold": "2", "says": "调离"}
    page = bao.post("/draw/keys/change/", data, follow=True).content.decode()
    assert "米保密、新保密" in page
    path = f"/draw/keys/change/G{BUREAU}-1/agree/"
    for login, says in (("bao", "已同意"), ("mi", "份额已重新分发")):
        browser = signed_in(stage.cast[login])
        page = browser.post(path, {"passphrase": passphrase(login)}, follow=True).content.decode()
        assert says in page
    assert signed_in(stage.chen).post("/draw/keys/change/", data).status_code == 403


# -- a lost passphrase


def test_a_custodian_who_lost_the_passphrase_comes_back_by_a_new_deal(stage):
    draw = ceremony.sealed_draw(stage)
    actions.enrol_again("另一个更长的保管口令", by=stage.feng, at=AT)
    shares = {row.name: row.has_share for row in reads.custodians(BUREAU)}
    assert shares == {"鲍保密": True, "米保密": True, "封保密": False}
    when = ceremony.last_day(draw)
    opening = actions.request_release(draw, numbers=[0], by=stage.chen, at=when)
    with pytest.raises(Refused, match="手中没有份额"):
        actions.agree(opening, "另一个更长的保管口令", by=stage.feng, at=when)
    ceremony.opened(stage, opening, at=when)
    members = [row.ref for row in reads.custodians(BUREAU)]
    change = actions.request_key_change(members, threshold=2, says="重发", by=stage.bao, at=when)
    for login in ("bao", "mi"):
        actions.agree_key_change(change, ceremony.passphrase(login), by=stage.cast[login], at=when)
    opening = actions.request_release(draw, numbers=[1], by=stage.chen, at=when)
    actions.agree(opening, "另一个更长的保管口令", by=stage.feng, at=when)
    assert actions.agree(opening, ceremony.passphrase("mi"), by=stage.mi, at=when)


def test_nobody_enrols_again_where_too_few_could_still_open(stage):
    actions.enrol_again("另一个更长的保管口令", by=stage.feng, at=AT)
    with pytest.raises(Refused, match="再也打不开"):
        actions.enrol_again("又一个更长的保管口令", by=stage.mi, at=AT)


def test_who_never_enrolled_strangers_and_short_words_are_refused(stage, stranger):
    with pytest.raises(NotAllowed):
        actions.enrol_again("另一个更长的保管口令", by=stranger, at=AT)
    with pytest.raises(Refused, match="至少 8 个字"):
        actions.enrol_again("短", by=stage.bao, at=AT)
    fresh = ceremony.actor("xin", "新保密", Role.SECRECY)
    with pytest.raises(Refused, match="还没有登记"):
        actions.enrol_again("另一个更长的保管口令", by=fresh, at=AT)


def test_a_lost_passphrase_is_renewed_on_the_page(signed_in, stage):
    feng = signed_in(stage.feng)
    assert "我的保管口令遗失" in feng.get("/draw/keys/").content.decode()
    form = {"passphrase": "另一个更长的保管口令", "again": "另一个更长的保管口令"}
    page = feng.post("/draw/keys/enrol/again/", form, follow=True).content.decode()
    assert "已重新登记保管口令" in page
    form["again"] = "不一样的口令口令"
    assert "不一致" in feng.post("/draw/keys/enrol/again/", form).content.decode()
