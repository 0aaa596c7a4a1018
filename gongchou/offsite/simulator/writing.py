"""`gongchou offsite simulate`: the folder of one quarter.

population.json   what a bureau would have entered: units, outlets, limits, meters, groups
filings.json      what was filed and ordered
hj212/            bytes of each logger, and beside them when how many arrived
power/            meters as CSV, where they do not come by HJ 212
wind.csv, mobile_lab.csv, complaints.json, video.json, drone.json
truth.jsonl       what was planted; no rule reads it
"""

import json
from pathlib import Path

from gongchou.core.monitoring.words import GroupNeed, LineKind
from gongchou.core.refusals import Refused
from gongchou.offsite.simulator.chance import Chance
from gongchou.offsite.simulator.decoys import plant_decoys, region_outages
from gongchou.offsite.simulator.planting import Planter
from gongchou.offsite.simulator.population import SimOutlet, SimUnit, World, world
from gongchou.offsite.simulator.process import UnitSignal, normal_unit
from gongchou.offsite.simulator.sources import (
    meter_codes,
    station_of,
    write_others,
    write_power,
    write_stream,
)
from gongchou.offsite.simulator.violations import plant_violations
from gongchou.offsite.simulator.wire import Fault, frames_of

ALL_UNITS, ALL_DAYS = 60, 91


def chosen(chance: Chance, everyone: list[UnitSignal]) -> list[UnitSignal]:
    """Who violates; the only incinerator always does, or nothing would be known of its rule."""
    drawn = chance.shuffled("violators", everyone)
    drawn.sort(key=lambda signal: signal.unit.kind != "incinerator")
    return drawn[: max(2, len(everyone) * 36 // 60)]


def simulate(
    seed: int, quarter: str, folder: Path, *, units: int = ALL_UNITS, days: int = 0
) -> World:
    """Writes a quarter into an empty folder; the same seed gives the same bytes."""
    if folder.exists() and any(folder.iterdir()):
        raise Refused(f"文件夹 {folder} 不是空的，请另选一个，或先清空它。")
    for part in ("hj212", "power"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    chance = Chance(seed)
    made = world(chance, quarter, units=units, days=days)
    signals = {unit.ref: normal_unit(chance, made, unit) for unit in made.units}
    planter = Planter(chance, made, signals)
    everyone = list(signals.values())
    violators = chosen(chance, everyone)
    scale = units / ALL_UNITS * made.days / ALL_DAYS
    region_outages(planter, everyone)
    plant_violations(planter, violators, scale)
    plant_decoys(planter, everyone, scale)
    faults = _write_loggers(chance, made, everyone, folder)
    write_others(planter, violators, folder)
    _write_json(folder / "population.json", _population(made, seed))
    _write_json(folder / "filings.json", {ref: _filed(s) for ref, s in signals.items()})
    _write_truth(planter, faults, folder)
    return made


def _write_loggers(
    chance: Chance, made: World, signals: list[UnitSignal], folder: Path
) -> list[Fault]:
    faults: list[Fault] = []
    for signal in signals:
        for outlet in signal.outlets:
            logger = frames_of(chance, made, outlet)
            write_stream(folder / "hj212", outlet.outlet.mn, logger.sent)
            faults += logger.faults
        write_power(chance, made, signal, folder)
    return faults


def _write_truth(planter: Planter, faults: list[Fault], folder: Path) -> None:
    with (folder / "truth.jsonl").open("w", encoding="utf-8") as file:
        for planted in planter.planted:
            file.write(json.dumps(planted.form(), ensure_ascii=False) + "\n")
        for fault in faults:
            row = {"type": "transport"} | fault._asdict()
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def _population(made: World, seed: int) -> dict[str, object]:
    return {
        "seed": seed,
        "quarter": made.quarter,
        "start": made.start,
        "days": made.days,
        "units": [_unit(unit) for unit in made.units],
    }


def _unit(unit: SimUnit) -> dict[str, object]:
    places = [line.ref[-1] for line in unit.of_kind(LineKind.TREATING)]
    return {
        "ref": unit.ref,
        "name": unit.name,
        "kind": unit.kind,
        "on_list": unit.on_list,
        "is_tariff_driven": unit.is_tariff,
        "unmetered": unit.unmetered,
        "shifts": [hour % 24 for hour in range(*unit.works)],
        "x": round(unit.x),
        "y": round(unit.y),
        "meter_station": station_of(unit) if unit.speaks_st44 else "",
        "meter_codes": meter_codes(unit) if unit.speaks_st44 else {},
        "lines": [
            {
                "ref": line.ref,
                "kind": line.kind.value,
                "rated_kw": round(line.rated, 3),
                "is_vfd": line.is_vfd,
                "is_security_load": line.is_security,
            }
            for line in unit.lines
        ],
        "groups": [
            {
                "ref": f"{unit.ref}-G{place}",
                "producers": [f"{unit.ref}-P{place}"],
                "treatments": [f"{unit.ref}-T{place}"],
                "need": GroupNeed.ALL.value,
                "lead": unit.lead,
                "lag": unit.lag,
            }
            for place in places
        ],
        "outlets": [_outlet(unit, outlet) for outlet in unit.outlets],
    }


def _outlet(unit: SimUnit, outlet: SimOutlet) -> dict[str, object]:
    is_water = outlet.kind.value == "water"
    return {
        "ref": outlet.ref,
        "mn": outlet.mn,
        "kind": outlet.kind.value,
        "version": outlet.version.value,
        "key": outlet.key,
        "minutes": outlet.interval,
        "o2_ref": f"{outlet.o2_ref:g}" if outlet.o2_ref is not None else "",
        "lines": [] if is_water else [f"{unit.ref}-P{outlet.line}"],
        "is_shared": outlet.is_shared,
        "is_batch": outlet.is_batch,
        "factors": {
            factor: {"limit": f"{limit:g}", "floor": f"{outlet.floors.get(factor, 0):g}"}
            for factor, (limit, _) in outlet.limits.items()
        },
    }


def _filed(signal: UnitSignal) -> dict[str, object]:
    return {
        "filings": [
            [f.kind.value, f.since, f.until, f.of, f.filed]
            for f in sorted(signal.filings, key=lambda f: f.since)
        ],
        "orders": [
            {
                "ref": o.ref,
                "kind": o.kind.value,
                "since": o.since,
                "until": o.until,
                "received": o.received,
                "share": str(o.share),
                "exempt": list(o.exempt),
            }
            for o in signal.orders
        ],
    }


def _write_json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1), "utf-8")
