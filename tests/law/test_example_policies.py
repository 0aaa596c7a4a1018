"""Four policies of the examples, written by the manual alone; what they owe was counted by hand.

Shares, whole coverage, once a year, both directions of a staff ratio, fixed counts, no repeats.
"""

import json
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from gongchou.config.cli import main
from gongchou.core.classify import classify
from gongchou.core.quota import draw_strata, quarter_count
from gongchou.core.quota_words import quota_text
from gongchou.core.terms import ConstructionStage, CreditLevel, PermitCategory, Rotation, Stratum
from gongchou.core.workdays import Quarter
from gongchou.law.cases import case_problem
from gongchou.law.load import load_calendar, load_cases, load_profile
from tests.factories import make_snapshot, make_subject

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples" / "policies"
NAMES = sorted(path.name for path in EXAMPLES.iterdir())
DAY = date(2027, 1, 5)
QUARTERS = [Quarter(2027, number) for number in (1, 2, 3, 4)]
PROFILES = {name: load_profile(str(EXAMPLES / name)) for name in NAMES}


def quota_of(name: str, stratum: str, part: str = ""):
    found = PROFILES[name].quotas_of(Stratum(stratum), DAY)
    return next(quota for quota in found if quota.part == part)


def year_of(quota, base: int, people: int = 8) -> list[int]:
    return [quarter_count(quota, base=base, quarter=q, inspectors=people) for q in QUARTERS]


# policy · stratum · part · base · inspectors · the four quarters, each worked out on paper
BY_HAND = [
    ("linhai_city", "key", "", 0, 8, [0, 0, 0, 0]),
    ("linhai_city", "key", "", 8, 8, [1, 1, 1, 1]),
    ("linhai_city", "key", "", 41, 8, [6, 6, 6, 6]),  # 41 ÷ 8 = 5.125
    ("linhai_city", "special", "", 18, 8, [5, 5, 5, 5]),  # 4.5
    ("linhai_city", "general_unlisted", "", 151, 8, [4, 4, 4, 4]),  # 3.02
    ("linhai_city", "general_listed", "", 30, 8, [4, 4, 4, 3]),  # 15 a year: 4, 8, 12, 15
    ("qingxi_county", "key", "", 50, 8, [15, 15, 15, 15]),  # 4.5 → 5 a month, over 13 for all
    ("qingxi_county", "key", "", 4, 8, [3, 3, 3, 3]),
    ("qingxi_county", "key", "", 2, 8, [2, 2, 2, 2]),
    ("qingxi_county", "special", "", 21, 8, [6, 6, 6, 6]),  # 1.05 → 2 a month
    ("qingxi_county", "special", "", 1, 8, [1, 1, 1, 1]),
    ("qingxi_county", "general_unlisted", "", 227, 8, [12, 12, 12, 12]),
    ("qingxi_county", "general_unlisted", "", 9, 8, [9, 9, 9, 9]),
    ("qingxi_county", "general_unlisted", "construction", 20, 8, [2, 2, 2, 2]),  # 8 a year
    ("qingxi_county", "general_unlisted", "construction", 21, 8, [3, 2, 2, 2]),  # 8.4 → 9
    ("qingxi_county", "general_listed", "", 7, 8, [7, 7, 7, 7]),  # as in the plan below
    ("national_guidance", "key", "", 10, 8, [3, 3, 3, 3]),  # 2.5; all in a year: 3, 2, 3, 2
    ("national_guidance", "key", "", 41, 8, [11, 11, 11, 11]),  # 10.25
    ("national_guidance", "special", "", 7, 8, [4, 4, 4, 4]),
    ("national_guidance", "general_unlisted", "", 300, 8, [20, 20, 20, 20]),  # 80 a year
    ("national_guidance", "general_unlisted", "", 300, 7, [18, 17, 18, 17]),  # 70 a year
    ("national_guidance", "general_unlisted", "", 15, 8, [4, 4, 4, 3]),  # nobody twice: 15
    ("by_inspectors", "key", "", 40, 9, [23, 23, 23, 23]),  # 9 × 2.5 = 22.5
    ("by_inspectors", "key", "", 20, 9, [20, 20, 20, 20]),
    ("by_inspectors", "special", "", 60, 9, [15, 15, 15, 15]),  # 9 × ½ = 4.5 → 5 a month
    ("by_inspectors", "special", "", 12, 9, [12, 12, 12, 12]),
    ("by_inspectors", "general_unlisted", "", 500, 4, [15, 15, 15, 15]),  # 60 a year
    ("by_inspectors", "general_listed", "", 200, 9, [4, 3, 4, 3]),  # 13.5 → 14 a year
]


@pytest.mark.parametrize(("name", "stratum", "part", "base", "people", "year"), BY_HAND)
def test_the_example_owes_what_was_worked_out_by_hand(name, stratum, part, base, people, year):
    assert year_of(quota_of(name, stratum, part), base, people) == year


@pytest.mark.parametrize("name", NAMES)
def test_the_example_is_valid_and_answers_its_own_cases(name, capsys):
    cases = load_cases(str(EXAMPLES / name))
    assert len(cases) >= 3
    assert [case_problem(c, PROFILES[name], load_calendar()) for c in cases] == [None] * len(cases)
    assert main(["policy", "show", str(EXAMPLES / name)]) == 0
    shown = capsys.readouterr().out
    assert all(quota_text(quota) in shown for quota in PROFILES[name].quotas)


def test_the_examples_show_every_kind_of_quota():
    quotas = [q for name in NAMES for q in PROFILES[name].quotas if q.since.year == 2027]
    assert {q.of for q in quotas} == {"base_count", "inspectors", "fixed"}
    assert {q.per for q in quotas} == {"month", "quarter", "year"}
    assert {str(q.rotation) for q in quotas} >= {"year_no_repeat", "year_reserve", "none"}
    assert {q.wording[:4] for q in quotas if q.wording} == {"检查人员", "检查对象"}
    assert any(q.part for q in quotas)
    assert any(q.yearly_least == 1 for q in quotas)


def test_the_command_counts_a_part_of_a_stratum_by_its_own_ratio(capsys):
    words = ["policy", "quota", "--policy", str(EXAMPLES / "qingxi_county"), "--quarter", "2027Q1"]
    counts = "general_unlisted=227,general_unlisted.construction=21"
    assert main([*words, "--counts", counts, "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["strata"]
    owed = [(r["part"], r["required_count"]) for r in rows]
    assert owed == [("construction", 3), ("", 12)]
    assert main([*words, "--counts", "key.mood=3"]) == 1
    assert "另有比例的：general_unlisted.construction" in "".join(capsys.readouterr())


SHARES = [("linhai_city", "key"), ("linhai_city", "special"), ("linhai_city", "general_unlisted"),
          ("national_guidance", "special")]  # fmt: skip


@pytest.mark.parametrize(("name", "stratum"), SHARES)
def test_a_share_is_never_below_and_never_one_above(name, stratum):
    quota = quota_of(name, stratum)
    for base in range(201):
        exact = quota.ratio * base
        for owed in year_of(quota, base):
            assert exact <= owed < exact + 1


def test_whole_coverage_is_everybody_every_quarter():
    quota = quota_of("national_guidance", "general_listed")
    assert all(year_of(quota, base) == [base] * 4 for base in range(201))


def test_at_least_once_a_year_leaves_nobody_out():
    for name, floor in (("national_guidance", Fraction(1, 4)), ("qingxi_county", Fraction(9, 100))):
        quota = quota_of(name, "key")
        times = 3 if quota.per == "month" else 1
        for base in range(201):
            year = year_of(quota, base)
            assert base <= sum(year)
            assert all(min(base, times * floor * base) <= owed <= base for owed in year)


@pytest.mark.parametrize("people", [1, 4, 7, 9])
@pytest.mark.parametrize(
    ("stratum", "each", "per"),
    [("key", Fraction(5, 2), "quarter"), ("special", Fraction(1, 2), "month"),
     ("general_unlisted", Fraction(15), "year"), ("general_listed", Fraction(3, 2), "year")],
)  # fmt: skip
def test_a_staff_ratio_is_bound_by_people_and_by_the_base(stratum, each, per, people):
    quota = quota_of("by_inspectors", stratum)
    whole = -(-each.numerator * people // each.denominator)
    for base in range(201):
        year = year_of(quota, base, people)
        owed = {"month": 3 * whole, "quarter": whole}.get(per)
        if owed is not None:
            assert year == [min(base, owed)] * 4
        else:
            assert sum(year) == whole or max(year) == base or sum(year) == base
            assert max(year) - min(year) <= 1


def test_without_repeats_a_quarterly_share_stops_when_everybody_was_visited():
    quota = replace(
        quota_of("linhai_city", "special"), ratio=Fraction(40, 100),
        rotation=Rotation.YEAR_NO_REPEAT,
    )  # fmt: skip
    assert year_of(quota, 10) == [4, 4, 2, 0]
    for base in range(201):
        assert sum(year_of(quota, base)) == base


def test_a_fixed_number_is_bound_by_the_base_alone():
    quota = quota_of("qingxi_county", "general_unlisted")
    assert all(year_of(quota, base) == [min(base, 12)] * 4 for base in range(201))


def test_a_yearly_share_without_repeats_reaches_its_number_with_different_subjects():
    quota = quota_of("qingxi_county", "general_unlisted", "construction")
    for base in range(201):
        year = year_of(quota, base)
        assert sum(year) == -(-40 * base // 100)
        assert max(year) - min(year) <= 1


def test_drawn_quarter_by_quarter_nobody_in_construction_comes_twice():
    profile, visited = PROFILES["qingxi_county"], {}
    for quarter in QUARTERS:
        sites = [
            make_subject(
                f"B{n:02}",
                construction_stage=ConstructionStage.BUILDING,
                visited_on=(visited[f"B{n:02}"],) if f"B{n:02}" in visited else (),
            )
            for n in range(21)
        ]
        snapshot = replace(make_snapshot(*sites), on=quarter.first)
        found = classify(snapshot, profile, quarter)
        strata = draw_strata(found, {s.ref: s for s in sites}, profile, quarter)
        drawn = [ref for s in strata for ref in s.members[: s.count]]
        assert visited.keys().isdisjoint(drawn)
        visited |= dict.fromkeys(drawn, quarter.first)
    assert len(visited) == 9


def test_the_city_classes_by_its_own_conditions():
    rated = make_subject("C", credits=(), permit_category=PermitCategory.KEY)
    none = make_subject("N", permit_category=PermitCategory.NONE)
    snapshot = replace(make_snapshot(rated, none), on=DAY)
    rows = classify(snapshot, PROFILES["linhai_city"], QUARTERS[0]).rows
    assert [(r.stratum.value, r.is_in_base) for r in rows] == [
        ("key", True), ("general_unlisted", False),
    ]  # fmt: skip
    assert set(PROFILES["linhai_city"].words("special.credit", DAY)) == {
        CreditLevel.D.value, CreditLevel.E.value,
    }  # fmt: skip
