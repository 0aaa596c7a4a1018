"""Habits that a linter cannot say: no hidden work, no reverse accessors, one sentence per room."""

import ast
from pathlib import Path

import pytest

from .sources import PACKAGE, files, functions, name_of, tree_of

ROOMS = sorted(path.parent for path in PACKAGE.glob("*/__init__.py"))


def late_imports(tree: ast.AST) -> list[str]:
    return [
        f"line {node.lineno}: import inside {function.name}"
        for function in functions(tree)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]


def hidden_work(tree: ast.AST) -> list[str]:
    """Signals, and models that do something when they are saved."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
            if any(name.split(".")[-1] in {"signals", "receiver"} for name in names):
                found.append(f"line {node.lineno}: signals")
        if isinstance(node, ast.ClassDef):
            found += [
                f"{node.name}.{method.name}"
                for method in node.body
                if isinstance(method, ast.FunctionDef) and method.name == "save"
            ]
    return found


def open_doors(tree: ast.AST, room: str) -> list[str]:
    """Foreign keys to another room that let a reverse accessor or a cascade through."""
    found = []
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        if ast.unparse(call.func).split(".")[-1] not in {"ForeignKey", "OneToOneField"}:
            continue
        to = call.args[0] if call.args else None
        target = to.value if isinstance(to, ast.Constant) else ""
        if "." not in str(target) or str(target).split(".")[0] == room:
            continue
        words = dict(zip(("to", "on_delete"), map(ast.unparse, call.args), strict=False))
        words |= {keyword.arg or "": ast.unparse(keyword.value) for keyword in call.keywords}
        if words.get("related_name") != "'+'":
            found.append(f'{target}: no related_name="+"')
        if words.get("on_delete", "").split(".")[-1] != "PROTECT":
            found.append(f"{target}: not on_delete=PROTECT")
    return found


@pytest.mark.parametrize("path", files("**/*.py"), ids=name_of)
def test_imports_stand_at_the_top(path):
    assert late_imports(tree_of(path)) == []


@pytest.mark.parametrize("path", files("**/*.py"), ids=name_of)
def test_nothing_happens_behind_an_act(path):
    assert hidden_work(tree_of(path)) == []


@pytest.mark.parametrize("path", files("*/models.py", "*/models/**/*.py"), ids=name_of)
def test_keys_to_another_room_open_no_door_downstream(path):
    room = path.relative_to(PACKAGE).parts[0]
    assert open_doors(tree_of(path), room) == []


@pytest.mark.parametrize("room", ROOMS, ids=lambda path: path.name)
def test_each_room_says_what_lives_there(room: Path):
    assert ast.get_docstring(tree_of(room / "__init__.py"))


def test_the_checks_find_planted_faults():
    assert late_imports(ast.parse("def f():\n    import os")) == ["line 2: import inside f"]
    assert hidden_work(ast.parse("from django.db.models.signals import post_save")) != []
    assert hidden_work(ast.parse("from django.dispatch import receiver")) != []
    assert hidden_work(ast.parse("class A:\n    def save(self): pass")) == ["A.save"]


def test_a_planted_key_to_another_room_is_found_and_one_at_home_is_not():
    key = 'models.ForeignKey("registry.Subject", on_delete=models.CASCADE)'
    assert open_doors(ast.parse(key), "planning") == [
        'registry.Subject: no related_name="+"',
        "registry.Subject: not on_delete=PROTECT",
    ]
    assert open_doors(ast.parse(key), "registry") == []
    shut = 'models.ForeignKey("registry.Subject", models.PROTECT, related_name="+")'
    assert open_doors(ast.parse(shut), "planning") == []
