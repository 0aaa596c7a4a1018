"""The diagrams of the documents are those of the tables."""

from .diagrams import DOCUMENT, renewed


def test_the_document_shows_the_tables_as_they_are():
    text = DOCUMENT.read_text("utf-8")
    assert renewed(text) == text, "请运行 python -m tests.architecture.diagrams 重新生成状态图。"


def test_a_diagram_that_was_edited_by_hand_is_made_anew():
    text = DOCUMENT.read_text("utf-8")
    for line in ("    draft --> approved\n", "    submitted --> returned\n"):
        assert line in text
        assert renewed(text.replace(line, "")) == text
