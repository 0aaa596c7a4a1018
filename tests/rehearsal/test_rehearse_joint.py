"""A joint draw from rosters and a file of departments, without a database."""

import csv
import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from gongchou.config.cli import main

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "docs" / "examples"
DEPARTMENTS = EXAMPLES / "joint" / "departments.toml"
VERIFIER = ROOT / "verifier" / "verify_joint.py"


def rehearse(out: Path, joint: Path = DEPARTMENTS, *more: str) -> int:
    given = ("--subjects", str(EXAMPLES / "subjects.csv"))
    given += ("--inspectors", str(EXAMPLES / "inspectors.csv"), "--quarter", "2026Q1")
    return main(["draw", "rehearse", *given, "--out", str(out), "--joint", str(joint), *more])


def changed(tmp_path: Path, old: str, new: str) -> Path:
    """The file of the examples with one thing changed, its rosters beside it."""
    for name in ("market.csv", "safety.csv"):
        (tmp_path / name).write_bytes((DEPARTMENTS.parent / name).read_bytes())
    text = DEPARTMENTS.read_text("utf-8")
    assert old in text
    path = tmp_path / "own.toml"
    path.write_text(text.replace(old, new, 1), "utf-8")
    return path


@pytest.mark.parametrize("profile", ["sha256", "sm3"])
def test_the_same_files_give_the_same_bytes_and_the_verifier_agrees(tmp_path, profile):
    for name in ("a", "b"):
        assert rehearse(tmp_path / name, DEPARTMENTS, "--profile", profile) == 0
    for file in ("record.json", "certificate.pdf", "list.csv"):
        first, second = ((tmp_path / name / file).read_bytes() for name in ("a", "b"))
        assert first == second
    record = str(tmp_path / "a" / "record.json")
    command = [sys.executable, "-I", str(VERIFIER), record]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    assert main(["draw", "verify", record]) == 0
    assert main(["draw", "verify", record, "--real"]) == 1


def test_each_department_draws_its_count_and_the_samples_lie_in_each_other(tmp_path):
    assert rehearse(tmp_path) == 0
    text = (tmp_path / "list.csv").read_text("utf-8-sig")
    goes = [row["参加部门"] for row in csv.DictReader(io.StringIO(text))]
    assert len(goes) == 7
    assert all("高新区分局" in who for who in goes)
    assert sum("市场监管" in who for who in goes) == 3
    assert sum("应急管理" in who for who in goes) == 1
    assert sum("、" in who for who in goes) == 3  # the safety office is where the market office is
    record = json.loads((tmp_path / "record.json").read_text("utf-8"))
    assert len(record["reveals"]) == 5


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("key = 2", "key = 5", "“重点”写了 5 家，牵头的.*只抽 4 家.*请改正"),
        ("key = 4", "key = 400", "“重点”只有 40 家.*抽不出 400 家"),
        ("key = 4", "vip = 4", r"第 1 个部门：counts.*层名取自special、"),
        ("key = 4", "key = 0.5", "第 1 个部门：counts"),
        ('items = ["危化品储存"]\n', "", "第 3 个部门：请用 items 写明检查事项"),
        ("seats = 2", "seats = 1", "每组不得少于 2 名持证人员"),
        ("seats = 1", "seats = 3", "应急管理局（虚构）能参加抽取的持证人员只有 2 人"),
        ('dept = "safety"', 'dept = "market"', "不得相同"),
        ('"market.csv"', '"nowhere.csv"', "nowhere.csv 读不出来"),
        ("[[department]]", "[[department]", "不是正确的 TOML"),
        ('dept = "safety"', "dept = 990173", "第 3 个部门：dept 应为.*写在引号里"),
        ('dept = "safety"', "dept = [1]", "第 3 个部门：dept 应为"),
        ('name = "临溪市应急', 'name = 5 # "临溪市应急', "第 3 个部门：请用 name 写明"),
        ('"market.csv"', "7", "第 2 个部门：请用 inspectors 写明.*写在引号里"),
        ('items = ["危化品储存"]', "items = [1]", "第 3 个部门：请用 items"),
    ],
)
def test_a_file_of_departments_that_does_not_fit_is_refused(tmp_path, capsys, old, new, says):
    out = tmp_path / "out"
    assert rehearse(out, changed(tmp_path, old, new)) == 1
    found = capsys.readouterr().err
    assert re.search(says, found), found
    assert not out.exists()


def test_every_fault_of_the_file_is_told_at_once(tmp_path, capsys):
    path = tmp_path / "own.toml"
    path.write_text("[[department]]\nluck = 1\n[[department]]\nseats = true\n", "utf-8")
    assert rehearse(tmp_path / "out", path) == 1
    said = capsys.readouterr().err
    assert said.count("第 1 个部门") == 5
    assert said.count("第 2 个部门") == 6


def test_what_is_no_table_is_refused(tmp_path, capsys):
    path = tmp_path / "own.toml"
    path.write_text("department = [1, 2]\n", "utf-8")
    assert rehearse(tmp_path / "out", path) == 1
    assert "第 1 个部门：应为一张 [[department]] 表" in capsys.readouterr().err


def test_balls_and_other_engines_do_not_go_with_it(tmp_path, capsys):
    assert rehearse(tmp_path, DEPARTMENTS, "--ballot") == 1
    assert "不与 --ballot 同用" in capsys.readouterr().err
