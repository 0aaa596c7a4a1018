"""Lists as governments print them: a title above, the header on every page, totals below."""

import pytest

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
