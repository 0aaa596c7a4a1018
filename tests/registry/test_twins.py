"""Two columns that mean the same: told, or the file refused where it cannot be known which."""

import pytest

from gongchou.core.refusals import Invalid
from gongchou.core.terms import ImportKind
from gongchou.registry import reads
from tests.conftest import TODAY
from tests.registry.test_import import csv, line, take, uscc, workbook

HEAD_TWICE = "单位名称,统一社会信用代码,固定污染源编码,管理类别,片区,单位名称"


def test_two_columns_of_one_header_with_other_contents_refuse_the_file(chen, bureau):
    content = csv(f"{line(1)},虚构甲", f"{line(2)},虚构乙", header=HEAD_TWICE)
    with pytest.raises(Invalid) as refusal:
        take(ImportKind.SUBJECTS, content, chen)
    says = str(refusal.value)
    assert "表头有两列都是“单位名称”（第 1 列和第 6 列），第 2 行" in says
    assert "“虚构化工1”和“虚构甲”" in says
    assert "删去其中一列" in says
    assert reads.subjects(bureau, TODAY).total == 0


@pytest.mark.parametrize("again", ["", "虚构化工1"])
def test_two_columns_of_one_header_that_agree_are_one(chen, again):
    found = take(ImportKind.SUBJECTS, csv(f"{line(1)},{again}", header=HEAD_TWICE), chen)
    assert (found["rows"], found["accepted"], found["problems"]) == (1, 1, [])


def test_a_line_of_totals_does_not_speak_for_a_second_column(chen):
    content = csv(f"{line(1)},", "合计,,,,,1家", header=HEAD_TWICE)
    found = take(ImportKind.SUBJECTS, content, chen)
    assert (found["rows"], found["accepted"]) == (1, 1)


def test_a_second_word_for_a_column_is_told_and_the_better_one_read(chen, bureau):
    header = "单位名称,统一社会信用代码,管理类别,住所,生产经营场所地址"
    content = csv(f"虚构甲,{uscc(1)},登记管理,注册处,生产处", header=header)
    found = take(ImportKind.SUBJECTS, content, chen)
    assert [warning["says"] for warning in found["warnings"]] == [
        "第 1 行：“住所”与另一列都可作“生产经营地址”，没有读入“住所”，请核对。"
    ]
    (site,) = reads.subjects(bureau, TODAY).rows
    assert reads.subject(site.ref, bureau, TODAY).address == "生产处"


def test_a_group_above_several_columns_is_no_twin(chen):
    content = workbook(
        ["单位名称", "管理类别", "生产经营地址", "生产经营地址"],
        ["", "", "乡镇", "门牌"],
        ["虚构甲", "登记管理", "东镇", "一号"],
    )
    found = take(ImportKind.SUBJECTS, content, chen, filename="名录.xlsx")
    assert (found["rows"], found["accepted"]) == (1, 1)


def test_a_row_with_little_in_it_below_the_header_is_still_a_row(chen):
    content = csv(
        "东片,,", f"西片,{line(1).split(',')[0]},登记管理", header="片区,单位名称,管理类别"
    )
    found = take(ImportKind.SUBJECTS, content, chen)
    assert (found["rows"], found["accepted"], found["rejected"]) == (2, 1, 1)


def test_a_repeated_row_names_the_column_by_which_it_is_known(chen):
    header = "单位名称,统一社会信用代码,管理类别"
    content = csv(*[f"虚构甲,{uscc(1)},登记管理"] * 2, header=header)
    found = take(ImportKind.SUBJECTS, content, chen)
    (problem,) = found["problems"]
    assert (problem["column"], problem["row"], found["duplicates"]) == ("统一社会信用代码", 3, 1)
