"""Reading the code off a stamped scan: a PDF or a photo, page by page."""

import io
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2
import zxingcpp
from PIL import Image

from gongchou.core.refusals import Invalid
from gongchou.core.terms import EvidenceKind
from gongchou.inspection.files import Format, format_of

MOST_PAGES = 60
# Pixels a point: 200 dots an inch, enough for a code of 26 mm.
SCALE = 200 / 72
PDF = "application/pdf"
QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """What a scan holds: its pages, and the text of each code once."""

    pages: int
    codes: tuple[str, ...]


def scan_format(content: bytes) -> Format:
    """The true format of a scan; Invalid where it is no PDF and no picture."""
    try:
        return format_of(content, EvidenceKind.COPY)
    except Invalid as error:
        raise Invalid(
            "扫描件应为 PDF 或 JPEG、PNG、WebP 图片，不超过 30 MB，这个文件不是，没有保存。"
            "请重新扫描或拍照后再选。"
        ) from error


def scan_of(content: bytes) -> Scan:
    """How many pages a scan has, and the codes on all of them."""
    pages, found = 0, dict[str, None]()
    for picture in _pages(content):
        pages += 1
        for code in zxingcpp.read_barcodes(picture, formats=QR):
            found[code.text] = None
    return Scan(pages=pages, codes=tuple(found))


def page_count(paper: bytes) -> int:
    """How many pages a paper of ours has."""
    with pypdfium2.PdfDocument(paper) as document:
        return len(document)


def _pages(content: bytes) -> Iterator[Image.Image]:
    if scan_format(content).media_type != PDF:
        with Image.open(io.BytesIO(content)) as picture:
            yield picture.convert("L")
        return
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise Invalid("这个 PDF 打不开，可能已损坏或设了密码，没有保存。请重新扫描。") from error
    with document:
        if len(document) > MOST_PAGES:
            raise Invalid(f"扫描件不得超过 {MOST_PAGES} 页，没有保存。请按材料分开扫描。")
        for page in document:
            yield page.render(scale=SCALE, grayscale=True).to_pil()
