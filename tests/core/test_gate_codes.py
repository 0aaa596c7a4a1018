"""The code at the gate: read back as written, and nothing else is taken for one."""

from datetime import UTC, datetime, timedelta

import pytest

from gongchou.core.gate_codes import MARK, GateCode, code_of, parts, spelled
from gongchou.core.refusals import Invalid

UNTIL = datetime(2026, 1, 6, 1, 0, tzinfo=UTC)
CODE = GateCode(
    bureau="990173",
    visit="V990173-2026-0001",
    subject_name="虚构化工1",
    officers=(("李执法", "虚1001"), ("王㙍", "")),
    until=UNTIL,
)


def test_a_code_is_read_back_as_it_was_written():
    content, signature = parts(spelled(CODE.content(), b"s" * 64))
    assert (code_of(content), signature) == (CODE, b"s" * 64)


@pytest.mark.parametrize("text", ["", "GC1:abc", MARK, f"{MARK}a", f"{MARK}é.b", f"{MARK}a.b.c"])
def test_another_text_is_no_code(text):
    with pytest.raises(Invalid, match="不是检查人员出示的身份码"):
        parts(text)


def test_signed_nonsense_says_nothing():
    with pytest.raises(Invalid):
        code_of(b"[]")


@pytest.mark.parametrize(("late", "says"), [(-1, ""), (0, "已经过期")])
def test_it_holds_until_its_end(late, says):
    assert says in CODE.problem(UNTIL + timedelta(seconds=late))
    assert bool(CODE.problem(UNTIL + timedelta(seconds=late))) is bool(says)
