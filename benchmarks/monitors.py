"""The receiver of monitors: reading, keeping and bearing, in one run: `monitors.json`.

    python -m benchmarks.monitors [--frames N] [--lines N] [--seconds N] [--hostile N]

Reading is measured against the same parser with a check sum by table, the common way. Keeping is a
receiver in a process of its own on the loopback address with devices that wait for each answer,
on SQLite and, where `GONGCHOU_MONITOR_PG` names a server, on PostgreSQL; every answered row is
counted afterwards. Bearing is a stream of hostile bytes for so many seconds, and the growth of
the receiver's memory meanwhile.
"""

import argparse
import asyncio
import json
import os
import random
import resource
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import quantiles

from benchmarks.place import machine
from gongchou.core.hj212 import crc as crc_module
from gongchou.core.hj212 import framing
from gongchou.core.hj212.answers import frame
from gongchou.core.hj212.framing import Framer

OUT = Path("monitors.json")
FACTORS = ("a34013", "a21026", "a21002", "a19001", "a01011", "a01012", "a00000")
GOAL_READ, GOAL_KEPT, GOAL_ROWS, GOAL_MEMORY, GOAL_ANSWER = 40_000, 8_000, 55_000, 300, 1.0


def packet(station: int, number: int) -> bytes:
    """A minute of seven factors, some with their extremes, as a device sends them."""
    moment = f"202604{1 + number // 1440:02}{number // 60 % 24:02}{number % 60:02}00"
    parts = [
        f"{code}-Avg={number % 97}.{place}"
        + (f",{code}-Min=1.0,{code}-Max=99.9" if place < 3 else "")
        + f",{code}-Flag=N"
        for place, code in enumerate(FACTORS)
    ]
    body = ";".join([f"DataTime={moment}", *parts])
    qn = f"{moment}{station % 1000:03}"
    head = f"QN={qn};ST=31;CN=2051;PW=123456;MN=88888880{station:06};Flag=5"
    return frame(f"{head};CP=&&{body}&&")


def by_table(segment: bytes) -> int:
    state = 0xFF
    for byte in segment:
        found = crc_module._LAST[state ^ byte]
        state = found >> 8
    return found


def reading(count: int) -> list[dict[str, object]]:
    stream = b"".join(packet(n % 2000, n) for n in range(2000))

    def rate() -> float:
        begun = time.process_time()
        done = 0
        while done < count:
            framer = Framer()
            for at in range(0, len(stream), 1 << 16):
                done += len(framer.feed(stream[at : at + (1 << 16)]))
        return done / (time.process_time() - begun)

    ours, theirs = [], []
    for _ in range(3):
        ours.append(rate())
        kept, framing.crc_of = framing.crc_of, by_table
        theirs.append(rate())
        framing.crc_of = kept
    mine, table = sorted(ours)[1], sorted(theirs)[1]
    return [
        {
            "name": "HJ 212 读取（成帧、校验、取值），每秒包数（每核）",
            "ours": round(mine),
            "baseline": round(table),
            "baseline_name": "同一读取，逐字节查表校验",
            "ratio": round(mine / table, 2),
            "unit": "包/秒",
            "goal": GOAL_READ,
            "bytes": len(stream) // 2000,
        }
    ]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """The receiver under measurement."""

    def __init__(self, folder: Path, address: str) -> None:
        self.port = free_port()
        command = [sys.executable, "-m", "tests.offsite.hj212.receiver_process"]
        self.process = subprocess.Popen(
            [*command, str(folder), str(self.port), address], stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "ready\n"

    def memory(self) -> float:
        """Resident memory in MiB."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * resource.getpagesize() / 2**20

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()


async def device(port: int, station: int, until: float, taken: list[float]) -> int:
    """Sends, waits for the answer, sends the next; returns how many were answered."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    number = 0
    while time.perf_counter() < until:
        begun = time.perf_counter()
        writer.write(packet(station, number))
        while b"CN=9014" not in await reader.readline():
            pass
        taken.append(time.perf_counter() - begun)
        number += 1
    writer.close()
    return number


async def crowd(port: int, lines: int, seconds: int) -> tuple[int, list[float], float]:
    taken: list[float] = []
    begun = time.perf_counter()
    until = begun + seconds
    counts = await asyncio.gather(*(device(port, n, until, taken) for n in range(lines)))
    return sum(counts), taken, time.perf_counter() - begun


def keeping(lines: int, seconds: int, address: str) -> dict[str, object]:
    with tempfile.TemporaryDirectory(prefix="gongchou-bench-") as folder:
        server = Server(Path(folder), address)
        answered, taken, wall = asyncio.run(crowd(server.port, lines, seconds))
        memory = server.memory()
        server.stop()
    return {
        "name": f"存妥才应答，{lines} 条连接逐包等候，" + ("PostgreSQL" if address else "SQLite"),
        "messages_a_second": round(answered / wall),
        "rows_a_second": round(answered * len(FACTORS) / wall),
        "p99_seconds": round(quantiles(taken, n=100)[98], 3),
        "memory_mib": round(memory),
        "goals": [GOAL_KEPT, GOAL_ROWS, GOAL_ANSWER, GOAL_MEMORY],
        "answered": answered,
    }


def rubbish(chance: random.Random) -> bytes:
    kinds = (
        lambda: chance.randbytes(4096),
        lambda: b"##9999" + b"x" * 3000,
        lambda: b"#" * 4096,
        lambda: b"##0004junkFFFF\r\n" * 50,
        lambda: packet(1, chance.randrange(1000))[:-6] + b"0000\r\n",
        lambda: packet(1, chance.randrange(1000)),
    )
    return chance.choice(kinds)()


async def pour(port: int, until: float, seed: int) -> None:
    chance = random.Random(seed)
    while time.perf_counter() < until:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            for _ in range(chance.randrange(1, 200)):
                writer.write(rubbish(chance))
                await writer.drain()
            writer.close()
        except OSError:
            await asyncio.sleep(0.1)


def bearing(seconds: int) -> dict[str, object]:
    async def storm(port: int, span: float) -> None:
        until = time.perf_counter() + span
        await asyncio.gather(*(pour(port, until, seed) for seed in range(20)))

    with tempfile.TemporaryDirectory(prefix="gongchou-bench-") as folder:
        server = Server(Path(folder), "")
        asyncio.run(storm(server.port, seconds / 4))
        before = server.memory()
        asyncio.run(storm(server.port, seconds * 3 / 4))
        after = server.memory()
        server.stop()
    return {
        "name": f"恶意字节 {seconds} 秒，接收进程的内存",
        "before_mib": round(before),
        "after_mib": round(after),
        "growth_mib": round(after - before, 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--frames", type=int, default=60_000)
    parser.add_argument("--lines", type=int, default=2000)
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--hostile", type=int, default=30)
    args = parser.parse_args()
    found: list[dict[str, object]] = [*reading(args.frames)]
    found.append(keeping(args.lines, args.seconds, ""))
    if address := os.environ.get("GONGCHOU_MONITOR_PG", ""):
        found.append(keeping(args.lines, args.seconds, address))
    found.append(bearing(args.hostile))
    for row in found:
        print(json.dumps(row, ensure_ascii=False))
    OUT.write_text(
        json.dumps([row | {"machine": machine()} for row in found], ensure_ascii=False, indent=1)
    )


if __name__ == "__main__":
    main()
