"""Workbooks of several sheets, and files that say two things of one site."""

import io

import pytest
import xlsxwriter

from gongchou.core.refusals import Invalid
from gongchou.core.terms import ImportKind, PermitCategory
from gongchou.registry import reads
from gongchou.registry.importing import opened, sheets
from gongchou.registry.sample_files import sample_file
from tests.conftest import TODAY
from tests.registry.foreign import xls
from tests.registry.test_import import HEADER, csv, line, take

ROSTER = [HEADER.split(","), line(1).split(",")]
COVER = [["双随机检查对象名录"], ["填报单位：虚构分局"]]


def book(*sheets, hidden=()):
    """Sheets of rows; `hidden` says which of them an officer does not see."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as made:
        for title, rows in sheets:
            sheet = made.add_worksheet(title)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
            if title in hidden:
                sheet.hide()
            elif hidden:
                sheet.activate()
                sheet.set_first_sheet()
    return buffer.getvalue()


def says(found):
    return [warning["says"] for warning in found["warnings"]]


def test_a_second_sheet_with_rows_is_told_and_not_read(chen):
    content = book(("东片", ROSTER), ("西片", ROSTER * 3), ("空", []))
    found = take(ImportKind.SUBJECTS, content, chen, filename="名册.xlsx")
    assert found["accepted"] == 1
    assert says(found) == [
        "只读了工作表“东片”，没有读“西片”（6 行），其中有名册的，请另存为单独的文件再导入。"
    ]


@pytest.mark.parametrize("first", [COVER, []], ids=["cover", "empty"])
def test_a_cover_before_the_roster_is_passed_over_and_told(chen, first):
    content = book(("封面", first), ("名录", ROSTER))
    found = take(ImportKind.SUBJECTS, content, chen, filename="名册.xlsx")
    assert found["accepted"] == 1
    assert ("没有读“封面”（2 行）" in "".join(says(found))) is bool(first)


def test_a_first_sheet_with_half_a_header_is_refused_and_not_passed_over(chen):
    half = [["单位名称", "统一社会信用代码"], ["虚构甲", ""]]
    content = book(("今年", half), ("去年", ROSTER))
    with pytest.raises(Invalid, match="表头缺少“排污许可管理类别”"):
        take(ImportKind.SUBJECTS, content, chen, filename="名册.xlsx")


def test_a_hidden_sheet_is_neither_read_nor_told(chen):
    content = book(("字典", ROSTER), ("名录", ROSTER), hidden=("字典",))
    found = take(ImportKind.SUBJECTS, content, chen, filename="名册.xlsx")
    assert (found["accepted"], says(found)) == (1, [])


def test_our_own_blank_table_and_a_workbook_of_one_sheet_have_nothing_to_tell(chen):
    found = take(ImportKind.SUBJECTS, sample_file(ImportKind.SUBJECTS), chen, filename="模板.xlsx")
    assert says(found) == ["第 2 行：是模板的示例行，已略过。"]
    found = take(ImportKind.SUBJECTS, xls(*ROSTER), chen, filename="名册.xls")
    assert (found["accepted"], says(found)) == (1, [])


def test_a_workbook_of_covers_is_refused_with_its_first_line(chen):
    content = book(("封面", COVER), ("说明", COVER))
    with pytest.raises(Invalid, match="第一行是：双随机检查对象名录"):
        take(ImportKind.SUBJECTS, content, chen, filename="名册.xlsx")


def far_out(rows):
    """A sheet whose one stray cell stands in the last row and column there is."""
    return [*rows, *[[]] * (2**20 - 1 - len(rows)), [*[None] * (2**14 - 1), "x"]]


def test_a_stray_cell_far_out_on_another_sheet_does_not_harm_the_import(chen):
    content = book(("名录", ROSTER), ("备用", far_out([["x"]])))
    found = take(ImportKind.SUBJECTS, content, chen, filename="名册.xlsx")
    assert found["accepted"] == 1
    assert says(found) == [
        "只读了工作表“名录”，其余工作表未能查看，其中有名册的，请另存为单独的文件再导入。"
    ]


def test_of_many_sheets_without_a_header_five_are_searched_and_that_is_said(chen, monkeypatch):
    covers = [(f"封面{n}", COVER) for n in range(5)]
    tried = []
    monkeypatch.setattr(
        "gongchou.registry.importing.books.table_of",
        lambda source, number=0: tried.append(number) or sheets.table_of(source, number),
    )
    with pytest.raises(
        Invalid, match="只在前 5 张工作表里找过表头，请把名册所在的工作表移到最前面"
    ):
        take(ImportKind.SUBJECTS, book(*covers, ("名录", ROSTER)), chen, filename="名册.xlsx")
    assert tried == [0, 1, 2, 3, 4]
    fifth = book(*covers[:4], ("名录", ROSTER))
    assert take(ImportKind.SUBJECTS, fifth, chen, filename="名册.xlsx")["accepted"] == 1


def test_a_text_without_a_header_is_refused_before_its_end_is_read(chen):
    content = b"\n".join([b"a,b"] * 12_000) + b"\n" + b",".join([b"x"] * 600)
    with pytest.raises(Invalid, match="第一行是：a、b"):
        take(ImportKind.SUBJECTS, content, chen, filename="名册.csv")


@pytest.mark.parametrize("said", ["2 5", "2 5 一\n  12", "2 5 一\n" + f"{9:10}" + "虚"])
def test_a_program_that_ends_within_a_word_is_told_as_one_that_was_ended(
    monkeypatch, tmp_path, said
):
    program = tmp_path / "ends.py"
    program.write_text(
        f"import os\nos.write(1, {said.encode()!r})\nos.kill(os.getpid(), 9)\n", "utf-8"
    )
    monkeypatch.setattr(opened, "OPENER", program)
    with pytest.raises(Invalid, match="读取时已被中止"):
        list(opened.opened_apart(b"", "名册.xlsx", 0).rows)


def test_what_a_preview_did_not_read_stands_on_its_page(chen, signed_in, bureau):
    from django.core.files.uploadedfile import SimpleUploadedFile

    file = SimpleUploadedFile("名册.xlsx", book(("东片", ROSTER), ("西片", ROSTER)))
    page = signed_in(chen).post(
        "/register/import/", {"kind": "subjects", "file": file}, follow=True
    )
    assert page.context["report"]["remarks"][0].startswith("只读了工作表“东片”")
    assert "没有读“西片”（2 行）" in page.content.decode()


def test_a_second_row_of_another_class_is_told_with_both_words(chen, bureau):
    found = take(ImportKind.SUBJECTS, csv(line(1), line(1, category="重点管理")), chen)
    assert (found["accepted"], found["duplicates"]) == (1, 1)
    assert found["problems"][0]["says"] == (
        "第 3 行“固定污染源编码”与第 2 行是同一对象而内容不同，已略过本行，以第 2 行为准："
        "“排污许可管理类别”前为“登记管理”，本行为“重点管理”。请核对哪一行是对的。"
    )
    assert reads.subjects(bureau, TODAY).rows[0].permit_category is PermitCategory.REGISTERED


def test_a_second_row_that_says_the_same_in_other_words_is_a_plain_duplicate(chen):
    found = take(ImportKind.SUBJECTS, csv(line(1), line(1, category="登记")), chen)
    assert found["problems"][0]["says"].endswith("与第 2 行是同一对象，已略过。")


def test_a_site_named_without_its_code_further_down_is_held_against_the_first_row(chen):
    first = line(1).split(",")
    second = ",".join([first[0], first[1], "", "重点管理", first[4]])
    found = take(ImportKind.SUBJECTS, csv(line(1), second), chen)
    assert (found["accepted"], found["duplicates"]) == (1, 1)
    assert "“排污许可管理类别”不同" in found["problems"][0]["says"]
