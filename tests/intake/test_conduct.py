"""Reports about conduct: the sender is sealed, handling has terms, suspension reaches the draw."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from gongchou.audit import reads as audit
from gongchou.core.event_kinds import EventKind
from gongchou.core.oversight_terms import (
    IntegrityKind,
    ReportOutcome,
    ReportSource,
    ReportState,
)
from gongchou.core.powers import outsider
from gongchou.core.refusals import Invalid, NotAllowed, Refused, Stale, WrongState
from gongchou.core.terms import Role
from gongchou.intake import actions, conduct_reads, models, sealing
from tests.conftest import AT, BUREAU, TODAY

CHANCE = bytes(range(15))
DRAFT = actions.ReportDraft(
    about="李执法", says="一月四日下午在厂门口收下一箱酒。", sender="赵匿名", contact="0000-000"
)


@pytest.fixture
def ji(person):
    return person("ji", "纪审计", Role.AUDITOR)


@pytest.fixture
def li(person):
    return person("li", "李执法", Role.INSPECTOR)


def sent(by=None, draft=DRAFT, chance=CHANCE):
    return actions.send_report(draft, chance=chance, by=by or outsider(BUREAU), at=AT)


def test_a_report_is_kept_and_nobody_can_read_who_wrote_it(ji):
    receipt = sent()
    row = models.DisciplineReport.objects.get()
    assert row.source == ReportSource.PUBLIC.value
    stored = bytes(row.sealed) + row.says.encode() + repr(audit.events(BUREAU)[0]).encode()
    assert "赵匿名".encode() not in stored
    assert b"0000-000" not in stored
    assert conduct_reads.by_receipt(receipt.ref, receipt.code).state is ReportState.RECEIVED
    assert conduct_reads.by_receipt(receipt.ref, "AAAA") is None


def test_the_log_does_not_name_a_colleague_who_reports(person, li, ji):
    sun = person("sun", "孙同事", Role.INSPECTOR)
    receipt = sent(sun, replace(DRAFT, sender="", contact=""))
    event = audit.events(BUREAU)[0].event
    assert event.kind == EventKind.REPORT_RECEIVED
    assert sun.ref not in (event.by, event.about)
    assert sun.name not in repr(event)
    found = actions.open_identity(receipt.ref, "核实时间和地点", by=ji, at=AT)
    assert found["colleague"] == sun.ref


def test_identities_open_for_the_discipline_office_alone_with_a_reason_and_a_trace(ji, li, person):
    ref = sent().ref
    leader = person("lin", "林局长", Role.LEADER)
    for stranger in (li, leader):
        with pytest.raises(NotAllowed):
            actions.open_identity(ref, "想知道", by=stranger, at=AT)
    with pytest.raises(Invalid, match="为什么"):
        actions.open_identity(ref, " ", by=ji, at=AT)
    assert actions.open_identity(ref, "联系核实", by=ji, at=AT)["name"] == "赵匿名"
    event = audit.events(BUREAU)[0].event
    assert (event.kind, event.data) == (EventKind.REPORTER_VIEWED, {"reason": "联系核实"})


def test_the_box_is_of_one_length_and_a_changed_one_does_not_open(db):
    named, empty = sealing.sealed({"name": "赵"}, "D1"), sealing.sealed({"name": ""}, "D1")
    assert len(named) == len(empty)
    with pytest.raises(Refused, match="打不开"):
        sealing.opened(named, "D2")


def test_handling_has_terms_in_working_days_and_ends_with_an_answer(ji):
    receipt = sent()
    row = conduct_reads.report(receipt.ref, BUREAU)
    assert conduct_reads.due(row) == date(2026, 1, 12)
    actions.accept_report(receipt.ref, "线索具体，予以核查", by=ji, at=AT)
    with pytest.raises(WrongState):
        actions.accept_report(receipt.ref, "再受理", by=ji, at=AT)
    row = conduct_reads.report(receipt.ref, BUREAU)
    assert conduct_reads.due(row) == date(2026, 2, 14)
    actions.conclude_report(
        receipt.ref, ReportOutcome.CONFIRMED, "两人证实", "已查实并处理。", by=ji, at=AT
    )
    found = conduct_reads.by_receipt(receipt.ref, receipt.code)
    assert (found.outcome, found.told) == (ReportOutcome.CONFIRMED, "已查实并处理。")
    with pytest.raises(WrongState):
        actions.decline_report(receipt.ref, "迟了", "迟了", by=ji, at=AT)


def test_nobody_handles_a_report_about_oneself(person):
    self_ = person("ji2", "李执法", Role.AUDITOR)
    ref = sent().ref
    with pytest.raises(Refused, match="您本人"):
        actions.accept_report(ref, "我来", by=self_, at=AT)


def test_who_sends_nothing_or_has_no_role_is_refused(stranger):
    with pytest.raises(Invalid, match="发生了什么"):
        sent(draft=replace(DRAFT, says=" "))
    with pytest.raises(NotAllowed):
        sent(stranger)


def test_a_suspension_holds_for_its_days_and_is_lifted(ji, li):
    until = TODAY + timedelta(days=30)
    give = {"since": TODAY, "until": until, "by": ji, "at": AT}
    with pytest.raises(NotAllowed):
        actions.suspend(("I1", "李执法"), "核查期间", **{**give, "by": li})
    actions.suspend(("I1", "李执法"), "核查期间", **give)
    with pytest.raises(Stale, match="已在暂停"):
        actions.suspend(("I1", "李执法"), "再次", **give)
    says = conduct_reads.suspended(BUREAU, TODAY, TODAY)["I1"]
    assert says == f"2026-01-05 起至 {until} 前暂停参加抽取：核查期间"
    assert conduct_reads.suspended(BUREAU, until, until) == {}
    (row,) = conduct_reads.suspensions(BUREAU)
    actions.lift_suspension(row.number, by=ji, at=AT)
    assert conduct_reads.suspended(BUREAU, TODAY, until) == {}
    with pytest.raises(Stale):
        actions.lift_suspension(row.number, by=ji, at=AT)


def test_a_person_declares_the_own_matters_and_sees_them(li, person, stranger):
    actions.declare(IntegrityKind.REFUSED_GIFT, "退回购物卡一张", on=TODAY, by=li, at=AT)
    with pytest.raises(Refused, match="晚于今天"):
        actions.declare(IntegrityKind.PLEDGE, "承诺", on=TODAY + timedelta(1), by=li, at=AT)
    with pytest.raises(NotAllowed):
        actions.declare(IntegrityKind.PLEDGE, "承诺", on=TODAY, by=stranger, at=AT)
    (row,) = conduct_reads.integrity(BUREAU, li.ref)
    assert (row.kind, row.says) == (IntegrityKind.REFUSED_GIFT, "退回购物卡一张")
    assert conduct_reads.integrity(BUREAU, stranger.ref) == ()


def test_the_public_door_takes_a_report_and_shows_where_it_stands(client, ji, person):
    from gongchou.accounts import actions as accounts

    an = person("an", "安管理", Role.SECURITY)
    wang = person("wang", "王兼任", Role.OFFICE)
    accounts.set_small_bureau("虚构发〔2026〕1号", "只有五人", by=an, at=AT)
    accounts.grant_role(wang.ref, Role.WITNESS, since=TODAY, overlap="五人", by=an, at=AT)
    given = {"bureau": BUREAU, "about": "某执法人员", "says": "索要土特产", "code": "WRONG"}
    answer = client.post("/open/conduct/", given)
    assert "不填查验码也可以提交" in answer.content.decode()
    assert "1 人兼任" in answer.content.decode()
    answer = client.post("/open/conduct/", {**given, "code": ""})
    assert "违纪反映" in answer.content.decode()
    (row,) = conduct_reads.reports(BUREAU)
    assert (row.source, row.is_named) == (ReportSource.PUBLIC, False)


def test_the_desk_of_reports_reads_acts_and_asks_a_reason_for_the_name(ji, li, signed_in):
    ref = sent().ref
    browser = signed_in(ji)
    assert ref in browser.get("/discipline/reports/").content.decode()
    page = f"/discipline/reports/{ref}/"
    body = browser.get(page).content.decode()
    assert "赵匿名" not in body
    browser.post(f"{page}act/", {"act": "accept", "says": "予以核查"})
    assert conduct_reads.report(ref, BUREAU).state is ReportState.ACCEPTED
    shown = browser.post(f"{page}identity/", {"reason": "联系核实"})
    assert "赵匿名" in shown.content.decode()
    assert shown["Cache-Control"] == "no-store"
    browser = signed_in(li)
    assert browser.get("/discipline/").status_code == 200
    assert browser.get(page).status_code == 403


def test_a_report_without_a_name_offers_no_name_and_an_unfounded_one_no_suspension(ji, signed_in):
    nameless = sent(draft=replace(DRAFT, sender="", contact=""), chance=bytes(15)).ref
    named = sent().ref
    browser = signed_in(ji)
    shown = {ref: browser.get(f"/discipline/reports/{ref}/").text for ref in (nameless, named)}
    assert ["查看反映人身份" in shown[ref] for ref in (nameless, named)] == [False, True]
    assert all("暂停参加抽取" in text for text in shown.values())
    for ref, outcome in ((nameless, ReportOutcome.UNFOUNDED), (named, ReportOutcome.CONFIRMED)):
        actions.accept_report(ref, "予以核查", by=ji, at=AT)
        actions.conclude_report(ref, outcome, "核查完毕", "已核查", by=ji, at=AT)
    shown = {ref: browser.get(f"/discipline/reports/{ref}/").text for ref in (nameless, named)}
    assert ["暂停参加抽取" in shown[ref] for ref in (nameless, named)] == [False, True]


def test_the_two_forms_of_one_page_share_no_id(li, signed_in):
    """A label names its field by the id: with one id twice it would lead to the other form."""
    ids = re.findall(r'\sid="([^"]+)"', signed_in(li).get("/discipline/").text)
    assert len(ids) == len(set(ids))
