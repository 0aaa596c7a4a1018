"""A citizen can read the verifier whole: one file, at most three hundred lines, nothing of ours."""

import ast
import sys
from pathlib import Path

FILE = Path(__file__).resolve().parents[2] / "verifier" / "verify_draw.py"


def test_at_most_three_hundred_lines():
    assert len(FILE.read_text("utf-8").splitlines()) <= 300


def test_nothing_but_the_standard_library():
    tree = ast.walk(ast.parse(FILE.read_text("utf-8")))
    names = {alias.name for node in tree if isinstance(node, ast.Import) for alias in node.names}
    assert names <= set(sys.stdlib_module_names)
