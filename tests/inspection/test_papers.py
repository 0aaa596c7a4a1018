"""The papers of a visit: what was answered and signed, on A4 and on a roll, and what follows."""

from dataclasses import replace
from datetime import timedelta

import pytest

from gongchou.core.record import CheckAnswer, Signature
from gongchou.core.refusals import Refused
from gongchou.core.terms import ImportKind, ItemResult, SignerRole, SignStatus, VisitResult
from gongchou.drawing import reads as draws
from gongchou.inspection import actions, papers, reads
from gongchou.inspection.drafts import OrderDraft
from gongchou.registry import actions as registry
from gongchou.registry import reads as registers
from tests.conftest import AT, BUREAU, TODAY
from tests.drawing import ceremony
from tests.inspection.people import (
    LATER,
    clean_body,
    faulty_body,
    opened,
    signed_by_all,
    started,
    submitted,
)
from tests.papers import boxes_outside, pages_of, words_of
from tests.registry.test_import import csv, take

ORDER = OrderDraft(
    says="更换收集罩并恢复运行",
    issued_on=TODAY + timedelta(days=1),
    due_on=TODAY + timedelta(days=15),
    document_number="临环高责改〔2026〕3号",
)


def record(ref: str, width: str = "") -> bytes:
    return papers.record_paper(ref, at=LATER, width=width)[1]


@pytest.mark.parametrize("width", ["", "58", "80"])
def test_a_submitted_record_is_printed_with_its_answers_and_its_digest(house, width):
    ref = submitted(house, is_clean=False)
    pdf = record(ref, width)
    text = words_of(pdf)
    for words in ("虚构化工1", "废气收集罩破损", "责令改正（限期）", "李执法", "虚1001", "钱厂长"):
        assert words in text
    assert reads.record(ref).digest in text
    assert "草稿" not in text
    assert boxes_outside(pdf) == []


CONDITIONS = "类别编码,类别名称,责任科室代码,事项名称,事项类别,检查依据,检查内容及要求,填写前提"
ASKED = "“持证排污”选择“发现问题”时填写"


def asking(house) -> str:
    """A started visit whose second question hangs on the first."""
    items = (
        "PERMIT,排污许可,zd,持证排污,一般检查事项,虚构条例第十四条,证照齐全,",
        "PERMIT,排污许可,zd,整改计划,一般检查事项,虚构条例第十五条,计划已报,持证排污：发现问题",
    )
    take(ImportKind.ITEMS, csv(*items, header=CONDITIONS), house.chen)
    newest = max(registers.item_lists(BUREAU), key=lambda row: row.version)
    registry.approve_item_list(newest.ref, on=TODAY, by=house.lin, at=AT)
    return started(house)


@pytest.mark.parametrize("width", ["", "58", "80"])
def test_a_blank_form_says_when_a_question_is_asked_and_leaves_it_open(house, width):
    pdf = record(asking(house), width)
    assert ASKED in words_of(pdf)
    assert "不需要填写" not in words_of(pdf)
    assert boxes_outside(pdf) == []


@pytest.mark.parametrize("width", ["", "58", "80"])
def test_a_question_that_an_answer_made_needless_says_so(house, width):
    ref = asking(house)
    items = {item.name: item.code for item in reads.checklist(reads.visit(ref))}
    given = (CheckAnswer(item=items["持证排污"], result=ItemResult.NO_PROBLEM),)
    body = replace(clean_body(ref), answers=given)
    actions.save_record(ref, body, client_id="phone-save-17", by=house.li, at=LATER)
    text = words_of(record(ref, width))
    assert ASKED in text
    assert text.count("不需要填写") == 1


def test_what_is_not_submitted_says_so(house):
    assert "草稿，尚未提交" in words_of(record(started(house)))


def test_a_receipt_is_as_wide_as_the_roll_and_one_page(house):
    ref = submitted(house)
    assert len(pages_of(record(ref, "58"))) == 1
    with pytest.raises(Refused):
        record(ref, "57")


def test_a_refusal_to_sign_stands_with_reason_witness_and_recording(house):
    ref = started(house)
    body = clean_body(ref)
    refused = Signature(
        name="", role=SignerRole.SITE_MANAGER, sign_status=SignStatus.REFUSED,
        reason="称对结果有异议", witness="园区保安（虚构）", recording="AV-7",
    )  # fmt: skip
    body = replace(body, signatures=(*body.officers, refused))
    signed_by_all(ref, body)
    actions.submit_record(ref, body, client_id="phone-paper-9", by=house.li, at=LATER)
    text = words_of(record(ref))
    for words in ("称对结果有异议", "园区保安（虚构）", "AV-7", "拒绝"):
        assert words in text


def test_a_site_that_could_not_be_checked_has_its_reason_instead_of_a_checklist(house):
    ref = started(house)
    body = replace(
        clean_body(ref), answers=(), unvisitable=VisitResult.NOT_OPERATING,
        unvisitable_reason="生产线停运，封条完好",
    )  # fmt: skip
    signed_by_all(ref, body)
    actions.submit_record(ref, body, client_id="phone-paper-8", by=house.li, at=LATER)
    text = words_of(record(ref))
    assert "生产线停运，封条完好" in text
    assert "检查事项（清单" not in text


def test_long_and_rare_words_stay_on_the_sheet(house):
    ref = started(house)
    body = faulty_body(ref)
    long = "玥堃喆镕㙍" * 40
    body = replace(
        body, findings=(replace(body.findings[0], says=long),), opinion="䶮" * 200,
    )  # fmt: skip
    signed_by_all(ref, body)
    actions.submit_record(ref, body, client_id="phone-paper-7", by=house.li, at=LATER)
    for width in ("", "58", "80"):
        pdf = record(ref, width)
        assert boxes_outside(pdf) == []
        assert words_of(pdf).count("㙍") >= 40


def test_an_order_names_the_problem_the_day_and_how_it_was_delivered(house):
    ref = submitted(house, is_clean=False)
    order = actions.order_correction(ref, ORDER, by=house.li, at=LATER)
    text = words_of(papers.correction_paper(order)[1])
    for words in ("临环高责改〔2026〕3号", "废气收集罩破损", "2026年1月20日前", "留置"):
        assert words in text


def test_a_notice_says_who_comes_and_what_may_be_asked(house):
    text = words_of(papers.notice_paper(opened(house), at=AT)[1])
    for words in ("行政检查通知书", "李执法（虚1001）", "申请其回避", "群众举报"):
        assert words in text
    assert "密封根" not in text


@pytest.mark.django_db
def test_the_notice_of_a_drawn_visit_proves_that_the_draw_fixed_it():
    stage = ceremony.prepared()
    draw = ceremony.sealed_draw(stage)
    first, *_ = ceremony.released_visits(stage, draw)
    at = ceremony.last_day(draw)
    ref = actions.dispatch_visit(draw, first.number, by=stage.chen, at=at)
    text = words_of(papers.notice_paper(ref, at=at)[1])
    for one in (draws.draw(draw).sealed_root, *first.path):
        assert one[:32] in text
        assert one[32:] in text
    assert first.pid in text.replace("\u200b", "")


def test_the_same_record_gives_the_same_bytes(house):
    ref = submitted(house)
    assert record(ref) == record(ref)


def test_the_team_prints_from_the_page_of_its_visit_and_a_stranger_does_not(
    house, signed_in, stranger
):
    ref = submitted(house, is_clean=False)
    order = actions.order_correction(ref, ORDER, by=house.li, at=LATER)
    addresses = (
        f"/visits/{ref}/record.pdf",
        f"/visits/{ref}/notice.pdf",
        f"/visits/orders/{order}.pdf",
    )
    browser = signed_in(house.li)
    page = browser.get(f"/visits/{ref}/").content.decode()
    for address in addresses:
        assert address in page
        assert browser.get(address)["Content-Type"] == "application/pdf"
    assert browser.get(f"{addresses[0]}?width=58").content.startswith(b"%PDF")
    browser = signed_in(stranger)
    assert {browser.get(address).status_code for address in addresses} == {403}
