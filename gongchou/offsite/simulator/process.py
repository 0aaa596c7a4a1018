"""The normal behaviour of a unit before anything is planted: shifts, load, power, gas and water."""

from dataclasses import dataclass, field
from fractions import Fraction
from math import exp, sin

from gongchou.core.monitoring.moments import weekday
from gongchou.core.monitoring.series import EmergencyOrder, Filing
from gongchou.core.monitoring.words import FilingKind, LineKind, OrderKind, OutletKind
from gongchou.offsite.simulator.chance import Chance
from gongchou.offsite.simulator.population import CONTINUOUS, SimOutlet, SimUnit, World

QUARTERS = 96
HOLIDAY = (30, 35)
ORDERS = (
    (38, 2, OrderKind.LIMIT, Fraction(3, 10)),
    (57, 2, OrderKind.STOP, Fraction(0)),
    (78, 3, OrderKind.LIMIT, Fraction(4, 10)),
)
EXEMPT_KINDS = frozenset({"water", "incinerator"})


@dataclass(slots=True)
class OutletSignal:
    """Slots of `outlet.interval` minutes from the start of the quarter.

    `flags` are those of the pollutants; `hours` overrides of the hourly mean by (factor, hour);
    `sent_again` are (hour, factor, value, minutes later, with mark).
    """

    outlet: SimOutlet
    values: dict[str, list[float]]
    flags: list[str]
    running: list[bool]
    lost: set[int] = field(default_factory=set)
    held: list[tuple[int, int]] = field(default_factory=list)
    sent_again: list[tuple[int, str, float, int, bool]] = field(default_factory=list)
    partial: set[int] = field(default_factory=set)
    lost_hours: set[int] = field(default_factory=set)
    settings: list[tuple[int, str, str]] = field(default_factory=list)
    clock: list[tuple[int, int, int]] = field(default_factory=list)

    @property
    def per_hour(self) -> int:
        return 60 // self.outlet.interval


@dataclass(slots=True)
class UnitSignal:
    """Quarter hours from the start; `stuck` and `lost` belong to the meters."""

    unit: SimUnit
    on: list[list[bool]]
    load: list[float]
    power: dict[str, list[float]]
    outlets: list[OutletSignal]
    filings: list[Filing] = field(default_factory=list)
    orders: list[EmergencyOrder] = field(default_factory=list)
    amps: dict[str, dict[int, float]] = field(default_factory=dict)
    counter_falls: set[tuple[str, int]] = field(default_factory=set)
    lost: set[tuple[str, int]] = field(default_factory=set)
    hidden: dict[int, float] = field(default_factory=dict)


# Of how many loggers some days come at once, after an outage.
DAYS_AWAY = 0.08


def normal_unit(chance: Chance, world: World, unit: SimUnit) -> UnitSignal:
    orders = _orders(world, unit)
    producing = [line for line in unit.of_kind(LineKind.PRODUCING) if not line.is_security]
    stops = _stops(chance, world, unit)
    on = [_states(chance, world, unit, place, stops, orders) for place in range(len(producing))]
    load = _load(chance, world, unit, orders)
    signal = UnitSignal(unit, on, load, {}, [], orders=orders)
    for line in unit.lines:
        if line.kind is not LineKind.TOTAL:
            signal.power[line.ref] = _power(chance, signal, line.ref)
    for since, until in stops:
        if unit.outlets:
            signal.filings.append(Filing(kind=FilingKind.OUT_OF_USE, since=since, until=until))
        signal.filings.append(Filing(kind=FilingKind.STARTING, since=until, until=until + 180))
    for outlet in unit.outlets:
        made = (
            _water(chance, world, signal, outlet)
            if outlet.kind is OutletKind.WATER
            else _gas(chance, world, signal, outlet)
        )
        _upkeep(chance, world, signal, made)
        signal.outlets.append(made)
    return signal


def total_power(chance: Chance, signal: UnitSignal) -> list[float]:
    """What the total meter reads once everything else stands."""
    rows = list(signal.power.values())
    noise = chance.normals(f"total/{signal.unit.ref}", len(rows[0]))
    share = 1 - signal.unit.unmetered
    return [
        sum(kws) / share * (1 + 0.01 * z) + signal.hidden.get(place, 0.0)
        for place, (kws, z) in enumerate(zip(zip(*rows, strict=True), noise, strict=True))
    ]


def _orders(world: World, unit: SimUnit) -> list[EmergencyOrder]:
    if unit.kind in EXEMPT_KINDS:
        return []
    exempt = tuple(line.ref for line in unit.lines if line.is_security)
    found = []
    for number, (day, length, kind, share) in enumerate(ORDERS):
        if day + length + 2 > world.days:
            continue
        since = world.start + day * 1440 + 480
        found.append(
            EmergencyOrder(
                ref=f"应急令{number + 1}",
                kind=kind,
                since=since,
                until=since + length * 1440,
                received=since - 60,
                share=share,
                exempt=exempt,
            )
        )
    return found


def _stops(chance: Chance, world: World, unit: SimUnit) -> list[tuple[int, int]]:
    """Planned stops of plants that otherwise never stop."""
    if unit.kind not in CONTINUOUS:
        return []
    found = []
    for number in range(max(1, world.days // 30)):
        tag = f"stop/{unit.ref}/{number}"
        length = 60 * chance.whole(f"{tag}/hours", 12, 40)
        room = world.days * 1440 // max(1, world.days // 30)
        since = (
            world.start
            + number * room
            + 60 * chance.whole(f"{tag}/at", 24, max(25, room // 60 - 60))
        )
        found.append((since, min(since + length, world.end)))
    return found


def _states(
    chance: Chance,
    world: World,
    unit: SimUnit,
    place: int,
    stops: list[tuple[int, int]],
    orders: list[EmergencyOrder],
) -> list[bool]:
    """Whether a producing line runs, by quarter hour."""
    count = world.days * QUARTERS
    on = [unit.works == (0, 24)] * count
    if unit.works != (0, 24):
        jitter = chance.uniforms(f"shift/{unit.ref}/{place}", 2 * world.days)
        for day in range(-1, world.days):
            rests = weekday(world.start // 1440 + day) == 6 or HOLIDAY[0] <= day < HOLIDAY[1]
            if rests:
                continue
            begin = day * QUARTERS + unit.works[0] * 4 + int(3 * jitter[2 * day]) - 1
            end = day * QUARTERS + unit.works[1] * 4 + int(3 * jitter[2 * day + 1]) - 1
            for slot in range(max(0, begin), min(count, end)):
                on[slot] = True
    spans = [*stops, *((o.received + 60, o.until) for o in orders if o.kind is OrderKind.STOP)]
    for since, until in spans:
        for slot in range(
            max(0, (since - world.start) // 15), min(count, (until - world.start) // 15)
        ):
            on[slot] = False
    return on


def _load(chance: Chance, world: World, unit: SimUnit, orders: list[EmergencyOrder]) -> list[float]:
    """By hour, 0.3 to 1 when running."""
    hours = world.days * 24
    drift = chance.drifting(f"load/{unit.ref}", hours, 0.9, 0.07)
    found = []
    for hour in range(hours):
        curve = 0.68 + 0.12 * sin((hour % 24 - 8) / 24 * 6.283)
        if weekday(world.start // 1440 + hour // 24) == 6 and unit.works == (0, 24):
            curve -= 0.05
        level = max(0.3, min(1.0, curve + drift[hour]))
        minute = world.start + hour * 60
        for order in orders:
            if order.kind is OrderKind.LIMIT and order.received <= minute < order.until:
                level = max(
                    0.05, level * (1 - float(order.share)) * 0.85 - 0.5 * float(order.share)
                )
        found.append(level)
    return found


def _power(chance: Chance, signal: UnitSignal, ref: str) -> list[float]:
    unit = signal.unit
    line = next(line for line in unit.lines if line.ref == ref)
    count = len(signal.on[0])
    noise = chance.normals(f"power/{ref}", count)
    if line.is_security:
        return [line.rated * 0.6 * (1 + 0.03 * z) for z in noise]
    place = int(ref[-1])
    on = signal.on[place]
    if line.kind is LineKind.TREATING:
        on = _stretched(on, -(-unit.lead // 15), -(-unit.lag // 15))
    found = []
    for slot, z in enumerate(noise):
        level = signal.load[slot // 4]
        if not on[slot]:
            found.append(line.rated * 0.008 * (1 + 0.1 * z))
        elif line.kind is LineKind.PRODUCING:
            found.append(line.rated * (0.3 + 0.55 * level) * (1 + 0.02 * z))
        elif line.is_vfd:
            found.append(line.rated * (0.35 + 0.5 * level) * (1 + 0.015 * z))
        else:
            found.append(line.rated * 0.78 * (1 + 0.015 * z))
    return found


def _stretched(on: list[bool], lead: int, lag: int) -> list[bool]:
    found = list(on)
    for slot, runs in enumerate(on):
        if runs:
            for near in range(max(0, slot - lead), min(len(on), slot + lag + 1)):
                found[near] = True
    return found


def _gas(chance: Chance, world: World, signal: UnitSignal, outlet: SimOutlet) -> OutletSignal:
    tag = f"gas/{outlet.ref}"
    count = world.days * 144
    on = signal.on[outlet.line]
    running = [on[min(len(on) - 1, slot * 10 // 15)] for slot in range(count)]
    level = [signal.load[slot // 6] if running[slot] else 0.0 for slot in range(count)]
    has_o2 = outlet.o2_ref is not None
    mid = (outlet.o2_ref or 6.0) + 1.0
    o2 = _conditions(chance, f"{tag}/o2", level, lambda x: mid + 1.5 - 2.2 * x, 0.02, 20.9)
    flow = _conditions(chance, f"{tag}/flow", level, lambda x: 12 + 25 * x, 0.02, 0.05)
    heat = _cooling(chance, f"{tag}/heat", level)
    speed = [x / 3.2 for x in flow]
    damp = _conditions(chance, f"{tag}/damp", level, lambda x: 6 + 4 * x, 0.02, 2.1)
    values = {"a01011": speed, "a01012": heat, "a01014": damp, "a00000": flow}
    if has_o2:
        values["a19001"] = o2
    for factor, (limit, share) in outlet.limits.items():
        values[factor] = _emission(chance, f"{tag}/{factor}", outlet, level, o2, limit * share)
    if outlet.kind is OutletKind.FURNACE:
        z = chance.normals(f"{tag}/furnace", 2 * count)
        drift = chance.drifting(f"{tag}/furnace drift", count // 6 + 1, 0.9, 10)
        values["a01901"] = [
            (920 + drift[slot // 12] + 6 * z[slot]) if running[slot // 2] else 300.0
            for slot in range(2 * count)
        ]
    return OutletSignal(outlet, values, ["N" if runs else "F" for runs in running], running)


def _conditions(
    chance: Chance, tag: str, level: list[float], of, noise: float, still: float
) -> list[float]:  # type: ignore[no-untyped-def]
    drift = chance.drifting(f"{tag}/drift", len(level) // 6 + 2, 0.92, 2.0 * noise)
    zs = chance.normals(tag, len(level))
    return [
        of(x) * (1 + drift[slot // 6] + noise * z) if x else still * (1 + 0.003 * z)
        for slot, (x, z) in enumerate(zip(level, zs, strict=True))
    ]


def _cooling(chance: Chance, tag: str, level: list[float]) -> list[float]:
    found, heat = [], 120.0
    for x, z in zip(level, chance.normals(tag, len(level)), strict=True):
        heat += 0.2 * ((95 + 45 * x if x else 32) - heat)
        found.append(heat * (1 + 0.01 * z))
    return found


def _emission(
    chance: Chance, tag: str, outlet: SimOutlet, level: list[float], o2: list[float], base: float
) -> list[float]:
    """As measured, at the oxygen of the moment; the base is the converted value."""
    drift = chance.drifting(f"{tag}/drift", len(level) // 6 + 2, 0.85, 0.10)
    zs = chance.normals(tag, len(level))
    ref = outlet.o2_ref
    found = []
    for slot, (x, z) in enumerate(zip(level, zs, strict=True)):
        if not x:
            found.append(0.02 * base * (1 + 0.2 * z))
            continue
        value = base * (0.85 + 0.2 * x) * exp(drift[slot // 6] + 0.05 * z)
        found.append(value * (21 - o2[slot]) / (21 - ref) if ref else value)
    return found


def _water(chance: Chance, world: World, signal: UnitSignal, outlet: SimOutlet) -> OutletSignal:
    tag = f"water/{outlet.ref}"
    count = world.days * 48
    flow_drift = chance.drifting(f"{tag}/flow drift", count // 2 + 1, 0.85, 0.12)
    zs = chance.normals(f"{tag}/flow", count)
    flow = [
        60
        * (1 + 0.25 * sin((slot / 2 % 24 - 9) / 24 * 6.283))
        * exp(flow_drift[slot // 2] + 0.03 * zs[slot])
        for slot in range(count)
    ]
    acid = chance.drifting(f"{tag}/acid", count, 0.97, 0.2)
    values = {"w00000": flow, "w01001": [7.3 + x for x in acid]}
    for factor, (limit, share) in outlet.limits.items():
        drift = chance.drifting(f"{tag}/{factor}", count // 4 + 1, 0.85, 0.13)
        values[factor] = [limit * share * exp(drift[slot // 4]) for slot in range(count)]
    return OutletSignal(outlet, values, ["N"] * count, [True] * count)


def _upkeep(chance: Chance, world: World, signal: UnitSignal, made: OutletSignal) -> None:
    """Daily calibration, weekly maintenance, a failure now and then, lost minutes, outages."""
    tag = f"upkeep/{made.outlet.ref}"
    per = made.per_hour
    count = len(made.flags)
    hour = chance.whole(f"{tag}/hour", 0, 5)
    at = chance.whole(f"{tag}/week", 0, 6)
    file = signal.filings.append
    for day in range(world.days):
        first = (day * 24 + hour) * per
        _mark(made, first, first + max(1, per // 3) + (per == 2), "C")
        since = world.start + day * 1440 + hour * 60
        file(Filing(kind=FilingKind.CALIBRATION, since=since, until=since + 60, of=made.outlet.ref))
        if (day + at) % 7 == 0:
            first = (day * 24 + 9) * per
            _mark(made, first, first + per, "M")
            since = world.start + day * 1440 + 9 * 60
            file(
                Filing(kind=FilingKind.OPERATION, since=since, until=since + 90, of=made.outlet.ref)
            )
    for number in range(world.days // 40):
        since = chance.whole(f"{tag}/failure/{number}", 24, world.days * 24 - 30)
        length = chance.whole(f"{tag}/failure length/{number}", 4, 9)
        _mark(made, since * per, (since + length) * per, "D")
        begun = world.start + since * 60
        file(
            Filing(
                kind=FilingKind.FAULT, since=begun, until=begun + length * 60, of=made.outlet.ref
            )
        )
    made.lost |= {slot for slot, u in enumerate(chance.uniforms(f"{tag}/lost", count)) if u < 0.01}
    for number in range(max(1, world.days // 45)):
        since = chance.whole(f"{tag}/outage/{number}", 12, world.days * 24 - 12)
        made.held.append((since, since + chance.whole(f"{tag}/outage length/{number}", 2, 6)))
    if world.days > 30 and chance.one(f"{tag}/days away") < DAYS_AWAY:
        since = chance.whole(f"{tag}/days away at", 24, world.days * 24 - 120)
        made.held.append((since, since + chance.whole(f"{tag}/days away length", 36, 72)))


def _mark(made: OutletSignal, first: int, last: int, flag: str) -> None:
    for slot in range(first, min(last, len(made.flags))):
        if made.flags[slot] == "N":
            made.flags[slot] = flag
