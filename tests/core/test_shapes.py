"""Rows leave in another system's shape and come back as they were."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongchou.core.refusals import Invalid
from gongchou.core.shapes import shape_of, shaped, unshaped
from gongchou.publication import shapes_read

DOCUMENT = {
    "title": "样子", "source": "假定",
    "columns": [
        {"head": "名称", "field": "name"},
        {"head": "结果", "field": "result", "codes": {"a": "1", "b": "1"}},
        {"head": "结果原样", "field": "result", "codes": {"a": "甲", "b": "乙"}},
    ],
}  # fmt: skip
SHAPE = shape_of("test", DOCUMENT, ("name", "result"))


@given(
    st.lists(st.tuples(st.text(max_size=9), st.sampled_from("ab")), max_size=5),
    st.permutations(range(3)),
)
def test_what_goes_out_comes_back_in_any_order_of_columns(values, order):
    rows = [{"name": name, "result": result} for name, result in values]
    heads = [SHAPE.heads[n] for n in order]
    table = [[cells[n] for n in order] for cells in shaped(SHAPE, rows)]
    assert unshaped(SHAPE, heads, table) == rows


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ([{"head": "甲", "field": "unknown"}], "不是可以导出的字段"),
        ([{"head": "甲", "field": "name"}, {"head": "甲", "field": "result"}], "表头相同"),
        ([{"head": "甲", "field": "name", "codes": {"a": "1", "b": "1"}}], "无法读回"),
        ([{"head": "甲"}], "缺少"),
    ],
)
def test_a_map_that_loses_something_is_refused(columns, says):
    with pytest.raises(Invalid, match=says):
        shape_of("test", DOCUMENT | {"columns": columns}, ("name", "result"))


def test_a_value_without_a_code_and_a_code_without_a_value_are_named():
    with pytest.raises(Invalid, match="第 1 行的“结果”是“c”"):
        shaped(SHAPE, [{"name": "x", "result": "c"}])
    with pytest.raises(Invalid, match="第 1 行的“结果原样”写的是“丙”"):
        unshaped(SHAPE, SHAPE.heads, [["x", "1", "丙"]])
    with pytest.raises(Invalid, match="缺少“结果原样”列"):
        unshaped(SHAPE, ["名称", "结果"], [])


AWKWARD = ('引"号', "逗,号", "=1+1", "换\n行", "　全角空格", "00123")


@pytest.mark.parametrize("name", shapes_read.FIELDS)
def test_the_shapes_that_come_along_read_back_what_they_wrote(name):
    shape = shapes_read.shape(name)
    codes = {c.field: next(iter(c.codes)) for c in shape.columns if c.codes}
    rows = [{f: codes.get(f, word) for f in shapes_read.FIELDS[name]} for word in AWKWARD]
    content = shapes_read.as_csv(shape, rows)
    assert shapes_read.from_csv(shape, content) == rows
    assert shapes_read.as_csv(shape, shapes_read.from_csv(shape, content)) == content


def test_a_bureau_s_own_map_renames_columns_without_touching_code(tmp_path):
    own = tmp_path / "own.toml"
    text = (shapes_read.FOLDER / "permit.toml").read_text().replace("检查时间", "监督检查日期")
    own.write_text(text)
    assert "监督检查日期" in shapes_read.shape("permit", own).heads
    own.write_text("title =")
    with pytest.raises(Invalid, match="不是正确的 TOML"):
        shapes_read.shape("permit", own)
