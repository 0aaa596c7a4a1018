"""The shipped policies read as written, and a faulty one says where and how to mend it."""

from datetime import date
from fractions import Fraction

import pytest

from gongchou.core.policy_keys import KEYS
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
        ('[[parameter]]\nkey = "rounding"\nvalue = "floor"\n' + ROW, "应取自ceil"),
        ('[[parameter]]\nkey = "draw.luck"\nvalue = 1\n' + ROW, "没有“draw.luck”"),
        ('[[class_rule]]\nstratum = "key"\nfact = "credit_level"\n' + ROW, "缺少“values”"),
        ('[[class_rule]]\nstratum = "key"\nfact = "credit_level"\nvalues = ["Z"]\n' + ROW, "Z"),
        ('[[class_rule]]\nstratum = "key"\nfact = "designated"\nvalues = ["A"]\n' + ROW, "不需要"),
        ('[[class_rule]]\nstratum = "key"\nfact = "designated"\nwindow = "x"\n' + ROW, "未知"),
        (
            '[[class_rule]]\nstratum = "key"\nfact = "credit_level"\nvalues_key = "x"\n' + ROW,
            "设置“x”未知",
        ),
        (('[[class_rule]]\nstratum = "key"\nfact = "designated"\n' + ROW) * 2, "只留一条"),
        ('[[quota]]\nstratum = "key"\nratio = "1/4"\nreserved = "1/2"\n' + ROW, "同时写"),
        ('[[quota]]\nstratum = "key"\nratio = "1/4"\nper = "week"\n' + ROW, "quarter、year"),
        ('[[quota]]\nstratum = "key"\nratio = "1/4"\nis_offsite = 1\n' + ROW, "true 或 false"),
        ('[[quota]]\nstratum = "key"\nratio = "１/4"\n' + ROW, "不是分数"),
        ('[[quota]]\nstratum = "key"\nratio = "1_0/40"\n' + ROW, "不是分数"),
        ('[[share]]\nkey = "luck"\nleast = "1/2"\n' + ROW, "应为joint.internal"),
        ('[[share]]\nkey = "tiered"\nleast = "0/1"\n' + ROW, "应大于 0"),
        ('[[parameter]]\nkey = "deadline.cutoff"\nvalue = "25:00"\n' + ROW, "写法不对"),
        ('[[parameter]]\nkey = "aux.assist_only"\nvalue = false\n' + ROW, "应取自true"),
        ('[[parameter]]\nkey = "offsite.completeness"\nvalue = "5/4"\n' + ROW, "0 与 1 之间"),
        ('[[parameter]]\nkey = "cap.exemptions"\nvalue = [1]\n' + ROW, "只能写带引号的文字"),
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


def test_a_policy_that_leaves_something_open_is_told_what(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(HEAD, "utf-8")
    with pytest.raises(NoRule, match=r"特殊的比例.*tiered 的最低份额.*lays_over"):
        load_profile(str(path))


OWN = 'lays_over = "tangshan_gaoxin_2024"\n[[quota]]\nstratum = "key"\nratio = "30/100"\n'


def test_a_changed_percentage_of_a_bureau_is_one_dated_row_in_one_file(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(HEAD + OWN + ROW.replace("2024-01-01", "2026-01-01"), "utf-8")
    profile = load_profile(str(path))
    assert profile.quota(Stratum.KEY, date(2025, 12, 31)).ratio == Fraction(1, 4)
    assert profile.quota(Stratum.KEY, date(2026, 1, 1)).ratio == Fraction(3, 10)


@pytest.mark.parametrize("under", ["nowhere", "x"])
def test_a_policy_laid_over_nothing_or_itself_is_refused(tmp_path, under):
    path = tmp_path / "own.toml"
    path.write_text(HEAD + f'lays_over = "{under}"\n', "utf-8")
    with pytest.raises(Invalid, match="lays_over"):
        load_profile(str(path))


def test_the_overlay_of_2025_adds_and_keeps_the_rest():
    profile = load_profile("overlay_2025")
    assert profile.number("cap.daily", date(2025, 1, 3)) == 2
    assert profile.setting("cap.daily", date(2025, 1, 2)) is None
    assert profile.quota(Stratum.SPECIAL, DAY).ratio == Fraction(65, 100)


@pytest.mark.parametrize("policy", profile_ids())
def test_every_needed_setting_is_answered_and_no_unknown_one_stands(policy):
    held = {row.key for row in load_profile(policy).parameters}
    assert {key for key, known in KEYS.items() if known.is_needed} <= held <= set(KEYS)


READINGS = {key for key, known in KEYS.items() if known.is_needed} - {
    "deadline.task", "publish.penalty", "publish.withdrawal", "publish.retention_years",
    "publish.retention_years_natural_person", "team.visits_per_day", "team.experts",
    "team.no_repeat_visits", "register.cooldown_days",
}  # fmt: skip


@pytest.mark.parametrize("key", sorted(READINGS))
def test_every_reading_rests_on_a_ruling(profile_2024, key):
    assert profile_2024.ruling(key) is not None


@pytest.mark.parametrize("policy", profile_ids())
def test_no_two_rulings_share_a_ref_and_all_say_they_are_defaults(policy):
    rulings = load_profile(policy).rulings
    assert len({ruling.ref for ruling in rulings}) == len(rulings)
    assert {ruling.decided_by for ruling in rulings} == {"产品默认"}


def test_a_row_on_the_products_own_account_names_a_ruling_that_exists(profile_2024):
    refs = {ruling.ref for ruling in profile_2024.rulings}
    own = [p.clause for p in profile_2024.parameters if p.clause.source == "产品默认"]
    assert own
    assert {clause.number.removeprefix("口径") for clause in own} <= refs


RULING = (
    '[[ruling]]\nref = "{ref}"\nkey = "special.credit"\nquestion = "虚构"\nreading = "虚构"\n'
    'decided_by = "虚构小组"\non = 2026-01-01\nreplaces = "{replaces}"\n'
)
HOURS = '[[parameter]]\nkey = "release.earliest"\nvalue = "hours_before"\n'
LATER = ROW.replace("2024-01-01", "2026-01-01")


@pytest.mark.parametrize(
    ("table", "kind", "says"),
    [
        (RULING.format(ref="default-5", replaces=""), Invalid, "写了两次"),
        (RULING.format(ref="own-1", replaces="default-99"), Invalid, "不存在"),
        (HOURS + LATER, NoRule, "release.hours"),
    ],
)
def test_what_does_not_fit_the_policy_below_is_refused(tmp_path, table, kind, says):
    path = tmp_path / "own.toml"
    path.write_text(HEAD + 'lays_over = "tangshan_gaoxin_2024"\n' + table, "utf-8")
    with pytest.raises(kind, match=says):
        load_profile(str(path))


def test_a_release_hours_before_the_visit_says_how_many(tmp_path):
    hours = '[[parameter]]\nkey = "release.hours"\nvalue = 2\n' + LATER
    path = tmp_path / "own.toml"
    path.write_text(HEAD + 'lays_over = "tangshan_gaoxin_2024"\n' + HOURS + LATER + hours, "utf-8")
    assert load_profile(str(path)).number("release.hours", DAY) == 2
