"""Terms of office, overlaps of a small bureau with a flag, seats of the programme's bodies."""

from datetime import date, timedelta

import pytest

from gongchou.accounts import actions, organisation_reads, reads
from gongchou.accounts.models import RoleGrant
from gongchou.audit import reads as audit
from gongchou.core.event_kinds import EventKind
from gongchou.core.oversight_terms import GroupKind, OversightKey
from gongchou.core.refusals import Invalid, NotAllowed, Refused, Stale
from gongchou.core.terms import Role
from tests.conftest import AT, BUREAU, TODAY

LATER = TODAY + timedelta(days=90)


@pytest.fixture
def security(person):
    return person("an", "安管理", Role.SECURITY)


@pytest.fixture
def wang(person):
    return person("wang", "王兼任", Role.OFFICE)


def test_a_role_ends_by_itself_on_the_last_day_of_its_term(person, security):
    li = person("li", "李执法")
    actions.grant_role(li.ref, Role.INSPECTOR, since=TODAY, until=LATER, by=security, at=AT)
    last = LATER - timedelta(days=1)
    assert reads.actor_of(li.ref, last).roles == {Role.INSPECTOR}
    assert reads.actor_of(li.ref, LATER).roles == frozenset()


def test_a_term_that_runs_on_may_be_ended_early_and_roles_to_come_count(person, security):
    li = person("li", "李执法")
    actions.grant_role(li.ref, Role.INSPECTOR, since=TODAY, until=LATER, by=security, at=AT)
    actions.revoke_role(li.ref, Role.INSPECTOR, on=TODAY, by=security, at=AT)
    assert reads.actor_of(li.ref, TODAY).roles == frozenset()
    actions.grant_role(li.ref, Role.OFFICE, since=LATER, by=security, at=AT)
    with pytest.raises(Refused, match="相互制约"):
        actions.grant_role(li.ref, Role.LEADER, since=TODAY, by=security, at=AT)
    actions.grant_role(li.ref, Role.LEADER, since=TODAY, until=LATER, by=security, at=AT)
    with pytest.raises(Refused, match="以后"):
        actions.grant_role(li.ref, Role.WITNESS, since=TODAY, until=TODAY, by=security, at=AT)


def test_an_overlap_needs_a_small_bureau_and_a_reason_and_is_seen(wang, security):
    give = {"since": TODAY, "by": security, "at": AT}
    with pytest.raises(Refused, match="先登记为小型机构"):
        actions.grant_role(wang.ref, Role.PUBLISHER, overlap="只有五人", **give)
    actions.set_small_bureau("虚构发〔2026〕1号", "全局只有五人", by=security, at=AT)
    with pytest.raises(Refused, match="写明兼任理由"):
        actions.grant_role(wang.ref, Role.PUBLISHER, **give)
    actions.grant_role(wang.ref, Role.PUBLISHER, overlap="只有五人", **give)
    (row,) = organisation_reads.overlapping(BUREAU, TODAY)
    assert (row.name, row.reason) == ("王兼任", "只有五人")
    assert row.pairs == (f"{Role.OFFICE.label}、{Role.PUBLISHER.label}",)
    data = audit.events(BUREAU)[0].event.data
    assert data == {"role": "publisher", "overlap": "只有五人"}


def test_no_bureau_is_too_small_to_keep_administrators_apart(wang, security):
    actions.set_small_bureau("虚构发〔2026〕1号", "全局只有五人", by=security, at=AT)
    for role in (Role.AUDITOR, Role.ADMIN):
        with pytest.raises(Refused, match="换人担任"):
            actions.grant_role(wang.ref, role, since=TODAY, overlap="理由", by=security, at=AT)


def test_the_small_bureau_ends_only_when_nobody_overlaps(wang, security, stranger):
    with pytest.raises(NotAllowed):
        actions.set_small_bureau("虚构发〔2026〕1号", "理由", by=stranger, at=AT)
    actions.set_small_bureau("虚构发〔2026〕1号", "全局只有五人", by=security, at=AT)
    with pytest.raises(Stale, match="不用重复"):
        actions.set_small_bureau("虚构发〔2026〕2号", "再登记", by=security, at=AT)
    actions.grant_role(wang.ref, Role.WITNESS, since=TODAY, overlap="只有五人", by=security, at=AT)
    with pytest.raises(Refused, match="王兼任"):
        actions.end_small_bureau(by=security, at=AT)
    actions.revoke_role(wang.ref, Role.WITNESS, on=TODAY, by=security, at=AT)
    actions.end_small_bureau(by=security, at=AT)
    assert organisation_reads.small_bureau(BUREAU, TODAY) is None


def test_people_see_the_flag_on_the_page_of_people(wang, security, signed_in):
    actions.set_small_bureau("虚构发〔2026〕1号", "全局只有五人", by=security, at=AT)
    actions.grant_role(wang.ref, Role.WITNESS, since=TODAY, overlap="只有五人", by=security, at=AT)
    body = signed_in(security).get("/people/").content.decode()
    assert "本机构登记为小型机构" in body
    assert "只有五人" in body
    assert RoleGrant.objects.exclude(overlap="").count() == 1


def test_seats_of_the_bodies_have_terms(person, stranger, signed_in):
    admin = person("gu", "顾管理", Role.ADMIN)
    seat = actions.SeatDraft(
        group=GroupKind.SECRECY, name="鲍保密", position="组长", since=TODAY, until=LATER
    )
    with pytest.raises(NotAllowed):
        actions.fill_seat(seat, by=stranger, at=AT)
    number = actions.fill_seat(seat, by=admin, at=AT)
    with pytest.raises(Stale, match="任期没有结束"):
        actions.fill_seat(seat, by=admin, at=AT)
    (row,) = organisation_reads.seats(BUREAU)
    assert row.is_held(TODAY)
    assert not row.is_held(LATER)
    actions.end_seat(number, on=TODAY, by=admin, at=AT)
    with pytest.raises(Stale):
        actions.end_seat(number, on=TODAY, by=admin, at=AT)
    assert "鲍保密" in signed_in(admin).get("/people/groups/").content.decode()


def test_a_threshold_is_set_for_the_future_by_the_leader_alone(person, stranger):
    leader, tomorrow = person("lin", "林局长", Role.LEADER), TODAY + timedelta(days=1)
    set_ = actions.set_oversight
    with pytest.raises(NotAllowed):
        set_(OversightKey.SHORT_MINUTES, 20, "本地路远", since=tomorrow, by=stranger, at=AT)
    with pytest.raises(Refused, match="最早从明天起"):
        set_(OversightKey.SHORT_MINUTES, 20, "本地路远", since=TODAY, by=leader, at=AT)
    with pytest.raises(Invalid):
        set_(OversightKey.SHORT_MINUTES, 0, "本地路远", since=tomorrow, by=leader, at=AT)
    set_(OversightKey.SHORT_MINUTES, 20, "本地路远", since=tomorrow, by=leader, at=AT)
    limits = [organisation_reads.limits(BUREAU, day) for day in (TODAY, tomorrow)]
    assert [one[OversightKey.SHORT_MINUTES] for one in limits] == [15, 20]
    assert audit.events(BUREAU)[0].event.kind == EventKind.OVERSIGHT_SET
    assert date(2026, 1, 6) == tomorrow
