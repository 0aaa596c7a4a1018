"""What goes to the superior after a finished quarter of the demonstration, and its receipt.

The papers are printed, stamped with an empty ring and scanned, as far as a program can.
"""

import io
from collections.abc import Iterator
from datetime import datetime
from functools import partial

import pypdfium2
from django.core.files.storage import default_storage
from PIL import Image, ImageDraw

from gongchou.config.demo_agenda import Agenda, after, at, person
from gongchou.config.demo_bureau import CITY_NAME, CODE
from gongchou.core.summary_draft import CASES_MISSING
from gongchou.core.terms import PackageForm, PackagePart, PublicationKind
from gongchou.core.workdays import Quarter
from gongchou.publication import reads as published
from gongchou.publication.papers import document_paper
from gongchou.reporting import actions as reporting
from gongchou.reporting import package_reads, summary_reads
from gongchou.web.clock import day_of

BASIS = "依据：排污许可证载明的管理要求和相关法律法规（演示）"
PIXELS_A_POINT = 2
RING, RED = 110, (200, 40, 40)


def schedule(agenda: Agenda, quarter: Quarter) -> None:
    """Written and sent on the first working day after the quarter, confirmed on the next."""
    ended = after(quarter.last, 1)
    agenda.put(at(ended, 13, 30), partial(_write, quarter))
    agenda.put(at(ended, 15, 30), partial(_send, quarter))
    agenda.put(at(after(ended, 1), 9, 30), partial(_receive, quarter))


def _write(quarter: Quarter, when: datetime) -> None:
    """The summary with the gravest case of the quarter; where there was none, it says so."""
    by = person("chen", when)
    ref = reporting.draft_summary(quarter, by=by, at=when)
    found = summary_reads.candidates(CODE, str(quarter), frozenset())
    if found:
        ref = reporting.pick_case(ref, found[0].ref, by=by, at=when)
    asked = summary_reads.summary(ref, CODE, day_of(when)).body.paragraphs
    texts = {one.key: BASIS for one in asked if one.key.endswith("/basis") and one.asks}
    if not found:
        texts[CASES_MISSING] = "本季度没有可以作为典型案例的检查（演示）。"
    number = f"临高环报〔{quarter.year}〕{quarter.number}号（演示）"
    edit = reporting.SummaryEdit(texts=texts, addressee=CITY_NAME, document_number=number)
    reporting.edit_summary(ref, edit, by=by, at=when)


def _send(quarter: Quarter, when: datetime) -> None:
    """Packed, printed, stamped, scanned and sent, each step as the office would take it."""
    by = person("chen", when)
    ref = reporting.make_package(quarter, by=by, at=when)
    for scan in _scans(ref, quarter):
        reporting.add_scan(ref, scan, by=by, at=when)
    draft = reporting.SendingDraft(
        sent_on=day_of(when), to_whom=CITY_NAME, channel="公文交换（演示）"
    )
    reporting.record_sending(ref, draft, by=by, at=when)


def _receive(quarter: Quarter, when: datetime) -> None:
    [package] = package_reads.packages(CODE, str(quarter))
    number = f"临环收〔{quarter.year}〕{quarter.number}号（演示）"
    by = person("chen", when)
    reporting.record_receipt(
        package.ref, day_of(when), f"{CITY_NAME}办公室", number, by=by, at=when
    )


def _scans(ref: str, quarter: Quarter) -> Iterator[reporting.ScanDraft]:
    for file in package_reads.package(ref, CODE).files:
        is_printed = file.media_type == "application/pdf"
        if is_printed and file.form is PackageForm.ELECTRONIC:
            with default_storage.open(file.path) as paper:
                pages = [_stamped(page) for page in _pages(paper.read())]
            name = f"{file.part.label}盖章扫描件（演示）.pdf"
            yield reporting.ScanDraft(part=file.part, name=name, content=_bound(pages))
    notice = _notices(quarter)[-1]
    _, paper_of_notice = document_paper(notice, "pdf", bureau=CODE)
    shot = io.BytesIO()
    next(_pages(paper_of_notice)).save(shot, "PNG")
    yield reporting.ScanDraft(
        part=PackagePart.PUBLICITY, name="公示截图（演示）.png", content=shot.getvalue()
    )


def _notices(quarter: Quarter) -> list[str]:
    rows = published.open_to_all(kind=PublicationKind.RESULT_NOTICE)
    return [row.ref for row in rows if row.quarter == str(quarter)]


def _pages(paper: bytes) -> Iterator[Image.Image]:
    with pypdfium2.PdfDocument(paper) as document:
        for page in document:
            yield page.render(scale=PIXELS_A_POINT).to_pil().convert("RGB")


def _stamped(page: Image.Image) -> Image.Image:
    """An empty red ring below the middle, clear of the code on the last page."""
    centre, pen = (page.width * 2 // 3, page.height // 2), ImageDraw.Draw(page)
    box = [(centre[0] - RING, centre[1] - RING), (centre[0] + RING, centre[1] + RING)]
    pen.ellipse(box, outline=RED, width=6)
    return page


def _bound(pages: list[Image.Image]) -> bytes:
    result = io.BytesIO()
    pages[0].save(
        result, "PDF", save_all=True, append_images=pages[1:], resolution=72.0 * PIXELS_A_POINT
    )
    return result.getvalue()
