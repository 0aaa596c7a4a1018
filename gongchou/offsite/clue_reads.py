"""Clues as frozen rows: the queue of cases by score, and one clue with all it rests on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from django.db.models import Q, QuerySet

from gongchou.core.clue_score import Score, signed_text
from gongchou.core.clue_terms import (
    ClueOrigin,
    ClueState,
    ExclusionReason,
    PollutantFamily,
    UnconfirmedReason,
)
from gongchou.core.clues import SETTLED, WAITING, Held
from gongchou.core.coordinates import Point, both
from gongchou.core.quota_words import percent
from gongchou.core.refusals import Refused
from gongchou.law.load import load_clue_rules
from gongchou.offsite import models
from gongchou.offsite.clue_scores import scores
from gongchou.offsite.clue_settings import clue_rules
from gongchou.web.clock import day_of

# Behind the desk: nothing is to be decided any more.
DONE = SETTLED | {ClueState.EXCLUDED}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClueRow:
    """One clue; `case` is the ref of the clue its case began with."""

    ref: str
    case: str
    subject: str
    subject_name: str
    origin: ClueOrigin
    family: PollutantFamily
    title: str
    rule: str
    outlet: str
    factor: str
    severity: int
    place: str
    says: str
    point: Point | None
    letter: str
    seen_at_visit: str
    seen_near: str
    started_at: datetime
    ended_at: datetime
    state: ClueState
    due_on: date
    visit: str
    by: str
    at: datetime

    @property
    def ground(self) -> str:
        """Why a visit for this clue is made, in the words that go into its record.

        Nobody learns from it that somebody has written: the record is read at the enterprise.
        """
        return f"线索核查 {self.ref}" if not self.letter else f"群众举报 {self.letter}"

    @property
    def where(self) -> str:
        return self.subject_name or self.place or "没有写明地点或单位"

    @property
    def is_waiting(self) -> bool:
        return self.state in WAITING


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """Clues about one matter, with their common score; the gravest clue stands for it."""

    head: ClueRow
    members: tuple[ClueRow, ...]
    score: Score

    @property
    def due_on(self) -> date | None:
        days = [row.due_on for row in self.members if row.is_waiting]
        return min(days, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRow:
    """One thing a clue rests on; `pairs` are thresholds and inputs as the rule judged them."""

    digest: str
    severity: int
    started_at: datetime
    ended_at: datetime
    completeness: str
    grade: str
    says: str
    rule_version: str
    pairs: tuple[tuple[str, str], ...]
    guards: tuple[tuple[str, bool], ...]
    candidates: tuple[dict[str, Any], ...]
    wind: dict[str, Any] | None
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveRow:
    number: int
    was: ClueState | None
    to: ClueState
    reason: str
    why: str
    evidence: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CluePage:
    """All about one clue; `has_new` where evidence came after it was put away."""

    row: ClueRow
    members: tuple[ClueRow, ...]
    score: Score
    evidence: tuple[EvidenceRow, ...]
    moves: tuple[MoveRow, ...]
    points: tuple[str, ...]
    has_new: bool

    @property
    def terms(self) -> tuple[dict[str, str], ...]:
        """The lines of the score as they are printed."""
        return tuple(
            {"name": t.name, "how": t.how, "text": signed_text(t.value)} for t in self.score.terms
        )


def rows_of(bureau: str) -> QuerySet[models.Clue]:
    """The rows of a bureau; for the reads of this room only."""
    rows = models.Clue.objects.filter(bureau__code=bureau)
    return rows.select_related("subject", "case_of").prefetch_related("evidence")


def held(bureau: str, subject: str) -> tuple[Held, ...]:
    """The clues of a subject as merging asks for them."""
    return tuple(
        Held(
            ref=row.ref,
            case=row.case_of.ref if row.case_of else row.ref,
            origin=ClueOrigin(row.origin),
            rule=row.rule,
            outlet=row.outlet,
            factor=row.factor,
            family=PollutantFamily(row.family),
            started_at=row.started_at,
            ended_at=row.ended_at,
            state=ClueState(row.state),
        )
        for row in rows_of(bureau).filter(subject__ref=subject)
    )


def _row(row: models.Clue) -> ClueRow:
    origin = ClueOrigin(row.origin)
    return ClueRow(
        ref=row.ref,
        case=row.case_of.ref if row.case_of else row.ref,
        subject=row.subject.ref if row.subject else "",
        subject_name=row.subject_name,
        origin=origin,
        family=PollutantFamily(row.family),
        title=load_clue_rules().title(origin, row.rule),
        rule=row.rule,
        outlet=row.outlet,
        factor=row.factor,
        severity=row.severity,
        place=row.place,
        says=row.says,
        point=both(row.longitude, row.latitude),
        letter=row.letter,
        seen_at_visit=row.seen_at_visit,
        seen_near=row.seen_near,
        started_at=row.started_at,
        ended_at=row.ended_at,
        state=ClueState(row.state),
        due_on=row.due_on,
        visit=row.visit,
        by=row.by_name,
        at=row.at,
    )


def clues(bureau: str) -> tuple[ClueRow, ...]:
    """Clues of a bureau, those that wait first, then the newest first."""
    rows = [_row(row) for row in rows_of(bureau).order_by("-pk")]
    return tuple(sorted(rows, key=lambda row: not row.is_waiting))


def waiting_count(bureau: str, on: date) -> tuple[int, date | None]:
    """How many clues wait for a decision, and the first of their last days."""
    waiting = [state.value for state in WAITING]
    days = models.Clue.objects.filter(bureau__code=bureau, state__in=waiting)
    found = sorted(days.values_list("due_on", flat=True))
    return len(found), found[0] if found else None


def clues_about(bureau: str, subject: str, name: str) -> tuple[ClueRow, ...]:
    """Clues of a site and those that name it, the newest first."""
    about = Q(subject__ref=subject) | Q(subject=None, place__contains=name)
    return tuple(_row(row) for row in rows_of(bureau).filter(about).order_by("-pk"))


def clues_in(bureau: str, subject: str, since: date, until: date) -> tuple[ClueRow, ...]:
    """The clues of a site that fall into days, as an off-site check lists them."""
    rows = rows_of(bureau).filter(subject__ref=subject).order_by("started_at", "pk")
    return tuple(
        _row(row)
        for row in rows
        if day_of(row.started_at) <= until and day_of(row.ended_at) >= since
    )


def clues_during(bureau: str, since: datetime, until: datetime) -> tuple[ClueRow, ...]:
    """The clues of a bureau that were going on in a span, the oldest first."""
    rows = rows_of(bureau).filter(started_at__lt=until, ended_at__gte=since)
    return tuple(_row(row) for row in rows.order_by("started_at", "pk"))


def clue(ref: str, bureau: str) -> ClueRow:
    return _row(_found(ref, bureau))


def _found(ref: str, bureau: str) -> models.Clue:
    row = rows_of(bureau).filter(ref=ref).first()
    if row is None:
        raise Refused(f"本机构没有编号为 {ref} 的线索，请从线索研判页面进入。")
    return row


def clue_of_letter(letter: str, bureau: str) -> ClueRow | None:
    row = rows_of(bureau).filter(letter=letter).first()
    return _row(row) if row else None


def clues_of_visit(visit: str, bureau: str) -> tuple[ClueRow, ...]:
    """The clues for which a visit was made."""
    return tuple(_row(row) for row in rows_of(bureau).filter(visit=visit).order_by("pk"))


def done(bureau: str) -> tuple[ClueRow, ...]:
    """Clues put away or looked into, the newest first."""
    rows = rows_of(bureau).filter(state__in=[state.value for state in DONE]).order_by("-pk")
    return tuple(_row(row) for row in rows)


def open_cases(bureau: str) -> dict[str, list[models.Clue]]:
    """Rows of the cases on the desk, by the ref of the case; for the reads of this room only."""
    done = [state.value for state in DONE]
    return _grouped(rows_of(bureau).exclude(state__in=done))


def _grouped(rows: Iterable[models.Clue]) -> dict[str, list[models.Clue]]:
    groups: dict[str, list[models.Clue]] = {}
    for row in rows:
        groups.setdefault(row.case_of.ref if row.case_of else row.ref, []).append(row)
    return groups


def queue(bureau: str, today: date) -> tuple[CaseRow, ...]:
    """Cases that somebody still has to do with, the highest score first."""
    groups = open_cases(bureau)
    found = scores(groups, bureau, today, clue_rules(bureau, today))
    cases = [
        CaseRow(
            head=_row(max(members, key=lambda row: (row.severity, -row.pk))),
            members=tuple(_row(row) for row in members),
            score=found[ref],
        )
        for ref, members in groups.items()
    ]
    return tuple(sorted(cases, key=lambda case: (-case.score.value, case.head.ref)))


def page(ref: str, bureau: str, today: date) -> CluePage:
    """One clue with its case, its score, everything it rests on and every step."""
    row, rules = _found(ref, bureau), clue_rules(bureau, today)
    head = row.case_of or row
    members = list(rows_of(bureau).filter(Q(pk=head.pk) | Q(case_of=head)).order_by("pk"))
    counted = [one for one in members if one.state != ClueState.EXCLUDED.value] or [row]
    value = scores({head.ref: counted}, bureau, today, rules)[head.ref]
    moves = tuple(_move(move) for move in row.moves.order_by("number"))
    evidence = tuple(_evidence(one) for one in sorted(row.evidence.all(), key=lambda e: -e.pk))
    return CluePage(
        row=_row(row),
        members=tuple(_row(one) for one in members),
        score=value,
        evidence=evidence,
        moves=moves,
        points=rules.points(ClueOrigin(row.origin), row.rule),
        has_new=_has_new(moves, evidence),
    )


def _has_new(moves: tuple[MoveRow, ...], evidence: tuple[EvidenceRow, ...]) -> bool:
    if not moves or moves[-1].to is not ClueState.EXCLUDED:
        return False
    known = {move.evidence for move in moves}
    return any(one.digest not in known and one.at >= moves[-1].at for one in evidence)


def _move(row: models.ClueMove) -> MoveRow:
    return MoveRow(
        number=row.number,
        was=ClueState(row.was) if row.was else None,
        to=ClueState(row.to),
        reason=_reason(ClueState(row.to), row.reason),
        why=row.why,
        evidence=row.evidence,
        by=row.by_name,
        at=row.at,
    )


def _reason(to: ClueState, code: str) -> str:
    if not code:
        return ""
    return (ExclusionReason if to is ClueState.EXCLUDED else UnconfirmedReason)(code).label


def _evidence(row: models.ClueEvidence) -> EvidenceRow:
    body = row.body if isinstance(row.body, dict) else {}
    pairs = [*body.get("thresholds", ()), *body.get("inputs", ())]
    return EvidenceRow(
        digest=row.digest,
        severity=row.severity,
        started_at=row.started_at,
        ended_at=row.ended_at,
        completeness=percent(Fraction(row.complete, row.complete_of)),
        grade=percent(Fraction(row.grade, row.grade_of)),
        says=str(body.get("says", "")),
        rule_version=row.rule_version,
        pairs=tuple((str(name), str(value)) for name, value in pairs),
        guards=tuple((str(says), bool(holds)) for _, holds, says in body.get("guards", ())),
        candidates=tuple(body.get("candidates", ())),
        wind=body.get("wind"),
        by=row.by_name,
        at=row.at,
    )
