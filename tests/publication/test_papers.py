"""The item list and the notice of results as official documents, in both forms."""

import io

import pytest
from docx import Document

from gongchou.core.refusals import Refused
from gongchou.publication import actions, reads
from gongchou.publication.papers import document_paper
from tests.conftest import AT, BUREAU
from tests.papers import words_of
from tests.publication.conftest import row


def cells_of(word: bytes) -> list[str]:
    tables = Document(io.BytesIO(word)).tables
    return [cell.text for table in tables for row in table.rows for cell in row.cells]


def both(ref: str) -> tuple[str, list[str]]:
    """The words of the PDF and the cells of the Word file."""
    pdf = document_paper(ref, "pdf", bureau=BUREAU)[1]
    assert pdf == document_paper(ref, "pdf", bureau=BUREAU)[1]
    return words_of(pdf), cells_of(document_paper(ref, "docx", bureau=BUREAU)[1])


def test_the_item_list_is_printed_once_it_is_approved(item_list, gong, make_public):
    ref = actions.propose_item_list(item_list, by=gong, at=AT)
    with pytest.raises(Refused, match="批准以后才能打印"):
        document_paper(ref, "pdf", bureau=BUREAU)
    make_public(ref)
    pdf, cells = both(ref)
    for item in reads.document(ref).document["items"]:
        assert item["name"] in cells
        # A name may run over two lines of its column; the code stands whole in its own.
        assert item["code"] in pdf


def test_a_table_and_another_bureau_s_list_are_not_printed_here(table, item_list, gong):
    with pytest.raises(Refused, match="在它自己的页面打印"):
        document_paper(table, "pdf", bureau=BUREAU)
    ref = actions.propose_item_list(item_list, by=gong, at=AT)
    with pytest.raises(Refused, match="本机构没有编号"):
        document_paper(ref, "pdf", bureau="990174")


def test_the_notice_of_results_names_each_subject_with_its_result(make_notice, make_public):
    pdf, cells = both(make_public(make_notice(row(1), row(2, result="责令改正"))))
    assert {"演示企业1\n91990173000000017G", "责令改正"} <= set(cells)
    assert "演示企业2" in pdf
