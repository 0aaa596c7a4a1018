"""The rows of a file: of a workbook those of its first sheet that is a table, the others told."""

from collections.abc import Iterator, Mapping

from gongchou.registry.importing.asides import NOTES
from gongchou.registry.importing.columns import Layout
from gongchou.registry.importing.headers import NoHeader
from gongchou.registry.importing.line import Row
from gongchou.registry.importing.opened import Beside, Other, Table
from gongchou.registry.importing.rows import rows_of
from gongchou.registry.importing.sheets import Source, table_of

# So many sheets are searched for a header: each time the workbook is opened anew.
MOST_TRIED = 5
# So many titles are named; a workbook with more sheets names the first of them.
NAMED = 10


def rows_of_source(source: Source, layout: Layout, mapping: Mapping[str, str]) -> Iterator[Row]:
    """Invalid where no sheet has the header; a cover or an empty sheet before it is passed over."""
    table = table_of(source)
    try:
        return _told(table, layout, mapping)
    except NoHeader as problem:
        if table.beside is None:
            raise
        for _ in table.rows:
            pass
        for other in table.beside.others[: MOST_TRIED - 1]:
            try:
                return _told(table_of(source, other.number), layout, mapping)
            except NoHeader:
                continue
        raise _unfound(problem, table.beside) from problem


def _unfound(problem: NoHeader, beside: Beside) -> NoHeader:
    """Says too which sheets nobody searched."""
    sheets = 1 + len(beside.others)
    if not beside.is_blind and sheets <= MOST_TRIED:
        return problem
    where = "能查看的" if sheets <= MOST_TRIED else "前"
    return NoHeader(
        f"{problem}只在{where} {min(sheets, MOST_TRIED)} 张工作表里找过表头，"
        "请把名册所在的工作表移到最前面，或者另存为单独的文件再导入。"
    )


def _told(table: Table, layout: Layout, mapping: Mapping[str, str]) -> Iterator[Row]:
    rows = rows_of(table.rows, layout, mapping)
    return rows if table.beside is None else _with_others(rows, table.beside)


def _with_others(rows: Iterator[Row], beside: Beside) -> Iterator[Row]:
    yield from rows
    others = [other for other in beside.others if other.title != NOTES]
    if others or beside.is_blind:
        row = Row(0, is_aside=True)
        row.doubt("", beside.title, _says(beside, others))
        yield row


def _says(beside: Beside, others: list[Other]) -> str:
    named = "、".join(f"“{other.title[:40]}”（{other.rows} 行）" for other in others[:NAMED])
    more = f"等 {len(others)} 张" if len(others) > NAMED else ""
    unread = f"没有读{named}{more}，" if others else ""
    unseen = "其余工作表未能查看，" if beside.is_blind else ""
    return (
        f"只读了工作表“{beside.title[:40]}”，{unread}{unseen}其中有名册的，请另存为单独的文件再导入"
    )
