"""One object twice in a file: the later row stays out, and is told where it says something else."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from gongchou.registry.importing.columns import Column, Layout
from gongchou.registry.importing.line import Row, Sheet
from gongchou.registry.importing.seen import Seen

# So many differences are named in a sentence.
NAMED = 3


def identity(values: Mapping[str, Any], layout: Layout) -> str:
    """The values by which a row is known: the first identity whose first field is filled."""
    for name, *more in layout.identities:
        if value := values.get(name):
            first = f"{name}={value}"
            rest = [f"\x1f{other}={values.get(other) or ''}" for other in more] if more else ()
            return "".join((first, *rest))
    return ""


def mark_duplicates(rows: Iterable[Row], sheet: Sheet) -> Iterator[Row]:
    layout = sheet.layout
    with Seen() as seen:
        for row in rows:
            key = "" if row.problems or row.is_aside else identity(row.values, layout)
            first = seen.first(key, row.number, row.text) if key else row.number
            if first != row.number:
                row.is_duplicate = True
                title = layout.title(key.partition("=")[0])
                other = differences(seen.text(first), row, sheet.columns)
                row.fault(title, "", says(first, other))
            yield row


def says(first: int, other: Sequence[str]) -> str:
    """What becomes of the row; where it differs, which of the two holds."""
    if not other:
        return f"与第 {first} 行是同一对象，已略过"
    more = f"等 {len(other)} 处" if len(other) > NAMED else ""
    return (
        f"与第 {first} 行是同一对象而内容不同，已略过本行，以第 {first} 行为准："
        f"{'；'.join(other[:NAMED])}{more}。请核对哪一行是对的"
    )


def differences(text: str, row: Row, columns: Sequence[Column]) -> list[str]:
    """The columns whose values differ from those of an earlier row, with both."""
    was = text.split("\n")[1:]
    if len(was) != len(columns):  # a cell with a line break: which column it is cannot be told
        return [] if text == row.text else ["有的单元格不同"]
    return [
        f"“{column.headers[0]}”前为“{before[:40]}”，本行为“{now[:40]}”"
        for column, before, now in zip(columns, was, row.cells, strict=True)
        if before != now and _value(column, before) != row.values[column.field]
    ]


def _value(column: Column, cell: str) -> Any:
    try:
        return column.reader(cell)
    except ValueError:
        return column.reader("") if not column.needed else None
