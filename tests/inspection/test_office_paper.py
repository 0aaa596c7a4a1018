"""A paper printed in the office proves or disproves what the server keeps."""

import io

import pypdfium2
import pytest
import zxingcpp
from django.core.files.storage import default_storage

from gongchou.core.anchoring import PaperMark, evidence_digest, mark_of
from gongchou.core.terms import EvidenceKind
from gongchou.inspection import actions, papers, reads
from gongchou.inspection.drafts import FileDraft
from gongchou.inspection.paper_check import check_paper
from tests.conftest import BUREAU
from tests.inspection.people import LATER, clean_body, signed_by_all, started
from tests.inspection.test_evidence import picture

# Dots an inch: an office scan of a stamped paper, and the head of a pocket printer.
SCAN, THERMAL = 150, 203


@pytest.fixture
def visit(house) -> str:
    ref = started(house)
    for number, colour in enumerate(("teal", "navy")):
        draft = FileDraft(
            name=f"{colour}.jpg", content=io.BytesIO(picture(colour)), kind=EvidenceKind.PHOTO
        )
        client_id = f"phone-photo-{number}"
        actions.add_evidence(ref, draft, client_id=client_id, by=house.li, at=LATER)
    body = clean_body(ref)
    signed_by_all(ref, body)
    actions.submit_record(ref, body, client_id="phone-submit-1", by=house.li, at=LATER)
    return ref


def scanned(ref: str, *, width: str = "", dots: int = SCAN) -> str:
    """What a decoder reads off the paper as a scanner or a thermal printer shows it."""
    _, pdf = papers.record_paper(ref, at=LATER, width=width)
    pages = list(pypdfium2.PdfDocument(pdf))
    images = [page.render(scale=dots / 72).to_pil().convert("1", dither=0) for page in pages]
    codes = [code for image in images for code in zxingcpp.read_barcodes(image.convert("L"))]
    assert len(codes) == 1
    return codes[0].text


@pytest.mark.parametrize(("width", "dots"), [("", SCAN), ("80", THERMAL), ("58", THERMAL)])
def test_the_code_is_read_off_a_scan_and_off_both_strips_and_agrees(visit, width, dots):
    found = check_paper(scanned(visit, width=width, dots=dots), BUREAU)
    assert (found.visit, found.file_count, found.says) == (visit, 2, ())


def test_one_changed_photo_disproves_any_copy(visit):
    text = scanned(visit)
    path = default_storage.path(reads.record(visit).evidence[1].path)
    with open(path, "ab") as file:
        file.write(b"x")
    assert "不一致" in "".join(check_paper(text, BUREAU).says)


def test_one_photo_that_is_gone_disproves_any_copy(visit):
    text = scanned(visit)
    default_storage.delete(reads.record(visit).evidence[0].path)
    assert "不在了" in "".join(check_paper(text, BUREAU).says)


def test_a_paper_that_counts_more_files_than_there_are_is_disproved(visit):
    mark = mark_of(scanned(visit))
    more = PaperMark(record=mark.record, files=3, evidence=mark.evidence)
    assert "只有 2 件" in "".join(check_paper(more.text, BUREAU).says)


def test_the_typed_digest_proves_the_record_and_says_that_it_proves_no_more(
    house, visit, signed_in
):
    page = signed_in(house.chen).get("/visits/check-paper/", {"digest": reads.record(visit).digest})
    assert "证据没有核对" in page.content.decode()


def test_another_bureau_knows_nothing_of_it(visit):
    assert not check_paper(scanned(visit), "130299").is_known


def test_a_mark_is_read_back_and_nothing_else_is_one():
    mark = PaperMark(record="a" * 64, files=2, evidence=evidence_digest([("E1", "b" * 64)]))
    assert mark_of(mark.text) == mark
    assert mark_of(mark.text[:-1]) is None
    assert evidence_digest([("E1", "b")]) != evidence_digest([("E1", "c")])
