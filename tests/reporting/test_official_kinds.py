"""The eight official documents: the same bytes again, and Word says what the PDF says."""

import io
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from docx import Document

from gongchou.core.workdays import Quarter
from gongchou.inspection import actions as inspection
from gongchou.inspection import papers as visit_papers
from gongchou.inspection.drafts import OrderDraft
from gongchou.planning import papers as plan_papers
from gongchou.planning import reads as plans
from gongchou.publication import actions as publication
from gongchou.publication.papers import document_paper
from gongchou.reporting import actions, summary_reads
from gongchou.reporting.circulars import circular_paper, statistics_word
from gongchou.reporting.papers import statistics_paper
from gongchou.reporting.summary_papers import summary_pdf, summary_word
from gongchou.web.official import TYPES
from tests.conftest import AT, BUREAU, TODAY
from tests.inspection.people import LATER, make_house, submitted
from tests.papers import fonts_of, words_of
from tests.publication.conftest import (  # noqa: F401
    gong,
    item_list,
    make_notice,
    make_public,
    row,
)
from tests.reporting.quarters import AFTER, QUARTER, make_plan, make_registers, make_visit

Q1 = Quarter.parse(QUARTER)
# Each of them in the forms in which it is printed; a new one is added here.
KINDS = ("plan", "notice", "circular", "items", "statistics", "summary", "results", "order")
Made = Callable[[str], bytes]


@pytest.fixture
def table(chen, leader, bureau) -> str:
    make_registers(chen)
    make_plan(chen, leader)
    make_visit(1, problem_count=2)
    return actions.make_statistics(Q1, by=chen, at=AFTER)


@pytest.fixture
def plan(table, chen) -> Made:
    ref = plans.plan_of(BUREAU, QUARTER).ref
    made = {"pdf": plan_papers.plan_paper, "docx": plan_papers.plan_word}
    return lambda form: made[form](ref, bureau=BUREAU, at=AT)[1]


@pytest.fixture
def notice(table) -> Made:
    ref = plans.plan_of(BUREAU, QUARTER).ref
    return lambda form: plan_papers.notice_paper(ref, form, bureau=BUREAU, at=AT)[1]


@pytest.fixture
def circular(table) -> Made:
    return lambda form: circular_paper(table, form, bureau=BUREAU)[1]


@pytest.fixture
def statistics(table) -> Made:
    made = {"pdf": statistics_paper, "docx": statistics_word}
    return lambda form: made[form](table, bureau=BUREAU)[1]


@pytest.fixture
def summary(table, chen) -> Made:
    ref = actions.draft_summary(Q1, by=chen, at=AFTER)
    found = summary_reads.summary(ref, BUREAU, AFTER.date())
    made = {"pdf": summary_pdf, "docx": summary_word}
    return lambda form: made[form](found)[1]


@pytest.fixture
def items(item_list, gong, make_public) -> Made:  # noqa: F811
    ref = make_public(publication.propose_item_list(item_list, by=gong, at=AT))
    return lambda form: document_paper(ref, form, bureau=BUREAU)[1]


@pytest.fixture
def results(make_notice, make_public) -> Made:  # noqa: F811
    ref = make_public(make_notice(row(1), row(2, result="责令改正（限期）")))
    return lambda form: document_paper(ref, form, bureau=BUREAU)[1]


@pytest.fixture
def order(person) -> Made:
    house = make_house(person)
    ref = submitted(house, is_clean=False)
    draft = OrderDraft(says="修复集气罩", issued_on=TODAY, due_on=TODAY + timedelta(9))
    number = inspection.order_correction(ref, draft, by=house.li, at=LATER)
    made = {"pdf": visit_papers.correction_paper, "docx": visit_papers.correction_word}
    return lambda form: made[form](number)[1]


# On paper these two are forms; in Word they are letters with the footer of a letter.
ONLY_IN_WORD = {
    "statistics": {"日印发", "由本文内容的摘要得出"},
    "order": {"日印发", "拒绝签收的原因"},
}


def stands_in(run: str, printed: str, parts: int = 3) -> bool:
    """Whether a text is printed, in one piece or over the lines of a narrow column."""
    if run in printed or not parts:
        return run in printed
    return any(
        run[:cut] in printed and stands_in(run[cut:], printed, parts - 1)
        for cut in range(1, len(run))
    )


def texts(word: bytes) -> set[str]:
    """Every run of Han characters in the text and the tables of a Word file."""
    document = Document(io.BytesIO(word))
    cells = [c.text for t in document.tables for r in t.rows for c in r.cells]
    lines = [*(p.text for p in document.paragraphs), *cells]
    return {run for line in lines for run in re.findall(r"[\u4e00-\u9fff]{2,}", line)}


@pytest.mark.parametrize("kind", KINDS)
def test_each_document_is_the_same_bytes_again_in_both_forms(db, request, kind):
    made: Made = request.getfixturevalue(kind)
    for form in TYPES:
        assert made(form) == made(form), form
    assert fonts_of(made("pdf"))
    assert "〓" not in words_of(made("pdf"))


@pytest.mark.parametrize("kind", KINDS)
def test_word_says_nothing_that_the_pdf_does_not_say(db, request, kind):
    made: Made = request.getfixturevalue(kind)
    printed = words_of(made("pdf"))
    missing = {run for run in texts(made("docx")) if not stands_in(run, printed)}
    assert missing <= ONLY_IN_WORD.get(kind, set())


def test_a_text_that_is_not_printed_is_found_missing():
    assert stands_in("大气污染防治法", "检查大气污染要点防治法")
    assert not stands_in("大气污染防治法", "检查大气要点防治法")
