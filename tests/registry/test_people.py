"""Who cannot be drawn and why, who soon cannot, and who stands on one list only."""

from datetime import timedelta

import pytest

from gongchou.accounts import actions as accounts
from gongchou.core.powers import console
from gongchou.core.refusals import Invalid, NotAllowed, Refused
from gongchou.core.terms import DutyStatus, ImportKind, Role
from gongchou.planning.sums import drawable_count
from gongchou.registry import actions, export, reads
from gongchou.registry.policy import profile_of
from gongchou.web import clock
from tests.conftest import AT, TODAY
from tests.registry.test_import import csv, take

HEAD = "姓名,科室,登录名,执法证号,执法资格,有效期至"
SOON = TODAY + timedelta(20)


@pytest.fixture
def li(chen, bureau) -> str:
    take(ImportKind.INSPECTORS, csv(f"李执法,zd,li,虚构-001,是,{SOON}", header=HEAD), chen)
    return reads.inspectors(bureau, TODAY)[0].ref


def change(ref, by, reason="请假审批单1号（虚构）", on=TODAY, **changes):
    actions.change_inspector(ref, changes, reason=reason, on=on, by=by, at=AT)


def test_leave_keeps_a_person_out_with_the_reason_and_is_history(li, chen, bureau):
    later = TODAY + timedelta(1)
    change(li, chen, on=later, duty_status="请假", away_since=str(later), away_until=str(SOON))
    assert reads.roll(bureau, TODAY)[0].problem == ""
    assert "请假中" in reads.roll(bureau, later)[0].problem
    assert reads.inspectors(bureau, TODAY)[0].duty_status is DutyStatus.ON_DUTY


def test_the_unit_is_named_where_it_is_known(li, bureau):
    assert reads.roll(bureau, TODAY)[0].unit_name == "zd"
    accounts.create_unit(bureau, "zd", "执法大队", by=console(bureau, "root"), at=AT)
    assert reads.roll(bureau, TODAY)[0].unit_name == "执法大队"


def test_a_card_that_runs_out_within_thirty_days_is_announced(li, bureau):
    assert "将于2026年1月25日到期" in reads.roll(bureau, TODAY)[0].warning
    assert reads.roll(bureau, TODAY - timedelta(20)) == ()
    assert "已于" in reads.roll(bureau, SOON + timedelta(1))[0].problem


def test_a_change_without_reason_with_wrong_days_or_by_a_stranger_is_refused(li, chen, stranger):
    with pytest.raises(Invalid, match="变更理由"):
        change(li, chen, reason=" ", duty_status="请假")
    with pytest.raises(Refused, match="离岗止早于离岗起"):
        change(li, chen, away_since="2026-02-01", away_until="2026-01-01")
    with pytest.raises(Refused, match="与名录一致"):
        change(li, chen, name="李执法")
    with pytest.raises(NotAllowed):
        change(li, stranger, duty_status="请假")


def test_a_login_or_card_belongs_to_one_person(li, chen):
    found = take(
        ImportKind.INSPECTORS, csv("王执法,zd,li,虚构-002,是,2030-01-01", header=HEAD), chen
    )
    assert "已登记在名录中的另一人名下" in found["problems"][0]["says"]


def test_the_staff_list_is_held_against_the_register(li, chen, person, bureau):
    person("wang", "王执法", Role.INSPECTOR)
    gaps = {gap.name: gap.says for gap in reads.staff_gaps(bureau, TODAY)}
    assert "名录中没有这个登录名" in gaps["王执法"]
    assert "没有对应的用户" in gaps["李执法"]
    person("li", "李执法", Role.INSPECTOR)
    assert [gap.name for gap in reads.staff_gaps(bureau, TODAY)] == ["王执法"]


def test_the_page_opens_filled_and_saves(li, chen, signed_in, bureau):
    browser = signed_in(chen)
    assert "李执法" in browser.get(f"/register/inspectors/{li}/change/").content.decode()
    data = {**export.person_texts(li, bureau), "reason": "换证（虚构）"}
    data["card_valid_until"] = clock.day_of(clock.now()) + timedelta(900)
    answer = browser.post(f"/register/inspectors/{li}/change/", data, follow=True)
    assert "已变更" in answer.content.decode()
    assert "与用户名单不一致" in answer.content.decode()


def test_the_pages_of_the_register_open_for_officers_only(li, chen, stranger, signed_in):
    pages = ("inspectors/", "assistants/", "changes/", "designations/", "board/", "recusals/")
    assert {signed_in(chen).get(f"/register/{page}").status_code for page in pages} == {200}
    assert {signed_in(stranger).get(f"/register/{page}").status_code for page in pages} == {403}


LETTERS = "委托单位,姓名,委托书编号,委托起,委托止,协助范围,已公示"


def test_letters_are_listed_by_body_with_their_people_and_warned_of(chen, bureau, signed_in):
    rows = csv(
        "虚构监测站,甲,虚构委〔1〕号,2025-02-01,2026-02-01,采样,是",
        "虚构监测站,乙,虚构委〔1〕号,2025-02-01,2026-02-01,采样,是",
        "虚构研究所,丙,虚构委〔2〕号,2025-02-01,2027-02-01,鉴定,否",
        header=LETTERS,
    )
    clock.move_demo_clock(AT)
    take(ImportKind.ASSISTANTS, rows, chen)
    first, second = reads.letters(bureau, TODAY)
    assert first.people == ("甲", "乙")
    assert "2026年2月1日到期" in first.warning
    assert (second.warning, second.problem) == ("", "委托尚未公示。")
    browser = signed_in(chen)
    page = browser.get("/register/assistants/").content.decode()
    assert "三十天内要办的" in page
    assert "甲、乙" in page
    assert "虚构监测站的委托书三十天内到期" in browser.get("/").content.decode()


def test_a_card_that_runs_out_soon_waits_on_the_first_page(chen, signed_in):
    clock.move_demo_clock(AT)
    head = "姓名,科室,执法证号,执法资格,有效期至"
    take(ImportKind.INSPECTORS, csv("李执法,zd,虚构1,是,2026-01-20", header=head), chen)
    assert "李执法的执法证或在岗情况" in signed_in(chen).get("/").content.decode()


def test_note_26_assistants_are_never_among_those_who_are_drawn(chen, bureau):
    inspectors = csv(
        "李执法,zd,虚构1,是,2036-1-1,废气,东片",
        header="姓名,科室,执法证号,执法资格,有效期至,专长,片区",
    )
    take(ImportKind.INSPECTORS, inspectors, chen)
    letter = "虚构监测站,周协助,水质监测,虚构委〔2026〕1号,2026-1-1,2036-12-31,采样监测,CMA,是"
    head = "委托单位,姓名,专业,委托书编号,委托起,委托止,协助范围,单位资质,已公示"
    before = drawable_count(reads.snapshot(bureau, TODAY))
    take(ImportKind.ASSISTANTS, csv(letter, header=head), chen)
    found = reads.snapshot(bureau, TODAY)
    assert [person.name for person in found.inspectors] == ["李执法"]
    assert drawable_count(found) == before == 1
    assert profile_of(bureau, TODAY).is_on("aux.assist_only", TODAY)
