"""A whole draw from two rosters, without a database, twice the same and open to everybody."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from gongchou.config.cli import main

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "docs" / "examples"
VERIFIER = ROOT / "verifier" / "verify_draw.py"


def rehearse(out: Path, *more: str, inspectors: Path = EXAMPLES / "inspectors.csv") -> int:
    return main(
        [
            *("draw", "rehearse", "--quarter", "2026Q1", "--out", str(out)),
            *("--subjects", str(EXAMPLES / "subjects.csv"), "--inspectors", str(inspectors)),
            *more,
        ]
    )


def verified(path: Path, *more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", str(VERIFIER), str(path), *more]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("profile", ["sha256", "sm3"])
def test_the_same_rosters_give_the_same_bytes_and_the_verifier_agrees(tmp_path, profile):
    for name in ("a", "b"):
        assert rehearse(tmp_path / name, "--profile", profile) == 0
    for file in ("record.json", "certificate.pdf", "list.csv"):
        first, second = ((tmp_path / name / file).read_bytes() for name in ("a", "b"))
        assert first == second
    assert verified(tmp_path / "a" / "record.json").returncode == 0
    assert main(["draw", "verify", str(tmp_path / "a" / "record.json")]) == 0


def test_a_record_held_against_nothing_is_not_simply_said_to_be_good(tmp_path, capsys):
    rehearse(tmp_path)
    path = str(tmp_path / "record.json")
    capsys.readouterr()
    assert main(["draw", "verify", path]) == 0
    *_, step, verdict = capsys.readouterr().out.splitlines()
    assert step.startswith("未核  13 锚定")
    assert "没有锚定" in verdict
    sealed = json.loads(Path(path).read_text("utf-8"))["sealed"]
    given = ["--announcement", re.findall("[0-9a-f]{64}", step)[0], "--sealed", sealed]
    assert main(["draw", "verify", path, *given]) == 0
    assert capsys.readouterr().out.endswith("核对通过。\n")


def test_a_rehearsal_is_never_taken_for_a_real_draw(tmp_path):
    rehearse(tmp_path)
    assert verified(tmp_path / "record.json", "--real").returncode == 1
    assert main(["draw", "verify", str(tmp_path / "record.json"), "--real"]) == 1


@pytest.mark.parametrize("field", ["closing", "seed", "sealed"])
def test_one_changed_character_fails_in_both_and_the_step_is_named(tmp_path, field, capsys):
    rehearse(tmp_path)
    path = tmp_path / "record.json"
    record = json.loads(path.read_text("utf-8"))
    record[field] = ("2" if record[field][0] == "1" else "1") + record[field][1:]
    path.write_text(json.dumps(record), "utf-8")
    capsys.readouterr()
    assert main(["draw", "verify", str(path), "--json"]) == 1
    failed = json.loads(capsys.readouterr().out)["steps"][-1]
    assert not failed["ok"]
    answer = verified(path)
    assert answer.returncode == 1
    assert "步" in answer.stdout + answer.stderr


def test_too_few_certified_inspectors_are_refused_with_the_reason(tmp_path, capsys):
    people = tmp_path / "people.csv"
    people.write_text(
        "姓名,科室,执法证号,执法资格,有效期至\n某检查员,zd,1,是,2099-12-31\n", "utf-8"
    )
    assert rehearse(tmp_path / "out", inspectors=people) == 1
    assert "只有 1 人，每组需要 2 人" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_written_is_named(tmp_path, capsys):
    (tmp_path / "taken").write_text("", "utf-8")
    assert rehearse(tmp_path / "taken") == 1
    assert f"文件夹 {tmp_path / 'taken'} 写不进去" in capsys.readouterr().err


def test_a_wrong_roster_is_refused_with_the_row(tmp_path, capsys):
    people = tmp_path / "people.csv"
    people.write_text("姓名,科室,执法资格\n某检查员,zd,也许\n", "utf-8")
    assert rehearse(tmp_path / "out", inspectors=people) == 1
    assert "第 2 行" in capsys.readouterr().err


def test_a_ballot_is_rehearsed_too_and_never_taken_for_a_real_one(tmp_path, capsys):
    for name in ("a", "b"):
        assert rehearse(tmp_path / name, "--ballot") == 0
    for file in ("record.json", "certificate.pdf", "list.csv"):
        first, second = ((tmp_path / name / file).read_bytes() for name in ("a", "b"))
        assert first == second
    path = tmp_path / "a" / "record.json"
    record = json.loads(path.read_text("utf-8"))
    assert record["announcement"]["v"] == "BL1"
    assert record["announcement"]["draw"].startswith("TEST")
    own = [sys.executable, "-I", str(VERIFIER.with_name("verify_ballot.py")), str(path)]
    assert subprocess.run(own, capture_output=True, check=False).returncode == 0
    assert subprocess.run([*own, "--real"], capture_output=True, check=False).returncode == 1
    assert main(["draw", "verify", str(path)]) == 0
    assert main(["draw", "verify", str(path), "--real"]) == 1
    record["numbers"]["key.fresh"] = record["numbers"]["key.fresh"][::-1]
    path.write_text(json.dumps(record), "utf-8")
    assert main(["draw", "verify", str(path)]) == 1
