"""The signature of a 公文 never stands on a page without any of its text (GB/T 9704-2012)."""

import re

import pytest

from gongchou.web import papers
from tests.conftest import AT
from tests.papers import pages_of

LETTER = "web/paper/letter.typ"
LINE = 28  # characters
SIGNED = re.compile(r"2026年4月1日(?!印发)")


def letter(lines: int, attachments: list[str], *, paragraphs: int) -> list[str]:
    """The pages of a letter whose text has this many lines, in one paragraph or in several."""
    each = "文" * (lines * LINE // paragraphs - 4)
    values = {
        "title": "关于开展抽查的通知", "title-lines": [], "organ": "临溪市生态环境局（虚构）",
        "number": "", "mark": "", "addressee": "", "copies": "", "on": "2026年4月1日",
        "blocks": [{"kind": "text", "text": each}] * paragraphs,
        "attachments": attachments, "annexes": [], "code": "", "qr": "", "digest": "",
    }  # fmt: skip
    made = pages_of(papers.typeset(LETTER, values, at=AT))
    return ["".join(page.split()) for page in made]


@pytest.mark.parametrize("attachments", [[], ["统计表"], ["统计表", "检查对象汇总表"]])
@pytest.mark.parametrize("paragraphs", [1, 5])
def test_the_signature_has_some_of_the_text_on_its_page(paragraphs, attachments):
    pages = 0
    for lines in range(6, 18):
        made = letter(lines, attachments, paragraphs=paragraphs)
        [signed] = [page for page in made if SIGNED.search(page)]
        assert "文文" in signed, (lines, made)
        pages = max(pages, len(made))
    assert pages > 1
