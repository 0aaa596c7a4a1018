"""The freeze: from an approved plan, by lists that allow every draw, once for a task."""

from datetime import date, datetime, time, timedelta

import pytest
from django.db import IntegrityError, transaction

from gongchou.core.canon import HASHES, hash_of
from gongchou.core.draw import commitment
from gongchou.core.refusals import Infeasible, NotAllowed, Refused, Stale
from gongchou.core.terms import DrawState, ImportKind, InspectionKind, Role
from gongchou.core.workdays import Quarter, task_deadline
from gongchou.drawing import actions, cost_reads, freeze_reads, models, reads
from gongchou.drawing.duties import acts
from gongchou.drawing.frozen import thawed
from gongchou.intake import actions as intake
from gongchou.law.load import load_calendar
from gongchou.planning import actions as planning
from gongchou.planning import reads as plans
from gongchou.registry import actions as registry
from gongchou.registry import reads as registers
from gongchou.web.clock import SHANGHAI
from tests.conftest import AT, BUREAU, TODAY
from tests.drawing import ceremony


def body(draw: str):
    return thawed(bytes(models.Draw.objects.get(ref=draw).frozen_body))


def test_the_lists_hold_every_site_of_the_plan_and_every_person_who_can_be_drawn(stage):
    found = reads.draw(ceremony.frozen_draw(stage))
    assert found.state is DrawState.FROZEN
    assert {(s.label, s.base_count, s.drawn_count) for s in found.strata} == {
        ("重点，年内未查", 8, 2),
        ("一般（正面清单外），年内未查", 16, 1),
    }
    assert (found.roster[0], found.inspectors[0], found.avoid[0]) == (24, 9, 0)
    assert found.team == "执法大队 2 人"


def test_a_frozen_body_reads_back_to_the_same_bytes_and_its_rows_bind_their_records(stage):
    draw = ceremony.frozen_draw(stage)
    row, frozen = models.Draw.objects.get(ref=draw), body(draw)
    assert frozen.body() == bytes(row.frozen_body)
    assert HASHES["sha256"](frozen.body()).hex() == row.frozen_digest
    for line in frozen.rosters.subjects:
        known = frozen.subjects[line.pid]
        salt = bytes.fromhex(known.salt)
        assert line.commitment == commitment(hash_of("sha256"), "object", salt, dict(known.record))


def test_two_freezes_of_the_same_lists_have_nothing_in_common_that_could_be_compared(stage):
    first = ceremony.frozen_draw(stage)
    actions.void_draw(first, "重来", by=stage.lin, at=AT)
    second = ceremony.frozen_draw(stage)
    pids = [{row.pid for row in body(draw).rosters.subjects} for draw in (first, second)]
    assert not pids[0] & pids[1]


def test_caps_come_from_the_free_working_days_and_absent_people_have_fewer(stage):
    row = registers.inspectors(BUREAU, TODAY)[0]
    frozen = body(ceremony.frozen_draw(stage))
    caps = {person.cap for person in frozen.rosters.inspectors}
    assert len(caps) == 1
    [cap] = caps
    assert cap == 2 * len(reads_days())
    assert row.ref in {known.record["ref"] for known in frozen.people.values()}


def reads_days() -> list[date]:
    """The working days after today, up to the deadline of the task."""
    calendar, last = load_calendar(), task_deadline(Quarter.of(TODAY), load_calendar()).on
    days = (TODAY + timedelta(n) for n in range(1, (last - TODAY).days + 1))
    return [day for day in days if calendar.is_workday(day)]


def test_who_lost_the_card_since_the_plan_is_left_out_with_the_reason(stage):
    line = "虚构检查员02,zd,,虚构0002,是,2026-01-04,废气、废水,东片,在岗"
    ceremony._take(ImportKind.INSPECTORS, ceremony.PERSON, [line], stage.chen, AT)
    draw = ceremony.frozen_draw(stage)
    [(name, says)] = freeze_reads.freeze_report(draw).left_out
    assert name == "虚构检查员02"
    assert "已于2026年1月4日到期" in says
    assert reads.draw(draw).inspectors[0] == 8


def met(subject: str, *people: str, on: date = date(2025, 11, 3)) -> None:
    registry.record_visit_history(
        subject,
        f"旧-{subject}",
        ended_on=on,
        kind=InspectionKind.DAILY,
        inspectors=people,
        by=ceremony.actor("shen", "沈审核", Role.REVIEWER),
        at=AT,
    )


def balanced() -> registry.Answer:
    return registry.Answer(
        key="team.balance", value="true", reading="以年度检查次数为起始次数",
        decided_by="双随机工作领导小组（虚构）", document="虚构〔2026〕5号", on=TODAY,
    )  # fmt: skip


@pytest.mark.parametrize(("rulings", "load"), [([], 0), ([balanced()], 1)])
def test_note_24_visits_of_the_year_count_only_where_a_ruling_says_so(stage, rulings, load):
    subject = registers.snapshot(BUREAU, TODAY).subjects[0].ref
    person = registers.inspectors(BUREAU, TODAY)[0].ref
    met(subject, person, on=date(2026, 1, 2))
    planning.void_plan(stage.plan, "重新测算", by=stage.lin, at=AT)
    for ruling in rulings:
        registry.record_ruling(ruling, by=stage.lin, at=AT)
    planning.approve_plan(
        planning.compute_plan(stage.quarter, by=stage.cast["ding"], at=AT), by=stage.lin, at=AT
    )
    [task] = plans.tasks(BUREAU, stage.quarter)
    frozen = body(actions.freeze_draw(task.ref, by=stage.chen, at=AT))
    loads = {frozen.people[row.iid].record["ref"]: row.load for row in frozen.rosters.inspectors}
    assert loads.pop(person) == load
    assert set(loads.values()) == {0}


def test_who_was_there_last_time_is_kept_away(stage):
    subject = registers.snapshot(BUREAU, TODAY).subjects[0].ref
    person = registers.inspectors(BUREAU, TODAY)[0].ref
    met(subject, person)
    draw = ceremony.frozen_draw(stage)
    frozen = body(draw)
    [row] = frozen.rosters.avoid
    assert (frozen.ref_of(row.pid), row.reason) == (subject, "repeat")
    assert frozen.people[row.iid].record["ref"] == person
    assert freeze_reads.freeze_report(draw).repeats == 1


def test_where_that_would_leave_nobody_the_pairs_may_meet_again_and_are_counted(stage):
    subject = registers.snapshot(BUREAU, TODAY).subjects[0].ref
    met(subject, *(person.ref for person in registers.inspectors(BUREAU, TODAY)))
    report = freeze_reads.freeze_report(ceremony.frozen_draw(stage))
    assert (report.repeats, report.repeats_left_out) == (0, 9)


def test_strangers_leaders_and_the_secrecy_group_may_not_freeze(stage, stranger):
    for actor in (stranger, stage.lin, stage.bao):
        with pytest.raises(NotAllowed, match="冻结抽取底册"):
            actions.freeze_draw(stage.task, by=actor, at=AT)


def test_a_second_live_draw_is_refused_and_by_the_database_too(stage):
    draw = ceremony.frozen_draw(stage)
    with pytest.raises(Refused, match="不能再抽一次"):
        ceremony.frozen_draw(stage)
    row = models.Draw.objects.get(ref=draw)
    row.pk, row.ref = None, "D-second"
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_an_unapproved_plan_is_not_drawn_from(stage, db):
    planning.void_plan(stage.plan, "名录有误", by=stage.lin, at=AT)
    with pytest.raises(Refused, match="批准后才能冻结"):
        ceremony.frozen_draw(stage)


def test_without_a_key_nothing_could_be_sealed(db):
    bare = ceremony.prepared(has_key=False)
    with pytest.raises(Refused, match="保密小组还没有建立密钥"):
        ceremony.frozen_draw(bare)


def test_a_unit_with_one_certified_person_cannot_lead(stage):
    with pytest.raises(Refused, match="只有 1 人，每组需要 2 人"):
        actions.freeze_draw(stage.task, lead_unit="dq", by=stage.chen, at=AT)


def test_lists_that_do_not_allow_every_draw_are_refused_with_the_shortage(db):
    only_the_brigade = ceremony.prepared(officers=2)
    with pytest.raises(Infeasible, match=r"不能保证每次抽取都能组成检查组.*可派的只有 0 人"):
        ceremony.frozen_draw(only_the_brigade)


def test_after_the_deadline_there_are_no_days_left(stage):
    late = datetime.combine(date(2026, 3, 30), time(9), tzinfo=SHANGHAI)
    with pytest.raises(Refused, match="没有工作日"):
        ceremony.frozen_draw(stage, at=late)


def test_an_unknown_hash_or_a_foreign_task_is_refused(stage):
    with pytest.raises(Refused, match="只能选 SHA-256 或 SM3"):
        actions.freeze_draw(stage.task, profile="md5", by=stage.chen, at=AT)
    with pytest.raises(Refused, match="没有编号为"):
        actions.freeze_draw("T-elsewhere", by=stage.chen, at=AT)


def test_a_void_draw_keeps_its_number_and_makes_room(stage):
    first = ceremony.announced_draw(stage)
    actions.void_draw(first, "投影故障，各方同意改日", by=stage.lin, at=AT)
    second = ceremony.announced_draw(stage)
    assert [d.state for d in reads.draws(BUREAU, stage.quarter)] == [
        DrawState.VOID,
        DrawState.ANNOUNCED,
    ]
    assert [reads.draw(d).seq for d in (first, second)] == [1, 2]
    assert "void" in [entry.kind for entry in reads.log(BUREAU)]


def test_a_void_needs_the_leader_a_reason_and_an_open_result(stage):
    draw = ceremony.announced_draw(stage)
    with pytest.raises(NotAllowed, match="作废抽取"):
        actions.void_draw(draw, "不想要", by=stage.chen, at=AT)
    with pytest.raises(Refused, match="写明理由"):
        actions.void_draw(draw, " ", by=stage.lin, at=AT)
    actions.enter_closing(draw, ceremony.THROWS, by=stage.chen, at=AT)
    with pytest.raises(Refused, match="已经录入，不能再作废"):
        actions.void_draw(draw, "结果不合适", by=stage.lin, at=AT)
    assert not acts(stage.lin, reads.draw(draw), sealed_left=0).void
    actions.confirm_closing(draw, ceremony.THROWS, by=stage.zhou, at=AT)
    with pytest.raises(Refused, match="不能直接作废"):
        actions.void_draw(draw, "结果不合适", by=stage.lin, at=AT)


def test_a_draw_of_another_bureau_is_not_to_be_found(stage):
    draw = ceremony.frozen_draw(stage)
    elsewhere = type(stage.lin)(
        ref="U-x", name="外人", bureau="990999", roles=frozenset({Role.LEADER})
    )
    with pytest.raises(Refused, match="没有编号为"):
        actions.void_draw(draw, "越权", by=elsewhere, at=AT)
    with pytest.raises(Stale):
        actions.confirm_draw(draw, by=stage.zhou, at=AT)


def test_each_limit_on_teams_says_what_it_costs_in_probability(signed_in, stage):
    draw = ceremony.frozen_draw(stage)
    names = [cost.name for cost in cost_reads.limits(draw)]
    assert names == ["片区", "申报回避", "近期查过不再派", "次数上限", "专长席位"]
    page = signed_in(stage.zhou).get(f"/draw/{draw}/").content.decode()
    assert all(cost.says in page for cost in cost_reads.limits(draw))


def test_a_suspended_inspector_is_left_out_and_the_reason_is_printed(stage):
    ji = ceremony.actor("ji", "纪审计", Role.AUDITOR)
    person = registers.inspectors(BUREAU, TODAY)[0]
    intake.suspend((person.ref, person.name), "核查期间", since=TODAY, until=None, by=ji, at=AT)
    frozen = body(ceremony.frozen_draw(stage))
    assert person.ref not in {known.record["ref"] for known in frozen.people.values()}
    (out,) = [row for row in frozen.left_out if row.ref == person.ref]
    assert out.says == "2026-01-05 起暂停参加抽取：核查期间"
