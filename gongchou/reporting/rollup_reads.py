"""The districts' tables together, and tables of earlier quarters side by side."""

from dataclasses import dataclass
from datetime import date, datetime

from gongchou.accounts import reads as accounts
from gongchou.core.rollup import RollCell, rolled
from gongchou.core.statistics import Difference
from gongchou.core.terms import BureauLevel, StatisticsVersion
from gongchou.core.workdays import Quarter
from gongchou.planning import reads as planning
from gongchou.reporting import models, reads
from gongchou.reporting.body import thawed
from gongchou.web.clock import day_of

QUARTERS_BACK = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class DistrictRow:
    """One received table: late where it came after its last day."""

    ref: str
    district: str
    name: str
    number: int
    version: StatisticsVersion
    reason: str
    digest: str
    received_by: str
    received_at: datetime
    is_late: bool
    is_current: bool
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RollUp:
    """All districts of a quarter: sums, who is late, who corrected, who is missing."""

    quarter: Quarter
    deadline: date
    names: tuple[str, ...]
    cells: tuple[RollCell, ...]
    received: tuple[DistrictRow, ...]
    missing: tuple[str, ...]

    @property
    def late(self) -> tuple[DistrictRow, ...]:
        return tuple(row for row in self.received if row.is_late and row.number == 1)

    @property
    def corrected(self) -> tuple[DistrictRow, ...]:
        return tuple(row for row in self.received if row.number > 1)


def may_roll_up(bureau: str) -> bool:
    """Whether a bureau has districts below it."""
    return accounts.bureau(bureau).bureau_level is not BureauLevel.DISTRICT


def _rows(bureau: str, quarter: str) -> list[models.DistrictTable]:
    rows = models.DistrictTable.objects.filter(bureau__code=bureau, quarter=quarter)
    return list(rows.order_by("district", "-number"))


def roll_up(bureau: str, quarter: Quarter) -> RollUp:
    """The newest table of each district added up."""
    rows = _rows(bureau, str(quarter))
    newest = {row.district: row for row in reversed(rows)}
    last = planning.deadlines(bureau, str(quarter)).statistics.on
    current = sorted(newest.values(), key=lambda row: row.district)
    bodies = {row.district_name: thawed(bytes(row.body)).rows for row in current}
    below = {row.code: row.name for row in accounts.bureaus() if row.superior == bureau}
    return RollUp(
        quarter=quarter,
        deadline=last,
        names=tuple(bodies),
        cells=rolled(bodies),
        received=tuple(
            _district(row, last, is_current=newest[row.district] is row) for row in rows
        ),
        missing=tuple(name for code, name in below.items() if code not in newest),
    )


def _district(row: models.DistrictTable, last: date, *, is_current: bool) -> DistrictRow:
    return DistrictRow(
        ref=row.ref,
        district=row.district,
        name=row.district_name,
        number=row.number,
        version=StatisticsVersion(row.version),
        reason=row.reason,
        digest=row.digest,
        received_by=row.received_by_name,
        received_at=row.received_at,
        is_late=day_of(row.received_at) > last,
        is_current=is_current,
        differences=thawed(bytes(row.body)).differences,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """The same numbers of several quarters, the newest first; empty where one has no table."""

    quarters: tuple[Quarter, ...]
    cells: tuple[tuple[str, str, str, tuple[tuple[Quarter, str], ...]], ...]


def compared(bureau: str, quarter: Quarter) -> Compared:
    """A bureau's frozen tables, or its districts' sums, beside those of the quarters before."""
    asked = [quarter]
    for _ in range(QUARTERS_BACK):
        asked.append(asked[-1].previous())
    held = [_shown(bureau, one) for one in asked]
    kept = [(one, cells) for one, cells in zip(asked, held, strict=True) if cells]
    order = {key: words[:3] for _, cells in reversed(kept) for key, words in cells.items()}
    return Compared(
        quarters=tuple(one for one, _ in kept),
        cells=tuple(
            (*words, tuple((one, cells[key][3] if key in cells else "") for one, cells in kept))
            for key, words in order.items()
        ),
    )


def _shown(bureau: str, quarter: Quarter) -> dict[str, tuple[str, str, str, str]]:
    if may_roll_up(bureau):
        rolled_up = roll_up(bureau, quarter).cells
        return {c.key: (c.group, c.label, c.unit, c.shown) for c in rolled_up}
    found = reads.current(bureau, str(quarter))
    cells = [row.quarter for row in found.body.rows] if found else []
    return {c.key: (c.group, c.label, c.unit, c.shown) for c in cells}
