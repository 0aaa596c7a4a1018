"""Seven policies of other bureaus, written by the manual alone, counted by hand on one register.

The register: sites 1–11 hold key permits, 12–17 simplified ones, 18–60 are registered, of these
18–20 under construction and 59–60 on the positive list. Punished in December: 1, 2, 3, 12; last
March: 4. A complaint about 5 proved true in November. Eight people can be drawn.
"""

from datetime import date
from pathlib import Path

import pytest

from gongchou.config.cli import main
from gongchou.core.quota import quarter_count
from gongchou.core.terms import ImportKind, Role
from gongchou.core.workdays import Quarter
from gongchou.law.load import load_profile
from gongchou.planning import actions, reads
from gongchou.registry import actions as registry
from tests.conftest import AT, TODAY
from tests.registry.test_import import csv, line, take, uscc

FILES = Path(__file__).parent / "bureaus"
NAMES = sorted(path.stem for path in FILES.iterdir())

# What the first quarter owes: stratum and part, base, required. Worked out on paper.
SPECIAL, KEY, REST, LISTED = "special", "key", "general_unlisted", "general_listed"
BY_HAND = {
    "beihe_monthly": {
        KEY: (7, 3),  # 0.63 → 1 a month; 7 ÷ 4 → 2 for everybody once a year
        SPECIAL: (5, 3),  # 0.25 → 1 a month
        REST: (46, 12),  # two people one unit: 4 a month
        LISTED: (2, 2),
    },
    "dongxi_abc": {
        KEY: (11, 3),  # 2.75; 11 ÷ 4 = 2.75 as well
        SPECIAL: (0, 0),
        REST + ".b": (6, 1),  # 3 a year
        REST: (43, 10),  # 8 × 5 = 40 a year
        LISTED: (0, 0),
    },
    "haibin_fixed": {
        KEY: (7, 6),  # two a month
        SPECIAL: (5, 1),  # 2.5 → 3 a year
        REST + ".building": (3, 1),  # five a year, three there are: 0.75
        REST: (43, 8),  # 30 a year: 7.5
        LISTED: (2, 2),
    },
    "jianghe_district": {
        KEY: (7, 7),
        SPECIAL: (5, 4),  # 3.25, as in the plan below
        REST + ".construction": (3, 1),  # 1.2 → 2 a year
        REST: (43, 20),  # 8 × 10 = 80 a year
        LISTED: (2, 2),
    },
    "qingmin_county": {
        KEY: (6, 2),  # 1.5; site 4 was punished in the year before
        SPECIAL: (6, 6),
        REST: (46, 1),  # 0.92
        LISTED: (2, 2),
    },
    "shaoxi_city": {
        KEY: (7, 2),  # 1.75
        SPECIAL + ".penalised": (4, 1),  # 0.8
        SPECIAL: (1, 1),  # 0.1
        REST: (46, 46),  # 8 × 15 = 120, more than there are
        LISTED: (2, 2),
    },
    "xisha_county": {
        KEY: (7, 2),  # 1.75
        SPECIAL: (5, 3),  # 2.5
        REST: (46, 16),  # 8 × 2
        LISTED: (2, 2),
    },
}
# The same file through a year: stratum, part, base, and the four quarters.
YEARS = [
    ("beihe_monthly", KEY, "", 7, [3, 3, 3, 3]),
    ("beihe_monthly", KEY, "", 2, [2, 2, 2, 2]),
    ("dongxi_abc", KEY, "", 11, [3, 3, 3, 3]),
    ("dongxi_abc", REST, "b", 6, [1, 1, 1, 0]),
    ("dongxi_abc", REST, "", 43, [10, 10, 10, 10]),
    ("haibin_fixed", KEY, "", 7, [6, 6, 6, 6]),
    ("haibin_fixed", KEY, "", 5, [5, 5, 5, 5]),  # nobody twice in a quarter
    ("haibin_fixed", SPECIAL, "", 5, [1, 1, 1, 0]),
    ("haibin_fixed", REST, "building", 3, [1, 1, 1, 0]),
    ("haibin_fixed", REST, "building", 9, [2, 1, 1, 1]),  # 1.25, 2.5, 3.75, 5
    ("haibin_fixed", REST, "", 43, [8, 7, 8, 7]),
    ("jianghe_district", REST, "construction", 3, [1, 0, 1, 0]),
    ("jianghe_district", REST, "", 43, [20, 20, 20, 20]),
    ("qingmin_county", SPECIAL, "", 6, [6, 6, 6, 6]),
    ("shaoxi_city", SPECIAL, "penalised", 4, [1, 1, 1, 1]),
    ("xisha_county", REST, "", 15, [15, 15, 15, 15]),
]
SITES = "单位名称,统一社会信用代码,固定污染源编码,管理类别,片区,项目建设情况"
STAFF = "姓名,科室,登录名,执法证号,执法资格,有效期至"
WHO = "单位名称,统一社会信用代码,"


def who(number: int) -> str:
    return f"虚构化工{number},{uscc(number)}"


def category(number: int) -> str:
    return "重点管理" if number <= 11 else "简化管理" if number <= 17 else "登记管理"


@pytest.fixture
def roster(chen, bureau) -> None:
    sites = [
        f"{line(n, category=category(n))},{'在建' if 18 <= n <= 20 else '已投产'}"
        for n in range(1, 61)
    ]
    staff = [f"执法员{n},zd,staff{n},虚构{n:03},是,2030-12-31" for n in range(8)]
    punished = [f"{who(n)},虚构罚〔2025〕{n}号,2025-12-10" for n in (1, 2, 3, 12)]
    punished.append(f"{who(4)},虚构罚〔2025〕4号,2025-03-10")
    complaint = f"{who(5)},虚构访1,2025-11-20,属实,是"
    listed = [f"{who(n)},污染小,2025-01-10" for n in (59, 60)]
    for kind, head, rows in (
        (ImportKind.SUBJECTS, SITES, sites),
        (ImportKind.INSPECTORS, STAFF, staff),
        (ImportKind.PENALTIES, WHO + "决定书文号,处罚决定日期", punished),
        (ImportKind.COMPLAINTS, WHO + "举报编号,办结日期,查处结论,存在环境违法", [complaint]),
        (ImportKind.POSITIVE_LIST, WHO + "列入理由,列入日期", listed),
    ):
        found = take(kind, csv(*rows, header=head), chen)
        assert (found["accepted"], found["problems"]) == (len(rows), [])


@pytest.mark.parametrize("name", NAMES)
def test_the_strangers_file_is_told_sound(name, capsys):
    assert main(["policy", "validate", str(FILES / f"{name}.toml")]) == 0
    assert "写法正确" in capsys.readouterr().out


@pytest.mark.parametrize("name", NAMES)
def test_the_plan_made_under_it_owes_what_was_worked_out_by_hand(name, roster, chen, person):
    text = (FILES / f"{name}.toml").read_text("utf-8")
    lin = person("lin", "林局长", Role.LEADER)
    registry.adopt_policy(
        shipped="", text=text, since=TODAY, document="虚构〔2026〕9号", by=lin, at=AT
    )
    plan = reads.plan(actions.compute_plan("2026Q1", by=chen, at=AT))
    found = {
        ".".join(filter(None, (row.stratum.value, row.part))): (row.base_count, row.required_count)
        for row in plan.strata
    }
    assert found == BY_HAND[name]


@pytest.mark.parametrize(("name", "stratum", "part", "base", "year"), YEARS)
def test_through_the_year_it_owes_what_was_worked_out_by_hand(name, stratum, part, base, year):
    day = date(2026, 1, 5)
    profile = load_profile(str(FILES / f"{name}.toml"))
    quota = next(q for q in profile.quotas if (q.stratum, q.part) == (stratum, part)
                 and q.since.year == 2026 and q.since <= day)  # fmt: skip
    owed = [quarter_count(quota, base=base, quarter=Quarter(2026, n), inspectors=8)
            for n in (1, 2, 3, 4)]  # fmt: skip
    assert owed == year
