"""The reliability figures: prints a table and writes `figures.json`.

    python -m benchmarks.figures [--short] [--seed N]

Exit status 1 where a figure misses its target that it is known to reach. What the product does not
do yet stays in the table as not met.
"""

import argparse
import json
from pathlib import Path

from benchmarks import fieldday, races, records, tamper, tamper_rows, tamper_two
from benchmarks.place import empty_house, machine

OUT = Path("figures.json")
SHORT = {"races": 4, "rounds": 2, "draws": 12, "visits": 2, "photos": 3, "kills": 2}
WHOLE = {"races": 25, "rounds": 20, "draws": 200, "visits": 10, "photos": 15, "kills": 10}


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--seed", type=int, default=20260105)
    args = parser.parse_args()
    size = SHORT if args.short else WHOLE
    with empty_house():
        found = [
            *races.figure(races=size["races"], seed=args.seed),
            *tamper.figure(rounds=size["rounds"], seed=args.seed),
            *tamper_rows.figure(seed=args.seed),
            *tamper_two.figure(seed=args.seed),
            *records.figure(draws=size["draws"], seed=args.seed),
            *fieldday.figure(
                visits=size["visits"], photos=size["photos"], kills=size["kills"], seed=args.seed
            ),
        ]
    plain = [{**row.plain(), "detail": f"{row.detail}{machine()}。"} for row in found]
    OUT.write_text(json.dumps(plain, ensure_ascii=False, indent=1) + "\n", "utf-8")
    for row in found:
        mark = "达到" if row.met else ("未达到（已知）" if row.is_known_gap else "未达到")
        print(f"{row.id:<12}{mark}  {row.name}：{row.value}（目标：{row.target}）")
    print(f"{machine()}；种子 {args.seed}；写入 {OUT}")
    return int(any(not row.met and not row.is_known_gap for row in found))


if __name__ == "__main__":
    raise SystemExit(main())
