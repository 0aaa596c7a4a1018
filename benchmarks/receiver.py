"""A receiver of monitors in a process of its own, and a device's packet, for the measurements."""

import resource
import socket
import subprocess
import sys
from pathlib import Path

from gongchou.core.hj212.answers import frame

FACTORS = ("a34013", "a21026", "a21002", "a19001", "a01011", "a01012", "a00000")


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

    def files(self) -> int:
        """Open files, one for each line among them."""
        return len(list(Path(f"/proc/{self.process.pid}/fd").iterdir()))

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()
