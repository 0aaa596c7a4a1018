"""What oversight asks about finished visits: how long, who changed seats, which words and files."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import zip_longest

from gongchou.core.terms import EvidenceKind, VisitState
from gongchou.inspection import models, reads
from gongchou.inspection.rows import VisitRow
from gongchou.web.clock import day_of

MINUTE = timedelta(minutes=1)
HANDED_IN = (VisitState.SUBMITTED, VisitState.RETURNED, VisitState.REVIEWED)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatChange:
    """One person who left or took a seat after the dispatch."""

    visit: str
    person: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsRow:
    key: str
    visit: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRow:
    visit: str
    ref: str
    kind: EvidenceKind
    sha256: str


def ended_visits(bureau: str) -> tuple[VisitRow, ...]:
    """Visits whose record was handed in, of all quarters: who leaves one lying hides nothing."""
    return reads.visits_in(bureau, HANDED_IN)


def ordered_visits(bureau: str) -> tuple[VisitRow, ...]:
    """Visits outside the random draw, also those not yet made and those called off."""
    return tuple(row for row in reads.visits(bureau) if not row.is_random)


def draws_of(refs: Sequence[str]) -> frozenset[str]:
    """The draws behind these visits, those of merged places too; ordered visits have none."""
    rows = models.Visit.objects.filter(ref__in=refs).exclude(draw="")
    merged = models.Visit.objects.filter(ref__in=refs, merged__isnull=False)
    return frozenset(
        (*rows.values_list("draw", flat=True), *merged.values_list("merged__draw", flat=True))
    )


def minutes(refs: Sequence[str]) -> dict[str, int]:
    """From arrival to end as the record says; without both instants not in it."""
    return {
        ref: max(0, (body.ended_at - body.started_at) // MINUTE)
        for ref, body in reads.newest_bodies(refs).items()
        if body.started_at is not None and body.ended_at is not None
    }


def seat_changes(bureau: str) -> tuple[SeatChange, ...]:
    """Every seat that was closed, with who left it and who took it."""
    rows = models.TeamMember.objects.filter(visit__bureau__code=bureau).select_related("visit")
    seats: defaultdict[tuple[str, int], list[models.TeamMember]] = defaultdict(list)
    for row in rows.order_by("pk"):
        seats[row.visit.ref, row.seat].append(row)
    found = []
    for (visit, _), held in seats.items():
        for left, taken in zip_longest(held, held[1:]):
            if left.until is not None:
                refs = [left.inspector, taken.inspector] if taken else [left.inspector]
                on = day_of(left.until)
                found += [SeatChange(visit=visit, person=ref, on=on) for ref in refs]
    return tuple(found)


def words(refs: Sequence[str]) -> tuple[WordsRow, ...]:
    """What officers wrote themselves: notes, findings and the opinion, each with a key."""
    found = []
    for ref, body in reads.newest_bodies(refs).items():
        texts = [(f"{ref}/{answer.item}", answer.note) for answer in body.answers]
        texts += [(f"{ref}/+{n}", finding.says) for n, finding in enumerate(body.findings, 1)]
        texts.append((f"{ref}/opinion", body.opinion))
        found += [WordsRow(key=key, visit=ref, text=text) for key, text in texts if text]
    return tuple(found)


def files(refs: Sequence[str]) -> tuple[FileRow, ...]:
    rows = models.Evidence.objects.filter(visit__ref__in=refs).order_by("pk")
    return tuple(
        FileRow(visit=visit, ref=ref, kind=EvidenceKind(kind), sha256=sha256)
        for visit, ref, kind, sha256 in rows.values_list("visit__ref", "ref", "kind", "sha256")
    )
