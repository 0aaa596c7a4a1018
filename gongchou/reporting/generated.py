"""The files that the product makes of a table and a summary."""

from collections.abc import Iterator
from dataclasses import dataclass

from gongchou.core.terms import PackageForm, PackagePart
from gongchou.reporting.papers import statistics_paper
from gongchou.reporting.reads import VersionPage
from gongchou.reporting.subjects_book import subjects_book
from gongchou.reporting.summary_papers import summary_pdf, summary_word
from gongchou.reporting.summary_reads import SummaryPage
from gongchou.reporting.template import filled
from gongchou.reporting.template_reads import template_content
from gongchou.reporting.workbook import XLSX, sheet_of, workbook
from gongchou.web.wordprocessing import DOCX

PDF = "application/pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """One file with what it is of."""

    part: PackagePart
    form: PackageForm
    name: str
    content: bytes
    media_type: str
    ending: str


def generated(table: VersionPage | None, summary: SummaryPage) -> Iterator[Made]:
    """Table and summary, each to print and to go on working with; a summary ahead goes alone."""
    if table is not None:
        yield from _of_table(table)
    name, pdf = summary_pdf(summary)
    yield _made(PackagePart.SUMMARY, name, pdf, PDF, "pdf")
    yield _made(PackagePart.SUMMARY, name, summary_word(summary)[1], DOCX, "docx")
    if table is not None:
        name, content = subjects_book(table)
        yield _made(PackagePart.SUBJECTS, name, content, XLSX, "xlsx")


def _of_table(table: VersionPage) -> Iterator[Made]:
    name, pdf = statistics_paper(table.ref, bureau=table.bureau)
    yield _made(PackagePart.STATISTICS, name, pdf, PDF, "pdf")
    yield _made(PackagePart.STATISTICS, name, workbook(sheet_of(table)), XLSX, "xlsx")
    form = template_content(table.bureau)
    if form is not None:
        content = filled(form, table)
        yield _made(PackagePart.STATISTICS, f"{name}·上级样式", content, XLSX, "xlsx")


def _made(part: PackagePart, name: str, content: bytes, media_type: str, ending: str) -> Made:
    return Made(
        part=part,
        form=PackageForm.ELECTRONIC,
        name=f"{name}.{ending}",
        content=content,
        media_type=media_type,
        ending=ending,
    )
