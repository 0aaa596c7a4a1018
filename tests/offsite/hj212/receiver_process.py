"""A receiver in a process: `receiver_process FOLDER PORT [ADDRESS OF POSTGRESQL [LINES]]`.

LINES is how many connections one address may have."""

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from gongchou.core.hj212.framing import DeviceProfile
from gongchou.offsite.hj212.devices import Device, DeviceBook
from gongchou.offsite.hj212.keeping import Keeper
from gongchou.offsite.hj212.limits import Limits
from gongchou.offsite.hj212.listener import Receiver
from gongchou.offsite.hj212.postgresql_store import PostgresqlStore
from gongchou.offsite.hj212.spill import Spill
from gongchou.offsite.hj212.sqlite_store import SqliteStore
from gongchou.offsite.hj212.store import Store

STATIONS = [f"88888880{number:06}" for number in range(2000)]


def store_at(folder: Path, address: str) -> Store:
    if address:
        return PostgresqlStore(conninfo_to_dict(address))
    return SqliteStore(folder / "monitors.sqlite3")


async def main(folder: Path, port: int, address: str = "", lines: str = "4000") -> None:
    store = store_at(folder, address)
    store.prepare()
    book = DeviceBook({mn: Device(profile=DeviceProfile()) for mn in STATIONS})
    keeper = Keeper(store, Spill(folder / "spill"), book.profile_of)
    receiver = Receiver(
        keeper=keeper,
        devices=book,
        now=lambda: datetime.now(UTC),
        limits=Limits(connections=4000, connections_an_address=int(lines)),
    )
    await receiver.listen("127.0.0.1", port)
    print("ready", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:]))
