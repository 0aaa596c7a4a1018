"""Lists that cannot promise teams for every selection: refused, or drawn with a leader's word."""

from datetime import datetime, time, timedelta
from itertools import count

import pytest

from gongchou.core.refusals import Infeasible, NotAllowed, Refused, Stale
from gongchou.core.terms import DrawState
from gongchou.core.workdays import Quarter, task_deadline
from gongchou.drawing import actions, freeze_reads, models, reads, strongbox
from gongchou.law.load import load_calendar
from gongchou.web import clock
from gongchou.web.clock import SHANGHAI
from tests.conftest import TODAY
from tests.drawing import ceremony
from tests.registry.test_import import uscc

# The last day on which one working day is left: two visits a person.
LATE = datetime.combine(
    task_deadline(Quarter.of(TODAY), load_calendar()).on - timedelta(days=1), time(9), SHANGHAI
)
WEST = (1, 3, 6)


@pytest.fixture
def tight(db, monkeypatch):
    """Only two people go to the west, where three of 24 sites are: all three at once are too many.

    Salts are fixed, so that the trial draws are always the same.
    """
    numbers = count(1)
    monkeypatch.setattr(strongbox, "fresh_salt", lambda: next(numbers).to_bytes(16, "big"))

    def sites(size: int) -> list[str]:
        return [
            f"虚构化工{n:03},{uscc(n)},{uscc(n)}001P,{'简化管理' if n % 3 else '重点管理'},"
            f"{'西片' if n in WEST else '东片'},废气"
            for n in range(1, size + 1)
        ]

    def officers(size: int) -> list[str]:
        both = [
            f"虚构检查员{n:02},{'zd' if n % 3 else 'dq'},,虚构{n:04},是,2030-12-31,废气、废水,"
            for n in range(1, size + 1)
        ]
        return [line + ("东片、西片" if n in (0, 1, 2, 5, 8) else "东片") + ",在岗"
                for n, line in enumerate(both)]  # fmt: skip

    monkeypatch.setattr(ceremony, "_sites", sites)
    monkeypatch.setattr(ceremony, "_officers", officers)
    return ceremony.prepared()


def unproved(stage) -> str:
    return actions.freeze_draw(stage.task, take_unproved=True, by=stage.chen, at=LATE)


def test_the_freeze_is_refused_with_sites_people_and_what_would_help(tight):
    with pytest.raises(Infeasible) as caught:
        ceremony.frozen_draw(tight, at=LATE)
    says = str(caught.value)
    assert "片区“西片”" in says
    assert "共需检查人员 6 人次" in says
    assert "虚构检查员01、虚构检查员02" in says
    assert "次数上限各提高 1 次" in says
    assert "不能保证也先冻结" in says
    assert not models.Draw.objects.exists()


def test_nothing_is_announced_before_a_leader_accepts(tight):
    draw = unproved(tight)
    for login in ("zhou", "bao"):
        actions.commit_contribution(draw, ceremony.text_of(login), by=tight.cast[login], at=LATE)
    with pytest.raises(Refused, match="批准领导知悉并认可"):
        actions.announce_draw(draw, ceremony.RULE, by=tight.chen, at=LATE)
    actions.accept_unproved(draw, "本季度只剩一个工作日", by=tight.lin, at=LATE)
    actions.announce_draw(draw, ceremony.RULE, by=tight.chen, at=LATE)
    assert reads.draw(draw).state is DrawState.ANNOUNCED


def test_the_acceptance_stands_in_the_log_with_name_reason_and_what_is_short(tight):
    draw = unproved(tight)
    actions.accept_unproved(draw, "本季度只剩一个工作日", by=tight.lin, at=LATE)
    entry = reads.log(tight.lin.bureau)[-1]
    assert (entry.kind, entry.body["by"]) == ("accept_teams", "林局长")
    assert entry.body["data"]["reason"] == "本季度只剩一个工作日"
    assert "西片" in entry.body["data"]["short"]
    found = reads.draw(draw)
    assert (found.is_unproved, found.accepted_by) == (True, "林局长")


def test_only_a_leader_accepts_once_with_a_reason_and_only_what_is_unproved(tight):
    draw = unproved(tight)
    with pytest.raises(NotAllowed):
        actions.accept_unproved(draw, "急", by=tight.chen, at=LATE)
    with pytest.raises(Refused, match="写明"):
        actions.accept_unproved(draw, " ", by=tight.lin, at=LATE)
    actions.accept_unproved(draw, "急", by=tight.lin, at=LATE)
    with pytest.raises(Stale):
        actions.accept_unproved(draw, "急", by=tight.lin, at=LATE)


def test_proved_lists_need_nobodys_acceptance(stage):
    draw = actions.freeze_draw(stage.task, take_unproved=True, by=stage.chen, at=LATE)
    assert freeze_reads.freeze_report(draw).is_proved
    with pytest.raises(Refused, match="不用认可"):
        actions.accept_unproved(draw, "急", by=stage.lin, at=LATE)


def test_the_leader_accepts_on_the_page_and_the_office_sees_that_it_waits(signed_in, tight):
    clock.move_demo_clock(LATE)
    draw = unproved(tight)
    for login in ("zhou", "bao"):
        actions.commit_contribution(draw, ceremony.text_of(login), by=tight.cast[login], at=LATE)
    waiting = signed_in(tight.chen).get(f"/draw/{draw}/").content.decode()
    assert "等待批准领导认可" in waiting
    assert "发布抽取公告</button>" not in waiting
    leader = signed_in(tight.lin)
    assert "片区“西片”" in leader.get(f"/draw/{draw}/").content.decode()
    page = leader.post(f"/draw/{draw}/accept/", {"why": "只剩一天"}, follow=True).content.decode()
    assert "知悉并认可：只剩一天" in page
    assert "发布抽取公告</button>" in signed_in(tight.chen).get(f"/draw/{draw}/").content.decode()
