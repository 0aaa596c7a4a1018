"""What is no telemetry of monitors: power by meter, the patrol car, video, drones, complaints."""

import json
from collections.abc import Iterator, Mapping, Sequence
from math import cos, radians, sin
from pathlib import Path

from gongchou.core.hj212.answers import frame
from gongchou.offsite.simulator.chance import Chance
from gongchou.offsite.simulator.planting import Planter
from gongchou.offsite.simulator.population import SimUnit, World
from gongchou.offsite.simulator.process import UnitSignal, total_power
from gongchou.offsite.simulator.truth import EASY, HARD, MEDIUM
from gongchou.offsite.simulator.wire import Sent, digits

ORIGIN = (118.2000, 39.6500)
METRES_A_DEGREE = (85_500.0, 111_200.0)
SIDE, SOUTH = 20, 200
PLUMES = (EASY, MEDIUM, EASY, MEDIUM, HARD)
# How sure a camera's program is and for how many frames; what is hard stays below what is asked.
SURE = {EASY: 0.95, MEDIUM: 0.85, HARD: 0.7}
FRAMES = {EASY: 8, MEDIUM: 4, HARD: 2}
# How far from the site's point the picture lies, in metres, and how warm the outlet is.
ASTRAY = {EASY: 5.0, MEDIUM: 20.0, HARD: 60.0}
WARMER = {EASY: (5.0, 9.0), MEDIUM: (3.5, 5.0), HARD: (1.5, 3.0)}


def power_rows(chance: Chance, world: World, signal: UnitSignal) -> Iterator[tuple[int, list[str]]]:
    """By quarter hour: kW, A and kWh of each meter in order, "" where the meter was silent."""
    unit = signal.unit
    total = total_power(chance, signal)
    lines = [line.ref for line in unit.lines]
    counters = dict.fromkeys(lines, 1000.0)
    rows = {ref: signal.power.get(ref, total) for ref in lines}
    for slot in range(len(total)):
        cells: list[str] = []
        for ref in lines:
            kw = rows[ref][slot]
            counters[ref] += kw / 4
            if (ref, slot) in signal.counter_falls:
                counters[ref] -= kw
            if (ref, slot) in signal.lost:
                cells += ["", "", ""]
                continue
            amps = signal.amps.get(ref, {}).get(slot, kw * 1.8)
            cells += [f"{kw:.3f}", f"{amps:.1f}", f"{counters[ref]:.2f}"]
        yield world.start + slot * 15, cells


def write_power(chance: Chance, world: World, signal: UnitSignal, folder: Path) -> None:
    """CSV for most units, ST 44 for some; a meter's silence is an absent value."""
    unit = signal.unit
    rows = power_rows(chance, world, signal)
    if unit.speaks_st44:
        write_stream(folder / "hj212", station_of(unit), _power_frames(unit, rows))
        return
    with (folder / "power" / f"{unit.ref}.csv").open("w", encoding="utf-8", newline="") as file:
        heads = [f"{line.ref}.{what}" for line in unit.lines for what in ("kW", "A", "kWh")]
        file.write(",".join(["time", *heads]) + "\n")
        for minute, cells in rows:
            if any(cells):
                file.write(f"{digits(minute)},{','.join(cells)}\n")


def power_frames(chance: Chance, world: World, signal: UnitSignal) -> Iterator[Sent]:
    """What a unit's meters send by HJ 212."""
    return _power_frames(signal.unit, power_rows(chance, world, signal))


def station_of(unit: SimUnit) -> str:
    return f"SIMPOWER{unit.number:016}"


def meter_codes(unit: SimUnit) -> dict[str, tuple[str, str]]:
    """The codes of a meter logger and what each is: configuration, not a standard."""
    return {
        f"d1{place:02}{number}": (line.ref, what)
        for place, line in enumerate(unit.lines)
        for number, what in enumerate(("kW", "A", "kWh"))
    }


def _power_frames(unit: SimUnit, rows: Iterator[tuple[int, list[str]]]) -> Iterator[Sent]:
    codes = list(meter_codes(unit))
    for number, (minute, cells) in enumerate(rows):
        parts = [f"{c}-Rtd={v},{c}-Flag=N" for c, v in zip(codes, cells, strict=True) if v]
        if not parts:
            continue
        head = f"QN={digits(minute + 15)}{number % 1000:03};ST=44;CN=2011;PW=123456"
        head += f";MN={station_of(unit)};Flag=9"
        body = ";".join([f"DataTime={digits(minute)}", *parts])
        yield Sent((minute + 15) * 60 + 3, frame(f"{head};CP=&&{body}&&"))


def write_stream(folder: Path, mn: str, sent: Iterator[Sent] | list[Sent]) -> None:
    """The bytes of one connection, and beside them when how many arrived."""
    with (folder / f"{mn}.bin").open("wb") as content, (folder / f"{mn}.csv").open("w") as index:
        for second, part in sent:
            content.write(part)
            index.write(f"{second},{len(part)}\n")


# -- patrol, drone, video, complaints


def place(x: float, y: float) -> tuple[str, str]:
    return f"{ORIGIN[0] + x / METRES_A_DEGREE[0]:.6f}", f"{ORIGIN[1] + y / METRES_A_DEGREE[1]:.6f}"


def wind(chance: Chance, world: World) -> list[tuple[float, float]]:
    """Hourly: where it blows from in degrees, and m/s."""
    hours = world.days * 24
    turn = chance.drifting("wind/turn", hours, 0.95, 70)
    speed = chance.drifting("wind/speed", hours, 0.9, 1.0)
    return [((200 + t) % 360, max(0.2, 2.6 + s)) for t, s in zip(turn, speed, strict=True)]


def write_others(p: Planter, violators: list[UnitSignal], folder: Path) -> None:
    blows = wind(p.chance, p.world)
    with (folder / "wind.csv").open("w", encoding="utf-8") as file:
        file.write("time,from_degrees,metres_a_second\n")
        for hour, (turn, speed) in enumerate(blows):
            file.write(f"{digits(p.world.start + hour * 60)},{turn:.0f},{speed:.1f}\n")
    _write_patrols(p, violators, folder)
    _write_complaints(p, violators, blows, folder)
    _write_pictures(p, violators, folder)


def _write_patrols(p: Planter, violators: list[UnitSignal], folder: Path) -> None:
    """Weekly drives along the units; plumes of some, twice over, and lorries passing once."""
    units = [signal.unit for signal in p.signals.values()]
    solvents = [s for s in violators if s.unit.kind in ("coating", "small")]
    with (folder / "mobile_lab.csv").open("w", encoding="utf-8") as file:
        file.write("run,time,lon,lat,crs,speed_km_h,species,value,unit,flag,wind_from,wind_m_s\n")
        for week in range(p.world.days // 7):
            minute = p.world.start + (week * 7 + 2) * 1440 + 600
            source = solvents[week % len(solvents)] if solvents and week % 3 else None
            _drive(p, file.write, week, minute, units, source)


def _drive(p: Planter, write, week: int, minute: int, units: list[SimUnit], source) -> None:  # type: ignore[no-untyped-def]
    """Past the south side of every unit in a north wind; where it is high, stopped and measured."""
    tag = f"patrol/{week}"
    noise = p.chance.normals(tag, 4 * len(units) + 40)
    strength = PLUMES[week % len(PLUMES)]
    for number, unit in enumerate(units):
        lon, lat = place(unit.x + SIDE, unit.y - SOUTH)
        for sample in range(4):
            value = 120 * (1 + 0.2 * noise[4 * number + sample])
            if source is not None and source.unit is unit:
                value += {EASY: 1600, MEDIUM: 800, HARD: 350}[strength]
            if source is None and number == week % len(units) and sample == 2:
                value += 2000
            at = digits(minute + number, sample * 15)
            write(f"R{week},{at},{lon},{lat},WGS-84,25,TVOC,{value:.0f},ug/m3,N,0,2.5\n")
    signal = source or p.signals[units[week % len(units)].ref]
    ref = signal.unit.ref
    until = minute + len(units) + 60
    if source is None:
        p.note("street_vehicle", "M01", signal, ref, "TVOC", minute, until, "", is_decoy=True)
        return
    p.note("plume", "M01", source, ref, "TVOC", minute, until, strength)
    lon, lat = place(source.unit.x + SIDE, source.unit.y - SOUTH)
    for sample in range(16):
        # Comes near, stops where it was high, and drives on.
        stands = 3 <= sample < 13
        value = {EASY: 1500, MEDIUM: 700, HARD: 300}[strength] if stands else 120
        at = digits(minute + len(units) + 10 + sample // 6, sample % 6 * 10)
        write(f"R{week},{at},{lon},{lat},WGS-84,{0 if stands else 25},TVOC,{value},ug/m3,N,0,2.5\n")


def _write_complaints(
    p: Planter, violators: list[UnitSignal], blows: list[tuple[float, float]], folder: Path
) -> None:
    """Some write from downwind of a source; one writes of a unit from which no wind comes."""
    rows = []
    units = list(p.signals.values())
    for number in range(max(2, p.world.days // 9)):
        tag = f"complaint/{number}"
        hour = p.chance.whole(f"{tag}/at", 24, p.world.days * 24 - 24)
        minute = p.world.start + 60 * hour
        is_true = number % 2 == 0 and bool(violators)
        signal = p.chance.pick(f"{tag}/unit", violators if is_true else units)
        count = p.chance.whole(f"{tag}/count", 3, 6) if is_true else 1
        towards = radians(blows[hour][0] + (180 if is_true else 0))
        for one in range(count):
            far = 140 + 30 * one if is_true else 400
            x, y = signal.unit.x + far * sin(towards), signal.unit.y + far * cos(towards)
            lon, lat = place(x, y)
            rows.append(
                {
                    "ticket": f"T{number:03}{one}",
                    "time": digits(minute + 3 * one),
                    "channel": "12345",
                    "class": "odour",
                    "text": "附近有刺鼻气味（虚构）",
                    "lon": lon,
                    "lat": lat,
                    "crs": "WGS-84",
                    "repeat_group": f"G{number}" if count > 1 else "",
                }
            )
        until = minute + 3 * count + 60
        kind, strength = ("complaints", EASY) if is_true else ("wrong_complaint", "")
        ref = signal.unit.ref
        p.note(kind, "C01", signal, ref, "odour", minute, until, strength, is_decoy=not is_true)
    _write_json(folder / "complaints.json", rows)


def _write_pictures(p: Planter, violators: list[UnitSignal], folder: Path) -> None:
    _write_json(folder / "video.json", list(_videos(p, violators)))
    _write_json(folder / "drone.json", list(_flights(p, violators)))


def _videos(p: Planter, violators: list[UnitSignal]) -> Iterator[dict[str, object]]:
    """Black smoke, plainly or hardly to be seen; pictures that are unsure or flash by."""
    everyone = list(p.signals.values())
    for number, signal in enumerate([*violators, *everyone]):
        tag, is_decoy = f"video/{number}", number >= len(violators)
        minute = p.world.start + 60 * p.chance.whole(tag, 24, p.world.days * 24 - 24)
        strength = "" if is_decoy else PLUMES[number % len(PLUMES)]
        sure = (0.97, 0.70)[number % 2] if is_decoy else SURE[strength]
        frames = (2, 9)[number % 2] if is_decoy else FRAMES[strength]
        ref = signal.unit.ref
        yield {
            "camera": f"CAM-{ref}",
            "time": digits(minute),
            "class": "black_smoke",
            "confidence": round(sure + p.chance.between(f"{tag}/sure", -0.02, 0.02), 2),
            "frames": frames,
        }
        kind = "unsure_picture" if is_decoy else "black_smoke"
        p.note(kind, "V01", signal, ref, "", minute, minute + 1, strength, is_decoy=is_decoy)


def _flights(p: Planter, violators: list[UnitSignal]) -> Iterator[dict[str, object]]:
    """Bare piles and warm outlets, more and less exactly placed; outlets no warmer than rain."""
    everyone = list(p.signals.values())
    for number, signal in enumerate([*violators, *everyone]):
        tag, is_decoy = f"drone/{number}", number >= len(violators)
        minute = p.world.start + 60 * p.chance.whole(tag, 24, p.world.days * 24 - 24)
        strength = "" if is_decoy else PLUMES[number % len(PLUMES)]
        is_pile = not is_decoy and number % 3 == 0
        turn, off = radians(p.chance.between(f"{tag}/turn", 0, 360)), ASTRAY.get(strength, 5.0)
        unit = signal.unit
        lon, lat = place(unit.x + off * sin(turn), unit.y + off * cos(turn))
        warmer = p.chance.between(f"{tag}/t", *((0.2, 2.8) if is_decoy else WARMER[strength]))
        yield {
            "flight": f"F{number // 6}",
            "time": digits(minute),
            "lon": lon,
            "lat": lat,
            "crs": "WGS-84",
            "class": "bare_pile" if is_pile else "hidden_outlet",
            "delta_t": None if is_pile else round(warmer, 1),
        }
        kind = "rain_outlet" if is_decoy else "bare_pile" if is_pile else "hidden_outlet"
        p.note(kind, "D01", signal, unit.ref, "", minute, minute + 1, strength, is_decoy=is_decoy)


def _write_json(path: Path, rows: Sequence[Mapping[str, object]]) -> None:
    path.write_text(json.dumps(rows, ensure_ascii=False, indent=1), "utf-8")
