"""A simulated folder sent over real connections: what is kept is what the bytes say."""

import asyncio
import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gongchou.config import cli
from gongchou.core.hj212.framing import Accepted, DeviceProfile, Framer
from gongchou.offsite.hj212.cipher import decrypt
from gongchou.offsite.hj212.devices import Device, DeviceBook
from gongchou.offsite.hj212.keeping import Keeper
from gongchou.offsite.hj212.limits import Limits
from gongchou.offsite.hj212.listener import Receiver
from gongchou.offsite.hj212.spill import Spill
from gongchou.offsite.hj212.sqlite_store import SqliteStore
from gongchou.offsite.simulator.sending import send
from gongchou.offsite.simulator.writing import simulate
from tests.offsite.hj212.test_kill import free_port
from tests.offsite.hj212.test_listener import apart

SECONDS = 1.5
UNTIL_IDLE = 0.2


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    made = tmp_path_factory.mktemp("sent") / "one"
    simulate(2, "2026Q2", made, units=4, days=1)
    return made


def book_of(folder: Path) -> DeviceBook:
    units = json.loads((folder / "population.json").read_text("utf-8"))["units"]
    keys = {outlet["mn"]: outlet["key"] for unit in units for outlet in unit["outlets"]}
    keys |= {unit["meter_station"]: "" for unit in units if unit["meter_station"]}
    return DeviceBook(
        {
            mn: Device(profile=DeviceProfile(keys=(bytes.fromhex(key),) if key else ()))
            for mn, key in keys.items()
        }
    )


def as_framed(folder: Path, book: DeviceBook) -> set[tuple[str, str, str, str]]:
    found = set()
    for path in (folder / "hj212").glob("*.bin"):
        framer = Framer(book.profile_of, decrypt)
        for one in framer.feed(path.read_bytes()) + framer.close():
            if isinstance(one, Accepted):
                p = one.packet
                found |= {(p.mn, p.cn, p.time or p.qn[:14], row.factor) for row in p.rows}
    return found


async def received(folder: Path, book: DeviceBook, store: SqliteStore, at: Path, **own: float):
    keeper = Keeper(store, Spill(at / "spill"), book.profile_of)
    limits = Limits(**own)  # type: ignore[arg-type]
    receiver = Receiver(keeper, book, lambda: datetime.now(UTC), limits)
    server = await receiver.listen("127.0.0.1", 0)
    count = await send(folder, 86400 / SECONDS, server.sockets[0].getsockname()[1])
    while receiver._open:
        await asyncio.sleep(0.02)
    server.close()
    await receiver.stop()
    return count


def kept(book: DeviceBook, store: SqliteStore) -> set[tuple[str, str, str, str]]:
    return {
        (row.mn, row.cn, row.time, row.factor)
        for mn in book.stations()
        for cn in ("2011", "2051", "2061", "2111", "3020")
        for row in store.readings(mn, cn, "2026", "2027")
    }


def pieces(folder: Path) -> int:
    return sum(len(p.read_text().splitlines()) for p in (folder / "hj212").glob("*.csv"))


@pytest.fixture
def store(tmp_path):
    made = SqliteStore(tmp_path / "monitors.sqlite3")
    made.prepare()
    yield made
    made.close()


def test_all_that_was_sent_in_a_hurry_is_kept(folder, store, tmp_path):
    book, begun = book_of(folder), time.monotonic()
    assert apart(received(folder, book, store, tmp_path)) == pieces(folder)
    assert time.monotonic() - begun >= SECONDS * 0.9
    assert kept(book, store) == as_framed(folder, book)


def test_a_line_closed_for_its_silence_is_opened_again(folder, store, tmp_path):
    book = book_of(folder)
    sent = apart(received(folder, book, store, tmp_path, idle_seconds=UNTIL_IDLE))
    assert sent == pieces(folder)
    found, whole = kept(book, store), as_framed(folder, book)
    assert found <= whole
    assert {mn for mn, *_ in found} == {mn for mn, *_ in whole}


def test_without_a_receiver_the_command_says_how_to_start_one(tmp_path, capsys):
    given = ["--seed", "3", "--quarter", "2026Q2", "--out", str(tmp_path / "q"), "--units", "2"]
    line = [*given, "--days", "1", "--speed", "100000", "--port", str(free_port())]
    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(cli.main, ["offsite", "simulate", *line]).result() == 1
    assert "gongchou hj212 serve" in capsys.readouterr().err
