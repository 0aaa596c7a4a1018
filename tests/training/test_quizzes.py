"""Short tests: made once, answered a few times, the result on the person's own page."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from gongchou.core.refusals import Invalid, NotAllowed, Refused, Stale
from gongchou.core.terms import Role, TrainingKind
from gongchou.desk import waiting
from gongchou.training import actions, quiz_reads
from gongchou.training.models import QuizAttempt
from gongchou.web import clock
from tests.conftest import AT, BUREAU, TODAY
from tests.core.test_quiz import TEXT

UNTIL = TODAY + timedelta(10)
RIGHT, WRONG = [1, 0], [0, 0]


@pytest.fixture
def li(person):
    return person("li", "李执法", Role.INSPECTOR)


def held(chen, *people, on=TODAY, at=AT) -> str:
    draft = actions.EventDraft(
        kind=TrainingKind.STAFF, title="执法程序培训", held_on=on, audience="全体检查人员",
        audience_count=9, says="讲了亮证和告知",
    )  # fmt: skip
    return actions.record_event(draft, [one.ref for one in people], by=chen, at=at)


def draft(**fields) -> actions.QuizDraft:
    ordinary = {"title": "程序小测", "text": TEXT, "least": 2, "attempts": 2, "until": UNTIL}
    return actions.QuizDraft(**(ordinary | fields))


def acts(actor) -> list[str]:
    return [todo.act for todo in waiting.todos(actor, TODAY)]


def test_who_attended_is_asked_until_the_test_is_passed(chen, li):
    ref = actions.make_quiz(held(chen, li), draft(), by=chen, at=AT)
    assert "参加学习测试" in acts(li)
    assert "参加学习测试" not in acts(chen)
    assert actions.take_quiz(ref, WRONG, by=li, at=AT).missed == (1,)
    assert actions.take_quiz(ref, RIGHT, by=li, at=AT).passes(2)
    assert "参加学习测试" not in acts(li)
    [row] = quiz_reads.results(BUREAU, li.ref)
    assert (row.tried, row.right, row.of, row.is_passed) == (2, 2, 2, True)
    with pytest.raises(Stale, match="已经合格"):
        actions.take_quiz(ref, RIGHT, by=li, at=AT)


def test_attempts_and_days_come_to_an_end(chen, li):
    ref = actions.make_quiz(held(chen, li), draft(attempts=1), by=chen, at=AT)
    with pytest.raises(Refused, match="已经不能作答"):
        actions.take_quiz(ref, RIGHT, by=li, at=AT + timedelta(11))
    actions.take_quiz(ref, WRONG, by=li, at=AT)
    with pytest.raises(Refused, match="最多答 1 次"):
        actions.take_quiz(ref, RIGHT, by=li, at=AT)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"least": 3}, "应在 1 到 2 之间"),
        ({"attempts": 0}, "应在 1 到 10 之间"),
        ({"until": TODAY - timedelta(1)}, "已经过去"),
        ({"text": "题目"}, "应有 2 到 8 个"),
    ],
)
def test_a_test_that_cannot_be_passed_is_not_made(chen, fields, says):
    with pytest.raises(Invalid, match=says):
        actions.make_quiz(held(chen), draft(**fields), by=chen, at=AT)


def test_only_who_records_trainings_makes_one_and_another_bureau_sees_none(chen, li, person):
    event = held(chen, li)
    with pytest.raises(NotAllowed):
        actions.make_quiz(event, draft(), by=person("shen", "沈审核", Role.REVIEWER), at=AT)
    ref = actions.make_quiz(event, draft(), by=chen, at=AT)
    with pytest.raises(Refused, match="没有编号"):
        quiz_reads.quiz(ref, "990174")
    actions.withdraw_event(event, "登记重复", by=chen, at=AT)
    assert quiz_reads.quizzes(BUREAU) == ()


def test_an_attempt_is_never_changed(chen, li):
    actions.take_quiz(
        actions.make_quiz(held(chen, li), draft(), by=chen, at=AT), WRONG, by=li, at=AT
    )
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        QuizAttempt.objects.update(is_passed=True)


def test_the_pages_make_ask_and_tell_and_give_no_answer_away(chen, li, signed_in):
    now = clock.now()
    today = clock.day_of(now)
    event = held(chen, li, on=today, at=now)
    until = (today + timedelta(5)).isoformat()
    given = {"title": "程序小测", "text": TEXT, "least": 2, "attempts": 2, "until": until}
    page = signed_in(chen).post(f"/training/{event}/quiz/", given, follow=True).content.decode()
    assert "还没有人作答" in page
    [row] = quiz_reads.quizzes(BUREAU)
    browser = signed_in(li)
    assert "作答（还可以答 2 次）" in browser.get(f"/training/quizzes/{row.ref}/").content.decode()
    address = f"/training/quizzes/{row.ref}/take/"
    assert "请逐题作答" in browser.post(address, {"q1": "1"}, follow=True).content.decode()
    page = browser.post(address, {"q1": "0", "q2": "0"}, follow=True).content.decode()
    assert "第 1 题不对" in page
    page = browser.post(address, {"q1": "1", "q2": "0"}, follow=True).content.decode()
    assert "您已经合格" in page
    assert "答题情况" not in page
    assert "程序小测" in browser.get("/oversight/mine/").content.decode()


def test_tests_of_one_name_are_told_apart_by_their_day(chen, li, signed_in):
    for until in (UNTIL, UNTIL + timedelta(1)):
        ref = actions.make_quiz(held(chen, li), draft(until=until), by=chen, at=AT)
        actions.take_quiz(ref, RIGHT, by=li, at=AT)
    page = signed_in(li).get("/oversight/mine/").text
    for until in (UNTIL, UNTIL + timedelta(1)):
        assert f'截止日期" class="nowrap">2026年1月{until.day}日' in page
