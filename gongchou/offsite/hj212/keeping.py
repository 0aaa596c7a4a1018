"""Keeping a batch whatever happens: in the store, else in the spill file, never nowhere."""

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from gongchou.core.hj212.framing import (
    DeviceProfile,
    Framed,
    Framer,
    Quarantined,
    station_in,
)
from gongchou.core.hj212.words import FrameFault
from gongchou.offsite.hj212.cipher import decrypt
from gongchou.offsite.hj212.spill import Spill
from gongchou.offsite.hj212.store import Arrival, Store, StoreAway, StoreRefuses

log = logging.getLogger(__name__)
BEIJING = ZoneInfo("Asia/Shanghai")
HOURLY, BY_MINUTES = "2061", "2051"
LOT = 2_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a batch; those refused by the database are not answered."""

    counts: Counter[str]
    unsafe: frozenset[int] = frozenset()

    def is_safe(self, arrival: Arrival) -> bool:
        return id(arrival) not in self.unsafe


@dataclass(slots=True)
class Keeper:
    """Used by one thread; `profile_of` reads again what had been spilled."""

    store: Store
    spill: Spill
    profile_of: Callable[[str], DeviceProfile]
    minutes: int = 10
    _is_away: bool = field(default=False, init=False)

    def keep(self, batch: Sequence[Arrival]) -> Outcome:
        """The batch is durable when this returns, but for what is named unsafe."""
        try:
            if self.spill:
                self._take_in()
            return self._into_store(batch)
        except StoreAway as problem:
            if not self._is_away:
                log.warning("在线监测数据库暂时连不上，数据先存入暂存文件：%s", problem)
            self._is_away = True
            self.spill.add(batch)
            return Outcome(Counter(spilled=len(batch)))

    def _into_store(self, batch: Sequence[Arrival]) -> Outcome:
        try:
            kept = self.store.keep(batch)
        except StoreRefuses:
            return self._one_by_one(batch)
        self._is_away = False
        return Outcome(Counter(new=kept.new, known=kept.known, quarantined=kept.quarantined))

    def _one_by_one(self, batch: Sequence[Arrival]) -> Outcome:
        """Something in the batch is not taken: all but that is kept, that is put aside."""
        counts: Counter[str] = Counter()
        unsafe = set()
        for arrival in batch:
            try:
                kept = self.store.keep([arrival])
                counts.update(new=kept.new, known=kept.known, quarantined=kept.quarantined)
            except StoreRefuses as problem:
                log.warning("一包在线监测数据未被数据库接受，已隔离：%s", problem)
                unsafe.add(id(arrival))
                aside = Quarantined(arrival.found.raw, FrameFault.REFUSED, "")
                self.store.keep([arrival._replace(found=aside)])
                counts["quarantined"] += 1
        return Outcome(counts, frozenset(unsafe))

    def _take_in(self) -> None:
        """What was spilled goes into the store; the file is removed when all of it is there."""
        lot: list[Arrival] = []
        for at, address, fault, raw in self.spill.entries():
            lot += [Arrival(at, address, one) for one in self._read_again(raw, fault)]
            if len(lot) >= LOT:
                self._into_store(lot)
                lot = []
        if lot:
            self._into_store(lot)
        self.spill.remove()

    def _read_again(self, raw: bytes, fault: str) -> list[Framed]:
        if fault:
            return [Quarantined(raw, FrameFault(fault), station_in(raw))]
        framer = Framer(self.profile_of, decrypt)
        return framer.feed(raw) + framer.close()

    def newest(self, stations: Sequence[str]) -> dict[tuple[str, str], str]:
        """The last moment known of each, so that a time without receiver is called for."""
        found = {}
        for mn in stations:
            for cn in (HOURLY, BY_MINUTES):
                if last := self.store.latest(mn, cn):
                    found[mn, cn] = last
        return found

    def interval_of(self, cn: str) -> timedelta | None:
        """How often readings of this command come, where a gap can be told."""
        if cn == HOURLY:
            return timedelta(hours=1)
        return timedelta(minutes=self.minutes) if cn == BY_MINUTES else None

    def beijing(self, moment: datetime) -> datetime:
        return moment.astimezone(BEIJING)
