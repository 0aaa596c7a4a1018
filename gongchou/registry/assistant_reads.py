"""Assistants and the letters that let them come; never inspectors."""

from dataclasses import dataclass
from datetime import date, timedelta

from gongchou.core.workdays import written_day
from gongchou.registry import models
from gongchou.registry.fact_reads import known_on

AHEAD = timedelta(30)


@dataclass(frozen=True, slots=True, kw_only=True)
class AssistantRow:
    """One assistant as of a day; `problem` says why not to take this person along."""

    ref: str
    name: str
    body: str
    expertise: str
    letter: str
    scope: str
    qualification: str
    since: date
    until: date
    is_published: bool
    problem: str


def assistants(bureau: str, on: date) -> tuple[AssistantRow, ...]:
    """Everybody of the commissioned bodies, by body and name."""
    people = models.Assistant.objects.filter(known_on(on), body__bureau__code=bureau)
    letters = models.Commission.objects.filter(known_on(on), body__bureau__code=bureau)
    by_number = {(letter.body_id, letter.number): letter for letter in letters}
    rows = people.select_related("body").order_by("body__ref", "ref")
    return tuple(_row(row, by_number[row.body_id, row.letter], on) for row in rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterRow:
    """One letter of commission with whom it sends, what is wrong with it and what soon will be."""

    body: str
    qualification: str
    number: str
    scope: str
    since: date
    until: date
    is_published: bool
    people: tuple[str, ...]
    problem: str
    warning: str


def letters(bureau: str, on: date) -> tuple[LetterRow, ...]:
    """Letters of every commissioned body, by body, the one that ends last first."""
    people = models.Assistant.objects.filter(known_on(on), body__bureau__code=bureau)
    sent: dict[tuple[int, str], list[str]] = {}
    for body, letter, name in people.order_by("ref").values_list("body_id", "letter", "name"):
        sent.setdefault((body, letter), []).append(name)
    rows = models.Commission.objects.filter(known_on(on), body__bureau__code=bureau)
    return tuple(
        LetterRow(
            body=row.body.name,
            qualification=row.qualification,
            number=row.number,
            scope=row.scope,
            since=row.since,
            until=row.until,
            is_published=row.is_published,
            people=tuple(sent.get((row.body_id, row.number), ())),
            problem=_problem(row, on),
            warning=_soon(row, on),
        )
        for row in rows.select_related("body").order_by("body__ref", "-until", "number")
    )


def _soon(letter: models.Commission, on: date) -> str:
    """A letter that ends within thirty days."""
    if on <= letter.until <= on + AHEAD:
        return f"委托将于{written_day(letter.until)}到期，还要协助的请办理续签并更新名录。"
    return ""


def _row(row: models.Assistant, letter: models.Commission, on: date) -> AssistantRow:
    return AssistantRow(
        ref=row.ref,
        name=row.name,
        body=row.body.name,
        expertise=row.expertise,
        letter=letter.number,
        scope=letter.scope,
        qualification=letter.qualification,
        since=letter.since,
        until=letter.until,
        is_published=letter.is_published,
        problem=_problem(letter, on),
    )


def _problem(letter: models.Commission, on: date) -> str:
    if letter.until < on:
        return f"委托已于{written_day(letter.until)}到期。"
    if on < letter.since:
        return f"委托自{written_day(letter.since)}起生效。"
    return "" if letter.is_published else "委托尚未公示。"
