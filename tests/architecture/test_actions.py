"""Every act is a transaction, says who and when, and leaves an event."""

import ast
import re
from pathlib import Path

import pytest

from .sources import Function, files, name_of, tree_of

THE_LOG_ITSELF = "gongchou/audit/actions.py"


def calls(function: Function) -> set[str]:
    return {ast.unparse(node.func) for node in ast.walk(function) if isinstance(node, ast.Call)}


def siblings(tree: ast.Module, name: str) -> set[str]:
    """Names of acts taken from another file of the same `actions` package."""
    room = Path(name).parts[1]
    return {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith(f"gongchou.{room}.actions.")
        for alias in node.names
    }


def earlier_rooms(tree: ast.Module) -> set[str]:
    """The names under which the acts of other rooms are at hand; each of those leaves its event."""
    return {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and re.fullmatch(r"gongchou\.(?!audit)\w+", node.module or "")
        for alias in node.names
        if alias.name == "actions"
    }


def leaving_a_trace(tree: ast.Module, name: str) -> set[str]:
    """Functions of the file that append to the log, themselves or by one they call."""
    wanted = {"audit.append"} | siblings(tree, name)
    bodies = {node.name: calls(node) for node in tree.body if isinstance(node, Function)}
    rooms = earlier_rooms(tree)
    wanted |= {call for body in bodies.values() for call in body if call.split(".")[0] in rooms}
    known: set[str] = set()
    while more := {f for f, body in bodies.items() if f not in known and body & (wanted | known)}:
        known |= more
    return known


def problems(tree: ast.Module, name: str) -> list[str]:
    traced = leaving_a_trace(tree, name)
    found = []
    for act in tree.body:
        if not isinstance(act, Function) or act.name.startswith("_"):
            continue
        keywords = {argument.arg for argument in act.args.kwonlyargs}
        found += [f"{act.name}: no keyword-only `{k}`" for k in ("by", "at") if k not in keywords]
        decorators = {ast.unparse(decorator) for decorator in act.decorator_list}
        if not decorators & {"transaction.atomic", "transaction.atomic()"}:
            found.append(f"{act.name}: not @transaction.atomic")
        if act.name not in traced and name != THE_LOG_ITSELF:
            found.append(f"{act.name}: no audit.append")
    return found


@pytest.mark.parametrize("path", files("*/actions.py", "*/actions/**/*.py"), ids=name_of)
def test_every_act_leaves_its_trace_in_its_own_transaction(path):
    if not path.name.startswith("_"):
        assert problems(tree_of(path), name_of(path)) == []


PLANTED = """
@transaction.atomic
def good(ref, *, by, at):
    _note(ref, by, at)

@transaction.atomic
def also_good(ref, *, by, at):
    good(ref, by=by, at=at)

def _note(ref, by, at):
    audit.append(kind, about=ref, by=by, at=at)

@transaction.atomic
def positional(ref, by, at):
    audit.append(kind, about=ref, by=by, at=at)

def loose(ref, *, by, at):
    audit.append(kind, about=ref, by=by, at=at)

@transaction.atomic
def silent(ref, *, by, at):
    rows.append(ref)
"""


def test_the_check_finds_each_planted_fault():
    assert problems(ast.parse(PLANTED), "gongchou/planted/actions.py") == [
        "positional: no keyword-only `by`",
        "positional: no keyword-only `at`",
        "loose: not @transaction.atomic",
        "silent: no audit.append",
    ]


def test_an_act_may_go_through_another_file_of_its_own_room_only():
    act = "@transaction.atomic\ndef act(*, by, at):\n    other(by=by, at=at)\n"
    own = ast.parse("from gongchou.planted.actions.more import other\n" + act)
    foreign = ast.parse("from gongchou.registry.actions import other\n" + act)
    assert problems(own, "gongchou/planted/actions/some.py") == []
    assert problems(foreign, "gongchou/planted/actions/some.py") == ["act: no audit.append"]
