"""The code of a paper is read off a pocket print and a stamped scan; rare names are whole."""

from dataclasses import replace

import pytest

from gongchou.core.terms import ImportKind
from gongchou.inspection import actions, papers, paperwork, reads
from gongchou.inspection.office_paper import mark_on
from gongchou.registry import reads as registers
from tests.conftest import AT, BUREAU, TODAY
from tests.inspection.people import (
    LATER,
    case_draft,
    faulty_body,
    signed_by_all,
    started,
    submitted,
)
from tests.papers import pages_of, words_of
from tests.registry.test_import import csv, take, uscc
from tests.scanner import (
    SCAN_DPI,
    THERMAL_DPI,
    alike,
    code_on,
    pages_at,
    shapes_of,
    stamped,
    thermal,
)

RARE = "玥堃喆镕㙍"


def record(ref: str, width: str = "") -> bytes:
    return papers.record_paper(ref, at=LATER, width=width)[1]


@pytest.mark.parametrize("width", ["58", "80"])
def test_the_code_is_read_off_a_scanned_strip_of_a_pocket_printer(house, width):
    ref = submitted(house, is_clean=False)
    page = thermal(pages_at(record(ref, width), THERMAL_DPI)[-1])
    assert code_on(page) == mark_on(reads.record(ref)).text


def test_the_code_is_read_off_a_stamped_scan_of_a_sheet(house):
    ref = submitted(house, is_clean=False)
    clean = next(page for page in pages_at(record(ref), SCAN_DPI) if code_on(page))
    assert code_on(stamped(clean)) == mark_on(reads.record(ref)).text


def test_each_leaf_says_to_which_record_it_belongs(house):
    ref = started(house)
    many = tuple(
        replace(faulty_body(ref).findings[0], says=f"第 {n} 个问题：" + "排口未设标志" * 20)
        for n in range(12)
    )
    signed = signed_by_all(ref, replace(faulty_body(ref), findings=many))
    actions.submit_record(ref, signed, client_id="phone-leaf-1", by=house.li, at=LATER)
    leaves = pages_of(record(ref))
    mark = reads.record(ref).digest[:16]
    assert len(leaves) > 1
    assert all(f"{ref}记录摘要{mark}" in "".join(words.split()) for words in leaves)


def test_a_scan_too_coarse_gives_no_code_and_not_a_wrong_one(house):
    ref = submitted(house, is_clean=False)
    assert [code_on(page) for page in pages_at(record(ref, "58"), 30)] == [""]


def test_rare_names_have_their_shape_on_every_width(house):
    ref = started(house)
    body = faulty_body(ref)
    found = replace(body.findings[0], says=f"负责人{RARE}，厂长{RARE}")
    signed = signed_by_all(ref, replace(body, findings=(found,)))
    actions.submit_record(ref, signed, client_id="phone-rare-1", by=house.li, at=LATER)
    for width in ("", "58", "80"):
        pdf = record(ref, width)
        assert "〓" not in words_of(pdf)
        shapes = shapes_of(pdf, RARE)
        assert set(shapes) == set(RARE)
        assert alike(shapes) == []


def test_a_site_with_a_rare_name_has_it_on_notice_and_sheet(house):
    row = f"虚构{RARE}公司,{uscc(8)},{uscc(8)}001P,重点管理,东片,废气"
    head = "单位名称,统一社会信用代码,固定污染源编码,管理类别,片区,污染物类型"
    take(ImportKind.SUBJECTS, csv(row, header=head), house.chen)
    known = {one.name: one.ref for one in registers.subjects(BUREAU, TODAY).rows}
    ref = actions.open_case_visit(
        case_draft(subject=known[f"虚构{RARE}公司"]), by=house.chen, at=AT
    )
    for pdf in (papers.notice_paper(ref, at=AT)[1], paperwork.sheet_paper(ref, "survey", at=AT)[1]):
        assert "〓" not in words_of(pdf)
        assert alike(shapes_of(pdf, RARE)) == []


def test_two_gaps_would_be_told():
    blot = bytes([0] * 400 + [255] * 1200)
    assert alike({"玥": blot, "堃": blot, "喆": bytes([255] * 1600)}) == ["喆", "玥堃"]
