"""From the tables of a policy to core's types; every fault is a sentence with file and remedy."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import Any, TypeVar

from gongchou.core.facts import FACTS, WINDOWS
from gongchou.core.refusals import Invalid
from gongchou.core.rules import (
    ClassRule,
    Clause,
    Parameter,
    PolicyProfile,
    Quota,
    Ruling,
    Setting,
    Share,
)
from gongchou.core.terms import Rotation, Stratum, Term

Table = Mapping[str, Any]
Word = TypeVar("Word", bound=Term)
KINDS = ("class_rule", "quota", "share", "parameter", "ruling")
HEAD = ("id", "title", "document_number", "since")
DATED = frozenset({"since", "until", "clause", "says"})
FIELDS = {
    "class_rule": DATED | {"stratum", "fact", "values", "window"},
    "quota": DATED | {"stratum", "ratio", "is_offsite", "rotation", "reserved"},
    "share": DATED | {"key", "least"},
    "parameter": DATED | {"key", "value"},
    "ruling": {"ref", "key", "question", "reading", "decided_by", "document", "on", "replaces"},
}


class Row:
    """One table of a file, read field by field; a fault names file, table and remedy."""

    def __init__(self, file: str, kind: str, number: int, table: Table) -> None:
        self.where, self.kind, self.table = f"{file} 第 {number} 个 [[{kind}]]", kind, table
        unknown = sorted(set(table) - FIELDS[kind])
        if unknown:
            raise self.fault(f"有不认识的字段“{'、'.join(unknown)}”，请删除或改正拼写")

    def fault(self, says: str) -> Invalid:
        return Invalid(f"{self.where}：{says}。")

    def text(self, name: str, default: str | None = None) -> str:
        value = self.table.get(name, default)
        if not isinstance(value, str) or (not value.strip() and default is None):
            raise self.fault(f"缺少“{name}”，请补上文字")
        return value

    def day(self, name: str) -> date:
        value = self.table.get(name)
        if not isinstance(value, date) or isinstance(value, datetime):
            raise self.fault(f"缺少日期“{name}”，请写成 2024-03-28 的样子，不加引号")
        return value

    def until(self) -> date | None:
        if "until" not in self.table:
            return None
        until = self.day("until")
        if until <= self.day("since"):
            raise self.fault("“until”应晚于“since”")
        return until

    def word(self, name: str, words: type[Word], default: str | None = None) -> Word:
        value = self.text(name, default)
        if value not in set(words):
            raise self.fault(f"“{name}”的值“{value}”未知，应为{'、'.join(words)}之一")
        return words(value)

    def ratio(self, name: str) -> Fraction:
        value = self.table.get(name)
        if not isinstance(value, str):
            raise self.fault(f'“{name}”应写成带引号的分数，如 "25/100"，不得写小数')
        return self.fraction(name, value)

    def fraction(self, name: str, text: str) -> Fraction:
        try:
            num, den = (int(part) for part in text.split("/"))
            found = Fraction(num, den)
        except (ValueError, ZeroDivisionError) as error:
            raise self.fault(f'“{name}”的值“{text}”不是分数，请写成 "25/100" 的样子') from error
        if not 0 <= found <= 1:
            raise self.fault(f"“{name}”的值“{text}”应在 0 与 1 之间")
        return found

    def dated(self, source: str) -> dict[str, Any]:
        clause = Clause(source=source, number=self.text("clause"), says=self.text("says"))
        return {"clause": clause, "since": self.day("since"), "until": self.until()}


def _class_rule(row: Row, source: str) -> ClassRule:
    fact, window = row.text("fact"), row.text("window", "on_day")
    if fact not in FACTS:
        raise row.fault(f"事实“{fact}”未知，可用的有{'、'.join(FACTS)}")
    if window not in WINDOWS:
        raise row.fault(f"时间范围“{window}”未知，可用的有{'、'.join(WINDOWS)}")
    values = row.table.get("values", [])
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise row.fault('“values”应为文字列表，如 ["C", "D"]')
    stratum = row.word("stratum", Stratum)
    return ClassRule(
        stratum=stratum, fact=fact, values=tuple(values), window=window, **row.dated(source)
    )


def _quota(row: Row, source: str) -> Quota:
    return Quota(
        stratum=row.word("stratum", Stratum),
        ratio=row.ratio("ratio"),
        is_offsite=row.table.get("is_offsite", False) is True,
        rotation=row.word("rotation", Rotation, "none"),
        reserved=row.ratio("reserved") if "reserved" in row.table else Fraction(0),
        **row.dated(source),
    )


def _share(row: Row, source: str) -> Share:
    least = row.ratio("least") if "least" in row.table else None
    return Share(key=row.text("key"), least=least, **row.dated(source))


def _parameter(row: Row, source: str) -> Parameter:
    value: Setting = row.table.get("value")
    if isinstance(value, float):
        raise row.fault("“value”不得写小数，请写整数或带引号的分数")
    if isinstance(value, list):
        value = tuple(str(item) for item in value)
    return Parameter(key=row.text("key"), value=value, **row.dated(source))


def _ruling(row: Row, source: str) -> Ruling:
    return Ruling(
        ref=row.text("ref"),
        key=row.text("key"),
        question=row.text("question"),
        reading=row.text("reading"),
        decided_by=row.text("decided_by"),
        document=row.text("document", ""),
        on=row.day("on"),
        replaces=row.text("replaces", ""),
    )


READERS = {
    "class_rule": _class_rule,
    "quota": _quota,
    "share": _share,
    "parameter": _parameter,
    "ruling": _ruling,
}


def _head(files: Mapping[str, Table]) -> tuple[str, Table]:
    found = [(name, table) for name, table in files.items() if "id" in table]
    if len(found) != 1:
        raise Invalid("实施方案应在且只在一个文件的开头写 id、title、document_number、since。")
    name, head = found[0]
    missing = [field for field in HEAD if field not in head]
    if missing:
        raise Invalid(f"{name} 开头缺少{'、'.join(missing)}，请补上。")
    if not isinstance(head["since"], date):
        raise Invalid(f"{name} 开头的 since 应写成 2024-03-28 的样子，不加引号。")
    return name, head


def _rows(files: Mapping[str, Table], kind: str, source: str) -> Iterable[Any]:
    for name, tables in files.items():
        entries = tables.get(kind, [])
        if not isinstance(entries, list):
            raise Invalid(f"{name}：请用双方括号写 [[{kind}]]。")
        for number, table in enumerate(entries, start=1):
            yield READERS[kind](Row(name, kind, number, table), source)


def read_profile(files: Mapping[str, Table]) -> PolicyProfile:
    """The profile written in the tables of its files; Invalid with a sentence for any fault."""
    _, head = _head(files)
    for name, tables in files.items():
        unknown = sorted(set(tables) - set(KINDS) - set(HEAD))
        if unknown:
            raise Invalid(f"{name}：不认识“{'、'.join(unknown)}”，可用的表有{'、'.join(KINDS)}。")
    source = head["document_number"]
    found = {kind: tuple(_rows(files, kind, source)) for kind in KINDS}
    _refuse_twins("比例", [(q.stratum.label, q.since) for q in found["quota"]])
    _refuse_twins("份额", [(s.key, s.since) for s in found["share"]])
    _refuse_twins("参数", [(p.key, p.since) for p in found["parameter"]])
    _refuse_twins("解释口径", [(r.ref, head["since"]) for r in found["ruling"]])
    return PolicyProfile(
        id=head["id"],
        title=head["title"],
        document_number=source,
        since=head["since"],
        class_rules=found["class_rule"],
        quotas=found["quota"],
        shares=found["share"],
        parameters=found["parameter"],
        rulings=found["ruling"],
    )


def _refuse_twins(what: str, keys: Sequence[tuple[str, date]]) -> None:
    for key, since in keys:
        if keys.count((key, since)) > 1:
            raise Invalid(f"{what}“{key}”有两条都从 {since} 起生效，请只留一条。")
