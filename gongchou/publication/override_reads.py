"""How often people stepped in beside the rule of the draws, from what is public alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gongchou.core.terms import PublicationKind, PublicationState
from gongchou.publication import reads

# The newest step that tells of a draw, by what stands behind the # of its source.
STEPS = ("", "sealed", "void", "record")


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideRow:
    """One kind of stepping in at one draw, as its newest public document counts it."""

    publication: str
    bureau: str
    quarter: str
    draw: str
    code: str
    name: str
    count: int
    detail: str


def _newest() -> Mapping[tuple[str, str], reads.PublicDocument]:
    """The document of the last step of each draw."""
    found: dict[tuple[str, str], tuple[int, reads.PublicDocument]] = {}
    for kind in (PublicationKind.ANNOUNCEMENT, PublicationKind.DRAW_RECORD):
        for row in reads.documents(kind=kind, state=PublicationState.PUBLISHED):
            step = "record" if kind is PublicationKind.DRAW_RECORD else row.source.partition("#")[2]
            key, place = (row.bureau, row.draw), STEPS.index(step)
            if row.is_current and place >= found.get(key, (0, row))[0]:
                found[key] = place, row
    return {key: row for key, (_, row) in found.items()}


def rows() -> tuple[OverrideRow, ...]:
    """Every kind for every public draw, zero too, the newest draw first."""
    return tuple(
        _row(found, said)
        for _, found in sorted(_newest().items(), reverse=True)
        for said in found.document.get("overrides", ())
    )


def _row(found: reads.PublicDocument, said: Mapping[str, Any]) -> OverrideRow:
    return OverrideRow(
        publication=found.ref,
        bureau=found.bureau,
        quarter=found.quarter,
        draw=found.draw,
        **{name: said[name] for name in ("code", "name", "count", "detail")},
    )


def by_quarter() -> tuple[tuple[str, list[dict[str, str | int]]], ...]:
    """The sums of all draws of each quarter, the newest quarter first, kinds in their order."""
    sums: dict[str, dict[str, dict[str, str | int]]] = {}
    for row in rows():
        held = sums.setdefault(row.quarter, {})
        kind = held.setdefault(row.code, {"code": row.code, "name": row.name, "count": 0})
        kind["count"] = int(kind["count"]) + row.count
    return tuple((quarter, list(sums[quarter].values())) for quarter in sorted(sums, reverse=True))
