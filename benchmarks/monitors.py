"""The receiver of monitors: reading and keeping, and judging, in one run: `monitors.json`.

    python -m benchmarks.monitors [--frames N] [--lines N] [--seconds N] [--units N]

Reading is measured against the same parser with a check sum by table, the common way. Keeping is a
receiver in a process of its own on the loopback address with devices that wait for each answer,
on SQLite and, where `GONGCHOU_MONITOR_PG` names a server, on PostgreSQL; every answered row is
counted afterwards. Judging is a made-up quarter of so many units replayed from its bytes and judged
by every rule, with the score against its truth, which proves the code only. What the receiver bears
is measured by `benchmarks.hostile`.
"""

import argparse
import asyncio
import json
import os
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import quantiles

from benchmarks.place import machine
from benchmarks.receiver import FACTORS, Server, packet
from gongchou.core.hj212 import crc as crc_module
from gongchou.core.hj212 import framing
from gongchou.core.hj212.framing import Framer
from gongchou.offsite.simulator.judged import judge_folder
from gongchou.offsite.simulator.writing import simulate

OUT = Path("monitors.json")
GOAL_JUDGED_SECONDS, UNSEEN_SEED = 600, 6
# More than any receiver keeps in a second; packets are made for so many.
MOST_KEPT = 20_000
GOAL_READ, GOAL_KEPT, GOAL_ROWS, GOAL_MEMORY, GOAL_ANSWER = 40_000, 8_000, 55_000, 300, 1.0


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
    parser.add_argument("--units", type=int, default=60, help="of the quarter that is judged")
    args = parser.parse_args()
    found: list[dict[str, object]] = [*reading(args.frames)]
    found.append(keeping(args.lines, args.seconds, ""))
    if address := os.environ.get("GONGCHOU_MONITOR_PG", ""):
        found.append(keeping(args.lines, args.seconds, address))
    found.append(judging(args.units))
    for row in found:
        print(json.dumps(row, ensure_ascii=False))
    OUT.write_text(
        json.dumps([row | {"machine": machine()} for row in found], ensure_ascii=False, indent=1)
    )


if __name__ == "__main__":
    main()
