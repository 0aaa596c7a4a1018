"""The listener over real connections: nothing is answered before it is kept, nothing is lost."""

import asyncio
import threading
from collections.abc import Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import pytest

from gongchou.core.hj212.framing import DeviceProfile, Framer
from gongchou.core.hj212.words import FrameFault
from gongchou.offsite.hj212.keeping import Keeper
from gongchou.offsite.hj212.limits import Limits
from gongchou.offsite.hj212.listener import BYTES_A_TURN, Receiver, Refusals, size_of
from gongchou.offsite.hj212.spill import Spill
from gongchou.offsite.hj212.sqlite_store import SqliteStore
from gongchou.offsite.hj212.store import Arrival, Kept, StoreAway, StoreRefuses
from tests.core.hj212.frames import MN, wired
from tests.offsite.hj212.arrivals import hour

Outcome = TypeVar("Outcome")
NOON = datetime(2026, 4, 1, 4, 0, 0, 120000, tzinfo=UTC)
DAY = ("20260401000000", "20260402000000")


class Known:
    """Every station but one that nobody has entered."""

    def profile_of(self, mn: str) -> DeviceProfile:
        return DeviceProfile()

    def stations(self) -> list[str]:
        return [MN]

    def fault_of(self, mn: str, address: str) -> FrameFault | None:
        return FrameFault.UNKNOWN_DEVICE if mn == "X0001" else None


class Moody(SqliteStore):
    """A store that can be away, slow, or refuse what holds a certain word."""

    away = False
    bad = b""
    gate: threading.Event | None = None

    def keep(self, batch: Sequence[Arrival]) -> Kept:
        if self.gate:
            self.gate.wait(10)
        if self.away:
            raise StoreAway("演练")
        if self.bad and any(
            self.bad in one.found.raw and hasattr(one.found, "packet") for one in batch
        ):
            raise StoreRefuses("演练")
        return super().keep(batch)


@pytest.fixture
def store(tmp_path):
    made = Moody(tmp_path / "monitors.sqlite3")
    made.prepare()
    yield made
    made.close()


@pytest.fixture
def spill(tmp_path) -> Spill:
    return Spill(tmp_path / "spill")


class Line:
    """A device's end of one connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    def send(self, content: bytes) -> None:
        self.writer.write(content)

    async def answer(self) -> str:
        return (await asyncio.wait_for(self.reader.readline(), 10)).decode()

    async def is_silent(self) -> bool:
        try:
            await asyncio.wait_for(self.reader.read(1), 0.3)
        except TimeoutError:
            return True
        return False


def apart(scene: Coroutine[object, object, Outcome]) -> Outcome:
    """Run in a thread of its own: another test's browser may hold this one's event loop."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, scene).result()


def play(store, spill, scene, limits: Limits | None = None) -> Receiver:
    """A scene with a receiver on a port of its own; returns the receiver when all is kept."""

    async def whole() -> Receiver:
        keeper = Keeper(store, spill, Known().profile_of)
        receiver = Receiver(
            keeper=keeper, devices=Known(), now=lambda: NOON, limits=limits or Limits()
        )
        server = await receiver.listen("127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]

        async def line() -> Line:
            return Line(*await asyncio.open_connection("127.0.0.1", port))

        await scene(line)
        server.close()
        await receiver.stop()
        return receiver

    return apart(whole())


def test_a_packet_is_answered_once_it_is_kept_and_not_before(store, spill):
    store.gate = threading.Event()

    async def scene(line):
        one = await line()
        one.send(hour(1))
        assert await one.is_silent()
        store.gate.set()
        answer = await one.answer()
        assert "QN=20260401010500123;ST=91;CN=9014" in answer
        assert "Flag=4;CP=&&&&" in answer

    play(store, spill, scene)
    assert len(list(store.readings(MN, "2061", *DAY))) == 2


def test_a_packet_that_asks_for_no_answer_gets_none_and_is_kept(store, spill):
    async def scene(line):
        one = await line()
        one.send(hour(1, flag=4))
        assert await one.is_silent()

    play(store, spill, scene)
    assert len(list(store.readings(MN, "2061", *DAY))) == 2


def test_a_damaged_packet_and_an_unknown_device_get_no_answer_and_are_put_aside(store, spill):
    async def scene(line):
        one = await line()
        one.send(hour(1)[:-6] + b"1234\r\n" + hour(1, mn="X0001"))
        assert await one.is_silent()

    play(store, spill, scene)
    assert [row.fault for row in store.quarantine(9)] == ["unknown_device", "crc_impossible"]
    assert list(store.readings("X0001", "2061", *DAY)) == []


def test_while_the_database_is_away_the_file_answers_and_all_is_taken_in_afterwards(store, spill):
    store.away = True

    async def scene(line):
        one = await line()
        for number in range(3):
            one.send(hour(number) + hour(number, mn="X0001"))
            assert "CN=9014" in await one.answer()
        assert spill
        store.away = False
        one.send(hour(3))
        assert "CN=9014" in await one.answer()

    play(store, spill, scene)
    assert not spill
    assert {row.time[8:10] for row in store.readings(MN, "2061", *DAY)} == {"00", "01", "02", "03"}
    assert [row.fault for row in store.quarantine(9)] == ["unknown_device"] * 3


def test_an_entry_cut_off_by_a_crash_is_left_out_and_the_others_are_taken_in(
    store, spill, tmp_path
):
    store.away = True

    async def scene(line):
        one = await line()
        one.send(hour(1) + hour(2))
        assert "CN=9014" in await one.answer()

    play(store, spill, scene)
    path = tmp_path / "spill"
    path.write_bytes(path.read_bytes()[:-20])
    store.away = False
    Keeper(store, spill, Known().profile_of).keep([])
    assert {row.time[8:10] for row in store.readings(MN, "2061", *DAY)} == {"01"}


def test_what_the_database_refuses_is_put_aside_alone_and_not_answered(store, spill):
    store.bad = b"Avg=666"

    async def scene(line):
        one = await line()
        one.send(hour(1) + hour(2, "666") + hour(3))
        assert "QN=2026040101" in await one.answer()
        assert "QN=2026040103" in await one.answer()
        assert "BeginTime=20260401020000;EndTime=20260401030000" in await one.answer()
        assert await one.is_silent()

    play(store, spill, scene)
    assert {row.time[8:10] for row in store.readings(MN, "2061", *DAY)} == {"01", "03"}
    assert [row.fault for row in store.quarantine(9)] == ["refused"]


def test_a_device_that_asks_is_told_the_time_of_the_server(store, spill):
    ask = f"QN=20260401000000000;ST=32;CN=1013;PW=123456;MN={MN};Flag=5;CP=&&&&"

    async def scene(line):
        one = await line()
        one.send(wired(ask))
        assert "CN=9013" in await one.answer()
        told = await one.answer()
        assert f"ST=32;CN=1012;PW=123456;MN={MN}" in told
        assert "SystemTime=20260401120000" in told
        assert "QN=20260401120000001" in told

    play(store, spill, scene)


def test_hours_left_out_are_called_for_once(store, spill):
    async def scene(line):
        one = await line()
        one.send(hour(1))
        await one.answer()
        one.send(hour(5))
        assert "CN=9014" in await one.answer()
        call = await one.answer()
        assert "CN=2061" in call
        assert "CP=&&BeginTime=20260401020000;EndTime=20260401050000&&" in call
        one.send(hour(6) + hour(2, more="RF=1;"))
        await one.answer()
        await one.answer()
        assert await one.is_silent()

    assert play(store, spill, scene).counts["called"] == 1


def test_what_was_missed_while_no_receiver_ran_is_called_for(store, spill):
    async def first(line):
        one = await line()
        one.send(hour(1))
        await one.answer()

    async def later(line):
        one = await line()
        one.send(hour(9))
        await one.answer()
        assert "BeginTime=20260401020000;EndTime=20260401090000" in await one.answer()

    play(store, spill, first)
    play(store, spill, later)


def test_the_same_packet_on_two_lines_is_kept_once_and_answered_twice(store, spill):
    async def scene(line):
        one, other = await line(), await line()
        one.send(hour(1))
        other.send(hour(1))
        assert "CN=9014" in await one.answer()
        assert "CN=9014" in await other.answer()

    assert play(store, spill, scene).counts["known"] == 2


def test_more_lines_than_allowed_from_one_address_are_closed(store, spill):
    async def scene(line):
        lines = [await line() for _ in range(4)]
        lines[0].send(hour(1))
        assert "CN=9014" in await lines[0].answer()
        assert await asyncio.wait_for(lines[3].reader.read(), 5) == b""

    limits = Limits(connections_an_address=3)
    assert play(store, spill, scene, limits).counts["turned_away"] == 1


def test_a_silent_line_is_closed(store, spill):
    async def scene(line):
        one = await line()
        assert await asyncio.wait_for(one.reader.read(), 10) == b""

    play(store, spill, scene, Limits(idle_seconds=0.2))


def test_no_line_is_read_beyond_its_turn(store, spill, monkeypatch):
    read, feed = [], Framer.feed

    def noted(self, chunk):
        read.append(len(chunk))
        return feed(self, chunk)

    monkeypatch.setattr(Framer, "feed", noted)
    poured = b"x" * (20 * BYTES_A_TURN)

    async def scene(line):
        one = await line()
        one.send(poured + hour(1))
        await one.reader.readuntil(b"CN=9014")

    receiver = play(store, spill, scene)
    assert receiver.counts["new"]
    assert max(read) <= BYTES_A_TURN
    assert sum(read) == len(poured) + len(hour(1))


def test_a_line_that_drips_bytes_is_closed_like_a_silent_one(store, spill):
    async def scene(line):
        one = await line()
        for byte in hour(1)[:40]:
            one.send(bytes([byte]))
            await asyncio.sleep(0.02)
        # What was sent into the closed line may have broken it.
        with suppress(ConnectionError):
            assert await asyncio.wait_for(one.reader.read(), 10) == b""

    receiver = play(store, spill, scene, Limits(idle_seconds=0.2))
    assert receiver.counts["new"] == 0


def test_a_receiver_that_can_keep_nothing_any_more_says_so_and_ends(store, spill):
    def fall_over(batch):
        raise RuntimeError("演练")

    store.keep = fall_over

    async def whole() -> None:
        receiver = Receiver(
            keeper=Keeper(store, spill, Known().profile_of), devices=Known(), now=lambda: NOON
        )
        server = await receiver.listen("127.0.0.1", 0)
        _, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        writer.write(hour(1))
        async with asyncio.timeout(10):
            await receiver.run_until(asyncio.Event())

    with pytest.raises(RuntimeError, match="演练"):
        apart(whole())


def test_bytes_of_rubbish_have_a_measure_too_and_the_next_minute_begins_anew():
    refusals = Refusals(Limits(refused_a_minute=5, refused_bytes_a_minute=100))
    assert refusals.may_keep("192.0.2.1", 90, NOON)
    assert not refusals.may_keep("192.0.2.2", 20, NOON)
    assert refusals.may_keep("192.0.2.2", 20, NOON + timedelta(minutes=1))


def test_few_frames_that_name_many_readings_hold_a_line_back(store, spill):
    body = "".join(f";x{n:04}-Avg=1" for n in range(400))
    head = f"QN=20260401010500123;ST=31;CN=2061;PW=123456;MN={MN};Flag=5"
    long = wired(f"{head};CP=&&DataTime=20260401010000{body}&&")

    async def scene(line):
        one = await line()
        one.send(long * 3 + hour(2))
        for _ in range(4):
            assert "CN=9014" in await one.answer()

    receiver = play(store, spill, scene, Limits(waiting_bytes=2 * len(long)))
    assert size_of(Framer().feed(long)[0]) > 160_000
    assert receiver.counts["new"] == 402


def test_rubbish_is_kept_up_to_a_measure_and_good_packets_still_come_through(store, spill):
    async def scene(line):
        one = await line()
        for _ in range(50):
            one.send(b"##0004junkFFFF\r\n")
        one.send(hour(1))
        assert "CN=9014" in await one.answer()

    receiver = play(store, spill, scene, Limits(refused_a_minute=10))
    assert receiver.counts["dropped"] == 40
    assert len(store.quarantine(100)) == 10


def test_a_line_that_pours_out_rubbish_rests_and_its_neighbour_does_not(store, spill):
    async def scene(line):
        noisy, good = await line(), await line()
        noisy.send(b"##0004junkFFFF\r\n" * 12)
        for number in (2, 3):
            good.send(hour(number))
            assert "CN=9014" in await good.answer()
            await asyncio.sleep(0.2)
        noisy.send(hour(1))
        assert await noisy.is_silent()
        assert "CN=9014" in await noisy.answer()

    receiver = play(store, spill, scene, Limits(refused_in_a_row=10, rest_seconds=3))
    assert receiver.counts["rested"] == 1
    assert receiver.counts["new"] == 6


def test_a_line_with_a_wrong_frame_now_and_then_never_rests(store, spill):
    async def scene(line):
        one = await line()
        for number in range(6):
            one.send(b"##0004junkFFFF\r\n" * 5 + hour(number))
            assert "CN=9014" in await one.answer()

    receiver = play(store, spill, scene, Limits(refused_in_a_row=10))
    assert receiver.counts["rested"] == 0


def test_a_crowd_faster_than_the_store_is_held_back_and_nothing_is_lost(store, spill):
    async def scene(line):
        lines = [await line() for _ in range(5)]
        for one in lines:
            one.send(b"".join(hour(number) for number in range(24)) * 5)
        for one in lines:
            for _ in range(120):
                assert "CN=9014" in await one.answer()

    limits = Limits(waiting=16, batch=8)
    receiver = play(store, spill, scene, limits)
    assert receiver.counts["new"] == 48
    assert receiver.counts["new"] + receiver.counts["known"] == 5 * 5 * 24 * 2


def test_two_receivers_share_one_port(tmp_path):
    async def whole() -> list[int]:
        stores = [SqliteStore(tmp_path / f"{n}.sqlite3") for n in range(2)]
        receivers = []
        port = 0
        for number, store in enumerate(stores):
            store.prepare()
            keeper = Keeper(store, Spill(tmp_path / f"{number}"), Known().profile_of)
            receivers.append(Receiver(keeper=keeper, devices=Known(), now=lambda: NOON))
            server = await receivers[-1].listen("127.0.0.1", port, is_shared=True)
            port = server.sockets[0].getsockname()[1]
        lines = [Line(*await asyncio.open_connection("127.0.0.1", port)) for _ in range(40)]
        for number, one in enumerate(lines):
            one.send(hour(number % 24, str(number)))
            assert "CN=9014" in await one.answer()
        for receiver in receivers:
            await receiver.stop()
        return [receiver.counts["new"] for receiver in receivers]

    kept = apart(whole())
    assert sum(kept) > 40
    assert all(kept)
