"""Alarms as the discipline office sees them."""

from dataclasses import dataclass
from datetime import date, datetime

from gongchou.core.alarms import ranked
from gongchou.core.outliers import Deviation
from gongchou.core.oversight import Limits
from gongchou.core.oversight_terms import AlarmKind, AlarmOutcome, AlarmState
from gongchou.core.refusals import Refused
from gongchou.reporting import alarm_facts, models


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmRow:
    """`records` are refs of visits and reports, and numbers of the event log with a # before."""

    number: int
    kind: AlarmKind
    says: str
    people: tuple[str, ...]
    records: tuple[str, ...]
    state: AlarmState
    raised_at: datetime
    outcome: AlarmOutcome | None
    reason: str
    closed_by: str
    closed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaning:
    """A person of the order, with a whole number for the score."""

    name: str
    row: Deviation

    @property
    def score(self) -> int:
        return int(self.row.score)


def _row(row: models.Alarm) -> AlarmRow:
    return AlarmRow(
        number=row.pk,
        kind=AlarmKind(row.kind),
        says=row.says,
        people=tuple(row.people),
        records=tuple(row.records),
        state=AlarmState(row.state),
        raised_at=row.raised_at,
        outcome=AlarmOutcome(row.outcome) if row.outcome else None,
        reason=row.reason,
        closed_by=row.closed_by_name,
        closed_at=row.closed_at,
    )


def alarms(bureau: str, kind: AlarmKind | None = None) -> tuple[AlarmRow, ...]:
    """The open ones first, of each the newest first."""
    rows = models.Alarm.objects.filter(bureau__code=bureau).order_by("-state", "-raised_at", "-pk")
    rows = rows.filter(kind=kind.value) if kind else rows
    return tuple(_row(row) for row in rows)


def open_count(bureau: str) -> int:
    rows = models.Alarm.objects.filter(bureau__code=bureau, state=AlarmState.RAISED.value)
    return rows.count()


def alarm(number: int, bureau: str) -> AlarmRow:
    row = models.Alarm.objects.filter(pk=number, bureau__code=bureau).first()
    if row is None:
        raise Refused("没有这条预警，请从列表进入。")
    return _row(row)


def leaning(bureau: str, today: date, limits: Limits) -> tuple[Leaning, ...]:
    """Those furthest from the others, as an order in which to look: never shown as a ranking."""
    facts = alarm_facts.facts(bureau, today)
    return tuple(Leaning(name=facts.name(one.person), row=one) for one in ranked(facts, limits))
