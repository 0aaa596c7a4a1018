"""From the office's order to the team's arrival."""

from datetime import timedelta

import pytest

from gongchou.audit import reads as audit
from gongchou.core.powers import Actor
from gongchou.core.record import RecordBody
from gongchou.core.refusals import Invalid, NotAllowed, Refused, WrongState
from gongchou.core.terms import Delivery, InspectionKind, Role, VisitState
from gongchou.inspection import actions, reads
from tests.conftest import AT, BUREAU, TODAY
from tests.inspection.people import GROUND, LATER, case_draft, opened, refs, started, submitted


def kinds(ref: str) -> list[str]:
    return [link.event.kind for link in reversed(audit.events(BUREAU, about=ref))]


def test_the_office_opens_a_case_visit_with_one_form_for_the_site(house):
    visit = reads.visit(opened(house))
    assert (visit.state, visit.inspection_kind) == (VisitState.DISPATCHED, InspectionKind.CASE)
    assert (visit.is_random, visit.is_tiered, visit.stratum) == (False, False, None)
    assert (visit.ground, visit.quarter, visit.draw) == (GROUND, "2026Q1", "")
    assert visit.item_groups == ("AIR", "PERMIT")
    assert visit.team_names == "李执法、王执法"
    assert visit.units == ("dq", "zd")
    assert kinds(visit.ref) == ["case_visit_opened"]


def test_two_case_visits_have_two_numbers(house):
    assert len({opened(house), opened(house)}) == 2


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"ground": "  "}, "请写明检查理由"),
        ({"planned_on": TODAY - timedelta(days=1)}, "计划检查日早于今天"),
        ({"inspectors": ("I-nobody",)}, "不在检查人员名录内"),
        ({"subject": "S-nobody"}, "没有编号为 S-nobody 的检查对象"),
    ],
)
def test_a_case_visit_that_cannot_be_is_refused_with_its_reason(house, fields, says):
    with pytest.raises(Refused, match=says):
        opened(house, **fields)


def test_a_case_team_has_two_certified_officers(house):
    with pytest.raises(Refused, match="须有 2 名以上持证检查人员，现选了 1 名"):
        opened(house, inspectors=refs("李执法"))
    with pytest.raises(Refused, match="钱协助不能参加"):
        opened(house, inspectors=refs("李执法", "钱协助"))


@pytest.mark.parametrize("who", ["li", "lin", "shen"])
def test_only_the_office_opens_a_visit(house, who):
    with pytest.raises(NotAllowed):
        actions.open_case_visit(case_draft(), by=getattr(house, who), at=AT)


def test_the_team_accepts_once(house):
    ref = opened(house)
    actions.accept_visit(ref, by=house.li, at=AT)
    assert (reads.visit(ref).state, reads.visit(ref).accepted_by) == (VisitState.ACCEPTED, "李执法")
    with pytest.raises(WrongState, match="不能重复办理"):
        actions.accept_visit(ref, by=house.wang, at=AT)
    assert kinds(ref) == ["case_visit_opened", "visit_accepted"]


def test_an_inspector_of_another_team_is_refused_everything(house):
    ref = started(house)
    for act in (
        lambda: actions.accept_visit(ref, by=house.zhao, at=AT),
        lambda: actions.confirm_briefing(ref, by=house.zhao, at=AT),
        lambda: actions.start_visit(ref, client_id="other-phone-1", by=house.zhao, at=AT),
        lambda: actions.save_record(
            ref, RecordBody(), client_id="other-phone-2", by=house.zhao, at=LATER
        ),
    ):
        with pytest.raises(NotAllowed, match="赵执法不是这次检查的检查组成员"):
            act()


def test_strangers_and_the_office_do_no_visit(house, stranger):
    ref = opened(house)
    for who in (stranger, house.chen, house.shen):
        with pytest.raises(NotAllowed):
            actions.accept_visit(ref, by=who, at=AT)


def test_another_bureau_does_not_find_the_visit(house):
    ref = opened(house)
    roles = frozenset({Role.OFFICE, Role.INSPECTOR})
    foreign = Actor(ref=house.li.ref, name="外地人", bureau="990299", roles=roles)
    with pytest.raises(Refused, match="本机构没有编号"):
        actions.void_visit(ref, "理由", by=foreign, at=AT)


def test_arrival_begins_an_empty_record_and_is_told_once(house):
    ref = started(house)
    visit, record = reads.visit(ref), reads.record(ref)
    assert visit.state is VisitState.STARTED
    assert visit.started_at == AT + timedelta(hours=1)
    assert record.body == RecordBody(started_at=visit.started_at)
    actions.start_visit(ref, client_id="phone-start-1", by=house.li, at=LATER)
    assert len(reads.record(ref).revisions) == 1
    assert kinds(ref).count("visit_started") == 1


def test_an_arrival_before_the_order_or_after_now_is_refused(house):
    ref = opened(house)
    actions.accept_visit(ref, by=house.li, at=AT)
    for hours, says in ((-1, "早于任务派发"), (2, "晚于现在")):
        with pytest.raises(Invalid, match=says):
            actions.start_visit(
                ref,
                client_id="phone-start-1",
                arrived_at=AT + timedelta(hours=hours),
                by=house.li,
                at=AT + timedelta(hours=1),
            )


def test_a_visit_is_not_begun_before_it_was_accepted(house):
    with pytest.raises(WrongState):
        actions.start_visit(opened(house), client_id="phone-start-1", by=house.li, at=AT)


def test_each_officer_confirms_the_briefing_once(house):
    ref = opened(house)
    for who in (house.li, house.li, house.wang):
        actions.confirm_briefing(ref, by=who, at=AT)
    assert kinds(ref).count("briefing_confirmed") == 2
    with pytest.raises(Refused, match="须在提交记录之前确认"):
        actions.confirm_briefing(submitted(house), by=house.li, at=LATER)


def test_the_office_voids_with_a_reason_before_submission_only(house):
    ref = opened(house)
    with pytest.raises(Invalid, match="须写明理由"):
        actions.void_visit(ref, " ", by=house.chen, at=AT)
    with pytest.raises(NotAllowed):
        actions.void_visit(ref, "理由", by=house.li, at=AT)
    actions.void_visit(ref, "举报人撤回，经核实系误报", by=house.chen, at=AT)
    visit = reads.visit(ref)
    assert (visit.state, visit.voided_by) == (VisitState.VOID, "陈组长")
    with pytest.raises(WrongState, match="已经是"):
        actions.void_visit(ref, "再次", by=house.chen, at=AT)


def test_a_submitted_record_is_never_made_void(house):
    with pytest.raises(WrongState, match="不能转为“作废”"):
        actions.void_visit(submitted(house), "不想要了", by=house.chen, at=LATER)


def test_consent_and_notice_are_recorded_before_arrival_once(house):
    ref = opened(house)
    actions.authorise_visit(ref, by=house.lin, at=AT)
    actions.record_notice(ref, "虚构检通〔1〕号", delivery=Delivery.DIRECT, by=house.li, at=AT)
    visit = reads.visit(ref)
    assert (visit.authorised_by, visit.notice_number) == ("林局长", "虚构检通〔1〕号")
    with pytest.raises(Refused, match="已经批准"):
        actions.authorise_visit(ref, by=house.lin, at=AT)
    with pytest.raises(Refused):
        actions.record_notice(ref, "二号", delivery=Delivery.DIRECT, by=house.li, at=AT)
    with pytest.raises(NotAllowed):
        actions.authorise_visit(opened(house), by=house.chen, at=AT)
    with pytest.raises(Refused, match="须在到场之前"):
        actions.authorise_visit(submitted(house), by=house.lin, at=LATER)
