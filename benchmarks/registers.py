"""Registers at size: import against the bare read, memory of a long file, lists and past days.

    python -m benchmarks.registers [--rows N] [--long N]

Prints one line a measurement and writes `registers.json`. Times are processor time,
that of helpers included.
"""

import argparse
import csv
import io
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF
from typing import Any

from benchmarks.place import AT, TODAY, empty_house, machine

OUT = Path("registers.json")
ROUNDS = 20
CATEGORIES = ("重点管理", "简化管理", *["登记管理"] * 8)
TAGS = (
    "990173",
    "3110",
    "已投产",
    "废气、废水",
    "大",
    "连续",
    "自动监控（废气）、视频",
    "一般",
    "正常",
)
MORE = (
    "排污许可证编号,许可证有效期至,行政区划,行业代码,项目建设情况,排放污染物类型,生产规模,生产周期特点,"
    "监控类型,环境风险等级,生产状态,法定代表人,联系方式,生产经营地址"
)


def roster(count: int, scale: str = "大") -> Iterator[list[str]]:
    """A fictional roster with the columns of a permit export, its header first."""
    from tests.registry.test_import import HEADER, line

    yield [*HEADER.split(","), *MORE.split(",")]
    for n in range(count):
        row = line(n, category=CATEGORIES[n % len(CATEGORIES)]).split(",")
        own = [f"虚构某{n % 1000}", f"000-{n:08}", f"虚构市高新区{n}号"]
        until = f"20{25 + n % 4}-03-01"
        yield [*row[:4], f"第{n % 12}片", row[2], until, *TAGS[:4], scale, *TAGS[5:], *own]


def workbook(count: int, scale: str = "大") -> bytes:
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(roster(count, scale)):
            sheet.write_row(number, 0, row)
    return buffer.getvalue()


def spent() -> float:
    """Processor time of this process and of those it started and saw end."""
    own, others = (resource.getrusage(who) for who in (RUSAGE_SELF, RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime


def taken(act: Callable[[], object]) -> float:
    begun = spent()
    act()
    return spent() - begun


def filled(code: str, content: bytes | Path, name: str, on: date = TODAY) -> Any:
    """A bureau of its own with the roster in its register."""
    from gongchou.accounts import actions as accounts
    from gongchou.accounts import reads as people
    from gongchou.core.powers import console
    from gongchou.core.terms import BureauLevel, ImportKind
    from gongchou.registry import actions

    by = console(code, "bench")
    if code not in {bureau.code for bureau in people.bureaus()}:
        accounts.create_bureau(code, "测量用", level=BureauLevel.DISTRICT, by=by, at=AT)
    return actions.import_file(ImportKind.SUBJECTS, content, name, on=on, by=by, at=AT)


def imported(rows: int) -> dict[str, Any]:
    from python_calamine import CalamineWorkbook

    content = workbook(rows)

    def bare() -> None:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sum(1 for _ in book.get_sheet_by_index(0).iter_rows())

    filled("990200", workbook(10), "rows.xlsx")  # what is loaded once is not the rows' time
    begun = time.perf_counter()
    # By turns, and the least of each: a machine that others use is now fast, now slow.
    turns = [
        (taken(bare), taken(lambda code=code: filled(code, content, "rows.xlsx")))
        for code in ("990201", "990205", "990206")
    ]
    least, ours = (min(times) for times in zip(*turns, strict=True))
    return {
        "name": f"import-{rows}-xlsx",
        "ours_s": round(ours, 2),
        "bare_s": round(least, 2),
        "ratio": round(ours / least, 1),
        "clock_s": round((time.perf_counter() - begun) / len(turns), 2),
    }


def taken_out(code: str, rows: int) -> dict[str, Any]:
    """The register exported and imported again: how many rows changed anything, which is none."""
    from gongchou.core.terms import ImportKind, RowOutcome
    from gongchou.registry import export

    begun = spent()
    file, written = export.workbook(ImportKind.SUBJECTS, code, TODAY)
    exported = round(spent() - begun, 2)
    report = filled(code, file, "again.xlsx")
    return {
        "name": f"export-and-import-{rows}",
        "export_s": exported,
        "again_s": round(spent() - begun - exported, 2),
        "rows": report.rows,
        "not_unchanged": written - report.outcomes[RowOutcome.UNCHANGED],
    }


def pages(code: str, rows: int) -> dict[str, Any]:
    """The list with its choices, page after page, as its view asks for it: p95 of a hundred."""
    from gongchou.registry import reads

    def page(number: int, on: date) -> None:
        reads.filter_choices(code, on)
        reads.subjects(code, on, page=number)

    def measured(on: date) -> tuple[float, float]:
        times = [clocked(lambda n=n: page(n % ROUNDS + 1, on)) for n in range(5 * ROUNDS)]
        return round(times[0], 1), round(statistics.quantiles(times, n=20)[-1], 1)

    first, slow = measured(TODAY)
    return {"name": f"list-page-{rows}", "p95_ms": slow, "first_after_a_change_ms": first}


def gone_through(code: str, rows: int) -> dict[str, Any]:
    """What reads the whole register, asked for the first time after a change."""
    from gongchou.registry import reads

    board, counts = (
        round(taken(lambda ask=ask: ask(code, TODAY)), 2) for ask in (reads.board, reads.statistics)
    )
    return {"name": f"gone-through-{rows}", "board_s": board, "statistics_s": counts}


def clocked(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return (time.perf_counter() - begun) * 1000


def aged(rows: int) -> dict[str, Any]:
    """A register with a version a year for five years, read as of a day in each of them."""
    from gongchou.registry import reads

    code, days = "990204", [TODAY - timedelta(365 * back) for back in range(5, 0, -1)]
    for number, day in enumerate(days):
        filled(code, workbook(rows, scale="大小"[number % 2]), "rows.xlsx", on=day)
    asked = [day + timedelta(100) for day in days] * 4
    times = [
        clocked(lambda n=n, d=d: reads.subjects(code, d, page=n)) for n, d in enumerate(asked, 1)
    ]
    slowest = round(max(times), 1)
    return {"name": f"as-of-5-years-{rows}", "slowest_ms": slowest, "limit_ms": 300}


def grown(rows: int) -> list[dict[str, Any]]:
    """How much memory a long csv takes in a process of its own, and the list of so many."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(roster(rows))
        command = [sys.executable, "-m", "benchmarks.registers", "--only", str(path)]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    found, *others = json.loads(done.stdout)
    return [{"name": f"import-{rows}-csv-memory", **found}, *others]


def peak() -> int:
    """KiB this program needed at most; what its parent had before the start does not count."""
    status = Path("/proc/self/status").read_text("ascii", "replace")
    return int(status.partition("VmHWM:")[2].split()[0])


def only(path: Path) -> None:
    with empty_house():
        filled("990200", workbook(10), "rows.xlsx")
        before, begun = peak(), time.perf_counter()
        report = filled("990203", path, "rows.csv")
        after, seconds = peak(), round(time.perf_counter() - begun)
        listed, through = (ask("990203", report.rows) for ask in (pages, gone_through))
    found = {"before_mib": before // 1024, "peak_mib": after // 1024, "clock_s": seconds}
    print(json.dumps([found, listed, through]))


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--long", type=int, default=1_000_000)
    parser.add_argument("--only", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.only:
        only(args.only)
        return 0
    with empty_house():
        filled("990202", workbook(args.rows // 10), "rows.xlsx")
        small = pages("990202", args.rows // 10)
        found = [small, imported(args.rows), pages("990201", args.rows)]
        found += [taken_out("990201", args.rows), aged(args.rows // 10)]
    memory, large, through = grown(args.long)
    ratio = round(large["p95_ms"] / small["p95_ms"], 1)
    found += [memory, {**large, "ratio_to_small": ratio}, through]
    OUT.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")
    for row in found:
        print(json.dumps(row, ensure_ascii=False))
    print(f"{machine()}；写入 {OUT}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
