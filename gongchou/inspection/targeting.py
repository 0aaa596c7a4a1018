"""What a targeted list is made of: free officer-days, the queue's best cases, reason sheets."""

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from gongchou.core.canon import Canonical
from gongchou.core.clue_terms import ClueState, TargetedListState
from gongchou.core.quota_words import decimal
from gongchou.core.refusals import Refused
from gongchou.core.targeted import Offered, chosen, free_days, places
from gongchou.core.terms import VisitState
from gongchou.inspection import models
from gongchou.inspection.picking import kept_away
from gongchou.law.load import load_calendar
from gongchou.offsite import clue_reads
from gongchou.offsite.clue_settings import clue_rules
from gongchou.registry import reads as registers
from gongchou.registry.policy import profile_of

ENDED = (VisitState.VOID.value, VisitState.REVIEWED.value, VisitState.SUBMITTED.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """The officer-days of a period that no visit has taken yet, and how many visits fit."""

    officers: int
    workdays: int
    busy: Fraction
    free: Fraction
    most: int

    @property
    def text(self) -> str:
        return decimal(self.free)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One case on the list: the reason sheet that goes with its visit."""

    clue: str
    subject: str
    subject_name: str
    score: str
    colour: str
    reasons: tuple[str, ...]
    points: tuple[str, ...]
    visited: int

    def plain(self) -> dict[str, Canonical]:
        return {
            "clue": self.clue,
            "colour": self.colour,
            "points": list(self.points),
            "reasons": list(self.reasons),
            "score": self.score,
            "subject": self.subject,
            "subject_name": self.subject_name,
            "visited": self.visited,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRow:
    """A targeted list as its page shows it; `lines` join each entry to how its clue stands now."""

    ref: str
    since: date
    until: date
    officers: int
    free: str
    reserved: int
    most: int
    why_on_site: str
    lines: tuple[tuple[dict[str, Any], clue_reads.ClueRow], ...]
    count: int
    digest: str
    state: TargetedListState
    by: str
    at: datetime
    decided_by: str
    decided_at: datetime | None
    opinion: str


def room(bureau: str, since: date, until: date, reserved: int) -> Room:
    """Officers who may go out × working days, less what is dispatched and what the office keeps."""
    profile = profile_of(bureau, since)
    per_day = profile.number("team.visits_per_day", since)
    people = registers.inspectors(bureau, since)
    officers = len(people) - len(kept_away(bureau, people, since))
    calendar = load_calendar()
    days = [date.fromordinal(n) for n in range(since.toordinal(), until.toordinal() + 1)]
    workdays = sum(calendar.is_workday(day) for day in days)
    planned = models.Visit.objects.filter(
        bureau__code=bureau, planned_on__gte=since, planned_on__lte=until
    ).exclude(state__in=ENDED)
    seats = models.TeamMember.objects.filter(visit__in=planned, until=None).count()
    busy = Fraction(seats, per_day) + reserved
    free = free_days(officers, workdays, busy)
    team = clue_rules(bureau, since).officers_per_visit
    return Room(
        officers=officers,
        workdays=workdays,
        busy=busy,
        free=free,
        most=places(free, team, per_day),
    )


def entries(bureau: str, today: date, most: int) -> tuple[Entry, ...]:
    """The best cases that wait for a decision and have a subject, with why and what to look at."""
    cases = {
        case.head.ref: case
        for case in clue_reads.queue(bureau, today)
        if case.head.state is ClueState.PENDING
    }
    offered = [
        Offered(clue=ref, subject=case.head.subject, score=case.score.value)
        for ref, case in cases.items()
    ]
    return tuple(_entry(cases[one.clue], bureau, today) for one in chosen(offered, most))


def _entry(case: clue_reads.CaseRow, bureau: str, today: date) -> Entry:
    rules = clue_rules(bureau, today)
    points = [p for row in case.members for p in rules.points(row.origin, row.rule)]
    terms = [f"{t.name}：{t.how}，{decimal(t.value)} 分" for t in case.score.terms]
    return Entry(
        clue=case.head.ref,
        subject=case.head.subject,
        subject_name=case.head.subject_name,
        score=case.score.text,
        colour=case.score.colour.value,
        reasons=tuple([row.says for row in case.members] + terms),
        points=tuple(dict.fromkeys(points)),
        visited=_visited(bureau, case.head.subject, today),
    )


def _visited(bureau: str, subject: str, today: date) -> int:
    """Visits of the year to the site, of any kind: what the enterprise has borne already."""
    rows = models.Visit.objects.filter(
        bureau__code=bureau, subject__ref=subject, planned_on__year=today.year
    )
    return rows.exclude(state=VisitState.VOID.value).count()


def lists(bureau: str) -> tuple[ListRow, ...]:
    """Targeted lists, the newest first, without their lines."""
    rows = models.TargetedList.objects.filter(bureau__code=bureau).order_by("-pk")
    return tuple(_list(row, ()) for row in rows)


def targeted_list(ref: str, bureau: str) -> ListRow:
    row = models.TargetedList.objects.filter(ref=ref, bureau__code=bureau).first()
    if row is None:
        raise Refused(f"本机构没有编号为 {ref} 的线索核查清单，请从清单页面进入。")
    lines = tuple((entry, clue_reads.clue(entry["clue"], bureau)) for entry in row.body)
    return _list(row, lines)


def _list(
    row: models.TargetedList, lines: tuple[tuple[dict[str, Any], clue_reads.ClueRow], ...]
) -> ListRow:
    return ListRow(
        ref=row.ref,
        since=row.since,
        until=row.until,
        officers=row.officers,
        free=decimal(Fraction(row.free_days)),
        reserved=row.reserved,
        most=row.most,
        why_on_site=row.why_on_site,
        lines=lines,
        count=len(row.body),
        digest=row.digest,
        state=TargetedListState(row.state),
        by=row.by_name,
        at=row.at,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        opinion=row.opinion,
    )
