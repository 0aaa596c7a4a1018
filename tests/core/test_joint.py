"""DR2: the vectors, equal chances, overlap as large as can be, and what is refused."""

import json
import random
from collections import Counter
from dataclasses import replace
from math import sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongchou.core.canon import hash_of, tagged
from gongchou.core.draw import head, ranked
from gongchou.core.draw_reading import freeze_lists
from gongchou.core.draw_record import is_valid
from gongchou.core.draw_values import Rate
from gongchou.core.joint import (
    conduct,
    outcome_of_seed,
    substitute,
    ticketer,
)
from gongchou.core.joint_record import build_joint_record, read_joint_record, verify_joint
from gongchou.core.joint_values import joint_count
from gongchou.core.pairing import NoTeam
from gongchou.core.refusals import Invalid

from .draw_samples import CLOSING, forged, make_person, make_reveals, make_row
from .joint_calculation import SPEC, published, vectors
from .joint_samples import make_joint_announcement, make_joint_record, make_lists

PUBLISHED = json.loads(SPEC.read_text("utf-8"))
HASH = hash_of("sha256")


def samples_of(outcome):
    return [{visit.pid for visit in own.visits} for own in outcome.lists]


# -- the text and its vectors


def test_the_published_vectors_are_those_of_the_calculation_from_the_text():
    assert published(vectors()) == SPEC.read_text("utf-8")


@pytest.mark.parametrize("profile", ["sha256", "sm3"])
def test_the_core_computes_the_published_record_of_either_profile(profile):
    values, record = PUBLISHED[profile]["values"], PUBLISHED[profile]["record"]
    read = read_joint_record(record)
    made = build_joint_record(
        read.announcement,
        read.lists,
        reveals=read.reveals,
        closing=read.closing,
        substitutions=read.substitutions,
    )
    assert made == record
    assert read.announcement.digest().hex() == values["announcement"]
    first = outcome_of_seed(read.announcement, read.lists, bytes.fromhex(values["seed"]))
    assert [visit.plain() for visit in first.visits] == values["first_visits"]
    assert is_valid(verify_joint(record, announcement=values["announcement"]))


# -- nobody's chance changes


@settings(max_examples=40, deadline=None)
@given(number=st.integers(0, 10**9))
def test_a_departments_sample_is_that_of_its_own_list_alone(number):
    """The others' lists, rates and number do not enter: the chance is k/n as ever."""
    chance = random.Random(number)
    lists, reveals = make_lists(chance), make_reveals()
    announcement = make_joint_announcement(lists, reveals=reveals)
    seed = chance.randbytes(32)
    outcome = outcome_of_seed(announcement, lists, seed)
    ticket = ticketer(HASH, seed, "select")
    for d, sample in enumerate(samples_of(outcome)):
        rates, wanted = announcement.departments[d].rates, set()
        for stratum, rate in rates.items():
            pids = [row.pid for row in lists[d].subjects if row.stratum == stratum]
            k = min(len(pids), max(-(-len(pids) * rate.num // rate.den), rate.floor))
            wanted |= set(ranked(ticket, pids)[:k])
        assert sample == wanted


@settings(max_examples=40, deadline=None)
@given(number=st.integers(0, 10**9), turn=st.randoms(use_true_random=False))
def test_the_order_in_which_rows_come_in_changes_nothing(number, turn):
    chance = random.Random(number)
    lists = make_lists(chance)
    mixed = []
    for rosters in lists:
        parts = [list(rosters.subjects), list(rosters.inspectors), list(rosters.avoid)]
        for part in parts:
            turn.shuffle(part)
        mixed.append(freeze_lists(*parts))
    announcement = make_joint_announcement(lists)
    seed = chance.randbytes(32)
    assert outcome_of_seed(announcement, lists, seed) == outcome_of_seed(announcement, mixed, seed)


def two_over_one_pool(n=40):
    rows = [make_row("sha256", i, stratum="S") for i in range(n)]
    staff = [
        [make_person("sha256", 100 * d + i, org=org) for i in range(2)]
        for d, org in ((1, "执法大队"), (2, "市场监管"))
    ]
    lists = [freeze_lists(rows, people, []) for people in staff]
    rates = [Rate(num=10, den=n, floor=0), Rate(num=6, den=n, floor=0)]
    announcement = make_joint_announcement(lists, rates, needs=[(1, 0), (1, 0)])
    return lists, announcement


def drawn_apart(seed, pids, k1, k2):
    """The planted control: each department by a key of its own."""
    one, two = (ticketer(HASH, seed, f"select.{d}") for d in range(2))
    return set(ranked(one, pids)[:k1]), set(ranked(two, pids)[:k2])


def overlaps(draws=300):
    lists, announcement = two_over_one_pool()
    pids = [row.pid for row in lists[0].subjects]
    common, apart, counts = [], [], [Counter(), Counter()]
    for number in range(draws):
        seed = tagged(HASH, "test", number.to_bytes(8, "big"))
        one, two = samples_of(outcome_of_seed(announcement, lists, seed))
        counts[0].update(one)
        counts[1].update(two)
        common.append(len(one & two))
        apart.append(len(set.intersection(*drawn_apart(seed, pids, 10, 6))))
    return common, apart, counts


def test_over_equal_pools_the_overlap_is_the_smaller_sample_and_each_chance_stays():
    """10 and 6 of 40: overlap 6 always; drawn apart 1.5 on average, which must not pass."""
    common, apart, counts = overlaps()
    assert set(common) == {6}
    mean, variance = 10 * 6 / 40, 10 * 6 / 40 * (30 / 40) * (34 / 39)
    error = sqrt(variance / len(apart))
    assert abs(sum(apart) / len(apart) - mean) < 5 * error
    assert sum(common) / len(common) > mean + 5 * error
    for counted, k in zip(counts, (10, 6), strict=True):
        share, draws = k / 40, len(common)
        bound = 5 * sqrt(draws * share * (1 - share))
        assert len(counted) == 40
        assert all(abs(n - draws * share) < bound for n in counted.values())


def cells(lists, samples, a, b):
    """Of each pair of strata: how many of the common sites each department drew, and both."""
    one = {row.pid: row.stratum for row in lists[a].subjects}
    two = {row.pid: row.stratum for row in lists[b].subjects}
    for pair in {(one[pid], two[pid]) for pid in one.keys() & two.keys()}:
        cell = {pid for pid in one.keys() & two.keys() if (one[pid], two[pid]) == pair}
        x, y = samples[a] & cell, samples[b] & cell
        yield len(x), len(y), len(x & y)


@settings(max_examples=60, deadline=None)
@given(number=st.integers(0, 10**9))
def test_in_every_pair_of_strata_no_larger_overlap_is_possible(number):
    chance = random.Random(number)
    lists = make_lists(chance)
    announcement = make_joint_announcement(lists)
    samples = samples_of(outcome_of_seed(announcement, lists, chance.randbytes(32)))
    for a, b in ((0, 1), (0, 2), (1, 2)):
        for x, y, both in cells(lists, samples, a, b):
            assert both == min(x, y)


def test_draws_apart_do_not_reach_the_largest_overlap():
    """The control of the test above: its own question must be able to say no."""
    lists, _ = two_over_one_pool()
    pids = [row.pid for row in lists[0].subjects]
    samples = drawn_apart(tagged(HASH, "test", b"7"), pids, 10, 6)
    assert any(both != min(x, y) for x, y, both in cells(lists, samples, 0, 1))


# -- edges


def test_departments_without_a_common_site_make_a_valid_record_without_joint_visits():
    rows = [make_row("sha256", i, stratum="S") for i in range(20)]
    staff = [
        [make_person("sha256", 100 * d + i, org=org) for i in range(2)]
        for d, org in ((1, "执法大队"), (2, "市场监管"))
    ]
    lists = [freeze_lists(rows[:10], staff[0], []), freeze_lists(rows[10:], staff[1], [])]
    reveals = make_reveals()
    announcement = make_joint_announcement(lists, reveals=reveals, needs=[(1, 0), (1, 0)])
    outcome = conduct(announcement, lists, reveals, CLOSING)
    assert joint_count(outcome.visits) == 0
    record = build_joint_record(announcement, lists, reveals=reveals, closing=CLOSING)
    assert is_valid(verify_joint(record))


def test_a_site_of_one_register_only_is_visited_by_that_department_alone():
    record = make_joint_record(outs=0, sites=60)
    second = {row[0] for row in record["departments"][1]["roster"]}
    third = {row[0] for row in record["departments"][2]["roster"]}
    alone = [parts for pid, parts in record["visits"] if pid not in second | third]
    assert alone
    assert all([d for d, _ in parts] == [0] for parts in alone)


def test_an_excused_site_is_replaced_for_each_department_and_never_returns():
    lists, reveals = make_lists(random.Random(5)), make_reveals()
    announcement = make_joint_announcement(lists, reveals=reveals, needs=[(1, 0)] * 3)
    outcome = conduct(announcement, lists, reveals, CLOSING)
    sizes = [len(own.visits) for own in outcome.lists]
    reserve = [sum(len(own.order[s]) - own.taken[s] for s in own.order) for own in outcome.lists]
    gone = set()
    for _ in range(3):
        visit = next(visit for visit in outcome.visits if visit.is_joint)
        gone.add(visit.pid)
        outcome = substitute(outcome, announcement, lists, visit.pid)
        assert not gone & {visit.pid for visit in outcome.visits}
    assert all(r > 3 for r in reserve)
    assert [len(own.visits) for own in outcome.lists] == sizes
    union = {visit.pid for own in outcome.lists for visit in own.visits}
    assert union == {visit.pid for visit in outcome.visits}


def test_what_is_not_in_the_list_cannot_be_excused():
    lists, reveals = make_lists(random.Random(5)), make_reveals()
    announcement = make_joint_announcement(lists, reveals=reveals, needs=[(1, 0)] * 3)
    outcome = conduct(announcement, lists, reveals, CLOSING)
    with pytest.raises(Invalid, match="不在当前检查名单中"):
        substitute(outcome, announcement, lists, "abc")


def test_one_site_under_two_commitments_is_refused():
    lists = make_lists(random.Random(3))
    row = lists[1].subjects[0]
    other = replace(row, commitment=row.pid + "0" * 42)
    subjects = (other, *lists[1].subjects[1:])
    changed = [lists[0], replace(lists[1], subjects=subjects), lists[2]]
    announcement = make_joint_announcement(changed)
    with pytest.raises(Invalid, match="编号和承诺应当相同"):
        conduct(announcement, changed, make_reveals(), CLOSING)


def test_one_person_in_two_departments_is_refused():
    lists = make_lists(random.Random(3))
    people = sorted([*lists[1].inspectors, lists[0].inspectors[0]], key=lambda person: person.iid)
    changed = [lists[0], replace(lists[1], inspectors=tuple(people)), lists[2]]
    announcement = make_joint_announcement(changed)
    with pytest.raises(Invalid, match="不得列入两个部门"):
        conduct(announcement, changed, make_reveals(), CLOSING)


def test_a_department_without_people_leaves_the_draw_without_teams():
    lists = make_lists(random.Random(3))
    empty = freeze_lists(lists[2].subjects, [], [])
    changed = [lists[0], lists[1], empty]
    with pytest.raises(NoTeam):
        conduct(make_joint_announcement(changed), changed, make_reveals(), CLOSING)


def test_a_list_other_than_the_announced_one_is_named_with_its_department():
    lists = make_lists(random.Random(3))
    announcement = make_joint_announcement(lists)
    shorter = freeze_lists(lists[1].subjects[1:], lists[1].inspectors, [])
    assert head(HASH, shorter.subjects) != announcement.departments[1].roster
    with pytest.raises(Invalid, match="部门 990181：名录与公告的根不符"):
        conduct(announcement, [lists[0], shorter, lists[2]], make_reveals(), CLOSING)


# -- forgery


def test_a_changed_value_anywhere_is_found():
    record, chance = make_joint_record(seed=4), random.Random(9)
    assert is_valid(verify_joint(record))
    for _ in range(250):
        where, changed = forged(record, chance)
        if changed != record:
            assert not is_valid(verify_joint(changed)), where
