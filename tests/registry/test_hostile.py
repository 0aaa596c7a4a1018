"""Files made to harm: each is refused in one sentence, in little time and memory, by the page."""

import io
import struct
import time
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from gongchou.core.refusals import Invalid
from gongchou.core.terms import ImportKind
from gongchou.registry import reads
from gongchou.registry.importing import sheets, texts
from tests.conftest import TODAY
from tests.registry.foreign import archive, cells, compound, xls, xlsx
from tests.registry.hostile import MORE
from tests.registry.test_import import HEADER, csv, line, take

HEAD = HEADER.split(",")
ROWS = [HEAD, line(1).split(",")]
SECONDS, MEBIBYTES = 2, 100
ENTITIES = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    "<x>&b;</x>"
)


def overlapping() -> bytes:
    """An archive whose second entry in the list points into the first."""
    content = bytearray(xlsx(cells(*ROWS)))
    listed = content.index(b"PK\x01\x02")
    second = content.index(b"PK\x01\x02", listed + 4)
    content[second + 42 : second + 46] = content[listed + 42 : listed + 46]
    return bytes(content)


def locked_zip() -> bytes:
    content = bytearray(xlsx(cells(*ROWS)))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = content.index(mark)
        content[start + place] |= 1
    return bytes(content)


def nested() -> bytes:
    inner = archive({"名册.xlsx": xlsx(cells(*ROWS))})
    return archive({"里面.zip": inner, "a.txt": "x"})


def many_parts() -> bytes:
    return xlsx(cells(*ROWS), {f"xl/x{n}.xml": "<x/>" for n in range(2100)})


def counted(number: str) -> bytes:
    """A table of shared texts that claims to hold more than any memory."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    shared = f'<sst xmlns="{main}" count="{number}" uniqueCount="{number}"><si><t>x</t></si></sst>'
    return xlsx(cells(*ROWS), {"xl/sharedStrings.xml": shared})


def torn_xls() -> bytes:
    """An old workbook whose directory of sectors points nowhere."""
    content = bytearray(xls(*ROWS))
    struct.pack_into("<I", content, 48, 0x00FFFFFF)
    return bytes(content)


def wide(columns: int) -> bytes:
    return (",".join([*HEAD, *("x" * columns)]) + "\n" + line(1) + "\n").encode()


HOSTILE = {
    "dense zip": (xlsx(cells(*ROWS), {"xl/media/a.bin": b"0" * 10**7}), "弹.xlsx", "过大"),
    "nested zip": (nested(), "弹.xlsx", "压缩包"),
    "overlapping zip": (overlapping(), "弹.xlsx", "重叠|已损坏"),
    "zip of thousands of parts": (many_parts(), "弹.xlsx", "过大"),
    "zip with a password": (locked_zip(), "密.xlsx", "设有密码"),
    "shared texts beyond memory": (counted("99999999999999"), "弹.xlsx", "中止|打不开"),
    "entities": (xlsx(cells(*ROWS), {"xl/styles.xml": ENTITIES}), "弹.xlsx", "DOCTYPE"),
    "entities in the sheet": (
        xlsx("", {"xl/worksheets/sheet1.xml": ENTITIES}),
        "弹.xlsx",
        "DOCTYPE",
    ),
    "macros": (xlsx(cells(*ROWS), {"xl/vbaProject.bin": b"x"}), "宏.xlsx", "带有宏"),
    "macros in an old workbook": (
        compound({"Workbook": bytes(4096), "_VBA_PROJECT": bytes(4096)}),
        "宏.xls",
        "带有宏",
    ),
    "macro by its name": (xlsx(cells(*ROWS)), "宏.XLSM", "带宏的工作簿"),
    "binary workbook": (archive({"xl/workbook.bin": "x"}), "名册.xlsx", "二进制工作簿"),
    "torn old workbook": (torn_xls(), "坏.xls", "打不开|中止"),
    "million columns": (wide(10**6), "宽.csv", "列|一百万字"),
    "501 columns": (wide(496), "宽.csv", "501 列"),
    "one endless line": (b"x" * 3_000_000, "长.csv", "表头缺少|一百万字"),
    "endless quotes": (
        csv(line(1)) + b'\n"' + "虚构\n".encode() * 30_000,
        "引号.csv",
        "引号或分隔符不成对",
    ),
    "quotes about every field": (
        csv(line(1)) + b"\n" + b'"a\n",' * 200_000,
        "引号.csv",
        "引号或分隔符不成对",
    ),
    "nul bytes": (csv(line(1)) + b"\n\x00\x00\x00,,,,", "空字节.csv", "不是表格文件"),
    "lone surrogate": (csv(line(1)) + b"\n\xed\xa0\x80,,,,\n", "名册.csv", "第 3 行的文字编码混乱"),
    "surrogate pair": (
        csv(line(1)) + b"\n\xed\xa0\xbd\xed\xb8\x80,,,,\n",
        "名册.csv",
        "第 3 行的文字编码混乱",
    ),
    "lone surrogate in UTF-16": (
        b"\xff\xfe" + csv(line(1)).decode().encode("utf-16-le") + b"\x00\xd8,\x00",
        "名册.csv",
        "编码认不出来",
    ),
    "half a character": ((HEADER + "\n虚构").encode("gb18030")[:-1], "名册.csv", "编码"),
    "picture": (b"\x89PNG\r\n\x1a\n" + bytes(100), "名册.xlsx", "不是表格"),
    "pdf": (b"%PDF-1.7\n" + bytes(range(256)), "名册.csv", "不是表格|编码"),
}


def growth() -> int:
    """MiB this process has taken at its most since it began."""
    status = Path("/proc/self/status").read_text("ascii", "replace")
    return int(status.partition("VmHWM:")[2].split()[0]) // 1024


@pytest.mark.parametrize(
    ("content", "filename", "says"), (HOSTILE | MORE).values(), ids=HOSTILE | MORE
)
def test_a_hostile_file_is_refused_by_the_page_in_little_time_and_memory(
    chen, signed_in, bureau, content, filename, says
):
    browser, before, begun = signed_in(chen), growth(), time.process_time()
    file = SimpleUploadedFile(filename, content)
    answer = browser.post("/register/import/", {"kind": "subjects", "file": file})
    assert answer.status_code == 200
    errors = answer.context["form"].errors["file"]
    assert len(errors) == 1
    with pytest.raises(Invalid, match=says):
        raise Invalid(errors[0])
    assert time.process_time() - begun < SECONDS
    assert growth() - before < MEBIBYTES
    assert browser.get("/register/").status_code == 200


def test_a_file_over_the_limit_of_the_page_is_refused_unread(chen, signed_in, monkeypatch):
    from gongchou.registry import forms

    monkeypatch.setattr(forms, "LARGEST_WORKBOOK", 10)
    file = SimpleUploadedFile("大.csv", csv(line(1)))
    answer = signed_in(chen).post("/register/import/", {"kind": "subjects", "file": file})
    assert "gongchou register import" in answer.context["form"].errors["file"][0]


def test_a_text_over_a_gigabyte_is_refused_unread(chen, tmp_path):
    path = tmp_path / "大.csv"
    with path.open("wb") as file:
        file.truncate(texts.LARGEST_TEXT + 1)
        file.seek(0)
        file.write(csv(line(1)))
    with pytest.raises(Invalid, match="超过 1 GB"):
        next(sheets.rows_of_file(sheets.Source(name=path.name, content=path)))


def test_a_quote_that_never_closes_is_told_with_the_line_it_stands_in(chen):
    rows = [line(1), '"虚构未闭合,,,登记管理,', *map(line, range(2, 30))]
    with pytest.raises(Invalid, match="从第 3 行起引号或分隔符不成对（读到第 31 行）"):
        take(ImportKind.SUBJECTS, csv(*rows), chen)


def test_links_to_other_workbooks_are_never_followed(chen, bureau):
    """What the file shows is read; the address it names is a word like any other."""
    links = {
        "xl/externalLinks/externalLink1.xml": "<externalLink/>",
        "xl/externalLinks/_rels/externalLink1.xml.rels": '<Relationships><Relationship Id="r1" '
        'Target="file:///nowhere/a.xlsx" TargetMode="External"/></Relationships>',
    }
    rows = cells(HEAD).replace("</row>", "</row>", 1) + (
        '<row r="2"><c r="A2" t="str"><f>[1]Sheet1!A1</f><v>虚构链接厂</v></c>'
        '<c r="D2" t="inlineStr"><is><t>登记管理</t></is></c></row>'
    )
    found = take(ImportKind.SUBJECTS, xlsx(rows, links), chen, filename="链接.xlsx")
    assert found["accepted"] == 1
    assert reads.subjects(bureau, TODAY).rows[0].name == "虚构链接厂"


def test_cells_of_ten_thousand_characters_are_told_and_the_next_row_goes_in(chen):
    rows = [f"虚构{size},,,登记管理,{'片' * size}" for size in (41, 9_999, 10_001)]
    found = take(ImportKind.SUBJECTS, csv(*rows, line(1)), chen)
    assert (found["accepted"], found["rejected"]) == (1, 3)
    assert "超过 40 个字" in found["problems"][0]["says"]
    assert "超过 10000 个字" in found["problems"][2]["says"]


def test_a_cell_beyond_any_reader_is_told_with_its_row(chen):
    found = take(ImportKind.SUBJECTS, csv(f"{'虚' * 300_000},,,登记管理,", line(1)), chen)
    assert (found["accepted"], found["rejected"]) == (1, 1)
    assert "超过 10000 个字" in found["problems"][0]["says"]


@pytest.mark.parametrize("sign", "=+-@＝＋－＠")
def test_a_formula_is_kept_as_the_text_it_is_and_told(chen, bureau, sign):
    name = f'{sign}HYPERLINK("http://example.invalid",1)'
    content = csv(f'"{name.replace(chr(34), chr(34) * 2)}",,,登记管理,')
    found = take(ImportKind.SUBJECTS, content, chen)
    assert (found["accepted"], len(found["warnings"])) == (1, 1)
    assert reads.subjects(bureau, TODAY).rows[0].name == name


def test_at_least_forty_kinds_of_harm_are_tried():
    assert len(HOSTILE | MORE) == len(HOSTILE) + len(MORE) >= 60


def test_the_separators_between_two_programs_do_not_split_a_cell(chen, bureau):
    content = xls(HEAD, ["虚构\x1f一\x1e厂", "", "", "登记管理", ""])
    take(ImportKind.SUBJECTS, content, chen, filename="名册.xls")
    assert reads.subjects(bureau, TODAY).rows[0].name == "虚构 一 厂"


def test_a_workbook_is_closed_when_nobody_reads_on(chen):
    """The program that opens it does not outlive a refusal."""
    rows = sheets.rows_of_file(sheets.Source(name="a.xlsx", content=xlsx(cells(*ROWS * 400))))
    assert next(rows) == HEAD
    rows.close()
    assert list(rows) == []


def test_zip_makers_are_really_hostile():
    """A guard on the makers themselves: what should overlap overlaps, what should be shut is."""
    offsets = [part.header_offset for part in zipfile.ZipFile(io.BytesIO(overlapping())).infolist()]
    assert len(offsets) > len(set(offsets))
    assert zipfile.ZipFile(io.BytesIO(locked_zip())).infolist()[0].flag_bits & 1
