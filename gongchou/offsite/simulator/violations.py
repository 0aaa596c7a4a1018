"""The violations planted, each easy, medium or hard."""

from collections.abc import Callable
from functools import partial
from math import sin

from gongchou.core.monitoring.series import Filing
from gongchou.core.monitoring.words import FilingKind, OutletKind
from gongchou.offsite.simulator.planting import Planter, by
from gongchou.offsite.simulator.power_violations import (
    disobeyed,
    fan_slow,
    hidden_load,
    late_start,
    meter_fault,
    night_work,
    silent_stop,
    treatment_off,
)
from gongchou.offsite.simulator.process import OutletSignal, UnitSignal
from gongchou.offsite.simulator.truth import HARD

Target = tuple[UnitSignal, OutletSignal]
SEEN_LOW = ("A06", "A09")
Plant = Callable[[Planter, str, str, Target], bool]


def factor_of(p: Planter, tag: str, made: OutletSignal) -> str:
    return p.chance.pick(f"{tag}/factor", sorted(made.outlet.limits))


def raise_to(
    p: Planter, made: OutletSignal, factor: str, slots: range, share: float, tag: str
) -> None:
    """The judged value is this share of the limit, with some noise."""
    limit, _ = made.outlet.limits[factor]
    o2, ref = made.values.get("a19001"), made.outlet.o2_ref
    for slot, z in zip(slots, p.chance.normals(f"{tag}/raise", len(slots)), strict=True):
        value = limit * share * (1 + 0.01 * z)
        if o2 is not None and ref:
            value *= (21 - o2[slot]) / (21 - ref)
        made.values[factor][slot] = value


def exceedance(p: Planter, tag: str, strength: str, target: Target) -> bool:
    unit, made = target
    factor = factor_of(p, tag, made)
    hours = p.chance.whole(f"{tag}/hours", int(by(strength, 4, 2, 1)), int(by(strength, 8, 4, 1)))
    since = p.room(tag, made.outlet.ref, hours * 60, p.is_running(made))
    if since is None:
        return False
    share = p.chance.between(
        f"{tag}/share", by(strength, 1.4, 1.12, 1.02), by(strength, 2.6, 1.4, 1.05)
    )
    until = since + hours * 60
    raise_to(p, made, factor, p.slots(made, since, until), share, tag)
    p.note(
        "exceedance", "A01", unit, made.outlet.ref, factor, since, until, strength, also=("A06",)
    )
    return True


def constant(p: Planter, tag: str, strength: str, target: Target) -> bool:
    unit, made = target
    factor = factor_of(p, tag, made)
    is_water = made.outlet.kind is OutletKind.WATER
    hours = int(by(strength, 18, 11, 5)) if is_water else int(by(strength, 8, 3, 6))
    since = p.room(tag, made.outlet.ref, hours * 60, p.is_running(made))
    if since is None:
        return False
    slots = p.slots(made, since, since + hours * 60)
    value = made.values[factor][slots.start]
    jitter = p.chance.normals(f"{tag}/jitter", len(slots))
    for slot, z in zip(slots, jitter, strict=True):
        made.values[factor][slot] = value * (1 + (0.004 * z if strength == HARD else 0.0))
    p.note("constant", "A04", unit, made.outlet.ref, factor, since, since + hours * 60, strength)
    return True


def zero(p: Planter, tag: str, strength: str, target: Target) -> bool:
    unit, made = target
    factor = factor_of(p, tag, made)
    hours = int(by(strength, 8, 4, 2))
    since = p.room(tag, made.outlet.ref, hours * 60, p.is_running(made))
    if since is None:
        return False
    for slot in p.slots(made, since, since + hours * 60):
        made.values[factor][slot] = 0.0
    until = since + hours * 60
    also = ("A04", "A09", "A10", "A06")
    p.note("zero", "A05", unit, made.outlet.ref, factor, since, until, strength, also=also)
    return True


def dilution(p: Planter, tag: str, strength: str, target: Target) -> bool:
    unit, made = target
    o2 = made.values.get("a19001")
    hours = p.chance.whole(f"{tag}/hours", int(by(strength, 5, 3, 3)), int(by(strength, 10, 5, 4)))
    since = p.room(tag, made.outlet.ref, hours * 60, p.is_running(made))
    if since is None or o2 is None:
        return False
    for slot in p.slots(made, since, since + hours * 60):
        level = by(strength, 19.9, 19.35, 17.5) + 0.1 * (slot % 3 - 1)
        for factor in made.outlet.limits:
            made.values[factor][slot] *= (21 - level) / (21 - o2[slot])
        o2[slot] = level
    until = since + hours * 60
    p.note(
        "dilution", "A10", unit, made.outlet.ref, "a19001", since, until, strength, also=("A06",)
    )
    return True


def stop_marked(p: Planter, tag: str, strength: str, target: Target) -> bool:
    unit, made = target
    hours = int(by(strength, 9, 4, 1))
    since = p.room(tag, made.outlet.ref, hours * 60, p.is_running(made))
    if since is None:
        return False
    for slot in p.slots(made, since, since + hours * 60):
        made.flags[slot] = "F"
    until = since + hours * 60
    p.note("stop_marked", "A14", unit, made.outlet.ref, "", since, until, strength)
    return True


def mark_abuse(p: Planter, tag: str, strength: str, target: Target) -> bool:
    unit, made = target
    factor = factor_of(p, tag, made)
    hours = int(by(strength, 6, 4, 2))
    since = p.room(tag, made.outlet.ref, hours * 60 + 240, p.is_running(made))
    if since is None:
        return False
    raise_to(p, made, factor, p.slots(made, since, since + 120), 0.95, f"{tag}/before")
    begun, until = since + 120, since + 120 + hours * 60
    raise_to(p, made, factor, p.slots(made, begun, until), 1.4, tag)
    for slot in p.slots(made, begun, until):
        made.flags[slot] = "M"
    raise_to(p, made, factor, p.slots(made, until, until + 120), 0.95, f"{tag}/after")
    p.note(
        "mark_abuse", "A13", unit, made.outlet.ref, factor, begun, until, strength, also=("A11",)
    )
    return True


def rewrite(p: Planter, tag: str, strength: str, target: Target) -> bool:
    unit, made = target
    factor = factor_of(p, tag, made)
    hours = int(by(strength, 6, 2, 3))
    since = p.room(tag, made.outlet.ref, hours * 60, p.is_running(made))
    if since is None:
        return False
    later = 60 * p.chance.whole(f"{tag}/later", 5, 40)
    first = (since - p.world.start) // 60
    limit, share = made.outlet.limits[factor]
    for hour in range(first, first + hours):
        value = limit * share * p.chance.between(f"{tag}/{hour}", 0.4, 0.6)
        made.sent_again.append((hour, factor, value, later, strength == HARD))
    until = since + hours * 60
    p.note("rewrite", "A12", unit, made.outlet.ref, factor, since, until, strength)
    return True


def parameter(p: Planter, tag: str, strength: str, target: Target) -> bool:
    unit, made = target
    since = p.room(tag, made.outlet.ref, 60)
    if since is None or any(minute == since for minute, _, _ in made.settings):
        return False
    now = f"{p.chance.between(f'{tag}/slope', 0.6, 0.9):.3f}"
    made.settings.append((since, "i13007", now))
    p.note("parameter", "A15", unit, made.outlet.ref, "", since, since + 60, strength)
    return True


def oxygen_alone(p: Planter, tag: str, strength: str, target: Target) -> bool:
    """The oxygen shown goes up and down; what is measured beside it does not follow."""
    unit, made = target
    o2 = made.values.get("a19001")
    hours = int(by(strength, 36, 26, 24))
    since = p.room(tag, made.outlet.ref, hours * 60, p.is_running(made))
    if since is None or o2 is None:
        return False
    swing = by(strength, 3.5, 2.8, 1.2)
    for place, slot in enumerate(p.slots(made, since, since + hours * 60)):
        o2[slot] += swing * sin(place / 5.3)
    until = since + hours * 60
    also = ("A01", "A06", "A08")
    p.note(
        "oxygen_alone", "A10", unit, made.outlet.ref, "a19001", since, until, strength, also=also
    )
    return True


def late_mark(p: Planter, tag: str, strength: str, target: Target) -> bool:
    """Over the limit, and long after filed as a fault so that it should not count."""
    unit, made = target
    factor = factor_of(p, tag, made)
    minutes = 60 * p.chance.whole(f"{tag}/hours", 3, 6)
    late, runs, where = 60 * int(by(strength, 72, 36, 22)), p.is_running(made), made.outlet.ref
    since = p.room(tag, where, late + 60, lambda begun, _: runs(begun, begun + minutes))
    if since is None:
        return False
    until, filed = since + minutes, since + late
    raise_to(p, made, factor, p.slots(made, since, until), 1.4, tag)
    unit.filings.append(
        Filing(kind=FilingKind.FAULT, since=since, until=until, of=where, filed=filed)
    )
    # It shows in the hour in which it is filed.
    p.note("late_mark", "A13", unit, where, factor, since, filed + 60, strength, also=("A06",))
    return True


def door(p: Planter, tag: str, strength: str, target: Target) -> bool:
    """Somebody enters the station, and one value is another from then on."""
    unit, made = target
    factor = factor_of(p, tag, made)
    hours = p.chance.whole(f"{tag}/hours", 6, 14)
    since = p.room(tag, made.outlet.ref, hours * 60, p.is_running(made))
    if since is None:
        return False
    opened, until = since + 60, since + hours * 60
    made.settings += [(opened, "i32001", "1"), (opened + 20, "i32001", "0")]
    for slot in p.slots(made, opened, until):
        made.values[factor][slot] *= by(strength, 0.2, 0.35, 0.75)
    p.note("door", "A15", unit, made.outlet.ref, factor, opened, until, strength, also=SEEN_LOW)
    return True


def clock(p: Planter, tag: str, strength: str, target: Target) -> bool:
    unit, made = target
    hours = int(by(strength, 30, 12, 8))
    since = p.room(tag, made.outlet.ref, hours * 60, p.is_running(made))
    if since is None:
        return False
    made.clock.append((since, since + hours * 60, int(by(strength, 2700, 540, 240))))
    p.note("clock", "A17", unit, made.outlet.ref, "", since, since + hours * 60, strength)
    return True


def missing(p: Planter, tag: str, strength: str, target: Target) -> bool:
    unit, made = target
    hours = int(by(strength, 20, 9, 2))
    since = p.room(tag, made.outlet.ref, hours * 60, p.is_running(made))
    if since is None:
        return False
    made.lost |= set(p.slots(made, since, since + hours * 60))
    first = (since - p.world.start) // 60
    made.lost_hours |= set(range(first, first + hours))
    p.note("missing", "A11", unit, made.outlet.ref, "", since, since + hours * 60, strength)
    return True


def capped(p: Planter, tag: str, strength: str, target: Target) -> bool:
    unit, made = target
    factor = factor_of(p, tag, made)
    days = 9
    since = p.room(tag, made.outlet.ref, days * 1440, first_day=p.first_day)
    if since is None:
        return False
    limit, _ = made.outlet.limits[factor]
    o2, ref = made.values.get("a19001"), made.outlet.o2_ref
    slots = p.slots(made, since, since + days * 1440)
    drift = p.chance.drifting(f"{tag}/drift", len(slots), 0.97, 0.14)
    jitter = p.chance.uniforms(f"{tag}/jitter", len(slots))
    for slot, d, u in zip(slots, drift, jitter, strict=True):
        if not made.running[slot]:
            continue
        value = limit * by(strength, 1.0, 0.94, 0.82) * (1 + d)
        if value > 0.985 * limit:
            value = limit * (0.985 - 0.025 * u)
        if o2 is not None and ref:
            value *= (21 - o2[slot]) / (21 - ref)
        made.values[factor][slot] = value
    until = since + days * 1440
    p.note("capped", "A07", unit, made.outlet.ref, factor, since, until, strength, also=("A13",))
    return True


def day_loop(p: Planter, tag: str, strength: str, target: Target) -> bool:
    unit, made = target
    factor = factor_of(p, tag, made)
    days = 9
    since = p.room(tag, made.outlet.ref, days * 1440, p.is_never_off(made))
    if since is None:
        return False
    per_day = 24 * made.per_hour
    slots = p.slots(made, since, since + days * 1440)
    noise = p.chance.normals(f"{tag}/noise", len(slots))
    level = by(strength, 0.003, 0.015, 0.08)
    values = made.values[factor]
    first = values[slots.start : slots.start + per_day]
    for place, (slot, z) in enumerate(zip(slots, noise, strict=True)):
        values[slot] = first[place % per_day] * (1 + level * z)
    until = since + days * 1440
    p.note("day_loop", "A08", unit, made.outlet.ref, factor, since, until, strength)
    return True


def thin(p: Planter, tag: str, strength: str, target: Target) -> bool:
    unit, made = target
    factor = p.chance.pick(f"{tag}/factor", ("w01018", "w21003"))
    hours = int(by(strength, 16, 10, 8))
    since = p.room(tag, made.outlet.ref, hours * 60, p.is_running(made))
    if since is None:
        return False
    for slot in p.slots(made, since, since + hours * 60):
        made.values[factor][slot] *= by(strength, 0.12, 0.25, 0.6)
    until = since + hours * 60
    p.note("thin", "A09", unit, made.outlet.ref, factor, since, until, strength, also=("A06",))
    return True


def cold_furnace(p: Planter, tag: str, strength: str, target: Target) -> bool:
    unit, made = target
    minutes = int(by(strength, 180, 60, 25))
    since = p.room(tag, made.outlet.ref, minutes, p.is_running(made))
    if since is None:
        return False
    first = (since - p.world.start) // 5
    for slot in range(first, first + minutes // 5):
        made.values["a01901"][slot] = by(strength, 790, 835, 846) + slot % 4
    p.note("cold_furnace", "A03", unit, made.outlet.ref, "a01901", since, since + minutes, strength)
    return True


def swap(p: Planter, tag: str, strength: str, target: Target) -> bool:
    """Copies the analyser of a neighbour of the same kind."""
    unit, made = target
    twins = [
        (other, theirs)
        for other in p.signals.values()
        for theirs in other.outlets
        if other is not unit and other.unit.kind == unit.unit.kind and not theirs.outlet.is_shared
    ]
    if not twins or made.outlet.is_shared:
        return False
    other, theirs = p.chance.pick(f"{tag}/twin", twins)
    hours = int(by(strength, 30, 16, 24))
    mine, its = p.is_running(made), p.is_running(theirs)
    since = p.room(tag, made.outlet.ref, hours * 60, lambda a, b: mine(a, b) and its(a, b))
    if since is None or not p.is_free(theirs.outlet.ref, since - 1800, since + hours * 60 + 1800):
        return False
    slots = p.slots(made, since, since + hours * 60)
    noise = p.chance.normals(f"{tag}/noise", len(slots))
    for factor in made.outlet.limits:
        for slot, z in zip(slots, noise, strict=True):
            value = theirs.values[factor][slot]
            made.values[factor][slot] = value * (1 + (0.02 * z if strength == HARD else 0.0))
    until = since + hours * 60
    p.take(theirs.outlet.ref, since, until)
    mirrors = ((other.unit.ref, theirs.outlet.ref),)
    p.note("swap", "A16", unit, made.outlet.ref, "", since, until, strength, mirrors=mirrors)
    return True


AT_OUTLETS: tuple[tuple[str, Plant, int, tuple[str, ...]], ...] = (
    ("capped", capped, 14, ("boiler", "cement", "water")),
    ("day_loop", day_loop, 10, ("boiler", "cement", "water")),
    ("swap", swap, 14, ("boiler", "cement")),
    ("missing", missing, 16, ()),
    ("clock", clock, 16, ()),
    ("exceedance", exceedance, 42, ()),
    ("constant", constant, 36, ()),
    ("zero", zero, 26, ()),
    ("dilution", dilution, 24, ("boiler", "cement", "incinerator")),
    ("stop_marked", stop_marked, 28, ("boiler", "cement", "incinerator")),
    ("mark_abuse", mark_abuse, 16, ()),
    ("rewrite", rewrite, 24, ()),
    ("parameter", parameter, 14, ()),
    ("oxygen_alone", oxygen_alone, 10, ("boiler", "cement", "incinerator")),
    ("late_mark", late_mark, 12, ()),
    ("door", door, 14, ()),
    ("thin", thin, 14, ("water",)),
    ("cold_furnace", cold_furnace, 8, ("incinerator",)),
)
AT_LINES: tuple[
    tuple[str, Callable[[Planter, str, str, UnitSignal], bool], int, tuple[str, ...]], ...
] = (
    ("disobeyed", disobeyed, 36, ("boiler", "cement", "coating", "small")),
    ("silent_stop", silent_stop, 8, ("small",)),
    ("late_start", late_start, 12, ("coating", "small")),
    ("night_work", night_work, 12, ("small",)),
    ("hidden_load", hidden_load, 16, ()),
    ("meter_fault", meter_fault, 14, ()),
    ("treatment_off", treatment_off, 45, ()),
    ("fan_slow", fan_slow, 36, ()),
)


def plant_violations(p: Planter, violators: list[UnitSignal], scale: float) -> None:
    for kind, act, count, kinds in AT_OUTLETS:
        targets = [
            (unit, made)
            for unit in violators
            for made in unit.outlets
            if not kinds or unit.unit.kind in kinds
        ]
        p.spread(f"violation/{kind}", targets, max(1, round(count * scale)), partial(act, p))
    for kind, plant, count, kinds in AT_LINES:
        units = [unit for unit in violators if not kinds or unit.unit.kind in kinds]
        p.spread(f"violation/{kind}", units, max(1, round(count * scale)), partial(plant, p))
