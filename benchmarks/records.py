"""F11: a program that shares no line with the product computes random draws again."""

import contextlib
import io
import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.result import Figure

VERIFIER = Path(__file__).parents[1] / "verifier" / "verify_draw.py"
ALONE = 5


def _judged(record: dict[str, Any], path: Path) -> bool:
    from verifier import verify_draw

    path.write_text(json.dumps(record), "utf-8")
    with contextlib.redirect_stdout(io.TextIOWrapper(io.BytesIO(), encoding="utf-8")):
        return verify_draw.main([str(path)]) == 0


def figure(*, draws: int, seed: int) -> list[Figure]:
    from tests.core.draw_samples import PROFILES, forged, make_record

    chance, same, caught, forgeries, alone = random.Random(seed), 0, 0, 0, 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "record.json"
        for number in range(draws):
            size = chance.randrange(20, 200)
            record = make_record(PROFILES[number % len(PROFILES)], seed=number, n=size)
            same += _judged(record, path)
            if number < ALONE:
                command = [sys.executable, "-I", str(VERIFIER), str(path)]
                alone += subprocess.run(command, check=False, capture_output=True).returncode == 0
            _, changed = forged(record, chance)
            if changed != record:
                forgeries += 1
                caught += not _judged(changed, path)
    hashes = "、".join(PROFILES)
    return [
        Figure(
            id="F11", name="独立验证器重算随机抽取", value=f"{same}/{draws}", target="全部",
            met=same == draws and alone == min(draws, ALONE), seed=seed,
            detail=f"每次 20 到 199 家，{hashes} 轮换，含一次补抽；{alone} 次另以独立进程运行。",
        ),
        Figure(
            id="F11-forged", name="记录改动一处，独立验证器不予通过", value=f"{caught}/{forgeries}",
            target="全部", met=caught == forgeries, seed=seed,
            detail="每份记录随机改动一个值（补抽的理由和日期除外，它们只受格式约束）。",
        ),
    ]  # fmt: skip
