"""Facts from decided records, cells from facts: each number worked out a second time here."""

from datetime import date
from random import Random

import pytest

from gongchou.core import plain
from gongchou.core.canon import parse
from gongchou.core.counting import facts_of
from gongchou.core.statistics import Fact, cells, differences, digest, frozen, money_text, rows
from gongchou.core.terms import (
    InspectionKind,
    JointKind,
    Measure,
    OffsiteConclusion,
    Stratum,
    VisitResult,
)
from tests.core.counting_samples import (
    DEADLINE,
    Q1,
    concluded,
    covered,
    drawn,
    make_records,
    visit,
)

LATE = date(2026, 3, 25)


def table(*visits, late_counts=True, **fields):
    facts = facts_of(make_records(visits=visits, **fields))
    return {cell.key: cell for cell in cells(facts, late_counts=late_counts)}


def counts(*visits, **fields):
    return {key: cell.count for key, cell in table(*visits, **fields).items()}


def test_the_plan_gives_subjects_base_owed_and_people():
    found = counts()
    assert (found["subjects"], found["subjects.key"]) == (54, 12)
    assert [found[f"base.{s}"] for s in ("key", "special", "general_unlisted")] == [11, 3, 34]
    assert [found[f"owed.{s}"] for s in ("key", "special", "general_unlisted")] == [3, 2, 2]
    assert (found["owed.general_listed"], found["people.certified"]) == (2, 8)


def test_note_15_a_subject_is_done_once_and_visited_as_often_as_it_was():
    found = counts(visit("V1", "A"), visit("V2", "A", ended_on=date(2026, 3, 1)), visit("V3", "B"))
    assert (found["done.key"], found["visits"], found["person_times"]) == (2, 3, 6)


@pytest.mark.parametrize(("ended_on", "late"), [(DEADLINE, 0), (LATE, 1)])
def test_note_34_late_is_kept_apart_and_counts_as_the_policy_says(ended_on, late):
    found = counts(visit("V1", ended_on=ended_on))
    assert (found["done.key"], found["late.key"]) == (1, late)
    strict = counts(visit("V1", ended_on=ended_on), late_counts=False)
    assert (strict["done.key"], strict["late.key"]) == (1 - late, late)


def test_a_subject_first_done_in_time_is_not_late_by_a_second_visit():
    found = counts(visit("V2", "A", ended_on=LATE), visit("V1", "A"))
    assert (found["done.key"], found["late.key"]) == (1, 0)


@pytest.mark.parametrize("day", [date(2025, 12, 31), date(2026, 4, 1)])
def test_note_42_a_visit_belongs_to_the_quarter_it_ends_in(day):
    assert counts(visit("V1", ended_on=day))["visits"] == 0


def test_note_29_a_subject_found_closed_counts_unless_the_policy_says_otherwise():
    closed = visit("V1", visit_result=VisitResult.CLOSED_OR_MOVED)
    assert counts(closed)["done.key"] == 1
    found = counts(closed, unvisitable_counts=False)
    assert (found["done.key"], found["visits"]) == (0, 1)


def test_note_14_what_counts_is_visited_not_what_was_drawn():
    found = counts(visit("V1", "A"), visit("V2", "B"), draws=(drawn(Stratum.KEY, 5),))
    assert (found["drawn.key"], found["done.key"]) == (5, 2)


def test_note_33_a_visit_that_ends_after_the_hour_of_the_last_day_is_late():
    shut = visit("V1", "A", ended_on=DEADLINE, is_after_hours=True)
    assert counts(shut)["late.key"] == 1
    assert counts(shut, visit("V2", "A", ended_on=DEADLINE))["late.key"] == 1


def test_joint_visits_are_counted_over_own_random_visits():
    internal, cross = JointKind.JOINT_INTERNAL, JointKind.JOINT_CROSS_DEPT
    made = (
        visit("V1", joint_kind=internal, unit_count=2),
        visit("V2"),
        visit("V3", joint_kind=cross, unit_count=1, is_tiered=False, task="T2"),
        visit("V4", joint_kind=cross, unit_count=2, task="T2"),
        visit("V5", is_random=False, inspection_kind=InspectionKind.CASE),
    )
    found = counts(*made)
    assert (found["joint_internal"], found["own_visits"]) == (2, 3)
    assert (found["tiered"], found["visits"], found["other_visits"]) == (3, 4, 1)
    assert (found["cross_sessions"], found["cross_subjects"]) == (1, 2)
    never = counts(*made, both_count_internal=False)
    assert (never["joint_internal"], never["own_visits"]) == (1, 2)


def test_findings_are_counted_by_subject_and_by_number():
    found = counts(
        visit("V1", "A", problem_count=2, has_order=True),
        visit("V2", "A", problem_count=1, has_case=True, penalty_fen=1234500),
        visit("V3", "B", is_transferred=True),
    )
    assert (found["problem_subjects"], found["problems"], found["ordered"]) == (1, 3, 1)
    assert (found["cases"], found["penalty"], found["transferred"]) == (1, 1234500, 1)
    assert money_text(1234500) == "1.2345"


def test_off_site_checks_short_of_data_stand_apart_and_cover_nothing():
    checks = (concluded("F1"), concluded("F2", OffsiteConclusion.INSUFFICIENT_DATA))
    found = table(checks=checks, covers=(covered("X", "F1"),))
    assert [found[key].count for key in ("offsite_checks", "offsite_short", "covered")] == [1, 1, 1]
    assert found["coverage"].shown == "50%"


def test_publication_is_counted_by_its_own_last_day():
    late = {"publication": "O1", "published_on": date(2026, 4, 20)}
    found = counts(visit("V1", publication="O1", published_on=date(2026, 2, 20)),
                   visit("V2", **late), visit("V3"))  # fmt: skip
    assert [found[k] for k in ("publish_due", "published", "published_late")] == [3, 2, 1]


def test_an_empty_stratum_has_no_rate():
    found = table(plan=None)
    assert found["ratio.key"].shown == "不适用"
    assert "视为达标" in found["ratio.key"].why


def test_a_rate_is_cut_never_rounded_up():
    found = table(visit("V1"), draws=(drawn(Stratum.KEY, 3),))
    assert (found["ratio.key"].count, found["ratio.key"].of) == (1, 11)
    assert found["ratio.key"].shown == "9.09%"
    assert found["drawn.key"].count == 3


def test_the_order_of_the_records_moves_no_byte():
    made = [visit(f"V{n}", f"S{n % 5}", problem_count=n % 2) for n in range(20)]
    facts = facts_of(make_records(visits=tuple(made)))
    Random(3).shuffle(made)
    again = facts_of(make_records(visits=tuple(made)))
    assert frozen(again) == frozen(facts)
    assert digest(again) == digest(facts)
    assert plain.from_plain(tuple[Fact, ...], parse(frozen(facts))) == facts


def test_every_cell_names_facts_and_every_fact_its_records():
    facts = facts_of(make_records(visits=(visit("V1", problem_count=1),)))
    held = {fact.key: fact for fact in facts}
    assert len(held) == len(facts)
    for cell in cells(facts, late_counts=True):
        assert cell.why.endswith("。")
        assert all(held[key].records for key in cell.facts)
        if not cell.of and cell.count:
            assert sum(held[key].count for key in cell.facts) == cell.count


def test_the_year_is_the_sum_of_its_quarters_but_for_the_registers():
    first = facts_of(make_records(visits=(visit("V1"),)))
    second = facts_of(
        make_records(quarter=Q1.next(), visits=(visit("V2", ended_on=date(2026, 5, 4)),))
    )
    found = {r.year.key: r for r in rows(second, (*first, *second), late_counts=True)}
    assert (found["visits"].quarter.count, found["visits"].year.count) == (1, 2)
    assert found["owed.key"].year.count == 6
    assert found["subjects"].year.count == found["subjects"].quarter.count == 54


def test_note_22_a_site_and_a_task_of_two_quarters_count_once_in_the_year():
    cross = {"joint_kind": JointKind.JOINT_CROSS_DEPT, "task": "T9", "problem_count": 1}
    later = date(2026, 5, 4)
    first = facts_of(make_records(visits=(visit("V1", "A", **cross), visit("V2", "B", **cross))))
    second = facts_of(
        make_records(
            quarter=Q1.next(),
            visits=(
                visit("V3", "A", ended_on=later, **cross),
                visit("V4", "C", ended_on=later, **cross),
            ),
        )
    )
    found = {r.year.key: r for r in rows(second, (*first, *second), late_counts=True)}
    counted = {
        key: (found[key].quarter.count, found[key].year.count)
        for key in ("cross_sessions", "cross_subjects", "problem_subjects", "problems")
    }
    assert counted == {
        "cross_sessions": (1, 1),
        "cross_subjects": (2, 3),
        "problem_subjects": (2, 3),
        "problems": (2, 4),
    }


def test_a_correction_lists_what_it_changes_and_nothing_else():
    before = facts_of(make_records(visits=(visit("V1"),)))
    after = facts_of(make_records(visits=(visit("V1"), visit("V2", problem_count=1))))
    old, new = (rows(facts, facts, late_counts=True) for facts in (before, after))
    found = {d.key: (d.was, d.now) for d in differences(old, new)}
    assert found["problems"] == ("0", "1")
    assert "subjects" not in found
    assert differences(old, old) == ()


def test_measures_of_facts_have_a_place_in_the_table():
    shown = {f.split("/")[1] for cell in table(
        visit("V1", problem_count=1, has_order=True, has_case=True, is_transferred=True,
              penalty_fen=1, paper_on=DEADLINE, publication="O1", published_on=date(2026, 2, 4)),
        visit("V2", ended_on=LATE, publication="O1", published_on=date(2026, 6, 1)),
        visit("V3", joint_kind=JointKind.JOINT_CROSS_DEPT, unit_count=2),
        visit("V4", is_random=False),
        draws=(drawn(Stratum.KEY, 3),),
        checks=(concluded("F1"), concluded("F2", OffsiteConclusion.INSUFFICIENT_DATA)),
        covers=(covered("X", "F1"),),
    ).values() for f in cell.facts}  # fmt: skip
    assert shown == {measure.value for measure in Measure}
