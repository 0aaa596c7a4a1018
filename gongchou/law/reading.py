"""From the tables of a policy to core's types; every fault is a sentence with file and remedy."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from gongchou.core.facts import FACTS, VOCABULARIES, WINDOWS
from gongchou.core.policy_keys import KEYS, Setting, problem
from gongchou.core.refusals import Invalid
from gongchou.core.rules import (
    ClassRule,
    Parameter,
    PolicyProfile,
    Ruling,
    Share,
)
from gongchou.core.terms import Stratum
from gongchou.law.contradictions import SHARES, find_contradictions
from gongchou.law.quotas import QUOTA_FIELDS, read_quota
from gongchou.law.row import DATED, Collected, Row, Table

KINDS = ("class_rule", "quota", "share", "parameter", "ruling")
HEAD = ("id", "title", "document_number", "since")
LAYS_OVER = "lays_over"
FIELDS: Mapping[str, frozenset[str]] = {
    "class_rule": DATED | {"stratum", "fact", "values", "window", "values_key", "window_key"},
    "quota": DATED | QUOTA_FIELDS,
    "share": DATED | {"key", "least"},
    "parameter": DATED | {"key", "value"},
    "ruling": frozenset(
        {"ref", "key", "question", "reading", "decided_by", "document", "on", "replaces", "clause"}
    ),
}
HEADS = (*HEAD, LAYS_OVER)


def _class_rule(row: Row, source: str) -> ClassRule:
    """One condition; values and window stand in the row or in the setting that it names."""
    return ClassRule(
        **row.dated(
            source,
            stratum=lambda: row.word("stratum", Stratum),
            fact=lambda: _fact(row),
            values=lambda: _values(row, row.table.get("fact")),
            window=lambda: row.one_of("window", WINDOWS, "on_day"),
            values_key=lambda: _key(row, "values_key", "values"),
            window_key=lambda: _key(row, "window_key", "window"),
        )
    )


def _fact(row: Row) -> str:
    fact = row.text("fact")
    if fact not in FACTS:
        raise row.fault(f"“fact”写的事实“{fact}”未知，可用的有{'、'.join(FACTS)}")
    return fact


def _key(row: Row, name: str, instead_of: str) -> str:
    key = row.text(name, "")
    if key and instead_of in row.table:
        raise row.fault(f"“{instead_of}”与“{name}”只能写一个")
    if key and key not in KEYS:
        raise row.fault(f"“{name}”指向的设置“{key}”未知，请改正拼写")
    return key


def _values(row: Row, fact: object) -> tuple[str, ...]:
    if not isinstance(fact, str) or fact not in FACTS:
        return ()
    values = row.table.get("values", [])
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise row.fault('“values”应为文字列表，如 ["C", "D"]')
    known = tuple(word.value for word in VOCABULARIES.get(fact, ()))
    strange = [value for value in values if value not in known]
    if strange:
        may = f"应取自{'、'.join(known)}" if known else "这一事实不需要 values，请删除"
        raise row.fault(f"“values”里的“{'、'.join(strange)}”未知，{may}")
    if known and not values and "values_key" not in row.table:
        raise row.fault(f"缺少“values”，请从{'、'.join(known)}中选取")
    return tuple(values)


def _share(row: Row, source: str) -> Share:
    return Share(
        **row.dated(source, key=lambda: row.one_of("key", SHARES, ""), least=lambda: _least(row))
    )


def _least(row: Row) -> Fraction:
    least = row.ratio("least")
    if not least:
        raise row.fault("“least”应大于 0，请写方案规定的最低份额")
    return least


def _parameter(row: Row, source: str) -> Parameter:
    return Parameter(
        **row.dated(source, key=lambda: row.text("key"), value=lambda: _checked_setting(row))
    )


def _checked_setting(row: Row) -> Setting:
    key = str(row.table.get("key", ""))
    value = _setting(row, key)
    fault = problem(key, value) if key.strip() else None
    if fault:
        raise row.fault(fault, at="value" if key in KEYS else "key")
    return value


def _setting(row: Row, key: str) -> Setting:
    value: Setting | list[object] = row.table.get("value")
    if isinstance(value, float):
        raise row.fault("“value”不得写小数，请写整数或带引号的分数")
    if isinstance(value, list):
        if not all(isinstance(item, str) for item in value):
            raise row.fault('“value”的列表里只能写带引号的文字，如 ["C", "D"]')
        return tuple(str(item) for item in value)
    return row.ratio("value") if key in KEYS and KEYS[key].kind is Fraction else value


def _ruling(row: Row, source: str) -> Ruling:
    return Ruling(
        **row.each(
            ref=lambda: row.text("ref"),
            key=lambda: row.text("key"),
            question=lambda: row.text("question"),
            reading=lambda: row.text("reading"),
            decided_by=lambda: row.text("decided_by"),
            document=lambda: row.text("document", ""),
            on=lambda: row.day("on"),
            replaces=lambda: row.text("replaces", ""),
            clause=lambda: row.text("clause", ""),
        )
    )


READERS = {
    "class_rule": _class_rule,
    "quota": read_quota,
    "share": _share,
    "parameter": _parameter,
    "ruling": _ruling,
}


Texts = Mapping[str, str]


def _head(files: Mapping[str, Table], texts: Texts) -> Table:
    found = [(name, table) for name, table in files.items() if "id" in table]
    if len(found) != 1:
        raise Invalid("实施方案应在且只在一个文件的开头写 id、title、document_number、since。")
    name, head = found[0]
    row = Row(name, "", 0, head, text=texts.get(name, ""), known=frozenset())
    row.each(
        id=lambda: row.text("id"),
        title=lambda: row.text("title"),
        document_number=lambda: row.text("document_number"),
        since=lambda: row.day("since"),
    )
    return head


def _entries(name: str, tables: Table, kind: str) -> list[Table]:
    entries = tables.get(kind, [])
    if not isinstance(entries, list) or not all(isinstance(e, dict) for e in entries):
        raise Invalid(f"{name}：请用双方括号写 [[{kind}]]。")
    return entries


def _rows(
    files: Mapping[str, Table], kind: str, source: str, texts: Texts, faults: Collected
) -> Iterable[tuple[Row, Any]]:
    """The rows of one kind that are sound; what is wrong with the others goes to the faults."""
    for name, tables in files.items():
        entries = faults.tried(_entries, name, tables, kind) or []
        for number, table in enumerate(entries, start=1):
            text = texts.get(name, "")
            row = Row(name, kind, number, table, text=text, known=FIELDS[kind])
            value = faults.tried(READERS[kind], row, source)
            if value is not None:
                yield row, value


def read_profile(
    files: Mapping[str, Table], texts: Texts | None = None, under: PolicyProfile | None = None
) -> tuple[PolicyProfile, str]:
    """The profile written in the tables of its files, and the id of the one it is laid over.

    `under` is that one, where there is one. Invalid with a sentence for any fault, naming its line
    where `texts` gives the files as written; the id is empty where the profile stands alone.
    """
    texts, faults = texts or {}, Collected()
    head = faults.tried(_head, files, texts) or {}
    for name, tables in files.items():
        faults.tried(_known_tables, name, tables)
    source = str(head.get("document_number", "方案"))
    read = {kind: tuple(_rows(files, kind, source, texts, faults)) for kind in KINDS}
    find_contradictions(read, faults, under=under, is_alone=not head.get(LAYS_OVER))
    faults.refuse()
    found = {kind: tuple(value for _, value in read[kind]) for kind in KINDS}
    profile = PolicyProfile(
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
    return profile, head.get(LAYS_OVER, "")


def _known_tables(name: str, tables: Table) -> None:
    unknown = sorted(set(tables) - set(KINDS) - set(HEADS))
    if unknown:
        raise Invalid(f"{name}：不认识“{'、'.join(unknown)}”，可用的表有{'、'.join(KINDS)}。")
