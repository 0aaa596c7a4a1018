"""The summary: drafted from the numbers, edited by people, checked against the records."""

import io
import json
import re
import zipfile
from datetime import UTC, datetime

import pytest
from django.urls import reverse
from docx import Document

from gongchou.audit import reads as audit
from gongchou.config.cli import main
from gongchou.core.refusals import NotAllowed, Refused, Stale
from gongchou.core.terms import TrainingKind, VisitResult, VisitState
from gongchou.core.workdays import Quarter
from gongchou.reporting import actions, summary_reads
from gongchou.reporting.actions import SummaryEdit
from gongchou.reporting.summary_papers import summary_pdf, summary_word
from gongchou.training import actions as training
from gongchou.training.actions import EventDraft
from tests.conftest import BUREAU
from tests.papers import fonts_of, pages_of, words_of
from tests.reporting.quarters import AFTER, QUARTER, make_visit

Q1 = Quarter.parse(QUARTER)
TODAY = AFTER.date()
LATER = datetime(2026, 4, 1, 2, 0, tzinfo=UTC)


@pytest.fixture
def table(plan, chen) -> str:
    make_visit(1)
    make_visit(2, problem_count=2, visit_result=VisitResult.CASE_FILED.value)
    return actions.make_statistics(Q1, by=chen, at=AFTER)


@pytest.fixture
def draft(table, chen) -> str:
    return actions.draft_summary(Q1, by=chen, at=AFTER)


def page(ref: str) -> summary_reads.SummaryPage:
    return summary_reads.summary(ref, BUREAU, TODAY)


def texts(ref: str) -> dict[str, str]:
    return {one.key: one.text for one in page(ref).body.paragraphs}


def edit(ref: str, by, **changes: str) -> str:
    given = {name.replace("_", "."): text for name, text in changes.items()}
    wanted = SummaryEdit(texts=given, addressee="某市生态环境局", document_number="")
    return actions.edit_summary(ref, wanted, by=by, at=LATER)


def complete(ref: str, by) -> str:
    """As a clerk would finish it."""
    ref = edit(ref, by, **{"2_4_text": "本季度没有开展培训。"})
    ref = actions.pick_case(ref, "V2", by=by, at=LATER)
    return edit(ref, by, **{"3_case/V2/basis": "依据：某条例。"})


def test_the_draft_follows_the_outline_and_quotes_the_frozen_table(draft, table):
    found = page(draft)
    heads = [one.text for one in found.body.paragraphs if one.level == 1]
    assert heads == [
        "一、总体情况", "二、主要做法", "三、典型案例", "四、存在问题", "五、下季度打算",
    ]  # fmt: skip
    assert (found.body.table, found.body.table_digest) == (table, found.counted.table.digest)
    assert "应抽3家，完成2家" in texts(draft)["1.1.key"]
    assert audit.events(BUREAU, about=draft)[0].event.kind == "summary_saved"


def hold(by, kind=TrainingKind.STAFF, count=5) -> str:
    draft = EventDraft(
        kind=kind, title="记录填写", held_on=TODAY.replace(month=3), audience="全体",
        audience_count=count, says="怎样填写",
    )  # fmt: skip
    return training.record_event(draft, by=by, at=AFTER)


def test_what_was_held_and_taken_up_stands_in_the_draft_and_opens(table, chen, leader):
    hold(chen)
    held = hold(chen, TrainingKind.SERVICE, 3)
    offered = training.offer_practice("一页纸", "汇成一页。", "少问。", "大队", by=chen, at=AFTER)
    march = AFTER.replace(month=3)
    training.decide_practice(offered, "照办", is_taken_up=True, by=leader, at=march)
    ref = actions.draft_summary(Q1, by=chen, at=AFTER)
    told = texts(ref)["2.4.text"]
    assert told == "培训本单位人员1次、5人次，帮扶指导企业1次、3人次。主题有《记录填写》。"
    assert texts(ref)["2.5.text"] == "一页纸：汇成一页。效果：少问。"
    [row] = [one for one in summary_reads.paragraphs(page(ref)) if one.key == "2.4.text"]
    urls = {part.url for line in row.lines for part in line if part.piece.is_number}
    assert urls == {"/training/?quarter=2026Q1"}
    training.withdraw_event(held, "误登", by=chen, at=LATER)
    assert any("帮扶指导次数" in one.says and one.is_blocking for one in page(ref).findings)


def test_every_number_of_a_draft_has_a_source(draft):
    found = page(draft)
    rows = summary_reads.paragraphs(found)
    numbers = [p for row in rows if not row.level for line in row.lines for p in line
               if p.piece.is_number]  # fmt: skip
    assert len(numbers) > 30
    assert all(part.url for part in numbers)
    assert {one.place for one in found.findings} == {None}


def test_every_number_of_the_page_opens_its_records(draft, signed_in, chen):
    browser = signed_in(chen)
    shown = browser.get(reverse("reporting:summary", args=[draft])).content.decode()
    links = set(re.findall(r'class="quoted" href="([^"#]+)', shown))
    assert len(links) > 25
    for url in links:
        assert browser.get(url.replace("&amp;", "&")).status_code == 200


def test_what_only_people_know_blocks_until_it_is_written(draft, chen):
    asked = [one.says for one in page(draft).blocking]
    assert len(asked) == 2
    assert "培训、宣传和服务" in asked[0]
    assert "典型案例" in asked[1]
    assert page(complete(draft, chen)).blocking == ()


def test_an_edited_number_is_marked_with_what_the_records_say(draft, chen):
    new = edit(draft, chen, **{"1_1_key": texts(draft)["1.1.key"].replace("完成2家", "完成3家")})
    found = [one.says for one in page(new).blocking if one.paragraph == "1.1.key"]
    assert found == [
        "“现场抽查：重点　完成家数”写的是 3，记录中是 2，两者不符。"
        "请改正文字，或者先更正记录和统计表。"
    ]
    assert page(draft).body.paragraphs != page(new).body.paragraphs
    assert page(draft).number == 1


def test_a_corrected_table_shows_in_the_summary_at_once(draft, chen):
    make_visit(3)
    actions.make_statistics(Q1, reason="补审一次检查", by=chen, at=LATER)
    assert any("记录中是 3" in one.says for one in page(draft).blocking)


def test_drafted_again_the_numbers_are_new_and_what_people_wrote_is_kept(draft, chen):
    old = complete(draft, chen)
    make_visit(3)
    actions.make_statistics(Q1, reason="补审一次检查", by=chen, at=LATER)
    new = actions.draft_summary(Q1, by=chen, at=LATER)
    assert "完成3家" in texts(new)["1.1.key"]
    assert texts(new)["2.4.text"] == "本季度没有开展培训。"
    assert texts(new)["3.case/V2/basis"] == "依据：某条例。"
    assert page(new).body.cases == page(old).body.cases
    assert page(new).blocking == ()


def test_what_a_person_made_of_the_words_outlasts_a_new_draft(draft, chen):
    told = texts(draft)["2.2.text"].replace("本季度共抽出", "本季度分三批抽出")
    edit(draft, chen, **{"2_2_text": told, "5_text": "下季度先查重点单位。"})
    make_visit(3, joint_kind="joint_internal")
    actions.make_statistics(Q1, reason="补审一次检查", by=chen, at=LATER)
    for _ in range(2):
        new = actions.draft_summary(Q1, by=chen, at=LATER)
        assert texts(new)["5.text"] == "下季度先查重点单位。"
        assert "本季度分三批抽出0家，内部联合抽查1家次" in texts(new)["2.2.text"]
        assert not [one for one in page(new).blocking if one.paragraph == "2.2.text"]


def test_a_case_must_be_a_reviewed_visit_of_this_bureau(draft, chen):
    make_visit(4, state=VisitState.SUBMITTED.value, problem_count=1)
    with pytest.raises(Refused, match="已审核的检查"):
        actions.pick_case(draft, "V4", by=chen, at=LATER)
    assert [row.ref for row in summary_reads.candidates(BUREAU, QUARTER, frozenset())] == ["V2"]


def test_an_older_version_and_an_unchanged_one_are_not_saved(draft, chen):
    edit(draft, chen, **{"2_4_text": "没有。"})
    with pytest.raises(Stale, match="最新一版"):
        edit(draft, chen, **{"2_4_text": "有。"})
    newest = summary_reads.current(BUREAU, QUARTER, TODAY)
    with pytest.raises(Refused, match="没有变化"):
        edit(newest.ref, chen, **{"2_4_text": "没有。"})


def test_only_the_office_writes(draft, leader, stranger):
    for actor in (leader, stranger):
        with pytest.raises(NotAllowed):
            actions.draft_summary(Q1, by=actor, at=AFTER)
        with pytest.raises(NotAllowed):
            edit(draft, actor)
        with pytest.raises(NotAllowed):
            actions.pick_case(draft, "V2", by=actor, at=AFTER)
        with pytest.raises(NotAllowed):
            actions.drop_case(draft, "V2", by=actor, at=AFTER)
    with pytest.raises(NotAllowed):
        actions.export_summary(draft, "docx", by=stranger, at=AFTER)


def test_without_an_approved_plan_nothing_is_drafted(chen, bureau):
    with pytest.raises(Refused, match="没有已批准的抽查计划"):
        actions.draft_summary(Q1, by=chen, at=AFTER)


def test_the_paper_is_the_same_bytes_again_and_has_every_glyph(draft, chen):
    found = page(complete(draft, chen))
    _, pdf = summary_pdf(found)
    assert summary_pdf(found)[1] == pdf
    words = words_of(pdf)
    for wanted in ("一、总体情况", "应抽3家，完成2家", "典型案例佐证材料清单", "某市"):
        assert wanted in words
    assert "〓" not in words
    assert fonts_of(pdf)
    assert "—1—" in pages_of(pdf)[0].replace(" ", "")


def test_a_full_page_of_the_paper_has_22_lines_of_28_characters(draft, chen):
    long = "\n".join(["生态环境监管执法双随机一公开" * 100])
    _, pdf = summary_pdf(page(edit(draft, chen, **{"1_own": long})))
    full = [
        [
            line.strip()
            for line in one.splitlines()
            if set(line.strip()) <= set(long) and line.strip()
        ]
        for one in pages_of(pdf)
    ]
    assert max(len(line) for lines in full for line in lines) == 28
    assert max(len(lines) for lines in full) == 22


def test_the_word_file_says_the_same_and_is_the_same_bytes_again(draft, chen):
    found = page(complete(draft, chen))
    _, content = summary_word(found)
    assert summary_word(found)[1] == content
    document = Document(io.BytesIO(content))
    lines = [one.text for one in document.paragraphs]
    assert any("应抽3家，完成2家" in line for line in lines)
    section = document.sections[0]
    assert [round(side.mm) for side in (section.top_margin, section.left_margin)] == [37, 28]
    body = zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml").decode()
    assert 'w:eastAsia="仿宋_GB2312"' in body
    assert 'w:linePitch="579"' in body


def test_the_pages_of_the_summary_work_for_the_office(table, signed_in, chen):
    browser = signed_in(chen)
    answer = browser.post("/statistics/summary/draft/", {"quarter": QUARTER}, follow=True)
    [row] = summary_reads.versions(BUREAU, QUARTER)
    shown = browser.get(reverse("reporting:edit_summary", args=[row.ref])).content.decode()
    assert "培训、宣传和服务（待补写）" in shown
    given = {"text:2.4.text": "没有开展。", "addressee": "某局", "document_number": ""}
    answer = browser.post(reverse("reporting:edit_summary", args=[row.ref]), given, follow=True)
    assert "第 2 版" in answer.content.decode()
    newest = summary_reads.versions(BUREAU, QUARTER)[0].ref
    answer = browser.post(
        reverse("reporting:pick_case", args=[newest]), {"visit": "V2"}, follow=True
    )
    assert "佐证清单" in answer.content.decode()
    newest = summary_reads.versions(BUREAU, QUARTER)[0].ref
    assert browser.get(reverse("reporting:summary_pdf", args=[newest])).content[:4] == b"%PDF"
    assert browser.post(reverse("reporting:summary_word", args=[newest])).content[:2] == b"PK"
    browser.post(reverse("reporting:drop_case", args=[newest]), {"visit": "V2"})
    assert summary_reads.versions(BUREAU, QUARTER)[0].number == 4


def test_the_command_drafts_where_needed_and_writes_word_and_pdf(table, tmp_path, capsys):
    for name, head in (("总结.docx", b"PK"), ("总结.pdf", b"%PDF")):
        place = tmp_path / name
        assert main(["report", "summary", QUARTER, "--out", str(place), "--json"]) == 0
        assert place.read_bytes().startswith(head)
        assert len(json.loads(capsys.readouterr().out)["findings"]) == 2
    assert len(summary_reads.versions(BUREAU, QUARTER)) == 1
    assert main(["report", "summary", QUARTER, "--out", str(tmp_path / "a.txt")]) == 1
    assert ".docx 或 .pdf" in capsys.readouterr().err
