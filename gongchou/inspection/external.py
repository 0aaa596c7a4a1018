"""Tables exchanged with a superior's system: which visit is which record there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from gongchou.core.external_map import ExternalMap, read_map
from gongchou.core.refusals import Invalid
from gongchou.inspection import course, reads
from gongchou.inspection.rows import VisitRow
from gongchou.planning import reads as plans
from gongchou.planning.tables import csv_bytes, xlsx_bytes
from gongchou.registry.importing.headers import plain
from gongchou.registry.importing.sheets import Source, rows_of_file

SHIPPED = Path(__file__).parent / "mappings" / "provincial.toml"
MOST_ROWS = 5000
FORMS = ("csv", "xlsx")


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberLine:
    """One line of the table that came back: our number, theirs, and where it stands."""

    line: int
    visit: str
    number: str


def map_of(text: str = "") -> ExternalMap:
    """The mapping that was handed in, or the shipped one."""
    return read_map(text or SHIPPED.read_text("utf-8"))


def table(bureau: str, quarter: str, form: str, mapping: ExternalMap) -> bytes:
    """The quarter's visits in the columns of the other system."""
    if form not in FORMS:
        raise Invalid("对照表可以下载 csv 或 xlsx，请从页面上的按钮下载。")
    rows = [_line(row, mapping) for row in reads.visits(bureau, quarter)]
    if form == "csv":
        return csv_bytes(mapping.heads, rows)
    return xlsx_bytes("对照表", mapping.heads, rows)


def _line(row: VisitRow, mapping: ExternalMap) -> list[str]:
    values = _values(row, mapping.system)
    return [values[field] for _, field in mapping.columns]


def _values(row: VisitRow, system: str) -> Mapping[str, str]:
    known = [one.number for one in course.external_numbers(row.ref) if one.system == system]
    return {
        "ref": row.ref,
        "task": plans.task(row.task).name if row.task else "",
        "subject_name": row.subject_name,
        "uscc": row.uscc,
        "site_code": row.site_code,
        "inspection_kind": row.inspection_kind.label,
        "planned_on": row.planned_on.isoformat(),
        "ended_on": row.ended_on.isoformat() if row.ended_on else "",
        "team_names": row.team_names,
        "cards": "、".join(one.card for one in row.inspectors),
        "visit_result": row.visit_result.label if row.visit_result else "",
        "problem_count": str(row.problem_count),
        "external_number": known[0] if known else "",
        "blank": "",
    }


def lines_of(source: Source, mapping: ExternalMap) -> tuple[NumberLine, ...]:
    """The lines that carry a number; Invalid names every line that cannot be read."""
    cells = rows_of_file(source)
    places = _places([cell.strip() for cell in next(cells, ())], mapping)
    found = tuple(_numbered(islice(cells, MOST_ROWS + 1), places))
    if len(found) > MOST_ROWS:
        raise Invalid(f"一次最多导入 {MOST_ROWS} 行，请分开导入。")
    _check(found)
    return found


def _places(heads: list[str], mapping: ExternalMap) -> list[int]:
    """Where the two columns stand; Invalid with every head that is missing or stands twice."""
    wanted = (mapping.key, mapping.number)
    places = {name: [at for at, head in enumerate(heads) if _is(head, name)] for name in wanted}
    says = [
        f"第 {'、'.join(str(at + 1) for at in found)} 列的表头都是“{name}”，请只留一列。"
        for name, found in places.items()
        if len(found) > 1
    ]
    if lacking := [name for name in wanted if not places[name]]:
        shown = "、".join(head for head in heads if head)[:200] or "空的"
        says.append(
            f"表头缺少“{'”“'.join(lacking)}”，第一行是：{shown}。"
            "请核对文件和对照文件是否相符，表头须在第一行。"
        )
    if says:
        raise Invalid("没有导入：" + "".join(says))
    return [found[0] for found in places.values()]


def _is(head: str, name: str) -> bool:
    return plain(head) == plain(name)


def strange_heads(source: Source, mapping: ExternalMap) -> tuple[str, ...]:
    """Heads of the file that the mapping does not know: their columns are not read."""
    known = {plain(head) for head in mapping.heads}
    heads = (cell.strip() for cell in next(rows_of_file(source), ()))
    return tuple(dict.fromkeys(head for head in heads if head and plain(head) not in known))


def _numbered(cells: Iterator[list[str]], places: list[int]) -> Iterator[NumberLine]:
    for line, row in enumerate(cells, start=2):
        visit, number = (row[at].strip() if at < len(row) else "" for at in places)
        if number:
            yield NumberLine(line=line, visit=visit, number=number)


def _check(found: tuple[NumberLine, ...]) -> None:
    says = [f"第 {row.line} 行编号超过 80 字。" for row in found if len(row.number) > 80]
    seen: dict[str, int] = {}
    for row in found:
        if not row.visit:
            says.append(f"第 {row.line} 行有上级系统编号，没有检查编号。")
        elif seen.setdefault(row.visit, row.line) != row.line:
            says.append(f"第 {row.line} 行与第 {seen[row.visit]} 行是同一次检查。")
    if says:
        raise Invalid("没有导入：" + "".join(says))
