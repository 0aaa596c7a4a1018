"""A draw of several departments: each from its own register, one ticket a site, one sealed list."""

from dataclasses import replace

import pytest

from gongchou.core.canon import canon
from gongchou.core.draw_record import is_valid
from gongchou.core.joint_record import read_joint_record, verify_joint
from gongchou.core.refusals import Infeasible, Refused, Stale
from gongchou.core.roster import RecusalFact
from gongchou.core.terms import AbsenceReason, DrawMode, DrawState, ExcuseReason, RecusalReason
from gongchou.drawing import actions, models, papers, proofs, reads
from gongchou.drawing.actions import freezing
from gongchou.drawing.frozen import thawed
from gongchou.drawing.joining import gather_joint
from gongchou.planning import actions as planning
from gongchou.planning import reads as plans
from gongchou.registry import reads as registers
from tests.conftest import AT, BUREAU, TODAY
from tests.drawing import ceremony, joint_stage
from tests.drawing.joint_stage import COUNTS, MARKET, NAMES, SAFETY, SEATS
from verifier import verify_joint as program


@pytest.fixture
def joint(stage):
    return joint_stage.joint_stage(stage)


def body_of(draw):
    return thawed(bytes(models.Draw.objects.get(ref=draw).frozen_body))


def units() -> dict[str, str]:
    return {person.ref: person.unit for person in registers.inspectors(BUREAU, TODAY)}


# -- freeze


def test_each_department_brings_its_own_people_and_the_sites_are_the_same(joint):
    frozen = body_of(ceremony.frozen_draw(joint))
    assert frozen.dept == BUREAU
    assert [one.dept for one in frozen.partners] == [MARKET, SAFETY]
    pids = [[row.pid for row in rosters.subjects] for rosters in frozen.lists()]
    assert pids[0] == pids[1] == pids[2]
    whose = units()
    for one in frozen.partners:
        assert {whose[known.record["ref"]] for known in one.people.values()} == {one.dept}
        assert [row.org for row in one.rosters.inspectors] == [NAMES[one.dept]] * 3
    own = {whose[known.record["ref"]] for known in frozen.people.values()}
    assert own <= {"zd", "dq", "st"}
    assert thawed(frozen.body()) == frozen


def test_an_ordinary_draw_never_takes_the_people_of_a_partner(stage):
    joint_stage.departments()
    joint_stage.partner_people(stage)
    frozen = body_of(ceremony.frozen_draw(stage))
    whose = units()
    people = {whose[known.record["ref"]] for known in frozen.people.values()}
    assert not people & {MARKET, SAFETY}
    assert not frozen.is_joint


def test_a_department_without_enough_people_is_named_with_what_to_do(stage):
    joint_stage.departments()
    joint = joint_stage.approved(stage)
    with pytest.raises(Refused, match=r"市场监管局.*以单位代码 990180 导入"):
        ceremony.frozen_draw(joint)


def test_a_department_short_of_days_is_named(stage):
    joint_stage.departments()
    joint_stage.partner_people(stage)
    seats = {**SEATS, MARKET: 4}
    joint = joint_stage.approved(stage, seats=seats)
    with pytest.raises(Refused, match="市场监管局"):
        ceremony.frozen_draw(joint)


def test_a_task_led_by_another_department_is_drawn_there(stage):
    joint_stage.departments()
    joint_stage.partner_people(stage)
    joint = joint_stage.approved(stage, lead=MARKET)
    with pytest.raises(Refused, match=r"市场监管局.*牵头.*本机构不另抽"):
        ceremony.frozen_draw(joint)


def test_the_leading_bureau_cannot_plan_fewer_officers_than_a_team_needs(stage):
    joint_stage.departments()
    draft = joint_stage.draft(seats={**SEATS, BUREAU: 1})
    with pytest.raises(Refused, match="不得少于 2 名"):
        planning.create_task(stage.plan, draft, by=stage.ding, at=AT)


def test_balls_cannot_carry_a_common_ticket(joint):
    with pytest.raises(Refused, match="不能人工摇号"):
        actions.freeze_draw(joint.task, mode=DrawMode.MANUAL_BALLOT, by=joint.chen, at=AT)


def test_there_is_one_live_draw_of_a_joint_task(joint):
    ceremony.frozen_draw(joint)
    with pytest.raises((Refused, Stale), match="不能再抽一次"):
        ceremony.frozen_draw(joint)


# -- ceremony, sealing, release


def test_the_announcement_names_every_department_and_the_list_stays_sealed(joint):
    draw = ceremony.sealed_draw(joint)
    announced = reads.announcement(draw)
    assert announced["v"] == "DR2"
    assert [own["dept"] for own in announced["departments"]] == [BUREAU, MARKET, SAFETY]
    found = reads.draw(draw)
    assert found.visit_count == found.joint_count == sum(COUNTS.values())
    assert [(row.name, row.seats) for row in found.departments[1:]] == [
        (NAMES[MARKET], 1), (NAMES[SAFETY], 1),
    ]  # fmt: skip
    row = models.Draw.objects.get(ref=draw)
    pids = set(body_of(draw).subjects)
    kept = bytes(row.locked_seed) + bytes(row.locked_key) + canon(row.tickets)
    kept += b"".join(bytes(visit.hidden) for visit in row.sealed_visits.all())
    assert not any(pid.encode() in kept for pid in pids)


def test_a_visit_is_released_to_the_mixed_team(joint):
    visits = ceremony.released_visits(joint, ceremony.sealed_draw(joint))
    whose = units()
    for visit in visits:
        assert [len(part) for part in visit.parts] == [2, 1, 1]
        own, market, safety = ({whose[ref] for ref in part} for part in visit.parts)
        assert own <= {"zd", "dq", "st"}
        assert (market, safety) == ({MARKET}, {SAFETY})
        assert proofs.is_fixed_at_the_draw(visit.draw, visit.number, bureau=BUREAU)


def test_the_work_of_a_department_is_spread_evenly_over_its_people(joint):
    visits = ceremony.released_visits(joint, ceremony.sealed_draw(joint))
    counted = [ref for visit in visits for ref in visit.parts[1]]
    loads = sorted(counted.count(ref) for ref in set(counted))
    assert sum(loads) == len(visits)
    assert loads[-1] - loads[0] <= 1


def test_the_published_record_is_verified_by_the_core_and_by_the_stranger(joint, tmp_path, capsys):
    draw = ceremony.sealed_draw(joint)
    record = ceremony.published_draw(joint, draw)
    found = reads.draw(draw)
    anchors = {"announcement": found.announcement_digest, "sealed": found.sealed_root}
    assert found.state is DrawState.PUBLISHED
    assert is_valid(verify_joint(record, real=True, **anchors))
    path = tmp_path / "record.json"
    path.write_bytes(canon(record))
    given = [str(path), "--real", "--announcement", found.announcement_digest]
    assert program.main([*given, "--sealed", found.sealed_root]) == 0
    capsys.readouterr()
    assert all(visit.is_joint for visit in read_joint_record(record).visits)


def test_an_excused_site_is_replaced_by_one_for_all_departments(joint):
    draw = ceremony.sealed_draw(joint)
    visits = ceremony.released_visits(joint, draw)
    when = ceremony.last_day(draw)
    asked = actions.request_substitution(
        draw, 0, reason=ExcuseReason.CLOSED, says="已关闭", by=joint.chen, at=when
    )
    ceremony.opened(joint, asked, at=when)
    new = reads.released_visit(draw, len(visits))
    assert new.is_substitute
    assert [len(part) for part in new.parts] == [2, 1, 1]
    opening = actions.request_publication(draw, by=joint.chen, at=when)
    ceremony.opened(joint, opening, at=when)
    record = reads.published_record(draw)
    assert is_valid(verify_joint(record))
    assert [one[0] for one in record["substitutions"]] == [visits[0].pid]


def test_an_absent_officer_of_a_partner_is_replaced_from_that_department(joint):
    draw = ceremony.sealed_draw(joint)
    visit = ceremony.released_visits(joint, draw)[0]
    [gone], when = visit.parts[1], ceremony.last_day(draw)
    asked = actions.request_reseat(
        draw, 0, gone, reason=AbsenceReason.ILL, says="出差", by=joint.chen, at=when
    )
    ceremony.opened(joint, asked, at=when)
    [into] = reads.released_visit(draw, 0).parts[1]
    assert into != gone
    assert units()[into] == MARKET
    ceremony.opened(joint, actions.request_publication(draw, by=joint.chen, at=when), at=when)
    assert is_valid(verify_joint(reads.published_record(draw)))


@pytest.mark.parametrize("profile", ["sha256", "sm3"])
def test_every_paper_of_a_joint_draw_can_be_printed(joint, profile):
    draw = ceremony.sealed_draw(joint, profile=profile)
    ceremony.published_draw(joint, draw)
    for name, one in papers.PAPERS.items():
        if name != "roll":
            title, pdf = papers.paper(name, draw, bureau=BUREAU, at=AT)
            assert title.startswith(one.title)
            assert pdf.startswith(b"%PDF")


def test_a_partner_that_may_go_nowhere_makes_the_freeze_say_so(stage):
    """All of its people are kin of every site: who is short stands in the sentence."""
    joint_stage.departments()
    joint_stage.partner_people(stage)
    task = plans.task(joint_stage.approved(stage).task)
    plan = plans.plan(task.plan)
    sources, bodies = freezing._sources(plan, task, TODAY), freezing._bodies(task, BUREAU, 0)
    kin = tuple(
        RecusalFact(inspector=p.ref, subject=s.ref, reason=RecusalReason.KIN, since=TODAY)
        for p in sources.people
        if p.unit == MARKET
        for s in sources.snapshot.subjects
    )
    with pytest.raises(Infeasible, match="市场监管局"):
        gather_joint(replace(sources, recusals=kin), bodies, profile="sha256", made_from={})
