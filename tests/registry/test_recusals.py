"""An inspector declares whom not to inspect, a leader decides, the snapshot obeys."""

from datetime import date, timedelta

import pytest

from gongchou.audit import reads as audit
from gongchou.core.refusals import Invalid, NotAllowed, Refused, Stale, WrongState
from gongchou.core.terms import ImportKind, InspectionKind, RecusalReason, RecusalState, Role
from gongchou.registry import actions, reads
from tests.conftest import AT, TODAY
from tests.registry.test_import import csv, line, take, uscc

PEOPLE = "姓名,科室,登录名,执法证号,执法资格,有效期至"
FIRM = uscc(1)
SITE = f"{FIRM}001P"


@pytest.fixture
def li(chen, person):
    """李执法 is in the register under the own login; two sites of one firm and one of another."""
    second = f"虚构化工1二厂,{uscc(1)},{uscc(1)}002P,登记管理,西片"
    take(ImportKind.SUBJECTS, csv(line(1), second, line(2)), chen)
    take(ImportKind.INSPECTORS, csv("李执法,zd,li,虚构-001,是,2030-01-01", header=PEOPLE), chen)
    return person("li", "李执法", Role.INSPECTOR)


@pytest.fixture
def leader(person):
    return person("lin", "林局长", Role.LEADER)


def declare(by, target=FIRM, reason=RecusalReason.KIN, **more):
    more = {"since": TODAY, "on": TODAY, **more}
    return actions.declare_recusal(target, reason=reason, by=by, at=AT, **more)


def confirm(ref, by):
    actions.confirm_recusal(ref, on=TODAY, by=by, at=AT)


def avoided(bureau, on=TODAY):
    return len(reads.snapshot(bureau, on).recusals)


def test_the_login_leads_to_the_person_of_the_register(li, bureau):
    assert reads.inspector_of_login(bureau, "li", TODAY).name == "李执法"
    assert reads.inspector_of_login(bureau, "chen", TODAY) is None
    assert reads.inspector_of_login(bureau, "", TODAY) is None


def test_a_confirmed_recusal_covers_all_sites_of_the_enterprise(li, leader, bureau):
    ref = declare(li)
    assert avoided(bureau) == 0
    confirm(ref, leader)
    assert avoided(bureau) == 2
    kinds = [row.event.kind for row in audit.events(bureau)[:2]]
    assert kinds == ["recusal_confirmed", "recusal_declared"]


def test_a_site_code_names_one_site_only(li, leader, bureau):
    confirm(declare(li, SITE), leader)
    assert avoided(bureau) == 1


def test_an_ended_recusal_still_holds_for_earlier_days(li, leader, bureau):
    ref, later = declare(li), TODAY + timedelta(10)
    confirm(ref, leader)
    actions.end_recusal(ref, "已离婚（虚构）", on=later, by=leader, at=AT)
    assert [avoided(bureau, day) for day in (TODAY, later)] == [2, 0]


def test_an_expired_recusal_is_no_longer_in_the_snapshot(li, leader, bureau):
    confirm(declare(li, until=date(2026, 3, 1)), leader)
    assert [avoided(bureau, day) for day in (TODAY, date(2026, 3, 1))] == [2, 0]


def test_a_refused_declaration_says_why_and_cannot_be_confirmed(li, leader, bureau):
    ref = declare(li)
    with pytest.raises(Invalid, match="写明理由"):
        actions.refuse_recusal(ref, " ", on=TODAY, by=leader, at=AT)
    actions.refuse_recusal(ref, "不构成利害关系（虚构）", on=TODAY, by=leader, at=AT)
    assert reads.recusal(ref, bureau).state is RecusalState.REFUSED
    with pytest.raises(WrongState):
        confirm(ref, leader)


def test_a_second_confirmation_and_a_second_declaration_are_refused(li, leader):
    ref = declare(li)
    with pytest.raises(Stale, match="已申报过"):
        declare(li)
    confirm(ref, leader)
    with pytest.raises(WrongState):
        confirm(ref, leader)


def test_only_the_register_s_own_people_declare_and_only_leaders_decide(li, chen, stranger, person):
    with pytest.raises(NotAllowed):
        declare(chen)
    with pytest.raises(Refused, match="没有对应到检查人员名录"):
        declare(person("new", "新来的", Role.INSPECTOR))
    ref = declare(li)
    for who in (li, chen, stranger):
        with pytest.raises(NotAllowed):
            confirm(ref, who)


def test_who_declared_does_not_confirm_even_as_a_leader(li, person, bureau):
    import_both = person("both", "两任", Role.INSPECTOR, Role.LEADER)
    clerk = person("chen2", "陈二", Role.OFFICE)
    take(ImportKind.INSPECTORS, csv("两任,zd,both,虚构-2,是,2030-01-01", header=PEOPLE), clerk)
    with pytest.raises(NotAllowed, match="不能由本人确认"):
        confirm(declare(import_both), import_both)


def test_wrong_dates_and_wrong_targets_are_refused(li):
    with pytest.raises(Invalid, match="晚于"):
        declare(li, until=TODAY)
    with pytest.raises(Invalid, match="没有找到所填的单位"):
        declare(li, "不存在的厂")
    with pytest.raises(Invalid, match="具体情况"):
        declare(li, reason=RecusalReason.OTHER)


def test_the_whole_way_in_the_browser(li, leader, signed_in, bureau):
    browser = signed_in(li)
    asked = {"target": SITE, "reason": "kin", "since": "2026-01-05", "note": "虚构"}
    page = browser.post("/register/recusals/new/", asked, follow=True).content.decode()
    assert "待确认" in page
    assert "确认回避</button>" not in page
    ref = reads.recusal_rows(bureau)[0].ref
    assert browser.post(f"/register/recusals/{ref}/confirm/").status_code == 403
    page = signed_in(leader).post(f"/register/recusals/{ref}/confirm/", follow=True)
    assert "已确认" in page.content.decode()


def test_a_stranger_does_not_see_the_declarations(stranger, signed_in):
    assert signed_in(stranger).get("/register/recusals/").status_code == 403


def test_recent_pairs_are_those_since_a_day(li, person, bureau):
    reviewer = person("shen", "沈审核", Role.REVIEWER)
    ref, me = reads.subjects(bureau, TODAY).rows[0].ref, reads.inspectors(bureau, TODAY)[0].ref
    actions.record_visit_history(
        ref,
        "V1",
        ended_on=TODAY,
        kind=InspectionKind.DAILY,
        inspectors=(me,),
        by=reviewer,
        at=AT,
    )
    assert reads.recent_pairs(bureau, TODAY) == {(me, ref)}
    assert reads.recent_pairs(bureau, TODAY + timedelta(1)) == frozenset()
    assert reads.inspectors(bureau, TODAY)[0].visits_this_year == 1


def test_the_form_finds_the_site_that_is_meant(li, signed_in):
    browser = signed_in(li)
    page = browser.get("/register/recusals/new/?q=二厂").text
    assert f"?target={FIRM}002P#declare" in page
    assert uscc(2) not in page
    assert f'value="{FIRM}"' in browser.get(f"/register/recusals/new/?target={FIRM}").text
