"""HiGHS asked whether a plan can be met; every answer is checked in integers before it is given."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import highspy

from gongchou.core.planmodel import (
    LinearModel,
    PlanAnswer,
    PlanQuestion,
    Relief,
    broken,
    conflict_says,
    model_of,
    relief_says,
    totals,
)
from gongchou.core.quota import required_count

OPTIONS: tuple[tuple[str, int | float], ...] = (
    ("threads", 1),
    ("random_seed", 0),
    ("mip_rel_gap", 0.0),
)


class WrongAnswer(RuntimeError):
    """The solver's answer does not meet its own rows: a fault to report, never to show."""


class _Quiet(highspy.Highs):  # type: ignore[misc]
    """HiGHS without its banner, which would stand in the middle of a command's answer."""

    def enableCallbacks(self) -> None:  # noqa: N802  (HiGHS calls it before anything can be set)
        self.setOptionValue("output_flag", False)
        super().enableCallbacks()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    values: Mapping[str, int]
    amount: int


def _minimum(model: LinearModel, demands: Iterable[str], relaxed: str = "") -> _Found | None:
    """The cheapest values that meet the demands, or None; `relaxed` gives way as little as can."""
    wanted = {"", *demands}
    lp = _program(model, wanted, relaxed)
    lp.run()
    if lp.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    found = [round(value) for value in lp.getSolution().col_value]
    names = list(model.upper)
    values = dict(zip(names, found[: len(names)], strict=True))
    if broken(model, values, wanted - {relaxed or None}):
        raise WrongAnswer(sorted(wanted))
    return _Found(values=values, amount=sum(found[len(names) :]))


def _program(model: LinearModel, wanted: set[str], relaxed: str) -> highspy.Highs:
    """The rows that are wanted, as HiGHS takes them; a relaxed row has a column to give way."""
    lp = _Quiet()
    for option, value in OPTIONS:
        lp.setOptionValue(option, value)
    reliefs = [row for row in model.rows if relaxed and row.demand == relaxed]
    cost = frozenset[str]() if relaxed else frozenset(model.cost)
    for name, upper in model.upper.items():
        lp.addCol(float(name in cost), 0, upper, 0, [], [])
    for _ in reliefs:
        lp.addCol(1.0, 0, highspy.kHighsInf, 0, [], [])
    for column in range(len(model.upper) + len(reliefs)):
        lp.changeColIntegrality(column, highspy.HighsVarType.kInteger)
    place = {name: column for column, name in enumerate(model.upper)}
    for row in (row for row in model.rows if row.demand in wanted):
        cells = [(place[name], float(times)) for name, times in row.terms]
        if row in reliefs:
            cells.append((len(place) + reliefs.index(row), float(row.slack)))
        columns, times = [c for c, _ in cells], [t for _, t in cells]
        lp.addRow(row.least, highspy.kHighsInf, len(cells), columns, times)
    return lp


def _conflict(model: LinearModel, demands: tuple[str, ...]) -> tuple[str, ...]:
    """An irreducible set: a demand is kept only where the others can be met without it."""
    kept = list(demands)
    for demand in demands:
        rest = [name for name in kept if name != demand]
        if _minimum(model, rest) is None:
            kept = rest
    return tuple(kept)


def solve(question: PlanQuestion) -> PlanAnswer:
    """The fewest visits that meet everything, or what cannot stand together and the ways out."""
    model, demands = model_of(question), question.demands()
    found = _minimum(model, demands)
    if found:
        visits = totals(question, found.values)
        return PlanAnswer(
            is_possible=True,
            visits=visits,
            joint=tuple(required_count(question.joint_least, count) for count in visits),
            conflict=(),
            says=(),
            reliefs=(),
        )
    conflict = _conflict(model, demands)
    return PlanAnswer(
        is_possible=False,
        visits=(),
        joint=(),
        conflict=conflict,
        says=conflict_says(question, conflict),
        reliefs=_reliefs(question, model, conflict),
    )


def _reliefs(
    question: PlanQuestion, model: LinearModel, conflict: tuple[str, ...]
) -> tuple[Relief, ...]:
    """The demands of the conflict that alone can make room, the smallest relief first."""
    demands = question.demands()
    held = ((name, _minimum(model, demands, relaxed=name)) for name in conflict)
    found = [
        Relief(demand=name, amount=way.amount, says=relief_says(question, name, way.amount))
        for name, way in held
        if way
    ]
    return tuple(sorted(found, key=lambda relief: relief.amount))
