"""Plans of other places, written as files by the manual alone; the counts worked out by hand."""

from datetime import date
from fractions import Fraction

import pytest

from gongchou.core.classify import Classification, ClassRow, classify
from gongchou.core.quota import draw_strata, month_counts, plan_strata, quarter_count
from gongchou.core.quota_words import quota_text
from gongchou.core.refusals import Invalid
from gongchou.core.terms import ConstructionStage, PermitCategory, Stratum
from gongchou.core.workdays import Quarter
from gongchou.law.load import load_profile
from tests.factories import make_snapshot, make_subject

HEAD = """id = "elsewhere"
title = "外地方案（按公开的比例改写）"
document_number = "虚构〔2026〕1号"
since = 2026-01-01
lays_over = "tangshan_gaoxin_2024"
"""
ROW = '\nsince = 2026-01-01\nclause = "一"\nsays = "转述"\n'
DAY = date(2026, 1, 5)
KEY, SPECIAL, REST = Stratum.KEY, Stratum.SPECIAL, Stratum.GENERAL_UNLISTED


def share(stratum: str, ratio: str, more: str = "") -> str:
    return f'[[quota]]\nstratum = "{stratum}"\nratio = "{ratio}"\n{more}{ROW}'


def staff(stratum: str, ratio: str, more: str = "", order: str = "inspectors_first") -> str:
    return (
        f'[[quota]]\nstratum = "{stratum}"\nof = "inspectors"\nstaff_ratio = "{ratio}"\n'
        f'staff_order = "{order}"\n{more}{ROW}'
    )


YEAR, MONTH = 'per = "year"\n', 'per = "month"\n'


def written(tmp_path, *tables: str):
    path = tmp_path / "own.toml"
    path.write_text(HEAD + "".join(tables), "utf-8")
    return load_profile(str(path))


# place, tables, then stratum · base · inspectors · what the first and second quarter owe
PLACES = [
    ("池州", (share("special", "15/100"), share("general_unlisted", "5/100")),
     [(KEY, 9, 8, 3, 3), (SPECIAL, 7, 8, 2, 2), (REST, 227, 8, 12, 12)]),
    ("池州按人", (staff("general_unlisted", "1:5", YEAR),), [(REST, 227, 8, 10, 10)]),
    ("喀什", (share("special", "50/100"), staff("general_unlisted", "1:2")),
     [(SPECIAL, 7, 8, 4, 4), (REST, 227, 8, 16, 16)]),
    ("喀什地区", (share("key", "5/100"), share("special", "25/100"),
                staff("general_unlisted", "1:1")),
     [(KEY, 21, 8, 2, 2), (SPECIAL, 8, 8, 2, 2), (REST, 227, 8, 8, 8)]),
    ("枣庄峄城", (share("special", "100/100", YEAR), share("general_unlisted", "2/100")),
     [(SPECIAL, 7, 8, 2, 2), (REST, 227, 8, 5, 5)]),
    ("福州闽清", (share("special", "100/100"),), [(SPECIAL, 7, 8, 7, 7)]),
    ("广州", (share("key", "125/1000"), share("special", "25/100"),
            staff("general_unlisted", "1:2.5", YEAR)),
     [(KEY, 100, 8, 13, 13), (SPECIAL, 9, 8, 3, 3), (REST, 500, 9, 6, 6)]),
    ("北京朝阳", (share("key", "9/100", MONTH + 'yearly_least = "100/100"\n'),
              share("special", "5/100", MONTH), staff("general_unlisted", "2:1", MONTH)),
     [(KEY, 50, 9, 15, 15), (KEY, 4, 9, 3, 3), (SPECIAL, 21, 9, 6, 6), (REST, 300, 9, 15, 15)]),
    ("江西", (share("key", "25/100", 'yearly_least = "100/100"\n'),
            share("special", "50/100", YEAR), share("general_unlisted", "20/100", YEAR)),
     [(KEY, 10, 8, 3, 3), (SPECIAL, 30, 8, 4, 4), (REST, 101, 8, 6, 5)]),
    ("邵武", (share("special", "20/100"), staff("general_unlisted", "1:15")),
     [(SPECIAL, 11, 4, 3, 3), (REST, 227, 4, 60, 60)]),
    ("武汉江汉", (share("key", "100/100"), staff("general_unlisted", "1:10", YEAR)),
     [(KEY, 9, 8, 9, 9), (REST, 227, 7, 18, 17)]),
    ("郑州", (share("special", "30/100"), share("key", "10/100"),
            share("general_unlisted", "2/100")),
     [(SPECIAL, 31, 8, 10, 10), (KEY, 31, 8, 4, 4), (REST, 151, 8, 4, 4)]),
    ("固定家数", ('[[quota]]\nstratum = "general_unlisted"\nof = "fixed"\ncount = 12\n' + ROW,),
     [(REST, 227, 8, 12, 12), (REST, 9, 8, 9, 9)]),
]  # fmt: skip


@pytest.mark.parametrize(("tables", "rows"), [p[1:] for p in PLACES], ids=[p[0] for p in PLACES])
def test_the_plan_of_another_place_owes_what_was_worked_out_by_hand(tmp_path, tables, rows):
    profile = written(tmp_path, *tables)
    for stratum, base, people, first, second in rows:
        quota = profile.quota(stratum, DAY)
        owed = [
            quarter_count(quota, base=base, quarter=Quarter(2026, n), inspectors=people)
            for n in (1, 2)
        ]
        assert owed == [first, second], stratum


@pytest.mark.parametrize(
    ("ratio", "order", "each", "wording"),
    [
        ("1:10", "inspectors_first", Fraction(10), "检查人员与检查对象 1:10"),
        ("10:1", "subjects_first", Fraction(10), "检查对象与检查人员 10:1"),
        ("2:1", "inspectors_first", Fraction(1, 2), "检查人员与检查对象 2:1"),
        ("1:2", "subjects_first", Fraction(1, 2), "检查对象与检查人员 1:2"),
        ("1:2.5", "inspectors_first", Fraction(5, 2), "检查人员与检查对象 1:2.5"),
    ],
)
def test_a_staff_ratio_keeps_its_wording_and_is_worked_out(tmp_path, ratio, order, each, wording):
    quota = written(tmp_path, staff("general_unlisted", ratio, order=order)).quota(REST, DAY)
    assert (quota.ratio, quota.wording) == (each, wording)
    assert wording in quota_text(quota)


BUILDING = (
    '[[quota]]\nstratum = "general_unlisted"\npart = "construction"\npart_name = "三同时项目"\n'
    'only = { construction_stage = ["building", "trial"] }\nratio = "40/100"\nper = "year"\n'
    'rotation = "year_no_repeat"\n' + ROW
)


def roster(visited: int = 0):
    building = [
        make_subject(
            f"B{n:02}",
            construction_stage=ConstructionStage.BUILDING,
            visited_on=(date(2026, 1, 4),) if n < visited else (),
        )
        for n in range(20)
    ]
    return make_snapshot(*building, *[make_subject(f"Y{n:02}") for n in range(40)])


def sums(profile, snapshot, number: int = 1):
    quarter = Quarter(2026, number)
    found, subjects = classify(snapshot, profile, quarter), {s.ref: s for s in snapshot.subjects}
    strata = plan_strata(found, profile, DAY, subjects=subjects)
    return strata, draw_strata(found, subjects, profile, quarter)


def test_a_kind_of_subject_has_a_ratio_of_its_own_and_the_rest_the_other(tmp_path):
    strata, draw = sums(written(tmp_path, BUILDING), roster())
    rest = [(s.part, s.base_count, s.required_count) for s in strata if s.stratum is REST]
    assert rest == [("construction", 20, 2), ("", 40, 2)]  # 20 × 40% ÷ 4, 40 × 3% = 1.2
    assert {s.name: (s.count, len(s.members)) for s in draw} == {
        "general_unlisted.construction.fresh": (2, 20),
        "general_unlisted.fresh": (2, 40),
    }


def test_a_yearly_quota_without_repeats_draws_only_whom_nobody_visited(tmp_path):
    draw = sums(written(tmp_path, BUILDING), roster(visited=19))[1]
    by = {s.name: (s.count, len(s.members)) for s in draw}
    assert by["general_unlisted.construction.fresh"] == (1, 1)
    assert "general_unlisted.construction.visited" not in by


def test_industries_may_be_named_by_their_beginning(tmp_path):
    part = BUILDING.replace('construction_stage = ["building", "trial"]', 'industry_code = ["26*"]')
    snapshot = make_snapshot(
        make_subject("A", industry_code="2614"), make_subject("B", industry_code="2710")
    )
    strata = sums(written(tmp_path, part), snapshot)[0]
    assert [s.base_count for s in strata if s.stratum is REST] == [1, 1]


@pytest.mark.parametrize(
    ("table", "says"),
    [
        (staff("key", "1-10"), r"第 9 行.*应写成 \"1:10\""),
        (staff("key", "0:10"), "两边都大于 0"),
        (staff("key", "1:10", order="both"), r"第 10 行.*应为inspectors_first"),
        (share("key", "1/4", "count = 3\n"), r"第 9 行.*只与 of = \"fixed\""),
        (share("key", "1/4", 'staff_ratio = "1:2"\n'), 'of = "inspectors"'),
        (share("key", "1/4", 'of = "fixed"\ncount = 3\n'), "不写“ratio”"),
        ('[[quota]]\nstratum = "key"\nof = "fixed"\ncount = -1\n' + ROW, "不小于 0 的整数"),
        ('[[quota]]\nstratum = "key"\nof = "fixed"\ncount = 1.5\n' + ROW, "不小于 0 的整数"),
        (share("key", "1/4", 'yearly_least = "5/4"\n'), "0 与 1 之间"),
        (share("key", "1/4", 'part = "x"\n'), "三项都写"),
        (BUILDING.replace('"construction"', '"fresh"'), "不得为 fresh"),
        (BUILDING.replace("construction_stage", "mood"), "标签“mood”未知"),
        (BUILDING.replace('"trial"', '"dreaming"'), "“dreaming”未知"),
        (BUILDING.replace('{ construction_stage = ["building", "trial"] }', '"x"'), "应写成 {"),
        (BUILDING.replace('["building", "trial"]', "[]"), "至少写一个值"),
        (share("key", "1/4", 'per = "week"\n'), "应为month、quarter、year之一"),
        (share("key", "1/4") + share("key", "1/5"), r"第 13 行.*有两条都从 2026-01-01 起生效"),
    ],
)
def test_a_quota_that_does_not_fit_is_refused_with_its_line(tmp_path, table, says):
    with pytest.raises(Invalid, match=says):
        written(tmp_path, table)


def test_a_quota_on_a_stratum_that_no_rule_leads_to_is_refused(tmp_path):
    path = tmp_path / "own.toml"
    rule = f'[[class_rule]]\nstratum = "key"\nfact = "permit_category"\nvalues = ["key"]\n{ROW}'
    alone = HEAD.replace('lays_over = "tangshan_gaoxin_2024"\n', "")
    path.write_text(alone + rule + share("special", "1/4"), "utf-8")
    with pytest.raises(Invalid, match=r"第 15 行.*归入“特殊”这一层，比例会落空"):
        load_profile(str(path))


@pytest.mark.parametrize("ratio", [Fraction(n, 1000) for n in (10, 20, 30, 50, 70, 90, 100, 125,
                                                              150, 200, 250, 300, 350, 400, 500,
                                                              650, 850, 1000)])  # fmt: skip
@pytest.mark.parametrize("per", ["month", "quarter", "year"])
def test_boundary_table_of_every_ratio_from_nobody_to_two_hundred(tmp_path, ratio, per):
    text = share("key", f"{ratio.numerator}/{ratio.denominator}", f'per = "{per}"\n')
    quota = written(tmp_path, text).quota(KEY, DAY)
    for base in range(201):
        year = [quarter_count(quota, base=base, quarter=Quarter(2026, n)) for n in (1, 2, 3, 4)]
        exact = ratio * base
        least = {"month": 12 * exact, "quarter": 4 * exact, "year": exact}[per]
        spare = {"month": 12, "quarter": 4, "year": 1}[per]
        assert max(year) <= base
        assert sum(year) < least + spare
        assert sum(year) >= min(least, 4 * base)


def test_a_quarter_is_spread_over_its_months_the_earlier_first():
    assert [month_counts(n) for n in (0, 1, 2, 3, 7)] == [
        (0, 0, 0), (1, 0, 0), (1, 1, 0), (1, 1, 1), (3, 2, 2),
    ]  # fmt: skip


def test_the_look_back_of_a_year_reaches_last_january(tmp_path):
    setting = '[[parameter]]\nkey = "special.lookback"\nvalue = "previous_calendar_year"\n' + ROW
    rows: Classification = classify(
        make_snapshot(make_subject("A", permit_category=PermitCategory.KEY)),
        written(tmp_path, setting),
        Quarter(2026, 1),
    )
    assert isinstance(rows.rows[0], ClassRow)
    assert {r.window for r in written(tmp_path, setting).rules_on(DAY) if r.window_key} == {
        "previous_calendar_year"
    }
