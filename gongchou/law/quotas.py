"""From a `[[quota]]` table to a quota: shares, staff ratios in both directions, fixed counts."""

import re
from fractions import Fraction
from typing import Any

from gongchou.core.facts import TAGS
from gongchou.core.rules import Only, Quota
from gongchou.core.terms import Rotation, Stratum
from gongchou.law.row import Row

QUOTA_FIELDS = frozenset(
    {"stratum", "ratio", "per", "of", "is_offsite", "rotation", "reserved", "count"}
    | {"staff_ratio", "staff_order", "yearly_least", "part", "part_name", "only"}
)  # fmt: skip
STAFF = re.compile(r"(\d{1,6}(?:\.\d{1,4})?):(\d{1,6}(?:\.\d{1,4})?)", re.ASCII)
ORDERS = {"inspectors_first": "检查人员与检查对象", "subjects_first": "检查对象与检查人员"}
PART = re.compile(r"[a-z][a-z0-9_]{0,29}", re.ASCII)
TAKEN = ("fresh", "visited")
OFS = ("base_count", "inspectors", "fixed")


def read_quota(row: Row, source: str) -> Quota:
    """A quota, whatever way the policy words it; Invalid where the fields do not fit together."""
    of = _of(row)
    found = row.dated(
        source,
        of=lambda: row.one_of("of", OFS, "base_count"),
        stratum=lambda: row.word("stratum", Stratum),
        ratio=lambda: _ratio(row, of),
        per=lambda: row.one_of("per", ("month", "quarter", "year"), "quarter"),
        is_offsite=lambda: row.flag("is_offsite"),
        rotation=lambda: row.word("rotation", Rotation, "none"),
        reserved=lambda: _reserved(row),
        yearly_least=lambda: _yearly_least(row),
        part=lambda: _part(row),
    )
    ratio, wording = found.pop("ratio")
    return Quota(ratio=ratio, wording=wording, **found.pop("part"), **found)


def _of(row: Row) -> str:
    """What the ratio is of, as far as it can be read; a wrong word is told by its own field."""
    of = row.table.get("of", "base_count")
    return of if of in OFS else "base_count"


def _reserved(row: Row) -> Fraction:
    is_reserved = row.table.get("rotation") == Rotation.YEAR_RESERVE.value
    if is_reserved != ("reserved" in row.table):
        raise row.fault('“reserved”应与 rotation = "year_reserve" 同时写，或都不写')
    return row.ratio("reserved") if is_reserved else Fraction(0)


def _yearly_least(row: Row) -> Fraction:
    return row.ratio("yearly_least") if "yearly_least" in row.table else Fraction(0)


def _ratio(row: Row, of: str) -> tuple[Fraction, str]:
    """The ratio, and for a staff ratio how the policy words it."""
    _check_fields(row, of)
    if of == "fixed":
        return Fraction(row.whole("count")), ""
    if of == "base_count" or "ratio" in row.table:
        return row.ratio("ratio", most=None if of == "inspectors" else 1), ""
    return _staff_ratio(row)


def _check_fields(row: Row, of: str) -> None:
    owners = {"count": "fixed", "staff_ratio": "inspectors", "staff_order": "inspectors"}
    for name, owner in owners.items():
        if name in row.table and of != owner:
            raise row.fault(f'“{name}”只与 of = "{owner}" 同用，请改 of 或删除这一项')
    if of == "fixed" and "ratio" in row.table:
        raise row.fault('of = "fixed" 的写 count，不写“ratio”，请删除')
    if "ratio" in row.table and "staff_ratio" in row.table:
        raise row.fault("“ratio”与“staff_ratio”只能写一个，请删除一个")


def _staff_ratio(row: Row) -> tuple[Fraction, str]:
    """`1:10` inspectors first is ten subjects a person; `2:1` inspectors first is half a one."""
    text = row.text("staff_ratio")
    found = STAFF.fullmatch(text)
    if not found or not Fraction(found[1]) or not Fraction(found[2]):
        raise row.fault(f'“staff_ratio”的值“{text}”应写成 "1:10" 的样子，两边都大于 0')
    order = row.one_of("staff_order", ORDERS, "")
    one, other = Fraction(found[1]), Fraction(found[2])
    ratio = other / one if order == "inspectors_first" else one / other
    return ratio, f"{ORDERS[order]} {text}"


def _part(row: Row) -> dict[str, Any]:
    """The kind of subject that a quota singles out; all three fields, or none."""
    given = [name for name in ("part", "part_name", "only") if name in row.table]
    if not given:
        return {}
    if len(given) < 3:
        raise row.fault("“part”“part_name”“only”应三项都写，或都不写")
    part = row.text("part")
    if not PART.fullmatch(part) or part in TAKEN:
        raise row.fault(f"“part”的值“{part}”应为小写英文代号（不得为 {'、'.join(TAKEN)}），请改正")
    return {"part": part, "part_name": row.text("part_name"), "only": _only(row)}


def _only(row: Row) -> tuple[Only, ...]:
    table = row.table["only"]
    if not isinstance(table, dict) or not table:
        raise row.fault('“only”应写成 { construction_stage = ["building"] } 的样子')
    return tuple(Only(tag=tag, values=_values(row, tag, values)) for tag, values in table.items())


def _values(row: Row, tag: str, values: object) -> tuple[str, ...]:
    if tag not in TAGS:
        raise row.fault(f"“only”里的标签“{tag}”未知，可用的有{'、'.join(TAGS)}")
    if not isinstance(values, list) or not values or not all(isinstance(v, str) for v in values):
        raise row.fault(f"“only”里的“{tag}”应为文字列表，至少写一个值")
    known = TAGS[tag]
    strange = [value for value in values if known and value not in set(known)]
    if known and strange:
        raise row.fault(f"“only”里的“{'、'.join(strange)}”未知，应取自{'、'.join(known)}")
    return tuple(values)
