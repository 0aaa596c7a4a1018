"""公文 as a Word file (GB/T 9704-2012): the same values as `web/paper/letter.typ`, the same bytes.

Fonts are named, not embedded: those of the bureau's computers, with a free stand-in for each.
22 lines of 28 characters come from the exact line pitch and a spacing slightly below zero.
"""

import io
import math
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from docx import Document
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from gongchou.web.typesetting import picture_png, qr_png

FANGSONG, SONG, KAITI, HEITI = "仿宋_GB2312", "宋体", "楷体_GB2312", "黑体"
XIAOBIAOSONG = "方正小标宋简体"
STAND_INS = {FANGSONG: "仿宋", KAITI: "楷体", XIAOBIAOSONG: "宋体"}
RED = RGBColor(0xC0, 0, 0)
PITCH, BODY, INDENT = Pt(28.95), 16, Pt(31.5)
FIRST_DAY_OF_ZIP = (1980, 1, 1, 0, 0, 0)
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# A table of so few lines stays on one page.
LINES_TOGETHER, SMALL = 16, 11
# Characters on eleven lines of a page of twenty-two.
HALF_PAGE = 11 * 28
MM_PER_POINT, CELL_MARGINS = 25.4 / 72, 3.8
HEADINGS = {"h1": HEITI, "h2": KAITI}


def letter(values: Mapping[str, Any], *, at: datetime, band: str = "") -> bytes:
    """The Word file of a letter, made at the instant `at`; `band` is a mark on every page."""
    document = Document()
    _page(document, band)
    _head(document, values)
    for block in values["blocks"]:
        _block(document, block)
    _hold_last(document)
    _attachments(document, values.get("attachments", ()))
    _signature(document, values["organ"], values["on"])
    annexes = values.get("annexes", ())
    for number, annex in enumerate(annexes, start=1):
        _annex(document, annex, "附件" if len(annexes) == 1 else f"附件{number}")
    _code(document, values)
    _imprint(document, values)
    _properties(document, values, at)
    return _same_bytes(document)


def _page(document: Any, band: str) -> None:
    section = document.sections[0]
    section.start_type = WD_SECTION.NEW_PAGE
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(10), Mm(23)
    for grid in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(grid)
    grid = OxmlElement("w:docGrid")
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), "579")
    section._sectPr.append(grid)
    document.settings.odd_and_even_pages_header_footer = True
    _number(section.footer, WD_ALIGN_PARAGRAPH.RIGHT)
    _number(section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT)
    for header in (section.header, section.even_page_header):
        _band(header.paragraphs[0], band)
    style = document.styles["Normal"]
    style.font.size = Pt(BODY)
    _fonts(style.element.get_or_add_rPr(), FANGSONG)
    _stand_ins(document)


def _band(paragraph: Any, band: str) -> None:
    if band:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _run(paragraph, band, HEITI, 11, color=RED)


def _number(footer: Any, side: WD_ALIGN_PARAGRAPH) -> None:
    """— 1 —, outer edge, one character in."""
    paragraph = footer.paragraphs[0]
    paragraph.alignment = side
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Pt(14)
    _run(paragraph, "— ", SONG, 14)
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = _run(paragraph, "", SONG, 14)
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        part.text = text or None
        run._r.append(part)
    _run(paragraph, " —", SONG, 14)


def _fonts(properties: Any, name: str) -> None:
    """One face for Chinese, Latin and quotation marks, and Chinese letter forms."""
    fonts = properties.get_or_add_rFonts()
    for slot in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{slot}"), name)
    fonts.set(qn("w:hint"), "eastAsia")
    language = OxmlElement("w:lang")
    # Digits keep together at the end of a line only where they count as Latin text.
    language.set(qn("w:val"), "en-US")
    language.set(qn("w:eastAsia"), "zh-CN")
    properties.append(language)


def _run(
    paragraph: Any,
    text: str,
    font: str = FANGSONG,
    size: float = BODY,
    *,
    color: RGBColor | None = None,
    is_body: bool = False,
) -> Any:
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    if color is not None:
        run.font.color.rgb = color
    _fonts(run._r.get_or_add_rPr(), font)
    if is_body:
        spacing = OxmlElement("w:spacing")
        spacing.set(qn("w:val"), "-5")
        run._r.rPr.insert_element_before(
            spacing, "w:w", "w:kern", "w:position", "w:sz", "w:szCs", "w:lang"
        )
    return run


def _line(
    document: Any,
    text: str = "",
    font: str = FANGSONG,
    size: float = BODY,
    *,
    align: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.JUSTIFY,
    indent: bool = True,
) -> Any:
    """A paragraph on the grid."""
    paragraph = document.add_paragraph()
    form = paragraph.paragraph_format
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, PITCH
    form.space_before = form.space_after = Pt(0)
    form.widow_control = False
    paragraph.alignment = align
    if indent:
        form.first_line_indent = INDENT
    if text:
        _run(paragraph, text, font, size, is_body=size == BODY)
    return paragraph


def _centred(document: Any, text: str, font: str, size: float) -> Any:
    middle = WD_ALIGN_PARAGRAPH.CENTER
    return _line(document, text, font, size, align=middle, indent=False)


def _head(document: Any, values: Mapping[str, Any]) -> None:
    organ = document.add_paragraph()
    organ.alignment = WD_ALIGN_PARAGRAPH.CENTER
    organ.paragraph_format.space_before, organ.paragraph_format.space_after = Mm(35), Pt(0)
    size = max(20.0, min(44.0, 440 / max(1, len(values["organ"]))))
    _run(organ, values["organ"], XIAOBIAOSONG, size, color=RED)
    _line(document, indent=False)
    number = _centred(document, values.get("number", "") or " ", FANGSONG, BODY)
    edge = OxmlElement("w:pBdr")
    bottom = OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "12"), ("space", "11"), ("color", "C00000")):
        bottom.set(qn(f"w:{name}"), value)
    edge.append(bottom)
    number._p.get_or_add_pPr().insert_element_before(
        edge, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc"
    )
    _line(document, indent=False)
    for line in values.get("title-lines") or (values["title"],):
        _off_grid(_centred(document, line, XIAOBIAOSONG, 22))
    if values.get("mark"):
        middle = WD_ALIGN_PARAGRAPH.CENTER
        _run(_line(document, align=middle, indent=False), values["mark"], HEITI, 16, color=RED)
    _line(document, indent=False)
    if values.get("addressee"):
        # A long code in it cannot be broken, and a justified line would be torn apart before it.
        left = WD_ALIGN_PARAGRAPH.LEFT
        _line(document, f"{values['addressee']}：", align=left, indent=False)


def _block(document: Any, block: Mapping[str, Any]) -> None:
    if block["kind"] == "table":
        _table(document, block["widths"], block["head"], block["rows"])
        return
    if block["kind"] == "picture":
        picture = document.add_paragraph()
        picture.alignment = WD_ALIGN_PARAGRAPH.CENTER
        picture.paragraph_format.keep_with_next = True
        png = picture_png(block["svg"], block["text"])
        picture.add_run().add_picture(io.BytesIO(png), width=Mm(150))
        _centred(document, block["text"], FANGSONG, 12)
        return
    line = _line(document, block["text"], HEADINGS.get(block["kind"], FANGSONG))
    line.paragraph_format.keep_with_next = block["kind"] in HEADINGS


def _hold_last(document: Any) -> None:
    """The page that is signed has text of the letter on it.

    A paragraph of more than half a page reaches there anyway; held, it would leave a page empty.
    """
    last = document.element.body[-2]
    if last.tag == qn("w:p") and len(document.paragraphs[-1].text) <= HALF_PAGE:
        document.paragraphs[-1].paragraph_format.keep_with_next = True


def _attachments(document: Any, names: Sequence[str]) -> None:
    if names:
        _line(document).paragraph_format.keep_with_next = True
    for number, name in enumerate(names, start=1):
        mark = f"{number}．" if len(names) > 1 else ""
        line = _line(document, f"{'附件：' if number == 1 else '　　　'}{mark}{name}")
        line.paragraph_format.keep_with_next = True


def _signature(document: Any, organ: str, on: str) -> None:
    _line(document).paragraph_format.keep_with_next = True
    for text in (organ, on):
        line = _line(document, text, align=WD_ALIGN_PARAGRAPH.RIGHT, indent=False)
        line.paragraph_format.right_indent = Pt(4 * BODY)
        line.paragraph_format.keep_with_next = text is organ


def _annex(document: Any, annex: Mapping[str, Any], mark: str) -> None:
    head = _line(document, indent=False)
    head.add_run().add_break(WD_BREAK.PAGE)
    _run(head, mark, HEITI)
    _line(document, indent=False)
    _centred(document, annex["title"], XIAOBIAOSONG, 22)
    _line(document, indent=False)
    _table(document, annex["widths"], annex["head"], annex["rows"])
    if annex.get("note"):
        left = WD_ALIGN_PARAGRAPH.LEFT
        _tight(_line(document, annex["note"], FANGSONG, SMALL, align=left, indent=False))


def _table(
    document: Any, widths: Sequence[int], head: Sequence[str], rows: Sequence[Sequence[str]]
) -> None:
    table = document.add_table(rows=0, cols=len(head))
    table.style, table.autofit = "Table Grid", False
    room = 156 / sum(widths)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(room * width)
    lines = sum(_lines_of(texts, widths, room) for texts in rows)
    for place, texts in enumerate([head, *rows]):
        row = table.add_row()
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for cell, text, width in zip(row.cells, texts, widths, strict=True):
            cell.width = Mm(room * width)
            line = _tight(cell.paragraphs[0])
            line.paragraph_format.keep_with_next = lines <= LINES_TOGETHER and place < len(rows)
            _run(line, text, FANGSONG if place else HEITI, SMALL)
    repeated = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)


def _lines_of(texts: Sequence[str], widths: Sequence[int], room: float) -> int:
    """How many lines a row takes at most: a letter is as wide as it is high."""
    return max(
        math.ceil(len(part) * SMALL * MM_PER_POINT / max(SMALL, room * width - CELL_MARGINS))
        for text, width in zip(texts, widths, strict=True)
        for part in (text or " ").split("\n")
    )


def _tight(paragraph: Any) -> Any:
    """A line of a table: as high as its text, off the grid of the page."""
    form = paragraph.paragraph_format
    form.space_before = form.space_after = Pt(0)
    form.line_spacing = 1.0
    return _off_grid(paragraph)


def _off_grid(paragraph: Any) -> Any:
    """A line that is not stretched to whole lines of the page."""
    grid = OxmlElement("w:snapToGrid")
    grid.set(qn("w:val"), "0")
    paragraph._p.get_or_add_pPr().insert_element_before(
        grid, "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:rPr"
    )
    return paragraph


def _code(document: Any, values: Mapping[str, Any]) -> None:
    if not values.get("code"):
        return
    _line(document, indent=False)
    picture = document.add_paragraph()
    picture.add_run().add_picture(io.BytesIO(qr_png(values["qr-text"])), width=Mm(26))
    _line(
        document, f"核对码 {values['code']}，由本文内容的摘要得出。", FANGSONG, 10.5, indent=False
    )


def _imprint(document: Any, values: Mapping[str, Any]) -> None:
    """版记 at the foot of the last page: a table between thick lines, thin ones within."""
    # A whole line would not fit above a table that is near, and take a page for itself.
    _line(document, indent=False).paragraph_format.line_spacing = Pt(1)
    copies = values.get("copies", "")
    texts = [*([f"抄送：{copies}。"] if copies else []), f"{values['organ']}　{values['on']}印发"]
    table = document.add_table(rows=len(texts), cols=1)
    for row, text in zip(table.rows, texts, strict=True):
        paragraph = _tight(row.cells[0].paragraphs[0])
        paragraph.paragraph_format.left_indent = Pt(14)
        _run(paragraph, text, FANGSONG, 14)
    edges = OxmlElement("w:tblBorders")
    for side, size in (("top", "8"), ("bottom", "8"), ("insideH", "6")):
        edge = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", size), ("space", "0"), ("color", "000000")):
            edge.set(qn(f"w:{name}"), value)
        edges.append(edge)
    table._tbl.tblPr.append(edges)
    _at_the_foot(table)
    # A floating table hangs on the paragraph after it.
    _line(document, indent=False).paragraph_format.line_spacing = Pt(1)


def _at_the_foot(table: Any) -> None:
    """Where the last page ends, however much stands on it: a table that floats."""
    place = OxmlElement("w:tblpPr")
    for name, value in (
        ("vertAnchor", "margin"),
        ("horzAnchor", "margin"),
        ("tblpXSpec", "left"),
        ("tblpYSpec", "bottom"),
    ):
        place.set(qn(f"w:{name}"), value)
    properties = table._tbl.tblPr
    style = properties.find(qn("w:tblStyle"))
    properties.insert(0 if style is None else 1, place)
    wide = properties.find(qn("w:tblW"))
    wide.set(qn("w:type"), "dxa")
    wide.set(qn("w:w"), str(round(156 / 25.4 * 1440)))


def _stand_ins(document: Any) -> None:
    """Name a free face for each of the faces that a computer may lack."""
    for relation in document.part.rels.values():
        if relation.reltype.endswith("/fontTable"):
            fonts = "".join(
                f'<w:font w:name="{name}"><w:altName w:val="{other}"/></w:font>'
                for name, other in STAND_INS.items()
            ).encode()
            part = relation.target_part
            part._blob = part.blob.replace(b"</w:fonts>", fonts + b"</w:fonts>")


def _properties(document: Any, values: Mapping[str, Any], at: datetime) -> None:
    found = document.core_properties
    when = at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    found.author = found.last_modified_by = values["organ"]
    found.title, found.comments, found.language = values["title"], "", "zh-CN"
    found.created = found.modified = when
    found.revision = 1


def _same_bytes(document: Any) -> bytes:
    """The file without the moment at which it was packed."""
    packed, result = io.BytesIO(), io.BytesIO()
    document.save(packed)
    with zipfile.ZipFile(packed) as old, zipfile.ZipFile(result, "w") as new:
        for name in sorted(old.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            entry = zipfile.ZipInfo(name, FIRST_DAY_OF_ZIP)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(name))
    return result.getvalue()
