"""The papers of a draw: what is on record, nobody who was drawn, and each in its time."""

from datetime import timedelta

import pytest

from gongchou.core.refusals import Refused, WrongState
from gongchou.core.terms import Role
from gongchou.drawing import actions, papers, reads, time_reads
from gongchou.web.papers import DEMO_BAND
from tests.conftest import AT, BUREAU
from tests.drawing import balloting, ceremony
from tests.papers import boxes_outside, pages_of, words_of

pytestmark = pytest.mark.django_db
AT_THE_CEREMONY = ("scheme", "process", "confirmation", "handover", "pledge", "unsealing")


def paper(name: str, draw: str) -> bytes:
    return papers.paper(name, draw, bureau=BUREAU, at=AT)[1]


def test_before_the_announcement_only_what_is_fixed_is_printed():
    draw = ceremony.frozen_draw(ceremony.prepared())
    assert "尚未公告" in words_of(paper("scheme", draw))
    assert "冻结抽取底册" in words_of(paper("process", draw))
    for name in ("confirmation", "unsealing", "certificate"):
        with pytest.raises(WrongState):
            paper(name, draw)


def test_papers_of_a_sealed_draw_carry_its_anchors_and_no_drawn_name():
    stage = ceremony.prepared()
    draw = ceremony.sealed_draw(stage)
    row = reads.draw(draw)
    for name in AT_THE_CEREMONY:
        pdf = paper(name, draw)
        text = words_of(pdf)
        assert draw in text
        assert "虚构化工" not in text
        assert boxes_outside(pdf) == []
        assert all(DEMO_BAND in page for page in pages_of(pdf))
    text = words_of(paper("confirmation", draw))
    assert row.announcement_digest in text
    assert row.sealed_root in text


def test_the_confirmation_is_one_page_with_a_line_for_everybody(monkeypatch):
    """With as many strata as the plan makes: special, key and general, visited and not."""
    counted, draw = papers._strata, ceremony.sealed_draw(ceremony.prepared())
    monkeypatch.setattr(papers, "_strata", lambda row: [*counted(row)[:1] * 5, counted(row)[-1]])
    pdf = paper("confirmation", draw)
    text = words_of(pdf)
    assert len(pages_of(pdf)) == 1
    for name in ("陈组长", "周监督", "吴监督", "鲍保密", "米保密", "封保密"):
        assert name in text
    assert text.count("在系统内确认") == 2


def test_the_confirmation_of_three_departments_is_one_page_too(monkeypatch):
    draw = ceremony.sealed_draw(ceremony.prepared())
    [row, *_] = papers._strata(reads.draw(draw))
    long = {**row, "name": "临溪市生态环境局高新区分局（虚构）：一般（正面清单外）"}
    monkeypatch.setattr(papers, "_strata", lambda _: [long] * 8)
    assert len(pages_of(paper("confirmation", draw))) == 1


def test_the_papers_of_a_ballot_speak_of_balls_and_each_leaf_of_the_roll_of_its_root():
    draw = balloting.announced_ballot(ceremony.prepared())
    text = words_of(paper("process", draw))
    assert "号码当众摇出" in text
    assert "摇号方式" in text
    assert "收口" not in text
    assert "承诺值" not in words_of(paper("scheme", draw))
    root = reads.announcement(draw)["roll"][1]
    for leaf in pages_of(paper("roll", draw)):
        assert f"{draw}号码表树根{root[:16]}" in "".join(leaf.split())


def test_the_receipt_of_the_handover_names_both_sides_and_the_root():
    draw = ceremony.sealed_draw(ceremony.prepared())
    text = words_of(paper("handover", draw))
    assert reads.draw(draw).sealed_root in text
    for name in ("陈组长", "鲍保密", "米保密", "封保密", "周监督"):
        assert name in text
    assert "任意2名保管人" in text


def test_everybody_who_takes_part_gets_a_pledge_of_the_own():
    draw = ceremony.sealed_draw(ceremony.prepared())
    pages = pages_of(paper("pledge", draw))
    named = ("陈组长", "周监督", "鲍保密", "米保密", "封保密")
    assert len(pages) == len(named)
    assert all(any(name in page for page in pages) for name in named)


def test_an_opening_is_entered_with_who_agreed():
    stage = ceremony.prepared()
    draw = ceremony.sealed_draw(stage)
    ceremony.released_visits(stage, draw)
    text = words_of(paper("unsealing", draw))
    assert "启封检查" in text
    assert "鲍保密" in text
    assert "已开启" in text


def test_a_published_draw_has_its_certificate():
    stage = ceremony.prepared()
    draw = ceremony.sealed_draw(stage)
    ceremony.published_draw(stage, draw)
    text = words_of(paper("certificate", draw))
    assert "逐步核对全部相符" in text
    assert reads.draw(draw).sealed_root in text


def test_the_same_draw_at_the_same_instant_gives_the_same_bytes():
    draw = ceremony.sealed_draw(ceremony.prepared())
    for name in AT_THE_CEREMONY:
        assert paper(name, draw) == paper(name, draw)


def test_another_bureau_and_another_name_are_refused():
    draw = ceremony.frozen_draw(ceremony.prepared())
    with pytest.raises(Refused):
        papers.paper("scheme", draw, bureau="990174", at=AT)
    with pytest.raises(Refused):
        paper("nothing", draw)


def test_the_page_offers_what_can_be_printed_and_says_why_not_the_rest(signed_in):
    stage = ceremony.prepared()
    draw = ceremony.frozen_draw(stage)
    browser = signed_in(stage.chen)
    assert f"/draw/{draw}/papers/" in browser.get(f"/draw/{draw}/").content.decode()
    page = browser.get(f"/draw/{draw}/papers/").content.decode()
    assert f"/draw/{draw}/papers/scheme.pdf" in page
    assert f"/draw/{draw}/papers/confirmation.pdf" not in page
    assert "抽取完成后才能打印结果确认单" in page
    answer = browser.get(f"/draw/{draw}/papers/scheme.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")


def test_who_may_not_see_draws_gets_no_paper(signed_in, person):
    draw = ceremony.frozen_draw(ceremony.prepared())
    browser = signed_in(person("stranger", "陌生人"))
    assert browser.get(f"/draw/{draw}/papers/").status_code == 403
    assert browser.get(f"/draw/{draw}/papers/scheme.pdf").status_code == 403


def test_the_certificate_says_who_saw_the_time_what_that_proves_and_what_limits_cost():
    """Signed and witnessed before the record is public; a head before the entry shows nothing."""
    stage = ceremony.prepared()
    draw = ceremony.sealed_draw(stage)
    assert [one.signed for one in time_reads.shown(draw)] == [None, None]
    size = actions.sign_log(by=stage.chen, at=AT)
    assert [one.seen for one in time_reads.shown(draw)] == [None, None]
    above = ceremony.actor("shang", "尚监察", Role.SUPERIOR)
    actions.cosign_head(size, bureau=BUREAU, by=above, at=AT + timedelta(hours=3))
    ceremony.published_draw(stage, draw)
    text = words_of(paper("certificate", draw))
    assert text.count("见证") >= 3
    assert "2026年1月5日12:00:00见证" in text
    assert "最迟在见证时已经存在" in text
    assert "机会由" in text or "都没有改变任何人的机会" in text
    assert boxes_outside(paper("certificate", draw)) == []
