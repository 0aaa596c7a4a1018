"""A receiver in a process of its own, to be killed: `receiver_process.py FOLDER PORT`."""

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

from gongchou.core.hj212.framing import DeviceProfile
from gongchou.offsite.hj212.devices import Device, DeviceBook
from gongchou.offsite.hj212.keeping import Keeper
from gongchou.offsite.hj212.limits import Limits
from gongchou.offsite.hj212.listener import Receiver
from gongchou.offsite.hj212.spill import Spill
from gongchou.offsite.hj212.sqlite_store import SqliteStore

STATIONS = [f"88888880{number:06}" for number in range(2000)]


async def main(folder: Path, port: int) -> None:
    store = SqliteStore(folder / "monitors.sqlite3")
    store.prepare()
    book = DeviceBook({mn: Device(profile=DeviceProfile()) for mn in STATIONS})
    keeper = Keeper(store, Spill(folder / "spill"), book.profile_of)
    receiver = Receiver(
        keeper=keeper,
        devices=book,
        now=lambda: datetime.now(UTC),
        limits=Limits(connections=4000, connections_an_address=4000),
    )
    await receiver.listen("127.0.0.1", port)
    print("ready", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
