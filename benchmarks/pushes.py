"""Rows that other systems push (G1 asks for a million a day): writes `pushes.json`.

    python -m benchmarks.pushes [--batches N] [--rows N]

Each batch comes as a request with its token through everything that stands before the act, into
an SQLite database with 500 sites; then all batches come once more, as from a sender that had no
answer. One row in a thousand of the cameras is worth a look; the patrol car's are a run with two
peaks. One sender, one at a time: a lower bound of what a server takes.
"""

import argparse
import json
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from benchmarks.place import AT, TODAY, empty_house, machine

OUT = Path("pushes.json")
SITES, BUREAU, DAY = 500, "990199", 86_400
GOAL_A_DAY = 1_000_000
CLIP = "cd" * 32


def build() -> str:
    """A bureau with its sites and a camera; returns the secret of the sender's token."""
    from gongchou.accounts import actions as accounts
    from gongchou.core.clue_terms import InletKind
    from gongchou.core.powers import Power, console
    from gongchou.core.terms import BureauLevel, ImportKind
    from gongchou.offsite import actions as offsite
    from gongchou.registry import actions as registry
    from tests.offsite.test_inlets import HEADER, line
    from tests.registry.test_import import uscc

    by = console(BUREAU, "bench")
    accounts.create_bureau(BUREAU, "测量用", level=BureauLevel.DISTRICT, by=by, at=AT)
    places = ((1182000000 + 20000 * n, 396300000) for n in range(SITES))
    content = "\n".join([HEADER, *(line(n, at) for n, at in enumerate(places))]).encode()
    registry.import_file(ImportKind.SUBJECTS, content, "rows.csv", on=TODAY, by=by, at=AT)
    until, powers = TODAY + timedelta(365), frozenset({Power.PUSH_ROWS})
    secret = accounts.create_token("测量", powers, until=until, is_own=False, by=by, at=AT)
    actor = accounts_actor(secret)
    table = [{"来源编号": "1", "摄像头编号": "C1", "统一社会信用代码": uscc(1)}]
    offsite.receive_rows(InletKind.CAMERAS, "测量", table, by=actor, at=AT)
    return secret


def accounts_actor(secret: str) -> Any:
    from gongchou.accounts.tokens import actor_of_secret

    return actor_of_secret(secret, TODAY)


def video(number: int, rows: int) -> list[dict[str, object]]:
    return [
        {
            "来源编号": f"{number}-{n}",
            "摄像头编号": "C1",
            "时间": (AT + timedelta(seconds=number * rows + n)).isoformat(),
            "类别": "黑烟",
            "置信度": 0.9 if n % 1000 == 0 else 0.5,
            "帧数": 9,
            "片段摘要": CLIP,
        }
        for n in range(rows)
    ]


def patrol(number: int, rows: int) -> list[dict[str, object]]:
    return [
        {
            "来源编号": f"{number}-{n}",
            "时间": (AT + timedelta(seconds=5 * (number * rows + n))).isoformat(),
            "经度": f"{118.2 + 0.0001 * (n % (rows // 2)):.6f}",
            "纬度": "39.630000",
            "坐标系": "WGS84",
            "车速": 5,
            "风向": 0,
            "风速": 3,
            "TVOC(µg/m³)": 900 if n % (rows // 2) in range(100, 105) else 100,
        }
        for n in range(rows)
    ]


def sent(
    secret: str, kind: str, batches: list[list[dict[str, object]]]
) -> Iterator[dict[str, Any]]:
    from django.test import Client

    browser, headers = Client(), {"Authorization": f"Bearer {secret}"}
    bodies = [json.dumps({"source": "测量", "rows": rows}) for rows in batches]
    for body in bodies:
        options: Any = {"content_type": "application/json", "headers": headers}
        answer = browser.post(f"/api/v1/inlets/{kind}", body, **options)
        assert answer.status_code == 200, answer.content.decode()[:300]
        yield answer.json()


def measured(secret: str, kind: str, batches: list[list[dict[str, object]]]) -> dict[str, Any]:
    rows = sum(map(len, batches))
    begun = time.perf_counter()
    first = list(sent(secret, kind, batches))
    taken = time.perf_counter() - begun
    again = list(sent(secret, kind, batches))
    assert sum(one["accepted"] for one in first) == rows
    assert sum(one["duplicates"] for one in again) == rows
    rate = rows / taken
    return {
        "kind": kind,
        "rows": rows,
        "rows_a_second": round(rate),
        "rows_a_day": round(rate * DAY),
        "again_rows_a_second": round(rows / (time.perf_counter() - begun - taken)),
        "sightings": sum(one["sightings"] for one in first),
        "is_met": rate * DAY >= GOAL_A_DAY,
    }


def run(batches: int, rows: int) -> list[dict[str, Any]]:
    from django.conf import settings

    settings.IS_THROTTLED, settings.ALLOWED_HOSTS = False, ["*"]
    secret = build()
    makers = (("video", video), ("patrol", patrol))
    return [
        measured(secret, kind, [make(n, rows) for n in range(batches)]) for kind, make in makers
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--batches", type=int, default=20)
    parser.add_argument("--rows", type=int, default=1000)
    options = parser.parse_args()
    with empty_house():
        found = run(options.batches, options.rows)
    for row in found:
        print(
            f"{row['kind']:8} {row['rows']:>8,} 行  {row['rows_a_second']:>7,} 行/秒"
            f"  折合 {row['rows_a_day']:>13,} 行/天"
            f"  原样再送 {row['again_rows_a_second']:>7,} 行/秒"
        )
    OUT.write_text(json.dumps({"machine": machine(), "rows": found}, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
