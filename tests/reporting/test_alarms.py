"""Alarms from real records: raised once, seen with a trace, closed with a reason by another."""

from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest

from gongchou.accounts import actions as accounts
from gongchou.audit import reads as audit
from gongchou.core.event_kinds import EventKind
from gongchou.core.oversight_terms import AlarmKind, AlarmOutcome, AlarmState, GroupKind
from gongchou.core.powers import outsider, system
from gongchou.core.refusals import Invalid, NotAllowed, Refused, WrongState
from gongchou.core.terms import (
    EvidenceKind,
    ImportKind,
    InspectionKind,
    JointKind,
    PublicationKind,
    PublicationState,
    Role,
    VisitState,
)
from gongchou.inspection.models import Evidence, Visit
from gongchou.intake import actions as intake
from gongchou.intake import conduct_reads
from gongchou.publication.models import Publication, ResultLine
from gongchou.registry import actions as registers
from gongchou.registry import people_reads
from gongchou.reporting import actions, oversight_reads
from gongchou.reporting.models import Alarm
from tests.conftest import AT, BUREAU, TODAY
from tests.registry.test_import import csv, take
from tests.reporting.quarters import AFTER, make_registers, make_visit


@pytest.fixture
def ji(person):
    return person("ji", "纪审计", Role.AUDITOR)


@pytest.fixture
def house(chen, bureau):
    make_registers(chen)
    return bureau


def photo(visit: str, n: int, digest: str) -> None:
    Evidence.objects.create(
        ref=f"E{n}", visit=Visit.objects.get(ref=visit), kind=EvidenceKind.PHOTO.value,
        name="a.jpg", media_type="image/jpeg", size=1, sha256=digest, sm3=digest,
        received_at=AT, taken_by="U-li", taken_by_name="李执法", client_id=f"c{n}",
    )  # fmt: skip


def kinds() -> set[str]:
    return set(Alarm.objects.values_list("kind", flat=True))


def test_the_same_pair_a_reused_photo_and_a_late_publication_are_found_in_the_records(house, ji):
    make_visit(1)
    make_visit(2, site=1, ended_on=date(2026, 2, 20))
    photo("V1", 1, "a" * 64)
    photo("V2", 2, "a" * 64)
    assert actions.raise_alarms(by=ji, at=AFTER) == 4
    assert kinds() == {"same_pair", "copied_photo", "late_publication"}
    assert actions.raise_alarms(by=system(BUREAU), at=AFTER) == 0


def test_an_orderly_quarter_raises_nothing(house, ji):
    make_visit(1, ended_on=date(2026, 3, 30))
    make_visit(2, ended_on=date(2026, 3, 30))
    photo("V1", 1, "a" * 64)
    photo("V2", 2, "b" * 64)
    assert actions.raise_alarms(by=ji, at=AFTER) == 0


def test_a_firm_that_reported_and_was_then_visited_outside_the_draw(house, ji):
    make_visit(1)
    draft = intake.ReportDraft(about="某人", says="索要礼品", visit="V1")
    intake.send_report(draft, chance=bytes(15), by=outsider(BUREAU), at=AT)
    later = AT + timedelta(days=40)
    make_visit(
        2, site=1, is_random=False, is_tiered=False, stratum="", dispatched_at=later,
        inspection_kind=InspectionKind.CASE.value, joint_kind=JointKind.NONE.value,
        ended_on=date(2026, 3, 1),
    )  # fmt: skip
    actions.raise_alarms(by=ji, at=AFTER)
    row = Alarm.objects.get(kind=AlarmKind.RETALIATION.value)
    (report,) = conduct_reads.reports(BUREAU)
    assert (row.records, row.people) == ([report.ref], [])
    assert not any(told in f"{row.key} {row.says}" for told in ("V1", "V2", "虚构化工1"))


def test_a_firm_is_protected_before_the_visit_it_tells_of_and_the_one_ordered_then_have_ended(
    house, ji
):
    running = {"state": VisitState.STARTED.value, "ended_on": None, "visit_result": ""}
    make_visit(1, **running)
    draft = intake.ReportDraft(about="某人", says="索要礼品", visit="V1")
    intake.send_report(draft, chance=bytes(15), by=outsider(BUREAU), at=AT)
    ordered = {
        "site": 1, "is_random": False, "is_tiered": False, "stratum": "",
        "inspection_kind": InspectionKind.CASE.value, "joint_kind": JointKind.NONE.value,
        "dispatched_at": AT + timedelta(hours=2),
    }  # fmt: skip
    assert actions.raise_alarms(by=ji, at=AFTER) == 0
    make_visit(2, **{**ordered, **running, "state": VisitState.DISPATCHED.value})
    assert actions.raise_alarms(by=ji, at=AFTER) == 1
    Visit.objects.filter(ref="V2").update(state=VisitState.VOID.value, void_reason="不去了")
    make_visit(3, **{**ordered, **running, "state": VisitState.DISPATCHED.value})
    assert actions.raise_alarms(by=ji, at=AFTER) == 1
    assert kinds() == {AlarmKind.RETALIATION.value}


def test_a_colleague_who_reported_is_watched_over_in_every_way_of_being_moved_aside(
    house, ji, chen, person, signed_in
):
    security, admin = person("an", "安管理", Role.SECURITY), person("gu", "顾管理", Role.ADMIN)
    wang = person("wang", "王执法", Role.INSPECTOR)
    line = "王执法,zd,wang,虚构-1,是,2030-01-01"
    take(
        ImportKind.INSPECTORS, csv(line, header="姓名,科室,登录名,执法证号,执法资格,有效期至"), chen
    )
    known = people_reads.inspector_of_person(wang.ref, BUREAU, TODAY)
    seat = accounts.fill_seat(
        accounts.SeatDraft(
            group=GroupKind.SECRECY, name=wang.name, position="成员", since=TODAY
        ),
        by=admin, at=AT,
    )  # fmt: skip
    draft = intake.ReportDraft(about="某人", says="收受礼品")
    intake.send_report(draft, chance=bytes(15), by=wang, at=AT)
    change = partial(registers.change_inspector, known.ref, reason="调整", on=TODAY, by=chen)
    later = AT + timedelta(hours=1)
    change({"enforcement_card_no": "虚构-2"}, at=later)
    assert actions.raise_alarms(by=ji, at=AFTER) == 0
    change({"unit": "dq"}, at=later)
    accounts.revoke_role(wang.ref, Role.INSPECTOR, on=TODAY, by=security, at=later)
    accounts.end_seat(seat, on=date(2026, 1, 6), by=admin, at=later)
    intake.suspend((known.ref, wang.name), "核查", since=TODAY, until=None, by=ji, at=later)
    accounts.disable_user(wang.ref, by=admin, at=later)
    assert actions.raise_alarms(by=ji, at=AFTER) == 5
    assert kinds() == {AlarmKind.RETALIATION.value}
    (report,) = conduct_reads.reports(BUREAU)
    for row in Alarm.objects.all():
        assert (row.records, row.people) == ([report.ref], [])
        assert row.key.startswith(f"retaliation:{report.ref}:")
    page = signed_in(ji).get("/oversight/").content.decode()
    assert f'href="/discipline/reports/{report.ref}/"' in page
    assert not any(told in page for told in (wang.name, wang.ref, known.ref))


def test_a_record_that_nobody_reviews_is_late_in_public_all_the_same(house, ji):
    make_visit(1, state=VisitState.SUBMITTED.value)
    actions.raise_alarms(by=ji, at=AFTER)
    assert kinds() == {AlarmKind.LATE_PUBLICATION.value}


def test_a_result_that_was_public_in_time_and_withdrawn_since_is_not_late(house, ji):
    ref = make_visit(1)
    shown = datetime(2026, 2, 6, 2, 0, tzinfo=UTC)
    paper = Publication.objects.create(
        ref="G1", version=1, bureau=BUREAU, source=ref,
        kind=PublicationKind.RESULT_NOTICE.value,
        title="公示表", quarter="2026Q1", state=PublicationState.WITHDRAWN.value, body=b"{}",
        original=b"{}", digest="0" * 64, proposed_by_ref="U-chen", proposed_by_name="陈组长",
        proposed_at=AT, approved_by_ref="U-lin", approved_by_name="林局长", approved_at=AT,
        published_by_ref="U-pub", published_by_name="公示人", published_at=shown,
        withdrawn_by_ref="U-pub", withdrawn_at=AFTER, withdrawal_reason="决定已撤销",
    )  # fmt: skip
    ResultLine.objects.create(
        publication=paper, number=1, visit=ref, bureau=BUREAU, quarter="2026Q1", subject="虚构",
        items="", task="T1", ended_on=date(2026, 2, 3), visit_result="no_problem",
        is_natural_person=False, deadline_on=date(2026, 2, 12), is_open=False, is_public=False,
        keep_until=date(2031, 1, 1), withdrawn_at=AFTER, withdrawal_reason="决定已撤销",
    )  # fmt: skip
    assert actions.raise_alarms(by=ji, at=AFTER) == 0
    Publication.objects.update(published_at=datetime(2026, 3, 30, 2, 0, tzinfo=UTC))
    assert actions.raise_alarms(by=ji, at=AFTER) == 1
    assert "2026年3月30日才公示" in Alarm.objects.get().says


def test_refused_looks_are_counted_from_the_log(house, ji, person, signed_in):
    from gongchou.audit.actions import append

    li = person("li", "李执法", Role.INSPECTOR)
    for n in range(3):
        append(EventKind.LIST_VIEW_REFUSED, about="R1", by=li, at=AT, data={"says": str(n)})
    actions.raise_alarms(by=ji, at=AFTER)
    row = Alarm.objects.get(kind=AlarmKind.OUT_OF_TURN.value)
    assert row.people == [li.ref]
    page = signed_in(ji).get("/oversight/").content.decode()
    for entry in row.records:
        number = entry.removeprefix("#")
        assert f'<a href="/trail/{number}/">留痕第 {number} 条</a>' in page


def test_an_alarm_is_closed_once_with_a_reason_by_somebody_else(house, ji, chen, person):
    make_visit(1)
    actions.raise_alarms(by=ji, at=AFTER)
    (row,) = oversight_reads.alarms(BUREAU)
    close = actions.close_alarm
    with pytest.raises(NotAllowed):
        close(row.number, AlarmOutcome.EXPLAINED, "看过", by=chen, at=AFTER)
    with pytest.raises(Invalid, match="怎样核查"):
        close(row.number, AlarmOutcome.EXPLAINED, "  ", by=ji, at=AFTER)
    close(row.number, AlarmOutcome.REMINDED, "已催办公示", by=ji, at=AFTER)
    (row,) = oversight_reads.alarms(BUREAU)
    assert (row.state, row.reason) == (AlarmState.CLOSED, "已催办公示")
    with pytest.raises(WrongState):
        close(row.number, AlarmOutcome.EXPLAINED, "再办", by=ji, at=AFTER)
    assert audit.events(BUREAU)[0].event.kind == EventKind.ALARM_CLOSED
    Alarm.objects.update(state="raised", outcome="", reason="", closed_at=None, people=[ji.ref])
    with pytest.raises(Refused, match="您本人"):
        close(row.number, AlarmOutcome.EXPLAINED, "没事", by=ji, at=AFTER)


def test_the_look_itself_is_in_the_log_and_nobody_else_may_look(house, ji, chen, signed_in):
    make_visit(1)
    actions.raise_alarms(by=ji, at=AFTER)
    browser = signed_in(ji)
    assert "逾期未公示" in browser.get("/oversight/").content.decode()
    assert audit.events(BUREAU)[0].event.kind == EventKind.ALARMS_VIEWED
    assert browser.get("/oversight/settings/").status_code == 200
    assert browser.get("/trail/").status_code == 200
    assert audit.events(BUREAU)[0].event.kind == EventKind.TRAIL_VIEWED
    assert signed_in(chen).get("/oversight/").status_code == 403
