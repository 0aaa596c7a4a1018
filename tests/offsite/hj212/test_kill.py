"""The receiver is killed under load: what it answered is there, and once."""

import asyncio
import signal
import socket
import subprocess
import sys
from collections import Counter
from pathlib import Path

from gongchou.offsite.hj212.sqlite_store import SqliteStore
from tests.core.hj212.frames import wired
from tests.offsite.hj212.test_listener import apart

ROOT = Path(__file__).resolve().parents[3]
LINES, FRAMES, KILLS = 12, 120, 3


def frame(line: int, number: int) -> bytes:
    """A minute of one station, of which no other frame tells."""
    moment = f"20260401{number // 60:02}{number % 60:02}00"
    body = f"DataTime={moment};a21026-Avg={number}.5,a21026-Flag=N"
    head = f"QN={moment}{line:03};ST=31;CN=2051;PW=123456;MN=88888880{line:06};Flag=5"
    return wired(f"{head};CP=&&{body}&&")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Receiver:
    """The process, started again after each kill."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "tests.offsite.hj212.receiver_process"]
        self.process = subprocess.Popen(
            [*command, str(self.folder), str(self.port)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout.readline() == "ready\n"

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


async def device(receiver: Receiver, line: int, answered: Counter[int]) -> None:
    """Sends one minute after another; without an answer the same again, as devices do."""
    number, reader, writer = 0, None, None
    while number < FRAMES:
        try:
            if writer is None:
                reader, writer = await asyncio.open_connection("127.0.0.1", receiver.port)
            writer.write(frame(line, number))
            answer = await asyncio.wait_for(reader.readuntil(b"\n"), 20)
        except (OSError, asyncio.IncompleteReadError, TimeoutError):
            writer = None
            await asyncio.sleep(0.05)
            continue
        if b"CN=9014" in answer:
            answered[line] += 1
            number += 1
    writer.close()


async def day(receiver: Receiver) -> Counter[int]:
    answered: Counter[int] = Counter()
    receiver.start()
    devices = [asyncio.create_task(device(receiver, n, answered)) for n in range(LINES)]
    for share in range(1, KILLS + 1):
        while sum(answered.values()) < share * LINES * FRAMES // (KILLS + 1):
            await asyncio.sleep(0.01)
        receiver.kill()
        receiver.start()
    await asyncio.gather(*devices)
    receiver.kill()
    return answered


def test_what_was_answered_before_a_kill_is_there_once_and_whole(tmp_path):
    answered = apart(day(Receiver(tmp_path)))
    assert set(answered.values()) == {FRAMES}
    store = SqliteStore(tmp_path / "monitors.sqlite3")
    for line in range(LINES):
        rows = store.readings(f"88888880{line:06}", "2051", "20260401000000", "20260402000000")
        values = [row.values["Avg"] for row in rows]
        assert values == [f"{number}.5" for number in range(FRAMES)]
    assert store.quarantine(1) == []
    store.close()
