"""A re-inspection: drawn by two, sealed until it is opened, recorded blind, compared exactly."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest

from gongchou.accounts import actions as accounts
from gongchou.core import canon
from gongchou.core.oversight_terms import RecheckState
from gongchou.core.powers import console
from gongchou.core.record import CheckAnswer, RecordBody
from gongchou.core.refusals import Infeasible, Invalid, NotAllowed, Refused, Stale, WrongState
from gongchou.core.terms import BureauLevel, ImportKind, ItemResult, RevisionKind, Role
from gongchou.core.workdays import Quarter
from gongchou.inspection import reads as inspection
from gongchou.inspection.models import RecordRevision, TeamMember, Visit
from gongchou.registry import reads as registers
from gongchou.registry.models import InspectorVersion
from gongchou.reporting import actions, recheck_lists, recheck_reads
from gongchou.reporting.models import Recheck, RecheckDraw
from tests.conftest import AT, BUREAU
from tests.registry.test_import import take
from tests.reporting.quarters import AFTER, QUARTER, make_registers, make_visit

OWN, OTHER = "纪审计心里的一句话不告诉人", "鲍保密心里的另一句话也不说"
RULE, CLOSING = "d10:20 现场投掷", "01234567890123456789"
PEOPLE = ("姓名,科室,执法证号,执法证有效期,具有行政执法资格,登录名\n" + "".join(
    f"虚构人员{n},zd,X{n:04},2030-01-01,是,jc{n}\n" for n in range(1, 7)
)).encode()  # fmt: skip


@pytest.fixture
def ji(person):
    return person("ji", "纪审计", Role.AUDITOR)


@pytest.fixture
def bao(person):
    return person("bao", "鲍保密", Role.SECRECY)


@pytest.fixture
def house(chen, bureau):
    make_registers(chen)
    take(ImportKind.INSPECTORS, PEOPLE, chen)
    people = registers.inspectors(BUREAU, AFTER.date())
    for n in range(1, 9):
        make_visit(n)
    for seat in (1, 2):
        TeamMember.objects.filter(seat=seat).update(inspector=people[seat - 1].ref)
    return people


def record(visit: str, *results: ItemResult) -> None:
    body = RecordBody(
        answers=tuple(CheckAnswer(item=str(n), result=r) for n, r in enumerate(results, 1))
    )
    RecordRevision.objects.create(
        visit=Visit.objects.get(ref=visit), number=1, kind=RevisionKind.SUBMITTED.value,
        body=body.frozen(), digest=body.digest(), client_id="c", by_ref="U",
        by_name="李执法", at=AT,
    )  # fmt: skip


def announced(ji, bao) -> str:
    quarter = Quarter.parse(QUARTER)
    ref = actions.promise_recheck(quarter, OWN, RULE, by=ji, at=AFTER)
    actions.join_recheck(ref, OTHER, by=bao, at=AFTER)
    return ref


def drawn(ji, bao) -> str:
    ref = announced(ji, bao)
    actions.close_recheck(ref, OWN, CLOSING, by=ji, at=AFTER)
    assert actions.draw_recheck(ref, OTHER, CLOSING, by=bao, at=AFTER) == 1
    return ref


def test_the_draw_is_that_of_every_draw_and_the_first_team_is_never_sent(house, ji, bao):
    ref = drawn(ji, bao)
    found = recheck_reads.draw_of(BUREAU, QUARTER)
    assert (found.state, found.base_count, found.drawn_count) == (RecheckState.DRAWN, 8, 1)
    place = recheck_reads.place(ref, 1)
    first = inspection.visit(place.visit).team
    assert len(place.team) == 2
    assert first.isdisjoint({member for member, _ in place.team})
    assert recheck_reads.place(ref, 1) == place


def test_nothing_of_the_list_stands_in_the_database_before_it_is_opened(house, ji, bao):
    ref = drawn(ji, bao)
    row = RecheckDraw.objects.get(ref=ref)
    visit = recheck_reads.place(ref, 1).visit
    stored = repr(row.__dict__) + repr(bytes(row.frozen_body)) + repr(bytes(row.seed or b""))
    assert f"'{visit}'" not in stored
    assert "虚构化工" not in stored
    assert not Recheck.objects.exists()


def test_each_share_is_promised_before_and_revealed_by_its_own_person(house, ji, bao, person):
    ref = announced(ji, bao)
    with pytest.raises(WrongState):
        actions.draw_recheck(ref, OTHER, CLOSING, by=bao, at=AFTER)
    with pytest.raises(Refused, match="与您承诺时的不一致"):
        actions.close_recheck(ref, OWN + "改", CLOSING, by=ji, at=AFTER)
    with pytest.raises(Invalid, match="20 个"):
        actions.close_recheck(ref, OWN, "123", by=ji, at=AFTER)
    another = person("ji2", "季审计", Role.AUDITOR)
    with pytest.raises(Refused, match="本人揭示"):
        actions.close_recheck(ref, OWN, CLOSING, by=another, at=AFTER)
    actions.close_recheck(ref, OWN, CLOSING, by=ji, at=AFTER)
    with pytest.raises(Refused, match="不一致，请两人一同核对"):
        actions.draw_recheck(ref, OTHER, CLOSING[::-1], by=bao, at=AFTER)
    mi = person("mi", "米保密", Role.SECRECY)
    with pytest.raises(Refused, match="承诺是鲍保密作出的"):
        actions.draw_recheck(ref, OTHER, CLOSING, by=mi, at=AFTER)
    with pytest.raises(WrongState):
        actions.open_recheck(ref, 1, by=ji, at=AFTER)


def test_a_quarter_is_drawn_once_and_only_by_those_who_may(house, ji, bao, chen):
    quarter = Quarter.parse(QUARTER)
    with pytest.raises(NotAllowed):
        actions.promise_recheck(quarter, OWN, RULE, by=chen, at=AFTER)
    with pytest.raises(Refused, match="没有可以复查"):
        actions.promise_recheck(quarter.next(), OWN, RULE, by=ji, at=AFTER)
    with pytest.raises(Refused, match="收口规则写法不对"):
        actions.promise_recheck(quarter, OWN, "投骰子", by=ji, at=AFTER)
    with pytest.raises(Refused, match="没有这次复查抽取"):
        actions.join_recheck("R-none", OTHER, by=bao, at=AFTER)
    ref = announced(ji, bao)
    with pytest.raises(Stale, match="只抽一次"):
        actions.promise_recheck(quarter, OWN, RULE, by=ji, at=AFTER)
    with pytest.raises(WrongState):
        actions.join_recheck(ref, OTHER, by=bao, at=AFTER)


def test_people_of_a_partner_department_are_never_sent(house, ji):
    root = console(BUREAU, "root")
    accounts.create_bureau(
        "990188", "市场监管局（虚构）", level=BureauLevel.DISTRICT, is_partner=True, by=root, at=AT
    )
    InspectorVersion.objects.filter(inspector__ref=house[5].ref).update(unit="990188")
    frozen = recheck_lists.lists(BUREAU, QUARTER, AFTER.date())
    assert house[5].ref not in {known.record["ref"] for known in frozen.people.values()}
    (out,) = frozen.left_out
    assert (out.ref, "配合部门" in out.says) == (house[5].ref, True)


def test_too_few_people_who_know_nothing_is_said_before_the_draw(house, ji):
    TeamMember.objects.all().delete()
    for row in Visit.objects.all():
        for seat, one in enumerate(house[:5], 1):
            TeamMember.objects.create(visit=row, inspector=one.ref, seat=seat, name=one.name)
    with pytest.raises(Infeasible, match="两名持证人员"):
        recheck_lists.lists(BUREAU, QUARTER, AFTER.date())


def test_the_second_record_is_made_blind_and_compared_item_by_item(
    house, ji, bao, person, signed_in
):
    for n in range(1, 9):
        record(f"V{n}", ItemResult.NO_PROBLEM, ItemResult.PROBLEM)
    ref = drawn(ji, bao)
    place = recheck_reads.place(ref, 1)
    actions.open_recheck(ref, 1, by=ji, at=AFTER)
    with pytest.raises(Stale, match="已经启封"):
        actions.open_recheck(ref, 1, by=ji, at=AFTER)
    Recheck.objects.update(items=[["1", "排放口"], ["2", "台账"]])
    number = next(n for n, one in enumerate(house, 1) if one.ref == place.team[0][0])
    officer = person(f"jc{number}", house[number - 1].name, Role.INSPECTOR)
    outsiders = [n for n, one in enumerate(house, 1) if one.ref not in dict(place.team)]
    other = person(f"jc{outsiders[0]}", "别人", Role.INSPECTOR)
    page = f"/oversight/rechecks/{ref}/1/"
    body = signed_in(officer).get(page).content.decode()
    assert "排放口" in body
    assert place.visit not in body
    assert signed_in(other).get(page).status_code == 403
    answers = {"1": "no_problem", "2": "na"}
    with pytest.raises(NotAllowed, match="不是这次复查的人员"):
        actions.record_recheck(ref, 1, answers, "", by=other, at=AFTER)
    with pytest.raises(Invalid, match="台账"):
        actions.record_recheck(ref, 1, {"1": "no_problem"}, "", by=officer, at=AFTER)
    later = AFTER + timedelta(days=1)
    actions.record_recheck(ref, 1, answers, "已看", by=officer, at=later)
    with pytest.raises(Stale, match="不能改动"):
        actions.record_recheck(ref, 1, answers, "再来", by=officer, at=later)
    found = recheck_reads.compared(BUREAU, QUARTER)
    assert (found.total.count, found.total.agreed) == (2, 1)
    assert found.total.kappa == Fraction(1, 3)
    assert [(one.name, one.agreed) for one in found.items] == [("1 排放口", 1), ("2 台账", 0)]
    assert canon.digest({"answers": answers, "says": "已看"}) == Recheck.objects.get().digest
    assert "κ 0.33" in signed_in(ji).get(f"/oversight/rechecks/?quarter={QUARTER}").content.decode()


def test_nobody_promises_for_both_sides_and_no_place_beyond_the_list_opens(house, ji, bao, person):
    both = person("liang", "两面人", Role.AUDITOR)
    ref = actions.promise_recheck(Quarter.parse(QUARTER), OWN, RULE, by=both, at=AFTER)
    twofold = replace(both, roles=frozenset({Role.AUDITOR, Role.SECRECY}))
    with pytest.raises(Refused, match="须由两人分别提交"):
        actions.join_recheck(ref, OTHER, by=twofold, at=AFTER)
    actions.join_recheck(ref, OTHER, by=bao, at=AFTER)
    actions.close_recheck(ref, OWN, CLOSING, by=both, at=AFTER)
    assert actions.draw_recheck(ref, OTHER, CLOSING, by=bao, at=AFTER) == 1
    for number in (0, 2):
        with pytest.raises(Refused, match=f"复查名单没有第 {number} 家"):
            actions.open_recheck(ref, number, by=ji, at=AFTER)
    with pytest.raises(Refused, match="没有这次复查，"):
        recheck_reads.recheck(ref, 1, BUREAU)


def test_the_closing_value_is_typed_by_both_and_shown_to_neither_before(house, ji, bao, signed_in):
    ref = announced(ji, bao)
    actions.close_recheck(ref, OWN, CLOSING, by=ji, at=AFTER)
    page = f"/oversight/rechecks/?quarter={QUARTER}"
    assert CLOSING not in signed_in(bao).get(page).content.decode()
    actions.draw_recheck(ref, OTHER, CLOSING, by=bao, at=AFTER)
    assert CLOSING in signed_in(bao).get(page).content.decode()


def test_each_page_offers_the_next_act_to_the_one_whose_turn_it_is(house, ji, bao, signed_in):
    home, text = f"/oversight/rechecks/?quarter={QUARTER}", {"text": OWN, "closing": CLOSING}
    browser = signed_in(ji)
    assert "固定底册并承诺" in browser.get(home).content.decode()
    browser.post("/oversight/rechecks/promise/", {"quarter": QUARTER, "text": OWN, "rule": RULE})
    ref = RecheckDraw.objects.get().ref
    assert "录入并揭示" not in browser.get(home).content.decode()
    browser = signed_in(bao)
    assert "保密小组承诺" in browser.get(home).content.decode()
    browser.post(f"/oversight/rechecks/{ref}/join/", {"text": OTHER})
    browser = signed_in(ji)
    assert "录入并揭示" in browser.get(home).content.decode()
    browser.post(f"/oversight/rechecks/{ref}/close/", text)
    browser = signed_in(bao)
    assert "揭示并抽取" in browser.get(home).content.decode()
    browser.post(f"/oversight/rechecks/{ref}/draw/", {**text, "text": OTHER})
    assert "启封第 1 家" in signed_in(ji).get(home).content.decode()
