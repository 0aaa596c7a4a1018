import pytest

from gongchou.core.lines import line
from gongchou.core.refusals import Invalid


def test_a_line_has_single_blanks_and_no_byte_that_a_database_refuses():
    assert line(" 对方\n 检修\0 ", 5, "原因") == "对方 检修"
    assert line("  ", 5, "称呼", may_be_empty=True) == ""


@pytest.mark.parametrize("text", ["", " \n", "超过五个字了"])
def test_what_is_not_said_or_too_long_is_refused_with_the_length(text):
    with pytest.raises(Invalid, match="请写明原因，不超过 5 字"):
        line(text, 5, "原因")


def test_a_line_that_may_be_empty_may_still_not_be_too_long():
    with pytest.raises(Invalid, match="不超过 5 字"):
        line("超过五个字了", 5, "称呼", may_be_empty=True)
