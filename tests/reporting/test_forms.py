"""The superior's form, the districts' tables, and quarters side by side."""

import base64
import io
import json
import zipfile
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from gongchou.accounts import actions as accounts
from gongchou.accounts import reads as people
from gongchou.audit import reads as audit
from gongchou.core.powers import Actor, console
from gongchou.core.refusals import Invalid, NotAllowed, Refused
from gongchou.core.rollup import rolled
from gongchou.core.statistics import rows
from gongchou.core.terms import BureauLevel, Role
from gongchou.core.workdays import Quarter
from gongchou.reporting import actions, reads, rollup_reads, template_reads
from gongchou.reporting.sealed import SHEET, opened, sealed_text
from gongchou.reporting.template import checked, default_form, filled, words
from gongchou.reporting.workbook import sheet_of, workbook
from tests.conftest import AT, BUREAU, TODAY
from tests.reporting.quarters import AFTER, QUARTER, make_visit
from tests.reporting.test_summaries import table  # noqa: F401

Q1 = Quarter.parse(QUARTER)
CITY = "990100"
TOO_LATE = datetime(2026, 4, 2, 1, 0, tzinfo=UTC)
KNOWN = words(rows((), (), late_counts=True))


def book(**cells: str) -> bytes:
    made = Workbook()
    for place, text in cells.items():
        made.active[place] = text
    result = io.BytesIO()
    made.save(result)
    return result.getvalue()


def book_with(part: str, content: bytes = b"") -> bytes:
    """A good form with one more part in its archive."""
    result = io.BytesIO(book(A1="{{visits}}"))
    with zipfile.ZipFile(result, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(part, content)
    return result.getvalue()


def book_without_sheets(*, chart: bool) -> bytes:
    """What is left when its only sheet is lost, or is a chart."""
    whole, result = Workbook(), io.BytesIO()
    if chart:
        whole.create_chartsheet("图")
        whole.remove(whole["Sheet"])
        whole.save(result)
        return result.getvalue()
    with (
        zipfile.ZipFile(io.BytesIO(book(A1="{{visits}}"))) as packed,
        zipfile.ZipFile(result, "w") as rest,
    ):
        for name in packed.namelist():
            if "sheet1" not in name:
                rest.writestr(name, packed.read(name))
    return result.getvalue()


def sheet(content: bytes):
    return load_workbook(io.BytesIO(content)).worksheets[0]


def found(ref: str) -> reads.VersionPage:
    return reads.version(ref, BUREAU)


def test_the_default_form_has_a_place_for_every_number(table):  # noqa: F811
    form = default_form(rows((), (), late_counts=True))
    assert checked(form, KNOWN) == len(KNOWN) - 1  # all but the table's own number
    made = sheet(filled(form, found(table)))
    assert made["A2"].value == "填报单位：临溪市生态环境局高新区分局（虚构）"
    numbers = {row[1].value: row[3].value for row in made.iter_rows(min_row=5)}
    assert numbers["随机抽查家次"] == 2
    assert made["D5"].alignment.horizontal == "right"
    assert made.sheet_properties.pageSetUpPr.fitToPage
    assert made.print_title_rows == "$4:$4"
    assert numbers["分级分类占比"] == "100%"


def test_a_form_of_the_superior_keeps_its_own_words_and_formulas(table):  # noqa: F811
    form = book(
        A1="共 {{visits}} 家次，{{季度}}", B1="{{ visits }}", B2="{{年:visits}}", B3="=B1+B2",
        B4="=SUM(Sheet!B1,'Sheet'!B2,{1,2})",
    )  # fmt: skip
    assert checked(form, KNOWN) == 4
    made = sheet(filled(form, found(table)))
    assert made["A1"].value == "共 2 家次，2026年第一季度"
    assert (made["B1"].value, made["B2"].value, made["B3"].value) == (2, 2, "=B1+B2")


def test_money_fills_a_cell_as_a_number_and_what_is_not_counted_as_a_dash(table):  # noqa: F811
    page = found(table)
    fined = tuple(
        replace(row, quarter=replace(row.quarter, shown="2.5", count=2_500_000))
        for row in page.body.rows
        if row.quarter.key == "penalty"
    )
    page = replace(page, body=replace(page.body, rows=fined))
    made = sheet(filled(book(A1="{{penalty}}", A2="{{tiered_rate}}"), page))
    assert (made["A1"].value, made["A1"].data_type) == (2.5, "n")
    assert made["A2"].value == "—"  # this table does not count it


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (book(C7="{{完成数}}"), "工作表“Sheet”的 C7 写了“{{完成数}}”"),
        (book(A1="没有标记"), "一个标记也没有"),
        (book(C7="{{visits}", A1="{{visits}}"), "C7 的标记没有写完整"),
        (book(C7="｛｛visits｝｝", A1="{{visits}}"), "C7 的标记没有写完整"),
        (book(C7='="共"&"{{visits}}"', A1="{{visits}}"), "C7 的公式里写了标记"),
        (book(C7="=SUM(上季度!A1:A9)", A1="{{visits}}"), "C7 的公式引用了“上季度”"),
        (book(C7="=[1]Sheet!A1", A1="{{visits}}"), "C7 的公式引用了"),
        (book_with("xl/vbaProject.bin"), "带有宏"),
        (book_with("xl/media/zeros.bin", bytes(41 * 2**20)), "展开后过大"),
        (book_without_sheets(chart=False), "没有工作表"),
        (book_without_sheets(chart=True), "打不开"),
        (b"PK broken", "打不开"),
        (b"", "打不开"),
        (b"x" * (2 * 2**20 + 1), "不得超过 2 MB"),
    ],
)
def test_a_form_that_cannot_be_filled_is_refused_with_the_place(content, says):
    with pytest.raises(Invalid, match=says):
        checked(content, KNOWN)


def test_a_new_form_takes_the_place_of_the_old_one_and_both_stay(chen, stranger):
    with pytest.raises(NotAllowed):
        actions.save_template("a.xlsx", book(A1="{{visits}}"), by=stranger, at=AT)
    assert actions.save_template("a.xlsx", book(A1="{{visits}}"), by=chen, at=AT) == 1
    newer = book(A1="{{visits}}{{done}}")
    actions.save_template("b.xlsx", newer, by=chen, at=AT)
    assert [row.number for row in template_reads.templates(BUREAU)] == [2, 1]
    assert template_reads.template_content(BUREAU) == newer
    assert audit.events(BUREAU, about=f"{BUREAU}-2")[0].event.kind == "template_saved"
    with pytest.raises(Refused, match="完全相同"):
        actions.save_template("b.xlsx", newer, by=chen, at=AT)


def test_the_pages_of_the_form_work(table, signed_in, chen):  # noqa: F811
    browser = signed_in(chen)
    assert browser.post(reverse("reporting:filled_form", args=[table])).status_code == 409
    form = SimpleUploadedFile("样式.xlsx", book(A1="{{visits}}"))
    page = browser.post("/statistics/template/", {"form": form}, follow=True).content.decode()
    assert "已启用这份样式，共 1 处标记" in page
    assert "{{done.key}}" in page
    made = browser.post(reverse("reporting:filled_form", args=[table]))
    assert sheet(made.content)["A1"].value == 2
    for name in ("default_template", "current_template"):
        assert browser.get(reverse(f"reporting:{name}")).content[:2] == b"PK"
    assert browser.post("/statistics/template/").status_code == 409


# -- districts


@pytest.fixture
def city(bureau) -> Actor:
    root = console(CITY, "root")
    accounts.create_bureau(CITY, "临溪市生态环境局（虚构）", level=BureauLevel.CITY, by=root, at=AT)
    ref = accounts.create_user("he", "何市局", password="长口令-not-secret-1", by=root, at=AT)
    accounts.grant_role(ref, Role.OFFICE, since=TODAY, by=root, at=AT)
    return people.actor_of(ref, TODAY)


def json_of(ref: str) -> bytes:
    return sealed_text(found(ref), template_reads.table_content(ref, BUREAU)).encode()


def xlsx_of(ref: str) -> bytes:
    return workbook(sheet_of(found(ref)))


@pytest.mark.parametrize("file_of", [json_of, xlsx_of])
def test_a_district_s_file_is_read_back_and_checked_by_its_digest(table, city, file_of):  # noqa: F811
    assert actions.import_district(file_of(table), by=city, at=AFTER) == table
    seen = rollup_reads.roll_up(CITY, Q1)
    assert [row.name for row in seen.received] == ["临溪市生态环境局高新区分局（虚构）"]
    assert {cell.key: cell.shown for cell in seen.cells} == {
        row.quarter.key: row.quarter.shown for row in found(table).body.rows
    }
    with pytest.raises(Refused, match="已经收过"):
        actions.import_district(file_of(table), by=city, at=AFTER)


def test_a_file_changed_after_its_export_is_refused(table, city):  # noqa: F811
    held = json.loads(json_of(table))
    body = base64.b64decode(held["body"]).replace(b'"count":2', b'"count":9')
    held["body"] = base64.b64encode(body).decode()
    with pytest.raises(Invalid, match="内容与摘要不符"):
        actions.import_district(json.dumps(held).encode(), by=city, at=AFTER)


@pytest.mark.parametrize("content", [b"", b"{}", b"PK", book(A1="1"), b'{"body": "!"}', b"\xff"])
def test_what_is_no_table_of_ours_is_refused(content):
    with pytest.raises(Invalid, match="不是本系统导出的统计表"):
        opened(content)


def test_the_code_on_the_stamped_paper_must_be_that_of_the_file(table, city):  # noqa: F811
    digest = found(table).digest
    with pytest.raises(Refused, match="核对码与文件里的统计表"):
        actions.import_district(json_of(table), "0" * 16, by=city, at=AFTER)
    actions.import_district(json_of(table), digest[:16], by=city, at=AFTER)


def test_a_district_adds_up_nothing_and_a_city_not_itself(table, chen, stranger):  # noqa: F811
    with pytest.raises(Refused, match="没有下级"):
        actions.import_district(json_of(table), by=chen, at=AFTER)
    with pytest.raises(NotAllowed):
        actions.import_district(json_of(table), by=stranger, at=AFTER)


def test_late_and_corrected_tables_are_kept_apart(table, city, chen):  # noqa: F811
    actions.import_district(json_of(table), by=city, at=TOO_LATE)
    make_visit(3)
    new = actions.make_statistics(Q1, reason="补审一次检查", by=chen, at=TOO_LATE)
    actions.import_district(json_of(new), by=city, at=TOO_LATE)
    seen = rollup_reads.roll_up(CITY, Q1)
    assert [row.ref for row in seen.late] == [table]
    assert [(row.ref, row.reason) for row in seen.corrected] == [(new, "补审一次检查")]
    assert seen.corrected[0].differences
    assert {c.key: c.shown for c in seen.cells}["visits"] == "3"
    assert [row.is_current for row in seen.received] == [True, False]


def test_shares_come_from_the_sums_and_never_from_the_mean_of_shares(table):  # noqa: F811
    one = found(table).body.rows
    both = {cell.key: cell for cell in rolled({"甲": one, "乙": one})}
    for row in one:
        cell = both[row.quarter.key]
        if row.quarter.unit and row.quarter.unit != "万元":
            assert cell.shown == str(2 * row.quarter.count)
        if not row.quarter.unit:
            assert cell.shown == row.quarter.shown
    empty = rows((), (), late_counts=True)
    mixed = {cell.key: cell for cell in rolled({"甲": one, "乙": empty})}
    assert mixed["tiered_rate"].shown == "100%"
    assert mixed["tiered_rate"].parts == ("100%", "不适用")


def test_the_city_s_page_takes_files_and_shows_the_sums(table, city, signed_in):  # noqa: F811
    browser = signed_in(city)
    file = SimpleUploadedFile("表.json", json_of(table))
    given = {"quarter": QUARTER, "table": file}
    page = browser.post("/statistics/districts/receive/", given, follow=True).content.decode()
    assert "内容与摘要相符" in page
    assert "计入汇总" in page
    assert browser.get(f"/statistics/compare/?quarter={QUARTER}").status_code == 200


def test_quarters_stand_side_by_side(table, signed_in, chen):  # noqa: F811
    browser = signed_in(chen)
    page = browser.get(f"/statistics/compare/?quarter={QUARTER}").content.decode()
    assert "2026年第一季度" in page
    assert "随机抽查家次" in page
    assert "没有下级" in browser.get("/statistics/districts/").content.decode()
    text = browser.post(reverse("reporting:sealed", args=[table])).content
    assert opened(text).ref == table
    assert SHEET in load_workbook(io.BytesIO(xlsx_of(table))).sheetnames
