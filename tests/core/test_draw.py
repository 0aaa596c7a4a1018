"""Who is drawn: published values, fairness by statistics, and one ticket whoever else is listed."""

from collections import Counter
from fractions import Fraction
from itertools import combinations
from math import ceil, sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongchou.core import draw
from gongchou.core.canon import HASHES, canon, hash_of, tagged
from gongchou.core.draw_reading import read_record
from gongchou.core.draw_values import Rate, Rosters
from gongchou.core.refusals import Invalid
from tests.core.draw_samples import (
    CLOSING,
    EXAMPLES,
    PROFILES,
    VECTORS,
    make_announcement,
    make_reveals,
    make_rosters,
)

SHA256 = HASHES["sha256"]
SEED = bytes(range(32))
PIDS = [f"site-{i:03}" for i in range(50)]
IDS = st.lists(st.text("0123456789abcdef", min_size=22, max_size=22), unique=True, max_size=40)


def tickets(seed=SEED, profile="sha256"):
    return draw.ticketer(hash_of(profile), seed, "select")


# -- published values


@pytest.mark.parametrize("profile", PROFILES)
def test_commitments_announcement_and_seed_are_the_published_ones(profile):
    record, wanted = read_record(EXAMPLES[profile]), VECTORS[profile]
    a = record.announcement
    assert a.digest().hex() == wanted["announce"]
    assert a.commits[0][1] == wanted["commit_supervisor"]
    assert draw.revealed_seed(a, record.reveals, record.closing).hex() == wanted["seed"]
    row, salt = wanted["row0"], bytes.fromhex(wanted["row0_salt"])
    assert row[1] == draw.commitment(hash_of(profile), "object", salt, wanted["row0_private"])


@pytest.mark.parametrize("profile", PROFILES)
def test_keys_and_tickets_are_the_published_ones(profile):
    hash_, wanted = hash_of(profile), VECTORS[profile]
    seed, pid = bytes.fromhex(wanted["seed"]), "91130200MA00000007"
    assert tickets(seed, profile)(pid).hex() == wanted["ticket_of_91130200MA00000007"]
    for purpose in ("select", "order", "joint", "assign"):
        key = tagged(hash_, "DR1/key", seed, purpose.encode()).hex()[:32]
        assert key == wanted[f"key_{purpose}"]
        assert draw.ticketer(hash_, seed, purpose)("x") == hash_((key + "x").encode())


@pytest.mark.parametrize("profile", PROFILES)
def test_the_published_draw_comes_out_again(profile):
    record, wanted = read_record(EXAMPLES[profile]), VECTORS[profile]
    found = draw.conduct(record.announcement, record.rosters, record.reveals, record.closing)
    for stratum, (k, first) in wanted["drawn"].items():
        assert found.taken[stratum] == k
        assert list(found.order[stratum][: k + 1]) == first
    assert found.sealed == wanted["sealed"]


# -- seed


@pytest.mark.parametrize("k", range(3))
def test_one_bit_of_any_share_changes_the_seed(k):
    rosters, reveals = make_rosters(), make_reveals()
    announcement = make_announcement(rosters, reveals)
    shares = [reveal.share for reveal in reveals]
    seed = draw.seed_of(announcement, CLOSING, shares)
    shares[k] = bytes([shares[k][0] ^ 1]) + shares[k][1:]
    assert draw.seed_of(announcement, CLOSING, shares) != seed


def test_order_of_shares_closing_and_announcement_enter_the_seed():
    rosters, reveals = make_rosters(), make_reveals()
    announcement = make_announcement(rosters, reveals)
    shares = [reveal.share for reveal in reveals]
    other = make_announcement(rosters, reveals, draw="990173-2026Q4-002")
    seeds = {
        draw.seed_of(announcement, CLOSING, shares),
        draw.seed_of(announcement, CLOSING, shares[::-1]),
        draw.seed_of(announcement, CLOSING[:-1] + "2", shares),
        draw.seed_of(other, CLOSING, shares),
    }
    assert len(seeds) == 4


def test_a_share_that_was_not_promised_is_refused_by_role():
    rosters, reveals = make_rosters(), make_reveals()
    announcement = make_announcement(rosters, reveals)
    with pytest.raises(Invalid, match="现场监督"):
        draw.revealed_seed(announcement, [*make_reveals(2)[:1], *reveals[1:]], CLOSING)
    with pytest.raises(Invalid, match="各方"):
        draw.revealed_seed(announcement, reveals[::-1], CLOSING)


@pytest.mark.parametrize("closing", ["", CLOSING[:-1], CLOSING + "1", "7" * 25, "0" * 25])
def test_a_closing_value_against_its_rule_is_refused(closing):
    rosters, reveals = make_rosters(), make_reveals()
    with pytest.raises(Invalid, match="收口"):
        draw.revealed_seed(make_announcement(rosters, reveals), reveals, closing)


def test_lists_that_were_not_announced_are_refused():
    rosters, reveals = make_rosters(), make_reveals()
    announcement = make_announcement(rosters, reveals)
    fewer = Rosters(subjects=rosters.subjects[1:], inspectors=rosters.inspectors, avoid=())
    with pytest.raises(Invalid, match="名录"):
        draw.conduct(announcement, fewer, reveals, CLOSING)


# -- quota


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 500), st.integers(0, 150), st.integers(1, 120), st.integers(0, 20))
def test_the_quota_is_the_exact_fraction_rounded_up(n, num, den, floor):
    k = draw.drawn_count(Rate(num=num, den=den, floor=floor), n)
    assert k == min(n, max(ceil(Fraction(n * num, den)), floor))
    if n:
        assert draw.odds(Rate(num=num, den=den, floor=floor), n) == Fraction(k, n)


def test_seven_percent_of_whole_hundreds_is_not_rounded_twice():
    rate = Rate(num=7, den=100, floor=1)
    assert [draw.drawn_count(rate, n) for n in (0, 1, 100, 200, 300)] == [0, 1, 7, 14, 21]


@pytest.mark.parametrize(("share", "visits", "wanted"), [
    ((35, 100), 0, 0), ((35, 100), 11, 4), ((0, 1), 9, 0), ((3, 2), 9, 9), ((1, 3), 9, 3),
])  # fmt: skip
def test_joint_checks_are_rounded_up_and_never_more_than_visits(share, visits, wanted):
    assert draw.joint_count(share, visits) == wanted


# -- one ticket, whoever else is listed


@settings(max_examples=60, deadline=None)
@given(IDS, st.data())
def test_dropping_rows_leaves_the_order_of_the_others(pids, data):
    kept = [pid for pid in pids if data.draw(st.booleans())]
    whole = draw.ranked(tickets(), pids)
    assert draw.ranked(tickets(), kept) == tuple(pid for pid in whole if pid in set(kept))


@settings(max_examples=60, deadline=None)
@given(IDS, st.randoms(use_true_random=False))
def test_the_order_of_input_does_not_matter(pids, chance):
    shuffled = list(pids)
    chance.shuffle(shuffled)
    assert draw.ranked(tickets(), shuffled) == draw.ranked(tickets(), pids)


@settings(max_examples=60, deadline=None)
@given(IDS, st.integers(1, 5), st.integers(0, 10))
def test_shards_drawn_apart_and_merged_are_the_whole_draw(pids, shards, k):
    candidates = [pid for s in range(shards) for pid in draw.ranked(tickets(), pids[s::shards])[:k]]
    assert draw.ranked(tickets(), candidates)[:k] == draw.ranked(tickets(), pids)[:k]


@pytest.mark.parametrize("seed", range(5))
def test_note_23_joint_are_the_first_of_one_random_order_among_those_that_can_be(seed):
    rosters = make_rosters(seed=seed)
    announcement = make_announcement(rosters, make_reveals(), joint_share=(35, 100))
    made = draw.outcome_of_seed(announcement, rosters, SEED)
    items = {row.pid: row.items for row in rosters.subjects}
    drawn = [visit.pid for visit in made.visits]
    can_be = [pid for pid in drawn if len(items[pid]) >= 2]
    order = draw.ranked(draw.ticketer(hash_of("sha256"), SEED, "joint"), can_be)
    owed = min(len(can_be), ceil(Fraction(35, 100) * len(drawn)))
    joint = {visit.pid for visit in made.visits if len(visit.parts) == 2}
    assert joint == set(order[:owed])


@settings(max_examples=60, deadline=None)
@given(IDS.filter(bool), st.integers(0, 39))
def test_the_substitute_is_the_next_ticket(pids, k):
    order = draw.ranked(tickets(), pids)
    out = order[k % len(order)]
    rest = draw.ranked(tickets(), [pid for pid in pids if pid != out])
    assert rest == tuple(pid for pid in order if pid != out)


def test_equal_tickets_are_settled_by_id():
    assert draw.ranked(lambda pid: pid[:1].encode(), ["b2", "a2", "a1"]) == ("a1", "a2", "b2")


@pytest.mark.parametrize("n", [0, 1, 2, 40])
def test_whatever_its_size_a_roster_can_be_drawn(n):
    rosters, reveals = make_rosters(n=n), make_reveals()
    found = draw.conduct(make_announcement(rosters, reveals), rosters, reveals, CLOSING)
    assert sum(found.taken.values()) == len(found.visits) >= min(n, 1)
    assert len(canon(found.order)) > 0
    for stratum, pids in found.order.items():
        assert (found.last[stratum] == "") == (not pids)


# -- fairness; fixed seeds, thresholds beyond one in a million


def uniform(ticket):
    return int.from_bytes(ticket[:8], "big") / 2**64


def distance(values):
    """The Kolmogorov–Smirnov statistic against the uniform distribution, times √n."""
    ordered, n = sorted(values), len(values)
    return sqrt(n) * max(max((i + 1) / n - x, x - i / n) for i, x in enumerate(ordered))


def drawings(profile, ticket_of=None, times=20_000, k=7):
    """Sets of k of fifty under so many seeds."""
    for i in range(times):
        ticket = tickets(i.to_bytes(32, "big"), profile)
        rank = ticket_of(ticket) if ticket_of else ticket
        yield sorted(PIDS, key=rank)[:k]


def chi_square(drawn, times=20_000, k=7):
    """Of the counts of inclusion: 49 degrees of freedom after the factor (n−1)/n."""
    counts, n = Counter(pid for pids in drawn for pid in pids), len(PIDS)
    wanted = times * k / n
    spread = wanted * (1 - k / n)
    return (n - 1) / n * sum((counts[pid] - wanted) ** 2 for pid in PIDS) / spread


@pytest.mark.parametrize("profile", PROFILES)
def test_tickets_are_uniform(profile):
    ticket = tickets(SEED, profile)
    assert distance([uniform(ticket(str(i))) for i in range(100_000)]) < 2.69


@pytest.mark.parametrize("profile", PROFILES)
def test_everybody_and_every_pair_is_drawn_equally_often(profile):
    drawn = list(drawings(profile))
    assert chi_square(drawn) < 112
    pairs = Counter(pair for pids in drawn for pair in combinations(sorted(pids), 2))
    p = 7 * 6 / (50 * 49)
    spread = sqrt(20_000 * p * (1 - p))
    assert max(abs(pairs[pair] - 20_000 * p) / spread for pair in combinations(PIDS, 2)) < 6.2


def test_planted_favours_are_found_by_the_same_statistics():
    def spare_first(ticket):
        return lambda pid: max(ticket(pid), ticket("again")) if pid == PIDS[0] else ticket(pid)

    assert chi_square(drawings("sha256", spare_first, times=20_000)) > 112
    ticket = tickets()
    assert distance([uniform(ticket(str(i))) ** 1.05 for i in range(100_000)]) > 2.69


def test_a_ticket_cut_to_its_first_digit_is_found():
    def cut(ticket):
        return lambda pid: int(ticket(pid).hex()[0], 16) % 10

    assert chi_square(drawings("sha256", cut, times=20_000)) > 112


def test_seeds_that_differ_by_one_bit_draw_independently():
    overlaps = []
    for i in range(2_000):
        seed = i.to_bytes(32, "big")
        other = bytes([seed[0] ^ (1 << i % 8), *seed[1:]])
        a, b = (set(sorted(PIDS, key=tickets(s))[:7]) for s in (seed, other))
        overlaps.append(len(a & b))
    mean, variance = 7 * 7 / 50, 7 * 0.14 * 0.86 * 43 / 49
    assert abs(sum(overlaps) / 2_000 - mean) < 5 * sqrt(variance / 2_000)
