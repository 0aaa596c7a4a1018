"""Chance is as even as announced: tests of `draw.md` §3, and biased draws that must fail them.

Seeds are fixed, so the answers never change. The bounds stand for a false alarm of one in a
million for each test.
"""

import random
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from itertools import combinations
from math import sqrt

import pytest

from gongchou.core.canon import hash_of, tagged
from gongchou.core.draw import ranked, ticketer

SEEDS, SIZE, TAKEN = 20_000, 50, 7
PIDS = [f"9113{n:014}" for n in range(SIZE)]
KS_LIMIT, CHI_LIMIT, PAIR_LIMIT, OVERLAP_LIMIT = 2.69, 112, 6.2, 5.0
PERSONS = 12

Ticket = Callable[[str], bytes]
Drawer = Callable[[Ticket], list[str]]


def seed_of(number: int) -> bytes:
    return tagged(hash_of("sha256"), "test", number.to_bytes(8, "big"))


def fair(ticket: Ticket) -> list[str]:
    return list(ranked(ticket, PIDS)[:TAKEN])


def by_key(key: Callable[[bytes], object]) -> Drawer:
    """The first by something else than the ticket as it stands; ties by id, as in the draw."""
    return lambda ticket: sorted(PIDS, key=lambda pid: (key(ticket(pid)), pid))[:TAKEN]


def by_modulus(ticket: Ticket) -> list[str]:
    """One number for the whole draw and steps through the roster, as some systems do."""
    start = int.from_bytes(ticket("start")[:1], "big") % SIZE
    return [PIDS[(start + n) % SIZE] for n in range(TAKEN)]


def counted(drawer: Drawer) -> tuple[Counter[str], Counter[tuple[str, str]]]:
    """How often each object, and each pair of objects, was drawn."""
    ones: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    for number in range(SEEDS):
        drawn = drawer(ticketer(hash_of("sha256"), seed_of(number), "select"))
        ones.update(drawn)
        pairs.update(combinations(sorted(drawn), 2))
    return ones, pairs


def chi_square(ones: Counter[str]) -> Fraction:
    """Of the inclusion counts, corrected for drawing without putting back: 49 degrees."""
    mean = Fraction(SEEDS * TAKEN, SIZE)
    whole = sum(((ones[pid] - mean) ** 2 / mean for pid in PIDS), Fraction(0))
    return whole * (SIZE - 1) / SIZE / (1 - Fraction(TAKEN, SIZE))


def worst_pair(pairs: Counter[tuple[str, str]]) -> float:
    """The largest |z| of all pairs against k(k−1)/(n(n−1)), pairs never drawn included."""
    chance = TAKEN * (TAKEN - 1) / (SIZE * (SIZE - 1))
    spread = sqrt(SEEDS * chance * (1 - chance))
    return max(abs(pairs[p] - SEEDS * chance) / spread for p in combinations(PIDS, 2))


@pytest.fixture(scope="module")
def counts() -> tuple[Counter[str], Counter[tuple[str, str]]]:
    return counted(fair)


def kolmogorov(values: list[float]) -> float:
    """D·√n of values that should lie evenly between 0 and 1."""
    n = len(values)
    gaps = (max(v - i / n, (i + 1) / n - v) for i, v in enumerate(sorted(values)))
    return max(gaps) * sqrt(n)


def shares(profile: str, size: int) -> list[float]:
    ticket = ticketer(hash_of(profile), seed_of(1), "select")
    return [int.from_bytes(ticket(f"{n:022x}")[:7], "big") / 2**56 for n in range(size)]


@pytest.mark.parametrize(("profile", "size"), [("sha256", 100_000), ("sm3", 20_000)])
def test_tickets_lie_evenly(profile, size):
    assert kolmogorov(shares(profile, size)) < KS_LIMIT


def test_tickets_that_favour_small_numbers_a_little_are_found_out():
    assert kolmogorov([share**1.03 for share in shares("sha256", 100_000)]) > KS_LIMIT


def test_every_object_is_drawn_equally_often(counts):
    assert chi_square(counts[0]) < CHI_LIMIT


def test_all_1225_pairs_are_drawn_equally_often(counts):
    assert worst_pair(counts[1]) < PAIR_LIMIT


PLANTED: dict[str, Drawer] = {
    "only the first four bits count": by_key(lambda t: t[0] >> 4),
    "a remainder of the ticket": by_key(lambda t: t[0] % 10),
    "one friend is put back once in five": lambda ticket: sorted(
        PIDS, key=lambda p: (p == PIDS[3] and ticket("friend")[0] < 52, ticket(p))
    )[:TAKEN],
}


@pytest.mark.parametrize("bias", PLANTED)
def test_a_planted_bias_is_found_by_the_inclusion_counts(bias):
    assert chi_square(counted(PLANTED[bias])[0]) > CHI_LIMIT


def test_one_random_start_is_found_by_the_pairs():
    assert worst_pair(counted(by_modulus)[1]) > PAIR_LIMIT


WRONG_ORDERS: dict[str, Callable[[bytes], object]] = {
    "numbers below zero": lambda t: int.from_bytes(t, "big", signed=True),
    "little end first": lambda t: int.from_bytes(t, "little"),
    "as decimal text": lambda t: str(int.from_bytes(t, "big")),
    "truncated to one byte": lambda t: t[0],
}


@pytest.mark.parametrize("name", WRONG_ORDERS)
def test_even_a_fair_but_wrong_order_gives_another_list(name):
    """These pass statistics and would fail every verifier: the order is part of the protocol."""
    for number in range(20):
        ticket = ticketer(hash_of("sha256"), seed_of(number), "select")
        if by_key(WRONG_ORDERS[name])(ticket) != fair(ticket):
            return
    pytest.fail("twenty draws in the wrong order were all the same as in the right one")


def overlap_z(drawn: Callable[[bytes, bytes], int], trials: int = 3000) -> float:
    """How far the mean overlap of two draws lies from the hypergeometric one, in its spreads."""
    total = 0
    for number in range(trials):
        seed = seed_of(number)
        total += drawn(seed, bytes([seed[0] ^ 1]) + seed[1:])
    mean = TAKEN * TAKEN / SIZE
    spread = sqrt(mean * (1 - TAKEN / SIZE) * (SIZE - TAKEN) / (SIZE - 1) / trials)
    return abs(total / trials - mean) / spread


def overlap(one: bytes, other: bytes) -> int:
    first, second = (fair(ticketer(hash_of("sha256"), s, "select")) for s in (one, other))
    return len(set(first) & set(second))


def test_seeds_that_differ_in_one_bit_draw_independently():
    assert overlap_z(overlap) < OVERLAP_LIMIT


def test_seeds_of_which_one_bit_does_not_count_are_found_out():
    assert overlap_z(lambda one, other: overlap(one, one)) > OVERLAP_LIMIT


def test_dropping_rows_leaves_the_order_of_the_others():
    chance = random.Random(4)
    for number in range(50):
        ticket = ticketer(hash_of("sha256"), seed_of(number), "select")
        kept = set(chance.sample(PIDS, 20))
        whole = [pid for pid in ranked(ticket, PIDS) if pid in kept]
        assert list(ranked(ticket, kept)) == whole


def test_disjoint_shards_merged_give_the_whole_in_any_order():
    chance = random.Random(5)
    for number in range(50):
        ticket = ticketer(hash_of("sha256"), seed_of(number), "select")
        mixed = chance.sample(PIDS, SIZE)
        shards = [mixed[start::3] for start in range(3)]
        candidates = [pid for shard in shards for pid in ranked(ticket, shard)[:TAKEN]]
        assert list(ranked(ticket, candidates)[:TAKEN]) == fair(ticket)


def test_inspectors_who_stand_alike_have_the_same_odds():
    """Two of twelve for a visit: max/min of the odds, and six spreads as the bound."""
    trials, seats = 6000, Counter[int]()
    for number in range(trials):
        ticket = ticketer(hash_of("sha256"), seed_of(number), "assign")
        seats.update(int(i) for i in ranked(ticket, map(str, range(PERSONS)))[:2])
    chance = 2 / PERSONS
    spread = sqrt(trials * chance * (1 - chance))
    assert max(abs(seats[i] - trials * chance) for i in range(PERSONS)) < 6 * spread
    assert max(seats.values()) / min(seats.values()) < 1.2
