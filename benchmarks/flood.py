"""T13: 50 requests a second at the public door; the back office must not slow by more than 20 %.

    python -m benchmarks.flood [--slices N]

A server of its own on the loopback, in a house of its own. Quiet and flooded slices follow each
other, so that whatever else the machine does falls on both. The flood comes from many addresses of
the loopback and asks what scrapers ask: pages in a row, guessed numbers, long searches. Its number
and its time are bounded. Writes `flood.json`.
"""

import argparse
import http.client
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from urllib.parse import quote

from benchmarks.place import AT, TODAY, empty_house, machine

OUT = Path("flood.json")
RATE, SECONDS, SITES, RESULTS, TARGET = 50, 6, 1000, 400, 1.2
STREAMS = 10
OFFICE_PAGES = ("/register/", "/plan/", "/")
CODE = "990173"


def build() -> str:
    """A bureau with a register, published results and a signed-in officer; returns the session."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from gongchou.accounts import actions as accounts
    from gongchou.accounts import reads
    from gongchou.accounts.models import User
    from gongchou.core.powers import console
    from gongchou.core.terms import BureauLevel, ImportKind, Role
    from gongchou.registry import actions as registry
    from tests.registry.test_import import HEADER, line

    root = console(CODE, "bench")
    accounts.create_bureau(CODE, "测量用", level=BureauLevel.DISTRICT, by=root, at=AT)
    people = {}
    for login, role in (("a", Role.OFFICE), ("b", Role.LEADER), ("c", Role.PUBLISHER)):
        ref = accounts.create_user(login, login, password="长口令-not-secret-1", by=root, at=AT)
        accounts.grant_role(ref, role, since=TODAY, by=root, at=AT)
        people[login] = reads.actor_of(ref, TODAY)
    text = "\n".join([HEADER, *(line(n) for n in range(SITES))])
    registry.import_file(
        ImportKind.SUBJECTS, text.encode(), "rows.csv", on=TODAY, by=people["a"], at=AT
    )
    publish(people)
    User.objects.update(must_change_password=False)
    user, session = User.objects.get(ref=people["a"].ref), SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def publish(people: dict[str, Any]) -> None:
    from gongchou.core.terms import PublicationKind
    from gongchou.publication import actions
    from gongchou.publication import reads as public
    from gongchou.publication.actions.propose import propose_draft
    from gongchou.publication.gathering import Draft, Line, head
    from tests.publication.conftest import row

    for batch in range(0, RESULTS, 100):
        rows = [row(n, subject=f"演示企业第{batch + n:03}厂") for n in range(1, 101)]
        lines = tuple(
            Line(
                visit=f"V{batch + n}", number=n, ended_on=TODAY,
                deadline_on=date(2026, 2, 2), is_provisional=False,
            )
            for n in range(1, 101)
        )  # fmt: skip
        title = f"抽查结果公示表（第 {batch // 100 + 1} 批）"
        draft = Draft(
            kind=PublicationKind.RESULT_NOTICE, source=f"bench:{batch}", title=title,
            quarter="2026Q1", original=head(CODE, title, "2026Q1") | {"rows": rows}, lines=lines,
        )  # fmt: skip
        ref = propose_draft(draft, by=people["a"], at=AT)
        actions.approve(ref, digest=public.document(ref).digest, by=people["b"], at=AT)
        actions.publish(ref, by=people["c"], at=AT)


def free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


@contextmanager
def server(port: int) -> Iterator[int]:
    """The number of its first process, once it answers."""
    command = [sys.executable, "-m", "gongchou.config.cli", "serve", "--port", str(port)]
    running = subprocess.Popen(command, env=os.environ, stdout=subprocess.DEVNULL)
    try:
        _wait(port)
        yield running.pid
    finally:
        running.terminate()
        running.wait(timeout=60)


def _wait(port: int) -> None:
    for _ in range(600):
        try:
            if ask(port, "/healthz")[0] == 200:
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise SystemExit("服务在一分钟内没有启动，没有测量。")


def ask(port: int, path: str, *, cookie: str = "", address: str = "127.0.0.1") -> tuple[int, float]:
    """The status of an answer, and the seconds until the whole of it was there."""
    begun = time.perf_counter()
    line = http.client.HTTPConnection("127.0.0.1", port, 30, source_address=(address, 0))
    try:
        line.request("GET", path, headers={"Cookie": f"sessionid={cookie}"} if cookie else {})
        answer = line.getresponse()
        answer.read()
        return answer.status, time.perf_counter() - begun
    finally:
        line.close()


def wanted(chance: random.Random) -> str:
    """What a scraper asks next."""
    match chance.randrange(5):
        case 0:
            return "/open/"
        case 1:
            return f"/open/results/?page={chance.randrange(1, 60)}"
        case 2:
            return f"/open/results/G{CODE}-{chance.randrange(99999):05}/{chance.randrange(99)}/"
        case 3:
            return f"/open/documents/G{CODE}-{chance.randrange(1, 9):05}/"
        case _:
            return f"/open/results/?q={quote('演' * chance.randrange(1, 200))}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flooded:
    """What the door answered to so many requests a second from many addresses."""

    statuses: Counter[int]
    slowest: float


def flood(port: int, seed: int, seconds: float) -> Flooded:
    """In a process of its own, so that it takes nothing from the clock that watches the office."""
    begun, chance = time.perf_counter(), random.Random(seed)
    paths = [wanted(chance) for _ in range(int(RATE * seconds))]
    with ThreadPoolExecutor(STREAMS) as streams:
        answers = list(
            streams.map(lambda number: one(port, begun, number, paths[number]), range(len(paths)))
        )
    return Flooded(
        statuses=Counter(status for status, _ in answers),
        slowest=max(taken for _, taken in answers),
    )


def one(port: int, begun: float, number: int, path: str) -> tuple[int, float]:
    time.sleep(max(0.0, begun + number / RATE - time.perf_counter()))
    try:
        return ask(port, path, address=f"127.0.{1 + number % 50}.{1 + number % 200}")
    except OSError:
        return 0, 0.0


def office(port: int, session: str, seconds: float) -> list[float]:
    """How long the pages of an officer took, one after the other."""
    taken, number, end = [], 0, time.perf_counter() + seconds
    while time.perf_counter() < end:
        status, spent = ask(port, OFFICE_PAGES[number % len(OFFICE_PAGES)], cookie=session)
        if status != 200:
            raise SystemExit(f"后台页面回答 {status}，没有测量。")
        taken.append(spent)
        number += 1
        time.sleep(0.05)
    return taken


def p95(taken: list[float]) -> float:
    return statistics.quantiles(taken, n=20)[-1]


def measure(port: int, session: str, slices: int) -> dict[str, Any]:
    quiet: list[float] = []
    flooded: list[float] = []
    statuses: Counter[int] = Counter()
    slowest = 0.0
    office(port, session, 1)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as beside:
        beside.submit(flood, port, 0, 1).result()
        for number in range(slices):
            quiet += office(port, session, SECONDS)
            running = beside.submit(flood, port, number + 1, SECONDS)
            flooded += office(port, session, SECONDS)
            found = running.result()
            statuses, slowest = statuses + found.statuses, max(slowest, found.slowest)
    ratio = p95(flooded) / p95(quiet)
    return {
        "name": f"公众门户每秒 {RATE} 次请求时，后台页面的 95 分位",
        "ours": round(p95(flooded), 4),
        "baseline": round(p95(quiet), 4),
        "baseline_name": "没有请求涌入时",
        "ratio": round(ratio, 2),
        "target": TARGET,
        "met": ratio <= TARGET,
        "unit": "s",
        "runs": len(flooded),
        "statuses": {str(status): count for status, count in sorted(statuses.items())},
        "slowest_public": round(slowest, 3),
        "machine": machine(),
    }


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--slices", type=int, default=4)
    slices = min(20, max(1, parser.parse_args().slices))
    with empty_house():
        session, port = build(), free_port()
        with server(port):
            found = measure(port, session, slices)
    OUT.write_text(json.dumps([found], ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(f"{found['name']}：{found['ours']} s；{found['baseline_name']}：{found['baseline']} s；")
    print(f"比值 {found['ratio']}（目标不超过 {TARGET}），门户回答 {found['statuses']}")
    print(f"{machine()}；写入 {OUT}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
