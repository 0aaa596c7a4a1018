import hashlib
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from gongchou.config.cli import GROUPS
from gongchou.config.environment import Environment

DEPLOY = Path(__file__).parents[2] / "deploy"


def test_the_sample_names_only_settings_that_exist_and_all_an_operator_may_need():
    named = set(re.findall(r"^#?GONGCHOU_(\w+)=", (DEPLOY / "env.example").read_text(), re.M))
    known = {name.upper() for name in Environment.model_fields}
    assert named <= known
    assert known - named == {"DEMO", "DEBUG", "STORAGE_URL"}


def test_the_services_run_commands_that_exist():
    units = [path.read_text() for path in (DEPLOY / "systemd").glob("*.service")]
    commands = {re.search(r"bin/gongchou (\S+)", unit)[1] for unit in units}
    assert commands == {"serve", "worker", "hj212"}
    assert commands <= {group.name for group in GROUPS}


@pytest.fixture
def unpacked(tmp_path) -> Path:
    """A bundle without its wheels, for another Python."""
    shutil.copy(DEPLOY / "install.sh", tmp_path)
    (tmp_path / "python-version").write_text("3.9\n")
    names = ("install.sh", "python-version")
    digests = [hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() for name in names]
    lines = [f"{digest}  {name}\n" for digest, name in zip(digests, names, strict=True)]
    (tmp_path / "SHA256SUMS").write_text("".join(lines))
    return tmp_path


def installed(unpacked: Path) -> subprocess.CompletedProcess[str]:
    command = ["sh", str(unpacked / "install.sh"), str(unpacked / "installed")]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_bundle_of_another_python_says_so_and_installs_nothing(unpacked):
    answer = installed(unpacked)
    assert answer.returncode == 2
    assert "要用 Python 3.9" in answer.stderr
    assert not (unpacked / "installed").exists()


def test_a_bundle_damaged_on_the_way_is_not_installed(unpacked):
    (unpacked / "python-version").write_text("3.11\n")
    answer = installed(unpacked)
    assert answer.returncode == 1
    assert "不完整或被改动过" in answer.stderr
    assert not (unpacked / "installed").exists()
