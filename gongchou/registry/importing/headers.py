"""Where the header stands, in one row or two, and what each of its cells means."""

import re
from collections.abc import Iterator, Mapping, Sequence

from gongchou.core.refusals import Invalid
from gongchou.registry.importing.columns import Layout
from gongchou.registry.importing.sheets import Cells

HEADER_ROWS = 10
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\ufeff\u2060\u00ad"))
_BRACKETS = re.compile(r"[（(【\[][^）)】\]]*[）)】\]]")
_NUMBERED = re.compile(r"^[0-9]+[.、．]")

Places = dict[str, int]


def plain(cell: str) -> str:
    """A header without blanks, invisible characters and marks around it."""
    return "".join(cell.translate(INVISIBLE).split()).strip("*＊:：")


def _readings(cell: str) -> Iterator[str]:
    """A header as written, without its number, and without its remarks in brackets."""
    name = plain(cell)
    yield name
    yield _NUMBERED.sub("", name)
    yield plain(_BRACKETS.sub("", _NUMBERED.sub("", name)))


def find_header(
    head: Sequence[Cells], layout: Layout, mapping: Mapping[str, str]
) -> tuple[int, Places]:
    """The row below the header, and the place of each known column, in whatever order.

    A saved mapping goes before our own words. Two rows are read together where the upper one
    holds groups and the lower one the names.
    """
    known = {header: column.field for column in layout.columns for header in column.headers}
    known |= targets(mapping, layout)
    best, start = Places(), 0
    for index, names in enumerate(head[:HEADER_ROWS]):
        found = _places([[name] for name in names], known)
        if len(found) > len(best):
            best, start = found, index + 1
    for index in range(min(len(head), HEADER_ROWS) - 1):
        found = _places(_pairs(head[index], head[index + 1]), known)
        if len(found) > len(best):
            best, start = found, index + 2
    _check(layout, best, head, start)
    return start, best


def targets(mapping: Mapping[str, str], layout: Layout) -> dict[str, str]:
    """A mapping from foreign headers, by field; Invalid where it names no column of ours."""
    ours = {header: c.field for c in layout.columns for header in (*c.headers, c.field)}
    unknown = [name for name in mapping.values() if plain(name) not in ours]
    if unknown:
        titles = "、".join(column.headers[0] for column in layout.columns)
        raise Invalid(f"对应关系中的“{unknown[0]}”不是本系统的列，可用的列有：{titles}。")
    return {plain(theirs): ours[plain(name)] for theirs, name in mapping.items()}


def _pairs(upper: Cells, lower: Cells) -> list[list[str]]:
    width = max(len(upper), len(lower))
    above = upper + [""] * (width - len(upper))
    below = lower + [""] * (width - len(lower))
    return [[low, up + low, up] if low else [up] for up, low in zip(above, below, strict=True)]


def _places(columns: Sequence[Sequence[str]], known: Mapping[str, str]) -> Places:
    found = Places()
    for place, names in enumerate(columns):
        readings = (reading for name in names for reading in _readings(name))
        field = next((known[reading] for reading in readings if reading in known), None)
        if field:
            found.setdefault(field, place)
    return found


def _check(layout: Layout, found: Places, head: Sequence[Cells], start: int) -> None:
    missing = [c.headers[0] for c in layout.columns if c.needed and c.field not in found]
    if missing:
        row = head[start - 1] if start else (head[0] if head else [])
        seen = "、".join(plain(cell) for cell in row if cell.strip())
        raise Invalid(
            f"表头缺少“{'”“'.join(missing)}”列（读到的表头：{seen[:120] or '无'}）。"
            "请按模板改正表头，或者保存一份列对应关系；列的次序不限。"
        )
