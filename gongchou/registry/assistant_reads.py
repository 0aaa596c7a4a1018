"""Assistants and the letters that let them come; never inspectors."""

from dataclasses import dataclass
from datetime import date

from gongchou.registry import models
from gongchou.registry.fact_reads import known_on


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
        return f"委托已于 {letter.until} 到期。"
    if on < letter.since:
        return f"委托自 {letter.since} 起生效。"
    return "" if letter.is_published else "委托尚未公示。"
