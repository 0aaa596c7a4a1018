"""Caps by enterprise and by site, exemptions, and the solver against trying every single visit."""

import itertools
from collections import Counter
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongchou.core.caps import CapRule, cap_places, cap_rule, owner_of, yearly_room
from gongchou.core.planmodel import CAP, QUOTA, REPEAT, Owed, PlanQuestion
from gongchou.core.roster import CreditFact, RegisterSnapshot, Subject
from gongchou.core.terms import CreditLevel, Rotation, Stratum
from gongchou.core.workdays import Quarter
from gongchou.law.load import load_profile
from gongchou.planning.alike import gathered
from gongchou.planning.solver import solve
from tests.factories import make_snapshot, make_subject

OVERLAY, PLAN = load_profile("overlay_2025"), load_profile("tangshan_gaoxin_2024")
DAY = date(2026, 7, 1)
CODES = ("91130200MA0000001X", "91130200MA0000002X", "")
MADE = (date(2026, 2, 3), date(2026, 5, 6))
KEY = next(q for q in PLAN.quotas if q.stratum is Stratum.KEY)
ONCE = KEY.__class__(
    **{n: getattr(KEY, n) for n in KEY.__dataclass_fields__}
    | {"rotation": Rotation.YEAR_NO_REPEAT, "reserved": None}
)


def rule(limit: int = 2, by_site: bool = False) -> CapRule:
    return CapRule(
        limit=limit, by_site=by_site, exempt_credit=frozenset({CreditLevel.D}), reasons=("急",)
    )


def credit(level: str) -> tuple[CreditFact, ...]:
    return (CreditFact(level=CreditLevel(level), rated_on=date(2026, 1, 2), evidence="虚构"),)


def test_the_cap_and_its_exemptions_come_from_the_policy_alone():
    assert cap_rule(PLAN, date(2026, 1, 5)) is None
    found = cap_rule(OVERLAY, date(2026, 1, 5))
    assert (found.limit, found.by_site) == (2, False)
    assert found.exempt_credit == {CreditLevel.D, CreditLevel.E}
    assert "突发情况" in found.reasons


def test_sites_of_one_credit_code_count_together_and_one_without_a_code_alone():
    subjects = [
        make_subject("A", uscc=CODES[0], visited_on=MADE[:1]),
        make_subject("B", uscc=CODES[0], visited_on=MADE),
        make_subject("C", uscc="", visited_on=MADE[:1]),
    ]
    places = cap_places(subjects, rule(), year=2026, on=DAY)
    assert [places[ref].made for ref in "ABC"] == [3, 3, 1]
    assert yearly_room(places.values(), rule()) == 4  # two of the enterprise, two of C
    by_site = cap_places(subjects, rule(by_site=True), year=2026, on=DAY)
    assert [by_site[ref].made for ref in "ABC"] == [1, 2, 1]
    assert yearly_room(by_site.values(), rule(by_site=True)) == 6


def test_last_year_s_visits_do_not_count():
    old = make_subject("A", uscc=CODES[0], visited_on=(date(2025, 12, 31),))
    assert cap_places([old], rule(), year=2026, on=DAY)["A"].made == 0


@pytest.mark.parametrize(("level", "free"), [("C", False), ("D", True), ("unrated", False)])
def test_an_enterprise_of_a_low_level_of_credit_is_not_bound(level, free):
    subjects = [
        make_subject("A", uscc=CODES[0], credits=credit(level)),
        make_subject("B", uscc=CODES[0]),
    ]
    places = cap_places(subjects, rule(), year=2026, on=DAY)
    assert [places[ref].is_exempt for ref in "AB"] == [free, free]


SITES = st.lists(
    st.tuples(st.sampled_from(CODES), st.integers(0, 2), st.sampled_from(["A", "A", "D"])),
    min_size=1,
    max_size=4,
)


def made_of(sites) -> RegisterSnapshot:
    subjects = [
        make_subject(f"S{n}", uscc=code, visited_on=MADE[:made], credits=credit(level))
        for n, (code, made, level) in enumerate(sites)
    ]
    return make_snapshot(*subjects)


def asked_of(snapshot: RegisterSnapshot, held: CapRule, owed: int, quota=KEY) -> PlanQuestion:
    refs = tuple(subject.ref for subject in snapshot.subjects)
    groups, firms = gathered([(quota, refs)], snapshot, held, Quarter(2026, 3))
    row = Owed(
        quota="key", label="重点", stratum=Stratum.KEY, ratio=Fraction(1, 4),
        base_count=len(refs), count=owed,
    )  # fmt: skip
    return PlanQuestion(
        quarters=("2026Q3", "2026Q4"), owed=(row,), groups=groups, firms=firms, cap=held.limit,
        joint_least=Fraction(0), tiered_least=Fraction(1, 2), untiered=0, seats=2, joint_seats=1,
        slots=(1000, 1000),
    )  # fmt: skip


def allowed(chosen, subjects: list[Subject], held: CapRule, once: bool) -> bool:
    """Whether a choice of single visits keeps every limit, counted site by site."""
    made, free = Counter(), set()
    for s in subjects:
        made[owner_of(s, held)] += len(s.visited_on)
        if s.credits[-1].level in held.exempt_credit:
            free.add(owner_of(s, held))
    for s, (third, fourth) in zip(subjects, chosen, strict=True):
        made[owner_of(s, held)] += third + fourth
        if once and len(s.visited_on) + third + fourth > 1 and third + fourth:
            return False
    grown = Counter()
    for s, visits in zip(subjects, chosen, strict=True):
        grown[owner_of(s, held)] += sum(visits)
    return all(made[o] <= held.limit or not grown[o] or o in free for o in made)


@settings(max_examples=150, deadline=None)
@given(SITES, st.integers(1, 3), st.booleans(), st.integers(0, 4), st.booleans())
def test_the_solver_equals_trying_every_single_visit(sites, limit, by_site, owed, once):
    snapshot, held = made_of(sites), rule(limit, by_site)
    subjects = list(snapshot.subjects)
    choices = itertools.product(itertools.product((0, 1), repeat=2), repeat=len(subjects))
    truth = any(
        all(sum(visits[q] for visits in chosen) >= owed for q in (0, 1))
        and allowed(chosen, subjects, held, once)
        for chosen in choices
    )
    found = solve(asked_of(snapshot, held, owed, ONCE if once else KEY))
    assert found.is_possible == truth
    if truth:
        assert found.visits == (owed, owed)


def test_two_sites_of_one_enterprise_do_not_have_the_cap_twice():
    snapshot = made_of([(CODES[0], 0, "A"), (CODES[0], 0, "A")])
    found = solve(asked_of(snapshot, rule(2), 2))
    assert found.conflict == (QUOTA + "key", CAP)
    assert solve(asked_of(snapshot, rule(2), 1)).is_possible
    assert solve(asked_of(snapshot, rule(2, by_site=True), 2)).is_possible


def test_where_nobody_may_be_visited_twice_the_conflict_says_so():
    snapshot = made_of([(CODES[0], 1, "A"), (CODES[1], 0, "A")])
    found = solve(asked_of(snapshot, rule(9), 1, ONCE))
    assert found.conflict == (QUOTA + "key", REPEAT)
    assert "还没有查过的只够 1 家次" in "".join(found.says)
