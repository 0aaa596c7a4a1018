"""Three fictional sites with a fortnight of simulated data, some of it wrong, judged by the rules.

The bytes are those of the simulator under a fixed seed, moved so that they end now; they go through
the framer into the store, and what the pages show is what the rules found in them.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from heapq import merge
from pathlib import Path

from gongchou.config.demo_agenda import person
from gongchou.config.demo_bureau import CODE
from gongchou.core.canon import Canonical
from gongchou.core.hj212.framing import DeviceProfile, Framer
from gongchou.core.monitoring.moments import instant, minute_at
from gongchou.core.monitoring.words import EntryKind, FilingKind, GroupNeed, LineKind, OutletKind
from gongchou.core.powers import system
from gongchou.core.terms import MonitoringType
from gongchou.offsite import actions as offsite
from gongchou.offsite import monitor_reads
from gongchou.offsite.hj212.place import open_store
from gongchou.offsite.hj212.store import Arrival
from gongchou.offsite.simulator.chance import Chance
from gongchou.offsite.simulator.decoys import filed_upkeep
from gongchou.offsite.simulator.planting import Planter
from gongchou.offsite.simulator.population import SimOutlet, SimUnit, World, world
from gongchou.offsite.simulator.power_violations import fan_slow, treatment_off
from gongchou.offsite.simulator.process import UnitSignal, normal_unit
from gongchou.offsite.simulator.sources import meter_codes, power_frames, station_of
from gongchou.offsite.simulator.truth import EASY
from gongchou.offsite.simulator.violations import (
    constant,
    door,
    exceedance,
    stop_marked,
    thin,
)
from gongchou.offsite.simulator.wire import Sent, frames_of
from gongchou.registry import reads as registers
from gongchou.web.clock import day_of

SEED, DAYS, LOT = 2026, 13, 2000
UNITS = {"boiler": 0, "water": 1, "coating": 3}
HOUR = timedelta(hours=1)
ADDRESS = "192.0.2.20"
KINDS = {OutletKind.WATER: MonitoringType.AUTO_WATER, OutletKind.AIR: MonitoringType.AUTO_AIR}
LINE_NAMES = {"M": "总表", "P": "生产线", "T": "治污设施"}
SECURITY = "保安负荷"
PERMIT, STATED = "排污许可证副本（虚构）", "现场核对铭牌和近两周用电（虚构）"


def set_up(now: datetime, folder: Path) -> None:
    made = _world(now)
    signals = {unit.ref: normal_unit(Chance(SEED), made, unit) for unit in made.units}
    _plant(Planter(Chance(SEED), made, signals), list(signals.values()))
    for signal, site in zip(signals.values(), _sites(now), strict=False):
        _enter(signal, site, instant(made.start))
        _send(signal, made, now, folder)
    until = now.replace(minute=0, second=0, microsecond=0) - 2 * HOUR
    since = instant(made.start) + timedelta(days=2)
    offsite.judge_window(folder, since, until, by=system(CODE), at=now)


def _world(now: datetime) -> World:
    """Units of three kinds; the last day is today, of which only what is past is sent."""
    first = world(Chance(SEED), "2026Q2", units=4, days=DAYS)
    units = tuple(first.units[place] for place in UNITS.values())
    for unit in units:
        unit.speaks_st44 = True
    tomorrow = (minute_at(now) // 1440 + 1) * 1440
    return replace(first, start=tomorrow - DAYS * 1440, units=units)


def _plant(planter: Planter, units: list[UnitSignal]) -> None:
    boiler, water, coating = units
    stack = boiler, boiler.outlets[0]
    for number, act in enumerate((exceedance, constant, stop_marked, door)):
        act(planter, f"demo/{number}", EASY, stack)
    filed_upkeep(planter, "demo/upkeep", stack)
    thin(planter, "demo/thin", EASY, (water, water.outlets[0]))
    treatment_off(planter, "demo/off", EASY, coating)
    fan_slow(planter, "demo/slow", EASY, coating)


def _sites(now: datetime) -> list[str]:
    """Sites without monitors yet, of those with an automatic one by the register first."""
    taken = {m.subject for m in monitor_reads.monitors(CODE)}
    subjects = registers.snapshot(CODE, day_of(now)).subjects
    free = [s for s in subjects if s.ref not in taken]
    wanted = set(KINDS.values())
    free.sort(key=lambda s: (not wanted & set(s.monitoring_types), s.ref))
    return [s.ref for s in free[: len(UNITS)]]


def _name(ref: str) -> str:
    """`SIM001-P0` as a person would call that meter."""
    kind, number = ref.rpartition("-")[2][0], ref[-1]
    return LINE_NAMES[kind] + ("" if kind == "M" else str(int(number) + 1))


def _enter(signal: UnitSignal, site: str, at: datetime) -> None:
    unit, clerk = signal.unit, person("chen", at)

    def enter(kind: EntryKind, key: str, body: dict[str, Canonical], why: str) -> None:
        offsite.enter([site], kind, key, body, why, by=clerk, at=at)

    for number, outlet in enumerate(unit.outlets, 1):
        kind = KINDS.get(outlet.kind, MonitoringType.AUTO_AIR)
        name = "废水总排口" if outlet.kind is OutletKind.WATER else f"废气排口{number}"
        _register(site, outlet.mn, f"{name}（虚构）", kind, outlet.interval, at)
        enter(EntryKind.OUTLET, outlet.mn, _outlet(unit, outlet), PERMIT)
    _register(site, station_of(unit), "用电采集器（虚构）", MonitoringType.SUB_METERING, 15, at)
    for key, body, states in _meters(unit):
        enter(EntryKind.METER, key, body, STATED)
        enter(EntryKind.STATES, key, states, STATED)
    for key, body in _groups(unit):
        enter(EntryKind.GROUP, key, body, STATED)
    for filing in signal.filings:
        mns = {outlet.ref: outlet.mn for outlet in unit.outlets}
        said: dict[str, Canonical] = {
            "filing": filing.kind.value,
            "since": filing.since,
            "until": filing.until,
            "filed": filing.filed or filing.since - 60,
        }
        if filing.kind is not FilingKind.CALIBRATION:
            enter(EntryKind.FILING, mns.get(filing.of, filing.of), said, "企业报备（虚构）")


def _register(
    site: str, mn: str, outlet: str, kind: MonitoringType, minutes: int, at: datetime
) -> None:
    draft = offsite.MonitorDraft(subject=site, mn=mn, outlet=outlet, kind=kind, minutes=minutes)
    offsite.register_monitor(draft, by=person("chen", at), at=at)


def _outlet(unit: SimUnit, outlet: SimOutlet) -> dict[str, Canonical]:
    is_water = outlet.kind is OutletKind.WATER
    return {
        "kind": outlet.kind.value,
        "factors": {
            factor: {
                "limit": f"{limit:g}",
                "day_limit": "",
                "floor": f"{outlet.floors.get(factor, 0):g}",
            }
            for factor, (limit, _) in outlet.limits.items()
        },
        "o2_ref": f"{outlet.o2_ref:g}" if outlet.o2_ref is not None else "",
        "lines": [] if is_water else [_name(f"{unit.ref}-P{outlet.line}")],
        "is_shared": 0,
        "is_batch": int(outlet.is_batch),
    }


def _meters(unit: SimUnit) -> Iterator[tuple[str, dict[str, Canonical], dict[str, Canonical]]]:
    codes = {said: code for code, said in meter_codes(unit).items()}
    for line in unit.lines:
        name = SECURITY if line.is_security else _name(line.ref)
        meter: dict[str, Canonical] = {
            "kind": line.kind.value,
            "mn": station_of(unit),
            "code_kw": codes[line.ref, "kW"],
            "code_amps": codes[line.ref, "A"],
            "code_kwh": codes[line.ref, "kWh"],
            "is_vfd": int(line.is_vfd),
            "is_security_load": int(line.is_security),
            "rated_kw": f"{line.rated:.1f}",
        }
        off, run = f"{0.05 * line.rated:.1f}", f"{0.2 * line.rated:.1f}"
        yield name, meter, {"off_kw": off, "run_kw": run}


def _groups(unit: SimUnit) -> Iterator[tuple[str, dict[str, Canonical]]]:
    for line in unit.of_kind(LineKind.TREATING):
        producer = _name(f"{unit.ref}-P{line.ref[-1]}")
        yield (
            f"{producer}与{_name(line.ref)}",
            {
                "producers": [producer],
                "treatments": [_name(line.ref)],
                "need": GroupNeed.ALL.value,
                "lead": unit.lead,
                "lag": unit.lag,
                "is_treatment_shared": 0,
            },
        )


def _send(signal: UnitSignal, made: World, now: datetime, folder: Path) -> None:
    """Everything that has arrived by now, in order, framed as from the wire."""
    chance = Chance(SEED)
    streams: list[tuple[Framer, Iterator[Sent] | list[Sent]]] = [
        (Framer(_standard), power_frames(chance, made, signal))
    ]
    streams += [(Framer(_standard), frames_of(chance, made, o).sent) for o in signal.outlets]
    store = open_store(folder)
    lot: list[Arrival] = []
    for second, framer, content in merge(*(_tagged(*pair) for pair in streams), key=lambda p: p[0]):
        at = instant(0) + timedelta(seconds=second)
        if at > now:
            break
        lot += [Arrival(at, ADDRESS, one) for one in framer.feed(content)]
        if len(lot) >= LOT:
            store.keep(lot)
            lot = []
    if lot:
        store.keep(lot)
    store.close()


def _standard(mn: str) -> DeviceProfile:
    return DeviceProfile()


def _tagged(
    framer: Framer, sent: Iterator[Sent] | list[Sent]
) -> Iterator[tuple[int, Framer, bytes]]:
    return ((second, framer, content) for second, content in sent)
