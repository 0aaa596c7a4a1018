"""The second program: alone in its file, it judges every record as the core does."""

import ast
import json
import subprocess
import sys
from copy import deepcopy
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongchou.core.canon import HASHES
from gongchou.core.draw import seed_of
from gongchou.core.draw_record import is_valid, verify
from gongchou.core.draw_values import Rosters
from tests.core.draw_samples import (
    CASES,
    CLOSING,
    EXAMPLES,
    PROFILES,
    VECTORS,
    forged,
    forgeries,
    make_announcement,
    make_record,
    make_reveals,
    make_rosters,
)
from verifier import verify_draw

PROGRAM = Path(verify_draw.__file__)
RECORDS = {profile: make_record(profile) for profile in PROFILES}
OTHERS = {"DR1": "verify_draw.py", "DR2": "verify_joint.py", "BL1": "verify_ballot.py"}
KEEPS_FILE = [HealthCheck.function_scoped_fixture]


def run(path, *options, program=PROGRAM):
    """Exit code and output of the program as a citizen starts it."""
    done = subprocess.run(
        [sys.executable, "-I", str(program), str(path), *options],
        capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.stderr == ""
    return done.returncode, done.stdout


@pytest.fixture
def written(tmp_path):
    """Writes a record, or any bytes, to a file."""

    def write(value):
        path = tmp_path / "record.json"
        path.write_bytes(value if isinstance(value, bytes) else json.dumps(value).encode())
        return path

    return write


def test_it_stands_alone():
    tree = ast.parse(PROGRAM.read_text(encoding="utf-8"))
    used = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import)
            for alias in node.names}  # fmt: skip
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert used <= set(sys.stdlib_module_names)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_every_case_is_judged_right(written, case):
    code, says = run(written(case["record"]))
    assert (code == 0) == case["ok"]
    assert ("核验通过" if case["ok"] else "核验不通过") in says


@pytest.mark.parametrize("profile", PROFILES)
def test_the_published_example_holds_and_is_anchored(written, profile):
    wanted, path = VECTORS[profile], written(EXAMPLES[profile])
    code, says = run(path)
    assert (code, "未锚定" in says) == (0, True)
    assert "核验通过，但没有锚定" in says.splitlines()[-1]
    assert wanted["announce"] in says
    assert wanted["sealed"] in says
    code, says = run(path, "--announcement", wanted["announce"], "--sealed", wanted["sealed"])
    assert (code, "锚定" in says) == (0, False)
    assert says.endswith("核验通过。\n")
    assert run(path, "--announcement", "0" * 64)[0] == 1
    assert run(path, "--sealed", wanted["announce"])[0] == 1


def test_a_rehearsal_is_named_and_refused_as_real(written):
    record = deepcopy(EXAMPLES["sha256"])
    record["announcement"]["draw"] = "TEST" + record["announcement"]["draw"]
    path = written(record)
    assert "演练，不是真实抽取。" in run(path)[1]
    code, says = run(path, "--real")
    assert (code, "第 2 步" in says.splitlines()[-2]) == (1, True)


@pytest.mark.parametrize(
    "raw",
    [b"", b"[]", b"{}", b"7", b"null", b"\xff", b"\xef\xbb\xbf{}", b"[" * 99999, b"1e9", b"NaN",
     b'{"a":1,"a":2}', b"9" * 9999, b'"\\ud800"', b'{"announcement":[]}'],
)  # fmt: skip
def test_what_is_no_record_gets_a_sentence(written, raw):
    code, says = run(written(raw))
    assert code == 1
    assert "第 1 步" in says


@pytest.mark.parametrize(("version", "program"), OTHERS.items())
def test_a_record_of_another_kind_is_sent_to_its_program(written, version, program):
    for name in {*OTHERS.values()} - {program}:
        code, says = run(written({"announcement": {"v": version}}), program=PROGRAM.with_name(name))
        assert code == 1
        assert program in says
    says = run(written({"announcement": {"v": version}}), program=PROGRAM.with_name(program))[1]
    assert program not in says
    assert "缺少" in says


def test_a_missing_file_and_a_wrong_option_get_a_sentence(tmp_path):
    assert run(tmp_path / "nothing.json")[0] == 1
    assert run(tmp_path)[0] == 1
    code, says = run(tmp_path, "--nonsense")
    assert (code, "用法不对" in says) == (1, True)


@pytest.mark.parametrize("profile", PROFILES)
@settings(max_examples=60, deadline=None, suppress_health_check=KEEPS_FILE)
@given(chance=st.randoms(use_true_random=False))
def test_whatever_is_changed_it_notices(written, profile, chance):
    where, record = forged(RECORDS[profile], chance)
    assert verify_draw.main([str(written(record))]) == 1, where


def test_every_single_value_is_bound(written):
    forged_records = forgeries(make_record(n=20))
    missed = [where for where, r in forged_records if verify_draw.main([str(written(r))]) == 0]
    assert missed == []


@pytest.mark.parametrize("name", sorted(RECORDS["sha256"]))
@pytest.mark.parametrize("value", ["x", 7, [], [[]], {}, [7], None, True])
def test_a_field_of_another_kind_gets_a_sentence(written, name, value):
    assert verify_draw.main([str(written({**RECORDS["sha256"], name: value}))]) == 1


@pytest.mark.parametrize("name", sorted(RECORDS["sha256"]["announcement"]))
@pytest.mark.parametrize("value", ["x", 7, [], [[]], {}, [7], None, True])
def test_an_announced_value_of_another_kind_gets_a_sentence(written, name, value):
    record = deepcopy(RECORDS["sha256"])
    record["announcement"][name] = value
    assert verify_draw.main([str(written(record))]) == 1


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("profile", PROFILES)
def test_what_the_core_writes_it_accepts(written, profile, seed):
    assert verify_draw.main([str(written(make_record(profile, seed, n=20 + 9 * seed)))]) == 0


def test_a_draw_without_people_gets_a_sentence(written, capsys):
    whole, reveals = make_rosters(), make_reveals()
    lists = Rosters(subjects=whole.subjects, inspectors=(), avoid=())
    announcement = make_announcement(lists, reveals)
    shares = [reveal.share for reveal in reveals]
    record = {
        **RECORDS["sha256"],
        "announcement": announcement.plain(),
        "inspectors": [],
        "avoid": [],
        "reveals": [reveal.plain() for reveal in reveals],
        "seed": seed_of(announcement, CLOSING, shares).hex(),
    }
    assert verify_draw.main([str(written(record))]) == 1
    assert "无人可派" in capsys.readouterr().out.splitlines()[-2]
    assert not is_valid(verify(record))


@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=200))
def test_its_own_sm3_needs_no_library(data):
    assert verify_draw.sm3_plain(data) == HASHES["sm3"](data)


def test_without_openssls_sm3_it_judges_the_same(written, monkeypatch):
    def missing(name, data=b""):
        raise ValueError(name)

    monkeypatch.setattr(verify_draw.hashlib, "new", missing)
    assert verify_draw.main([str(written(EXAMPLES["sm3"]))]) == 0
