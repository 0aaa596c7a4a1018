"""Subjects and officers replaced in a quarter: for which reason how many, and each behind it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from gongchou.core.terms import AbsenceReason, ExcuseReason
from gongchou.drawing import models

SUBJECT, OFFICER = "对象替换（补抽）", "人员补派"
NO_CODE = "人员不能到场"  # asked for before reasons had codes


@dataclass(frozen=True, slots=True, kw_only=True)
class Swap:
    """One replacement at a visit, without any name; `into` is the visit that took its place."""

    kind: str
    reason: str
    draw: str
    number: int
    into: int | None
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SwapCount:
    """What was replaced for one reason."""

    kind: str
    reason: str
    swaps: tuple[Swap, ...]

    @property
    def count(self) -> int:
        return len(self.swaps)

    @property
    def is_subject(self) -> bool:
        return self.kind == SUBJECT


def swaps(bureau: str, quarter: str) -> tuple[SwapCount, ...]:
    """The replacements in a quarter's draws by kind and reason, the oldest of each first."""
    rows = [*_subjects(bureau, quarter), *_officers(bureau, quarter)]
    return tuple(_counted(sorted(rows, key=lambda row: (row.kind, row.reason, row.on))))


def _counted(rows: Iterable[Swap]) -> Iterator[SwapCount]:
    for (kind, reason), held in groupby(rows, lambda row: (row.kind, row.reason)):
        yield SwapCount(kind=kind, reason=reason, swaps=tuple(held))


def _subjects(bureau: str, quarter: str) -> Iterator[Swap]:
    rows = models.Substitution.objects.filter(draw__bureau__code=bureau, draw__quarter=quarter)
    for row in rows.select_related("draw").order_by("draw", "place"):
        yield Swap(
            kind=SUBJECT,
            reason=ExcuseReason(row.reason).label,
            draw=row.draw.ref,
            number=row.out,
            into=row.into,
            on=row.on,
        )


def _officers(bureau: str, quarter: str) -> Iterator[Swap]:
    rows = models.Reseat.objects.filter(draw__bureau__code=bureau, draw__quarter=quarter)
    for row in rows.select_related("draw").order_by("draw", "place"):
        yield Swap(
            kind=OFFICER,
            reason=AbsenceReason(row.reason).label if row.reason else NO_CODE,
            draw=row.draw.ref,
            number=row.number,
            into=None,
            on=row.on,
        )
