"""The listener: many devices, one writer, and no answer before what is answered for is kept.

Frames of all connections go into one queue. The writer takes what is there, has it kept in one
transaction, and only then are the answers sent; while the database is away they are kept in the
spill file, and answered from there. A device whose data waits too long is not read further.
"""

import asyncio
import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from gongchou.core.hj212.answers import TIME_ASKED, acknowledgement, call_for_history, time_set
from gongchou.core.hj212.framing import Accepted, DeviceProfile, Framed, Framer, Quarantined
from gongchou.core.hj212.gaps import DIGITS, gap
from gongchou.core.hj212.packet import Packet
from gongchou.core.hj212.words import FrameFault
from gongchou.offsite.hj212.cipher import decrypt
from gongchou.offsite.hj212.keeping import Keeper
from gongchou.offsite.hj212.limits import Limits
from gongchou.offsite.hj212.store import Arrival

log = logging.getLogger(__name__)
BYTES_A_ROW = 400
# What is read of one line before the others have their turn: a good device must not wait for what
# two thousand others pour out.
BYTES_A_TURN = 8 << 10


class Devices(Protocol):
    """Who may send, and how each is read."""

    def profile_of(self, mn: str) -> DeviceProfile: ...

    def stations(self) -> list[str]:
        """Every station number that is taken."""

    def fault_of(self, mn: str, address: str) -> FrameFault | None:
        """Why nothing is taken from this station at this address; None if it is."""


def size_of(found: Framed) -> int:
    """About what a frame takes in memory: a few bytes may name a whole reading."""
    rows = len(found.packet.rows) if isinstance(found, Accepted) else 0
    return len(found.raw) + BYTES_A_ROW * rows


@dataclass(slots=True)
class Refusals:
    """A stream of rubbish is kept up to a measure a minute, and only counted beyond it."""

    limits: Limits
    _minute: int = field(default=0, init=False)
    _frames: Counter[str] = field(default_factory=Counter, init=False)
    _bytes: int = field(default=0, init=False)

    def may_keep(self, address: str, size: int, at: datetime) -> bool:
        minute = int(at.timestamp() // 60)
        if minute != self._minute:
            self._minute, self._bytes = minute, 0
            self._frames.clear()
        self._frames[address] += 1
        if self._frames[address] > self.limits.refused_a_minute:
            return False
        self._bytes += size
        return self._bytes <= self.limits.refused_bytes_a_minute


@dataclass(slots=True)
class Receiver:
    """One listening port; `now` hands out the server's time."""

    keeper: Keeper
    devices: Devices
    now: Callable[[], datetime]
    limits: Limits = field(default_factory=Limits)
    counts: Counter[str] = field(default_factory=Counter, init=False)
    buffer: memoryview = field(
        default_factory=lambda: memoryview(bytearray(BYTES_A_TURN)), init=False
    )
    _waiting: list[tuple[Arrival, "Connection"]] = field(default_factory=list, init=False)
    _arrived: asyncio.Event = field(default_factory=asyncio.Event, init=False)
    _open: set["Connection"] = field(default_factory=set, init=False)
    _lines: Counter[str] = field(default_factory=Counter, init=False)
    _held: set["Connection"] = field(default_factory=set, init=False)
    _resting: set["Connection"] = field(default_factory=set, init=False)
    _bytes: int = field(default=0, init=False)
    _refusals: Refusals = field(init=False)
    _asked: int = field(default=0, init=False)
    _newest: dict[tuple[str, str], str] = field(default_factory=dict, init=False)
    _threads: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(1, "hj212-store"), init=False
    )
    _tasks: list[asyncio.Task[None]] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        self._refusals = Refusals(self.limits)

    async def listen(self, host: str, port: int, *, is_shared: bool = False) -> asyncio.Server:
        """Start listening and writing; returns the server with its real port.

        A shared port is open to further receivers, among which the system deals connections out.
        """
        loop = asyncio.get_running_loop()
        self._newest = self.keeper.newest(self.devices.stations())
        server = await loop.create_server(
            lambda: Connection(self), host, port, backlog=1024, reuse_port=is_shared or None
        )
        self._tasks = [loop.create_task(self._write()), loop.create_task(self._watch())]
        return server

    async def run_until(self, over: asyncio.Event) -> None:
        """Raises what a task fell over: a receiver that keeps no more must not look alive."""
        told = asyncio.get_running_loop().create_task(over.wait())
        done, _ = await asyncio.wait({told, *self._tasks}, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()

    async def stop(self) -> None:
        """Keep what waits, answer it, and close."""
        while self._waiting:
            await self._write_some()
        for task in self._tasks:
            task.cancel()
        for connection in list(self._open):
            connection.close()
        self._threads.shutdown()

    def admit(self, connection: "Connection") -> bool:
        """Whether one more connection from this address is borne."""
        most = self.limits.connections_an_address
        if len(self._open) >= self.limits.connections or self._lines[connection.address] >= most:
            self.counts["turned_away"] += 1
            return False
        self._open.add(connection)
        self._lines[connection.address] += 1
        return True

    def leave(self, connection: "Connection") -> None:
        self._held.discard(connection)
        self._resting.discard(connection)
        if connection in self._open:
            self._open.remove(connection)
            self._lines[connection.address] -= 1
            if not self._lines[connection.address]:
                del self._lines[connection.address]

    def take(self, found: Framed, connection: "Connection") -> None:
        """One frame off the wire: put in line to be kept."""
        at, judged = self.now(), self._judged(found, connection.address)
        self._note(connection, is_good=isinstance(judged, Accepted))
        if isinstance(judged, Quarantined) and not self._refusals.may_keep(
            connection.address, len(judged.raw), at
        ):
            self.counts["dropped"] += 1
            return
        self._waiting.append((Arrival(at, connection.address, judged), connection))
        self._bytes += size_of(judged)
        self._arrived.set()
        self.hold_if_full(connection)

    def _note(self, connection: "Connection", *, is_good: bool) -> None:
        """A line that pours out rubbish rests, so that it takes the turn of nobody else."""
        connection.refused = 0 if is_good else connection.refused + 1
        if connection.refused > self.limits.refused_in_a_row and connection not in self._resting:
            connection.hold()
            self._resting.add(connection)
            self.counts["rested"] += 1
            loop = asyncio.get_running_loop()
            loop.call_later(self.limits.rest_seconds, self._go_on, connection)

    def _go_on(self, connection: "Connection") -> None:
        self._resting.discard(connection)
        connection.refused = 0
        if connection not in self._held:
            connection.release()

    def hold_if_full(self, connection: "Connection") -> None:
        """While much waits to be kept nothing more is read, from a new line neither."""
        if len(self._waiting) >= self.limits.waiting or self._bytes >= self.limits.waiting_bytes:
            connection.hold()
            self._held.add(connection)

    def _judged(self, found: Framed, address: str) -> Framed:
        if isinstance(found, Quarantined):
            return found
        fault = self.devices.fault_of(found.packet.mn, address)
        return Quarantined(found.raw, fault, found.packet.mn) if fault else found

    async def _write(self) -> None:
        while True:
            await self._arrived.wait()
            await self._write_some()

    async def _write_some(self) -> None:
        lot = self._waiting[: self.limits.batch]
        del self._waiting[: len(lot)]
        self._bytes -= sum(size_of(arrival.found) for arrival, _ in lot)
        if not self._waiting:
            self._arrived.clear()
        loop = asyncio.get_running_loop()
        batch = [arrival for arrival, _ in lot]
        kept = await loop.run_in_executor(self._threads, self.keeper.keep, batch)
        self._answer([(arrival, who) for arrival, who in lot if kept.is_safe(arrival)])
        self.counts.update(kept.counts)
        self._release()

    def _answer(self, lot: Sequence[tuple[Arrival, "Connection"]]) -> None:
        answers: dict[Connection, list[bytes]] = defaultdict(list)
        for arrival, connection in lot:
            if isinstance(arrival.found, Accepted):
                answers[connection] += self._answers_to(arrival.found.packet)
        for connection, parts in answers.items():
            connection.send(b"".join(parts))

    def _answers_to(self, packet: Packet) -> list[bytes]:
        answers = [acknowledgement(packet)]
        if packet.cn == TIME_ASKED:
            answers.append(time_set(packet, self._serial(), self._beijing()))
        interval = self.keeper.interval_of(packet.cn)
        if interval and packet.time and not packet.is_resent:
            last = self._newest.get((packet.mn, packet.cn), "")
            missing = gap(last, packet.time, interval)
            self._newest[packet.mn, packet.cn] = max(last, packet.time)
            if missing:
                answers.append(call_for_history(packet, self._serial(), packet.cn, *missing))
                self.counts["called"] += 1
        return answers

    def _beijing(self) -> str:
        return f"{self.keeper.beijing(self.now()):{DIGITS}}"

    def _serial(self) -> str:
        """A serial number of ours: the second, and a count in place of the milliseconds."""
        self._asked = (self._asked + 1) % 1000
        return f"{self._beijing()}{self._asked:03}"

    def _release(self) -> None:
        few = len(self._waiting) < self.limits.waiting // 2
        if few and self._bytes < self.limits.waiting_bytes // 2:
            for connection in self._held - self._resting:
                connection.release()
            self._held.clear()

    async def _watch(self) -> None:
        """Closes what has been silent for too long."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(min(self.limits.idle_seconds / 4, 30))
            for connection in list(self._open):
                if loop.time() - connection.heard_at > self.limits.idle_seconds:
                    connection.close()


class Connection(asyncio.BufferedProtocol):
    """One device on the line; all read into the receiver's one buffer and copy out at once."""

    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver
        self._framer = Framer(receiver.devices.profile_of, decrypt)
        self._transport: asyncio.Transport | None = None
        self.address, self.heard_at, self.refused = "", 0.0, 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self.address = str((transport.get_extra_info("peername") or ("",))[0])
        self.heard_at = asyncio.get_running_loop().time()
        if not self._receiver.admit(self):
            transport.abort()
        else:
            self._receiver.hold_if_full(self)

    def get_buffer(self, sizehint: int) -> memoryview:
        return self._receiver.buffer

    def buffer_updated(self, nbytes: int) -> None:
        """Only a readable packet counts as a sign of life: a drip of bytes holds no line open."""
        for found in self._framer.feed(bytes(self._receiver.buffer[:nbytes])):
            if isinstance(found, Accepted):
                self.heard_at = asyncio.get_running_loop().time()
            self._receiver.take(found, self)

    def connection_lost(self, problem: Exception | None) -> None:
        for found in self._framer.close():
            self._receiver.take(found, self)
        self._receiver.leave(self)
        self._transport = None

    def send(self, answer: bytes) -> None:
        """Nothing, if the device has gone: it will send again and be told then."""
        if answer and self._transport and not self._transport.is_closing():
            self._transport.write(answer)

    def hold(self) -> None:
        if self._transport and not self._transport.is_closing():
            self._transport.pause_reading()

    def release(self) -> None:
        if self._transport and not self._transport.is_closing():
            self._transport.resume_reading()

    def close(self) -> None:
        if self._transport:
            self._transport.close()
