"""A person suspended, or whose card ran out, after the draw does not go: the seat is drawn anew."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import pytest

from gongchou.audit import reads as audit
from gongchou.core.powers import Actor
from gongchou.core.refusals import Refused
from gongchou.core.terms import (
    AbsenceReason,
    ExcuseReason,
    ImportKind,
    Role,
    VisitResult,
    VisitState,
)
from gongchou.drawing import actions as drawing
from gongchou.drawing import fitness_reads
from gongchou.drawing import reads as draws
from gongchou.inspection import actions, reads, story
from gongchou.inspection.models import TeamMember, Visit
from gongchou.intake import actions as intake
from gongchou.registry import reads as registers
from gongchou.registry.models import InspectorVersion
from gongchou.web import clock
from gongchou.web.clock import SHANGHAI, day_of
from tests.conftest import AT, BUREAU, TODAY
from tests.drawing import ceremony
from tests.inspection.people import opened, refs
from tests.inspection.phone import take_phone


@pytest.fixture
def stage(db):
    return ceremony.prepared()


def suspend(person: str, since: date, until: date | None = None) -> None:
    ji = ceremony.actor("ji", "纪审计", Role.AUDITOR)
    at = datetime.combine(since, time(8), SHANGHAI)
    intake.suspend((person, "某人"), "核查期间", since=since, until=until, by=ji, at=at)


@pytest.fixture
def draw(stage) -> str:
    found = ceremony.sealed_draw(stage)
    ceremony.released_visits(stage, found)
    return found


def expired(stage, person: str, at) -> None:
    """The register learns that the card of somebody ran out the day before."""
    row = next(p for p in registers.inspectors(BUREAU, day_of(at)) if p.ref == person)
    over = day_of(at) - timedelta(days=1)
    line = f"{row.name},{row.unit},,{row.enforcement_card_no},是,{over},废气、废水,东片,在岗"
    ceremony._take(ImportKind.INSPECTORS, ceremony.PERSON, [line], stage.chen, at)


def test_a_team_with_an_expired_card_is_not_sent_out_and_the_others_are(stage, draw):
    at = ceremony.last_day(draw)
    first, *others = draws.released(draw)
    person = first.parts[0][0]
    expired(stage, person, at)
    [unfit] = fitness_reads.unfit(first, BUREAU, at.date())
    assert unfit.reason is AbsenceReason.UNQUALIFIED
    kept = [row.number for row in others if person in row.inspectors]
    sent = actions.dispatch_released(draw, by=stage.chen, at=at)
    waiting = {row.number for row in reads.waiting(draw)}
    assert waiting == {first.number, *kept}
    assert len(sent) == len(others) - len(kept)
    with pytest.raises(Refused, match=r"到期.*申请补派人员"):
        actions.dispatch_visit(draw, first.number, by=stage.chen, at=at)


def test_after_the_reseat_the_visit_goes_out_with_who_was_drawn_anew(stage, draw):
    at = ceremony.last_day(draw)
    first = draws.released_visit(draw, 0)
    person = first.parts[0][0]
    expired(stage, person, at)
    asked = drawing.request_reseat(
        draw, 0, person, reason=AbsenceReason.ILL, says="执法证到期", by=stage.chen, at=at
    )
    ceremony.opened(stage, asked, at=at)
    visit = actions.dispatch_visit(draw, 0, by=stage.chen, at=at)
    assert person not in reads.visit(visit).team
    assert len(reads.visit(visit).team) == len(first.inspectors)


def reseated(stage, draw, number: int, person: str, at) -> str:
    asked = drawing.request_reseat(
        draw, number, person, reason=AbsenceReason.ILL, says="生病", by=stage.chen, at=at
    )
    ceremony.opened(stage, asked, at=at)
    return draws.released_visit(draw, number).reseats[-1][1]


def test_a_reseat_after_the_dispatch_reaches_the_team_at_the_next_dispatch(stage, draw, signed_in):
    at = ceremony.last_day(draw)
    clock.move_demo_clock(at)
    visit = actions.dispatch_visit(draw, 0, by=stage.chen, at=at)
    out = reads.visit(visit).inspectors[0].ref
    into = reseated(stage, draw, 0, out, at)
    name = reads.visit(visit).subject_name
    assert f"补派了人员的 1 家：{name}" in signed_in(stage.chen).get("/visits/").content.decode()
    actions.dispatch_released(draw, by=stage.chen, at=at)
    assert reads.visit(visit).team == frozenset(draws.released_visit(draw, 0).inspectors)
    assert reads.visit(visit).inspectors[0].ref == into
    assert not any(row.ref == visit for row in reads.my_visits(BUREAU, out))
    assert any(row.ref == visit for row in reads.my_visits(BUREAU, into))
    assert reads.reseated(draw) == ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lagging:
    """A visit of 李执法 that was sent out before a colleague's place was drawn anew."""

    stage: ceremony.Stage
    draw: str
    number: int
    visit: str
    li: Actor
    chen: Actor
    at: datetime


@pytest.fixture
def lagging(stage, draw) -> Lagging:
    at = ceremony.last_day(draw)
    li = ceremony.actor("li", "李执法", Role.INSPECTOR)
    me = next(p.ref for p in registers.inspectors(BUREAU, day_of(at)) if p.name == "李执法")
    row = next(row for row in draws.released(draw) if me in row.inspectors)
    visit = actions.dispatch_visit(draw, row.number, by=stage.chen, at=at)
    reseated(stage, draw, row.number, next(p for p in row.inspectors if p != me), at)
    return Lagging(
        stage=stage, draw=draw, number=row.number, visit=visit, li=li, chen=stage.chen, at=at
    )


def test_two_reseats_of_one_seat_leave_the_last_one_on_the_team(stage, draw):
    at = ceremony.last_day(draw)
    visit = actions.dispatch_visit(draw, 0, by=stage.chen, at=at)
    out = reads.visit(visit).inspectors[0].ref
    second = reseated(stage, draw, 0, out, at)
    third = reseated(stage, draw, 0, second, at)
    actions.dispatch_released(draw, by=stage.chen, at=at)
    assert reads.visit(visit).inspectors[0].ref == third
    events = [e for e in audit.events(BUREAU) if e.event.kind == "visit_reseated"]
    assert [(e.event.data["out"], e.event.data["into"]) for e in events] == [(out, third)]
    seats = TeamMember.objects.filter(visit__ref=visit)
    assert not seats.filter(inspector=second).exists()


def test_a_reseat_that_is_followed_before_the_next_one_goes_on_from_there(stage, draw):
    at = ceremony.last_day(draw)
    visit = actions.dispatch_visit(draw, 0, by=stage.chen, at=at)
    out = reads.visit(visit).inspectors[0].ref
    second = reseated(stage, draw, 0, out, at)
    actions.dispatch_released(draw, by=stage.chen, at=at)
    third = reseated(stage, draw, 0, second, at)
    assert [changes for _, changes in reads.reseated(draw)] == [((second, third),)]


def test_who_was_drawn_anew_is_seated_though_the_register_has_lost_them_since(stage, draw):
    at = ceremony.last_day(draw)
    visit = actions.dispatch_visit(draw, 0, by=stage.chen, at=at)
    into = reseated(stage, draw, 0, reads.visit(visit).inspectors[0].ref, at)
    rows = InspectorVersion.objects.filter(inspector__ref=into, until=None)
    name = rows.get().name
    assert rows.update(until=day_of(at)) == 1
    actions.dispatch_released(draw, by=stage.chen, at=at)
    assert name in {person.name for person in reads.visit(visit).inspectors}


def test_a_team_that_has_arrived_is_not_reseated(stage, draw):
    at = ceremony.last_day(draw)
    visit = actions.dispatch_visit(draw, 0, by=stage.chen, at=at)
    out = reads.visit(visit).inspectors[0].ref
    asked = drawing.request_reseat(
        draw, 0, out, reason=AbsenceReason.ILL, says="生病", by=stage.chen, at=at
    )
    arrive(visit)
    with pytest.raises(Refused, match=r"已经到场，人员不再变动。.*先在检查页面写明理由作废"):
        drawing.request_reseat(
            draw, 0, out, reason=AbsenceReason.ILL, says="生病", by=stage.chen, at=at
        )
    with pytest.raises(Refused, match="已经到场"):
        ceremony.opened(stage, asked, at=at)
    actions.void_visit(visit, "检查人员突发疾病", by=stage.chen, at=at)
    second = ceremony.CUSTODIANS[1]
    drawing.agree(asked, ceremony.passphrase(second), by=stage.cast[second], at=at)
    again = actions.dispatch_visit(draw, 0, by=stage.chen, at=at)
    assert out not in reads.visit(again).team


def test_a_site_that_was_inspected_is_not_excused(stage, draw):
    at = ceremony.last_day(draw)
    visit = actions.dispatch_visit(draw, 0, by=stage.chen, at=at)
    Visit.objects.filter(ref=visit).update(
        state=VisitState.SUBMITTED.value, visit_result=VisitResult.NO_PROBLEM.value
    )
    for ask in (
        lambda: drawing.request_substitution(
            draw, 0, reason=ExcuseReason.CLOSED, says="关闭", by=stage.chen, at=at
        ),
        lambda: drawing.request_reseat(
            draw,
            0,
            reads.visit(visit).inspectors[0].ref,
            reason=AbsenceReason.ILL,
            says="生病",
            by=stage.chen,
            at=at,
        ),
    ):
        with pytest.raises(Refused, match="提交"):
            ask()
    Visit.objects.filter(ref=visit).update(visit_result=VisitResult.CLOSED_OR_MOVED.value)
    drawing.request_substitution(
        draw, 0, reason=ExcuseReason.CLOSED, says="关闭", by=stage.chen, at=at
    )


def test_a_team_waits_for_the_dispatch_of_who_was_drawn_anew(lagging, signed_in):
    clock.move_demo_clock(lagging.at)
    with pytest.raises(Refused, match=r"已补派人员.*再派发一次"):
        actions.accept_visit(lagging.visit, by=lagging.li, at=lagging.at)
    actions.dispatch_released(lagging.draw, by=lagging.chen, at=lagging.at)
    actions.accept_visit(lagging.visit, by=lagging.li, at=lagging.at)
    again = next(p.ref for p in reads.visit(lagging.visit).inspectors if p.name != "李执法")
    reseated(lagging.stage, lagging.draw, lagging.number, again, lagging.at)
    with pytest.raises(Refused, match=r"已补派人员.*再派发一次"):
        actions.start_visit(lagging.visit, client_id="online-start-1", by=lagging.li, at=lagging.at)
    form = {"client_id": "online-start-2", "arrived_at": f"{lagging.at:%Y-%m-%dT%H:%M}"}
    page = signed_in(lagging.li).post(f"/visits/{lagging.visit}/start/", form, follow=True)
    assert "请负责科室在检查页面再派发一次" in page.content.decode()
    assert reads.visit(lagging.visit).state is VisitState.ACCEPTED
    actions.dispatch_released(lagging.draw, by=lagging.chen, at=lagging.at)
    actions.start_visit(lagging.visit, client_id="online-start-1", by=lagging.li, at=lagging.at)
    assert arrival(lagging.visit).gap == ""


def test_an_arrival_that_a_phone_tells_of_later_is_taken_and_the_old_team_is_flagged(lagging):
    clock.move_demo_clock(lagging.at)
    phone = take_phone("li")
    told = phone.do("arrive", lagging.visit, {"arrived_at": lagging.at.isoformat()})
    assert told["outcome"] == "applied"
    assert reads.visit(lagging.visit).state is VisitState.STARTED
    assert "到场的是原来的检查组" in arrival(lagging.visit).gap


def arrival(visit: str) -> story.Step:
    steps = story.timeline(reads.visit(visit), reads.record(visit))
    return next(step for step in steps if step.name == "到场")


def arrive(visit: str) -> None:
    Visit.objects.filter(ref=visit).update(state=VisitState.STARTED.value)


def test_a_suspension_after_the_draw_is_seen_until_it_ends(stage, draw):
    at = ceremony.last_day(draw)
    visit = draws.released_visit(draw, 0)
    person, today = visit.inspectors[0], day_of(at)
    suspend(person, today, until=today + timedelta(days=1))
    [row] = fitness_reads.unfit(visit, BUREAU, today)
    assert (row.person, "暂停参加抽取" in row.says) == (person, True)
    assert fitness_reads.unfit(visit, BUREAU, today + timedelta(days=1)) == ()


def test_a_visit_already_sent_is_neither_accepted_nor_begun(house):
    ref = opened(house)
    suspend(refs("王执法")[0], TODAY)
    with pytest.raises(Refused, match="申请补派人员，保管人开启后在检查页面派发"):
        actions.accept_visit(ref, by=house.li, at=AT)
    with pytest.raises(Refused, match=r"王执法：.*暂停"):
        actions.start_visit(ref, client_id="phone-start-1", by=house.li, at=AT)
    assert reads.visit(ref).state is VisitState.DISPATCHED


def test_what_a_phone_did_before_it_knew_is_not_lost(house):
    ref = opened(house)
    actions.accept_visit(ref, by=house.li, at=AT)
    suspend(refs("王执法")[0], TODAY)
    arrived, later = AT + timedelta(hours=1), AT + timedelta(hours=2)
    actions.start_visit(ref, client_id="phone-start-1", arrived_at=arrived, by=house.li, at=later)
    assert reads.visit(ref).state is VisitState.STARTED


def test_the_page_of_the_visit_names_who_may_not_go_and_offers_the_reseat(stage, draw, signed_in):
    at = ceremony.last_day(draw)
    clock.move_demo_clock(at)
    person = draws.released_visit(draw, 0).inspectors[0]
    suspend(person, day_of(at))
    page = signed_in(stage.chen).get(f"/draw/{draw}/released/0/").content.decode()
    assert "检查组有人不能参加" in page
    assert f'<option value="{person}" selected>' in page
    assert "检查组有人不能参加" in signed_in(stage.chen).get("/visits/").content.decode()
