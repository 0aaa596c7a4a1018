"""How a superior's system names the columns that we exchange with it: a mapping is data.

TOML: `system`, `key` (the column with our own number), `number` (the column with theirs), and one
`[[column]]` with `head` and `field` for each column of the table.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gongchou.core.refusals import Invalid
from gongchou.core.toml_text import toml_table

# What of a visit can be told to another system.
FIELDS: Mapping[str, str] = {
    "ref": "检查编号",
    "task": "抽查任务",
    "subject_name": "单位名称",
    "uscc": "统一社会信用代码",
    "site_code": "固定污染源编码",
    "inspection_kind": "检查类别",
    "planned_on": "计划检查日",
    "ended_on": "检查结束日",
    "team_names": "检查人员",
    "cards": "执法证号",
    "visit_result": "检查结果",
    "problem_count": "问题数",
    "external_number": "上级系统编号",
    "blank": "空列",
}
LONGEST = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalMap:
    """The table of one system: heads with their fields, in order."""

    system: str
    key: str
    number: str
    columns: tuple[tuple[str, str], ...]

    @property
    def heads(self) -> tuple[str, ...]:
        return tuple(head for head, _ in self.columns)


def read_map(text: str) -> ExternalMap:
    """The mapping that a TOML text describes; Invalid with what is wrong and how to mend it."""
    found = toml_table("对照文件", text)
    made = ExternalMap(
        system=_text(found, "system"),
        key=_text(found, "key"),
        number=_text(found, "number"),
        columns=tuple(_column(row, place) for place, row in enumerate(_rows(found), start=1)),
    )
    _check(made)
    return made


def _text(found: Mapping[str, object], name: str) -> str:
    value = found.get(name)
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST:
        raise Invalid(f"对照文件须写明 {name}，为不超过 {LONGEST} 字的文字。")
    return value.strip()


def _rows(found: Mapping[str, object]) -> Sequence[object]:
    rows = found.get("column")
    if not isinstance(rows, list) or not rows:
        raise Invalid("对照文件没有列：每一列写一段 [[column]]，其中写 head 和 field。")
    return rows


def _column(row: object, place: int) -> tuple[str, str]:
    held = row if isinstance(row, dict) else {}
    head, field = held.get("head"), held.get("field")
    if not isinstance(head, str) or not head.strip():
        raise Invalid(f"对照文件第 {place} 列没有写 head（表头）。")
    if field not in FIELDS:
        known = "、".join(FIELDS)
        raise Invalid(f"对照文件“{head}”一列的 field 应为{known}之一，实为“{field}”。")
    return head.strip(), str(field)


def _check(made: ExternalMap) -> None:
    twice = [head for head in dict.fromkeys(made.heads) if made.heads.count(head) > 1]
    if twice:
        raise Invalid(f"对照文件有两列的表头相同：“{'”“'.join(twice)}”，请改正。")
    fields = dict(made.columns)
    if fields.get(made.key) != "ref":
        raise Invalid(f"对照文件的 key 是“{made.key}”，这一列的 field 应为 ref。")
    if fields.get(made.number) != "external_number":
        raise Invalid(f"对照文件的 number 是“{made.number}”，这一列的 field 应为 external_number。")
