"""The superior reads single records by right alone, and each look is kept."""

from datetime import timedelta

import pytest

from gongchou.accounts import actions as accounts
from gongchou.accounts import reads as people
from gongchou.audit import reads as audit
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import console
from gongchou.core.refusals import NotAllowed, Refused
from gongchou.core.terms import BureauLevel, Role, TransferKind
from gongchou.inspection import actions
from gongchou.inspection.drafts import TransferDraft
from gongchou.web import clock
from tests.conftest import AT, BUREAU, TODAY
from tests.inspection.people import LATER, make_house, submitted

CITY, OTHER = "990100", "990101"


def superior(code: str, login: str):
    root = console(code, "root")
    accounts.create_bureau(code, f"上级{code}（虚构）", level=BureauLevel.CITY, by=root, at=AT)
    ref = accounts.create_user(login, "尚监察", password="长口令-not-secret-1", by=root, at=AT)
    accounts.grant_role(ref, Role.SUPERIOR, since=TODAY, by=root, at=AT)
    return people.actor_of(ref, TODAY)


@pytest.fixture
def house(person):
    return make_house(person)


@pytest.fixture
def visit(house) -> str:
    return submitted(house)


@pytest.fixture
def shang(visit):
    found = superior(CITY, "shang")
    accounts.set_superior(BUREAU, CITY, by=console(BUREAU, "root"), at=AT)
    return found


@pytest.fixture
def leader(person):
    return person("lin2", "林局长", Role.LEADER)


def granted(leader, since=TODAY, until=TODAY + timedelta(30), quarter="2026Q1", at=AT) -> int:
    draft = accounts.RightDraft(
        quarter=quarter, since=since, until=until, document_number="临环函〔2026〕1号",
        reason="核查",
    )  # fmt: skip
    return accounts.grant_records(draft, by=leader, at=at)


def looks(bureau: str) -> list[str]:
    found = audit.of_kinds(bureau, (EventKind.RECORDS_CONSULTED,))
    return [link.event.data["visit"] for link in found]


def test_by_right_the_superior_reads_and_both_chains_keep_the_look(visit, shang, leader):
    number = granted(leader)
    _, rows = actions.consult_visits(number, by=shang, at=AT)
    assert [row.ref for row in rows] == [visit]
    actions.consult_record(number, visit, by=shang, at=AT)
    assert looks(BUREAU) == looks(CITY) == ["", visit]


def test_without_a_right_before_it_after_it_and_once_it_is_ended_nothing_is_read(
    visit, shang, leader
):
    tomorrow, later = AT + timedelta(1), AT + timedelta(31)
    with pytest.raises(NotAllowed, match="没有这项调阅授权"):
        actions.consult_visits(1, by=shang, at=AT)
    ahead = granted(leader, since=TODAY + timedelta(1))
    with pytest.raises(NotAllowed):
        actions.consult_record(ahead, visit, by=shang, at=AT)
    assert actions.consult_record(ahead, visit, by=shang, at=tomorrow)
    with pytest.raises(NotAllowed, match="已经到期"):
        actions.consult_record(ahead, visit, by=shang, at=later)
    accounts.end_records(ahead, by=leader, at=tomorrow)
    with pytest.raises(NotAllowed):
        actions.consult_record(ahead, visit, by=shang, at=tomorrow)


def test_the_right_is_for_one_quarter_one_bureau_and_one_superior(visit, shang, leader):
    with pytest.raises(Refused, match="范围里没有这次检查"):
        actions.consult_record(granted(leader, quarter="2026Q2"), visit, by=shang, at=AT)
    stranger = superior(OTHER, "other")
    with pytest.raises(NotAllowed):
        actions.consult_record(granted(leader), visit, by=stranger, at=AT)


def test_only_the_leader_gives_the_right_with_a_reason_and_not_for_the_past(house, shang, leader):
    for by in (house.chen, shang):
        with pytest.raises(NotAllowed):
            granted(by)
    with pytest.raises(Refused, match="不能倒填日期"):
        granted(leader, since=TODAY - timedelta(1))
    with pytest.raises(Refused, match="最长一年"):
        granted(leader, until=TODAY + timedelta(400))


def test_the_pages_lead_from_the_right_to_the_record_and_show_the_looks(
    visit, shang, leader, signed_in
):
    at = clock.now()
    today = clock.day_of(at)
    number = granted(leader, since=today, until=today + timedelta(9), at=at)
    browser = signed_in(shang)
    assert "现在有效的授权" in browser.get("/visits/consult/").content.decode()
    assert visit in browser.get(f"/visits/consult/{number}/").content.decode()
    page = browser.get(f"/visits/consult/{number}/{visit}/").content.decode()
    assert "只能查看" in page
    assert "/visits/evidence/" not in page
    assert browser.get(f"/visits/{visit}/").status_code == 403
    page = signed_in(leader).get("/people/records/").content.decode()
    assert visit in page
    assert "尚监察" in page


def test_a_result_sent_for_credit_is_not_called_a_transferred_matter(
    house, leader, person, signed_in
):
    ref, at = submitted(house, is_clean=False), clock.now()
    shang = superior(CITY, "shang")
    accounts.set_superior(BUREAU, CITY, by=console(BUREAU, "root"), at=AT)
    draft = TransferDraft(
        kind=TransferKind.CREDIT, to_whom="信用中心（虚构）", moved_on=TODAY, says="评价"
    )
    actions.transfer_case(ref, draft, by=house.li, at=LATER)
    today = clock.day_of(at)
    number = granted(leader, since=today, until=today + timedelta(9), at=at)
    page = signed_in(shang).get(f"/visits/consult/{number}/{ref}/").content.decode()
    assert "送信用管理：信用中心（虚构）" in page
    assert "移送" not in page
