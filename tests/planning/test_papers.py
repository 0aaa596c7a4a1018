"""The quarter plan as a 公文: the numbers of the page, in the form an office signs."""

import io

import pytest
from docx import Document

from gongchou.core.refusals import Refused
from gongchou.core.terms import ImportKind, Role
from gongchou.core.workdays import Quarter
from gongchou.planning import actions, papers, reads
from gongchou.registry import actions as registry
from gongchou.web import clock
from gongchou.web.papers import DEMO_BAND
from tests.conftest import AT, BUREAU, TODAY
from tests.papers import boxes_outside, pages_of, words_of
from tests.registry.test_import import csv, line, take


@pytest.fixture
def plan(chen) -> str:
    keys = [line(n, category="重点管理") for n in range(1, 12)]
    take(ImportKind.SUBJECTS, csv(*keys, line(12)), chen)
    return actions.compute_plan(str(Quarter.of(clock.day_of(AT))), by=chen, at=AT)


def pdf_of(plan: str) -> bytes:
    return papers.plan_paper(plan, bureau=BUREAU, at=AT)[1]


def test_the_paper_has_the_numbers_of_the_plan_and_why(plan):
    pdf, found = pdf_of(plan), reads.plan(plan)
    text = words_of(pdf)
    assert "2026年第一季度“双随机、一公开”抽查计划" in text
    assert "基数11家×25%=2.75，进一为3家。" in text
    assert found.digest[:32] in text
    assert boxes_outside(pdf) == []
    assert pages_of(pdf)[0].replace(" ", "").rstrip().endswith("—1—")


def test_a_plan_awaits_approval_on_paper_too_until_it_has_it(plan, person):
    assert "（待批准）" in words_of(pdf_of(plan))
    actions.approve_plan(plan, by=person("lin", "林局长", Role.LEADER), at=AT)
    assert "（待批准）" not in words_of(pdf_of(plan))
    assert pdf_of(plan) == pdf_of(plan)


def test_the_page_offers_the_paper_and_another_bureau_gets_none(plan, signed_in, chen):
    browser = signed_in(chen)
    assert f"/plan/{plan}.pdf" in browser.get("/plan/?quarter=2026Q1").content.decode()
    answer = browser.get(f"/plan/{plan}.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")


def test_who_may_not_see_plans_gets_no_paper(plan, signed_in, stranger):
    assert signed_in(stranger).get(f"/plan/{plan}.pdf").status_code == 403


def texts_of(file: bytes) -> str:
    document = Document(io.BytesIO(file))
    cells = [c.text for table in document.tables for row in table.rows for c in row.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


def test_the_word_file_says_what_the_paper_says_in_the_same_bytes_each_time(plan):
    name, file = papers.plan_word(plan, bureau=BUREAU, at=AT)
    text, values = texts_of(file), papers.plan_values(reads.plan(plan), at=AT)
    assert name == "2026年第一季度“双随机、一公开”抽查计划"
    for key in ("ground", "scope", "rounding", "people", "discipline", "mark", "digest"):
        assert values[key] in text, key
    for row in values["strata"]:
        assert {row["why"], row["clause"], row["required"]} <= set(text.split("\n"))
    assert papers.plan_word(plan, bureau=BUREAU, at=AT)[1] == file


def test_a_demonstration_marks_the_word_file_too(plan, settings):
    for is_demo in (True, False):
        settings.DEMO = is_demo
        section = Document(io.BytesIO(papers.plan_word(plan, bureau=BUREAU, at=AT)[1])).sections[0]
        marks = {h.paragraphs[0].text for h in (section.header, section.even_page_header)}
        assert marks == {DEMO_BAND if is_demo else ""}


def test_the_page_offers_the_word_file_and_no_stranger_gets_it(plan, signed_in, chen, stranger):
    browser = signed_in(chen)
    assert f"/plan/{plan}.docx" in browser.get("/plan/?quarter=2026Q1").content.decode()
    answer = browser.get(f"/plan/{plan}.docx")
    assert answer["Content-Type"].endswith("wordprocessingml.document")
    assert Document(io.BytesIO(answer.content)).paragraphs
    with pytest.raises(Refused, match="从计划页面进入"):
        papers.plan_word(plan, bureau="000000", at=AT)
    assert signed_in(stranger).get(f"/plan/{plan}.docx").status_code == 403


def test_paper_and_word_name_the_policy_the_plan_was_made_from(plan, person):
    leader = person("lin", "林局长", Role.LEADER)
    registry.adopt_policy(
        shipped="overlay_2025", since=TODAY, document="虚构〔2026〕2号", by=leader, at=AT
    )
    ground = papers.plan_values(reads.plan(plan), at=AT)["ground"]
    assert "唐环高发〔2024〕10号" in ground
    assert "叠加" not in ground


def test_an_approved_plan_is_handed_on_by_a_notice_in_both_forms(plan, person):
    with pytest.raises(Refused, match="批准以后才能印发通知"):
        papers.notice_paper(plan, "pdf", bureau=BUREAU, at=AT)
    actions.approve_plan(plan, by=person("lin", "林局长", Role.LEADER), at=AT)
    name, pdf = papers.notice_paper(plan, "pdf", bureau=BUREAU, at=AT)
    word = papers.notice_paper(plan, "docx", bureau=BUREAU, at=AT)[1]
    assert name == "关于开展2026年第一季度“双随机、一公开”抽查工作的通知"
    assert "统计表不迟于2026年4月1日报送" in words_of(pdf)
    assert (pdf, word) == (
        papers.notice_paper(plan, "pdf", bureau=BUREAU, at=AT)[1],
        papers.notice_paper(plan, "docx", bureau=BUREAU, at=AT)[1],
    )
