"""The receiver of monitors: reading, keeping and bearing, in one run: `monitors.json`.

    python -m benchmarks.monitors [--frames N] [--lines N] [--seconds N] [--hostile N] [--units N]

Reading is measured against the same parser with a check sum by table, the common way. Keeping is a
receiver in a process of its own on the loopback address with devices that wait for each answer,
on SQLite and, where `GONGCHOU_MONITOR_PG` names a server, on PostgreSQL; every answered row is
counted afterwards. Bearing is a stream of hostile bytes for so many seconds, and the growth of
the receiver's memory meanwhile. Judging is a made-up quarter of so many units replayed from its
bytes and judged by every rule, with the score against its truth, which proves the code only.
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
from collections.abc import Sequence
from pathlib import Path
from statistics import quantiles

from benchmarks.place import machine
from gongchou.core.hj212 import crc as crc_module
from gongchou.core.hj212 import framing
from gongchou.core.hj212.answers import frame
from gongchou.core.hj212.framing import Framer
from gongchou.offsite.hj212.limits import Limits
from gongchou.offsite.simulator.judged import judge_folder
from gongchou.offsite.simulator.writing import simulate

OUT = Path("monitors.json")
FACTORS = ("a34013", "a21026", "a21002", "a19001", "a01011", "a01012", "a00000")
GOAL_JUDGED_SECONDS, UNSEEN_SEED = 600, 6
QUARTERS = 4
# More than any receiver keeps in a second; packets are made for so many.
MOST_KEPT = 20_000
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

    def __init__(self, folder: Path, address: str, lines: int = 4000) -> None:
        self.port = free_port()
        command = [sys.executable, "-m", "tests.offsite.hj212.receiver_process"]
        self.process = subprocess.Popen(
            [*command, str(folder), str(self.port), address, str(lines)],
            stdout=subprocess.PIPE,
            text=True,
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


class Device(asyncio.Protocol):
    """Sends, waits for the answer, sends the next; its packets are made before the clock runs."""

    def __init__(self, frames: Sequence[bytes], until: float, taken: list[float]) -> None:
        self._frames, self._until, self._taken = frames, until, taken
        self._transport: asyncio.Transport | None = None
        self._begun = 0.0
        self.answered = 0
        self.over = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def send(self) -> None:
        assert self._transport is not None
        self._begun = time.perf_counter()
        self._transport.write(self._frames[self.answered])

    def data_received(self, data: bytes) -> None:
        """One answer comes for one packet, small enough for one piece; calls for history pass."""
        if b"CN=9014" not in data:
            return
        now = time.perf_counter()
        self._taken.append(now - self._begun)
        self.answered += 1
        if now < self._until and self.answered < len(self._frames):
            self.send()
        elif not self.over.done():
            self.over.set_result(None)

    def connection_lost(self, problem: Exception | None) -> None:
        if not self.over.done():
            self.over.set_exception(problem or ConnectionResetError())


async def crowd(
    port: int, lines: int, seconds: int, frames: Sequence[Sequence[bytes]]
) -> tuple[int, list[float], float]:
    loop, taken = asyncio.get_running_loop(), list[float]()
    devices: list[Device] = []
    until = time.perf_counter() + seconds + lines / 2000
    for number in range(lines):
        made = Device(frames[number], until, taken)
        await loop.create_connection(lambda made=made: made, "127.0.0.1", port)
        devices.append(made)
    begun = time.perf_counter()
    for made in devices:
        made.send()
    await asyncio.gather(*(made.over for made in devices))
    return sum(made.answered for made in devices), taken, time.perf_counter() - begun


def keeping(lines: int, seconds: int, address: str) -> dict[str, object]:
    each = MOST_KEPT * seconds // lines
    frames = [[packet(station, number) for number in range(each)] for station in range(lines)]
    with tempfile.TemporaryDirectory(prefix="gongchou-bench-") as folder:
        server = Server(Path(folder), address)
        answered, taken, wall = asyncio.run(crowd(server.port, lines, seconds, frames))
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


async def pour(port: int, until: float, seed: int, pause: float) -> None:
    chance = random.Random(seed)
    while time.perf_counter() < until:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            for _ in range(chance.randrange(1, 200)):
                writer.write(rubbish(chance))
                await writer.drain()
                await asyncio.sleep(pause)
            writer.close()
        except OSError:
            await asyncio.sleep(0.1)


def bearing(seconds: int, pause: float) -> dict[str, object]:
    async def storm(port: int, span: float) -> None:
        until = time.perf_counter() + span
        await asyncio.gather(*(pour(port, until, seed, pause) for seed in range(20)))

    with tempfile.TemporaryDirectory(prefix="gongchou-bench-") as folder:
        server = Server(Path(folder), "", Limits().connections_an_address)
        memory = []
        for _ in range(QUARTERS):
            asyncio.run(storm(server.port, seconds / QUARTERS))
            memory.append(round(server.memory(), 1))
        server.stop()
    return {
        "name": f"恶意字节 {seconds} 秒，接收进程的内存（每四分之一时段末）",
        "mib": memory,
        "growth_of_the_second_half_mib": round(memory[-1] - memory[QUARTERS // 2 - 1], 1),
        "goal": GOAL_MEMORY,
    }


def judging(units: int) -> dict[str, object]:
    with tempfile.TemporaryDirectory(prefix="gongchou-bench-") as place:
        folder = Path(place) / "quarter"
        simulate(UNSEEN_SEED, "2026Q2", folder, units=units)
        begun = time.process_time()
        found = judge_folder(folder)
        took = time.process_time() - begun
    cases = found["cases"]
    return {
        "name": f"{units} 家单位一个季度的数据重放并判断，单核处理器秒数",
        "seconds": round(took, 1),
        "goal": GOAL_JUDGED_SECONDS,
        "frames": found["transport"]["accepted_frames"],
        "recall": found["recall"],
        "decoys_fired": found["decoys_fired"],
        "false_clues_a_subject": found["false_clues_a_subject"],
        "precision_at_capacity": cases["precision_at_capacity"],
        "says": found["says"],
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--frames", type=int, default=60_000)
    parser.add_argument("--lines", type=int, default=2000)
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--hostile", type=int, default=30)
    parser.add_argument("--pause", type=float, default=0, help="seconds between hostile writes")
    parser.add_argument("--units", type=int, default=60, help="of the quarter that is judged")
    args = parser.parse_args()
    found: list[dict[str, object]] = [*reading(args.frames)]
    found.append(keeping(args.lines, args.seconds, ""))
    if address := os.environ.get("GONGCHOU_MONITOR_PG", ""):
        found.append(keeping(args.lines, args.seconds, address))
    found.append(bearing(args.hostile, args.pause))
    found.append(judging(args.units))
    for row in found:
        print(json.dumps(row, ensure_ascii=False))
    OUT.write_text(
        json.dumps([row | {"machine": machine()} for row in found], ensure_ascii=False, indent=1)
    )


if __name__ == "__main__":
    main()
