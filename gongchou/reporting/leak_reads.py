"""What the leak test asks of a draw that is open, and what earlier runs found."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from gongchou.core.hj212.factors import name_of
from gongchou.core.leaks import Layer, layers_of
from gongchou.core.refusals import Refused
from gongchou.core.terms import DrawState, VisitState
from gongchou.drawing import reads as draws
from gongchou.inspection import reads as inspection
from gongchou.offsite import monitor_reads, received
from gongchou.planning import reads as plans
from gongchou.reporting import models
from gongchou.web.clock import day_of, start_of

BEFORE = 28


@dataclass(frozen=True, slots=True, kw_only=True)
class TestRow:
    """One run, ready for its page."""

    draw: str
    seed: str
    rounds: int
    lines: tuple[dict[str, str], ...]
    is_alarm: bool
    digest: str
    by: str
    at: datetime


def open_draws(bureau: str) -> tuple[draws.DrawRow, ...]:
    """Draws whose list is open to all: before that the test itself would tell who was drawn."""
    return tuple(
        row
        for quarter in draws.quarters(bureau)
        for row in draws.draws(bureau, quarter)
        if row.state is DrawState.PUBLISHED
    )


def tests(bureau: str) -> tuple[TestRow, ...]:
    rows = models.LeakTest.objects.filter(bureau__code=bureau).order_by("-pk")
    return tuple(
        TestRow(
            draw=row.draw,
            seed=row.seed,
            rounds=row.rounds,
            lines=tuple(
                {**line, "name": name_of(line["measure"]), "alarms": str(line["alarm"])}
                for line in row.body["results"]
            ),
            is_alarm=any(line["alarm"] for line in row.body["results"]),
            digest=row.digest,
            by=row.by_name,
            at=row.at,
        )
        for row in rows
    )


def measures(draw: str, bureau: str, folder: Path) -> dict[str, list[Layer]]:
    """By factor, the layers of a draw with the changes of their monitored sites."""
    row = next((one for one in open_draws(bureau) if one.ref == draw), None)
    if row is None or row.drawn_at is None:
        raise Refused("只检验已经公开名单的抽取：名单没有公开以前，检验本身会泄露谁被抽中。")
    drawn_on = day_of(row.drawn_at)
    visits = [
        v
        for v in inspection.visits(bureau, row.quarter)
        if v.draw == draw and v.state is not VisitState.VOID
    ]
    if not visits:
        raise Refused("这次抽取还没有派发的检查，没有可以比较的日期。")
    last = max(v.planned_on for v in visits)
    stations = {m.mn: m.subject for m in monitor_reads.monitors(bureau)}
    since = start_of(drawn_on - timedelta(days=BEFORE))
    series = received.daily_means(folder, stations, since, start_of(last))
    strata = _strata(row, visits)
    found: dict[str, list[Layer]] = {}
    for factor, sites in series.items():
        for name, (members, places) in strata.items():
            own = {site: days for site, days in sites.items() if site in members}
            layer = layers_of(name, own, places, drawn_on, BEFORE)
            if layer is not None:
                found.setdefault(factor, []).append(layer)
    return found


Strata = dict[str, tuple[frozenset[str], list[tuple[str, date]]]]


def _strata(row: draws.DrawRow, visits: list[inspection.VisitRow]) -> Strata:
    """Each layer's sites by the plan that was drawn from, and its drawn sites with their days."""
    plan = plans.task(row.task).plan
    found: Strata = {}
    for stratum in {v.stratum for v in visits if v.stratum is not None}:
        members = frozenset(plans.classification(plan).members(stratum))
        places = [(v.subject, v.planned_on) for v in visits if v.stratum is stratum]
        found[stratum.value] = (members, places)
    return found
