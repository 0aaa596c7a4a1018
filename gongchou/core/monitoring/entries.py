"""What a bureau has entered about a site, as canonical bodies and as the values the rules take.

A body is text, whole numbers, lists and objects: a number with a fraction is kept as its text.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any, NamedTuple

from gongchou.core.canon import Canonical
from gongchou.core.monitoring.series import (
    EmergencyOrder,
    FacilityGroup,
    FactorFacts,
    Filing,
    Line,
    LineStates,
    Outlet,
)
from gongchou.core.monitoring.words import (
    EntryKind,
    FilingKind,
    GroupNeed,
    LineKind,
    OrderKind,
    OutletKind,
)
from gongchou.core.refusals import Invalid


class Entry(NamedTuple):
    """One entry; `key` is the meter, group or station it is about, "" for the site."""

    ref: str
    kind: EntryKind
    key: str
    body: Mapping[str, Any]


def decimal(text: str, says: str, *, least: str = "0", most: str = "1000000") -> str:
    """The text of a number within bounds; Invalid, naming it, where it is none."""
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        raise Invalid(f"“{says}”应是数字，如 50 或 0.5，请改正后再保存。") from None
    if not value.is_finite() or not Decimal(least) <= value <= Decimal(most):
        raise Invalid(f"“{says}”应在 {least} 到 {most} 之间，请改正后再保存。")
    return f"{value:f}"


def newest(entries: Iterable[Entry], kind: EntryKind) -> dict[str, Entry]:
    """Of each key the entry made last; entries come in the order in which they were made."""
    return {entry.key: entry for entry in entries if entry.kind is kind}


def outlet_of(entry: Entry) -> Outlet:
    body = entry.body
    return Outlet(
        ref=entry.key,
        kind=OutletKind(body["kind"]),
        factors={factor: _facts(said) for factor, said in body["factors"].items()},
        o2_ref=Decimal(body["o2_ref"]) if body["o2_ref"] else None,
        lines=tuple(body["lines"]),
        is_shared=bool(body["is_shared"]),
        is_batch=bool(body["is_batch"]),
    )


def _facts(said: Mapping[str, str]) -> FactorFacts:
    return FactorFacts(
        limit=Decimal(said["limit"]) if said.get("limit") else None,
        day_limit=Decimal(said["day_limit"]) if said.get("day_limit") else None,
        floor=Decimal(said.get("floor") or "0"),
    )


def line_of(entry: Entry, states: Entry | None) -> Line:
    """A meter with its confirmed states, without any where nobody has confirmed them."""
    body = entry.body
    known = None
    if states is not None:
        off, run = float(states.body["off_kw"]), float(states.body["run_kw"])
        known = LineStates(off_kw=off, run_kw=run, source=states.ref)
    return Line(
        ref=entry.key,
        kind=LineKind(body["kind"]),
        rated_kw=float(body["rated_kw"]),
        states=known,
        is_vfd=bool(body["is_vfd"]),
        is_security_load=bool(body["is_security_load"]),
    )


def group_of(entry: Entry) -> FacilityGroup:
    body = entry.body
    return FacilityGroup(
        ref=entry.key,
        producers=tuple(body["producers"]),
        treatments=tuple(body["treatments"]),
        need=GroupNeed(body["need"]),
        lead=int(body["lead"]),
        lag=int(body["lag"]),
        is_treatment_shared=bool(body["is_treatment_shared"]),
    )


def filing_of(entry: Entry) -> Filing:
    body = entry.body
    return Filing(
        kind=FilingKind(body["filing"]),
        since=int(body["since"]),
        until=int(body["until"]),
        of=entry.key,
        filed=int(body["filed"]),
    )


def order_of(entry: Entry) -> EmergencyOrder:
    body = entry.body
    return EmergencyOrder(
        ref=str(body["document"]),
        kind=OrderKind(body["order"]),
        since=int(body["since"]),
        until=int(body["until"]),
        received=int(body["received"]),
        share=Fraction(int(body["percent"]), 100),
        exempt=tuple(body["exempt"]),
    )


def check_body(kind: EntryKind, body: Mapping[str, Canonical]) -> None:
    """Invalid where a body cannot be judged by."""
    if kind in (EntryKind.FILING, EntryKind.ORDER) and not int(str(body["since"])) < int(
        str(body["until"])
    ):
        raise Invalid("结束时间应晚于开始时间，请改正后再保存。")
    if kind is EntryKind.GROUP and not (body["producers"] and body["treatments"]):
        raise Invalid("设施组合至少要有一块产污设施电表和一块治污设施电表，请补充后再保存。")
    if kind is EntryKind.STATES and not Decimal(str(body["off_kw"])) <= Decimal(
        str(body["run_kw"])
    ):
        raise Invalid("停机功率不应高于运行功率，请改正后再确认。")
