"""The bureau's own words of a clause: entered from its document, replaced, never edited."""

from datetime import timedelta

import pytest

from gongchou.audit import reads as audit
from gongchou.core.refusals import Invalid, NotAllowed, Refused
from gongchou.planning import actions, models, policy_reads
from gongchou.planning.actions import ClauseDraft
from gongchou.registry import actions as registry
from tests.conftest import AT, TODAY
from tests.planning.test_pages import leader as leader


@pytest.fixture
def adopted(leader) -> str:
    return registry.adopt_policy(
        shipped="tangshan_gaoxin_2024", since=TODAY, document="虚构发〔2026〕1 号", by=leader, at=AT
    )


def clause(bureau: str) -> str:
    return policy_reads.policy_page(bureau, TODAY).clause_numbers[0]


def draft(bureau: str, text: str = "本条原文。", source: str = "虚构方案 2026 年第 1 号"):
    return ClauseDraft(clause=clause(bureau), text=text, source=source)


def test_nothing_is_shipped(adopted, bureau):
    assert policy_reads.clause_texts(bureau, TODAY) == {}


def test_a_text_stands_beside_its_clause_and_leaves_its_trace(adopted, leader, bureau):
    ref = actions.add_clause_text(draft(bureau), by=leader, at=AT)
    sections = policy_reads.policy_page(bureau, TODAY).sections
    rows = [r for s in sections for r in s.rows if r.clause.number == clause(bureau)]
    assert rows
    assert all(row.own[0].text == "本条原文。" for row in rows)
    assert audit.events(bureau, about=ref)[0].event.kind == "clause_text_added"
    assert policy_reads.clause_texts(bureau, TODAY - timedelta(days=1)) == {}


def test_a_later_text_takes_the_place_and_the_first_stays(adopted, leader, bureau):
    first = actions.add_clause_text(draft(bureau), by=leader, at=AT)
    actions.add_clause_text(draft(bureau, "改后的原文。"), by=leader, at=AT)
    assert policy_reads.clause_texts(bureau, TODAY)[clause(bureau)].text == "改后的原文。"
    assert models.ClauseText.objects.get(ref=first).text == "本条原文。"
    assert models.ClauseText.objects.exclude(ref=first).get().replaces == first


def test_only_the_leader_enters_one(adopted, chen, stranger, bureau):
    for actor in (chen, stranger):
        with pytest.raises(NotAllowed):
            actions.add_clause_text(draft(bureau), by=actor, at=AT)


def test_without_an_adopted_policy_there_is_nothing_to_quote(leader, bureau):
    with pytest.raises(Refused, match="还没有登记实施方案"):
        actions.add_clause_text(draft(bureau), by=leader, at=AT)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"text": " "}, "请填写条款原文"),
        ({"source": ""}, "出自哪份文件"),
        ({"text": "字" * 2001}, "不超过 2000 字"),
        ({"clause": "九十九"}, "没有“九十九”这一条"),
    ],
)
def test_bad_input_is_refused_with_a_sentence(adopted, leader, bureau, fields, says):
    given = {"clause": clause(bureau), "text": "原文。", "source": "虚构文件"} | fields
    with pytest.raises(Invalid, match=says):
        actions.add_clause_text(ClauseDraft(**given), by=leader, at=AT)


def test_the_page_takes_a_text_and_shows_it(signed_in, leader, bureau):
    window = signed_in(leader)
    today = AT.date()
    registry.adopt_policy(
        shipped="tangshan_gaoxin_2024", since=today, document="文 1", by=leader, at=AT
    )
    address = f"/plan/policy/clause/?clause={clause(bureau)}"
    assert "产品的转述" in window.get(address).content.decode()
    answer = window.post(address, {"text": "逐字摘录。", "source": "虚构文件"}, follow=True)
    page = answer.content.decode()
    assert "逐字摘录。" in page
    assert "虚构文件" in page
    assert window.get("/plan/policy/clause/?clause=没有").status_code in (400, 409)


def test_others_do_not_reach_the_form(signed_in, chen):
    assert signed_in(chen).get("/plan/policy/clause/?clause=1").status_code == 403
