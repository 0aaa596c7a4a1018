"""An approved record is opened again: what was approved stays, and goes on counting."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from gongchou.accounts import actions as accounts
from gongchou.accounts import reads as people
from gongchou.core.powers import Power, console, holders
from gongchou.core.refusals import Invalid, NotAllowed, Refused, Stale, WrongState
from gongchou.core.terms import Role, VisitResult, VisitState
from gongchou.inspection import actions, packet, papers, reads, story
from gongchou.inspection.models import RecordReopening
from gongchou.inspection.paper_check import check_paper
from gongchou.registry import past_reads
from tests.conftest import BUREAU, TODAY
from tests.inspection.people import LATER, faulty_body, signed_by_all, submitted
from tests.inspection.test_visiting import kinds

QUARTER = "2026Q1"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WHY = "漏记废气收集罩破损一处，有现场照片为证"


@pytest.fixture
def reviewed(house) -> str:
    ref = submitted(house)
    actions.review_record(ref, by=house.shen, at=LATER)
    return ref


@pytest.fixture
def reopened(house, reviewed) -> str:
    actions.reopen_record(reviewed, WHY, by=house.lin, at=LATER + DAY)
    return reviewed


def supplement(ref: str, house) -> str:
    body = signed_by_all(ref, faulty_body(ref), at=LATER + DAY)
    given = {"reason": "补记一个问题", "client_id": "phone-again-1"}
    return actions.supplement_record(ref, body, **given, by=house.li, at=LATER + DAY + HOUR)


def approve_again(ref: str, house) -> None:
    actions.review_record(ref, by=house.shen, at=LATER + 2 * DAY)


def with_role(person, role: Role):
    accounts.grant_role(person.ref, role, since=TODAY, by=console(BUREAU, "root"), at=LATER)
    return people.actor_of(person.ref, TODAY)


def test_the_power_is_its_own_and_held_by_reviewer_and_leader():
    assert set(holders(Power.REOPEN_RECORD)) == {Role.LEADER, Role.REVIEWER}


def test_a_reopening_keeps_what_was_approved_and_goes_to_the_team(house, reviewed):
    before = reads.record(reviewed)
    actions.reopen_record(reviewed, WHY, by=house.lin, at=LATER + DAY)
    visit, [row] = reads.visit(reviewed), reads.reopenings(reviewed)
    assert (visit.state, visit.reviewed_at, visit.return_reason) == (VisitState.RETURNED, None, WHY)
    assert (row.revision, row.digest, row.reviewed_by) == (2, before.digest, "沈审核")
    assert (row.by, row.says, row.visit_result) == ("林局长", WHY, VisitResult.NO_PROBLEM)
    assert reads.record(reviewed).revisions == before.revisions
    assert kinds(reviewed)[-1] == "record_reopened"


@pytest.mark.parametrize("who", ["chen", "li", "zhao"])
def test_nobody_else_reopens(house, reviewed, who):
    with pytest.raises(NotAllowed, match="重新开启记录"):
        actions.reopen_record(reviewed, WHY, by=getattr(house, who), at=LATER)


@pytest.mark.parametrize("who", ["li", "wang"])
def test_author_and_team_never_reopen_their_own(house, reviewed, who):
    own = with_role(getattr(house, who), Role.REVIEWER)
    with pytest.raises(NotAllowed, match="另一位审核人员或者批准领导"):
        actions.reopen_record(reviewed, WHY, by=own, at=LATER)


def test_in_a_small_bureau_the_author_may_and_the_file_says_so(house, reviewed, person):
    own = with_role(house.li, Role.REVIEWER)
    root = person("an", "安全员", Role.SECURITY)
    accounts.set_small_bureau("临高函〔2026〕1号", "全局只有六人", by=root, at=LATER)
    actions.reopen_record(reviewed, WHY, by=own, at=LATER)
    [row] = reads.reopenings(reviewed)
    assert row.says == f"{WHY}（小型机构，由检查组成员兼办）"
    supplement(reviewed, house)
    with pytest.raises(NotAllowed, match="不能审核同一份记录"):
        actions.review_record(reviewed, by=own, at=LATER + 2 * DAY)


def test_only_an_approved_record_is_reopened_and_only_with_a_reason(house):
    ref = submitted(house)
    with pytest.raises(Refused, match="审核通过的记录才能重新开启"):
        actions.reopen_record(ref, WHY, by=house.shen, at=LATER)
    actions.review_record(ref, by=house.shen, at=LATER)
    with pytest.raises(Invalid, match="须写明理由"):
        actions.reopen_record(ref, " ", by=house.shen, at=LATER)
    with pytest.raises(Stale, match="有变化"):
        actions.reopen_record(ref, WHY, base="0" * 64, by=house.shen, at=LATER)
    with pytest.raises(WrongState, match="重新开启记录"):
        actions.return_record(ref, WHY, by=house.shen, at=LATER)


def test_the_late_second_click_is_refused(house, reopened):
    with pytest.raises(Refused, match="退回补正"):
        actions.reopen_record(reopened, WHY, by=house.shen, at=LATER + DAY)
    assert len(reads.reopenings(reopened)) == 1


def test_the_database_keeps_the_reopening(reopened):
    for change in (lambda rows: rows.update(reason="另一个理由"), lambda rows: rows.delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change(RecordReopening.objects.all())


def test_until_a_later_version_is_approved_the_approved_one_counts(house, reopened):
    supplement(reopened, house)
    [row] = reads.reviewed_on(BUREAU, QUARTER)
    assert (row.ref, row.visit_result, row.problem_count) == (reopened, VisitResult.NO_PROBLEM, 0)
    assert (row.state, row.reviewed_by, row.revision) == (VisitState.REVIEWED, "沈审核", 2)
    assert reads.approved_bodies([row])[reopened].findings == ()
    assert reads.visits(BUREAU, QUARTER, state=VisitState.REVIEWED) == ()


def test_a_day_before_the_second_approval_still_reads_the_first(house, reopened):
    supplement(reopened, house)
    approve_again(reopened, house)
    first, second = TODAY + DAY, TODAY + 3 * DAY
    assert reads.reviewed_on(BUREAU, QUARTER, TODAY - DAY) == ()
    assert [row.problem_count for row in reads.reviewed_on(BUREAU, QUARTER, first)] == [0]
    [row] = reads.reviewed_on(BUREAU, QUARTER, second)
    assert (row.problem_count, row.revision) == (1, 0)
    assert len(reads.approved_bodies([row])[reopened].findings) == 1


def test_the_memory_of_the_register_follows_the_second_approval(house, reopened):
    def clean(on):
        return [v.is_clean for v in past_reads.made_visits(BUREAU, TODAY, TODAY, on)]

    supplement(reopened, house)
    approve_again(reopened, house)
    assert clean(TODAY + DAY) == [True]
    assert clean(TODAY + 3 * DAY) == [False]


def test_a_record_may_be_reopened_twice(house, reopened):
    supplement(reopened, house)
    approve_again(reopened, house)
    actions.reopen_record(reopened, "再次核对数字", by=house.shen, at=LATER + 3 * DAY)
    assert [row.revision for row in reads.reopenings(reopened)] == [2, 3]
    assert [row.problem_count for row in reads.reviewed_on(BUREAU, QUARTER)] == [1]


def test_time_line_file_and_paper_tell_of_it(house, reopened):
    supplement(reopened, house)
    visit, record = reads.visit(reopened), reads.record(reopened)
    steps = story.timeline(visit, record)
    assert [(s.name, s.says) for s in steps[-4:]] == [
        ("审核（第 2 版）", ""),
        ("重新开启记录", WHY),
        ("补正（第 3 版）", "补记一个问题"),
        ("审核", ""),
    ]
    gaps = packet.gaps_of(visit, record, reads.aftermath(reopened), steps)
    assert "记录已重新开启，还没有再次审核。" in list(gaps)
    assert papers.record_values(visit, record)["mark"] == ""
    [line] = papers.record_values(visit, record)["reopenings"]
    assert line.startswith("第 2 版（结果“未发现问题”）由沈审核于")
    assert "由林局长于 2026年1月7日" in line
    assert WHY in line


def test_a_paper_printed_meanwhile_says_that_the_record_is_being_put_right(reopened):
    values = papers.record_values(reads.visit(reopened), reads.record(reopened))
    assert values["mark"] == "退回补正中，以补正后的版本为准"


def test_an_earlier_paper_still_proves_its_version(house, reopened):
    first = reads.record(reopened).digest
    supplement(reopened, house)
    found = check_paper(first)
    assert (found.visit, found.later, found.says) == (reopened, 1, ())


def test_the_page_says_what_hangs_on_it_and_reopens(signed_in, house, reviewed):
    client, url = signed_in(house.shen), f"/visits/{reviewed}/reopen/"
    assert url in client.get(f"/visits/{reviewed}/").content.decode()
    shown = client.get(url).content.decode()
    assert "统计和考核仍按第 2 版" in shown
    digest = reads.record(reviewed).digest
    answer = client.post(url, {"reason": WHY, "base": digest}, follow=True)
    told = answer.content.decode()
    assert "已重新开启" in told
    assert f"记录审核以后重新开启：{WHY}" in told
    assert client.get(url).status_code == 409


def test_the_page_is_not_offered_to_the_team(signed_in, house, reviewed):
    client, url = signed_in(house.li), f"/visits/{reviewed}/reopen/"
    assert url not in client.get(f"/visits/{reviewed}/").content.decode()
    assert client.get(url).status_code == 403
