"""HiGHS against brute force, and the irreducible conflict in words."""

import itertools
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongchou.core.planmodel import Firm, Group, Owed, PlanQuestion, TaskOwed, broken, model_of
from gongchou.core.terms import Stratum
from gongchou.planning.solver import solve


def owed(quota: str, count: int, base: int, ratio: Fraction = Fraction(65, 100)) -> Owed:
    return Owed(
        quota=quota,
        label="特殊",
        stratum=Stratum.SPECIAL,
        ratio=ratio,
        base_count=base,
        count=count,
    )


def question(**fields) -> PlanQuestion:
    given = {
        "quarters": ("2026Q1",),
        "owed": (owed("special", 13, 20),),
        "groups": (Group(quota="special", size=20, can_join=True),),
        "firms": (),
        "cap": None,
        "joint_least": Fraction(35, 100),
        "tiered_least": Fraction(85, 100),
        "untiered": 0,
        "seats": 2,
        "joint_seats": 1,
        "slots": (1000,),
    }
    return PlanQuestion(**{**given, **fields})


def possible(asked: PlanQuestion, demands) -> int | None:
    """The fewest visits by trying everything."""
    model = model_of(asked)
    names = list(model.upper)
    ranges = [range(model.upper[name] + 1) for name in names]
    sums = [
        sum(v for n, v in zip(names, values, strict=True) if n in model.cost)
        for values in itertools.product(*ranges)
        if not broken(model, dict(zip(names, values, strict=True)), demands)
    ]
    return min(sums, default=None)


GROUPS = st.builds(
    Group,
    quota=st.sampled_from(["special", "key"]),
    size=st.integers(0, 3),
    can_join=st.booleans(),
    room=st.sampled_from([None, None, 0, 1, 2]),
    firm=st.sampled_from([None, 0, 1]),
    tasks=st.sampled_from([(), (0,)]),
    is_drawn=st.sampled_from([True, True, False]),
)
SMALL = st.builds(
    question,
    groups=st.tuples(GROUPS, GROUPS),
    owed=st.tuples(
        st.builds(owed, st.just("special"), st.integers(0, 3), st.just(3)),
        st.builds(owed, st.just("key"), st.integers(0, 3), st.just(3)),
    ),
    firms=st.tuples(*[st.builds(Firm, count=st.integers(1, 3), room=st.integers(0, 2))] * 2),
    cap=st.sampled_from([1, 2]),
    joint_least=st.sampled_from([Fraction(35, 100), Fraction(1), Fraction(1, 2)]),
    untiered=st.integers(0, 1),
    slots=st.tuples(st.integers(0, 14)),
    further=st.integers(0, 6),
    tasks=st.tuples(st.builds(TaskOwed, label=st.just("专项"), count=st.integers(0, 3))),
)


@settings(max_examples=120, deadline=None)
@given(SMALL)
def test_the_solver_equals_trying_everything(asked):
    found, truth = solve(asked), possible(asked, asked.demands())
    assert found.is_possible == (truth is not None)
    if found.is_possible:
        assert sum(found.visits) == truth


@settings(max_examples=120, deadline=None)
@given(SMALL)
def test_a_conflict_is_irreducible_and_its_reliefs_suffice(asked):
    found = solve(asked)
    if found.is_possible:
        return
    assert possible(asked, found.conflict) is None
    for left_out in found.conflict:
        rest = [name for name in found.conflict if name != left_out]
        assert possible(asked, rest) is not None
    for relief in found.reliefs:
        rest = [name for name in asked.demands() if name != relief.demand]
        assert possible(asked, rest) is not None
        assert relief.amount >= 1


def test_what_can_be_met_costs_no_visit_more_than_owed():
    found = solve(question())
    assert (found.is_possible, found.visits) == (True, (13,))
    assert found.joint[0] >= 5  # 13 × 35% = 4.55


def test_sixty_five_percent_a_quarter_does_not_fit_under_a_cap_of_two():
    quarters, groups = tuple("1234"), (Group(quota="special", size=20, can_join=True, firm=0),)
    found = solve(
        question(
            quarters=quarters,
            groups=groups,
            firms=(Firm(count=20, room=2),),
            cap=2,
            slots=(1000,) * 4,
        )
    )
    assert found.conflict == ("quota.special", "cap")
    assert "全年平均每家 2.6 次，年度上限为每家 2 次" in found.says[-1]
    assert {relief.demand: relief.amount for relief in found.reliefs} == {
        "quota.special": 12,  # 4 × 13 − 40
        "cap": 12,
    }


def test_too_few_people_are_named_with_what_is_missing():
    found = solve(question(slots=(20,)))
    assert "days" in found.conflict
    relief = next(relief for relief in found.reliefs if relief.demand == "days")
    assert relief.amount == 13 * 2 + 5 - 20
    assert "再增加 11 人次" in relief.says


def test_nobody_can_join_where_no_site_has_items_of_two_units():
    groups = (Group(quota="special", size=20, can_join=False),)
    found = solve(question(groups=groups))
    assert found.conflict == ("quota.special", "joint")
    assert "可联合的对象 0 家" in "".join(found.says)


@pytest.mark.parametrize(("untiered", "visits"), [(0, 13), (2, 13), (3, 17)])
def test_untiered_lists_ask_for_more_visits_by_class(untiered, visits):
    assert solve(question(untiered=untiered)).visits == (visits,)


def test_what_further_tasks_take_is_missing_for_the_plan_and_said():
    enough = question(slots=(13 * 2 + 5,))
    assert solve(enough).is_possible
    found = solve(question(slots=(13 * 2 + 5,), further=2))
    assert not found.is_possible
    assert any("其中其他任务本季度用 2 人次" in says for says in found.says)
    assert any(relief.demand == "days" and relief.amount == 2 for relief in found.reliefs)


def test_further_tasks_take_nobody_from_the_quarters_to_come():
    quarters, slots = ("2026Q3", "2026Q4"), (13 * 2 + 5 + 4, 13 * 2 + 5)
    assert solve(question(quarters=quarters, slots=slots, further=4)).is_possible
    assert not solve(question(quarters=quarters, slots=slots[::-1], further=4)).is_possible


def capped(**fields):
    """Twenty sites that may each be visited twice a year, ten of them a quarter."""
    group = Group(quota="special", size=20, can_join=True, firm=0, tasks=(0,))
    given = {
        "quarters": ("2026Q1", "2026Q2", "2026Q3"),
        "owed": (owed("special", 10, 20, Fraction(1, 2)),),
        "groups": (group,),
        "firms": (Firm(count=20, room=2),),
        "cap": 2,
        "slots": (1000,) * 3,
    }
    return question(**{**given, **fields})


@pytest.mark.parametrize(("count", "fits"), [(10, True), (11, False)])
def test_a_further_task_counts_to_the_yearly_cap(count, fits):
    """Forty visits are allowed, thirty are owed: ten are left for the task."""
    found = solve(capped(tasks=(TaskOwed(label="专项（特殊）", count=count),)))
    assert found.is_possible == fits
    if not fits:
        assert found.conflict == ("quota.special", "task.0", "cap")
        assert any(
            "专项（特殊）：本季度抽 11 家，每家计入年度频次上限一次" in s for s in found.says
        )
        assert {r.demand: r.amount for r in found.reliefs} == {
            "quota.special": 1, "task.0": 1, "cap": 1,
        }  # fmt: skip


def test_visits_made_this_year_leave_less_room_for_a_further_task():
    """Ten of the enterprises were visited twice: twenty visits are left, none for the task."""
    full = Group(quota="special", size=10, can_join=True, firm=0, tasks=(0,))
    groups, firms = (full, replace(full, firm=1)), (Firm(count=10, room=0), Firm(count=10, room=2))
    task, two = (TaskOwed(label="专项（特殊）", count=1),), ("2026Q3", "2026Q4")
    given = {"groups": groups, "firms": firms, "quarters": two, "slots": (1000, 1000)}
    assert solve(capped(**given)).is_possible
    assert not solve(capped(**given, tasks=task)).is_possible
