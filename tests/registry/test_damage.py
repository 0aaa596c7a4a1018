"""Files as people send them: headers in two rows, merged cells, Excel's damage, and worse."""

import io
import zipfile
from datetime import date

import pytest
import xlsxwriter

from gongchou.core.refusals import Invalid, NotAllowed
from gongchou.core.terms import ImportKind
from gongchou.registry import actions, export, reads
from gongchou.registry.importing import sheets
from tests.conftest import AT, TODAY
from tests.registry.test_import import csv, line, take, uscc, workbook

HEAD = ["单位名称", "统一社会信用代码", "固定污染源编码", "管理类别", "片区"]


def row(number):
    return line(number).split(",")


def sheet(build) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        build(book.add_worksheet())
    return buffer.getvalue()


def test_a_title_and_a_header_of_two_merged_rows(chen):
    def build(page):
        page.merge_range(0, 0, 0, 4, "2026年度名册（虚构）")
        for place in (0, 4):
            page.merge_range(1, place, 2, place, HEAD[place] + "（必填）")
        page.merge_range(1, 1, 1, 3, "代码和许可")
        page.write_row(2, 1, HEAD[1:4])
        page.write_row(3, 0, row(1))

    found = take(ImportKind.SUBJECTS, sheet(build), chen, filename="名册.xlsx")
    assert (found["accepted"], found["problems"]) == (1, [])


def test_a_cell_merged_over_rows_counts_for_each_of_them(chen, bureau):
    def build(page):
        page.write_row(0, 0, HEAD)
        page.merge_range(1, 4, 2, 4, "东片")
        page.write_row(1, 0, row(1)[:4])
        page.write_row(2, 0, row(2)[:4])

    take(ImportKind.SUBJECTS, sheet(build), chen, filename="名册.xlsx")
    assert [s.grid for s in reads.subjects(bureau, TODAY).rows] == ["东片", "东片"]


def test_the_row_number_is_the_one_the_officer_sees(chen):
    def build(page):
        page.write_row(3, 2, HEAD)
        page.write_row(6, 2, ["虚构印染", "12345", "", "登记管理", ""])

    found = take(ImportKind.SUBJECTS, sheet(build), chen, filename="名册.xlsx")
    assert found["problems"][0]["row"] == 7


def test_a_saved_mapping_reads_foreign_headers(chen, bureau):
    content = csv(line(1), header="厂名,信用代码,编码,类别,片区")
    with pytest.raises(Invalid, match="列对应关系"):
        take(ImportKind.SUBJECTS, content, chen)
    columns = {"厂名": "单位名称", "编码": "固定污染源编码", "类别": "permit_category"}
    actions.save_mapping(ImportKind.SUBJECTS, "虚构平台", columns, by=chen, at=AT)
    saved = reads.mappings(bureau)[0].columns
    assert take(ImportKind.SUBJECTS, content, chen, mapping=saved)["accepted"] == 1


def test_a_mapping_to_nowhere_or_by_a_stranger_is_refused(chen, stranger):
    with pytest.raises(Invalid, match="不是本系统的列"):
        actions.save_mapping(ImportKind.SUBJECTS, "错", {"厂名": "没有的列"}, by=chen, at=AT)
    with pytest.raises(NotAllowed):
        actions.save_mapping(ImportKind.SUBJECTS, "错", {"厂名": "单位名称"}, by=stranger, at=AT)


def test_the_clerk_saves_a_mapping_and_uploads_by_it(chen, signed_in):
    browser = signed_in(chen)
    data = {"kind": "subjects", "name": "虚构平台", "lines": "厂名＝单位名称\n类别=管理类别"}
    page = browser.post("/register/import/mappings/", data, follow=True).content.decode()
    assert "已保存" in page
    content = io.BytesIO(csv(line(1), header="厂名,信用代码,编码,类别,片区"))
    content.name = "名册.csv"
    data = {"kind": "subjects", "file": content, "mapping": "虚构平台"}
    assert "新增 1" in browser.post("/register/import/", data, follow=True).content.decode()


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("统一社会信用代码", 911302006992296170, "科学计数法"),
        ("固定污染源编码", "9.11E+17", "科学计数法"),
        ("排污许可证编号", "9.11E+21", "科学计数法"),
        ("许可证有效期", 45379, "相当于 2024-03-28"),
        ("生产经营地址", "虚构路\ufffd号", "乱码"),
        ("生产经营地址", "路" * 10_001, "超过 10000 个字"),
    ],
)
def test_what_a_spreadsheet_destroyed_is_refused_with_its_remedy(chen, column, value, says):
    content = workbook(["单位名称", "管理类别", column], ["虚构", "登记管理", value])
    found = take(ImportKind.SUBJECTS, content, chen, filename="名册.xlsx")
    assert found["rejected"] == 1
    assert says in found["problems"][0]["says"]
    assert found["problems"][0]["row"] == 2


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "＝", "＋", "－", "＠"])
def test_what_looks_like_a_formula_is_kept_as_text_flagged_and_exported_as_text(
    chen, bureau, start
):
    name = f"{start}HYPERLINK(1)"
    found = take(ImportKind.SUBJECTS, csv(f"{name},,,登记管理,"), chen)
    assert "已按文字保存" in found["warnings"][0]["says"]
    content, _ = export.workbook(ImportKind.SUBJECTS, bureau, TODAY)
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")
    again = take(ImportKind.SUBJECTS, content, chen, filename="名册.xlsx")
    assert (again["unchanged"], again["updated"]) == (1, 0)


def test_a_site_code_of_another_enterprise_is_a_doubt_and_goes_in(chen):
    content = csv(f"虚构,{uscc(1)},{uscc(2)}001P,登记管理,东片")
    found = take(ImportKind.SUBJECTS, content, chen)
    assert found["accepted"] == 1
    assert "前18位与统一社会信用代码" in found["warnings"][0]["says"]


def far_out(page, column=16_000):
    page.write_row(0, 0, HEAD)
    page.write_row(1, 0, row(1))
    page.write(1_048_575, column, "x")


@pytest.mark.parametrize(
    ("content", "filename", "says"),
    [
        (sheet(far_out), "远.xlsx", "伸展得过远"),
        (sheet(lambda page: far_out(page, 39)), "远.xlsx", "伸展到第 1048576 行、第 40 列"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 600, "坏.xls", "打不开"),
        (
            b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"),
            "密.xlsx",
            "设有密码",
        ),
        (b"\xd0\xcf\x11\xe0" + "_VBA_PROJECT".encode("utf-16-le"), "宏.xls", "带有宏"),
        (csv(line(1)), "名册.xlsm", "带宏的工作簿"),
        (('单位名称,管理类别\n"' + "甲" * 200_000).encode(), "引号.csv", "引号"),
    ],
)
def test_a_file_that_would_harm_is_refused(chen, content, filename, says):
    with pytest.raises(Invalid, match=says):
        take(ImportKind.SUBJECTS, content, chen, filename=filename)


def test_a_text_file_is_read_from_its_place_row_by_row(chen, bureau, tmp_path):
    path = tmp_path / "大名册.csv"
    path.write_bytes(csv(*(line(number) for number in range(1, 2502))))
    found = actions.import_file(
        ImportKind.SUBJECTS, path, path.name, on=TODAY, by=chen, at=AT
    ).plain()
    assert (found["rows"], found["accepted"]) == (2501, 2501)
    assert reads.subjects(bureau, TODAY).total == 2501
    assert next(iter(sheets.rows_of_file(sheets.Source(name="x.csv", content=path))))[0] == HEAD[0]


def test_a_duplicate_far_below_still_names_the_first_row(chen):
    rows = [line(number) for number in range(1, 1502)]
    found = take(ImportKind.SUBJECTS, csv(*rows, line(3)), chen)
    assert found["duplicates"] == 1
    assert "与第 4 行是同一对象" in found["problems"][0]["says"]


def test_the_same_site_told_in_two_ways_is_written_once(chen):
    found = take(ImportKind.SUBJECTS, csv(line(1), f"虚构化工1,{uscc(1)},,登记管理,西片"), chen)
    assert (found["accepted"], found["duplicates"]) == (1, 1)
    assert "同一对象" in found["problems"][0]["says"]


def test_tabs_and_semicolons_part_the_columns_too(chen):
    for sign in "\t;":
        content = csv(line(1)).decode().replace(",", sign).encode()
        assert take(ImportKind.SUBJECTS, content, chen, is_dry_run=True)["accepted"] == 1


def test_the_preview_says_what_will_become_of_each_site(chen, bureau):
    take(ImportKind.SUBJECTS, csv(line(1)), chen)
    content = csv(line(1, category="重点管理"), line(2))
    ref = actions.stage_import(
        ImportKind.SUBJECTS, content, "名册.csv", on=date(2026, 3, 2), by=chen, at=AT
    )
    report = reads.batch(ref, bureau).report
    assert report["sensitive"] == 1
    changed, new = report["diff"]
    assert changed["fields"][0]["now"] == "重点管理"
    assert new["is_new"]
