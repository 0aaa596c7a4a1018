"""Core and law decide on values alone: an allow-list of imports, no clock, disk or screen."""

import ast

import pytest

from .sources import files, name_of, tree_of

ALLOWED = {
    "__future__",
    "base64",
    "bisect",
    "collections",
    "collections.abc",
    "contextlib",
    "csv",
    "dataclasses",
    "datetime",
    "decimal",
    "enum",
    "fractions",
    "functools",
    "hashlib",
    "heapq",
    "hmac",
    "ipaddress",
    "itertools",
    "json",
    "math",
    "operator",
    "re",
    "string",
    "struct",
    "tomllib",
    "types",
    "typing",
    "unicodedata",
}
# The one file that turns the law's TOML into values of the core.
READER = "gongchou/law/load.py"
ALSO_FOR_THE_READER = {"pathlib"}

CLOCK = {"now", "today", "utcnow", "fromtimestamp", "utcfromtimestamp"}
WORLD = {"open", "print", "input", "eval", "exec", "__import__", "breakpoint"}


def imported(tree: ast.AST) -> list[str]:
    found: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found.append("." * node.level + (node.module or ""))
    return found


def is_allowed(module: str, name: str) -> bool:
    if name == READER and module in ALSO_FOR_THE_READER:
        return True
    rooms = ["gongchou.core", "gongchou.law"] if "gongchou/law/" in name else ["gongchou.core"]
    ours = any(module == room or module.startswith(room + ".") for room in rooms)
    return ours or module in ALLOWED


def problems(tree: ast.AST, name: str) -> list[str]:
    found = [f"imports {module}" for module in imported(tree) if not is_allowed(module, name)]
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in CLOCK:
            found.append(f"line {node.lineno}: reads the clock by {node.attr}")
        if isinstance(node, ast.Name) and node.id in WORLD:
            found.append(f"line {node.lineno}: uses {node.id}")
    return found


@pytest.mark.parametrize("path", files("core/**/*.py", "law/**/*.py"), ids=name_of)
def test_core_and_law_are_pure(path):
    assert problems(tree_of(path), name_of(path)) == []


@pytest.mark.parametrize(
    "source",
    [
        "import random",
        "import os.path",
        "from django.db import models",
        "from pathlib import Path",
        "from gongchou.registry import reads",
        "from gongchou.law import load",
        "from . import terms",
        "from datetime import date\non = date.today()",
        "from datetime import datetime\nread = datetime.now",
        "body = open('a').read()",
        "def late():\n    import secrets",
    ],
)
def test_the_check_finds_what_is_not_pure(source):
    assert problems(ast.parse(source), "gongchou/core/planted.py") != []


def test_the_check_lets_only_the_reader_of_the_law_read_disk():
    tree = ast.parse("from pathlib import Path\nimport tomllib")
    assert problems(tree, READER) == []
    assert problems(tree, "gongchou/law/other.py") != []
