"""The superior's own form: a workbook with marks like {{done.key}}, filled from a frozen table."""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token

from gongchou.core.refusals import Invalid
from gongchou.core.statistics import Row
from gongchou.core.workdays import Quarter
from gongchou.reporting.checkcode import short_code
from gongchou.reporting.reads import VersionPage
from gongchou.web.sheets import on_a4

MARK = re.compile(r"\{\{\s*([^{}]+?)\s*\}\}")
NUMBER = re.compile(r"\d+(\.\d+)?")
BRACES = re.compile(r"[{}｛｝]")
LARGEST, LARGEST_UNPACKED, MOST_CELLS = 2 * 2**20, 40 * 2**20, 50_000
# What the reader of workbooks raises for a file that is none, or a broken one.
UNREADABLE = (
    zipfile.BadZipFile, AttributeError, IndexError, KeyError, OSError, SyntaxError, TypeError,
    ValueError,
)  # fmt: skip
YEAR = "年:"
# What a table does not count, because it is older or its policy does not ask for it.
ABSENT = "—"
HEAD = {
    "单位": "本机构名称",
    "季度": "统计的季度",
    "填报日期": "统计表生成的日期",
    "版本": "初报还是更正，第几版",
    "编号": "统计表编号",
    "核对码": "统计表摘要的短码，供核对",
}


def words(rows: tuple[Row, ...]) -> dict[str, str]:
    """Every mark that a form may carry, with what it stands for."""
    found = dict(HEAD)
    for row in rows:
        name = f"{row.quarter.group}　{row.quarter.label}"
        found[row.quarter.key] = name
        found[YEAR + row.quarter.key] = f"{name}（年度累计）"
    return found


def checked(content: bytes, known: Mapping[str, str]) -> int:
    """How many marks a form has; Invalid, saying where, when it cannot be filled."""
    book, found = _opened(content), 0
    for cell in _formulas(book):
        _check_formula(cell, book.sheetnames)
    for cell in _cells(book):
        text = str(cell.value)
        if BRACES.search(MARK.sub("", text)):
            raise Invalid(
                f"{_place(cell)} 的标记没有写完整，没有保存。"
                "标记前后各是两个半角花括号，如 {{done.key}}，请改正。"
            )
        for mark in MARK.findall(text):
            if mark not in known:
                raise Invalid(
                    f"{_place(cell)} 写了“{{{{{mark}}}}}”，没有这个项目，没有保存。"
                    "请对照页面下方的标记表改正。"
                )
            found += 1
    if not found:
        raise Invalid(
            "样式里一个标记也没有，没有保存。请在要填数字的格里写上标记，如 {{done.key}}。"
        )
    return found


def _check_formula(cell: Any, sheets: Sequence[str]) -> None:
    """A formula stays as it is: it holds no mark, and leads to no sheet that is not there."""
    text = str(getattr(cell.value, "text", cell.value))
    if "{{" in text:
        raise Invalid(
            f"{_place(cell)} 的公式里写了标记，公式原样保留、不会填写，没有保存。"
            "请把标记单独写在一格，公式引用那一格。"
        )
    for token in Tokenizer(text).items:
        sheet, mark, _ = token.value.rpartition("!")
        if token.subtype == Token.RANGE and mark and sheet.strip("'") not in sheets:
            raise Invalid(
                f"{_place(cell)} 的公式引用了“{sheet}”，这个工作簿里没有这张工作表，没有保存。"
                "请补上工作表，或者改正公式。"
            )


def _place(cell: Any) -> str:
    return f"工作表“{cell.parent.title}”的 {cell.coordinate}"


def filled(content: bytes, found: VersionPage) -> bytes:
    """The form with the table's numbers; what fills a cell and is a number is written as one."""
    book, values = _opened(content), _values(found)
    for cell in _cells(book):
        text = str(cell.value)
        whole = MARK.fullmatch(text.strip())
        if whole and NUMBER.fullmatch(values.get(whole[1], ABSENT)):
            cell.value = Decimal(values[whole[1]])
        elif MARK.search(text):
            cell.value = MARK.sub(lambda mark: values.get(mark[1], ABSENT), text)
            cell.data_type = "s"
    result = io.BytesIO()
    book.properties.modified = book.properties.created = found.made_at.replace(tzinfo=None)
    book.save(result)
    return result.getvalue()


def _values(found: VersionPage) -> dict[str, str]:
    body = found.body
    values = {
        "单位": body.bureau_name,
        "季度": Quarter.parse(body.quarter).label,
        "填报日期": body.on.isoformat(),
        "版本": f"{found.version.label}第 {found.number} 版",
        "编号": found.ref,
        "核对码": short_code(found.digest),
    }
    for row in body.rows:
        values[row.quarter.key] = row.quarter.shown
        values[YEAR + row.quarter.key] = row.year.shown
    return values


def _opened(content: bytes) -> Workbook:
    if len(content) > LARGEST:
        raise Invalid("样式文件不得超过 2 MB，没有保存。请去掉图片后再上传。")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            _check_parts(packed)
        book = load_workbook(io.BytesIO(content))
    except UNREADABLE as error:
        raise Invalid(
            "样式应为 xlsx 工作簿，这个文件打不开，没有保存。请另存为 xlsx 再上传。"
        ) from error
    if not book.worksheets:
        raise Invalid("样式里没有工作表，没有保存。请检查文件是否完整，再另存一份上传。")
    if sum(page.max_row * page.max_column for page in book.worksheets) > MOST_CELLS:
        raise Invalid(f"样式不得超过 {MOST_CELLS} 格，没有保存。请删去空白的行列。")
    return book


def _check_parts(packed: zipfile.ZipFile) -> None:
    parts = packed.infolist()
    if sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise Invalid("样式文件展开后过大，没有保存。请另存一份再上传。")
    if any(part.filename.lower().endswith("vbaproject.bin") for part in parts):
        raise Invalid("样式里带有宏，没有保存。请另存为不带宏的 xlsx 再上传。")


def _cells(book: Workbook) -> Iterator[SheetCell]:
    """The cells that hold text; formulas are the bureau's own and stay."""
    for page in book.worksheets:
        for row in page.iter_rows():
            yield from (cell for cell in row if _is_text(cell))


def _formulas(book: Workbook) -> Iterator[Any]:
    for page in book.worksheets:
        for row in page.iter_rows():
            yield from (cell for cell in row if cell.data_type == "f")


def _is_text(cell: Any) -> bool:
    """Merged cells other than the first hold nothing."""
    return isinstance(cell, SheetCell) and isinstance(cell.value, str) and cell.data_type != "f"


def default_form(rows: tuple[Row, ...]) -> bytes:
    """A form to start from: the table of domain §3.5, a mark in every place."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.set_properties({"created": datetime(2024, 1, 1)})  # noqa: DTZ001
        page: Any = book.add_worksheet("统计表")
        head, line = book.add_format({"bold": True, "border": 1}), book.add_format({"border": 1})
        number = book.add_format({"border": 1, "align": "right"})
        page.set_column(0, 1, 28)
        page.set_column(2, 4, 14)
        on_a4(page, heads=3, is_upright=True)
        page.write_string(0, 0, "“双随机、一公开”监管统计表", book.add_format({"bold": True}))
        page.write_string(1, 0, "填报单位：{{单位}}")
        page.write_string(1, 2, "{{季度}}")
        page.write_string(2, 0, "{{版本}}，填报日期 {{填报日期}}，核对码 {{核对码}}")
        for column, name in enumerate(("项目组", "项目", "单位", "本季度", "年度累计")):
            page.write_string(3, column, name, head)
        for place, row in enumerate(rows, start=4):
            cell = row.quarter
            marks = (f"{{{{{cell.key}}}}}", f"{{{{{YEAR}{cell.key}}}}}")
            for column, text in enumerate((cell.group, cell.label, cell.unit, *marks)):
                page.write_string(place, column, text, number if text in marks else line)
    return buffer.getvalue()
