"""Word files as an office program sets them. Without LibreOffice here nothing is looked at."""

import shutil
import subprocess
from datetime import UTC, datetime

import pytest

from gongchou.web.wordprocessing import letter
from tests.papers import pages_of

OFFICE = shutil.which("soffice")
pytestmark = pytest.mark.skipif(
    OFFICE is None, reason="LibreOffice is not installed: Word files were not rendered here"
)
BODY = "监管检查记录公示统计报送提交审核整改复查办理情况说明如下" * 40
VALUES = {
    "title": "关于虚构事项的通知",
    "organ": "临溪市生态环境局（虚构）",
    "addressee": "各科室",
    "blocks": [{"kind": "text", "text": BODY}],
    "copies": "某市生态环境局（虚构）",
    "on": "2026年4月8日",
}


@pytest.fixture(scope="module")
def pages(tmp_path_factory) -> list[str]:
    folder = tmp_path_factory.mktemp("word")
    (folder / "letter.docx").write_bytes(letter(VALUES, at=datetime(2026, 4, 8, tzinfo=UTC)))
    home = f"-env:UserInstallation=file://{folder}/home"
    command = [OFFICE, home, "--headless", "--convert-to", "pdf", "--outdir", folder, "letter.docx"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=300)
    return pages_of((folder / "letter.pdf").read_bytes())


def test_a_full_page_has_22_lines_of_28_characters(pages):
    lines = ["".join(line.split()) for line in pages[1].splitlines()]
    body = [line for line in lines if line and "—" not in line]
    assert [len(line) for line in body] == [28] * 22


def test_every_character_is_there_and_the_imprint_stands_at_the_end(pages):
    whole = "".join("".join(page.split()) for page in pages)
    kept = [letter for letter in whole if letter in set(BODY)]
    assert "".join(kept).count(BODY[:28]) == 40
    assert "抄送：某市生态环境局（虚构）。" in "".join(pages[-1].split())
