"""After the draw: excused objects and officers who cannot go."""

from dataclasses import replace

import pytest

from gongchou.core.canon import hash_of
from gongchou.core.draw import DrawOutcome, NoTeam, Rate, outcome_of_seed, ticketer
from gongchou.core.draw_values import Announcement, Rosters, TeamRule
from gongchou.core.refusals import Invalid
from gongchou.core.substitution import Reseat, reseat, substitute, team_now

from .draw_samples import make_announcement, make_reveals, make_rosters

SEED = bytes(range(32))
ANY_TWO = TeamRule(org="zd", need=2, experts=0)


@pytest.fixture
def drawn() -> tuple[DrawOutcome, Announcement, Rosters]:
    rosters = make_rosters()
    announcement = make_announcement(rosters, make_reveals(), team=ANY_TWO)
    return outcome_of_seed(announcement, rosters, SEED), announcement, rosters


def strata_of(rosters: Rosters) -> dict[str, str]:
    return {row.pid: row.stratum for row in rosters.subjects}


def test_the_next_ticket_of_the_stratum_takes_the_place(drawn):
    outcome, announcement, rosters = drawn
    out = outcome.visits[0].pid
    stratum = strata_of(rosters)[out]
    after = substitute(outcome, announcement, rosters, out)
    assert after.visits[-1].pid == outcome.reserve(stratum)[0]
    assert out not in [visit.pid for visit in after.visits]
    assert after.sealed == outcome.sealed


def test_last_is_the_substitutes_ticket_and_other_strata_keep_theirs(drawn):
    outcome, announcement, rosters = drawn
    out = outcome.visits[0].pid
    after = substitute(outcome, announcement, rosters, out)
    select = ticketer(hash_of("sha256"), SEED, "select")
    changed = {s for s in after.last if after.last[s] != outcome.last[s]}
    assert changed == {strata_of(rosters)[out]}
    assert after.last[changed.pop()] == select(after.visits[-1].pid).hex()


def test_nobody_who_has_a_place_is_moved(drawn):
    outcome, announcement, rosters = drawn
    out = outcome.visits[2].pid
    after = substitute(outcome, announcement, rosters, out)
    assert after.visits[:-1] == tuple(visit for visit in outcome.visits if visit.pid != out)


def test_loads_are_those_of_the_list_after_a_chain_of_substitutes(drawn):
    outcome, announcement, rosters = drawn
    for _ in range(5):
        outcome = substitute(outcome, announcement, rosters, outcome.visits[-1].pid)
    seats = [i for visit in outcome.visits for part in visit.parts for i in part]
    assert list(outcome.loads) == [seats.count(i) for i in range(len(rosters.inspectors))]


def test_a_substitute_may_itself_be_excused_but_nobody_twice(drawn):
    outcome, announcement, rosters = drawn
    out = outcome.visits[0].pid
    once = substitute(outcome, announcement, rosters, out)
    twice = substitute(once, announcement, rosters, once.visits[-1].pid)
    assert len(twice.visits) == len(outcome.visits)
    with pytest.raises(Invalid, match="不在当前检查名单"):
        substitute(twice, announcement, rosters, out)


def test_an_exhausted_stratum_makes_the_list_shorter():
    rosters = make_rosters()
    everybody = {s: Rate(num=1, den=1, floor=0) for s in ("K", "G")}
    announcement = make_announcement(rosters, make_reveals(), team=ANY_TWO, rates=everybody)
    outcome = outcome_of_seed(announcement, rosters, SEED)
    after = substitute(outcome, announcement, rosters, outcome.visits[0].pid)
    assert len(after.visits) == len(outcome.visits) - 1
    assert after.last == outcome.last


def test_the_joint_part_passes_only_to_one_with_items_of_two_units():
    rosters = make_rosters()
    announcement = make_announcement(rosters, make_reveals(), team=ANY_TWO, joint_share=(1, 1))
    rows = {row.pid: row for row in rosters.subjects}
    outcome = outcome_of_seed(announcement, rosters, SEED)
    for visit in outcome.visits:
        after = substitute(outcome, announcement, rosters, visit.pid)
        due = len(visit.parts) == 2 and len(rows[after.visits[-1].pid].items) >= 2
        assert len(after.visits[-1].parts) == 1 + due


def test_a_substitute_for_whom_nobody_has_room_is_refused(drawn):
    outcome, announcement, rosters = drawn
    full = tuple(
        replace(person, cap=load)
        for person, load in zip(rosters.inspectors, outcome.loads, strict=True)
    )
    crowded = replace(rosters, inspectors=full)
    absent = next(visit.pid for visit in outcome.visits if strata_of(rosters)[visit.pid] == "K")
    barred = replace(outcome, loads=tuple(load + 1 for load in outcome.loads))
    with pytest.raises(NoTeam, match="无法组成检查组"):
        substitute(barred, announcement, crowded, absent)


def test_an_absent_officer_is_replaced_by_the_least_loaded_who_may_go(drawn):
    outcome, announcement, rosters = drawn
    visit = outcome.visits[0]
    out = visit.parts[0][0]
    found = reseat(outcome, announcement, rosters, [], pid=visit.pid, out=out)
    team = team_now(outcome, visit.pid, [found]).parts[0]
    assert out not in team
    assert found.into in team
    barred = {row.iid for row in rosters.avoid if row.pid == visit.pid}
    assert rosters.inspectors[found.into].iid not in barred
    assert outcome.visits[0] == visit


def test_who_left_a_visit_does_not_come_back_to_it(drawn):
    outcome, announcement, rosters = drawn
    pid, log = outcome.visits[0].pid, []
    for _ in range(2):
        out = team_now(outcome, pid, log).parts[0][0]
        log.append(reseat(outcome, announcement, rosters, log, pid=pid, out=out))
    assert {r.out for r in log}.isdisjoint(team_now(outcome, pid, log).parts[0])


def test_a_stranger_to_the_team_cannot_be_replaced(drawn):
    outcome, announcement, rosters = drawn
    visit = outcome.visits[0]
    stranger = next(i for i in range(9) if not any(i in part for part in visit.parts))
    with pytest.raises(Invalid, match="不在对象"):
        reseat(outcome, announcement, rosters, [], pid=visit.pid, out=stranger)
    with pytest.raises(Invalid, match=f"人员 {stranger} 不在对象 {visit.pid} 的检查组中"):
        team_now(outcome, visit.pid, [Reseat(pid=visit.pid, out=stranger, into=0)])
