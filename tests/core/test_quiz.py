"""Questions as they are typed, and the marks of an answer."""

import pytest

from gongchou.core.quiz import Marked, Question, marked, read_questions
from gongchou.core.refusals import Invalid

TEXT = """检查前应当出示什么？
- 介绍信
* 行政执法证

每季度抽查几次由谁决定？
* 实施方案
－ 检查人员
- 被检查单位
"""


def test_a_star_marks_the_right_option():
    assert read_questions(TEXT) == (
        Question(says="检查前应当出示什么？", options=("介绍信", "行政执法证"), right=1),
        Question(
            says="每季度抽查几次由谁决定？",
            options=("实施方案", "检查人员", "被检查单位"),
            right=0,
        ),
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "1 到 50 道题"),
        ("- 选项", "第 1 行是选项"),
        ("题目\n* 一", "应有 2 到 8 个"),
        ("题目\n- 一\n- 二", "标了 0 个正确选项"),
        ("题目\n* 一\n* 二", "标了 2 个正确选项"),
        ("题目\n* 一\n- 一", "重复的选项"),
        ("题目\n* 一\n-", "第 3 行的选项没有内容"),
        ("题" * 201, "超过 200 字"),
        ("题\n* 一\n- 二\n" * 51, "现有 51 道"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(text, says):
    with pytest.raises(Invalid, match=says):
        read_questions(text)


def test_marks_count_the_right_answers_and_name_the_others():
    questions = read_questions(TEXT)
    assert marked(questions, [1, 0]) == Marked(right=2, of=2, missed=())
    found = marked(questions, [1, 2])
    assert (found.right, found.missed) == (1, (2,))
    assert (found.passes(1), found.passes(2)) == (True, False)
    with pytest.raises(Invalid, match="请逐题作答"):
        marked(questions, [1])
