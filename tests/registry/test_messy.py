"""A long roster as bureaus have it: whatever is wrong with a row, the outcomes add up."""

import json
import os
import subprocess
import sys
from pathlib import Path

from benchmarks.messy import PAGE, write
from gongchou.core.terms import ImportKind
from gongchou.registry import actions
from tests.conftest import AT, TODAY

ROOT = Path(__file__).parents[2]


def test_every_row_of_a_messy_roster_comes_to_what_it_should(chen, tmp_path):
    path = tmp_path / "杂乱名册.csv"
    owed = write(path, 2 * PAGE + 6)
    assert min(owed["accepted"], owed["duplicates"], owed["rejected"]) > 20
    report = actions.import_file(
        ImportKind.SUBJECTS, path, path.name, on=TODAY, by=chen, at=AT, is_dry_run=True
    )
    counts = report.counts()
    assert {name: counts[name] for name in owed} == owed
    assert counts["updated"] == counts["unchanged"] == 0
    assert sum("重复的表头" in warning.says for warning in report.warnings) == 2


def test_the_program_that_writes_the_roster_needs_no_settings_of_the_caller(tmp_path):
    path = tmp_path / "名册.csv"
    command = [sys.executable, "-m", "benchmarks.messy", path, "--rows", "30"]
    known = {name: value for name, value in os.environ.items() if "SETTINGS" not in name}
    done = subprocess.run(command, env=known, cwd=ROOT, check=True, capture_output=True)
    owed = json.loads(done.stdout)
    lines = path.read_text("gb18030").splitlines()
    assert owed["rows"] == len(lines) - 2 == 30 + owed.get("duplicates", 0)
