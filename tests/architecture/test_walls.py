"""Walls of the house: files of 500 lines, functions of 50, views of 25."""

import ast

import pytest

from .sources import PACKAGE, files, functions, length, name_of, tree_of

FILE_LINES = 500
FUNCTION_LINES = 50
VIEW_LINES = 25
WORDLESS = {"utils", "util", "helpers", "helper", "common", "misc", "signals"}


def too_long(tree: ast.AST, wall: int) -> list[str]:
    return [f"{f.name}: {length(f)} lines" for f in functions(tree) if length(f) > wall]


@pytest.mark.parametrize("path", files("**/*.py"), ids=name_of)
def test_no_file_and_no_function_is_over_the_wall(path):
    lines = [line for line in path.read_text("utf-8").splitlines() if line.strip()]
    assert len(lines) <= FILE_LINES
    assert too_long(tree_of(path), FUNCTION_LINES) == []


@pytest.mark.parametrize("path", files("*/views.py", "*/views/**/*.py"), ids=name_of)
def test_no_view_is_over_its_wall(path):
    assert too_long(tree_of(path), VIEW_LINES) == []


def test_no_file_has_a_name_that_says_nothing():
    named = [path for path in PACKAGE.rglob("*.py") if path.stem in WORDLESS]
    assert [name_of(path) for path in named] == []


def test_the_wall_counts_from_def_to_the_last_line():
    source = "@decorated\ndef act():\n" + "    pass\n" * 25
    assert too_long(ast.parse(source), 25) == ["act: 26 lines"]
    assert too_long(ast.parse(source), 26) == []
