"""What the rules look at: outlets and lines of one site, their hours, what was filed and ordered.

Measured values that a limit decides about are `Decimal`, exactly as sent; figures that are only
counted and compared (power, means of a fortnight) are floats. Times are whole minutes, hours or
quarter hours of `moments`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from gongchou.core.monitoring.words import FilingKind, GroupNeed, LineKind, OrderKind, OutletKind

NORMAL, STOPPED = "N", "F"
MARKED = frozenset("MCD")
# The station's door among the settings a device sends.
DOOR = "i32001"
VALID_MINUTES, VALID_HOURS = 45, 20


class HourPoint(NamedTuple):
    """One factor in one hour.

    `value` is the reported mean, `flag` its mark; `minutes` those of the hour with mark N;
    `marked` those with M, C or D; `steady` minutes the longest run of identical means that ends
    here; `half` the mean of the first half hour; `sample` the moment of sampling as sent; `total`
    the reported amount; `converted` the converted value as sent; `earlier` other values once sent
    for this hour and changed without mark of resending; `first_minutes` how much of the hour was
    over when it was first reported; `late` after how many minutes it came; `means` the minute
    values with mark N.
    """

    value: Decimal | None
    flag: str = NORMAL
    minutes: int = 60
    marked: int = 0
    steady: int = 0
    half: float | None = None
    sample: str = ""
    total: Decimal | None = None
    converted: Decimal | None = None
    earlier: tuple[Decimal, ...] = ()
    first_minutes: int = 60
    late: int = 0
    means: tuple[float, ...] = ()

    @property
    def is_valid(self) -> bool:
        """Enough of the hour was measured, and nothing marks it."""
        return self.value is not None and self.flag == NORMAL and self.minutes >= VALID_MINUTES


Hours = Mapping[int, HourPoint]


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorFacts:
    """Of one factor at one outlet: limits of the permit, the detection limit, the step shown."""

    limit: Decimal | None = None
    day_limit: Decimal | None = None
    floor: Decimal = Decimal(0)
    step: Decimal = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """A place where something leaves the site and is measured.

    `lines` are the producing lines behind it; `o2_ref` the oxygen to which values are converted.
    """

    ref: str
    kind: OutletKind
    factors: Mapping[str, FactorFacts] = field(default_factory=dict)
    o2_ref: Decimal | None = None
    lines: tuple[str, ...] = ()
    is_shared: bool = False
    is_batch: bool = False


class ParameterChange(NamedTuple):
    """An instrument's setting as sent (3020), at a minute."""

    minute: int
    name: str
    was: str
    became: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletSeries:
    """`clock` is, by hour, how many seconds the device's clock is off; no entry, not known."""

    outlet: Outlet
    hours: Mapping[str, Hours]
    changes: Sequence[ParameterChange] = ()
    clock: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineStates:
    """Of one line: below `off_kw` it stands, from `run_kw` it runs, between it idles."""

    off_kw: float
    run_kw: float
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One sub-meter. `grid_minutes` is how often it reports; without states it is not judged."""

    ref: str
    kind: LineKind
    rated_kw: float
    states: LineStates | None = None
    grid_minutes: int = 15
    is_vfd: bool = False
    is_security_load: bool = False


class Slot(NamedTuple):
    """A quarter hour of a meter: mean power in kW, current in A, counter in kWh."""

    kw: float
    amps: float
    kwh: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LineSeries:
    line: Line
    slots: Mapping[int, Slot]


@dataclass(frozen=True, slots=True, kw_only=True)
class FacilityGroup:
    """Producers and the treatments they need; minutes of lead before and lag after allowed."""

    ref: str
    producers: tuple[str, ...]
    treatments: tuple[str, ...]
    need: GroupNeed = GroupNeed.ALL
    lead: int = 0
    lag: int = 0
    is_treatment_shared: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """Something filed for [since, until) minutes; `of` is an outlet, a line, or "" for the site."""

    kind: FilingKind
    since: int
    until: int
    of: str = ""
    filed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyOrder:
    """`share` is what must be saved under a limit; lines "" stand for all producing ones."""

    ref: str
    kind: OrderKind
    since: int
    until: int
    received: int
    share: Fraction = Fraction(0)
    lines: tuple[str, ...] = ()
    exempt: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """All that is known of one subject for a window of judging.

    `shifts` are the filed hours of work, 0–23, none if not filed; `unmetered` the share of the
    total that lies behind no sub-meter; `region_out` hours in which the network of the area was
    down, so that silence says nothing.
    """

    subject: str
    outlets: tuple[OutletSeries, ...] = ()
    lines: tuple[LineSeries, ...] = ()
    groups: tuple[FacilityGroup, ...] = ()
    orders: tuple[EmergencyOrder, ...] = ()
    filings: tuple[Filing, ...] = ()
    shifts: frozenset[int] = frozenset()
    is_tariff_driven: bool = False
    has_own_generation: bool = False
    unmetered: float = 0.0
    region_out: frozenset[int] = frozenset()

    def filed(self, of: str, minute: int, kinds: frozenset[FilingKind]) -> Filing | None:
        """The first filing of such a kind that covers a minute of an outlet or line."""
        for filing in self.filings:
            if (
                filing.since <= minute < filing.until
                and filing.kind in kinds
                and filing.of in ("", of)
            ):
                return filing
        return None


def converted(value: Decimal, o2: Decimal, o2_ref: Decimal) -> Fraction | None:
    """The value at the reference oxygen; None from 21 % on, where it cannot be told."""
    if o2 >= 21:
        return None
    return Fraction(value) * (21 - Fraction(o2_ref)) / (21 - Fraction(o2))
