"""Custodians open together: releases, substitutions, escrow, publication, and who is refused."""

from datetime import date, datetime, time

import pytest
from django.db import IntegrityError, transaction

from gongchou.audit import reads as audit
from gongchou.core.canon import canon
from gongchou.core.draw_record import is_valid, verify
from gongchou.core.refusals import NotAllowed, Refused, Stale
from gongchou.core.terms import AbsenceReason, DrawState, ExcuseReason, OpeningState, Role
from gongchou.drawing import actions, models, proofs, reads
from gongchou.web.clock import SHANGHAI
from tests.conftest import AT, BUREAU, TODAY
from tests.drawing import ceremony
from tests.drawing.ceremony import passphrase, text_of


@pytest.fixture
def draw(stage) -> str:
    return ceremony.sealed_draw(stage)


def first_day(draw: str) -> datetime:
    day = min(row.planned_on for row in reads.schedule(draw))
    return datetime.combine(day, time(8), tzinfo=SHANGHAI)


def asked(stage, draw: str) -> str:
    """A release of the first planned day's visits, asked for on that day."""
    at = first_day(draw)
    return actions.request_release(draw, on=at.date(), by=stage.chen, at=at)


# -- custodians


def test_a_custodian_enrols_once_with_a_passphrase_long_enough(stage, stranger):
    new = ceremony.actor("xin", "新保密", Role.SECRECY)
    with pytest.raises(Refused, match="至少 8 个字"):
        actions.enrol_custodian("七个字的口令啊", by=new, at=AT)
    actions.enrol_custodian(passphrase("xin"), by=new, at=AT)
    with pytest.raises(Stale, match="已经登记"):
        actions.enrol_custodian(passphrase("xin"), by=new, at=AT)
    for actor in (stage.chen, stage.zhou, stranger):
        with pytest.raises(NotAllowed, match="保管名单密钥"):
            actions.enrol_custodian(passphrase("x"), by=actor, at=AT)


def test_the_key_is_established_once_by_a_custodian_for_at_least_two(db):
    stage = ceremony.prepared(has_key=False)
    actions.enrol_custodian(passphrase("bao"), by=stage.bao, at=AT)
    with pytest.raises(Refused, match="开启至少须两人"):
        actions.establish_key(by=stage.bao, at=AT)
    with pytest.raises(Refused, match="须先登记"):
        actions.establish_key(by=stage.mi, at=AT)
    actions.enrol_custodian(passphrase("mi"), by=stage.mi, at=AT)
    actions.establish_key(by=stage.bao, at=AT)
    with pytest.raises(Stale, match="不能重复建立"):
        actions.establish_key(by=stage.bao, at=AT)
    found = reads.secrecy_key(BUREAU)
    assert (found.threshold, found.count) == (2, 2)


def test_the_database_refuses_a_key_that_one_alone_opens(stage):
    with pytest.raises(IntegrityError), transaction.atomic():
        models.SecrecyKey.objects.update(threshold=1)


# -- release


def test_one_custodian_opens_nothing_and_the_second_opens_the_visits_of_the_day(stage, draw):
    opening, at = asked(stage, draw), first_day(draw)
    assert actions.agree(opening, passphrase("bao"), by=stage.bao, at=at) is False
    assert reads.released(draw) == ()
    assert reads.opening(opening).state is OpeningState.AUTHORISED
    assert actions.agree(opening, passphrase("feng"), by=stage.feng, at=at) is True
    [visit] = reads.released(draw)
    assert visit.planned_on == at.date()
    assert len(visit.parts[0]) == 2
    assert reads.opening(opening).agreed == ("鲍保密", "封保密")


def test_shares_handed_on_are_erased_when_the_opening_ends(stage, draw):
    opening, at = asked(stage, draw), first_day(draw)
    actions.agree(opening, passphrase("bao"), by=stage.bao, at=at)
    assert set(models.Authorisation.objects.get().passed) == {
        f"K{BUREAU}-U-mi",
        f"K{BUREAU}-U-feng",
    }
    actions.agree(opening, passphrase("mi"), by=stage.mi, at=at)
    assert all(row.passed == {} for row in models.Authorisation.objects.all())


def test_the_same_custodian_twice_a_wrong_passphrase_and_other_people_are_refused(stage, draw):
    opening, at = asked(stage, draw), first_day(draw)
    with pytest.raises(Refused, match="保管口令不对"):
        actions.agree(opening, passphrase("mi"), by=stage.bao, at=at)
    actions.agree(opening, passphrase("bao"), by=stage.bao, at=at)
    with pytest.raises(Stale, match="由另一位保管人"):
        actions.agree(opening, passphrase("bao"), by=stage.bao, at=at)
    for actor in (stage.chen, stage.zhou, stage.lin):
        with pytest.raises(NotAllowed, match="启封名单"):
            actions.agree(opening, passphrase("bao"), by=actor, at=at)


def test_a_member_who_holds_no_share_opens_nothing(stage, draw):
    new, opening = ceremony.actor("xin", "新保密", Role.SECRECY), asked(stage, draw)
    with pytest.raises(Refused, match="还没有登记为名单保管人"):
        actions.agree(opening, passphrase("xin"), by=new, at=AT)
    actions.enrol_custodian(passphrase("xin"), by=new, at=AT)
    with pytest.raises(Refused, match="手中没有份额"):
        actions.agree(opening, passphrase("xin"), by=new, at=AT)


def test_nothing_is_released_before_its_day(stage, draw):
    later = max(row.number for row in reads.schedule(draw))
    with pytest.raises(Refused, match="还不到可以启封的时间"):
        actions.request_release(draw, numbers=[later], by=stage.chen, at=first_day(draw))


def test_a_release_is_asked_for_by_the_office_of_sealed_visits_once(stage, draw):
    asked(stage, draw)
    at = first_day(draw)
    with pytest.raises(Stale, match="都已申请启封"):
        actions.request_release(draw, on=at.date(), by=stage.chen, at=at)
    with pytest.raises(Refused, match="没有找到所选的检查"):
        actions.request_release(draw, numbers=[99], by=stage.chen, at=at)
    for actor in (stage.bao, stage.zhou, stage.lin):
        with pytest.raises(NotAllowed, match="派发检查"):
            actions.request_release(draw, on=at.date(), by=actor, at=at)


def test_a_refused_release_can_be_asked_for_again(stage, draw):
    opening, at = asked(stage, draw), first_day(draw)
    actions.agree(opening, passphrase("bao"), by=stage.bao, at=at)
    with pytest.raises(Refused, match="写明理由"):
        actions.refuse_opening(opening, "", by=stage.mi, at=at)
    actions.refuse_opening(opening, "当日暴雨，改日检查", by=stage.mi, at=at)
    assert reads.opening(opening).state is OpeningState.REFUSED
    assert models.Authorisation.objects.get().passed == {}
    with pytest.raises(Stale, match="不再办理"):
        actions.agree(opening, passphrase("feng"), by=stage.feng, at=at)
    asked(stage, draw)


def test_before_sealing_nothing_can_be_asked_for(stage):
    draw = ceremony.drawn_draw(stage)
    with pytest.raises(Stale, match="现在是“已抽取”"):
        actions.request_release(draw, numbers=[0], by=stage.chen, at=AT)


def test_the_schedule_shows_dates_and_states_and_no_names(stage, draw):
    asked(stage, draw)
    states = [row.state for row in reads.schedule(draw)]
    assert states == ["requested", "sealed", "sealed"]
    with pytest.raises(Refused, match="没有启封"):
        reads.released_visit(draw, 0)


def test_a_released_visit_proves_that_it_was_fixed_at_the_draw(stage, draw):
    for visit in ceremony.released_visits(stage, draw):
        assert proofs.is_fixed_at_the_draw(draw, visit.number, bureau=BUREAU)
    row = models.ReleasedVisit.objects.first()
    models.ReleasedVisit.objects.filter(pk=row.pk).update(leaf=row.leaf.replace("0", "1"))
    assert not proofs.is_fixed_at_the_draw(draw, row.number, bureau=BUREAU)


def test_an_owner_proves_the_own_row_and_why_it_was_drawn(stage, draw):
    visit = ceremony.released_visits(stage, draw)[0]
    mine = proofs.membership(draw, visit.subject, bureau=BUREAU)
    assert (mine.root, mine.row[0]) == (reads.draw(draw).roster[1], visit.pid)
    why = proofs.why_me(draw, visit.number, bureau=BUREAU, on=TODAY)
    assert (why.base_count, why.visits_in_a_year) in {(8, 0), (16, 0)}
    assert why.chance == why.drawn_count / why.chance.__class__(why.base_count)
    assert why.clause.number


def test_a_look_at_names_is_recorded(stage, draw):
    ceremony.released_visits(stage, draw)
    actions.record_view(draw, [0], by=stage.chen, at=AT)
    [event] = [e.event for e in audit.events(BUREAU, about=draw) if e.event.kind == "list_viewed"]
    assert (event.by_name, event.data) == ("陈组长", {"numbers": [0]})


# -- substitution


def excuse(stage, draw: str, number: int, **options) -> str:
    return actions.request_substitution(
        draw,
        number,
        reason=ExcuseReason.CLOSED,
        says="现场查看已关停，市场监管登记为注销",
        by=stage.chen,
        at=ceremony.last_day(draw),
        **options,
    )


def test_an_excused_visit_goes_to_the_next_ticket_and_is_released_at_once(stage, draw):
    ceremony.released_visits(stage, draw)
    ceremony.opened(stage, excuse(stage, draw, 0), at=ceremony.last_day(draw))
    visits = reads.released(draw)
    assert visits[0].excused_as is ExcuseReason.CLOSED
    assert (visits[-1].number, visits[-1].is_substitute, visits[-1].leaf) == (3, True, "")
    assert visits[-1].draw_stratum == visits[0].draw_stratum


def test_a_substitute_for_another_day_stays_sealed_until_then(stage, draw):
    ceremony.released_visits(stage, draw)
    on = date(2026, 3, 24)
    ceremony.opened(stage, excuse(stage, draw, 0, on=on), at=ceremony.last_day(draw))
    assert len(reads.released(draw)) == 3
    last = reads.schedule(draw)[-1]
    assert (last.number, last.planned_on, last.state) == (3, on, "sealed")


def test_a_substitute_can_be_excused_too_and_the_record_still_verifies(stage, draw):
    ceremony.released_visits(stage, draw)
    for number in (0, 3):
        ceremony.opened(stage, excuse(stage, draw, number), at=ceremony.last_day(draw))
    at = ceremony.last_day(draw)
    ceremony.opened(stage, actions.request_publication(draw, by=stage.chen, at=at), at=at)
    record, row = reads.published_record(draw), reads.draw(draw)
    assert len(record["substitutions"]) == 2
    assert record["substitutions"][0][1].startswith("已关闭：")
    anchors = {"announcement": row.announcement_digest, "sealed": row.sealed_root}
    assert is_valid(verify(canon(record), **anchors))


def test_only_a_released_visit_is_excused_once_with_words_and_not_for_yesterday(stage, draw):
    with pytest.raises(Refused, match="尚未启封"):
        excuse(stage, draw, 0)
    ceremony.released_visits(stage, draw)
    with pytest.raises(Refused, match="不能早于今天"):
        excuse(stage, draw, 0, on=TODAY)
    opening = excuse(stage, draw, 0)
    with pytest.raises(Stale, match="已有一份“补抽”的申请"):
        excuse(stage, draw, 1)
    ceremony.opened(stage, opening, at=ceremony.last_day(draw))
    with pytest.raises(Stale, match="已经补抽过"):
        excuse(stage, draw, 0)


# -- escrow


def test_a_contributor_who_stays_away_cannot_stop_the_draw(stage):
    draw = ceremony.closed_draw(stage)
    actions.reveal(draw, text_of("bao"), by=stage.bao, at=AT)
    opening = actions.request_escrow(draw, "周监督突发疾病，不能到场", by=stage.chen, at=AT)
    ceremony.opened(stage, opening, at=AT)
    found = reads.draw(draw)
    assert found.state is DrawState.DRAWN
    assert [c.is_from_escrow for c in found.contributions] == [True, False, False]


def test_the_escrow_gives_the_same_draw_as_the_reveals(stage):
    draw = ceremony.closed_draw(stage)
    with transaction.atomic():
        point = transaction.savepoint()
        for login in ("zhou", "bao"):
            actions.reveal(draw, text_of(login), by=stage.cast[login], at=AT)
        by_reveal = reads.draw(draw).sealed_root
        transaction.savepoint_rollback(point)
    ceremony.opened(stage, actions.request_escrow(draw, "缺席", by=stage.chen, at=AT), at=AT)
    assert reads.draw(draw).sealed_root == by_reveal


def test_escrow_is_not_opened_before_the_closing_nor_without_a_reason(stage):
    draw = ceremony.announced_draw(stage)
    with pytest.raises(Stale, match="现在是“已公告”"):
        actions.request_escrow(draw, "提前看看", by=stage.chen, at=AT)
    actions.enter_closing(draw, ceremony.THROWS, by=stage.chen, at=AT)
    actions.confirm_closing(draw, ceremony.THROWS, by=stage.zhou, at=AT)
    with pytest.raises(Refused, match="写明谁因何"):
        actions.request_escrow(draw, "", by=stage.chen, at=AT)
    with pytest.raises(NotAllowed):
        actions.request_escrow(draw, "缺席", by=stage.bao, at=AT)


# -- publication


def test_the_record_is_published_only_when_all_is_released(stage, draw):
    at = ceremony.last_day(draw)
    with pytest.raises(Refused, match="还有 3 家检查没有启封"):
        actions.request_publication(draw, by=stage.chen, at=at)
    assert reads.published_record(draw) is None
    ceremony.published_draw(stage, draw)
    with pytest.raises(Stale, match="现在是“已公开”"):
        actions.request_publication(draw, by=stage.chen, at=at)


# -- reseat


def absent(stage, draw: str, number: int, person: str) -> str:
    """The office says that somebody cannot go, and two custodians open."""
    at = ceremony.last_day(draw)
    opening = actions.request_reseat(
        draw, number, person, reason=AbsenceReason.ILL, says="突发疾病住院", by=stage.chen, at=at
    )
    ceremony.opened(stage, opening, at=at)
    return opening


def test_another_officer_takes_the_place_and_the_record_stays_as_drawn(stage, draw):
    before = ceremony.released_visits(stage, draw)[0]
    gone = before.parts[0][0]
    absent(stage, draw, 0, gone)
    after = reads.released_visit(draw, 0)
    assert gone not in after.inspectors
    assert len(set(after.inspectors)) == len(before.inspectors)
    assert [a == b for a, b in zip(after.parts[0], before.parts[0], strict=True)].count(True) == 1
    assert [entry.kind for entry in reads.log(BUREAU)][-1] == "reseat"
    at = ceremony.last_day(draw)
    ceremony.opened(stage, actions.request_publication(draw, by=stage.chen, at=at), at=at)
    assert is_valid(verify(canon(reads.published_record(draw))))


def test_whoever_left_a_visit_does_not_come_back_to_it(stage, draw):
    ceremony.released_visits(stage, draw)
    left = set()
    for _ in range(3):
        gone = reads.released_visit(draw, 0).parts[0][0]
        absent(stage, draw, 0, gone)
        left.add(gone)
        assert not left & set(reads.released_visit(draw, 0).inspectors)


def test_only_a_member_of_a_released_team_is_replaced_with_a_reason(stage, draw):
    at = ceremony.last_day(draw)
    with pytest.raises(Refused, match="尚未启封或已经补抽"):
        actions.request_reseat(
            draw, 0, "I-x", reason=AbsenceReason.ILL, says="病假", by=stage.chen, at=at
        )
    [person, *_] = ceremony.released_visits(stage, draw)[0].inspectors
    with pytest.raises(Refused, match="不在该次检查的检查组中"):
        actions.request_reseat(
            draw, 0, "I-x", reason=AbsenceReason.ILL, says="病假", by=stage.chen, at=at
        )
    with pytest.raises(Refused, match="写明为什么"):
        actions.request_reseat(
            draw, 0, person, reason=AbsenceReason.ILL, says=" ", by=stage.chen, at=at
        )
    with pytest.raises(NotAllowed, match="派发检查"):
        actions.request_reseat(
            draw, 0, person, reason=AbsenceReason.ILL, says="病假", by=stage.bao, at=at
        )
