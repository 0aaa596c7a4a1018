"""What came of clues: precision of each rule, yield of each channel, units that should leave."""

from dataclasses import dataclass, replace
from datetime import datetime

from gongchou.core.clue_learning import Outcome, Precision, precisions
from gongchou.core.clue_terms import ClueOrigin, ClueState, UnconfirmedReason
from gongchou.core.clues import channel_of
from gongchou.core.quota_words import near_percent
from gongchou.offsite import models
from gongchou.offsite.watch_reads import title_of

ENDS = (ClueState.CONFIRMED, ClueState.UNCONFIRMED, ClueState.UNVERIFIABLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class DelistingRow:
    """A unit of the positive list on which a clue was found true; `decided_by` once decided."""

    number: int
    subject: str
    subject_name: str
    clue: str
    why: str
    at: datetime
    is_agreed: bool | None
    decided_by: str
    opinion: str


def outcomes(bureau: str) -> tuple[Outcome, ...]:
    """Every clue of a bureau that was looked into, with its outcome."""
    moves = models.ClueMove.objects.filter(
        clue__bureau__code=bureau, to__in=[state.value for state in ENDS]
    ).select_related("clue")
    return tuple(
        Outcome(
            rule=move.clue.rule,
            channel=channel_of(ClueOrigin(move.clue.origin), move.clue.rule),
            state=ClueState(move.to),
            reason=UnconfirmedReason(move.reason) if move.reason else None,
            hours=int((move.at - move.clue.at).total_seconds() // 3600),
        )
        for move in moves.order_by("pk")
    )


def by_rule(bureau: str) -> list[tuple[Precision, str]]:
    found = precisions(outcomes(bureau))
    return [(replace(row, name=title_of(row.name)), _percent(row)) for row in found]


def by_channel(bureau: str) -> list[tuple[Precision, str]]:
    return [(row, _percent(row)) for row in precisions(outcomes(bureau), by_channel=True)]


def _percent(row: Precision) -> str:
    return near_percent(row.precision) if row.precision is not None else "—"


def delistings(bureau: str) -> tuple[DelistingRow, ...]:
    """Proposals to leave the positive list, those that wait first."""
    rows = models.DelistingProposal.objects.filter(bureau__code=bureau)
    rows = rows.select_related("subject", "clue", "decision").order_by("-pk")
    found = [_delisting(row) for row in rows]
    return tuple(sorted(found, key=lambda row: row.is_agreed is not None))


def _delisting(row: models.DelistingProposal) -> DelistingRow:
    decision = getattr(row, "decision", None)
    return DelistingRow(
        number=row.pk,
        subject=row.subject.ref,
        subject_name=row.subject_name,
        clue=row.clue.ref,
        why=row.why,
        at=row.at,
        is_agreed=decision.is_agreed if decision else None,
        decided_by=decision.by_name if decision else "",
        opinion=decision.why if decision else "",
    )
