"""Policies at the command line, without any database."""

import json
from fractions import Fraction

import pytest

from gongchou.config.cli import main

HEAD = 'id = "own"\ntitle = "虚构方案"\ndocument_number = "虚构〔2026〕1号"\nsince = 2026-01-01\n'
ROW = 'since = 2026-01-01\nclause = "一"\nsays = "虚构"\n'
OVER = HEAD + 'lays_over = "tangshan_gaoxin_2024"\n'
STAFF = OVER + '[[quota]]\nstratum = "key"\nratio = "5/1"\nof = "inspectors"\n' + ROW


def asked(capsys, *words, status=0):
    assert main(["policy", *words, "--json"]) == status
    return json.loads(capsys.readouterr().out)


def quota(capsys, *words, counts="key=40,special=20,general_listed=7,general_unlisted=34"):
    found = asked(capsys, "quota", "--counts", counts, "--quarter", "2026Q1", *words)
    return {row["stratum"]: row for row in found["strata"]}


def test_the_plan_of_2024_owes_what_it_says(capsys):
    found = quota(capsys, "--policy", "tangshan_gaoxin_2024")
    owed = {name: row["required_count"] for name, row in found.items()}
    assert owed == {"key": 10, "special": 13, "general_listed": 7, "general_unlisted": 2}
    assert Fraction(found["key"]["ratio"]) == Fraction(25, 100)
    assert found["key"]["ratio"] == "25/100"
    assert found["key"]["clause"] == "二（三）"


def test_only_the_strata_asked_for_are_answered(capsys):
    assert list(quota(capsys, counts="key=0")) == ["key"]


def test_a_staff_ratio_needs_the_number_of_inspectors(capsys, tmp_path):
    own = tmp_path / "own.toml"
    own.write_text(STAFF, "utf-8")
    words = ("--policy", str(own))
    assert quota(capsys, *words, "--inspectors", "6")["key"]["required_count"] == 30
    refused = asked(capsys, "quota", *words, "--counts", "key=40", status=1)
    assert "请给出检查人员数" in refused["problem"]


@pytest.mark.parametrize("counts", ["vip=1", "key=-1", "key=1.5", "key", "key=1,key=2", ""])
def test_counts_that_make_no_sense_are_wrong_use(capsys, counts):
    with pytest.raises(SystemExit) as caught:
        main(["policy", "quota", "--counts", counts])
    assert caught.value.code == 2


def test_a_quarter_before_the_plan_has_no_rule(capsys):
    words = ("--counts", "key=1", "--quarter", "2023Q4")
    assert "没有生效" in asked(capsys, "quota", *words, status=1)["problem"]


def test_the_shipped_policies_are_listed_and_valid(capsys):
    ids = [row["id"] for row in asked(capsys, "list")["policies"]]
    assert ids == ["frequency_2025", "overlay_2025", "tangshan_gaoxin_2024"]
    assert all(asked(capsys, "validate", policy)["ok"] for policy in ids)


def test_a_faulty_file_is_refused_with_place_and_remedy(capsys, tmp_path):
    own = tmp_path / "own.toml"
    own.write_text(OVER + '[[quota]]\nstratum = "key"\nratio = 0.3\n' + ROW, "utf-8")
    found = asked(capsys, "validate", str(own), status=1)
    assert "own.toml 第 8 行（第 1 个 [[quota]]）" in found["problem"]


def test_a_case_answered_otherwise_fails_the_policy(capsys, tmp_path):
    (tmp_path / "profile.toml").write_text(OVER, "utf-8")
    (tmp_path / "cases").mkdir()
    case = '[[count_case]]\nstratum = "key"\non = 2026-01-05\nbase = 11\nrequired = 2\n'
    (tmp_path / "cases" / "own.toml").write_text(case, "utf-8")
    found = asked(capsys, "validate", str(tmp_path), status=1)
    assert found["ok"] is False
    assert "应为 2，实为 3" in found["problems"][0]


def test_a_policy_is_shown_with_the_clause_of_every_number(capsys):
    assert main(["policy", "show", "tangshan_gaoxin_2024"]) == 0
    shown = capsys.readouterr().out
    assert (
        "重点：每季度 25%，现场抽查，年内未查保留份额 50%（唐环高发〔2024〕10号 二（三）" in shown
    )
    found = asked(capsys, "show", "tangshan_gaoxin_2024")
    assert {row["value"] for row in found["settings"] if row["key"] == "aux.assist_only"} == {True}


@pytest.mark.parametrize("where", ["nowhere", "."])
def test_a_path_without_policy_is_refused(capsys, tmp_path, monkeypatch, where):
    monkeypatch.chdir(tmp_path)
    assert asked(capsys, "show", where, status=1)["ok"] is False
