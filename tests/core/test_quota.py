"""How many are owed: exact on, below and above every limit."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongchou.core.classify import classify
from gongchou.core.quota import (
    decimal,
    draw_strata,
    plan_strata,
    quarter_count,
    required_count,
    rotation_counts,
)
from gongchou.core.refusals import NoRule
from gongchou.core.terms import CreditLevel, PermitCategory, Stratum
from gongchou.core.workdays import Quarter
from gongchou.law.load import load_profile
from tests.factories import SNAPSHOT_DAY, make_snapshot, make_subject, penalised, rated

PROFILE = load_profile("tangshan_gaoxin_2024")
RATIOS = [Fraction(p, 100) for p in (3, 7, 25, 35, 65, 85, 100)]


@pytest.mark.parametrize("ratio", RATIOS)
def test_note_12_never_below_the_ratio_and_less_than_one_above(ratio):
    for base in range(201):
        owed = required_count(ratio, base)
        assert ratio * base <= owed < ratio * base + 1


@pytest.mark.parametrize(
    ("percent", "base", "owed"),
    [(25, 1, 1), (25, 11, 3), (25, 12, 3), (25, 13, 4), (65, 8, 6), (65, 20, 13), (3, 33, 1),
     (3, 34, 2), (3, 100, 3), (7, 100, 7), (100, 7, 7), (25, 0, 0)],
)  # fmt: skip
def test_note_12_known_counts(percent, base, owed):
    assert required_count(Fraction(percent, 100), base) == owed


def test_note_17_the_worked_example_of_the_reserve():
    assert rotation_counts(30, 120, 90, Fraction(1, 2)) == (26, 4)


@pytest.mark.parametrize(
    ("share", "expected"),
    [(Fraction(0), (23, 7)), (Fraction(4, 5), (29, 1)), (Fraction(1), (30, 0))],
)
def test_note_17_none_most_or_all_of_the_quota_reserved(share, expected):
    assert rotation_counts(30, 120, 90, share) == expected


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 20), st.integers(1, 20))
def test_note_17_the_reserve_keeps_the_quota_and_the_sizes(fresh, visited, num, den):
    n = fresh + visited
    for k in range(0, n + 1, max(1, n // 7)):
        a, b = rotation_counts(k, n, fresh, Fraction(min(num, den), den))
        assert a + b == k
        assert 0 <= a <= fresh
        assert 0 <= b <= visited
        assert Fraction(a, fresh or 1) >= Fraction(b, visited or 1) or a == fresh


def snapshot_of(keys=0, specials=0, others=0, visited=0):
    subjects = [
        make_subject(
            f"K{i:03}",
            permit_category=PermitCategory.KEY,
            visited_on=(date(2026, 2, 3),) if i < visited else (),
        )
        for i in range(keys)
    ]
    subjects += [make_subject(f"T{i:03}", credits=(rated(CreditLevel.D),)) for i in range(specials)]
    subjects += [make_subject(f"Y{i:03}") for i in range(others)]
    return make_snapshot(*subjects)


def test_note_13_an_empty_stratum_owes_nothing_and_says_so():
    quarter = Quarter(2026, 1)
    rows = plan_strata(classify(snapshot_of(keys=11), PROFILE, quarter), PROFILE, SNAPSHOT_DAY)
    by = {row.stratum: row for row in rows}
    assert by[Stratum.KEY].required_count == 3
    assert by[Stratum.KEY].why == "基数 11 家 × 25% = 2.75，进一为 3 家。"
    assert by[Stratum.SPECIAL].required_count == 0
    assert by[Stratum.SPECIAL].why.startswith("本季度无")
    assert by[Stratum.GENERAL_LISTED].is_offsite


def test_the_draw_splits_rotated_strata_by_earlier_visits():
    quarter = Quarter(2026, 2)
    snapshot = snapshot_of(keys=120, specials=20, others=34, visited=30)
    subjects = {subject.ref: subject for subject in snapshot.subjects}
    strata = draw_strata(classify(snapshot, PROFILE, quarter), subjects, PROFILE, quarter)
    assert {s.name: (s.count, len(s.members)) for s in strata} == {
        "special": (13, 20),
        "key.fresh": (26, 90),
        "key.visited": (4, 30),
        "general_unlisted.fresh": (2, 34),
    }


def parted(subjects):
    quarter = Quarter(2026, 2)
    snapshot = make_snapshot(*subjects)
    by_ref = {subject.ref: subject for subject in subjects}
    strata = draw_strata(classify(snapshot, PROFILE, quarter), by_ref, PROFILE, quarter)
    return {stratum.name: (stratum.count, len(stratum.members)) for stratum in strata}


VISITED = {"visited_on": (date(2026, 2, 3),)}


def test_note_17_the_general_ones_have_the_same_reserve():
    # 3 % of 100 are 3; half, so 2, are kept for the 60 not yet visited; of the third place
    # 1 × (60 − 2) / (100 − 2) falls to them, rounded up to 1.
    seen = [make_subject(f"Y{i}", **VISITED) for i in range(40)]
    found = parted([*seen, *(make_subject(f"Z{i}") for i in range(60))])
    assert found == {"general_unlisted.fresh": (3, 60), "general_unlisted.visited": (0, 40)}


def test_note_17_the_special_ones_are_never_parted():
    low = {"credits": (rated(CreditLevel.D),)}
    seen = [make_subject(f"T{i}", **low, **VISITED) for i in range(15)]
    assert parted([*seen, *(make_subject(f"U{i}", **low) for i in range(5))]) == {
        "special": (13, 20)
    }


def test_note_18_a_visit_counts_whatever_class_the_unit_then_had():
    visited_as_special = make_subject(
        "K1",
        permit_category=PermitCategory.KEY,
        penalties=(penalised(date(2025, 11, 3)),),
        visited_on=(date(2026, 2, 3),),
    )
    snapshot, subjects = make_snapshot(visited_as_special), {"K1": visited_as_special}

    def names(quarter):
        strata = draw_strata(classify(snapshot, PROFILE, quarter), subjects, PROFILE, quarter)
        return [stratum.name for stratum in strata]

    assert names(Quarter(2026, 1)) == ["special"]
    assert names(Quarter(2026, 2)) == ["key.visited"]


def test_note_18_a_visit_of_last_year_does_not_count_against_this_one():
    quarter = Quarter(2027, 1)
    snapshot = snapshot_of(keys=8, visited=8)
    subjects = {subject.ref: subject for subject in snapshot.subjects}
    strata = draw_strata(classify(snapshot, PROFILE, quarter), subjects, PROFILE, quarter)
    assert [s.name for s in strata] == ["key.fresh"]


def test_fractions_are_written_exactly():
    assert [decimal(Fraction(n, 100)) for n in (0, 5, 100, 275)] == ["0", "0.05", "1", "2.75"]


def test_the_bases_before_precedence_stand_beside_for_information():
    found = classify(snapshot_of(keys=11), PROFILE, Quarter(2026, 1))
    assert found.counts_before_precedence()[Stratum.KEY] == found.base_counts()[Stratum.KEY] == 11


def test_a_quota_by_staff_counts_inspectors_and_stops_at_the_base():
    quota = replace(PROFILE.quota(Stratum.KEY, SNAPSHOT_DAY), ratio=Fraction(5), of="inspectors")
    quarter = Quarter(2026, 1)
    assert quarter_count(quota, base=100, quarter=quarter, inspectors=8) == 40
    assert quarter_count(quota, base=30, quarter=quarter, inspectors=8) == 30
    with pytest.raises(NoRule, match="请给出检查人员数"):
        quarter_count(quota, base=30, quarter=quarter)


@pytest.mark.parametrize("base", range(0, 201, 7))
@pytest.mark.parametrize("ratio", RATIOS)
def test_a_yearly_quota_is_paced_over_four_quarters(ratio, base):
    quota = replace(PROFILE.quota(Stratum.KEY, SNAPSHOT_DAY), ratio=ratio, per="year")
    counts = [quarter_count(quota, base=base, quarter=Quarter(2026, n)) for n in (1, 2, 3, 4)]
    assert sum(counts) == required_count(ratio, base)
    assert max(counts) - min(counts) <= 1
