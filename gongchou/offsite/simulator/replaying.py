"""A simulated folder read as the product would: bytes through the framer, files through readers.

Never reads the truth.
"""

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from gongchou.core.hj212.framing import Accepted, DeviceProfile, Framer
from gongchou.core.monitoring.folding import DeviceFold
from gongchou.core.monitoring.learning import proposal, rated_states
from gongchou.core.monitoring.moments import minute_of
from gongchou.core.monitoring.series import (
    EmergencyOrder,
    FacilityGroup,
    FactorFacts,
    Filing,
    Line,
    LineSeries,
    Outlet,
    OutletSeries,
    Site,
    Slot,
)
from gongchou.core.monitoring.words import FilingKind, GroupNeed, LineKind, OrderKind, OutletKind
from gongchou.core.refusals import Refused
from gongchou.offsite.hj212.cipher import decrypt

LEARNED_SLOTS = 14 * 96
HOUR_SECONDS = 3600


@dataclass(slots=True)
class Replay:
    """One folder. `quarantined` counts what the framer refused, by fault."""

    folder: Path
    population: Mapping[str, Any]
    filed: Mapping[str, Any]
    accepted: int = 0
    quarantined: dict[str, int] = field(default_factory=dict)
    confirmed_states: int = 0

    def silent_hours(self) -> dict[str, set[int]]:
        """Of each unit the hours in which nothing came from it."""
        found = {}
        for unit in self.population["units"]:
            path = self.folder / "power" / f"{unit['ref']}.csv"
            heard = _file_hours(path) if path.exists() else set(self.hours())
            if stations := self._stations(unit):
                files = [self.folder / "hj212" / f"{mn}.csv" for mn in stations]
                heard &= {hour for file in files for hour in _heard_hours(file)}
            found[unit["ref"]] = set(self.hours()) - heard
        return found

    def hours(self) -> range:
        start = self.population["start"] // 60
        return range(start, start + self.population["days"] * 24)

    def _stations(self, unit: Mapping[str, Any]) -> list[str]:
        stations = [outlet["mn"] for outlet in unit["outlets"]]
        return [*stations, unit["meter_station"]] if unit["meter_station"] else stations

    def sites(self, region_out: frozenset[int]) -> Iterator[Site]:
        for unit in self.population["units"]:
            yield self._site(unit, region_out)

    def _site(self, unit: Mapping[str, Any], region_out: frozenset[int]) -> Site:
        filed = self.filed[unit["ref"]]
        return Site(
            subject=unit["ref"],
            outlets=tuple(self._outlet(row) for row in unit["outlets"]),
            lines=tuple(self._lines(unit)),
            groups=tuple(_group(row) for row in unit["groups"]),
            orders=tuple(_order(row) for row in filed["orders"]),
            filings=tuple(
                Filing(kind=FilingKind(kind), since=since, until=until, of=of, filed=made)
                for kind, since, until, of, made in filed["filings"]
            ),
            shifts=frozenset(unit["shifts"]),
            is_tariff_driven=unit["is_tariff_driven"],
            unmetered=unit["unmetered"],
            region_out=region_out,
        )

    def _outlet(self, row: Mapping[str, Any]) -> OutletSeries:
        keys = (bytes.fromhex(row["key"]),) if row["key"] else ()
        fold = DeviceFold(row["minutes"])
        for second, found in self._frames(row["mn"], DeviceProfile(keys=keys)):
            packet = found.packet
            received = second // 60
            fold.take(
                packet.cn,
                packet.time,
                received,
                resent=packet.is_resent,
                rows=packet.rows,
                qn=packet.qn,
            )
            fold.hear(packet.qn, received)
        outlet = Outlet(
            ref=row["ref"],
            kind=OutletKind(row["kind"]),
            factors={
                factor: FactorFacts(limit=Decimal(said["limit"]), floor=Decimal(said["floor"]))
                for factor, said in row["factors"].items()
            },
            o2_ref=Decimal(row["o2_ref"]) if row["o2_ref"] else None,
            lines=tuple(row["lines"]),
            is_shared=row["is_shared"],
            is_batch=row["is_batch"],
        )
        return OutletSeries(
            outlet=outlet, hours=fold.hours(), changes=tuple(fold.changes()), clock=fold.clock
        )

    def _frames(self, mn: str, profile: DeviceProfile) -> Iterator[tuple[int, Accepted]]:
        framer = Framer(lambda mn: profile, decrypt)
        content = (self.folder / "hj212" / f"{mn}.bin").read_bytes()
        at = second = 0
        for line in (self.folder / "hj212" / f"{mn}.csv").read_text().splitlines():
            moment, _, size = line.partition(",")
            second = int(moment)
            chunk = content[at : at + int(size)]
            at += int(size)
            for found in framer.feed(chunk):
                if isinstance(found, Accepted):
                    self.accepted += 1
                    yield second, found
                else:
                    self._refused(found.fault.value)
        for found in framer.close():
            if not isinstance(found, Accepted):
                self._refused(found.fault.value)

    def _refused(self, fault: str) -> None:
        self.quarantined[fault] = self.quarantined.get(fault, 0) + 1

    def _lines(self, unit: Mapping[str, Any]) -> Iterator[LineSeries]:
        slots = self._slots_212(unit) if unit["meter_station"] else self._slots_csv(unit)
        first = self.population["start"] // 15
        for row in unit["lines"]:
            own = slots[row["ref"]]
            early = [slot.kw for s in range(first, first + LEARNED_SLOTS) if (slot := own.get(s))]
            learned = proposal(early, row["rated_kw"])
            self.confirmed_states += learned is not None
            line = Line(
                ref=row["ref"],
                kind=LineKind(row["kind"]),
                rated_kw=row["rated_kw"],
                states=learned.states if learned else rated_states(row["rated_kw"]),
                is_vfd=row["is_vfd"],
                is_security_load=row["is_security_load"],
            )
            yield LineSeries(line=line, slots=own)

    def _slots_csv(self, unit: Mapping[str, Any]) -> dict[str, dict[int, Slot]]:
        refs = [row["ref"] for row in unit["lines"]]
        found: dict[str, dict[int, Slot]] = {ref: {} for ref in refs}
        path = self.folder / "power" / f"{unit['ref']}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.reader(file)
            next(rows)
            for cells in rows:
                slot = minute_of(cells[0]) // 15
                for place, ref in enumerate(refs):
                    kw, amps, kwh = cells[3 * place + 1 : 3 * place + 4]
                    if kw:
                        found[ref][slot] = Slot(float(kw), float(amps), float(kwh))
        return found

    def _slots_212(self, unit: Mapping[str, Any]) -> dict[str, dict[int, Slot]]:
        codes = {code: tuple(said) for code, said in unit["meter_codes"].items()}
        found: dict[str, dict[int, Slot]] = {row["ref"]: {} for row in unit["lines"]}
        for _, accepted in self._frames(unit["meter_station"], DeviceProfile()):
            packet = accepted.packet
            slot = minute_of(packet.time) // 15
            values: dict[str, dict[str, float]] = {}
            for row in packet.rows:
                ref, what = codes[row.factor]
                values.setdefault(ref, {})[what] = float(row.values[0])
            for ref, said in values.items():
                found[ref][slot] = Slot(said["kW"], said["A"], said["kWh"])
        return found


def open_replay(folder: Path) -> Replay:
    try:
        population = json.loads((folder / "population.json").read_text("utf-8"))
        filed = json.loads((folder / "filings.json").read_text("utf-8"))
    except FileNotFoundError:
        raise Refused(
            f"文件夹 {folder} 不是模拟数据，缺少 population.json 或 filings.json。"
            "请先运行 gongchou offsite simulate。"
        ) from None
    return Replay(folder, population, filed)


def _heard_hours(path: Path) -> set[int]:
    return {int(line.partition(",")[0]) // HOUR_SECONDS for line in path.read_text().splitlines()}


def _file_hours(path: Path) -> set[int]:
    found = set()
    with path.open(encoding="utf-8") as file:
        next(file)
        for line in file:
            found.add(line[:10])
    return {minute_of(f"{text}00") // 60 for text in found}


def _group(row: Mapping[str, Any]) -> FacilityGroup:
    return FacilityGroup(
        ref=row["ref"],
        producers=tuple(row["producers"]),
        treatments=tuple(row["treatments"]),
        need=GroupNeed(row["need"]),
        lead=row["lead"],
        lag=row["lag"],
    )


def _order(row: Mapping[str, Any]) -> EmergencyOrder:
    return EmergencyOrder(
        ref=row["ref"],
        kind=OrderKind(row["kind"]),
        since=row["since"],
        until=row["until"],
        received=row["received"],
        share=Fraction(row["share"]),
        exempt=tuple(row["exempt"]),
    )
