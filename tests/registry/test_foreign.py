"""Whatever program wrote the roster: the same rows come in."""

import pytest

from gongchou.core.refusals import Invalid
from gongchou.core.terms import ImportKind
from gongchou.registry import reads
from tests.conftest import TODAY
from tests.registry.foreign import cells, locked_xlsx, ods, xls, xlsx
from tests.registry.test_import import HEADER, csv, line, take, workbook

HEAD = HEADER.split(",")
ROWS = [HEAD, line(1).split(","), line(2, category="重点管理").split(",")]
TEXT = csv(line(1), line(2, category="重点管理")).decode()

GOOD = {
    "xls": (xls(*ROWS), "名册.xls"),
    "et": (xls(*ROWS), "名册.et"),
    "xls with a title": (xls(["虚构区名册"], *ROWS), "名册.xls"),
    "ods": (ods(*ROWS), "名册.ods"),
    "ods with a title": (ods(["虚构区名册"], *ROWS), "名册.ods"),
    "xlsx": (workbook(*ROWS), "名册.xlsx"),
    "xlsx of inline texts": (xlsx(cells(*ROWS)), "名册.xlsx"),
    "xlsx with a wrong ending": (workbook(*ROWS), "名册.xls"),
    "utf-8": (TEXT.encode(), "名册.csv"),
    "utf-8 with a mark": (TEXT.encode("utf-8-sig"), "名册.csv"),
    "gb18030": (TEXT.encode("gb18030"), "名册.csv"),
    "utf-16 little": (b"\xff\xfe" + TEXT.encode("utf-16-le"), "名册.csv"),
    "utf-16 big": (b"\xfe\xff" + TEXT.encode("utf-16-be"), "名册.csv"),
    "unicode text of a spreadsheet": (TEXT.replace(",", "\t").encode("utf-16"), "名册.txt"),
    "old line ends": (TEXT.replace("\n", "\r").encode(), "名册.csv"),
    "windows line ends": (TEXT.replace("\n", "\r\n").encode(), "名册.csv"),
}


@pytest.mark.parametrize(("content", "filename"), GOOD.values(), ids=GOOD)
def test_the_same_rows_come_in_from_every_form(chen, bureau, content, filename):
    found = take(ImportKind.SUBJECTS, content, chen, filename=filename)
    assert (found["accepted"], found["problems"]) == (2, [])
    names = {subject.name for subject in reads.subjects(bureau, TODAY).rows}
    assert names == {"虚构化工1", "虚构化工2"}


@pytest.mark.parametrize("form", [xls, ods], ids=["xls", "ods"])
def test_a_code_kept_as_a_number_is_refused_in_every_form(chen, form):
    content = form(["单位名称", "统一社会信用代码", "管理类别"], ["虚构", 9.11302e17, "登记管理"])
    found = take(ImportKind.SUBJECTS, content, chen, filename="名册.xls")
    assert found["rejected"] == 1
    assert "科学计数法" in found["problems"][0]["says"]


def test_a_code_that_a_spreadsheet_rounded_is_refused(chen):
    content = workbook(
        ["单位名称", "社会信用代码", "管理类别"], ["虚构", 911302006992296170, "登记管理"]
    )
    found = take(ImportKind.SUBJECTS, content, chen, filename="名册.xlsx")
    assert "科学计数法" in found["problems"][0]["says"]


@pytest.mark.parametrize(
    ("content", "filename"),
    [
        (locked_xlsx(), "名册.xlsx"),
        (xls(*ROWS, is_locked=True), "名册.xls"),
        (ods(*ROWS, manifest="<m><encryption-data/></m>"), "名册.ods"),
    ],
    ids=["xlsx", "xls", "ods"],
)
def test_a_password_is_named_as_what_keeps_the_file_closed(chen, content, filename):
    with pytest.raises(Invalid, match="密码"):
        take(ImportKind.SUBJECTS, content, chen, filename=filename)


@pytest.mark.parametrize("ahead", range(8185, 8195))
def test_a_character_of_four_bytes_is_read_across_every_seam(chen, bureau, ahead):
    filler = "x" * (ahead - len((HEADER + "\n").encode("gb18030")))
    name = f"虚构𠮷㐀{filler[:20]}"
    text = f"{HEADER}\n{filler[:-40]},,,,\n{name},,,登记管理,东片\n"
    found = take(ImportKind.SUBJECTS, text.encode("gb18030"), chen)
    assert found["accepted"] == 1
    assert reads.subjects(bureau, TODAY).rows[0].name == name
