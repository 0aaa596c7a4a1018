import argparse
import importlib
import json
import os
import subprocess
import sys

import pytest

from gongchou.config.cli import GROUPS, main
from gongchou.config.console import Parser


def test_deadlines_are_those_of_the_law_where_no_bureau_is(db, capsys):
    assert main(["deadlines", "2025Q4", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "quarter": "2025Q4",
        "task_reminder": "2025-12-24",
        "task_deadline": "2025-12-24",
        "statistics_deadline": "2026-01-04",
        "forms_deadline": "2026-01-12",
        "provisional": False,
        "policy": "tangshan_gaoxin_2024",
    }


def test_deadlines_of_a_year_without_notice_are_called_provisional(db, capsys):
    assert main(["deadlines", "2026Q4"]) == 0
    assert "为暂定" in capsys.readouterr().out


@pytest.mark.parametrize("words", [["deadlines", "2025"], ["deadlines"], ["check-code", "x", "1"]])
def test_wrong_use_ends_with_two_and_says_where_help_is(capsys, words):
    with pytest.raises(SystemExit) as caught:
        main(words)
    assert caught.value.code == 2
    assert "--help" in capsys.readouterr().err


def test_an_unknown_command_is_wrong_use(capsys):
    assert main(["dance"]) == 2
    assert "没有“dance”这个命令" in capsys.readouterr().err


def test_without_words_the_commands_are_listed(capsys):
    assert main([]) == 0
    listed = capsys.readouterr().out
    assert all(group.name in listed for group in GROUPS)


def test_a_refusal_is_one_and_one_document(capsys):
    assert main(["deadlines", "2025Q4", "--policy", "nowhere", "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["ok"] is False
    assert "nowhere" in found["problem"]


def test_each_code_gets_its_own_line(capsys):
    assert main(["check-code", "uscc", "12", "12"]) == 1
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["ok"] for line in lines] == [False, False]


def test_every_group_explains_itself_in_chinese(capsys):
    for group in GROUPS:
        with pytest.raises(SystemExit) as caught:
            main([group.name, "--help"])
        assert caught.value.code == 0
        assert capsys.readouterr().out.startswith(f"用法：gongchou {group.name}")


def test_the_help_of_a_group_lists_its_commands(capsys):
    with pytest.raises(SystemExit):
        main(["policy", "--help"])
    listed = capsys.readouterr().out
    assert "  validate                核对实施方案的写法，并运行它的案例\n" in listed
    assert "命令：\n  list " in listed


def parsers(parser):
    """A parser and all those below it."""
    yield parser
    for action in parser._actions:
        if action.nargs == argparse.PARSER:
            for below in action.choices.values():
                yield from parsers(below)


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.name)
def test_every_word_of_a_command_is_explained_under_a_chinese_name(group):
    whole = Parser(prog="gongchou")
    importlib.import_module(f"gongchou.config.commands.{group.module}").add(whole.groups())
    actions = [action for parser in parsers(whole) for action in parser._actions]
    asked = [a for a in actions if a.nargs not in {argparse.PARSER, 0}]
    assert [a.dest for a in asked if not a.help] == []
    assert [a.dest for a in asked if not (a.metavar or a.choices)] == []


def test_deadlines_and_codes_need_no_django():
    script = (
        "import sys; sys.modules['django'] = None\n"
        "from gongchou.config.cli import main\n"
        "raise SystemExit(main(['deadlines', '2025Q4']) or main(['secret']))"
    )
    assert (
        subprocess.run([sys.executable, "-c", script], check=False, capture_output=True).returncode
        == 0
    )


@pytest.mark.parametrize(
    "words",
    [
        ["bureau", "list"],
        ["user", "create", "chen", "陈组长"],
        ["register", "import", "subjects", "docs/examples/subjects.csv", "--dry-run"],
        ["publish", "export", "--out", "nowhere"],
        ["audit", "verify"],
        ["report", "statistics", "2026Q1", "--out", "nowhere.xlsx"],
    ],
)
def test_without_a_database_a_command_says_how_to_make_one(words, tmp_path):
    ran = run_apart(words, GONGCHOU_VAR=str(tmp_path), GONGCHOU_DATABASE_URL="")
    assert ran.returncode == 1, ran.stderr
    assert ran.stderr.startswith("还没有建立数据库。请先运行 gongchou migrate")


@pytest.mark.parametrize("words", [["bureau", "list"], ["deadlines", "2026Q1"]])
def test_a_database_that_is_away_is_told_in_one_sentence(words, tmp_path):
    away = "postgresql://nobody@127.0.0.1:1/gongchou"
    ran = run_apart(words, GONGCHOU_VAR=str(tmp_path), GONGCHOU_DATABASE_URL=away)
    assert ran.returncode == 1
    assert ran.stderr.startswith("数据库连不上：")
    assert "Traceback" not in ran.stderr


def run_apart(words: list[str], **environment: str) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own, as a person runs it."""
    settings = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    return subprocess.run(
        [sys.executable, "-m", "gongchou.config.cli", *words],
        env={**settings, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
