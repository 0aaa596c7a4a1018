"""From the tables of a policy to core's types; every fault is a sentence with file and remedy."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import Any, TypeVar

from gongchou.core.facts import FACTS, VOCABULARIES, WINDOWS
from gongchou.core.policy_keys import KEYS, Setting, problem
from gongchou.core.refusals import Invalid, NoRule
from gongchou.core.rules import (
    ClassRule,
    Clause,
    Parameter,
    PolicyProfile,
    Quota,
    Ruling,
    Share,
)
from gongchou.core.rulings import unanswered
from gongchou.core.terms import Rotation, Stratum, Term

Table = Mapping[str, Any]
Word = TypeVar("Word", bound=Term)
KINDS = ("class_rule", "quota", "share", "parameter", "ruling")
HEAD = ("id", "title", "document_number", "since")
LAYS_OVER = "lays_over"
DATED = frozenset({"since", "until", "source", "clause", "says"})
FIELDS = {
    "class_rule": DATED | {"stratum", "fact", "values", "window", "values_key", "window_key"},
    "quota": DATED | {"stratum", "ratio", "per", "of", "is_offsite", "rotation", "reserved"},
    "share": DATED | {"key", "least"},
    "parameter": DATED | {"key", "value"},
    "ruling": {"ref", "key", "question", "reading", "decided_by", "document", "on", "replaces",
               "clause"},
}  # fmt: skip
HEADS = (*HEAD, LAYS_OVER)
SHARES = ("joint.internal", "tiered")
FRACTION = re.compile(r"(\d{1,9})/(\d{1,9})", re.ASCII)


class Row:
    """One table of a file, read field by field; a fault names file, table and remedy."""

    def __init__(self, file: str, kind: str, number: int, table: Table) -> None:
        self.where = f"{file} 第 {number} 个 [[{kind}]]" if number else f"{file} 开头"
        self.table = table
        unknown = sorted(set(table) - FIELDS[kind]) if number else []
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

    def ratio(self, name: str, *, most: int | None = 1) -> Fraction:
        """A fraction written as text; floats are refused because they round in secret."""
        text = self.table.get(name)
        if not isinstance(text, str):
            raise self.fault(f'“{name}”应写成带引号的分数，如 "25/100"，不得写小数')
        parts = FRACTION.fullmatch(text)
        if not parts or not int(parts[2]):
            raise self.fault(f'“{name}”的值“{text}”不是分数，请写成 "25/100" 的样子')
        found = Fraction(int(parts[1]), int(parts[2]))
        if most is not None and found > most:
            raise self.fault(f"“{name}”的值“{text}”应在 0 与 1 之间")
        return found

    def one_of(self, name: str, words: Iterable[str], default: str) -> str:
        value = self.text(name, default)
        if value not in (known := tuple(words)):
            raise self.fault(f"“{name}”的值“{value}”未知，应为{'、'.join(known)}之一")
        return value

    def flag(self, name: str) -> bool:
        value = self.table.get(name, False)
        if not isinstance(value, bool):
            raise self.fault(f"“{name}”应写 true 或 false，不加引号")
        return value

    def dated(self, source: str) -> dict[str, Any]:
        clause = Clause(
            source=self.text("source", source), number=self.text("clause"), says=self.text("says")
        )
        return {"clause": clause, "since": self.day("since"), "until": self.until()}


def _class_rule(row: Row, source: str) -> ClassRule:
    """One condition; values and window stand in the row or in the setting that it names."""
    fact = row.text("fact")
    if fact not in FACTS:
        raise row.fault(f"事实“{fact}”未知，可用的有{'、'.join(FACTS)}")
    return ClassRule(
        stratum=row.word("stratum", Stratum),
        fact=fact,
        values=_values(row, fact),
        window=row.one_of("window", WINDOWS, "on_day"),
        values_key=_key(row, "values_key", "values"),
        window_key=_key(row, "window_key", "window"),
        **row.dated(source),
    )


def _key(row: Row, name: str, instead_of: str) -> str:
    key = row.text(name, "")
    if key and instead_of in row.table:
        raise row.fault(f"“{instead_of}”与“{name}”只能写一个")
    if key and key not in KEYS:
        raise row.fault(f"“{name}”指向的设置“{key}”未知，请改正拼写")
    return key


def _values(row: Row, fact: str) -> tuple[str, ...]:
    values = row.table.get("values", [])
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise row.fault('“values”应为文字列表，如 ["C", "D"]')
    known = tuple(word.value for word in VOCABULARIES[fact]) if fact in VOCABULARIES else ()
    strange = [value for value in values if value not in known]
    if strange:
        may = f"应取自{'、'.join(known)}" if known else "这一事实不需要 values，请删除"
        raise row.fault(f"“values”里的“{'、'.join(strange)}”未知，{may}")
    if known and not values and "values_key" not in row.table:
        raise row.fault(f"缺少“values”，请从{'、'.join(known)}中选取")
    return tuple(values)


def _quota(row: Row, source: str) -> Quota:
    of = row.one_of("of", ("base_count", "inspectors"), "base_count")
    rotation = row.word("rotation", Rotation, "none")
    is_reserved = rotation is Rotation.YEAR_RESERVE
    if is_reserved != ("reserved" in row.table):
        raise row.fault('“reserved”应与 rotation = "year_reserve" 同时写，或都不写')
    return Quota(
        stratum=row.word("stratum", Stratum),
        ratio=row.ratio("ratio", most=None if of == "inspectors" else 1),
        per=row.one_of("per", ("quarter", "year"), "quarter"),
        of=of,
        is_offsite=row.flag("is_offsite"),
        rotation=rotation,
        reserved=row.ratio("reserved") if is_reserved else Fraction(0),
        **row.dated(source),
    )


def _share(row: Row, source: str) -> Share:
    key, least = row.one_of("key", SHARES, ""), row.ratio("least")
    if not least:
        raise row.fault("“least”应大于 0，请写方案规定的最低份额")
    return Share(key=key, least=least, **row.dated(source))


def _parameter(row: Row, source: str) -> Parameter:
    key = row.text("key")
    value = _setting(row, key)
    fault = problem(key, value)
    if fault:
        raise row.fault(fault)
    return Parameter(key=key, value=value, **row.dated(source))


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
        ref=row.text("ref"),
        key=row.text("key"),
        question=row.text("question"),
        reading=row.text("reading"),
        decided_by=row.text("decided_by"),
        document=row.text("document", ""),
        on=row.day("on"),
        replaces=row.text("replaces", ""),
        clause=row.text("clause", ""),
    )


READERS = {
    "class_rule": _class_rule,
    "quota": _quota,
    "share": _share,
    "parameter": _parameter,
    "ruling": _ruling,
}


def _head(files: Mapping[str, Table]) -> Table:
    found = [(name, table) for name, table in files.items() if "id" in table]
    if len(found) != 1:
        raise Invalid("实施方案应在且只在一个文件的开头写 id、title、document_number、since。")
    name, head = found[0]
    row = Row(name, "", 0, head)
    for field in ("id", "title", "document_number"):
        row.text(field)
    row.day("since")
    return head


def _rows(files: Mapping[str, Table], kind: str, source: str) -> Iterable[Any]:
    for name, tables in files.items():
        entries = tables.get(kind, [])
        if not isinstance(entries, list) or not all(isinstance(e, dict) for e in entries):
            raise Invalid(f"{name}：请用双方括号写 [[{kind}]]。")
        for number, table in enumerate(entries, start=1):
            yield READERS[kind](Row(name, kind, number, table), source)


def read_profile(files: Mapping[str, Table]) -> tuple[PolicyProfile, str]:
    """The profile written in the tables of its files, and the id of the one it is laid over.

    Invalid with a sentence for any fault; the id is empty where the profile stands alone.
    """
    head = _head(files)
    for name, tables in files.items():
        unknown = sorted(set(tables) - set(KINDS) - set(HEADS))
        if unknown:
            raise Invalid(f"{name}：不认识“{'、'.join(unknown)}”，可用的表有{'、'.join(KINDS)}。")
    found = {kind: tuple(_rows(files, kind, head["document_number"])) for kind in KINDS}
    _refuse_twins("条件", [(f"{r.stratum.label} {r.fact}", r.since) for r in found["class_rule"]])
    _refuse_twins("比例", [(q.stratum.label, q.since) for q in found["quota"]])
    _refuse_twins("份额", [(s.key, s.since) for s in found["share"]])
    _refuse_twins("设置", [(p.key, p.since) for p in found["parameter"]])
    profile = PolicyProfile(
        id=head["id"],
        title=head["title"],
        document_number=head["document_number"],
        since=head["since"],
        class_rules=found["class_rule"],
        quotas=found["quota"],
        shares=found["share"],
        parameters=found["parameter"],
        rulings=found["ruling"],
    )
    return profile, head.get(LAYS_OVER, "")


def _refuse_twins(what: str, keys: Sequence[tuple[str, date]]) -> None:
    for key, since in keys:
        if keys.count((key, since)) > 1:
            raise Invalid(f"{what}“{key}”有两条都从 {since} 起生效，请只留一条。")


def check_whole(profile: PolicyProfile) -> None:
    """NoRule, naming all that is missing, where a policy leaves open what a quarter needs.

    Invalid where two Rulings share a ref, or one replaces a Ruling that does not exist.
    """
    _check_rulings(profile.rulings)
    rows = (*profile.quotas, *profile.parameters)
    on = max([profile.since, *(row.since for row in rows)])
    missing = unanswered(profile, on)
    missing += [
        f"{s.label}的比例" for s in Stratum if not any(q.stratum is s for q in profile.quotas)
    ]
    missing += [f"{key} 的最低份额" for key in SHARES if all(s.key != key for s in profile.shares)]
    if missing:
        raise NoRule(
            f"实施方案“{profile.id}”缺少：{'、'.join(missing)}。"
            f'请补上，或在开头写 {LAYS_OVER} = "tangshan_gaoxin_2024"，沿用其余规定。'
        )


def _check_rulings(rulings: Sequence[Ruling]) -> None:
    refs = [ruling.ref for ruling in rulings]
    for ruling in rulings:
        if refs.count(ruling.ref) > 1:
            raise Invalid(f"解释口径“{ruling.ref}”写了两次，请为后一条另取一个 ref。")
        if ruling.replaces and ruling.replaces not in refs:
            raise Invalid(
                f"解释口径“{ruling.ref}”要替代的“{ruling.replaces}”不存在，"
                "请把 replaces 改为现行口径的 ref。"
            )
