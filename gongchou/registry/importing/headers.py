"""Where the header stands, in one row or two, and what each of its cells means."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from gongchou.core.refusals import Invalid
from gongchou.registry.importing.columns import LAYOUTS, Layout
from gongchou.registry.importing.sheets import Cells

HEADER_ROWS = 10
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\ufeff\u2060\u00ad"))
_BRACKETS = re.compile(r"[（(【\[][^）)】\]]*[）)】\]]")
_NUMBERED = re.compile(r"^[0-9]+[.、．]")

Places = dict[str, int]
# Of the names a column has under two rows of headers, the one of its group.
GROUP = 2
# A column by its place, and its header as the officer reads it.
Named = tuple[int, str]


class NoHeader(Invalid):
    """Nothing in the head of a sheet is a header: it may be empty, or a cover."""


@dataclass(slots=True)
class Header:
    """Where the rows begin, and where each known column stands.

    `twins` have the very header of a column that is read; `spare` ones mean the same by another
    word and are left unread.
    """

    start: int = 0
    places: Places = field(default_factory=Places)
    twins: dict[str, list[Named]] = field(default_factory=dict)
    spare: dict[str, list[Named]] = field(default_factory=dict)


def plain(cell: str) -> str:
    """A header without blanks, invisible characters and marks around it."""
    return "".join(cell.translate(INVISIBLE).split()).strip("*＊:：")


def _readings(cell: str) -> Iterator[str]:
    """A header as written, without its number, and without its remarks in brackets."""
    name = plain(cell)
    yield name
    yield _NUMBERED.sub("", name)
    yield plain(_BRACKETS.sub("", _NUMBERED.sub("", name)))


def find_header(head: Sequence[Cells], layout: Layout, mapping: Mapping[str, str]) -> Header:
    """The row below the header, and the place of each known column, in whatever order.

    A saved mapping goes before our own words. Two rows are read together where the upper one
    holds groups and the lower one the names.
    """
    ours = targets(mapping, layout)
    known = {**ours, **_known(layout), **ours}
    best = Header()
    for index, names in enumerate(head[:HEADER_ROWS]):
        found = _header([[name] for name in names], known, index + 1)
        if len(found.places) > len(best.places):
            best = found
    for index in range(min(len(head), HEADER_ROWS) - 1):
        found = _header(_pairs(head[index], head[index + 1]), known, index + 2)
        more = len(found.places) - len(best.places)
        is_group = more == 0 and best.start == index + 1 and any(best.twins.values())
        if more > 0 or (is_group and _is_second(head[index], head[index + 1], found, layout)):
            best = found
    _check(layout, best.places, head, best.start)
    return best


def _is_second(upper: Cells, lower: Cells, found: Header, layout: Layout) -> bool:
    """Whether a row only names parts of the columns above: a site's own row has what it needs."""
    needed = [found.places[c.field] for c in layout.columns if c.needed and c.field in found.places]
    pairs = [("".join(upper[p : p + 1]), "".join(lower[p : p + 1])) for p in needed]
    return any(lower) and all(plain(low) in ("", plain(up)) for up, low in pairs)


def _known(layout: Layout) -> dict[str, str]:
    """Fields by header, the better word for a column before the worse."""
    return {header: column.field for column in layout.columns for header in column.headers}


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


def _header(columns: Sequence[Sequence[str]], known: Mapping[str, str], start: int) -> Header:
    """Of several columns that mean the same the one with the best word for it is read."""
    rank = {header: number for number, header in enumerate(known)}
    meant: dict[str, list[tuple[int, int, int, str]]] = {}
    for place, names in enumerate(columns):
        readings = ((level, read) for level, name in enumerate(names) for read in _readings(name))
        level, word = next((found for found in readings if found[1] in known), (0, ""))
        if word:
            column = (level, rank[word], place, plain(names[level]))
            meant.setdefault(known[word], []).append(column)
    header = Header(start)
    for name, rivals in meant.items():
        best, *others = sorted(rivals)
        header.places[name] = best[2]
        # A group above two columns says of neither that it is the one meant.
        others = [other for other in others if other[0] == best[0] < GROUP]
        header.twins[name] = [other[2:] for other in others if other[1] == best[1]]
        header.spare[name] = [other[2:] for other in others if other[1] != best[1]]
    return header


def _check(layout: Layout, found: Places, head: Sequence[Cells], start: int) -> None:
    missing = [c.headers[0] for c in layout.columns if c.needed and c.field not in found]
    if not missing:
        return
    first = next((row for row in head if any(cell.strip() for cell in row)), None)
    if first is None:
        raise NoHeader("表是空的，没有找到表头。请核对选的文件，表头在前 10 行中再导入。")
    seen = "、".join(plain(cell) for cell in (head[start - 1] if start else first) if cell.strip())
    like = _other_kind(head, layout)
    if like:
        raise Invalid(
            f"这份表的表头像是“{like}”（{seen[:60]}）。请核对所选的种类，选对后重新上传。"
        )
    where = f"第 {start} 行读到的表头：{seen[:120]}" if start else f"第一行是：{seen[:120]}"
    lead = "" if start else f"前 {HEADER_ROWS} 行中没有认出表头，"
    raise (Invalid if len(found) > 1 else NoHeader)(
        f"{lead}表头缺少“{'”“'.join(missing)}”列（{where}）。"
        "请按模板改正表头，或者保存一份列对应关系；列的次序不限。"
    )


def _other_kind(head: Sequence[Cells], layout: Layout) -> str:
    """The kind of file whose every needed column stands in one row; empty where there is none."""
    for kind, other in LAYOUTS.items():
        needed = {column.field for column in other.columns if column.needed}
        for row in head[:HEADER_ROWS] if other is not layout else ():
            if needed <= _header([[name] for name in row], _known(other), 0).places.keys():
                return kind.label
    return ""
