"""What is exported imports back unchanged."""

import io
import re
import zipfile

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from gongchou.core.terms import ImportKind
from gongchou.registry import export
from tests.conftest import TODAY
from tests.registry.test_import import csv, line, take, uscc


def test_exporting_and_importing_again_changes_nothing(chen, bureau):
    content = csv(line(1), line(2, name="-虚构=SUM(1)", category="重点管理"))
    take(ImportKind.SUBJECTS, content, chen)
    file, rows = export.workbook(ImportKind.SUBJECTS, bureau, TODAY)
    found = take(ImportKind.SUBJECTS, file, chen, filename="导出.xlsx")
    assert (rows, found["rows"], found["unchanged"]) == (2, 2, 2)


def test_inspectors_export_and_import_unchanged(chen, bureau):
    head = "姓名,科室,执法证号,执法资格,有效期至,专长,片区"
    take(
        ImportKind.INSPECTORS, csv("李执法,zd,虚构1,是,2030-1-1,废气、噪声,东片", header=head), chen
    )
    file, _ = export.workbook(ImportKind.INSPECTORS, bureau, TODAY)
    assert take(ImportKind.INSPECTORS, file, chen, filename="导出.xlsx")["unchanged"] == 1


LETTER = "委托单位,姓名,专业,委托书编号,委托起,委托止,协助范围,单位资质,已公示"


def test_assistants_export_and_import_unchanged(chen, bureau):
    rows = [
        "虚构监测站,周协助,水质监测,虚构委〔2026〕1号,2026-1-1,2026-12-31,采样监测,CMA,是",
        "虚构监测站,吴协助,,虚构委〔2026〕1号,2026-1-1,2026-12-31,采样监测,CMA,是",
    ]
    assert take(ImportKind.ASSISTANTS, csv(*rows, header=LETTER), chen)["accepted"] == 2
    file, count = export.workbook(ImportKind.ASSISTANTS, bureau, TODAY)
    found = take(ImportKind.ASSISTANTS, file, chen, filename="导出.xlsx")
    assert (count, found["rows"], found["unchanged"]) == (2, 2, 2)


def test_the_clerk_exports_assistants_from_their_page(chen, bureau, signed_in):
    row = "虚构监测站,周协助,水质监测,虚构委〔2026〕1号,2026-1-1,2036-12-31,采样监测,,是"
    take(ImportKind.ASSISTANTS, csv(row, header=LETTER), chen)
    browser = signed_in(chen)
    assert "/register/export/assistants/" in browser.get("/register/assistants/").content.decode()
    answer = browser.post("/register/export/assistants/")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0)
    assert "周协助" in sheet.to_python()[1]


STARTS = ["=", "+", "-", "@", "＝", "＋", "－", "＠", "'", '"', "\\"]
PAYLOADS = [
    f"{start}{body}"
    for start in STARTS
    for body in (
        "1+1", "cmd|' /C calc'!A0", 'HYPERLINK("x","点")', "SUM(A1:A9)", "虚构厂", "2+5", "A1",
        "{=1}", "IMPORTXML(1)", "WEBSERVICE(1)", "；1", "，1", "“1”", " 1", "0", "%00", "--", "@@",
    )
]  # fmt: skip


def test_two_hundred_formulas_go_in_come_out_and_go_in_as_texts(chen, bureau):
    def row(number, name):
        quoted = name.replace('"', '""')
        return f'"{quoted}",{uscc(number)},{uscc(number)}001P,登记管理,东片'

    assert len(PAYLOADS) > 190
    content = csv(*(row(number, name) for number, name in enumerate(PAYLOADS, 1)))
    assert take(ImportKind.SUBJECTS, content, chen)["accepted"] == len(PAYLOADS)
    file, _ = export.workbook(ImportKind.SUBJECTS, bureau, TODAY)
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(file)).get_sheet_by_index(0)
    assert [cells[0] for cells in sheet.to_python()[1:]] == PAYLOADS
    written = zipfile.ZipFile(io.BytesIO(file)).read("xl/worksheets/sheet1.xml").decode()
    assert {kind for kind in re.findall(r"<c [^>]*?(?: t=\"(\w+)\")?/?>", written) if kind} == {"s"}
    assert "<f" not in written
    again = take(ImportKind.SUBJECTS, file, chen, filename="导出.xlsx")
    assert (again["unchanged"], again["updated"]) == (len(PAYLOADS), 0)


CELLS = st.sampled_from(
    ["", "虚构甲厂", "虚构乙厂", "登记管理", "重点管理", "重点", uscc(1), uscc(2), f"{uscc(1)}001P",
     "12345", "9.11E+17", "\ufffd", "=1", "合计", "注：虚构", "单位名称", "管理类别", "废气、废水",
     "45379", "2026-01-01", "片" * 41, "\u200b", "　", "\x0b"]
)  # fmt: skip
COLUMNS = ["单位名称", "统一社会信用代码", "固定污染源编码", "管理类别", "片区", "许可证有效期"]


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows=st.lists(st.lists(CELLS, min_size=6, max_size=6), max_size=12))
def test_every_row_has_one_outcome_whatever_stands_in_it(chen, rows):
    """rows = accepted + updated + unchanged + duplicates + rejected; blanks and asides are none."""
    content = csv(*(",".join(row) for row in rows), header=",".join(COLUMNS))
    found = take(ImportKind.SUBJECTS, content, chen)
    parts = ("accepted", "updated", "unchanged", "duplicates", "rejected")
    assert found["rows"] == sum(found[part] for part in parts)
    asides = [warning for warning in found["warnings"] if warning["says"].endswith("，已略过。")]
    blank = sum(not any(cell.strip() for cell in row) for row in rows)
    assert found["rows"] + len(asides) + blank == len(rows)
    told = {problem["row"] for problem in found["problems"]}
    assert len(told) == found["rejected"] + found["duplicates"]
