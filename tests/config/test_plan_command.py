"""`gongchou plan solve` answers in words and in JSON, and with its exit code."""

import json

import pytest

from gongchou.config.cli import main
from gongchou.core.terms import ImportKind
from gongchou.core.workdays import Quarter
from gongchou.web import clock
from tests.registry.test_import import csv, line, take


@pytest.fixture
def roster(chen) -> None:
    keys = [line(n, category="重点管理") for n in range(1, 12)]
    take(ImportKind.SUBJECTS, csv(*keys), chen)


def later() -> str:
    return str(Quarter.of(clock.day_of(clock.now())).next())


def asked(capsys, *arguments) -> tuple[int, dict]:
    code = main(["plan", "solve", *arguments, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_without_people_and_joint_items_the_conflict_is_named(roster, bureau, capsys):
    code, found = asked(capsys, "--quarter", later())
    assert (code, found["ok"]) == (1, False)
    assert set(found["conflict"]) <= {"quota.key", "joint", "days"}
    assert found["conflict"]
    assert found["person_days"]["free"] == "0"


def test_a_quarter_that_is_over_and_a_policy_that_is_nowhere_are_refused(roster, bureau, capsys):
    assert "已经结束" in asked(capsys, "--quarter", "2024Q1")[1]["problem"]
    code, found = asked(capsys, "--quarter", later(), "--policy", "nowhere")
    assert (code, "没有实施方案" in found["problem"]) == (1, True)
