"""The quarter in numbers, as frozen rows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import QuerySet

from gongchou.core import statistics
from gongchou.core.counting import facts_of
from gongchou.core.refusals import Refused
from gongchou.core.rules import PolicyProfile
from gongchou.core.standing import Dates, Standing, ground, standings
from gongchou.core.statistics import Cell, Fact, Record, Row, rows
from gongchou.core.terms import (
    InspectionKind,
    Measure,
    OffsiteConclusion,
    PersonGroup,
    RecordKind,
    StatisticsVersion,
    Stratum,
)
from gongchou.core.workdays import Quarter
from gongchou.inspection import joint
from gongchou.planning import reads as planning
from gongchou.planning.policy_reads import clause_texts
from gongchou.planning.policy_sections import ClauseTextRow
from gongchou.registry.policy import profile_of
from gongchou.reporting import gathering, models
from gongchou.reporting.body import TableBody, thawed

KINDS = {
    word.value: word.label
    for words in (PersonGroup, InspectionKind, OffsiteConclusion)
    for word in words
} | {"late": "逾期"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """The facts of a quarter and of the year to date; `built_at` None: never counted."""

    quarter: str
    facts: tuple[Fact, ...]
    year_facts: tuple[Fact, ...]
    digest: str
    built_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRow:
    """One frozen table without its content."""

    ref: str
    bureau: str
    quarter: str
    number: int
    version: StatisticsVersion
    digest: str
    made_from: str
    reason: str
    replaces: str
    made_by: str
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionPage(VersionRow):
    """One frozen table, and whether a later one took its place."""

    body: TableBody
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """The facts behind a number; `names` are those of sections and of kinds of subject by code."""

    facts: tuple[Fact, ...]
    names: Mapping[str, str]

    @property
    def lines(self) -> tuple[tuple[Fact, str], ...]:
        """Each fact with its kind or section in words."""
        return tuple((fact, self._kind(fact)) for fact in self.facts)

    def _kind(self, fact: Fact) -> str:
        return KINDS.get(fact.code, "") or self.names.get(fact.code, fact.code)

    @property
    def records(self) -> tuple[Record, ...]:
        found = {(r.kind, r.ref): r for fact in self.facts for r in fact.records}
        return tuple(found[key] for key in sorted(found))


@dataclass(frozen=True, slots=True, kw_only=True)
class CellPage(Opened):
    """One number with its facts, so that it can be opened."""

    cell: Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class ClausePage:
    """A line of the board with what each of its numbers was counted from.

    `lacking` are the records that the requirement names and the done ones lack, where the number is
    counted record by record.
    """

    row: "BoardRow"
    done: Opened
    of: Opened
    lacking: tuple[Record, ...]


def _fact(row: models.Fact, quarter: str) -> Fact:
    return Fact(
        quarter=quarter,
        measure=Measure(row.measure),
        day=row.day,
        stratum=Stratum(row.stratum) if row.stratum else None,
        kind=row.kind,
        unit=row.unit,
        count=row.count,
        records=tuple(Record(kind=RecordKind(kind), ref=ref) for kind, ref in row.records),
    )


def year_until(quarter: Quarter) -> tuple[Quarter, ...]:
    """The quarters of the year up to and including this one."""
    return tuple(Quarter(quarter.year, number) for number in range(1, quarter.number + 1))


def held(bureau: str, quarter: Quarter) -> Held:
    """The facts as last counted."""
    wanted = [str(one) for one in year_until(quarter)]
    sets = models.FactSet.objects.filter(bureau__code=bureau, quarter__in=wanted)
    year: list[Fact] = []
    digest, built_at = "", None
    for one in sets.prefetch_related("facts").order_by("quarter"):
        found = [_fact(row, one.quarter) for row in one.facts.all()]
        year += sorted(found, key=lambda fact: fact.key)
        if one.quarter == str(quarter):
            digest, built_at = one.digest, one.built_at
    return Held(
        quarter=str(quarter),
        facts=tuple(fact for fact in year if fact.quarter == str(quarter)),
        year_facts=tuple(year),
        digest=digest,
        built_at=built_at,
    )


def was_counted(bureau: str, quarter: Quarter) -> bool:
    return models.FactSet.objects.filter(bureau__code=bureau, quarter=str(quarter)).exists()


def held_on(bureau: str, quarter: Quarter, on: date) -> Held:
    """The facts as they would have been counted at the end of a day, from the records of then."""
    counted = [(one, facts_of(gathering.records(bureau, one, on))) for one in year_until(quarter)]
    year = tuple(replace(fact, quarter=str(one)) for one, facts in counted for fact in facts)
    facts = tuple(fact for fact in year if fact.quarter == str(quarter))
    return Held(
        quarter=str(quarter),
        facts=facts,
        year_facts=year,
        digest=statistics.digest(facts),
        built_at=None,
    )


def _late_counts(profile: PolicyProfile, quarter: Quarter) -> bool:
    return profile.is_on("measure.late_counts", quarter.last)


def table(bureau: str, quarter: Quarter, counted: Held | None = None) -> tuple[Row, ...]:
    """The live table over the facts as last counted, or over those of another day."""
    found = counted or held(bureau, quarter)
    counts = _late_counts(profile_of(bureau, quarter.last), quarter)
    return rows(found.facts, found.year_facts, late_counts=counts)


def standing(
    bureau: str, quarter: Quarter, on: date, counted: Held | None = None
) -> tuple[Standing, ...]:
    """Clause by clause on a day: met, short by how many, not yet due, or not applicable."""
    plan = planning.approved_plan_on(bureau, str(quarter), on)
    if plan is None:
        return ()
    found = counted or held(bureau, quarter)
    last = planning.deadlines(bureau, str(quarter))
    first = _first_sent(bureau, quarter)
    dates = Dates(
        day=on,
        quarter_last=quarter.last,
        task=last.task.on,
        statistics=last.statistics.on,
        forms=last.forms.on,
        statistics_on=first if first and first <= on else None,
    )
    profile = profile_of(bureau, quarter.last)
    on_ground = ground(plan.strata, profile, dates, quarter=found.facts, year=found.year_facts)
    return standings(on_ground)


def _first_sent(bureau: str, quarter: Quarter) -> date | None:
    """A table that lies here is no report yet, and a summary that went ahead is no table."""
    rows = models.Sending.objects.filter(
        package__bureau__code=bureau,
        package__quarter=str(quarter),
        package__statistics__isnull=False,
    )
    return rows.order_by("sent_on").values_list("sent_on", flat=True).first()


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardRow:
    """A clause with the numbers that can be opened: key and name of each."""

    standing: Standing
    cells: tuple[tuple[str, str], ...]
    own: tuple[ClauseTextRow, ...] = ()


def board(
    bureau: str, quarter: Quarter, on: date, counted: Held | None = None
) -> tuple[BoardRow, ...]:
    """The compliance board: every clause, with the way to its records."""
    names = {row.quarter.key: row.quarter.label for row in table(bureau, quarter, counted)}
    texts = clause_texts(bureau, min(on, quarter.last))
    return tuple(
        BoardRow(
            standing=row,
            cells=tuple((key, names[key]) for key in row.cells),
            own=tuple(text for text in [texts.get(row.clause.number)] if text),
        )
        for row in standing(bureau, quarter, on, counted)
    )


def cell(
    bureau: str, quarter: Quarter, key: str, *, is_year: bool, on: date | None = None
) -> CellPage:
    """One number of the live table with its facts, or of the table of a past day."""
    found = held_on(bureau, quarter, on) if on else held(bureau, quarter)
    rows_then = table(bureau, quarter, found)
    names = _names(bureau, quarter, on or date.max)
    return _opened(names, rows_then, found.year_facts, key, is_year=is_year)


def in_words(bureau: str, quarter: Quarter, facts: tuple[Fact, ...]) -> Opened:
    """Facts with the words for their kinds and sections."""
    return Opened(facts=facts, names=_names(bureau, quarter, date.max))


def cell_of_version(ref: str, bureau: str, key: str, *, is_year: bool) -> CellPage:
    """One number of a frozen table with the facts frozen beside it."""
    found = version(ref, bureau)
    names = _names(bureau, Quarter.parse(found.quarter), date.max)
    return _opened(names, found.body.rows, found.body.facts, key, is_year=is_year)


# Clauses counted visit by visit: what is missing are visits, which can be named.
BY_VISIT = ("forms", "publication")


def clause(
    bureau: str, quarter: Quarter, key: str, on: date, counted: Held | None = None
) -> ClausePage:
    """A line of the board, opened; Refused where the board has no such line."""
    row = next((r for r in board(bureau, quarter, on, counted) if r.standing.key == key), None)
    if row is None:
        raise Refused(f"{quarter.label}的对照方案里没有“{key}”这一条，请从达标看板进入。")
    names = _names(bureau, quarter, on)
    done, of = (
        Opened(facts=facts, names=names)
        for facts in (row.standing.done_facts, row.standing.of_facts)
    )
    visits = [record for record in of.records if record.kind is RecordKind.VISIT]
    lacking = [record for record in visits if record not in done.records]
    return ClausePage(row=row, done=done, of=of, lacking=tuple(lacking) if key in BY_VISIT else ())


def _names(bureau: str, quarter: Quarter, on: date) -> dict[str, str]:
    """Sections by code, and the kinds of subject that the plan in force tells apart."""
    plan = planning.approved_plan_on(bureau, str(quarter), on)
    parts = {row.part: row.part_name for row in plan.strata if row.part} if plan else {}
    return parts | joint.unit_names(bureau)


def _opened(
    names: Mapping[str, str],
    found: Iterable[Row],
    facts: Iterable[Fact],
    key: str,
    *,
    is_year: bool,
) -> CellPage:
    row = next((row for row in found if row.quarter.key == key), None)
    if row is None:
        raise Refused(f"统计表里没有“{key}”这一项，请从统计表进入。")
    chosen = row.year if is_year else row.quarter
    wanted = frozenset(chosen.facts)
    return CellPage(
        cell=chosen,
        facts=tuple(fact for fact in facts if fact.key in wanted),
        names=names,
    )


def _versions(bureau: str, quarter: str) -> QuerySet[models.StatisticsTable]:
    rows = models.StatisticsTable.objects.filter(bureau__code=bureau, quarter=quarter)
    return rows.select_related("bureau", "replaces")


def _row(row: models.StatisticsTable) -> VersionRow:
    return VersionRow(
        ref=row.ref,
        bureau=row.bureau.code,
        quarter=row.quarter,
        number=row.number,
        version=StatisticsVersion(row.version),
        digest=row.digest,
        made_from=row.made_from,
        reason=row.reason,
        replaces=row.replaces.ref if row.replaces else "",
        made_by=row.made_by_name,
        made_at=row.made_at,
    )


def versions(bureau: str, quarter: str) -> tuple[VersionRow, ...]:
    """Every frozen table of a quarter, the newest first; the first one is the current."""
    return tuple(_row(row) for row in _versions(bureau, quarter).order_by("-number"))


def has_table(bureau: str, quarter: str) -> bool:
    """Whether a quarter's table was made, without reading it: every page asks."""
    return models.StatisticsTable.objects.filter(bureau__code=bureau, quarter=quarter).exists()


def version(ref: str, bureau: str) -> VersionPage:
    rows = models.StatisticsTable.objects.filter(ref=ref, bureau__code=bureau)
    row = rows.select_related("bureau", "replaces").first()
    if row is None:
        raise Refused(f"本机构没有编号为 {ref} 的统计表，请从统计报送页面进入。")
    newest = _versions(bureau, row.quarter).order_by("-number").values_list("ref", flat=True)
    base = _row(row)
    return VersionPage(
        **{name: getattr(base, name) for name in VersionRow.__slots__},
        body=thawed(bytes(row.body)),
        is_current=newest[0] == ref,
    )


def current(bureau: str, quarter: str) -> VersionPage | None:
    """The newest frozen table of a quarter."""
    row = _versions(bureau, quarter).order_by("-number").first()
    return version(row.ref, bureau) if row else None
