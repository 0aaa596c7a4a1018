"""A citizen can read a verifier whole: one file, at most three hundred lines, nothing of ours."""

import ast
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "verifier"
NAMES = ["verify_draw.py", "verify_ballot.py", "verify_joint.py"]


@pytest.mark.parametrize("name", NAMES)
def test_at_most_three_hundred_lines(name):
    assert len((FOLDER / name).read_text("utf-8").splitlines()) <= 300


@pytest.mark.parametrize("name", NAMES)
def test_nothing_but_the_standard_library(name):
    tree = ast.walk(ast.parse((FOLDER / name).read_text("utf-8")))
    names = {alias.name for node in tree if isinstance(node, ast.Import) for alias in node.names}
    assert names <= set(sys.stdlib_module_names)


def test_these_are_all_the_verifiers():
    assert sorted(path.name for path in FOLDER.glob("verify_*.py")) == sorted(NAMES)
