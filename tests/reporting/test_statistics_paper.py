"""The statistics table on paper: groups, units, the quarter beside the year, what was corrected."""

from datetime import UTC, datetime

import pytest

from gongchou.core.refusals import Refused
from gongchou.core.workdays import Quarter
from gongchou.reporting import actions, papers
from gongchou.web.typesetting import compile_paper
from tests.conftest import BUREAU
from tests.papers import boxes_outside, pages_of, words_of
from tests.reporting.quarters import AFTER, QUARTER, make_visit

AT = datetime(2026, 4, 1, tzinfo=UTC)
ROWS = [
    {"group": group, "label": label, "unit": "家", "quarter": "13", "year": "41"}
    for group in ("检查对象库", "重点监管对象", "特殊监管对象", "内部联合", "部门联合", "公示")
    for label in ("应抽家数", "实抽家数", "完成家数", "发现问题家数", "责令改正家数", "立案家数")
]


def paper(rows=ROWS) -> bytes:
    data = {
        "title": "“双随机、一公开”季度统计表", "organ": "临溪市生态环境局高新区玥堃分局（虚构）",
        "number": "T990173-2026Q1", "quarter": "2026年第一季度", "mark": "初报", "rows": rows,
        "notes": ["本年累计自 1 月 1 日起算。"], "made": "2026-04-01 08:00:00 生成。",
        "digest": "0e8a" * 16, "band": "",
    }  # fmt: skip
    return compile_paper("reporting/papers/statistics.typ", data, at=AT)


def test_every_group_stands_once_above_its_rows():
    text = words_of(paper())
    assert text.count("重点监管对象") == 1
    assert text.count("应抽家数") == 6
    assert "初报" in text


def test_a_long_table_repeats_its_head_on_each_page_and_stays_on_the_sheet():
    pages = pages_of(paper(ROWS * 2))
    assert len(pages) >= 2
    assert all("本年累计" in page for page in pages[:2])
    assert boxes_outside(paper(ROWS * 2)) == []


def made(chen, reason: str = "") -> str:
    return actions.make_statistics(Quarter.parse(QUARTER), reason=reason, by=chen, at=AFTER)


def test_the_paper_of_a_table_says_its_numbers_and_is_the_same_each_time(plan, chen):
    make_visit(1)
    ref = made(chen)
    name, pdf = papers.statistics_paper(ref, bureau=BUREAU)
    text = words_of(pdf)
    assert name == "2026年第一季度统计表（第 1 版）"
    assert ref in text
    assert "初报" in text
    assert papers.statistics_paper(ref, bureau=BUREAU)[1] == pdf
    assert boxes_outside(pdf) == []


def test_a_corrected_paper_says_what_moved_and_the_old_one_that_it_was_replaced(plan, chen):
    make_visit(1)
    old = made(chen)
    make_visit(2, problem_count=1)
    new = made(chen, "漏计一次检查")
    text = words_of(papers.statistics_paper(new, bureau=BUREAU)[1])
    assert "更正理由：漏计一次检查" in text
    assert "已被替代" in words_of(papers.statistics_paper(old, bureau=BUREAU)[1])


def test_another_bureau_has_no_paper_of_this_table(plan, chen):
    with pytest.raises(Refused, match="本机构没有"):
        papers.statistics_paper(made(chen), bureau="990174")
