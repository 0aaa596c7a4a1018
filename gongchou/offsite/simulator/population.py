"""Sixty made-up units: what they make, what they measure, how their loggers speak."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from gongchou.core.hj212.words import PacketVersion
from gongchou.core.monitoring.moments import minute_of
from gongchou.core.monitoring.words import LineKind, OutletKind
from gongchou.core.workdays import Quarter
from gongchou.offsite.simulator.chance import Chance

SHARES = (
    ("boiler", 8),
    ("cement", 4),
    ("incinerator", 1),
    ("coating", 6),
    ("water", 15),
    ("small", 26),
)
OUTLETS = {"boiler": 2, "cement": 3, "incinerator": 2, "coating": 2, "water": 1, "small": 0}
NAMES = {
    "boiler": "虚构热力",
    "cement": "虚构水泥",
    "incinerator": "虚构环保能源",
    "coating": "虚构涂装",
    "water": "虚构水务",
    "small": "虚构家具",
}
LIMITS: dict[str, dict[str, tuple[float, float]]] = {
    "boiler": {"a34013": (10, 0.42), "a21026": (35, 0.45), "a21002": (50, 0.58)},
    "cement": {"a34013": (10, 0.45), "a21026": (50, 0.4), "a21002": (100, 0.6)},
    "incinerator": {
        "a34013": (30, 0.3),
        "a21026": (100, 0.4),
        "a21002": (300, 0.5),
        "a21005": (100, 0.3),
    },
    "coating": {"a24088": (60, 0.4)},
    "water": {"w01018": (50, 0.5), "w21003": (5, 0.4), "w21011": (0.5, 0.5), "w21001": (15, 0.5)},
}
O2_REF = {"boiler": 6.0, "cement": 10.0, "incinerator": 11.0}
CONTINUOUS = frozenset({"boiler", "cement", "incinerator"})


@dataclass(slots=True)
class SimLine:
    ref: str
    kind: LineKind
    rated: float
    is_vfd: bool = False
    is_security: bool = False


@dataclass(slots=True)
class SimOutlet:
    """`line` is the number of the producing line behind it."""

    ref: str
    mn: str
    kind: OutletKind
    limits: dict[str, tuple[float, float]]
    o2_ref: float | None
    interval: int
    version: PacketVersion
    key: str
    line: int
    is_shared: bool = False
    is_batch: bool = False
    floors: dict[str, float] = field(default_factory=dict)


@dataclass(slots=True)
class SimUnit:
    """`works` is (from, until) in hours of a working day; `lead` in minutes."""

    ref: str
    name: str
    kind: str
    number: int
    works: tuple[int, int]
    lead: int
    lag: int
    is_tariff: bool
    on_list: bool
    speaks_st44: bool
    x: float
    y: float
    lines: list[SimLine] = field(default_factory=list)
    outlets: list[SimOutlet] = field(default_factory=list)
    unmetered: float = 0.06

    def of_kind(self, *kinds: LineKind) -> list[SimLine]:
        return [line for line in self.lines if line.kind in kinds]


@dataclass(frozen=True, slots=True)
class World:
    """[start, start + days) as minutes of `moments`."""

    quarter: str
    start: int
    days: int
    units: tuple[SimUnit, ...]

    @property
    def end(self) -> int:
        return self.start + self.days * 1440


def world(chance: Chance, quarter: str, *, units: int, days: int) -> World:
    """The population of a quarter; fewer units keep the mix, fewer days keep the start."""
    span = Quarter.parse(quarter)
    whole = (span.next().first - span.first).days
    made = []
    for number, kind in enumerate(_kinds(units)):
        made.append(_unit(chance, number, kind))
    _share_a_stack(made)
    listed = chance.shuffled("positive list", range(len(made)))[: len(made) * 22 // 60]
    for number in listed:
        made[number].on_list = True
    start = minute_of(f"{span.first:%Y%m%d}0000")
    return World(quarter, start, min(days, whole) if days else whole, tuple(made))


def _kinds(units: int) -> list[str]:
    full = [kind for kind, count in SHARES for _ in range(count)]
    if units >= len(full):
        return full
    mixed = ["boiler", "water", "small", "coating", "cement", "small", "incinerator"]
    return [mixed[number % len(mixed)] for number in range(units)]


def first_day(world: World) -> date:
    return date(2000, 1, 1) + timedelta(days=world.start // 1440)


def _unit(chance: Chance, number: int, kind: str) -> SimUnit:
    ref = f"SIM{number + 1:03}"
    tag = f"unit/{ref}"
    is_tariff = kind == "small" and chance.one(f"{tag}/tariff") < 0.2
    begins = chance.whole(f"{tag}/begins", 7, 8)
    works = (
        (0, 24)
        if kind in (*CONTINUOUS, "water")
        else (begins, begins + chance.whole(f"{tag}/hours", 9, 11))
    )
    if is_tariff:
        works = (22, 30)
    unit = SimUnit(
        ref,
        f"{NAMES[kind]}{number + 1}号",
        kind,
        number,
        works,
        lead=45 if kind == "coating" else 0,
        lag=15,
        is_tariff=is_tariff,
        on_list=False,
        speaks_st44=number % 6 == 5,
        x=chance.between(f"{tag}/x", 0, 8000),
        y=chance.between(f"{tag}/y", 0, 6000),
    )
    _give_lines(chance, unit)
    for place in range(OUTLETS[kind]):
        unit.outlets.append(_outlet(chance, unit, place))
    return unit


def _give_lines(chance: Chance, unit: SimUnit) -> None:
    tag = f"unit/{unit.ref}"
    count = (
        max(1, OUTLETS[unit.kind]) if unit.kind != "small" else chance.whole(f"{tag}/lines", 1, 2)
    )
    big = 8.0 if unit.kind in CONTINUOUS else 1.0
    unit.lines.append(SimLine(f"{unit.ref}-M0", LineKind.TOTAL, 0.0))
    for place in range(count):
        rated = big * chance.between(f"{tag}/rated/{place}", 40, 160)
        unit.lines.append(SimLine(f"{unit.ref}-P{place}", LineKind.PRODUCING, rated))
        is_vfd = chance.one(f"{tag}/vfd/{place}") < 0.3
        fan = rated * chance.between(f"{tag}/fan/{place}", 0.15, 0.35)
        unit.lines.append(SimLine(f"{unit.ref}-T{place}", LineKind.TREATING, fan, is_vfd=is_vfd))
    if unit.kind == "boiler" and unit.number % 4 == 0:
        rated = big * 8.0
        unit.lines.append(SimLine(f"{unit.ref}-P9", LineKind.PRODUCING, rated, is_security=True))
    unit.lines[0].rated = sum(line.rated for line in unit.lines)


def _outlet(chance: Chance, unit: SimUnit, place: int) -> SimOutlet:
    ref = f"{unit.ref}-O{place}"
    draw = chance.one(f"outlet/{ref}/version")
    version = (
        PacketVersion.OF_2005
        if draw < 0.15
        else PacketVersion.OF_2017
        if draw < 0.9
        else PacketVersion.OF_2025
    )
    is_keyed = version is PacketVersion.OF_2025 and chance.one(f"outlet/{ref}/key") < 0.5
    number = unit.number * 10 + place
    mn = f"{88880000000000 + number}" if version is PacketVersion.OF_2005 else _station(number)
    kind = OutletKind.WATER if unit.kind == "water" else OutletKind.AIR
    if unit.kind == "incinerator":
        kind = OutletKind.FURNACE
    floors = (
        {"a34013": 0.5}
        if kind is OutletKind.AIR and chance.one(f"outlet/{ref}/floor") < 0.6
        else {}
    )
    return SimOutlet(
        ref,
        mn,
        kind,
        dict(LIMITS[unit.kind]),
        O2_REF.get(unit.kind),
        30 if kind is OutletKind.WATER else 10,
        version,
        f"{number:032x}" if is_keyed else "",
        place,
        is_batch=unit.kind == "coating" and place == 1,
        floors=floors,
    )


def _station(number: int) -> str:
    """Most have 24 characters; some few, or small letters, or no hexadecimal digits at all."""
    forms = {3: f"S{number:03}", 7: f"sim{number:021x}", 11: f"{number:024}", 15: f"ZXQ{number:05}"}
    return forms.get(number // 10 % 17, f"SIM{number:021}")


def _share_a_stack(units: list[SimUnit]) -> None:
    """Two units of one kind send through one stack, and say so."""
    boilers = [unit for unit in units if unit.kind == "boiler"]
    if len(boilers) >= 2:
        for unit in boilers[-2:]:
            unit.outlets[-1].is_shared = True
