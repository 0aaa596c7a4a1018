"""One officer who takes money, among forty and five thousand visits, stands among the first three.

The visits are simulated with a fixed seed: sites of four kinds with their own rates of problems,
pairs drawn at random, lengths of visits from 20 to 240 minutes. The planted officer hides three of
four problems and hurries one visit in five. The control takes the plant out of the same visits.
"""

import random
from dataclasses import replace
from datetime import date

import pytest

from gongchou.core.alarms import Facts, VisitFact, raised, ranked
from gongchou.core.oversight import in_force, limits_of
from gongchou.core.oversight_terms import AlarmKind
from gongchou.law.load import load_oversight

TODAY = date(2026, 4, 1)
LIMITS = limits_of(in_force(load_oversight(), TODAY))
RATES = {"special": 55, "key": 35, "general_listed": 10, "general_unlisted": 20}
OFFICERS = [f"I{n:02}" for n in range(40)]
CORRUPT = "I17"


def simulated(
    seed: int, *, corrupt: str, count: int = 5000, hiding: bool = True, hurrying: bool = True
) -> Facts:
    chance, found = random.Random(seed), []
    for n in range(count):
        stratum, team = chance.choice(sorted(RATES)), frozenset(chance.sample(OFFICERS, 2))
        has_problem = chance.randrange(100) < RATES[stratum]
        minutes, hides = chance.randrange(20, 240), chance.randrange(4) < 3
        hurries = chance.randrange(5) == 0
        if corrupt in team:
            has_problem = has_problem and not (hides and hiding)
            minutes = 5 if hurries and hurrying else minutes
        found.append(
            VisitFact(
                ref=f"V{n}", subject=f"S{n}", team=team, ended_on=TODAY, minutes=minutes,
                has_problem=has_problem, stratum=stratum,
            )
        )  # fmt: skip
    return Facts(on=TODAY, visits=tuple(found))


@pytest.mark.parametrize("seed", [20260105, 7, 4711])
def test_the_planted_officer_is_among_the_first_three(seed):
    order = [one.person for one in ranked(simulated(seed, corrupt=CORRUPT), LIMITS)]
    assert CORRUPT in order[:3]
    assert len(order) == len(OFFICERS)


@pytest.mark.parametrize(("hiding", "hurrying"), [(True, False), (False, True)])
def test_who_only_hides_or_only_hurries_is_among_the_first_three_too(hiding, hurrying):
    facts = simulated(20260105, corrupt=CORRUPT, hiding=hiding, hurrying=hurrying)
    assert CORRUPT in [one.person for one in ranked(facts, LIMITS)][:3]


def test_who_finds_more_than_others_is_not_put_first_for_it():
    facts = simulated(20260105, corrupt="nobody")
    thorough = tuple(
        replace(v, has_problem=v.has_problem or CORRUPT in v.team) for v in facts.visits
    )
    found = {one.person: one for one in ranked(replace(facts, visits=thorough), LIMITS)}
    assert found[CORRUPT].problems > found[CORRUPT].problems_expected * 2
    assert found[CORRUPT].score == 0


def test_visits_for_a_reason_are_not_compared():
    """Who is sent to where something was reported finds more, and is not the measure."""
    facts = simulated(20260105, corrupt=CORRUPT, count=200)
    sent = tuple(replace(one, ref=f"R{one.ref}", is_drawn=False) for one in facts.visits)
    assert ranked(replace(facts, visits=facts.visits + sent), LIMITS) == ranked(facts, LIMITS)


@pytest.mark.parametrize("seed", [20260105, 7, 4711])
def test_without_the_plant_the_same_officer_is_not_and_no_alarm_is_raised(seed):
    facts = simulated(seed, corrupt="nobody")
    assert CORRUPT not in [one.person for one in ranked(facts, LIMITS)][:3]
    assert not [a for a in raised(facts, LIMITS) if a.kind is AlarmKind.STANDS_OUT]


def test_the_planted_officer_raises_an_alarm_that_says_the_numbers():
    facts = simulated(20260105, corrupt=CORRUPT)
    found = [a for a in raised(facts, LIMITS) if a.kind is AlarmKind.STANDS_OUT]
    assert CORRUPT in found[0].people
    assert "发现问题" in found[0].says


def test_who_has_few_visits_is_not_compared():
    facts = simulated(1, corrupt=CORRUPT, count=40)
    assert all(one.visits >= 10 for one in ranked(facts, LIMITS))
