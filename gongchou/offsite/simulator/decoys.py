"""What looks like a violation and is none; nothing may fire on it."""

from collections.abc import Callable
from math import sin

from gongchou.core.monitoring.series import Filing
from gongchou.core.monitoring.words import FilingKind, LineKind, OrderKind
from gongchou.offsite.simulator.planting import Place, Planter
from gongchou.offsite.simulator.power_violations import group_of, producing
from gongchou.offsite.simulator.process import OutletSignal, UnitSignal
from gongchou.offsite.simulator.violations import (
    factor_of,
    raise_to,
)

Target = tuple[UnitSignal, OutletSignal]


def marked_start(p: Planter, tag: str, target: Target) -> bool:
    """Over the limit while a furnace starts, and marked so."""
    unit, made = target
    starts = [f for f in unit.filings if f.kind is FilingKind.STARTING]
    if not starts:
        return False
    start = p.chance.pick(f"{tag}/start", starts)
    since, until = start.since, start.since + 120
    if until > p.world.end - 600 or not p.is_free(made.outlet.ref, since - 600, until + 600):
        return False
    factor = factor_of(p, tag, made)
    raise_to(p, made, factor, p.slots(made, since, until), 1.7, tag)
    p.note("marked_start", "A01", unit, made.outlet.ref, factor, since, until, "", is_decoy=True)
    return True


def filed_upkeep(p: Planter, tag: str, target: Target) -> bool:
    """Values over the limit during filed work on the analyser, marked M."""
    unit, made = target
    factor = factor_of(p, tag, made)
    since = p.room(tag, made.outlet.ref, 180, p.is_running(made))
    if since is None:
        return False
    slots = p.slots(made, since, since + 180)
    raise_to(p, made, factor, slots, 1.5, tag)
    for slot in slots:
        made.flags[slot] = "M"
    until = since + 180
    p.file(unit, FilingKind.OPERATION, since - 30, until + 30, made.outlet.ref)
    p.note("filed_upkeep", "A13", unit, made.outlet.ref, factor, since, until, "", is_decoy=True)
    return True


def at_detection_limit(p: Planter, tag: str, target: Target) -> bool:
    unit, made = target
    if "a34013" not in made.outlet.floors:
        return False
    hours = p.chance.whole(f"{tag}/hours", 8, 20)
    since = p.room(tag, made.outlet.ref, hours * 60, p.is_running(made))
    if since is None:
        return False
    until = since + hours * 60
    for slot in p.slots(made, since, until):
        made.values["a34013"][slot] = made.outlet.floors["a34013"]
    where = made.outlet.ref
    p.note("at_detection_limit", "A04", unit, where, "a34013", since, until, "", is_decoy=True)
    return True


def batches(p: Planter, tag: str, target: Target) -> bool:
    """A plant that works in batches, and is entered so, repeats itself."""
    unit, made = target
    if not made.outlet.is_batch:
        return False
    since = p.room(tag, made.outlet.ref, 8 * 1440)
    if since is None:
        return False
    values, per_day = made.values["a24088"], 144
    slots = p.slots(made, since, since + 8 * 1440)
    for place, slot in enumerate(slots):
        if made.running[slot] and made.running[slots.start + place % per_day]:
            values[slot] = values[slots.start + place % per_day]
    until = since + 8 * 1440
    p.note("batches", "A08", unit, made.outlet.ref, "a24088", since, until, "", is_decoy=True)
    return True


def hot_standby(p: Planter, tag: str, target: Target) -> bool:
    unit, made = target
    stops = [f for f in unit.filings if f.kind is FilingKind.OUT_OF_USE and not f.of]
    if not stops:
        return False
    stop = p.chance.pick(f"{tag}/stop", stops)
    since, until = stop.since + 240, min(stop.since + 600, stop.until - 120)
    if until - since < 120 or not p.is_free(made.outlet.ref, since - 240, until + 240):
        return False
    for slot in p.slots(made, since, min(until, p.world.end)):
        made.values["a01012"][slot] = 92 + slot % 5
    p.note("hot_standby", "A14", unit, made.outlet.ref, "", since, until, "", is_decoy=True)
    return True


def filed_setting(p: Planter, tag: str, target: Target) -> bool:
    unit, made = target
    since = p.room(tag, made.outlet.ref, 120)
    if since is None:
        return False
    made.settings.append((since, "i13010", f"{p.chance.between(f'{tag}/slope', 0.9, 1.1):.3f}"))
    p.file(unit, FilingKind.OPERATION, since - 120, since + 120, made.outlet.ref)
    p.note("filed_setting", "A15", unit, made.outlet.ref, "", since, since + 60, "", is_decoy=True)
    return True


def oxygen_together(p: Planter, tag: str, target: Target) -> bool:
    """A load that comes and goes: oxygen moves, and what is measured moves against it."""
    unit, made = target
    o2 = made.values.get("a19001")
    since = p.room(tag, made.outlet.ref, 1560, p.is_running(made))
    if since is None or o2 is None:
        return False
    until = since + 1560
    for place, slot in enumerate(p.slots(made, since, until)):
        before = o2[slot]
        o2[slot] += 3.0 * sin(place / 5.3)
        for factor in made.outlet.limits:
            made.values[factor][slot] *= (21 - o2[slot]) / (21 - before)
    where = made.outlet.ref
    p.note("oxygen_together", "A10", unit, where, "a19001", since, until, "", is_decoy=True)
    return True


def door_opened(p: Planter, tag: str, target: Target) -> bool:
    """Somebody looks in and changes nothing, or changes something that was filed."""
    unit, made = target
    factor = factor_of(p, tag, made)
    since = p.room(tag, made.outlet.ref, 480, p.is_running(made))
    if since is None:
        return False
    opened, until, where = since + 60, since + 480, made.outlet.ref
    made.settings += [(opened, "i32001", "1"), (opened + 20, "i32001", "0")]
    if p.chance.one(f"{tag}/filed") < 0.5:
        p.file(unit, FilingKind.OPERATION, since, until, where)
        for slot in p.slots(made, opened, opened + 120):
            made.values[factor][slot] *= 0.4
            made.flags[slot] = "M"
    p.note("door_opened", "A15", unit, where, factor, opened, until, "", is_decoy=True)
    return True


def filed_in_time(p: Planter, tag: str, target: Target) -> bool:
    """A fault that was filed some hours after it began."""
    unit, made = target
    factor = factor_of(p, tag, made)
    runs, where = p.is_running(made), made.outlet.ref
    since = p.room(tag, where, 660, lambda begun, _: runs(begun, begun + 240))
    if since is None:
        return False
    until, filed = since + 240, since + 600
    raise_to(p, made, factor, p.slots(made, since, until), 1.3, tag)
    unit.filings.append(
        Filing(kind=FilingKind.FAULT, since=since, until=until, of=where, filed=filed)
    )
    p.note("filed_in_time", "A13", unit, where, factor, since, filed + 60, "", is_decoy=True)
    return True


def partial_hour(p: Planter, tag: str, target: Target) -> bool:
    """A first report before the hour is over, then the whole hour."""
    unit, made = target
    since = p.room(tag, made.outlet.ref, 120, p.is_running(made))
    if since is None:
        return False
    made.partial.add((since - p.world.start) // 60)
    where = made.outlet.ref
    p.note("partial_hour", "A12", unit, where, "", since, since + 60, "", is_decoy=True)
    return True


def filed_correction(p: Planter, tag: str, target: Target) -> bool:
    unit, made = target
    since = p.room(tag, made.outlet.ref, 120, p.is_running(made))
    if since is None:
        return False
    factor = factor_of(p, tag, made)
    limit, share = made.outlet.limits[factor]
    value = limit * share * p.chance.between(f"{tag}/value", 0.5, 0.7)
    made.sent_again.append(((since - p.world.start) // 60, factor, value, 600, False))
    p.file(unit, FilingKind.SUPPLEMENT, since, since + 60, made.outlet.ref)
    where = made.outlet.ref
    p.note("filed_correction", "A12", unit, where, factor, since, since + 60, "", is_decoy=True)
    return True


def steady_plant(p: Planter, tag: str, target: Target) -> bool:
    """A process that hardly moves keeps a value close to its limit."""
    unit, made = target
    o2 = made.values.get("a19001")
    if o2 is None:
        return False
    since = p.room(tag, made.outlet.ref, 8 * 1440, p.is_never_off(made))
    if since is None:
        return False
    until = since + 8 * 1440
    slots = p.slots(made, since - 180, until + 60)
    zs = p.chance.normals(f"{tag}/still", len(slots))
    for slot, z in zip(slots, zs, strict=True):
        steady = 6.9 * (1 + 0.004 * z)
        for other in made.outlet.limits:
            made.values[other][slot] *= (21 - steady) / (21 - o2[slot])
        o2[slot] = steady
        made.values["a00000"][slot] = 30 * (1 + 0.004 * zs[slot - slots.start - 1])
    factor = factor_of(p, tag, made)
    raise_to(p, made, factor, p.slots(made, since, until), 0.94, tag)
    where = made.outlet.ref
    p.note("steady_plant", "A07", unit, where, factor, since, until, "", is_decoy=True)
    return True


def after_calibration(p: Planter, tag: str, target: Target) -> bool:
    """Jumps beside calibrations, twice in a week."""
    unit, made = target
    since = p.room(tag, made.outlet.ref, 3 * 1440, p.is_running(made))
    if since is None:
        return False
    factor = factor_of(p, tag, made)
    for day in (0, 1):
        first = (since - p.world.start) // 1440 * 24 * made.per_hour + day * 24 * made.per_hour
        marks = [s for s in range(first, first + 24 * made.per_hour) if made.flags[s] == "C"]
        if not marks:
            return False
        hour = marks[0] // made.per_hour + 1
        slots = range(hour * made.per_hour, (hour + 1) * made.per_hour)
        raise_to(p, made, factor, slots, 0.96, f"{tag}/{day}")
    until, where = since + 2 * 1440, made.outlet.ref
    p.note("after_calibration", "A06", unit, where, factor, since, until, "", is_decoy=True)
    return True


def shared_stack(p: Planter, tag: str, target: Target) -> bool:
    unit, made = target
    twins = [
        (other, theirs)
        for other in p.signals.values()
        for theirs in other.outlets
        if other is not unit and made.outlet.is_shared and theirs.outlet.is_shared
    ]
    if not twins:
        return False
    _, theirs = twins[0]
    mine, its = p.is_running(made), p.is_running(theirs)
    since = p.room(tag, made.outlet.ref, 1440, lambda a, b: mine(a, b) and its(a, b))
    if since is None:
        return False
    until = since + 1440
    for factor in (*made.outlet.limits, "a19001"):
        for slot in p.slots(made, since, until):
            made.values[factor][slot] = theirs.values[factor][slot]
    p.take(theirs.outlet.ref, since, until)
    p.note("shared_stack", "A16", unit, made.outlet.ref, "", since, until, "", is_decoy=True)
    return True


# -- electricity


def filed_repair(p: Planter, tag: str, unit: UnitSignal) -> bool:
    """The treatment stands for repair, and that was filed."""
    place = p.chance.pick(f"{tag}/place", producing(unit))
    where, ref = group_of(unit, place), f"{unit.unit.ref}-T{place}"
    minutes = 60 * p.chance.whole(f"{tag}/hours", 2, 5)
    since = p.room(tag, where, minutes, p.is_on(unit, place))
    if since is None:
        return False
    until = since + minutes
    for slot in p.quarters(since, until):
        unit.power[ref][slot] *= 0.01
    kind = p.chance.pick(f"{tag}/kind", (FilingKind.MAINTENANCE, FilingKind.FAULT))
    p.file(unit, kind, since - 15, until + 15, where)
    p.note("filed_repair", "E01", unit, where, "kW", since, until, "", is_decoy=True)
    return True


def tariff_night(p: Planter, tag: str, unit: UnitSignal) -> bool:
    """A week of work by night in a unit that always works by night for its price."""
    if not unit.unit.is_tariff:
        return False
    place = producing(unit)[0]
    where = f"{unit.unit.ref}-P{place}"
    since = p.room(tag, where, 5 * 1440, first_day=36, margin=60)
    if since is None:
        return False
    until = since + 5 * 1440
    p.note("tariff_night", "E05", unit, where, "kW", since, until, "", is_decoy=True)
    return True


def filed_stop(p: Planter, tag: str, unit: UnitSignal) -> bool:
    if unit.outlets:
        return False
    places = producing(unit)
    where = group_of(unit, places[0])
    since = p.room(tag, where, 9 * 1440, first_day=40)
    if since is None:
        return False
    until = since + 9 * 1440
    for line in unit.unit.lines:
        if line.kind is not LineKind.TOTAL:
            for slot in p.quarters(since, until):
                unit.power[line.ref][slot] = min(unit.power[line.ref][slot], 0.008 * line.rated)
    p.file(unit, FilingKind.STOPPED, since, until + 1440, "")
    for place in places:
        p.take(group_of(unit, place), since, until)
        p.take(f"{unit.unit.ref}-P{place}", since, until)
    ref = f"{unit.unit.ref}-P{places[0]}"
    p.note("filed_stop", "E08", unit, ref, "kW", since, until, "", is_decoy=True)
    return True


def security_load(p: Planter, tag: str, unit: UnitSignal) -> bool:
    """What must run for safety runs on through an order."""
    lines = [line for line in unit.unit.lines if line.is_security]
    orders = [o for o in unit.orders if p.is_free(lines[0].ref, o.since, o.until)] if lines else []
    if not orders:
        return False
    order = p.chance.pick(f"{tag}/order", orders)
    assert order.kind in OrderKind
    where = lines[0].ref
    p.note("security_load", "E04", unit, where, "kW", order.since, order.until, "", is_decoy=True)
    return True


AT_OUTLETS: tuple[tuple[str, Callable[[Planter, str, Target], bool], int, tuple[str, ...]], ...] = (
    ("steady_plant", steady_plant, 8, ("boiler", "cement")),
    ("batches", batches, 8, ("coating",)),
    ("shared_stack", shared_stack, 4, ("boiler",)),
    ("marked_start", marked_start, 36, ("boiler", "cement", "incinerator")),
    ("filed_upkeep", filed_upkeep, 34, ()),
    ("at_detection_limit", at_detection_limit, 36, ("boiler", "cement")),
    ("hot_standby", hot_standby, 26, ("boiler", "cement", "incinerator")),
    ("filed_setting", filed_setting, 24, ()),
    ("partial_hour", partial_hour, 24, ()),
    ("oxygen_together", oxygen_together, 10, ("boiler", "cement")),
    ("door_opened", door_opened, 16, ()),
    ("filed_in_time", filed_in_time, 12, ()),
    ("filed_correction", filed_correction, 16, ()),
    ("after_calibration", after_calibration, 12, ("boiler", "cement")),
)
AT_LINES: tuple[
    tuple[str, Callable[[Planter, str, UnitSignal], bool], int, tuple[str, ...]], ...
] = (
    ("filed_stop", filed_stop, 6, ("small",)),
    ("tariff_night", tariff_night, 16, ("small",)),
    ("filed_repair", filed_repair, 40, ()),
    ("security_load", security_load, 6, ("boiler",)),
)


def plant_decoys(p: Planter, units: list[UnitSignal], scale: float) -> None:
    for kind, act, count, kinds in AT_OUTLETS:
        targets = [
            (unit, made)
            for unit in units
            for made in unit.outlets
            if not kinds or unit.unit.kind in kinds
        ]
        p.spread(f"decoy/{kind}", targets, max(1, round(count * scale)), _without_strength(p, act))
    for kind, plant, count, kinds in AT_LINES:
        chosen = [unit for unit in units if not kinds or unit.unit.kind in kinds]
        p.spread(f"decoy/{kind}", chosen, max(1, round(count * scale)), _without_strength(p, plant))


def _without_strength(
    p: Planter, act: Callable[[Planter, str, Place], bool]
) -> Callable[[str, str, Place], bool]:
    return lambda tag, strength, target: act(p, tag, target)


def region_outages(p: Planter, units: list[UnitSignal]) -> None:
    """The network of a part of the area is down for some hours: monitors send later, meters not."""
    for number in range(max(1, p.world.days // 30)):
        tag = f"region/{number}"
        room = p.world.days * 24 // max(1, p.world.days // 30)
        first = number * room + p.chance.whole(f"{tag}/at", 30, max(31, room - 30))
        hours = p.chance.whole(f"{tag}/hours", 4, 8)
        since, until = p.world.start + first * 60, p.world.start + (first + hours) * 60
        west = sorted(units, key=lambda unit: (unit.unit.x, unit.unit.ref))
        for unit in west[: max(4, len(units) // 3)]:
            for made in unit.outlets:
                made.held.append((first, first + hours))
            unit.lost |= {
                (line.ref, slot) for line in unit.unit.lines for slot in p.quarters(since, until)
            }
            where = f"{unit.unit.ref}-M0"
            p.note("region_outage", "E07", unit, where, "", since, until, "", is_decoy=True)
