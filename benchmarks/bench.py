"""Benchmarks against baselines that anybody knows: prints a table and writes `bench.json`.

    python -m benchmarks.bench [--runs N]

Every number is the median of the runs. A baseline does less than the product on purpose: it shows
what the guarantees cost.
"""

import argparse
import csv
import io
import json
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.place import AT, TODAY, empty_house, machine

OUT = Path("bench.json")
ROWS, SITES, DRAWN, RECORD = 1000, 10_000, 500, 2000


def median(runs: int, act: Callable[[int], object]) -> float:
    taken = []
    for number in range(runs):
        begun = time.perf_counter()
        act(number)
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken)


def entry(name: str, ours: float, baseline: float, against: str, runs: int) -> dict[str, Any]:
    return {
        "name": name,
        "ours": round(ours, 6),
        "baseline": round(baseline, 6),
        "baseline_name": against,
        "ratio": round(ours / baseline, 1),
        "unit": "s",
        "runs": runs,
        "machine": machine(),
    }


def imports(runs: int) -> dict[str, Any]:
    from gongchou.accounts import actions as accounts
    from gongchou.core.powers import console
    from gongchou.core.terms import BureauLevel, ImportKind
    from gongchou.registry import actions as registry
    from tests.registry.test_import import HEADER, line

    def take(number: int) -> None:
        by = console(f"9902{number:02}", "bench")
        accounts.create_bureau(by.bureau, "测量用", level=BureauLevel.DISTRICT, by=by, at=AT)
        content = "\n".join([HEADER, *(line(n) for n in range(ROWS))]).encode()
        registry.import_file(ImportKind.SUBJECTS, content, "rows.csv", on=TODAY, by=by, at=AT)

    text = "\n".join([HEADER, *(line(n) for n in range(ROWS))])
    bare = median(runs, lambda _: list(csv.reader(io.StringIO(text))))
    name = f"导入 {ROWS} 家检查对象（逐格核对、写入、留痕）"
    return entry(name, median(runs, take), bare, "只用 csv 读一遍", runs)


def tickets(runs: int) -> list[dict[str, Any]]:
    import pysqlite3

    from gongchou.core.canon import hash_of
    from gongchou.core.draw import ranked, ticketer

    pids = [f"{n:022x}" for n in range(SITES)]

    def ours(number: int) -> object:
        ticket = ticketer(hash_of("sha256"), number.to_bytes(32, "big"), "G")
        return ranked(ticket, pids)[:DRAWN]

    database = pysqlite3.connect(":memory:")
    database.execute("CREATE TABLE site (pid TEXT)")
    database.executemany("INSERT INTO site VALUES (?)", [(pid,) for pid in pids])
    by_random = f"SELECT pid FROM site ORDER BY random() LIMIT {DRAWN}"
    taken = median(runs, ours)
    sampled = median(runs, lambda n: random.Random(n).sample(pids, DRAWN))
    ordered = median(runs, lambda _: database.execute(by_random).fetchall())
    name = f"从 {SITES} 家中抽 {DRAWN} 家（抽签号可由任何人重算）"
    return [
        entry(name, taken, sampled, "random.sample（不可重算）", runs),
        entry(name, taken, ordered, "ORDER BY random()（不可重算）", runs),
    ]


def teams(runs: int) -> dict[str, Any]:
    from gongchou.core.draw import outcome_of_seed
    from tests.core.draw_samples import make_announcement, make_reveals, make_rosters

    rosters = make_rosters(n=RECORD)
    announcement = make_announcement(rosters, make_reveals())
    drawn = [row.pid for row in rosters.subjects][: RECORD // 7]
    people = [person.iid for person in rosters.inspectors]

    def round_robin(_: int) -> object:
        return [(pid, people[n % 6], people[(n + 1) % 6]) for n, pid in enumerate(drawn)]

    ours = median(runs, lambda n: outcome_of_seed(announcement, rosters, n.to_bytes(32, "big")))
    name = f"从 {RECORD} 家中抽取并组成检查组（回避、专长、均衡逐条满足）"
    return entry(name, ours, median(runs, round_robin), "按名单次序轮流搭配（不回避）", runs)


def verification(runs: int) -> dict[str, Any]:
    from gongchou.core.draw_record import is_valid, verify
    from tests.core.draw_samples import make_record

    body = json.dumps(make_record(n=RECORD)).encode()
    path = Path(__file__).parents[1] / "verifier" / "verify_draw.py"

    def alone(_: int) -> None:
        command = [sys.executable, "-I", str(path), "/dev/stdin"]
        subprocess.run(command, input=body, check=True, stdout=subprocess.DEVNULL)

    def own(_: int) -> None:
        assert is_valid(verify(body))

    name = f"核验 {RECORD} 家的抽取记录（独立验证器，含启动）"
    return entry(name, median(runs, alone), median(runs, own), "产品自己的核验", runs)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    with empty_house():
        found = [imports(min(runs, 3)), *tickets(runs), teams(runs), verification(runs)]
    OUT.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")
    for row in found:
        print(f"{row['name']}：{row['ours']} s；{row['baseline_name']}：{row['baseline']} s")
    print(f"{machine()}；写入 {OUT}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
