"""Files that mean harm or are not what their names say, with the words of their refusals."""

import gzip

from tests.registry.foreign import archive, cells, compound, locked_xlsx, ods, xls, xlsx
from tests.registry.test_import import HEADER, csv, line

HEAD = HEADER.split(",")
ROWS = [HEAD, line(1).split(",")]
GOOD = xlsx(cells(*ROWS))
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PARTS = {"xl/workbook.xml": "<workbook/>"}
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "哈">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    + f']><sst xmlns="{MAIN}"><si><t>&a9;</t></si></sst>'
)
OUTSIDE = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
    f'<sst xmlns="{MAIN}"><si><t>&e;</t></si></sst>'
)
LOCKED_ODS = "<manifest:encryption-data manifest:checksum='x'/>"
PAGE = "<html><table><tr><td>单位名称</td><td>管理类别</td></tr></table></html>"
# The test file of virus scanners, written backwards so that no scanner takes this one for it.
SCANNED = "*H+H$!ELIF-TSET-SURIVITNA-DRADNATS-RACIE$}7)CC7)^P(45XZP\\4[PA@%P!O5X"[::-1]


def far_cell() -> bytes:
    """One cell at the end of the sheet, as a slip of the keyboard leaves it."""
    cell = '<c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c>'
    return xlsx(f'{cells(*ROWS)}<row r="1048576">{cell}</row>')


def listed(content: bytes, name: bytes, place: int, value: int, size: int) -> bytes:
    """An archive whose list says something else of a part than it said."""
    changed = bytearray(content)
    start = changed.rindex(name) - 46
    assert changed[start : start + 4] == b"PK\x01\x02"
    changed[start + place : start + place + size] = value.to_bytes(size, "little")
    return bytes(changed)


def renamed(content: bytes, was: bytes, now: bytes) -> bytes:
    assert was in content
    assert len(was) == len(now)
    return content.replace(was, now)


SHEET = b"xl/worksheets/sheet1.xml"
MORE = {
    "laughs": (xlsx(cells(*ROWS), {"xl/sharedStrings.xml": LAUGHS}), "笑.xlsx", "DOCTYPE"),
    "entity from outside": (
        xlsx(cells(*ROWS), {"xl/sharedStrings.xml": OUTSIDE}),
        "外.xlsx",
        "DOCTYPE",
    ),
    "texts without end": (
        xlsx(cells(*ROWS), {"xl/sharedStrings.xml": "<si><t>x</t></si>" * 400_000}),
        "弹.xlsx",
        "过大",
    ),
    "a cell at XFD1048576": (far_cell(), "远.xlsx", "伸展"),
    "nested a million deep": (xlsx("", {SHEET.decode(): "<a>" * 10**6}), "深.xlsx", "过大|打不开"),
    "no sheets": (xlsx("", PARTS), "空.xlsx", "打不开"),
    "thousands of sheets": (
        archive(PARTS | {f"xl/worksheets/sheet{n}.xml": "x" for n in range(2001)}),
        "多.xlsx",
        "过大",
    ),
    "path out of the archive": (
        xlsx(cells(*ROWS), {"../../../../tmp/x.sh": "x"}),
        "路.xlsx",
        "指向别处",
    ),
    "path with backslashes": (xlsx(cells(*ROWS), {"..\\x.bat": "x"}), "路.xlsx", "指向别处"),
    "path from the root": (xlsx(cells(*ROWS), {"/etc/cron.d/x": "x"}), "路.xlsx", "指向别处"),
    "one name twice": (
        renamed(xlsx(cells(*ROWS), {"xl/worksheets/sheet2.xml": "x"}), b"sheet2", b"sheet1"),
        "名.xlsx",
        "重名",
    ),
    "size that lies": (listed(GOOD, SHEET, 24, 10, 4), "谎.xlsx", "已损坏"),
    "size beyond any disk": (listed(GOOD, SHEET, 24, 2**32 - 2, 4), "谎.xlsx", "过大"),
    "sum that does not agree": (listed(GOOD, SHEET, 16, 1, 4), "谎.xlsx", "已损坏"),
    "packed in an unknown way": (listed(GOOD, SHEET, 10, 99, 2), "谎.xlsx", "已损坏"),
    "cut zip": (GOOD[: len(GOOD) // 2], "断.xlsx", "已损坏"),
    "only the mark of a zip": (b"PK\x03\x04" + b"x" * 100, "断.xlsx", "已损坏"),
    "cut old workbook": (xls(*ROWS)[:700], "断.xls", "打不开|中止"),
    "password on an open document": (ods(*ROWS, manifest=LOCKED_ODS), "密.ods", "设有密码"),
    "password on a workbook": (locked_xlsx(), "密.xlsx", "设有密码"),
    "password on an old workbook": (xls(*ROWS, is_locked=True), "密.et", "设有密码"),
    "macros in an open document": (
        archive({"content.xml": "<x/>", "Basic/Standard/a.xml": "x"}),
        "宏.ods",
        "带有宏",
    ),
    "macro sheets": (
        xlsx(cells(*ROWS), {"xl/macrosheets/sheet1.xml": "<x/>"}),
        "宏.xlsx",
        "带有宏",
    ),
    "add-in": (GOOD, "插件.xlam", "带宏"),
    "letter": (archive({"word/document.xml": "<x/>"}), "名册.xlsx", "压缩包"),
    "old letter": (compound({"WordDocument": bytes(5000)}), "名册.xls", "打不开"),
    "page named as a workbook": (PAGE.encode(), "名册.xls", "其实是网页"),
    "page with a mark": (b"\xef\xbb\xbf\r\n" + PAGE.encode(), "名册.xls", "其实是网页"),
    "xml workbook": (b'<?xml version="1.0"?><Workbook/>', "名册.xls", "其实是网页或 XML"),
    "workbook behind a pdf": (b"%PDF-1.7\n" + GOOD, "两面.xlsx", "不是表格|编码"),
    "workbook behind a picture": (b"GIF89a" + GOOD, "两面.csv", "不是表格|编码"),
    "workbook behind a program": (b"MZ\x90\x00" + GOOD, "两面.xlsx", "不是表格|编码"),
    "program": (b"\x7fELF\x02\x01\x01" + bytes(200), "名册.csv", "不是表格"),
    "rar": (b"Rar!\x1a\x07\x01\x00" + bytes(50), "名册.xlsx", "不是表格"),
    "packed text": (gzip.compress(csv(line(1))), "名册.csv", "不是表格|编码"),
    "nothing but nul": (bytes(5000), "名册.csv", "不是表格|空的"),
    "four bytes a character": (HEADER.encode("utf-32"), "名册.csv", "不是表格"),
    "quote that never ends": (csv(line(1)) + '\n"虚构'.encode(), "引号.csv", "引号或分隔符不成对"),
    "two encodings": (
        csv(line(1)) + "\n虚构乙厂,,,登记管理,".encode("gb18030"),
        "名册.csv",
        "第 3 行的文字编码混乱",
    ),
    "what scanners look for": (SCANNED.encode(), "名册.csv", "表头缺少"),
}
