"""A long roster as bureaus really have it: another encoding, full width, twice the same, bad codes.

    python -m benchmarks.messy 名册.csv --rows 1100000

Every row is fictional. What the file holds is written down while it is made, so that a run of
`gongchou register import subjects 名册.csv --dry-run --json` can be held against it.
"""

import argparse
import csv
import json
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.place import settle
from benchmarks.registers import roster

# One row in so many has this fault; primes, so that they meet in all ways.
PAGE = 997
_WIDE = str.maketrans({chr(n): chr(n + 0xFEE0) for n in range(0x21, 0x7F)})

Spoil = Callable[[list[str]], list[str]]
NAME, CODE, CATEGORY = 0, 1, 3


def changed(place: int, now: Callable[[str], str]) -> Spoil:
    return lambda row: [*row[:place], now(row[place]), *row[place + 1 :]]


# By what a row becomes, what is done to it.
FAULTS: dict[int, tuple[str, Spoil]] = {
    11: ("accepted", changed(CODE, lambda code: code.translate(_WIDE))),
    13: ("accepted", changed(NAME, lambda name: f"\u3000{name}\u200b ")),
    101: ("rejected", changed(CODE, lambda code: code[:-1] + "I")),
    103: ("rejected", changed(CODE, lambda _: "9.19E+17")),
    107: ("rejected", changed(CATEGORY, lambda _: "重点单位吧")),
}


def messy(rows: int, told: Counter[str]) -> Iterator[list[str]]:
    """Rows that count, each with its outcome told; blank lines and headers between the pages."""
    lines = roster(rows)
    header = next(lines)
    yield ["虚构市双随机检查对象名录", *[""] * (len(header) - 1)]
    yield header
    for number, row in enumerate(lines, 1):
        outcome, spoilt = _spoilt(number, row)
        told[outcome] += 1
        yield spoilt
        if number % 89 == 0 and outcome == "accepted":
            told["duplicates"] += 1
            yield spoilt
        if number % PAGE == 0:
            yield [""] * len(header)
            yield header


def _spoilt(number: int, row: list[str]) -> tuple[str, list[str]]:
    outcome = "accepted"
    for every, (becomes, spoil) in FAULTS.items():
        if number % every == 0:
            row = spoil(row)
            outcome = "rejected" if "rejected" in (outcome, becomes) else outcome
    return outcome, row


def write(path: Path, rows: int) -> dict[str, int]:
    """The file in GB18030, and the counts that its import owes."""
    told: Counter[str] = Counter()
    with path.open("w", encoding="gb18030", newline="") as file:
        csv.writer(file).writerows(messy(rows, told))
    return {"rows": sum(told.values()), **told}


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("path", type=Path)
    parser.add_argument("--rows", type=int, default=1_100_000)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settle(folder)
        print(json.dumps(write(args.path, args.rows)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
