"""Files from patrol cars, drones, cameras, hotlines and weather stations: values out of cells.

A row that breaks its form is a `Problem`, the others go in.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from gongchou.core.coordinates import Point, point
from gongchou.core.plain import SHANGHAI
from gongchou.core.refusals import Invalid, Problem

SYSTEMS = ("WGS84", "GCJ02", "BD09")
Cells = Mapping[str, str]
Row = TypeVar("Row")
# From shifted coordinates to WGS84; the room that knows the formula hands it in.
ToWgs84 = Callable[[Point, str], Point]


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """Cells of every row with the number the officer sees in a spreadsheet (2 is the first)."""

    rows: tuple[tuple[int, Cells], ...]
    columns: tuple[str, ...]


def parsed(
    found: Read, needed: tuple[str, ...], make: Callable[[int, Cells], Row]
) -> tuple[tuple[Row, ...], tuple[Problem, ...]]:
    """Each row made into a value; what is wrong with the others. Invalid where a column lacks."""
    missing = [name for name in needed if name not in found.columns]
    if missing:
        raise Invalid(f"缺少列“{'”“'.join(missing)}”。请对照说明的列名补上，其余内容没有写入。")
    rows, problems = [], []
    for number, cells in found.rows:
        try:
            rows.append(make(number, cells))
        except BadCell as bad:
            problems.append(
                Problem(row=number, column=bad.column, value=bad.value, says=bad.says(number))
            )
    return tuple(rows), tuple(problems)


class BadCell(Exception):
    """One cell that breaks its form; `why` completes the sentence that names row and column."""

    def __init__(self, column: str, value: str, why: str) -> None:
        super().__init__(why)
        self.column, self.value, self.why = column, value, why

    def says(self, row: int) -> str:
        return f"第 {row} 行“{self.column}”为“{self.value}”，{self.why}。"


def needed(cells: Cells, column: str) -> str:
    value = cells.get(column, "")
    if not value:
        raise BadCell(column, value, "不能空着，请填写")
    return value


def moment(cells: Cells, column: str) -> datetime:
    """An instant; without an offset it is Beijing time."""
    value = needed(cells, column)
    try:
        found = datetime.fromisoformat(value.replace("/", "-").replace("Z", "+00:00"))
    except ValueError:
        raise BadCell(column, value, "不是时间，请写成 2026-01-05 09:30:00 的样子") from None
    return found if found.tzinfo else found.replace(tzinfo=SHANGHAI)


def number(cells: Cells, column: str, least: float, most: float) -> float:
    value = needed(cells, column)
    try:
        found = float(value)
    except ValueError:
        raise BadCell(column, value, "不是数字，请核对") from None
    if not least <= found <= most:
        raise BadCell(column, value, f"应在 {least:g} 至 {most:g} 之间，请核对")
    return found


def maybe_number(cells: Cells, column: str, least: float, most: float) -> float | None:
    return number(cells, column, least, most) if cells.get(column) else None


def place(cells: Cells, to_wgs84: ToWgs84) -> Point:
    """The place on WGS84; the system must be named, for the three lie up to 700 metres apart."""
    named = needed(cells, "坐标系")
    plain = named.upper().replace("-", "").replace("_", "").replace(" ", "")
    if plain == "CGCS2000":
        plain = "WGS84"
    if plain not in SYSTEMS:
        raise BadCell("坐标系", named, "应为 WGS84、CGCS2000、GCJ-02 或 BD-09，请改正")
    try:
        found = point(needed(cells, "经度"), needed(cells, "纬度"))
    except Invalid as error:
        where = f"{cells.get('经度')}，{cells.get('纬度')}"
        raise BadCell("经度、纬度", where, str(error).rstrip("。")) from error
    assert found is not None
    return to_wgs84(found, plain)


def maybe_place(cells: Cells, to_wgs84: ToWgs84) -> Point | None:
    if not cells.get("经度") and not cells.get("纬度"):
        return None
    return place(cells, to_wgs84)


def sha256(cells: Cells, column: str) -> str:
    value = needed(cells, column).lower()
    if len(value) != 64 or set(value) - set("0123456789abcdef"):
        raise BadCell(column, value, "应为 64 位十六进制的 SHA-256 摘要")
    return value


def word(cells: Cells, column: str, words: Mapping[str, str]) -> str:
    """The value that a label or a code of the glossary stands for."""
    value = needed(cells, column)
    found = words.get(value)
    if found is None:
        raise BadCell(column, value, f"应为{'、'.join(dict.fromkeys(words))}之一")
    return found
