"""One 公文 in its two forms: PDF to sign and send, Word to edit, from the same values.

Values are those of `web/paper/letter.typ`; a block may also be a table:
`{kind: "table", widths, head, rows}`.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from gongchou.core.refusals import Refused
from gongchou.web.papers import demo_band, typeset
from gongchou.web.wordprocessing import DOCX, letter

TEMPLATE = "web/paper/letter.typ"
TYPES = {"pdf": "application/pdf", "docx": DOCX}


def part(head: str, lines: Iterable[str]) -> list[dict[str, Any]]:
    """A first-level head and its paragraphs."""
    return [{"kind": "h1", "text": head}, *texts(lines)]


def texts(lines: Iterable[str]) -> list[dict[str, Any]]:
    """Paragraphs."""
    return [{"kind": "text", "text": line} for line in lines]


def table(
    head: Sequence[str], widths: Sequence[int], rows: Iterable[Sequence[str]]
) -> dict[str, Any]:
    """A table within the text."""
    return {
        "kind": "table",
        "head": list(head),
        "widths": list(widths),
        "rows": [list(row) for row in rows],
    }


def official(values: Mapping[str, Any], form: str, *, at: datetime) -> bytes:
    """The file in the form `pdf` or `docx`, made at the instant `at`."""
    if form not in TYPES:
        raise Refused("公文只有 PDF 和 Word 两种形式，请从页面上的按钮进入。")
    if form == "pdf":
        return typeset(TEMPLATE, values, at=at)
    return letter(values, at=at, band=demo_band())


def respond_official(content: bytes, form: str, name: str) -> HttpResponse:
    """A PDF opens in the browser, a Word file is saved."""
    answer = HttpResponse(content, content_type=TYPES[form])
    is_saved = form == "docx"
    answer["Content-Disposition"] = str(content_disposition_header(is_saved, f"{name}.{form}"))
    return answer
