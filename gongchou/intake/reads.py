"""What was sent in, and where it stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import QuerySet

from gongchou.accounts import reads as accounts
from gongchou.core.door_codes import code_digest, rating_token
from gongchou.core.powers import POWERS, Power
from gongchou.core.refusals import Refused
from gongchou.core.terms import (
    IntakeKind,
    IntakeOutcome,
    IntakeState,
    LetterProgress,
    RatingQuestion,
)
from gongchou.intake import models

# Fewer ratings than this are not shown: an answer that all gave would tell who gave it.
FEWEST_RATINGS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRow:
    number: int
    name: str
    media_type: str
    size: int
    sha256: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow:
    state: IntakeState
    outcome: IntakeOutcome | None
    says: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsRow:
    """What became of a letter after its answer."""

    what: LetterProgress
    says: str
    about: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterRow:
    """A letter as lists show it: nothing in it tells who sent it."""

    ref: str
    bureau: str
    kind: IntakeKind
    about: str
    subject: str
    received_at: datetime
    steps: tuple[StepRow, ...]
    news: tuple[NewsRow, ...] = ()

    @property
    def state(self) -> IntakeState:
        return self.steps[-1].state if self.steps else IntakeState.RECEIVED

    @property
    def answer(self) -> StepRow | None:
        return self.steps[-1] if self.state is IntakeState.ANSWERED else None


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterView(LetterRow):
    """A letter with its words, for those who handle it."""

    place: str
    says: str
    sender: str
    contact: str
    digest: str
    files: tuple[FileRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratings:
    """The answers of a quarter; without `counts` while they are too few or it is not over."""

    total: int
    counts: Mapping[RatingQuestion, tuple[int, int]] = field(default_factory=dict)


def _steps(row: models.Letter) -> tuple[StepRow, ...]:
    return tuple(
        StepRow(
            state=IntakeState(step.state),
            outcome=IntakeOutcome(step.outcome) if step.outcome else None,
            says=step.says,
            by=step.by_name,
            at=step.at,
        )
        for step in sorted(row.steps.all(), key=lambda step: step.pk)
    )


def _news(row: models.Letter) -> tuple[NewsRow, ...]:
    return tuple(
        NewsRow(what=LetterProgress(one.what), says=one.says, about=one.about, at=one.at)
        for one in sorted(row.news.all(), key=lambda one: one.pk)
    )


def _head(row: models.Letter) -> LetterRow:
    return LetterRow(
        ref=row.ref,
        bureau=row.bureau,
        kind=IntakeKind(row.kind),
        about=row.about,
        subject=row.subject,
        received_at=row.received_at,
        steps=_steps(row),
        news=_news(row),
    )


def _rows() -> QuerySet[models.Letter]:
    return models.Letter.objects.prefetch_related("steps", "news").order_by("received_at", "pk")


def addressees(on: date, power: Power = Power.HANDLE_LETTER) -> Mapping[str, str]:
    """The bureaus to which an outsider may write, by code: those where somebody will read it."""
    known = {row.code: row.name for row in accounts.bureaus() if not row.is_partner}
    reading = {code: name for code, name in known.items() if _has_reader(code, on, power)}
    return reading or known


def _has_reader(bureau: str, on: date, power: Power) -> bool:
    people = accounts.people(bureau, on)
    held = {role for one in people if one.is_active for role in one.roles}
    return any(power in POWERS[role] for role in held)


def letters(
    bureau: str, *kinds: IntakeKind, state: IntakeState | None = None
) -> tuple[LetterRow, ...]:
    """Letters of these kinds, the oldest first."""
    rows = _rows().filter(bureau=bureau, kind__in=[kind.value for kind in kinds])
    found = tuple(_head(row) for row in rows)
    return tuple(row for row in found if state is None or row.state is state)


def waiting(bureau: str, *kinds: IntakeKind) -> tuple[LetterRow, ...]:
    """Letters without an answer, the oldest first."""
    found = letters(bureau, *kinds)
    return tuple(row for row in found if row.state is not IntakeState.ANSWERED)


def about_visit(visit: str) -> tuple[LetterRow, ...]:
    return tuple(_head(row) for row in _rows().filter(about=visit))


def letter(ref: str, bureau: str) -> LetterView:
    row = _rows().filter(ref=ref, bureau=bureau).prefetch_related("files").first()
    if row is None:
        raise Refused("没有这个编号的外来信件，请从列表进入。")
    same = ("ref", "bureau", "about", "subject", "received_at", "place", "says", "sender")
    return LetterView(
        **{name: getattr(row, name) for name in same},
        kind=IntakeKind(row.kind),
        contact=row.contact,
        digest=row.digest,
        steps=_steps(row),
        news=_news(row),
        files=tuple(
            FileRow(
                number=file.number,
                name=file.name,
                media_type=file.media_type,
                size=file.size,
                sha256=file.sha256,
                path=file.path,
            )
            for file in sorted(row.files.all(), key=lambda file: file.number)
        ),
    )


def bureau_of(ref: str) -> str:
    """Code of the bureau to which a letter was sent."""
    found = models.Letter.objects.filter(ref=ref).values_list("bureau", flat=True).first()
    if found is None:
        raise Refused("没有这个编号的外来信件，请从列表进入。")
    return found


def by_receipt(ref: str, code: str) -> LetterRow | None:
    """Where a letter stands, for whoever holds both halves of its receipt; None to all others."""
    wanted = {"ref": ref.strip().upper()[:40], "code_digest": code_digest(code)}
    row = _rows().filter(**wanted).first()
    return _head(row) if row else None


def has_rated(code: str) -> bool:
    return models.SpentRating.objects.filter(token=rating_token(code)).exists()


def ratings(bureau: str, quarter: str, *, is_over: bool) -> Ratings:
    """The answers of a quarter, once it is over and there are enough to hide among."""
    rows = list(models.RatingCount.objects.filter(bureau=bureau, quarter=quarter))
    counted = {(row.question, row.is_yes): row.count for row in rows}
    counts = {
        one: (counted.get((one.value, True), 0), counted.get((one.value, False), 0))
        for one in RatingQuestion
    }
    total = max((sum(pair) for pair in counts.values()), default=0)
    if not is_over or total < FEWEST_RATINGS:
        return Ratings(total=total)
    return Ratings(total=total, counts=counts)
