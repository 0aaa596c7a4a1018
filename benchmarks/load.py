"""F8: a hundred officers in the field, twenty in the office and the public, all at once.

    python -m benchmarks.load [--seconds N]

A server of its own on the loopback, started as in service. Everybody comes from an address of the
own, waits between two acts as people do, and opens a new line for each request. Every answer is
timed until its last byte; anything but success is an error. Writes `load.json`.
"""

import argparse
import asyncio
import json
import os
import random
import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from urllib.parse import quote

from benchmarks.flood import CODE, free_port, server
from benchmarks.flood import build as build_office
from benchmarks.place import AT, TODAY, empty_house, machine

OUT = Path("load.json")
OFFICERS, CLERKS, CITIZENS_A_SECOND = 100, 20, 50
FIELD_PAUSE, OFFICE_PAUSE, WARMING = 6.0, 2.0, 5.0
# A phone sends each answer as it is given; it fetches its visits when it is opened and when the
# line comes back, here once a minute.
ACTS_A_FETCH = 10
READ_GOAL, WRITE_GOAL, WORST_GOAL = 0.3, 0.5, 1.5
OFFICE_PAGES = ("/", "/register/", "/plan/", "/visits/", "/publish/", "/statistics/")
PUBLIC_PAGES = ("/open/", "/open/results/", "/open/results/?page=2", "/open/draws/")
FIRST = "长口令-not-secret-1"
# Typed questions are rationed for all the public together; so many pages are read for each.
SEARCH, PAGES_A_SEARCH = f"/open/results/?q={quote('演示企业')}", 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """Who comes: the sessions of the office, and each phone's token with its sealed acts."""

    sessions: tuple[str, ...]
    phones: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`status` 0 is a line that broke."""

    is_write: bool
    path: str
    status: int
    seconds: float


def build(seconds: float) -> Crowd:
    """The bureau of the flood, with a hundred officers, a visit and a phone each."""
    session = build_office()
    acts = int(seconds / FIELD_PAUSE) + 2
    return Crowd(sessions=(session,) * CLERKS, phones=tuple(_phones(acts)))


def _phones(acts: int) -> Iterator[tuple[str, tuple[str, ...]]]:
    from django.conf import settings

    from gongchou.core.record import RecordBody
    from gongchou.inspection import reads
    from gongchou.web import clock
    from tests.inspection.phone import record_json, take_phone

    settings.ALLOWED_HOSTS = ["testserver"]
    for login, visit in _visits():
        phone = take_phone(login)
        phone.do("arrive", visit, {"arrived_at": clock.now().isoformat()})
        record = record_json(RecordBody(started_at=reads.visit(visit).started_at))
        sealed = [
            phone.sealed_act("save", visit, {"record": record | {"opinion": f"第 {n} 次记下"}})
            for n in range(acts)
        ]
        sent = {"sent_at": clock.now().isoformat()}
        yield phone.token, tuple(json.dumps(sent | {"operations": [act]}) for act in sealed)


def _visits() -> Iterator[tuple[str, str]]:
    from gongchou.accounts import actions as accounts
    from gongchou.accounts import reads
    from gongchou.accounts.models import User
    from gongchou.core.powers import console
    from gongchou.core.terms import ImportKind, Role
    from gongchou.inspection import actions
    from gongchou.registry import actions as registry
    from gongchou.registry import reads as registers
    from tests.inspection.people import ITEMS, STAFF, CaseVisitDraft
    from tests.registry.test_import import csv, take

    root = console(CODE, "bench")
    chen, lin = (reads.actor_of(User.objects.get(login=n).ref, TODAY) for n in ("a", "b"))
    accounts.create_unit(CODE, "zd", "执法大队", by=root, at=AT)
    staff = [f"检查员{n},zd,officer{n},虚{n:04},是,2030-12-31,在岗" for n in range(OFFICERS + 1)]
    item = "PERMIT,排污许可,zd,持证排污,一般检查事项,虚构条例第十四条,证照齐全有效,"
    take(ImportKind.INSPECTORS, csv(*staff, header=STAFF), chen)
    take(ImportKind.ITEMS, csv(item, header=ITEMS), chen)
    for row in registers.item_lists(CODE):
        registry.approve_item_list(row.ref, on=TODAY, by=lin, at=AT)
    names = {row.name: row.ref for row in registers.inspectors(CODE, TODAY)}
    subjects = [row.ref for row in registers.subjects(CODE, TODAY).rows]
    for n in range(1, OFFICERS + 1):
        ref = accounts.create_user(f"officer{n}", f"检查员{n}", password=FIRST, by=root, at=AT)
        accounts.grant_role(ref, Role.INSPECTOR, since=TODAY, by=root, at=AT)
        draft = CaseVisitDraft(
            subject=subjects[n % len(subjects)],
            ground="虚构的举报",
            inspectors=(names[f"检查员{n}"], names["检查员0"]),
            planned_on=TODAY,
        )
        yield f"officer{n}", actions.open_case_visit(draft, by=chen, at=AT)


@dataclass(slots=True)
class Door:
    """Where everybody comes, and what was answered since the warming."""

    port: int
    until: float
    from_: float
    answers: list[Answer]

    async def ask(self, path: str, address: str, header: str = "", body: str | None = None) -> None:
        begun = time.perf_counter()
        try:
            status = await self._status(path, address, header, body)
        except (OSError, ValueError, IndexError, TimeoutError):
            status = 0
        if begun >= self.from_:
            taken = time.perf_counter() - begun
            self.answers.append(
                Answer(is_write=body is not None, path=path, status=status, seconds=taken)
            )

    async def _status(self, path: str, address: str, header: str, body: str | None) -> int:
        line = asyncio.open_connection("127.0.0.1", self.port, local_addr=(address, 0))
        reader, writer = await asyncio.wait_for(line, 30)
        content = (body or "").encode()
        kind = f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n"
        head = f"{'GET' if body is None else 'POST'} {path} HTTP/1.1\r\nHost: localhost\r\n"
        head += f"Connection: close\r\n{header}{kind if body is not None else ''}\r\n"
        writer.write(head.encode() + content)
        whole = await asyncio.wait_for(reader.read(), 30)
        writer.close()
        return int(whole.split(b" ", 2)[1])

    @property
    def is_open(self) -> bool:
        return time.perf_counter() < self.until


async def officer(door: Door, number: int, token: str, acts: tuple[str, ...]) -> None:
    chance, header = random.Random(number), f"Authorization: Field {token}\r\n"
    address = f"127.1.0.{number + 1}"
    await asyncio.sleep(chance.uniform(0, FIELD_PAUSE))
    for count, act in enumerate(acts, start=number):
        if not door.is_open:
            return
        if count % ACTS_A_FETCH == 0:
            await door.ask("/field/api/visits", address, header)
        await door.ask("/field/api/operations", address, header, act)
        await asyncio.sleep(FIELD_PAUSE)


async def clerk(door: Door, number: int, session: str) -> None:
    chance = random.Random(1000 + number)
    while door.is_open:
        await asyncio.sleep(chance.uniform(0, 2 * OFFICE_PAUSE))
        cookie = f"Cookie: sessionid={session}\r\n"
        await door.ask(chance.choice(OFFICE_PAGES), f"127.2.0.{number + 1}", cookie)


async def public(door: Door, begun: float) -> None:
    chance, coming, number = random.Random(2000), set(), 0
    while door.is_open:
        address = f"127.3.{number // 250 % 250}.{1 + number % 250}"
        path = chance.choice(PUBLIC_PAGES) if number % PAGES_A_SEARCH else SEARCH
        coming.add(asyncio.create_task(door.ask(path, address)))
        number += 1
        await asyncio.sleep(max(0.0, begun + number / CITIZENS_A_SECOND - time.perf_counter()))
    await asyncio.gather(*coming)


def come(port: int, crowd: Crowd, seconds: float) -> list[Answer]:
    """Everybody, in a process of its own."""

    async def everybody() -> list[Answer]:
        begun = time.perf_counter()
        door = Door(port=port, from_=begun + WARMING, until=begun + WARMING + seconds, answers=[])
        await asyncio.gather(
            public(door, begun),
            *(officer(door, n, *phone) for n, phone in enumerate(crowd.phones)),
            *(clerk(door, n, session) for n, session in enumerate(crowd.sessions)),
        )
        return door.answers

    return asyncio.run(everybody())


def memory(parent: int) -> float:
    """MiB that the server's processes hold together."""
    held = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            told = dict(line.split(":", 1) for line in status.read_text().splitlines())
        except OSError:
            continue
        if str(parent) in (told["Pid"].strip(), told["PPid"].strip()):
            held += int(told.get("VmRSS", "0").split()[0])
    return round(held / 1024, 1)


def centile(answers: list[Answer], place: int) -> float:
    return statistics.quantiles([one.seconds for one in answers], n=100)[place - 1]


def _each(answers: list[Answer]) -> dict[str, float]:
    by_path: dict[str, list[float]] = {}
    for one in answers:
        by_path.setdefault(one.path.partition("?")[0], []).append(one.seconds)
    return {path: round(statistics.median(all_), 3) for path, all_ in sorted(by_path.items())}


def measure(port: int, parent: int, crowd: Crowd, seconds: float) -> dict[str, Any]:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as beside:
        running = beside.submit(come, port, crowd, seconds)
        time.sleep(WARMING + seconds / 2)
        held = [memory(parent)]
        answers = running.result()
    held.append(memory(parent))
    reads = [one for one in answers if not one.is_write]
    writes = [one for one in answers if one.is_write]
    bad = [f"{one.status} {one.path}" for one in answers if one.status != 200]
    found = {
        "read_p95": round(centile(reads, 95), 3),
        "write_p95": round(centile(writes, 95), 3),
        "p99": round(centile(answers, 99), 3),
    }
    goals = {"read_p95": READ_GOAL, "write_p95": WRITE_GOAL, "p99": WORST_GOAL}
    return {
        "name": f"{OFFICERS} 人在现场、{CLERKS} 人在办公室、每秒 {CITIZENS_A_SECOND} 次公众访问",
        "seconds": seconds,
        "answers": len(answers),
        "writes": len(writes),
        "errors": len(bad),
        "first_errors": sorted(set(bad))[:5],
        "memory_mib_half_way_and_after": held,
        **found,
        "p50_of_each_path": _each(answers),
        "goals": goals,
        "met": not bad and all(found[name] < goal for name, goal in goals.items()),
        "machine": machine(),
    }


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=60)
    seconds = min(1800, max(5, parser.parse_args().seconds))
    with empty_house():
        os.environ["GONGCHOU_LOG_LEVEL"] = "ERROR"
        crowd, port = build(seconds + WARMING), free_port()
        with server(port) as parent:
            found = measure(port, parent, crowd, seconds)
    OUT.write_text(json.dumps([found], ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(json.dumps(found, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
