"""The reliability figures: prints a table and writes `figures.json`.

    python -m benchmarks.figures [--short] [--postgresql] [--seed N]

With `--postgresql` only what a database could answer otherwise, on PostgreSQL, into
`figures-postgresql.json`. Exit status 1 where a figure misses its target that it is known to reach.
What the product does not do yet stays in the table as not met.
"""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

from benchmarks import draws, fieldday, races, records, tamper, tamper_rows, tamper_two
from benchmarks.place import empty_house, machine
from benchmarks.result import Figure
from tests.with_postgresql import postgresql

SHORT = {
    "races": 4, "presses": 20, "rounds": 2, "draws": 12, "visits": 2, "photos": 3, "kills": 2,
}  # fmt: skip
WHOLE = {
    "races": 25, "presses": 500, "rounds": 20, "draws": 200, "visits": 10, "photos": 15,
    "kills": 10,
}  # fmt: skip


def in_database(size: dict[str, int], seed: int) -> Iterator[Figure]:
    """What a database must hold, whichever it is."""
    yield from races.figure(races=size["races"], seed=seed)
    yield from tamper.figure(rounds=size["rounds"], seed=seed)
    yield from tamper_rows.figure(seed=seed)
    yield from tamper_two.figure(seed=seed)
    yield from draws.presses(rounds=size["presses"], seed=seed)
    if size is WHOLE:
        yield from draws.threats(seed=seed)


def outside_it(size: dict[str, int], seed: int) -> Iterator[Figure]:
    yield from records.figure(draws=size["draws"], seed=seed)
    yield from fieldday.figure(
        visits=size["visits"], photos=size["photos"], kills=size["kills"], seed=seed
    )


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--seed", type=int, default=20260105)
    args = parser.parse_args()
    size = SHORT if args.short else WHOLE
    if args.postgresql:
        with postgresql() as url, empty_house(url):
            found = list(in_database(size, args.seed))
            return reported(found, Path("figures-postgresql.json"), args.seed)
    with empty_house():
        found = [*in_database(size, args.seed), *outside_it(size, args.seed)]
        return reported(found, Path("figures.json"), args.seed)


def reported(found: list[Figure], out: Path, seed: int) -> int:
    plain = [{**row.plain(), "detail": f"{row.detail}{machine()}。"} for row in found]
    out.write_text(json.dumps(plain, ensure_ascii=False, indent=1) + "\n", "utf-8")
    for row in found:
        mark = "达到" if row.met else ("未达到（已知）" if row.is_known_gap else "未达到")
        print(f"{row.id:<12}{mark}  {row.name}：{row.value}（目标：{row.target}）")
    print(f"{machine()}；种子 {seed}；写入 {out}")
    return int(any(not row.met and not row.is_known_gap for row in found))


if __name__ == "__main__":
    raise SystemExit(main())
