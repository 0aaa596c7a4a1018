"""Rows in the shape that another system wants, and back: which columns, which codes, is data.

A shape is a list of columns, each with its head in the other system, the field it holds, and where
the other system has codes of its own, those codes. What goes out must come back: for every field
there is a column whose codes are one to one.
"""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gongchou.core.refusals import Invalid

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShapeColumn:
    """One column: head, field, and the other system's word for each of ours (none: as it is)."""

    head: str
    field: str
    codes: Mapping[str, str] = dataclasses.field(default_factory=dict)

    @property
    def is_reversible(self) -> bool:
        return len(set(self.codes.values())) == len(self.codes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A table as another system wants it; `source` says where its columns are known from."""

    name: str
    title: str
    source: str
    columns: tuple[ShapeColumn, ...]

    @property
    def heads(self) -> tuple[str, ...]:
        return tuple(column.head for column in self.columns)


def shape_of(name: str, document: Mapping[str, Any], fields: Iterable[str]) -> Shape:
    """A shape from its document; Invalid where it names an unknown field or loses one.

    `fields` are the names of the fields that there are.
    """
    known = set(fields)
    try:
        columns = tuple(
            ShapeColumn(head=one["head"], field=one["field"], codes=dict(one.get("codes", {})))
            for one in document["columns"]
        )
        shape = Shape(
            name=name, title=document["title"], source=document["source"], columns=columns
        )
    except (KeyError, TypeError) as error:
        raise Invalid(
            f"对应关系“{name}”缺少 {error}：应有 title、source 和 columns，每列有 head 和 field。"
        ) from error
    _check(shape, known)
    return shape


def _check(shape: Shape, known: set[str]) -> None:
    if strange := [c.field for c in shape.columns if c.field not in known]:
        raise Invalid(
            f"对应关系“{shape.name}”里的 {'、'.join(strange)} 不是可以导出的字段；"
            f"可以用的有 {'、'.join(sorted(known))}。"
        )
    if len(set(shape.heads)) != len(shape.heads):
        raise Invalid(f"对应关系“{shape.name}”里有两列的表头相同，导出以后无法读回，请改名。")
    whole = {c.field for c in shape.columns if c.is_reversible}
    if lost := sorted({c.field for c in shape.columns} - whole):
        raise Invalid(
            f"对应关系“{shape.name}”把 {'、'.join(lost)} 的几个值写成同一个代码，无法读回。"
            "请另加一列原样写出这个字段。"
        )


def shaped(shape: Shape, rows: Iterable[Row]) -> list[list[str]]:
    """The cells of each row in the shape; Invalid where a value has no code."""
    return [[_cell(column, row, n) for column in shape.columns] for n, row in enumerate(rows, 1)]


def _cell(column: ShapeColumn, row: Row, number: int) -> str:
    value = row[column.field]
    if not column.codes:
        return value
    if value not in column.codes:
        raise Invalid(
            f"第 {number} 行的“{column.head}”是“{value}”，对应关系里没有它的代码，请补上再导出。"
        )
    return column.codes[value]


def unshaped(shape: Shape, heads: Sequence[str], table: Iterable[Sequence[str]]) -> list[Row]:
    """The rows behind a table in the shape, its columns in any order."""
    if missing := [head for head in shape.heads if head not in heads]:
        raise Invalid(f"表里缺少“{'、'.join(missing)}”列，不是“{shape.title}”的样子。")
    held = [(heads.index(c.head), c) for c in shape.columns if c.is_reversible]
    return [
        {column.field: _value(column, cells[at], n) for at, column in held}
        for n, cells in enumerate(table, 1)
    ]


def _value(column: ShapeColumn, cell: str, number: int) -> str:
    if not column.codes:
        return cell
    back = {code: ours for ours, code in column.codes.items()}
    if cell not in back:
        raise Invalid(f"第 {number} 行的“{column.head}”写的是“{cell}”，不是对应关系里的代码。")
    return back[cell]
