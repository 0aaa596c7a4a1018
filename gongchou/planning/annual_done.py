"""How much of the year's plan has been done: sites visited, by quarter and row of the plan."""

from gongchou.core.quota import part_members
from gongchou.core.workdays import Quarter
from gongchou.planning import reads
from gongchou.planning.tables import AnnualRow, row_name
from gongchou.registry import past_reads
from gongchou.registry import reads as registers


def done_by_row(bureau: str, rows: tuple[AnnualRow, ...]) -> tuple[int | None, ...]:
    """Distinct sites of each row with a reviewed daily visit that ended in its quarter.

    None for off-site rows, which have no visits, and for quarters without a plan.
    """
    quarters = dict.fromkeys(row.quarter for row in rows)
    counts = {quarter: _quarter(bureau, quarter) for quarter in quarters}
    return tuple(None if row.is_offsite else counts[row.quarter].get(row.name) for row in rows)


def _quarter(bureau: str, quarter: str) -> dict[str, int]:
    """By name of the row, as the quarter's own plan has classed the sites."""
    plan = reads.plan_of(bureau, quarter)
    if plan is None:
        return {}
    when = Quarter.parse(quarter)
    visited = past_reads.sites_visited(bureau, when.first, when.last)
    classification, profile = reads.classification(plan.ref), reads.policy_of(plan.ref)
    subjects = {s.ref: s for s in registers.frozen_snapshot(plan.snapshot_ref).subjects}
    return {
        row_name(quota): sum(ref in visited for ref in members)
        for stratum in profile.precedence(classification.on)
        for quota, members in part_members(classification, profile, stratum, subjects)
    }
