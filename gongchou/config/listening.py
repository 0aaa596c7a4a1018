"""`gongchou hj212 serve`: the receiver with its store, its devices and an orderly end."""

import asyncio
import logging
import re
import signal
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import OperationalError, close_old_connections, connection

from gongchou.config import schema
from gongchou.core.refusals import Refused
from gongchou.offsite import monitor_reads
from gongchou.offsite.hj212.devices import Device, DeviceBook
from gongchou.offsite.hj212.export import write_parquet
from gongchou.offsite.hj212.keeping import Keeper
from gongchou.offsite.hj212.listener import Limits, Receiver
from gongchou.offsite.hj212.place import open_store, spill_of
from gongchou.offsite.hj212.store import Store, StoreAway
from gongchou.web import clock

log = logging.getLogger(__name__)
SECONDS_BETWEEN_LOOKS = 30
SECONDS_BETWEEN_CLEARINGS = 3600
EXPORTED = ("2031", "2041", "2051", "2061")
DAYS_OF_MOMENTARY, DAYS_OF_RAW = 7, 92


def listen(host: str, port: int, limits: Limits, *, receiver: int = 0) -> None:
    """Until told to stop; what waits is kept and answered first.

    `receiver` numbers one of several that share the port; the system deals connections out.
    """
    schema.check_migrated()
    if receiver and connection.vendor == "sqlite":
        raise Refused("几个接收进程合用一个端口，只在 PostgreSQL 上可以；SQLite 请只开一个。")
    asyncio.run(_listen(host, port, limits, receiver))


async def _listen(host: str, port: int, limits: Limits, number: int) -> None:
    folder = settings.ENVIRONMENT.var
    store = open_store(folder)
    store.prepare()
    book = DeviceBook(_devices())
    keeper = Keeper(store, spill_of(folder, port, number), book.profile_of)
    receiver = Receiver(keeper=keeper, devices=book, now=clock.now, limits=limits)
    server = await receiver.listen(host, port, is_shared=number > 0)
    real = server.sockets[0].getsockname()[1]
    print(
        f"在线监测数据接收已启动：{host}:{real}，登记设备 {len(book.by_station)} 台。", flush=True
    )
    over = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, over.set)
    chores = [asyncio.create_task(_refresh(book)), asyncio.create_task(_clear(store))]
    await receiver.run_until(over)
    for chore in chores:
        chore.cancel()
    server.close()
    await receiver.stop()
    store.close()
    print(f"已停止。{_told(dict(receiver.counts))}", flush=True)


def _told(counts: dict[str, int]) -> str:
    words = {
        "new": "新收读数",
        "known": "重复",
        "quarantined": "隔离",
        "spilled": "暂存",
        "dropped": "丢弃",
    }
    return "，".join(f"{label} {counts.get(name, 0)}" for name, label in words.items()) + "。"


def _devices() -> dict[str, Device]:
    close_old_connections()
    return monitor_reads.live_devices()


async def _refresh(book: DeviceBook) -> None:
    """Devices entered or ended meanwhile are known half a minute later."""
    while True:
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
        try:
            book.by_station = await asyncio.to_thread(_devices)
        except OperationalError as problem:
            log.warning("暂时读不到设备登记，先按上次读到的收数：%s", problem)


async def _clear(store: Store) -> None:
    """What is past its term goes; a database that is away now is asked again next time."""
    while True:
        try:
            await asyncio.to_thread(_forget, store)
        except (OperationalError, StoreAway) as problem:
            log.warning("数据库暂时连不上，过期数据下次再清理：%s", problem)
        await asyncio.sleep(SECONDS_BETWEEN_CLEARINGS)


def _forget(store: Store) -> None:
    """Readings of the moment, raw bytes and what was put aside go after their term."""
    close_old_connections()
    now = clock.now()
    momentary = clock.day_of(now - timedelta(days=DAYS_OF_MOMENTARY))
    store.forget(
        momentary_before=f"{momentary:%Y%m%d}000000",
        raw_before=now - timedelta(days=DAYS_OF_RAW),
        but=monitor_reads.meter_stations(),
    )


def export(month: str, path: Path) -> int:
    """One month of every entered station's minute, hour and day readings; how many values."""
    match = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", month)
    if not match:
        raise Refused("月份应写成 2026-04 这样。")
    if path.exists():
        raise Refused(f"{path} 已经存在，请换一个文件名。")
    since = f"{match[1]}{match[2]}01000000"
    until = f"{match[1]}{match[2]}99"
    store = open_store(settings.ENVIRONMENT.var)
    store.prepare()
    try:
        stations = sorted(monitor_reads.all_stations())
        rows = (
            row
            for mn in stations
            for cn in EXPORTED
            for row in store.readings(mn, cn, since, until)
        )
        return write_parquet(rows, path)
    finally:
        store.close()
