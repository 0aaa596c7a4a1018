"""Applications to void a closed draw, as frozen rows, for the bureau and for its superior."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gongchou.core import canon
from gongchou.core.terms import VoidGround, VoidState
from gongchou.drawing import key_reads, models


@dataclass(frozen=True, slots=True, kw_only=True)
class VoidRow:
    """An application with what the superior has to know; `no_team` is "" where that is not it."""

    ref: str
    bureau: str
    bureau_name: str
    draw: str
    task_name: str
    seq: int
    announcement_digest: str
    no_team: str
    unrevealed: tuple[str, ...]
    lost: tuple[str, ...]
    ground: VoidGround
    says: str
    state: VoidState
    asked_by: str
    asked_at: datetime
    agreed: tuple[str, ...]
    agreed_refs: tuple[str, ...]
    has_leader: bool
    ended_by: str
    ended_for: str
    ended_at: datetime | None
    decision: str


def _row(row: models.VoidRequest) -> VoidRow:
    draw, consents = row.draw, list(row.consents.order_by("pk"))
    lost = key_reads.declared_lost(draw.ref)
    silent = draw.contributions.filter(revealed_at=None).exclude(person_ref="system")
    return VoidRow(
        ref=row.ref,
        bureau=draw.bureau.code,
        bureau_name=draw.bureau.name,
        draw=draw.ref,
        task_name=draw.task.name,
        seq=draw.seq or 0,
        announcement_digest=draw.announcement_digest,
        no_team=draw.no_team,
        unrevealed=tuple(silent.order_by("pk").values_list("role", flat=True)),
        lost=lost if row.ground == VoidGround.KEYS_LOST.value else (),
        ground=VoidGround(row.ground),
        says=row.says,
        state=VoidState(row.state),
        asked_by=row.asked_by_name,
        asked_at=row.asked_at,
        agreed=tuple(consent.person_name for consent in consents),
        agreed_refs=tuple(consent.person_ref for consent in consents),
        has_leader=any(consent.is_leader for consent in consents),
        ended_by=row.ended_by_name,
        ended_for=row.ended_for,
        ended_at=row.ended_at,
        decision=row.decision,
    )


def of_draw(draw: str) -> tuple[VoidRow, ...]:
    """All applications for a draw, newest first."""
    rows = models.VoidRequest.objects.select_related("draw__bureau", "draw__task")
    return tuple(_row(row) for row in rows.filter(draw__ref=draw).order_by("-pk"))


def of_bureaus(bureaus: Sequence[str], *, only: VoidState | None = None) -> tuple[VoidRow, ...]:
    """The applications of these bureaus, newest first."""
    rows = models.VoidRequest.objects.select_related("draw__bureau", "draw__task")
    rows = rows.filter(draw__bureau__code__in=list(bureaus))
    if only is not None:
        rows = rows.filter(state=only.value)
    return tuple(_row(row) for row in rows.order_by("-pk"))


def proof(draw: str) -> dict[str, Any]:
    """What proves that the numbers left no team: closing value and shares; {} for other grounds.

    With the frozen rows, which the record of the next draw publishes, anybody computes the same.
    """
    row = models.DrawLogEntry.objects.filter(draw__ref=draw, kind="void").first()
    data = canon.parse(bytes(row.body))["data"] if row else {}
    kept = ("closing", "reveals", "numbers", "people", "no_team")
    return {key: data[key] for key in kept if key in data and "no_team" in data}
