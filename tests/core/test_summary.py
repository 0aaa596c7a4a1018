"""A summary's numbers keep their sources through edits, and say when they no longer agree."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongchou.core.refusals import Invalid, Refused
from gongchou.core.summary import (
    LONGEST,
    Claim,
    Number,
    Paragraph,
    QuarterSummary,
    TypicalCase,
    cleaned_text,
    filled,
    findings,
    pieces,
    rebound,
    renewed,
)
from gongchou.core.summary_cases import CaseText, case_of, with_case, without_case
from gongchou.core.summary_draft import CASES_MISSING

NUMBERS = {
    "owed": Number(shown="12", label="应抽家数"),
    "rate": Number(shown="27.27%", label="占比"),
    "none": Number(shown="不适用", label="比例"),
    "case:V1:problems": Number(shown="2", label="问题数"),
    "case:V1:penalty": Number(shown="3.5", label="罚款"),
    "case:V2:problems": Number(shown="1", label="问题数"),
}
TEXT = "2026年应抽{owed}家，占{rate}，比例{none}，见〔2026〕12号、V-7。"


def paragraph(text: str = TEXT) -> Paragraph:
    return filled("p", text, NUMBERS)


def summary(*paragraphs: Paragraph) -> QuarterSummary:
    return QuarterSummary(
        bureau="990173", bureau_name="某局", quarter="2026Q1", on=date(2026, 4, 1), addressee="",
        document_number="", table="", table_digest="", paragraphs=paragraphs,
    )  # fmt: skip


def says(*paragraphs: Paragraph) -> list[tuple[bool, str]]:
    return [(f.is_blocking, f.says) for f in findings(summary(*paragraphs), NUMBERS)]


def test_a_draft_knows_the_source_of_each_number_and_takes_no_day_for_one():
    assert [claim.source for claim in paragraph().claims] == ["owed", "rate"]
    assert says(paragraph()) == []


def test_an_edited_number_that_no_longer_agrees_is_marked_and_blocks():
    found = rebound(paragraph(), "2026年共应抽 15 家，占27.27%。")
    [(is_blocking, sentence)] = says(found)
    assert is_blocking
    assert sentence.startswith("“应抽家数”写的是 15，记录中是 12，两者不符。")


@pytest.mark.parametrize(
    "typed",
    ["应抽１３家", "应抽１３.", "应抽13.其余另计", "应抽13.5家", "比例１３％", "共13.5%.其余"],
)
def test_a_number_is_one_however_it_is_typed(typed):
    """Full-width signs and a half-width stop hide no number from the comparison."""
    found = says(
        rebound(Paragraph(key="p", text="应抽12家", claims=(Claim(place=0, source="owed"),)), typed)
    )
    assert [is_blocking for is_blocking, _ in found] == [True]


def test_the_number_before_a_line_is_no_count():
    assert cleaned_text("1.加强培训\n2.按期公示") == "1.加强培训\n2.按期公示"
    assert says(rebound(Paragraph(key="p", text=""), "1.加强培训")) == []


def test_words_of_a_person_stay_and_its_numbers_are_renewed():
    told = rebound(paragraph(), "应抽12家（全区{其中}），另有3家；占27.27%。")
    moved = NUMBERS | {"owed": Number(shown="104", label="应抽家数")}
    found = renewed(told, moved)
    assert found.text == "应抽104家（全区{其中}），另有3家；占27.27%。"
    assert [claim.source for claim in found.claims] == ["owed", "rate"]
    del moved["owed"]
    assert renewed(told, moved) == told


def test_records_that_moved_after_the_writing_are_marked_too():
    moved = {**NUMBERS, "owed": Number(shown="13", label="应抽家数")}
    [found] = findings(summary(paragraph()), moved)
    assert "写的是 12，记录中是 13" in found.says


def test_a_number_typed_by_hand_has_no_source_and_only_asks_to_be_checked():
    found = rebound(paragraph(), paragraph().text + "另开展宣传3次。")
    assert [claim.source for claim in found.claims] == ["owed", "rate"]
    [(is_blocking, sentence)] = says(found)
    assert not is_blocking
    assert sentence.startswith("“3”是自行填写的")


def test_a_number_put_before_the_others_does_not_take_their_sources():
    found = rebound(paragraph(), "共4科室参加，" + paragraph().text)
    assert [(c.place, c.source) for c in found.claims] == [(1, "owed"), (2, "rate")]


def test_a_number_that_was_cut_out_takes_its_source_along():
    found = rebound(paragraph(), "2026年占27.27%。")
    assert [(c.place, c.source) for c in found.claims] == [(0, "rate")]
    assert says(found) == []


def test_a_source_that_is_gone_blocks():
    found = replace(paragraph("共{owed}家。"), claims=(Claim(place=0, source="gone"),))
    assert "现在没有了" in says(found)[0][1]


def test_what_only_people_know_is_asked_for_until_it_is_written():
    asked = Paragraph(key="2.4.text", text="", asks="培训、宣传和服务")
    assert says(asked) == [(True, "“培训、宣传和服务”还没有写，请补写；本季度没有的，也请写明。")]
    assert says(rebound(asked, "本季度没有开展。")) == []


def test_a_text_is_cleaned_and_has_a_longest_length():
    assert rebound(paragraph(), " 甲\x00 乙 \n\n 丙").text == "甲 乙\n丙"
    rebound(paragraph(), "字" * LONGEST)
    with pytest.raises(Invalid, match="不得超过"):
        rebound(paragraph(), "字" * (LONGEST + 1))


@given(st.text(alphabet="共家占12.%年 3〔", max_size=40))
def test_saving_never_gives_a_number_two_sources_and_pieces_are_the_text(text):
    found = rebound(paragraph(), text)
    places = [claim.place for claim in found.claims]
    assert len(set(places)) == len(places)
    assert "".join(piece.text for piece in pieces(found, ())) == found.text
    assert sum(piece.is_number for piece in pieces(found, ())) > max(places, default=-1)


@given(st.text(alphabet="共家占{}12年", max_size=20))
def test_the_same_text_again_changes_nothing(text):
    once = rebound(paragraph(), text)
    assert rebound(once, once.text) == once


def case(number: int) -> TypicalCase:
    return TypicalCase(visit=f"V{number}", name=f"虚构化工{number}", proofs=())


def told(*, has_fine: bool = False) -> CaseText:
    return CaseText(
        lead="随机抽取的检查对象。", on="2026年2月3日", found=("未密闭{收集}。",), basis=(),
        result=("立案处罚。",), has_fine=has_fine,
    )  # fmt: skip


def empty() -> QuarterSummary:
    return summary(Paragraph(key=CASES_MISSING, text="", asks="三、典型案例"))


def test_a_case_comes_with_linked_numbers_and_asks_for_its_ground():
    one = with_case(empty(), case(1), told(has_fine=True), NUMBERS)
    heads = [p.text for p in one.paragraphs if p.level]
    assert heads == ["（一）虚构化工1"]
    assert {c.source for p in one.paragraphs for c in p.claims} == {
        "case:V1:problems", "case:V1:penalty",
    }  # fmt: skip
    assert [f.says for f in findings(one, NUMBERS)] == [
        "“典型案例虚构化工1的依据”还没有写，请补写；本季度没有的，也请写明。"
    ]


def test_cases_are_numbered_anew_when_one_is_taken_out():
    two = with_case(with_case(empty(), case(1), told(), NUMBERS), case(2), told(), NUMBERS)
    assert [p.text for p in two.paragraphs if p.level] == ["（一）虚构化工1", "（二）虚构化工2"]
    left = without_case(two, "V1")
    assert [p.text for p in left.paragraphs if p.level] == ["（一）虚构化工2"]
    assert {case_of(p) for p in left.paragraphs} == {"V2", ""}
    assert without_case(left, "V2") == empty()


def test_a_case_is_picked_once_and_dropped_once():
    one = with_case(empty(), case(1), told(), NUMBERS)
    with pytest.raises(Refused, match="已经选作"):
        with_case(one, case(1), told(), NUMBERS)
    with pytest.raises(Refused, match="不在典型案例里"):
        without_case(empty(), "V1")


def test_the_bytes_of_a_summary_read_back():
    one = with_case(empty(), case(1), told(), NUMBERS)
    assert QuarterSummary.thawed(one.frozen()) == one
