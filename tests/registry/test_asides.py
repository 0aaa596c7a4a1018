"""Lists as governments print them: a title above, the header on every page, totals below."""

import pytest

from gongchou.core.refusals import Invalid
from gongchou.core.terms import ImportKind
from tests.registry.test_import import csv, line, take, workbook

HEAD = ["序号", "单位名称", "统一社会信用代码", "固定污染源编码", "管理类别", "片区"]


def row(number):
    return [number, *line(number).split(",")]


def test_title_totals_remarks_and_repeated_headers_are_told_and_not_counted(chen):
    content = workbook(
        ["虚构区2026年排污单位名录"],
        HEAD,
        row(1),
        HEAD,
        row(2),
        ["合计", "2家"],
        ["注：本表由虚构分局填报"],
    )
    found = take(ImportKind.SUBJECTS, content, chen, filename="名录.xlsx")
    assert (found["rows"], found["accepted"], found["problems"]) == (2, 2, [])
    told = [(warning["row"], warning["says"]) for warning in found["warnings"]]
    assert told == [
        (4, "第 4 行：是重复的表头，已略过。"),
        (6, "第 6 行：是合计行，已略过。"),
    ]


@pytest.mark.parametrize("lead", ["合 计", "总计：", "本页小计", "注：数字为虚构", "填表人：某甲"])
def test_a_line_below_the_table_is_no_row(chen, lead):
    found = take(ImportKind.SUBJECTS, csv(line(1), f"{lead},,,,"), chen)
    assert (found["rows"], found["rejected"]) == (1, 0)
    warning = found["warnings"][0]
    assert (warning["row"], warning["value"]) == (3, lead)
    assert warning["says"].endswith("，已略过。")


@pytest.mark.parametrize("name", ["合计丰虚构铸造", "注塑一厂（虚构）", "总计"])
def test_a_site_is_not_lost_to_a_name_that_sounds_like_a_total(chen, name):
    found = take(ImportKind.SUBJECTS, csv(f"{name},,,登记管理,东片"), chen)
    assert (found["rows"], found["accepted"]) == (1, 1)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("姓名,科室,执法证号\n李执法,zd,虚构1", "像是“检查人员”"),
        ("单位名称,文号,处罚日期\n虚构甲,虚构1,2026-1-5", "像是“行政处罚”"),
        ("虚构甲,登记管理\n虚构乙,登记管理", "前 10 行中没有认出表头"),
        ("虚构附件\n企业名称,信用代码\n虚构甲,", "第 2 行读到的表头：企业名称、信用代码"),
    ],
)
def test_a_header_that_is_none_is_told_by_what_it_looks_like(chen, content, says):
    with pytest.raises(Invalid, match=says):
        take(ImportKind.SUBJECTS, content.encode(), chen)


def test_an_empty_workbook_is_told_as_such(chen):
    with pytest.raises(Invalid, match="表是空的"):
        take(ImportKind.SUBJECTS, workbook([""]), chen, filename="名册.xlsx")
