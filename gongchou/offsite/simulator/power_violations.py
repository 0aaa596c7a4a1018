"""The violations in electricity, each easy, medium or hard."""

from gongchou.core.monitoring.words import LineKind, OrderKind
from gongchou.offsite.simulator.planting import Planter, by
from gongchou.offsite.simulator.process import UnitSignal


def producing(unit: UnitSignal) -> list[int]:
    lines = unit.unit.of_kind(LineKind.PRODUCING)
    return [int(line.ref[-1]) for line in lines if not line.is_security]


def group_of(unit: UnitSignal, place: int) -> str:
    return f"{unit.unit.ref}-G{place}"


def treatment_off(p: Planter, tag: str, strength: str, unit: UnitSignal) -> bool:
    place = p.chance.pick(f"{tag}/place", producing(unit))
    where, ref = group_of(unit, place), f"{unit.unit.ref}-T{place}"
    minutes = int(by(strength, 15 * p.chance.whole(f"{tag}/long", 8, 24), 60, 15))
    since = p.room(tag, where, minutes, p.is_on(unit, place))
    if since is None:
        return False
    for slot in p.quarters(since, since + minutes):
        unit.power[ref][slot] *= 0.01
    p.note("treatment_off", "E01", unit, where, "kW", since, since + minutes, strength)
    return True


def fan_slow(p: Planter, tag: str, strength: str, unit: UnitSignal) -> bool:
    place = p.chance.pick(f"{tag}/place", producing(unit))
    where, ref = group_of(unit, place), f"{unit.unit.ref}-T{place}"
    minutes = int(by(strength, 15 * p.chance.whole(f"{tag}/long", 12, 24), 120, 180))
    since = p.room(tag, where, minutes, p.is_on(unit, place))
    if since is None:
        return False
    for slot in p.quarters(since, since + minutes):
        unit.power[ref][slot] *= by(strength, 0.3, 0.47, 0.68)
    p.note("fan_slow", "E02", unit, where, "kW", since, since + minutes, strength)
    return True


def late_start(p: Planter, tag: str, strength: str, unit: UnitSignal) -> bool:
    """For some days the treatment starts later than it may."""
    place = p.chance.pick(f"{tag}/place", producing(unit))
    where, ref = group_of(unit, place), f"{unit.unit.ref}-T{place}"
    days = int(by(strength, 6, 5, 2))
    since = p.room(tag, where, days * 1440)
    if since is None:
        return False
    quarters = p.quarters(since, since + days * 1440)
    on = unit.on[place]
    starts = [q for q in quarters if q > 0 and on[q] and not on[q - 1]]
    if len(starts) < 4:
        return False
    for start in starts:
        late = unit.unit.lead // 15 + int(by(strength, 4, 2, 1))
        for slot in range(max(0, start - 4), start + late):
            unit.power[ref][slot] *= 0.01
    begun = p.world.start + starts[0] * 15
    until = p.world.start + starts[-1] * 15 + 60
    p.note("late_start", "E03", unit, where, "kW", begun, until, strength)
    return True


def disobeyed(p: Planter, tag: str, strength: str, unit: UnitSignal) -> bool:
    """An emergency order that is not followed."""
    orders = [o for o in unit.orders if o.kind is OrderKind.LIMIT or not unit.outlets]
    if not orders:
        return False
    order = p.chance.pick(f"{tag}/order", orders)
    place = p.chance.pick(f"{tag}/place", producing(unit))
    ref = f"{unit.unit.ref}-P{place}"
    since, until = order.received + 180, order.until
    if not p.is_free(ref, since, until) or not p.is_free(group_of(unit, place), since, until):
        return False
    if order.kind is OrderKind.STOP:
        until = since + int(by(strength, 1440, 300, 45))
    line = next(line for line in unit.unit.lines if line.ref == ref)
    noise = p.chance.normals(f"{tag}/noise", len(p.quarters(since, until)))
    for slot, z in zip(p.quarters(since, until), noise, strict=True):
        is_on = order.kind is OrderKind.STOP or unit.on[place][slot]
        if is_on:
            level = by(strength, 0.68, 0.64, 0.52)
            unit.power[ref][slot] = line.rated * level * (1 + 0.02 * z)
            unit.power[f"{unit.unit.ref}-T{place}"][slot] = _treatment(unit, place, z)
    p.take(group_of(unit, place), since, until)
    p.note("disobeyed", "E04", unit, ref, "kW", since, until, strength)
    return True


def _treatment(unit: UnitSignal, place: int, z: float) -> float:
    line = next(line for line in unit.unit.lines if line.ref == f"{unit.unit.ref}-T{place}")
    return line.rated * (0.7 if line.is_vfd else 0.78) * (1 + 0.015 * z)


def night_work(p: Planter, tag: str, strength: str, unit: UnitSignal) -> bool:
    """Works by night and rests by day, without saying so."""
    if unit.unit.works[0] == 22 or unit.unit.works == (0, 24):
        return False
    place = p.chance.pick(f"{tag}/place", producing(unit))
    ref, where = f"{unit.unit.ref}-P{place}", group_of(unit, place)
    nights = int(by(strength, 4, 2, 1))
    since = p.room(tag, where, nights * 1440, first_day=17)
    if since is None:
        return False
    since = since // 1440 * 1440 + 1320
    until = since + nights * 1440 - 960
    if any(o.since - 1440 < until and since < o.until + 1440 for o in unit.orders):
        return False
    line = next(line for line in unit.unit.lines if line.ref == ref)
    quarters = p.quarters(since, min(until + 960, p.world.end))
    noise = p.chance.normals(f"{tag}/noise", len(quarters))
    for slot, z in zip(quarters, noise, strict=True):
        clock = (p.world.start // 15 + slot) % 96
        works = clock >= 88 or clock < 24
        level = by(strength, 0.6, 0.55, 0.25) if works else 0.01
        unit.power[ref][slot] = line.rated * level * (1 + 0.02 * z)
        own = _treatment(unit, place, z)
        unit.power[f"{unit.unit.ref}-T{place}"][slot] = own if works else 0.01 * own
    p.take(where, since, until + 960)
    p.note("night_work", "E05", unit, ref, "kW", since, until, strength)
    return True


def hidden_load(p: Planter, tag: str, strength: str, unit: UnitSignal) -> bool:
    where = f"{unit.unit.ref}-M0"
    days = int(by(strength, 6, 4, 3))
    since = p.room(tag, where, days * 1440)
    if since is None:
        return False
    since = since // 1440 * 1440
    quarters = p.quarters(since, since + days * 1440)
    kws = [sum(row[slot] for row in unit.power.values()) for slot in quarters]
    mean = sum(kws) / len(kws)
    for slot in quarters:
        unit.hidden[slot] = mean * by(strength, 0.8, 0.45, 0.15)
    p.note("hidden_load", "E06", unit, where, "kW", since, since + days * 1440, strength)
    return True


def meter_fault(p: Planter, tag: str, strength: str, unit: UnitSignal) -> bool:
    """A total meter that goes back, falls silent, or shows current without power."""
    where = f"{unit.unit.ref}-M0"
    hours = int(by(strength, 20, 10, 2))
    since = p.room(tag, where, hours * 60)
    if since is None:
        return False
    quarters = p.quarters(since, since + hours * 60)
    kind = p.chance.pick(f"{tag}/kind", ("falls", "silent"))
    if kind == "falls":
        unit.counter_falls |= {
            (where, slot) for slot in list(quarters)[:: max(4, len(quarters) // 4)]
        }
    else:
        unit.lost |= {(where, slot) for slot in quarters}
    until = since + hours * 60
    p.note("meter_fault", "E07", unit, where, "kW", since, until, strength, also=("E06",))
    return True


def silent_stop(p: Planter, tag: str, strength: str, unit: UnitSignal) -> bool:
    """Nothing is produced for days and nothing is filed; only for units without monitors."""
    if unit.outlets:
        return False
    days = int(by(strength, 12, 9, 6))
    where = group_of(unit, producing(unit)[0])
    since = p.room(tag, where, days * 1440, first_day=40)
    if since is None:
        return False
    for line in unit.unit.lines:
        if line.kind is not LineKind.TOTAL:
            for slot in p.quarters(since, since + days * 1440):
                unit.power[line.ref][slot] = min(unit.power[line.ref][slot], 0.008 * line.rated)
    ref = f"{unit.unit.ref}-P{producing(unit)[0]}"
    until = since + days * 1440
    for place in producing(unit):
        p.take(group_of(unit, place), since - 1440, until + 1440)
        p.take(f"{unit.unit.ref}-P{place}", since - 1440, until + 1440)
    mirrors = tuple((unit.unit.ref, f"{unit.unit.ref}-P{k}") for k in producing(unit))
    p.note("silent_stop", "E08", unit, ref, "kW", since, until, strength, mirrors=mirrors)
    return True
