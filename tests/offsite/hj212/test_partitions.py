"""What only the store of a city does: days apart, whole batches by COPY, several receivers."""

import asyncio
from datetime import timedelta

import psycopg
import pytest

from gongchou.offsite.hj212.keeping import Keeper
from gongchou.offsite.hj212.listener import Receiver
from gongchou.offsite.hj212.spill import Spill
from gongchou.offsite.hj212.store import MOMENTARY
from tests.core.hj212.frames import MN, wired
from tests.offsite.hj212.arrivals import AT, arrivals, hour
from tests.offsite.hj212.test_listener import NOON, Known, Line, apart
from tests.offsite.stores import address, on_pg

DAY = ("20260401000000", "20260402000000")
TERM = {"raw_before": AT - timedelta(days=1)}


@pytest.fixture
def server(store):
    with psycopg.connect(**address(), autocommit=True) as found:
        yield found


def days(server: psycopg.Connection) -> set[str]:
    found = server.execute(
        "SELECT inhrelid::regclass::text FROM pg_inherits"
        " WHERE inhparent = 'telemetry.reading'::regclass"
    )
    return {name.removeprefix("telemetry.reading_") for (name,) in found}


def count(server: psycopg.Connection, day: str) -> int:
    (found,) = server.execute(f"SELECT count(*) FROM ONLY telemetry.reading_{day}").fetchone()
    return found


def on_day(day: str, number: int = 1, cn: str = "2061", mn: str = MN) -> bytes:
    frame = hour(number, mn=mn)[6:-6].replace(b"DataTime=20260401", b"DataTime=" + day.encode())
    return wired(frame.replace(b"CN=2061", b"CN=" + cn.encode()))


def test_each_day_gets_a_table_of_its_own_before_its_first_reading(store, server):
    assert days(server) == {"other"}
    store.keep(arrivals(hour(1), on_day("20260402")))
    assert days(server) == {"other", "20260401", "20260402"}
    assert [count(server, day) for day in ("20260401", "20260402", "other")] == [2, 2, 0]


def test_a_day_of_a_clock_gone_astray_gets_no_table(store, server):
    store.keep(arrivals(on_day("20991231"), on_day("19700101"), on_day("20260229")))
    assert days(server) == {"other"}
    assert count(server, "other") == 6


def test_a_day_that_came_too_early_gets_its_table_when_it_comes_and_its_readings_move(
    store, server
):
    store.keep(arrivals(on_day("20260501")))
    assert count(server, "other") == 2
    store.keep(arrivals(on_day("20260501", 2), since=AT + timedelta(days=30)))
    assert (count(server, "20260501"), count(server, "other")) == (4, 0)


def test_a_day_past_its_term_is_dropped_once_nothing_is_left_in_it(store, server):
    store.keep(arrivals(on_day("20260330", cn=MOMENTARY), on_day("20260331"), hour(1)))
    assert store.forget(momentary_before="20260401000000", **TERM) == 2
    assert days(server) == {"other", "20260331", "20260401"}


def test_a_dropped_day_is_made_again_for_what_comes_late(store, server):
    store.keep(arrivals(on_day("20260330", cn=MOMENTARY)))
    store.forget(momentary_before="20260401000000", **TERM)
    store.keep(arrivals(on_day("20260330", 3)))
    assert count(server, "20260330") == 2


def test_readings_go_in_by_binary_copy_and_never_one_by_one(store, monkeypatch):
    """Seen on the statements as they leave for the server."""
    said = []
    with monkeypatch.context() as patch:
        for name in ("copy", "execute"):
            plain = getattr(psycopg.Cursor, name)
            patch.setattr(psycopg.Cursor, name, heard(plain, said))
        store.keep(arrivals(*map(hour, range(20))))
    into = [one for one in said if "stage" in one or "INSERT INTO telemetry.reading" in one]
    assert into[1:] == [
        "COPY stage FROM STDIN (FORMAT BINARY)",
        "INSERT INTO telemetry.reading SELECT * FROM stage ON CONFLICT DO NOTHING",
    ]


def heard(plain, said):
    def told(self, query, *given, **named):
        said.append(str(query))
        return plain(self, query, *given, **named)

    return told


def test_two_receivers_on_one_port_and_one_database_double_nothing(store, tmp_path):
    """Each device speaks to both receivers at once and sends each packet twice."""

    async def sent(port: int, number: int) -> None:
        one = Line(*await asyncio.open_connection("127.0.0.1", port))
        one.send(on_day("20260401", number, "2031", mn=f"TWO{number % 4:011}") * 2)
        for _ in range(2):
            assert "CN=9014" in await one.answer()

    async def whole() -> list[int]:
        receivers, port = [], 0
        for number, own in enumerate((store, on_pg())):
            keeper = Keeper(own, Spill(tmp_path / f"{number}"), Known().profile_of)
            receivers.append(Receiver(keeper=keeper, devices=Known(), now=lambda: NOON))
            server = await receivers[-1].listen("127.0.0.1", port, is_shared=True)
            port = server.sockets[0].getsockname()[1]
        await asyncio.gather(*(sent(port, number % 24) for number in range(96)))
        for receiver in receivers:
            await receiver.stop()
        receivers[1].keeper.store.close()
        return [receiver.counts["new"] + receiver.counts["known"] for receiver in receivers]

    taken = apart(whole())
    assert all(taken)
    assert sum(taken) == 96 * 2 * 2
    kept = [row for n in range(4) for row in store.readings(f"TWO{n:011}", "2031", *DAY)]
    assert len(kept) == len({row[:5] for row in kept}) == 24 * 2
