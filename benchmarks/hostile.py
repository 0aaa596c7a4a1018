"""Hostile bytes at a real receiver; its memory must stay flat: `hostile.json`.

    python -m benchmarks.hostile [--seconds 3600] [--lines 2000] [--pause 3] [--every 10]

The lines come from many addresses of the loopback. Some say nothing, some send a byte now and
then, some pour rubbish: noise, frames cut off, lengths that are not true, sums that are wrong or
right over names nobody knows. Beside them one good device sends and waits for its answer. Memory,
open files and that answer are looked at every so many seconds, after a tenth of the time to warm
up.
"""

import argparse
import asyncio
import contextlib
import json
import random
import resource
import socket
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import fmean

from benchmarks.place import machine
from benchmarks.receiver import Server, packet
from gongchou.core.hj212.answers import frame
from gongchou.offsite.hj212.limits import Limits

OUT = Path("hostile.json")
HOUR, LINES, PAUSE, EVERY = 3600, 2000, 3.0, 10
LONGEST_WAIT = 60
GOAL_GROWTH_MIB, GOAL_MEMORY, GOAL_ANSWER = 10, 300, 1.0
# More lines than one address may have are turned away at once, which would prove nothing.
LINES_AN_ADDRESS = 200
NO_LINGERING = b"\x01\x00\x00\x00\x00\x00\x00\x00"


def strange_names(chance: random.Random) -> bytes:
    """A frame with a right sum and hundreds of names that come once and never again."""
    pairs = (f"{chance.randrange(1 << 24):06x}-Avg=1" for _ in range(chance.randrange(1, 600)))
    head = "QN=20260401000000000;ST=31;CN=2051;PW=123456;MN=UNKNOWN0000001;Flag=5"
    return frame(f"{head};CP=&&DataTime=20260401000000;{';'.join(pairs)}&&")


def cut_off(chance: random.Random) -> bytes:
    whole = packet(1, chance.randrange(1000))
    return whole[: chance.randrange(1, len(whole))]


RUBBISH: tuple[Callable[[random.Random], bytes], ...] = (
    lambda chance: chance.randbytes(4096),
    lambda chance: b"##9999" + b"x" * 3000,
    lambda chance: b"##%04d" % chance.randrange(10_000) + chance.randbytes(700),
    lambda chance: b"#" * 4096,
    lambda chance: b"##0000" * 600,
    lambda chance: b"##0004junkFFFF\r\n" * 50,
    lambda chance: b"##0900QN=1;MN=A0000001;CP=&&{" + b"0x00," * 800,
    lambda chance: packet(1, chance.randrange(1000))[:-6] + b"0000\r\n",
    lambda chance: packet(1, chance.randrange(1000)),
    lambda chance: packet(3000, chance.randrange(1000)),
    cut_off,
    strange_names,
)


async def pour(writer: asyncio.StreamWriter, chance: random.Random, pause: float) -> None:
    for _ in range(chance.randrange(1, 200)):
        writer.write(chance.choice(RUBBISH)(chance))
        await writer.drain()
        await asyncio.sleep(pause * 2 * chance.random())


async def drip(writer: asyncio.StreamWriter, chance: random.Random, pause: float) -> None:
    for byte in packet(1, chance.randrange(1000)):
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(pause * 5 * chance.random())


async def be_silent(writer: asyncio.StreamWriter, chance: random.Random, pause: float) -> None:
    """Says nothing, and is gone without a word."""
    await asyncio.sleep(pause * 100 * chance.random())
    held = writer.get_extra_info("socket")
    held.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGERING)


# Of ten lines five pour, three drip and two are silent.
MANNERS = (pour, pour, pour, pour, pour, drip, drip, drip, be_silent, be_silent)


async def one_line(port: int, number: int, until: float, pause: float) -> None:
    chance, manner = random.Random(number), MANNERS[number % len(MANNERS)]
    address = f"127.1.0.{1 + number // LINES_AN_ADDRESS}"
    await asyncio.sleep(number / 1000)
    while time.monotonic() < until:
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(address, 0))
            try:
                async with asyncio.timeout(max(0.1, until - time.monotonic())):
                    await manner(writer, chance, pause)
            except TimeoutError:
                break
            finally:
                writer.close()
        await asyncio.sleep(pause * chance.random())


async def good_answer(port: int, number: int) -> float:
    """How long a known device waits for its answer; a minute if it waits in vain."""
    begun = time.perf_counter()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(LONGEST_WAIT):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(packet(2, number))
            await reader.readuntil(b"CN=9014")
            writer.close()
    return time.perf_counter() - begun


async def watched(server: Server, until: float, every: float) -> list[tuple[float, int, float]]:
    """Memory in MiB, open files, and the seconds a good device waited, time after time."""
    seen = []
    while time.monotonic() < until:
        await asyncio.sleep(min(every, max(0.1, until - time.monotonic())))
        answer = await good_answer(server.port, len(seen))
        seen.append((round(server.memory(), 1), server.files(), round(answer, 3)))
    return seen


async def besieged(
    server: Server, seconds: float, lines: int, pause: float, every: float
) -> tuple[list[tuple[float, int, float]], float]:
    """What was seen meanwhile, and how long a good device waited right after."""
    until = time.monotonic() + seconds
    async with asyncio.TaskGroup() as group:
        watching = group.create_task(watched(server, until, every))
        for number in range(lines):
            group.create_task(one_line(server.port, number, until, pause))
    return watching.result(), await good_answer(server.port, 9999)


def bearing(seconds: float, lines: int, pause: float, every: float) -> dict[str, object]:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with tempfile.TemporaryDirectory(prefix="gongchou-bench-") as folder:
        server = Server(Path(folder), "", Limits().connections_an_address)
        try:
            seen, after = asyncio.run(besieged(server, seconds, lines, pause, every))
            disk = sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file())
        finally:
            server.stop()
    memory = [one[0] for one in seen]
    warm = len(memory) // 10
    start, end = fmean(memory[warm : warm + 6]), fmean(memory[-6:])
    return {
        "name": f"恶意字节 {seconds:.0f} 秒、{lines} 条连接，接收进程的内存（MiB）",
        "start_mib": round(start, 1),
        "end_mib": round(end, 1),
        "growth_mib": round(end - start, 1),
        "most_mib": max(memory),
        "files_most": max(one[1] for one in seen),
        "answer_seconds_worst": max(one[2] for one in seen),
        "answer_seconds_after": round(after, 3),
        "disk_mib": round(disk / 2**20, 1),
        "goals": [GOAL_GROWTH_MIB, GOAL_MEMORY, GOAL_ANSWER],
        "is_met": end - start <= GOAL_GROWTH_MIB
        and max(memory) <= GOAL_MEMORY
        and after <= GOAL_ANSWER,
        "samples": seen,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=HOUR)
    parser.add_argument("--lines", type=int, default=LINES)
    parser.add_argument("--pause", type=float, default=PAUSE, help="mean seconds between writes")
    parser.add_argument("--every", type=float, default=EVERY, help="seconds between two looks")
    args = parser.parse_args()
    found = bearing(args.seconds, args.lines, args.pause, args.every)
    print(json.dumps(found | {"samples": len(found["samples"])}, ensure_ascii=False))  # type: ignore[arg-type]
    OUT.write_text(json.dumps(found | {"machine": machine()}, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
