"""The shipped policies read as written, and a faulty one says where and how to mend it."""

from datetime import date
from fractions import Fraction

import pytest

from gongchou.core.refusals import Invalid, NoRule
from gongchou.core.terms import Rotation, Stratum
from gongchou.law.load import FOLDER as LAW
from gongchou.law.load import load_profile, profile_ids, read_toml

DAY = date(2026, 1, 5)
ROW = 'since = 2024-01-01\nclause = "一"\nsays = "虚构"\n'
HEAD = 'id = "x"\ntitle = "虚构方案"\ndocument_number = "虚构〔2024〕1号"\nsince = 2024-01-01\n'


@pytest.mark.parametrize("policy", profile_ids())
def test_every_shipped_policy_reads(policy):
    assert load_profile(policy).id == policy


@pytest.mark.parametrize(
    ("stratum", "ratio"),
    [("key", "1/4"), ("special", "13/20"), ("general_unlisted", "3/100"), ("general_listed", "1")],
)
def test_the_ratios_of_the_plan_of_2024(stratum, ratio):
    profile = load_profile("tangshan_gaoxin_2024")
    assert profile.quota(Stratum(stratum), DAY).ratio == Fraction(ratio)


def test_half_of_the_rotated_quotas_is_reserved():
    profile = load_profile("tangshan_gaoxin_2024")
    for stratum in (Stratum.KEY, Stratum.GENERAL_UNLISTED):
        quota = profile.quota(stratum, DAY)
        assert (quota.rotation, quota.reserved) == (Rotation.YEAR_RESERVE, Fraction(1, 2))


def test_a_rule_does_not_hold_before_its_start():
    with pytest.raises(NoRule, match="2024-03-27"):
        load_profile("tangshan_gaoxin_2024").quota(Stratum.KEY, date(2024, 3, 27))


def test_every_row_cites_a_clause_in_our_own_words():
    tables = [read_toml(path) for path in (LAW / "tangshan_gaoxin_2024").glob("*.toml")]
    rows = [
        row
        for table in tables
        for kind, entries in table.items()
        if isinstance(entries, list) and kind != "ruling"
        for row in entries
    ]
    assert len(rows) > 40
    assert all(row["clause"] and row["says"] and row["since"] for row in rows)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[[quota]]\nstratum = "key"\nratio = 0.25\n' + ROW, "不得写小数"),
        ('[[quota]]\nstratum = "key"\nratio = "125/100"\n' + ROW, "0 与 1 之间"),
        ('[[quota]]\nstratum = "key"\nratio = "1/0"\n' + ROW, "不是分数"),
        ('[[quota]]\nstratum = "vip"\nratio = "1/4"\n' + ROW, "未知"),
        ('[[quota]]\nstratum = "key"\nratio = "1/4"\nclause = "一"\nsays = "虚构"\n', "since"),
        (('[[quota]]\nstratum = "key"\nratio = "1/4"\n' + ROW) * 2, "只留一条"),
        ('[[class_rule]]\nstratum = "key"\nfact = "luck"\n' + ROW, "事实“luck”未知"),
        ('[[class_rule]]\nstratum = "key"\nfact = "luck"\nwhen = "x"\n' + ROW, "不认识"),
        ('[[parameter]]\nkey = "a"\nvalue = 0.5\n' + ROW, "不得写小数"),
        ('[[quotas]]\nkey = "a"\n', "不认识"),
        ("[[quota\n", "TOML"),
    ],
)  # fmt: skip
def test_a_faulty_policy_is_refused_with_the_remedy(tmp_path, text, says):
    path = tmp_path / "own.toml"
    path.write_text(HEAD + "\n" + text, "utf-8")
    with pytest.raises(Invalid, match=says):
        load_profile(str(path))


def test_a_missing_policy_names_the_shipped_ones():
    with pytest.raises(Invalid, match="tangshan_gaoxin_2024"):
        load_profile("nowhere")
