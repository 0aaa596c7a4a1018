"""The registers, the deadlines and the command line follow what the bureau adopted."""

import json
import os
import sqlite3
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction

from gongchou.config.cli import main
from gongchou.core.terms import ImportKind, Role, Stratum
from gongchou.law.load import load_calendar
from gongchou.planning import reads as plans
from gongchou.registry import actions, reads
from gongchou.registry.models import AdoptedPolicy
from gongchou.registry.policy import cooldown_begins, profile_of
from tests.conftest import AT, BUREAU, TODAY
from tests.registry.test_import import csv, line, take

ROOT = Path(__file__).parents[2]
OWN = """id = "linxi_2026"
title = "2026年双随机监管工作实施方案（虚构）"
document_number = "临环高发〔2026〕1号"
since = 2026-01-01
lays_over = "tangshan_gaoxin_2024"

[[class_rule]]
stratum = "special"
fact = "permit_category"
values = ["simplified"]
since = 2026-01-01
clause = "二（三）"
says = "简化管理的为特殊监管对象"
"""
SETTINGS = (
    ("register.cooldown_days", 10),
    ("deadline.task", 8),
    ("deadline.statistics", 3),
    ("deadline.forms", 9),
)
SETTING = """
[[parameter]]
key = "{}"
value = {}
since = 2026-01-01
clause = "四（五）"
says = "期限另定"
"""
WHOLE = OWN + "".join(SETTING.format(*row) for row in SETTINGS)


@pytest.fixture
def leader(person):
    return person("lin", "林局长", Role.LEADER)


def adopt(leader, since=TODAY, text=WHOLE) -> str:
    return actions.adopt_policy(
        text=text, since=since, document="虚构〔2026〕2号", by=leader, at=AT
    )


def test_the_page_of_a_site_gives_its_class_by_the_adopted_policy(bureau, chen, leader):
    take(ImportKind.SUBJECTS, csv(line(1, category="简化管理")), chen)
    ref = reads.subjects(bureau, TODAY).rows[0].ref
    adopt(leader, since=TODAY + timedelta(1))
    assert reads.subject(ref, bureau, TODAY).class_row.stratum is Stratum.GENERAL_UNLISTED
    later = reads.subject(ref, bureau, TODAY + timedelta(1))
    assert later.class_row.stratum is Stratum.SPECIAL
    assert later.class_row.reasons[0].clause.says == "简化管理的为特殊监管对象"


def test_the_cooldown_before_a_draw_is_that_of_the_adopted_policy(bureau, leader):
    day = date(2026, 3, 31)
    assert load_calendar().is_workday(day)
    assert cooldown_begins(bureau, day) == date(2026, 3, 26)  # three working days
    adopt(leader)
    assert cooldown_begins(bureau, day) == date(2026, 3, 17)  # ten working days


def test_the_deadlines_on_pages_and_on_the_command_line_are_those_adopted(bureau, leader, capsys):
    adopt(leader)
    found = plans.deadlines(bureau, "2026Q1")
    days = [d.on for d in (found.task, found.statistics, found.forms)]
    assert days == [date(2026, 3, 19), date(2026, 4, 3), date(2026, 4, 14)]
    assert main(["deadlines", "2026Q1", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer == {
        "quarter": "2026Q1",
        "task_reminder": "2026-03-19",
        "task_deadline": "2026-03-19",
        "statistics_deadline": "2026-04-03",
        "forms_deadline": "2026-04-14",
        "provisional": False,
        "policy": "linxi_2026",
    }


def test_a_quarter_before_the_adopted_policy_keeps_its_deadlines(bureau, leader, capsys):
    adopt(leader, since=date(2026, 4, 1))
    assert plans.deadlines(bureau, "2026Q1").task.on == date(2026, 3, 24)
    assert main(["deadlines", "2026Q1", "--bureau", BUREAU]) == 0
    assert "唐环高发〔2024〕10号" in capsys.readouterr().out
    assert main(["deadlines", "2026Q2", "--bureau", BUREAU]) == 0
    assert "临环高发〔2026〕1号" in capsys.readouterr().out


def test_a_policy_named_on_the_command_line_goes_before_the_adopted_one(bureau, leader, capsys):
    adopt(leader)
    assert main(["deadlines", "2026Q1", "--policy", "tangshan_gaoxin_2024", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["task_deadline"] == "2026-03-24"
    assert main(["deadlines", "2026Q1", "--policy", "overlay_2025", "--bureau", BUREAU]) == 1
    assert "只能写一个" in capsys.readouterr().err


def test_a_bureau_that_is_not_there_is_told(bureau, capsys):
    assert main(["deadlines", "2026Q1", "--bureau", "000000"]) == 1
    assert "000000" in capsys.readouterr().err


def test_the_database_refuses_to_change_what_was_adopted(bureau, leader):
    adopt(leader)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AdoptedPolicy.objects.update(adoption_document="改过的文号")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AdoptedPolicy.objects.all().delete()
    assert profile_of(bureau, TODAY).id == "linxi_2026"


def migrate(folder: Path, *names: str) -> None:
    environment = {**os.environ, "GONGCHOU_VAR": str(folder)}
    environment.pop("GONGCHOU_DATABASE_URL", None)
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "-v0", *names],
        cwd=ROOT,
        env=environment | {"DJANGO_SETTINGS_MODULE": "gongchou.config.settings"},
        check=True,
    )


OLD_ROWS = """
INSERT INTO accounts_bureau ({names}) VALUES ({values});
INSERT INTO planning_adoptedpolicy (id, ref, policy, title, document_number, is_uploaded, digest,
  body, since, adoption_document, adopted_by_ref, adopted_by_name, adopted_at, bureau_id)
  VALUES (7, 'A1', 'p', '题', '号', 0, 'd', x'7b7d', '2026-01-01', '文', 'u', '林',
          '2026-01-01', 1);
INSERT INTO planning_recordedruling (id, ref, key, value, question, reading, clause, decided_by,
  document, "on", until, replaces, recorded_by_ref, recorded_by_name, recorded_at, bureau_id)
  VALUES (9, 'R1', 'k', 'v', '问', '答', '二', '组', '文', '2026-01-01', NULL, '', 'u', '林',
          '2026-01-01', 1);
INSERT INTO planning_clausetext (id, ref, clause, text, source, replaces, "on", by_ref, by_name, at,
  adopted_id, bureau_id)
  VALUES (3, 'X1', '二', '原文', '文', '', '2026-01-01', 'u', '林', '2026-01-01', 7, 1);
"""


def test_policies_adopted_before_the_move_are_still_there(tmp_path):
    migrate(tmp_path, "planning", "0005")
    [file] = tmp_path.rglob("*.sqlite3")
    with sqlite3.connect(file) as old:
        told = old.execute("PRAGMA table_info(accounts_bureau)").fetchall()
        kinds = [(row[1], row[2]) for row in told]
        names = [name for name, _ in kinds]
        number = ("bigint", "integer", "bool", "INTEGER")
        values = [
            {"bureau_level": "'district'"}.get(n, "1" if k in number else "'x'") for n, k in kinds
        ]
        old.executescript(OLD_ROWS.format(names=", ".join(names), values=", ".join(values)))
    migrate(tmp_path)
    with sqlite3.connect(file) as new:
        [kept] = new.execute("SELECT id, ref, body, adoption_document FROM registry_adoptedpolicy")
        assert kept == (7, "A1", b"{}", "文")
        [ruling] = new.execute("SELECT id, ref, value, until FROM registry_recordedruling")
        assert ruling == (9, "R1", "v", None)
        [text] = new.execute(
            "SELECT x.ref, a.ref FROM planning_clausetext x"
            " JOIN registry_adoptedpolicy a ON a.id = x.adopted_id"
        )
        assert text == ("X1", "A1")
        gone = "SELECT count(*) FROM sqlite_master WHERE name = 'planning_adoptedpolicy'"
        assert new.execute(gone).fetchone() == (0,)
