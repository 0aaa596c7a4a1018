"""The numbers that a summary may quote, as they are now, and where each is shown."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from gongchou.core.standing import Standing
from gongchou.core.statistics import Row, money_text
from gongchou.core.summary import Number, TypicalCase
from gongchou.core.terms import TrainingKind
from gongchou.core.workdays import Quarter
from gongchou.inspection import reads as inspection
from gongchou.reporting import reads
from gongchou.reporting.apart import TemporaryRow, temporary_tasks
from gongchou.reporting.reads import Held, VersionPage
from gongchou.training import reads as training
from gongchou.training.reads import EventRow

YEAR, MISSING, CASE, TRAINING = "year:", "missing:", "case:", "training:"
TEMPORARY = "temporary:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """The table that a summary quotes: the frozen one where there is one, else the live one."""

    quarter: Quarter
    table: VersionPage | None
    rows: tuple[Row, ...]
    standings: tuple[Standing, ...]
    grown: int | None
    held: tuple[EventRow, ...] = ()
    temporary: tuple[TemporaryRow, ...] = ()

    @property
    def numbers(self) -> dict[str, Number]:
        """Every number by its source."""
        found = dict[str, Number]()
        for row in self.rows:
            name = f"{row.quarter.group}　{row.quarter.label}"
            found[row.quarter.key] = Number(shown=row.quarter.shown, label=name)
            found[YEAR + row.year.key] = Number(shown=row.year.shown, label=f"{name}（年度累计）")
        for one in self.standings:
            label = f"{one.title}，还差"
            found[MISSING + one.key] = Number(shown=str(one.missing), label=label)
        if self.grown is not None:
            label = "检查对象总数与上季度之差"
            found["change.subjects"] = Number(shown=str(abs(self.grown)), label=label)
        return found | _training_numbers(self.held) | _temporary_numbers(self.temporary)

    @property
    def trainings(self) -> frozenset[TrainingKind]:
        """Of what kinds something was held."""
        return frozenset(row.kind for row in self.held)


def counted(bureau: str, quarter: Quarter, on: date) -> Counted:
    """The numbers of the current frozen table, or of the facts as last counted."""
    table = reads.current(bureau, str(quarter))
    if table:
        return of_table(table, on)
    held = reads.held(bureau, quarter)
    return _of(bureau, quarter, None, reads.table(bureau, quarter, held), held, on)


def of_table(table: VersionPage, on: date) -> Counted:
    """The numbers of one frozen table."""
    quarter = Quarter.parse(table.quarter)
    return _of(table.bureau, quarter, table, table.body.rows, _held(table), on)


def _of(
    bureau: str,
    quarter: Quarter,
    table: VersionPage | None,
    rows: tuple[Row, ...],
    held: Held,
    on: date,
) -> Counted:
    return Counted(
        quarter=quarter,
        table=table,
        rows=rows,
        standings=reads.standing(bureau, quarter, max(on, quarter.last), held),
        grown=_grown(bureau, quarter, rows),
        held=tuple(
            row for row in training.events(bureau, quarter.first, quarter.last) if row.counts
        ),
        temporary=temporary_tasks(bureau, quarter),
    )


def _training_numbers(held: Iterable[EventRow]) -> dict[str, Number]:
    """Of each kind how often and for how many; zero where nothing is registered any more."""
    found, rows = dict[str, Number](), tuple(held)
    for kind in TrainingKind:
        of = [row for row in rows if row.kind is kind]
        people = sum(row.audience_count for row in of)
        found[f"{TRAINING}{kind}.times"] = Number(shown=str(len(of)), label=f"{kind.label}次数")
        found[f"{TRAINING}{kind}.people"] = Number(shown=str(people), label=f"{kind.label}人次")
    return found


def _temporary_numbers(rows: tuple[TemporaryRow, ...]) -> dict[str, Number]:
    return {
        f"{TEMPORARY}tasks": Number(shown=str(len(rows)), label="临时任务项数"),
        f"{TEMPORARY}done": Number(shown=str(sum(r.done for r in rows)), label="临时任务完成家次"),
    }


def _held(table: VersionPage) -> Held:
    """The facts that were frozen with a table."""
    facts = table.body.facts
    return Held(
        quarter=table.quarter,
        facts=tuple(fact for fact in facts if fact.quarter == table.quarter),
        year_facts=facts,
        digest=table.made_from,
        built_at=table.made_at,
    )


def _subjects(rows: Iterable[Row]) -> int:
    return sum(row.quarter.count for row in rows if row.quarter.key == "subjects")


def _grown(bureau: str, quarter: Quarter, rows: Iterable[Row]) -> int | None:
    """Against the frozen table of the quarter before; None where there is none."""
    before = reads.current(bureau, str(quarter.previous()))
    return _subjects(rows) - _subjects(before.body.rows) if before else None


def case_numbers(cases: Iterable[TypicalCase]) -> dict[str, Number]:
    """Problems and fines of the typical cases, as their visits have them now."""
    found = dict[str, Number]()
    for case in cases:
        row, what = inspection.visit(case.visit), f"典型案例“{case.name}”"
        problems = Number(shown=str(row.problem_count), label=f"{what}的问题数")
        fine = money_text(row.penalty_amount_fen)
        found[f"{CASE}{case.visit}:problems"] = problems
        found[f"{CASE}{case.visit}:penalty"] = Number(shown=fine, label=f"{what}的罚款（万元）")
    return found


def address(source: str, found: Counted) -> str:
    """The page on which a number opens."""
    if source.startswith(CASE):
        return reverse("inspection:visit", args=[source.split(":")[1]])
    asked = {"quarter": str(found.quarter)}
    if source.startswith(TRAINING):
        return f"{reverse('training:home')}?{urlencode(asked)}"
    if source.startswith(TEMPORARY):
        return f"{reverse('reporting:home')}?{urlencode(asked)}#temporary"
    if source.startswith(MISSING):
        key = source.removeprefix(MISSING)
        return f"{reverse('reporting:home')}?{urlencode(asked)}#{key}"
    key = "subjects" if source == "change.subjects" else source.removeprefix(YEAR)
    span = {"span": "year"} if source.startswith(YEAR) else {}
    if found.table:
        url = reverse("reporting:version_cell", args=[found.table.ref, key])
        return f"{url}?{urlencode(span)}" if span else url
    return f"{reverse('reporting:cell', args=[key])}?{urlencode(asked | span)}"


def sources(found: Counted, cases: Iterable[TypicalCase]) -> Mapping[str, Number]:
    """Every number that may be quoted: of the table, of the clauses, of the cases."""
    return {**found.numbers, **case_numbers(cases)}
