"""What the product promises in figures, counted: printed chances, the last honest share, teams.

Seeds are fixed, so the answers never change. Three spreads let a true chance fail once in 370;
over the 24 chances compared here that would be once in 16 choices of the seed. Each count has its
control: the same count over a draw with a planted bias must fail.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import combinations
from math import comb, sqrt

import pytest

from gongchou.core.allocation import Known, allocate
from gongchou.core.canon import hash_of
from gongchou.core.draw import outcome_of_seed, ranked, seed_of, ticketer
from gongchou.core.draw_reading import freeze_lists
from gongchou.core.draw_values import Announcement, AvoidRow, Rate, Rosters, TeamRule
from gongchou.core.estimate import Sampled, estimate
from gongchou.core.terms import Stratum
from tests.core.draw_samples import (
    CLOSING,
    make_announcement,
    make_person,
    make_reveals,
    make_row,
)

Scene = tuple[Announcement, Rosters]

# -- N4: the chance on the slip is how often it happens, in every class under every set of limits

CLASSES = {
    "K": (9, Rate(num=25, den=100, floor=1)),
    "S": (5, Rate(num=65, den=100, floor=1)),
    "G": (14, Rate(num=3, den=100, floor=1)),
    "L": (3, Rate(num=0, den=1, floor=2)),
}
DRAWS, SPREADS = 500, 3


def scene(*, people: int = 8, avoid: int = 0, experts: int = 0, joint: int = 0, **limit) -> Scene:
    sizes = [(stratum, n) for stratum, (n, _) in CLASSES.items()]
    strata = [stratum for stratum, n in sizes for _ in range(n)]
    rows = [
        make_row("sha256", i, stratum=s, specialty=("air", "water")[i % 2])
        for i, s in enumerate(strata)
    ]
    staff = [make_person("sha256", i, org="zd" if i < people else "kz") for i in range(people + 3)]
    staff = [replace(p, **limit) if i % 4 == 0 else p for i, p in enumerate(staff)]
    barred = [
        AvoidRow(iid=staff[i % people].iid, pid=row.pid, reason="kin", salt="ab" * 16)
        for i, row in enumerate(rows[:avoid])
    ]
    rosters = freeze_lists(rows, staff, barred)
    rates = {stratum: rate for stratum, (_, rate) in CLASSES.items()}
    team = TeamRule(org="zd", need=2, experts=experts)
    given = {"rates": rates, "team": team, "joint_share": (joint, 100)}
    return make_announcement(rosters, make_reveals(), **given), rosters


LIMITS: dict[str, Scene] = {
    "none": scene(),
    "recusals": scene(avoid=20),
    "areas": scene(areas=()),
    "experts": scene(experts=1, specialties=("air",)),
    "caps": scene(people=12, cap=2),
    "all, with joint checks": scene(people=12, avoid=20, experts=1, joint=35, areas=()),
}


def frequencies(found: Scene, seed: int) -> tuple[Counter[str], Mapping[str, Fraction]]:
    """How often each object was drawn, and the chance printed for each class."""
    announcement, rosters = found
    chance, seen = random.Random(seed), Counter[str]()
    for _ in range(DRAWS):
        outcome = outcome_of_seed(announcement, rosters, chance.randbytes(32))
        seen.update(visit.pid for visit in outcome.visits)
    return seen, outcome.chances


def strays(seen: int, p: float, trials: int = DRAWS) -> bool:
    """Whether a count lies more than three spreads from what a printed chance says."""
    return abs(seen - trials * p) > SPREADS * sqrt(trials * p * (1 - p))


def of_class(rosters: Rosters, stratum: str) -> str:
    return next(row.pid for row in rosters.subjects if row.stratum == stratum)


@pytest.mark.parametrize("name", LIMITS)
def test_n4_the_printed_chance_is_the_frequency_in_every_class(name):
    seen, printed = frequencies(LIMITS[name], seed=20260105)
    for stratum in CLASSES:
        pid = of_class(LIMITS[name][1], stratum)
        assert not strays(seen[pid], float(printed[stratum])), (stratum, seen[pid])


def test_n4_control_a_friend_let_off_once_in_four_is_seen():
    seen, printed = frequencies(LIMITS["none"], seed=20260105)
    pid = of_class(LIMITS["none"][1], "S")
    assert strays(seen[pid] * 3 // 4, float(printed["S"]))


# -- N1: who holds all contributions but one gains nothing

TRIALS, ROWS, TAKEN = 100_000, [f"{n:022x}" for n in range(12)], 3
# Chi-square with 11 degrees lies above this once in a million fair runs.
CHI_LIMIT = 50


def chi_square(seen: Counter[str], trials: int) -> float:
    """Of inclusion counts, corrected for drawing without putting back."""
    size, mean = len(ROWS), trials * TAKEN / len(ROWS)
    whole = sum((seen[pid] - mean) ** 2 / mean for pid in ROWS)
    return whole * (size - 1) / size / (1 - TAKEN / size)


def drawn_by(announcement: Announcement, mine: bytes, honest: bytes) -> tuple[str, ...]:
    seed = seed_of(announcement, CLOSING, [mine, honest, b"system".ljust(32)])
    return ranked(ticketer(hash_of("sha256"), seed, "select"), ROWS)[:TAKEN]


def ground(announcement: Announcement, honest: bytes, chance: random.Random) -> bytes:
    """Of many own shares the one that draws the target, had the honest one been this."""
    tries = (chance.randbytes(32) for _ in range(500))
    return next(mine for mine in tries if ROWS[0] in drawn_by(announcement, mine, honest))


@pytest.fixture(scope="module")
def announced() -> Announcement:
    return LIMITS["none"][0]


def test_n1_all_shares_but_one_in_one_hand_gain_nothing_in_100_000_draws(announced, monkeypatch):
    digest, chance, seen = announced.digest(), random.Random(1), Counter[str]()
    monkeypatch.setattr(Announcement, "digest", lambda self: digest)
    best = ground(announced, chance.randbytes(32), chance)
    for _ in range(TRIALS):
        seen.update(drawn_by(announced, best, chance.randbytes(32)))
    assert chi_square(seen, TRIALS) < CHI_LIMIT
    assert not strays(seen[ROWS[0]], TAKEN / len(ROWS), TRIALS)


def test_n1_control_who_knows_the_last_share_wins_and_is_seen(announced):
    chance, seen = random.Random(1), Counter[str]()
    for _ in range(100):
        honest = chance.randbytes(32)
        seen.update(drawn_by(announced, ground(announced, honest, chance), honest))
    assert seen[ROWS[0]] == 100
    assert chi_square(seen, 100) > CHI_LIMIT


# -- D2: every allowed pair of officers meets, and equally often

PAIR_DRAWS, PAIR_SPREADS = 1500, 5
Pairs = Counter[frozenset[str]]


def pairs_of(found: Scene, *, pairing: Callable[[int], Iterable[int]] | None = None) -> Pairs:
    """The pairs that drawing brings together at the first visit."""
    announcement, rosters = found
    chance, met = random.Random(2), Pairs()
    for number in range(PAIR_DRAWS):
        seed = chance.randbytes(32)
        team = pairing(number) if pairing else outcome_of_seed(
            announcement, rosters, seed).visits[0].parts[0]  # fmt: skip
        met[frozenset(rosters.inspectors[i].iid for i in team)] += 1
    return met


def one_visit(*, barred: int = 0) -> Scene:
    rows = [make_row("sha256", 0, items=())]
    people = [make_person("sha256", i) for i in range(7)]
    avoid = [AvoidRow(iid=p.iid, pid=rows[0].pid, reason="kin", salt="ab" * 16)
             for p in people[:barred]]  # fmt: skip
    rosters = freeze_lists(rows, people, avoid)
    rates, team = {"G": Rate(num=1, den=1, floor=1)}, TeamRule(org="zd", need=2, experts=0)
    return make_announcement(rosters, make_reveals(), rates=rates, team=team), rosters


def uneven(met: Pairs, allowed: list[frozenset[str]]) -> list[frozenset[str]]:
    p = 1 / len(allowed)
    bound = PAIR_SPREADS * sqrt(PAIR_DRAWS * p * (1 - p))
    return [pair for pair in allowed if abs(met[pair] - PAIR_DRAWS * p) > bound]


@pytest.mark.parametrize("barred", [0, 2])
def test_d2_every_allowed_pair_is_reached_and_equally_often(barred):
    found = one_visit(barred=barred)
    out = {row.iid for row in found[1].avoid}
    free = [p.iid for p in found[1].inspectors if p.iid not in out]
    allowed, met = [frozenset(pair) for pair in combinations(free, 2)], pairs_of(found)
    assert len(allowed) == comb(7 - barred, 2)
    assert set(met) == set(allowed)
    assert uneven(met, allowed) == []


def test_d2_control_pairing_neighbours_in_the_list_leaves_pairs_out():
    found = one_visit()
    allowed = [frozenset(pair) for pair in combinations([p.iid for p in found[1].inspectors], 2)]
    met = pairs_of(found, pairing=lambda number: (number % 7, (number + 1) % 7))
    assert set(met) < set(allowed)
    assert len(uneven(met, allowed)) > 10


# -- N7: the interval holds the truth, the proposal makes it narrower

POPULATIONS = 2000
SIZES = ((300, 45), (90, 26), (120, 30))


def held(seed: int, *, shrink: Fraction = Fraction(1)) -> float:
    """The share of simulated populations whose true number lies in the interval told."""
    chance, inside = random.Random(seed), 0
    for _ in range(POPULATIONS):
        size, checked = chance.choice(SIZES)
        there = round(size * chance.uniform(0.1, 0.5))
        found = sum(n < there for n in chance.sample(range(size), checked))
        told = estimate([Sampled(name="K", size=size, checked=checked, problems=found)])
        low = told.estimate - shrink * (told.estimate - told.low)
        high = told.estimate + shrink * (told.high - told.estimate)
        inside += low <= there <= high
    return inside / POPULATIONS


def test_n7_the_interval_holds_the_truth_in_93_to_97_of_100_populations():
    assert 0.93 <= held(7) <= 0.97


def test_n7_control_an_interval_a_quarter_narrower_is_found_out():
    assert held(7, shrink=Fraction(3, 4)) < 0.93


TRUE_RATES = {
    Stratum.KEY: (60, 0.5),
    Stratum.SPECIAL: (40, 0.3),
    Stratum.GENERAL_UNLISTED: (300, 0.03),
}
VISITS, FLOOR, QUARTERS = 60, 5, 500


def squared_error(counts: Mapping[Stratum, int], chance: random.Random) -> float:
    """Of one held-out quarter: a fresh population, checked with these counts, then estimated."""
    error = 0.0
    for stratum, (size, rate) in TRUE_RATES.items():
        there = sum(chance.random() < rate for _ in range(size))
        found = sum(n < there for n in chance.sample(range(size), counts[stratum]))
        error += found * size / counts[stratum] - there
    return error**2


def proposed(chance: random.Random) -> dict[Stratum, int]:
    """What a first quarter, checked in proportion to size, makes the product propose."""
    known = []
    for stratum, (size, rate) in TRUE_RATES.items():
        checked = max(FLOOR, VISITS * size // 400)
        problems = sum(chance.random() < rate for _ in range(checked))
        counted = {"size": size, "checked": checked, "problems": problems, "floor": FLOOR}
        known.append(Known(stratum=stratum, **counted))
    return {share.known.stratum: share.count for share in allocate(known, VISITS)}


def mean_error(plan: Callable[[random.Random], Mapping[Stratum, int]]) -> float:
    chance = random.Random(11)
    return sum(squared_error(plan(chance), chance) for _ in range(QUARTERS)) / QUARTERS


def test_n7_the_proposal_lowers_the_error_of_quarters_it_has_not_seen():
    even = dict.fromkeys(TRUE_RATES, VISITS // 3)
    assert mean_error(proposed) < mean_error(lambda chance: even)


def test_n7_control_visits_spent_where_little_is_unknown_raise_the_error():
    even = dict.fromkeys(TRUE_RATES, VISITS // 3)
    askew = {Stratum.KEY: 15, Stratum.SPECIAL: 40, Stratum.GENERAL_UNLISTED: FLOOR}
    assert mean_error(lambda chance: askew) > mean_error(lambda chance: even)
