"""How often people stepped in beside the rule of the draws, from what is public alone."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gongchou.core.terms import PublicationKind, PublicationState
from gongchou.publication import reads

# Each draw of a task counts those before it, so the last one has counted them all.
EARLIER = frozenset({"aborted", "void"})
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
    held: dict[str, dict[tuple[str, str], Counter[str]]] = {}
    for row in rows():
        kind = held.setdefault(row.quarter, {}).setdefault((row.code, row.name), Counter())
        task = row.draw.rpartition("-")[0]
        known = kind[task]
        kind[task] = max(known, row.count) if row.code in EARLIER else known + row.count
    return tuple(
        (
            quarter,
            [
                {"code": code, "name": name, "count": of_task.total()}
                for (code, name), of_task in held[quarter].items()
            ],
        )
        for quarter in sorted(held, reverse=True)
    )
