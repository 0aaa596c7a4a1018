"""The table in Word, and the circular of the quarter in both forms."""

import io

import pytest
from docx import Document

from gongchou.core.refusals import Refused
from gongchou.core.workdays import Quarter
from gongchou.reporting import actions, reads
from gongchou.reporting.circulars import circular_paper, statistics_word
from tests.conftest import BUREAU
from tests.papers import words_of
from tests.reporting.quarters import AFTER, QUARTER, make_visit

Q1 = Quarter.parse(QUARTER)


@pytest.fixture
def table(plan, chen) -> str:
    make_visit(1, problem_count=2)
    return actions.make_statistics(Q1, by=chen, at=AFTER)


def text_of(word: bytes) -> str:
    document = Document(io.BytesIO(word))
    cells = [c.text for t in document.tables for row in t.rows for c in row.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


def test_the_word_table_has_every_number_of_the_frozen_one(table):
    name, word = statistics_word(table, bureau=BUREAU)
    text = text_of(word)
    for row in reads.version(table, BUREAU).body.rows:
        assert row.quarter.label in text
        assert row.quarter.shown in text
    assert (name, word) == statistics_word(table, bureau=BUREAU)


def test_the_circular_says_the_same_in_both_forms_and_the_same_bytes_again(table):
    name, pdf = circular_paper(table, "pdf", bureau=BUREAU)
    word = circular_paper(table, "docx", bureau=BUREAU)[1]
    text = text_of(word)
    assert name == "2026年第一季度“双随机、一公开”监管情况的通报"
    for says in ("一、总体情况", "二、存在问题", "三、工作要求", "发现存在问题的单位1家、问题2个"):
        assert says in text
        assert says in words_of(pdf)
    assert pdf == circular_paper(table, "pdf", bureau=BUREAU)[1]


def test_no_circular_is_made_of_a_table_that_was_corrected(table, chen):
    make_visit(2)
    actions.make_statistics(Q1, reason="补审一次", by=chen, at=AFTER)
    with pytest.raises(Refused, match="已被更正替代"):
        circular_paper(table, "pdf", bureau=BUREAU)
    with pytest.raises(Refused, match="只有 PDF 和 Word"):
        circular_paper(f"{table[:-1]}2", "odt", bureau=BUREAU)


def test_a_clerk_takes_both_from_the_page_of_the_table(table, chen, signed_in):
    client = signed_in(chen)
    assert "通报（Word）" in client.get(f"/statistics/table/{table}/").content.decode()
    for way, start in (("circular/pdf", b"%PDF-"), ("circular/docx", b"PK"), ("word", b"PK")):
        assert client.get(f"/statistics/table/{table}/{way}/").content.startswith(start)
