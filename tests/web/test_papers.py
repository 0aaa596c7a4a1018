"""Papers: the grid of the national standard, every glyph, the same bytes, the mark of a demo."""

import shutil
import threading
from datetime import UTC, datetime
from pathlib import Path

import pylopdf_fonts_zh_cn
import pytest

from gongchou.web import papers
from gongchou.web.typesetting import compile_paper, families, qr_svg, used_as
from tests.papers import fonts_of, pages_of, words_of

AT = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
GRID = "web/paper/grid.typ"
RARE = "玥堃喆镕㙍祎彧赟翀昇䶮𬭎"


def grid(body: str, **data: str) -> bytes:
    return compile_paper(GRID, {"title": "版心", "body": body, **data}, at=AT)


def lines_of(page: str) -> list[str]:
    return [line.strip() for line in page.splitlines() if line.strip()]


def test_a_page_holds_22_lines_of_28_characters():
    first, second, *_ = (lines_of(page) for page in pages_of(grid("生态环境" * 400)))
    assert (len(first), len(second)) == (23, 23)
    assert first[-1].replace(" ", "") == "—1—"
    assert [len(line) for line in first[:22]] == [26, *[28] * 21]
    assert {len(line) for line in second[:22]} == {28}


def test_rare_names_are_printed_and_their_fonts_are_in_the_file():
    pdf = grid(RARE)
    assert RARE in words_of(pdf)
    assert "U+" not in words_of(pdf)
    assert all(line.split()[-5:-3] == ["yes", "yes"] for line in fonts_of(pdf))


def test_a_character_no_font_has_is_marked_and_named():
    text = words_of(grid("负责人😀，另一处𠀀😀"))
    assert "负责人〓，另一处" in text
    assert "U+1F600" in text


def test_the_same_values_give_the_same_bytes_whatever_thread_makes_them():
    made: list[bytes] = []
    threads = [threading.Thread(target=lambda: made.append(grid("甲" * 900))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 4
    assert len(set(made)) == 1


def test_another_instant_gives_other_bytes():
    later = compile_paper(
        GRID, {"title": "版心", "body": "甲"}, at=datetime(2026, 2, 1, tzinfo=UTC)
    )
    assert later != grid("甲")


def test_values_are_text_and_never_code():
    wild = '#panic("x") $x^2$ = 标题 \\ "引号" `raw` #include "/config/settings.py" {{x}}'
    assert "".join(wild.split()) in words_of(grid(wild)).replace("“", '"').replace("”", '"')


def test_the_file_is_archival():
    assert b"pdfaid:part" in grid("甲")


def test_a_demonstration_marks_every_page(settings):
    settings.DEMO = True
    pages = pages_of(papers.typeset(GRID, {"title": "版心", "body": "生态环境" * 400}, at=AT))
    assert len(pages) == 3
    assert all(papers.DEMO_BAND in page for page in pages)


def test_a_real_bureau_has_no_band_and_a_rehearsal_has_its_own(settings):
    settings.DEMO = False
    plain = papers.typeset(GRID, {"title": "版心", "body": "甲"}, at=AT)
    assert "演" not in words_of(plain)
    rehearsed = papers.typeset(GRID, {"title": "版心", "body": "甲", "band": "演练"}, at=AT)
    assert "演练" in words_of(rehearsed)


def test_the_bureaus_own_fonts_are_found(tmp_path):
    name = "NotoSansSC-Regular.otf"
    shutil.copy(Path(pylopdf_fonts_zh_cn.__file__).parent / name, tmp_path)
    assert set(families(tmp_path)) == set(families(None))
    compile_paper(GRID, {"title": "版心", "body": "甲"}, at=AT, fonts=tmp_path)


def test_a_font_in_the_folder_of_a_use_is_used_whatever_its_name(tmp_path):
    names = "NotoSansSC-Regular.otf", "NotoSerifSC-Regular.otf"
    source = Path(pylopdf_fonts_zh_cn.__file__).parent
    (tmp_path / "仿宋").mkdir()
    shutil.copy(source / names[0], tmp_path / "仿宋")
    assert used_as(tmp_path) == {"fangsong": ["Noto Sans SC"]}
    values = {"title": "版心", "body": "生态环境" * 400}
    plain, own = (compile_paper(GRID, values, at=AT, fonts=f) for f in (None, tmp_path))
    assert own != plain
    assert own == compile_paper(GRID, values, at=AT, fonts=tmp_path)
    lines = [line for line in lines_of(pages_of(own)[1]) if "—" not in line]
    assert [len(line) for line in lines] == [28] * 22


def test_a_paper_is_shown_in_the_browser_and_saved_under_its_chinese_name():
    response = papers.respond(b"%PDF-", "抽取证书")
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("inline; filename*=utf-8''%E6%8A%BD")


@pytest.mark.parametrize("text", ["DR1 x", "公告摘要" + "0e8a" * 16])
def test_a_code_to_scan_depends_on_its_text_alone(text):
    assert qr_svg(text) == qr_svg(text)
    assert qr_svg(text).startswith("<svg")
    assert qr_svg(text) != qr_svg(text + "1")
