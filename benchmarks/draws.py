"""F3, T1 to T4 and T9 on the draw itself: pressed at once, and attacked as its tests attack it."""

import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

from benchmarks.result import Figure

ATTACKS = ("tests/drawing/test_attacks.py", "tests/drawing/test_threats.py")
THREATS = ("t1", "t2", "t3", "t4", "t9", "attack")


def presses(*, rounds: int, seed: int) -> list[Figure]:
    from tests.drawing.presses import pressed

    found = pressed(rounds)
    return [
        Figure(
            id="F3-draw", name="两名经办人同时点“固定名录”，各轮只成一次抽取",
            value=f"{found.draws}/{rounds}", target="全部", met=found.is_one_each(rounds),
            seed=seed,
            detail=f"{rounds} 轮，每轮作废后两人再同时按；成 {len(found.made)} 次，"
            f"拒绝 {len(found.refused)} 次，日志编号连续、不重。",
        )
    ]  # fmt: skip


def threats(*, seed: int) -> list[Figure]:
    """The tests of the threats, each of them with its control inside, on this kind of database."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [
            sys.executable, "-m", "pytest", "-q", "-n0", "--ds=tests.settings",
            f"--junit-xml={report}", "-k", "test_t or test_attack", *ATTACKS,
        ]  # fmt: skip
        environment = {**os.environ, "GONGCHOU_VAR": folder}
        subprocess.run(command, env=environment, check=False, capture_output=True)
        cases = list(ElementTree.parse(report).iter("testcase")) if report.exists() else []
    held = Counter(_threat(case) for case in cases if not len(case))
    tried = Counter(_threat(case) for case in cases)
    parts = "、".join(f"{name.upper()} {held[name]}/{tried[name]}" for name in THREATS)
    return [
        Figure(
            id="T1-T9", name="对抽取的威胁 T1 至 T4、T9 和对抽取日志的八种攻击",
            value=f"{held.total()}/{tried.total()}", target="全部",
            met=held == tried and all(tried[name] for name in THREATS), seed=seed,
            detail=f"{parts.replace('ATTACK', '八种攻击')}；各带反证，种子固定在测试里。",
        )
    ]  # fmt: skip


def _threat(case: ElementTree.Element) -> str:
    return case.attrib["name"].removeprefix("test_").partition("_")[0]
