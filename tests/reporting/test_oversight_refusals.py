"""What the desk of oversight refuses: unreadable forms, what is not there, what is one's own."""

from dataclasses import replace
from datetime import timedelta

import pytest

from gongchou.core.refusals import Invalid, NotAllowed, Refused
from gongchou.core.terms import Role
from gongchou.reporting import actions, assessment_reads, oversight_reads
from tests.conftest import AT, BUREAU, TODAY


@pytest.fixture
def ji(person):
    return person("ji", "纪审计", Role.AUDITOR)


@pytest.mark.parametrize(
    ("read", "args", "says"),
    [
        (oversight_reads.alarm, (404, BUREAU), "没有这条预警"),
        (assessment_reads.sheet, ("K404", BUREAU), "没有这份考核表"),
        (assessment_reads.task, ("M404", BUREAU), "没有这件整改"),
    ],
)
def test_what_is_not_there_is_not_found(bureau, read, args, says):
    with pytest.raises(Refused, match=says):
        read(*args)


@pytest.mark.parametrize(
    ("who", "address", "given", "says"),
    [
        ("ji", "/oversight/alarms/1/close/", {"outcome": "fine"}, "请从列表中选择核查结果"),
        ("ji", "/oversight/suspensions/new/", {"inspector": "I404"}, "请从列表中选择检查人员"),
        ("ji", "/oversight/tasks/set/", {"due_on": "后天"}, "期限“后天”不是日期"),
        ("leader", "/oversight/settings/set/", {"key": "no", "value": "1"}, "请选择参数"),
        ("leader", "/oversight/settings/set/", {"key": "pair.times", "value": "-1"}, "整数"),
        ("leader", "/oversight/settings/set/", {"key": "pair.times", "value": "１"}, "整数"),
        ("leader", "/oversight/settings/set/", {"key": "pair.times", "value": "123456"}, "整数"),
        ("leader", "/oversight/assessments/K1/answer/1/", {"upheld": "maybe"}, "请选择采纳还是"),
        ("leader", "/oversight/assessments/K1/appeal/", {"which": "x:V1"}, "对哪一条记录"),
    ],
)
def test_a_form_that_cannot_be_read_says_what_to_choose(
    ji, leader, signed_in, who, address, given, says
):
    answer = signed_in({"ji": ji, "leader": leader}[who]).post(address, given)
    assert (answer.status_code, says in answer.content.decode()) == (409, True)


def test_a_task_has_words_an_owner_of_the_house_and_a_day_to_come(leader, chen, person, ji):
    give = {"due_on": TODAY + timedelta(1), "by": leader, "at": AT}
    with pytest.raises(Refused, match="期限应在明天或以后"):
        actions.set_task("预警", "补齐", chen.ref, **give | {"due_on": TODAY})
    for about, says in (("", "补齐"), ("预警", " "), ("预警", "补" * 501)):
        with pytest.raises(Invalid, match="不超过 500 字"):
            actions.set_task(about, says, chen.ref, **give)
    with pytest.raises(Refused, match="责任人须是本机构在用的人员"):
        actions.set_task("预警", "补齐", chen.ref, **give | {"by": replace(leader, bureau="9")})
    ref = actions.set_task("预警", "补齐", ji.ref, **give)
    actions.report_mended(ref, "已补", by=ji, at=AT)
    with pytest.raises(NotAllowed, match="不能核实自己的整改"):
        actions.check_task(ref, "看过", is_mended=True, by=ji, at=AT)
    actions.check_task(ref, "看过", is_mended=True, by=leader, at=AT)
