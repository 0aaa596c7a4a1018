"""What every page shares: states, distances, targets, digests."""

from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template

from gongchou.core.states import MOVES
from gongchou.core.terms import DrawState, PlanState, VisitState
from gongchou.core.workdays import Deadline
from gongchou.web.distance import distance
from gongchou.web.icons import PATHS
from gongchou.web.templatetags.gongchou import instant
from gongchou.web.tones import TONES, Tone, tone_of

FRIDAY = date(2026, 1, 9)


def drawn(source: str, **words: object) -> str:
    return Template("{% load gongchou %}" + source).render(Context(words))


@pytest.mark.parametrize("kind", MOVES, ids=lambda kind: kind.__name__)
def test_every_state_has_exactly_one_tone(kind):
    told = [state for states in TONES[kind].values() for state in states]
    assert sorted(told) == sorted(kind)


def test_every_tone_has_its_icon():
    assert {tone.value for tone in Tone} <= set(PATHS)


def test_the_same_value_in_two_enums_keeps_its_own_tone():
    assert tone_of(DrawState.SEALED) is Tone.DONE
    assert tone_of(VisitState.SEALED) is Tone.QUIET


def test_a_list_of_names_breaks_between_names_and_escapes_them():
    found = drawn("{{ names|whole_names }}", names="演示检查员07、<b>李")
    whole = '<span class="whole">{}</span>'
    assert found == whole.format("演示检查员07") + "、" + whole.format("&lt;b&gt;李")


def test_a_badge_shows_icon_and_word():
    found = drawn("{% badge state %}", state=PlanState.FROZEN)
    assert 'class="state state-attention"' in found
    assert "<svg" in found
    assert found.endswith("已锁定</span>")


def test_a_plain_word_takes_the_tone_it_is_given_and_is_escaped():
    found = drawn("{% badge word 'late' %}", word="<b>")
    assert "state-late" in found
    assert "&lt;b&gt;" in found


@pytest.mark.parametrize(
    ("day", "says", "is_late"),
    [
        (date(2026, 1, 14), "还有 3 个工作日", False),
        (FRIDAY, "就是今天", False),
        (date(2026, 1, 10), "还有不到 1 个工作日", False),
        (date(2026, 1, 7), "已过 2 个工作日", True),
    ],
)
def test_distance_is_counted_in_working_days(day, says, is_late):
    found = distance(day, FRIDAY)
    assert (found.says, found.is_late) == (says, is_late)


def test_a_day_past_over_the_weekend_is_late_though_no_working_day_went_by():
    found = distance(FRIDAY, date(2026, 1, 10))
    assert found.is_late
    assert found.says == "已过期"


def test_an_instant_is_read_as_chinese_to_the_second():
    shown = instant(datetime(2026, 9, 24, 1, 5, tzinfo=UTC))
    assert shown == "2026年9月24日 09:05:00"
    assert instant(None) == ""


def test_a_last_day_says_weekday_distance_and_that_it_is_provisional():
    day = Deadline(on=date(2026, 1, 14), provisional=True)
    found = drawn("{% due day today %}", day=day, today=FRIDAY)
    assert "2026年1月14日（周三），暂定，还有 3 个工作日" in found


def test_nothing_to_wait_for_is_shown_as_nothing():
    assert drawn("{% due day today %}{{ day|distance:today }}", day=None, today=FRIDAY) == ""


@pytest.mark.parametrize(
    ("done", "required", "says"),
    [(13, 20, "还差 <strong>7</strong>"), (23, 20, "已达到"), (0, 0, "没有任务")],
)
def test_a_target_says_what_is_missing(done, required, says):
    found = drawn('{% include "web/_target.html" %}', done=done, required=required, unit="家")
    assert (
        f"已完成 <strong>{done}</strong> ／ 应完成 <strong>{required}</strong> 家，{says}" in found
    )
    assert "style=" not in found


def test_a_digest_is_never_cut_and_can_be_copied():
    found = drawn('{% include "web/_digest.html" %}', digest="ab12" * 16)
    assert " ".join(["ab12"] * 16) in found
    assert f'data-copy="{"ab12" * 16}"' in found
    assert "<svg" in found


def test_a_pager_keeps_what_was_asked_and_stays_away_from_one_page():
    pages = {"number": 2, "pages": 3}
    found = drawn('{% include "web/_pager.html" with kept="q=a" %}', page=pages)
    assert 'href="?q=a&amp;page=1"' in found
    assert 'href="?q=a&amp;page=3"' in found
    assert drawn('{% include "web/_pager.html" %}', page={"number": 1, "pages": 1}).strip() == ""
