"""The shapes that come with the product, or one that a bureau has written for its own platform."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import xlsxwriter

from gongchou.core.refusals import Invalid
from gongchou.core.shapes import Row, Shape, shape_of, shaped, unshaped
from gongchou.core.toml_text import toml_table

FOLDER = Path(__file__).parent / "shapes"
NATIONAL = (
    "plan", "plan_title", "task", "task_name", "mode", "authority", "subject", "uscc", "ended_on",
    "item", "item_result", "result", "local_result", "handling", "publication", "number",
    "published_on",
)  # fmt: skip
PERMIT = (
    "permit_number", "subject", "uscc", "authority", "ended_on", "items", "result_name",
    "problems", "penalty", "visit",
)  # fmt: skip
FIELDS = {"national": NATIONAL, "permit": PERMIT}


def shape(name: str, path: Path | None = None) -> Shape:
    """The shape of this name, or the one in a bureau's own file for the same rows."""
    file = path or FOLDER / f"{name}.toml"
    try:
        text = file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(f"对应关系文件 {file.name} 打不开，请核对路径，并存为 UTF-8。") from error
    return shape_of(name, toml_table(file.name, text), FIELDS[name])


def as_csv(found: Shape, rows: Sequence[Row]) -> bytes:
    """With a byte order mark, as spreadsheets want it; every value as it is, so it reads back."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    writer.writerow(found.heads)
    writer.writerows(shaped(found, rows))
    return text.getvalue().encode("utf-8-sig")


def from_csv(found: Shape, content: bytes) -> list[Row]:
    table = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    if not table:
        raise Invalid("文件是空的，没有表头。")
    return unshaped(found, table[0], table[1:])


def as_xlsx(found: Shape, rows: Sequence[Row]) -> bytes:
    """A workbook of texts: no name becomes a formula, no code a number."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet, bold = book.add_worksheet("数据"), book.add_format({"bold": True})
        sheet.write_row(0, 0, found.heads, bold)
        for number, cells in enumerate(shaped(found, rows), 1):
            for column, cell in enumerate(cells):
                sheet.write_string(number, column, cell)
        sheet.freeze_panes(1, 0)
    return buffer.getvalue()
