"""What is not public yet, and for how long it may still wait."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import QuerySet

from gongchou.core import canon
from gongchou.core.terms import PublicationState, VisitState
from gongchou.core.workdays import (
    Deadline,
    Quarter,
    days_written,
    workdays_between,
    written_day,
)
from gongchou.inspection import local_result_reads
from gongchou.inspection import reads as visits
from gongchou.inspection.rows import Aftermath, LocalResultRow, RevocationRow, VisitRow
from gongchou.law.load import load_calendar
from gongchou.publication import gathering_results as results
from gongchou.publication import models, reads
from gongchou.publication.result_words import handling, rectified, result_told

QUARTERS_BACK = 4
IN_HAND = (PublicationState.PENDING, PublicationState.RETURNED, PublicationState.APPROVED)


@dataclass(frozen=True, slots=True, kw_only=True)
class DueResult:
    """A visit that has ended and is not public: day `day` of `of`."""

    visit: str
    subject_name: str
    quarter: str
    ended_on: date
    began_on: date
    deadline: Deadline
    day: int
    of: int
    is_late: bool
    record_state: VisitState
    publication: str
    state: PublicationState | None

    @property
    def is_ready(self) -> bool:
        """Reviewed, and in no notice that is under way."""
        return self.record_state is VisitState.REVIEWED and self.state is None

    @property
    def says(self) -> str:
        return f"未公示，第 {self.day}／{self.of} 个工作日"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauge:
    """Of the visits that ended in a quarter, how many are public."""

    done: int
    required: int
    late: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedResult:
    """A published result that reads differently upstream today, and ought to be corrected.

    `correction` is the document that corrects its notice and is under way; empty where none is.
    """

    publication: str
    number: int
    subject: str
    was: str
    now: str
    deadline: Deadline | None
    correction: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokedResult:
    """A public result that tells of a decision which does not stand any more: day `day` of `of`."""

    publication: str
    number: int
    visit: str
    subject: str
    decision: str
    revoked_on: date
    authority: str
    reason: str
    deadline: Deadline
    day: int
    of: int
    is_late: bool

    @property
    def says(self) -> str:
        return (
            "今天撤销，当天撤下" if self.day == 0 else f"未撤下，第 {self.day}／{self.of} 个工作日"
        )


def quarters(on: date) -> list[str]:
    """This quarter and those before it of which a result may still be due, the newest first."""
    found = [Quarter.of(on)]
    while len(found) < QUARTERS_BACK:
        found.append(found[-1].previous())
    return [str(quarter) for quarter in found]


def _standing(
    bureau: str, quarters: list[str]
) -> tuple[list[str], dict[str, reads.VisitPublication]]:
    """The visits of some quarters that have ended, and how far each has come."""
    ended = [row.ref for row in visits.ended(bureau, quarters)]
    return ended, reads.publication_state_of_visits(bureau, ended)


def result_due(bureau: str, on: date) -> tuple[DueResult, ...]:
    """Ended visits of the last four quarters that are not public, the soonest due first."""
    return _not_public(*_standing(bureau, quarters(on)), on)


def _not_public(
    ended: list[str], states: dict[str, reads.VisitPublication], on: date
) -> tuple[DueResult, ...]:
    waiting = visits.visits_of([ref for ref in ended if not _is_public(states.get(ref))])
    found = [_due(visit, states.get(ref), on) for ref, visit in waiting.items()]
    return tuple(sorted(found, key=lambda row: (row.deadline.on, row.visit)))


def _is_public(found: reads.VisitPublication | None) -> bool:
    return found is not None and found.state is PublicationState.PUBLISHED


def _due(visit: VisitRow, found: reads.VisitPublication | None, on: date) -> DueResult:
    deadline, ended_on = deadline_now(visit), visit.ended_on or on
    began_on, calendar = _began_on(visit, ended_on), load_calendar()
    return DueResult(
        visit=visit.ref,
        subject_name=visit.subject_name,
        quarter=visit.quarter,
        ended_on=ended_on,
        began_on=began_on,
        deadline=deadline,
        day=max(0, workdays_between(began_on, on, calendar)),
        of=workdays_between(began_on, deadline.on, calendar),
        is_late=on > deadline.on,
        record_state=visit.state,
        publication=found.publication if found else "",
        state=found.state if found else None,
    )


def _began_on(visit: VisitRow, ended_on: date) -> date:
    """The day from which the term is counted: a revoked decision starts it anew."""
    revoked = visits.aftermath(visit.ref).revocations if visit.has_case else ()
    return max([ended_on, *(row.revoked_on for row in revoked)])


def deadline_now(visit: VisitRow) -> Deadline:
    """The last day for a result as things stand."""
    if not visit.has_case:
        return results.deadline_of(visit)
    return results.deadline_after(visit, visits.aftermath(visit.ref))


def soonest(bureau: str, quarter: str) -> Deadline | None:
    """The first last day among ended visits that are not public; None where none waits."""
    ended = visits.ended(bureau, [quarter])
    states = reads.publication_state_of_visits(bureau, [visit.ref for visit in ended])
    waiting = [visit for visit in ended if not _is_public(states.get(visit.ref))]
    days = [results.result_deadline(bureau, visit.ended_on) for visit in waiting[:1]]
    days += [results.penalty_deadline(bureau, on) for visit in waiting for on in visit.decided_on]
    return min(days, key=lambda day: day.on, default=None)


def gauge(bureau: str, quarter: str, on: date) -> Gauge:
    """The share that must be whole: every visit that ended counts."""
    ended, states = _standing(bureau, [quarter])
    waiting = _not_public(ended, states, on)
    late = sum(row.is_late for row in waiting)
    return Gauge(done=len(ended) - len(waiting), required=len(ended), late=late)


def changed_results(bureau: str, on: date) -> tuple[ChangedResult, ...]:
    """Published results to which something happened since: an order closed, a penalty decided."""
    rows = models.ResultLine.objects.filter(
        bureau=bureau, is_public=True, quarter__in=quarters(on)
    ).select_related("publication")
    rows = rows.exclude(visit__in=[row.visit for row in revoked_results(bureau, on)])
    refs = list(rows.values_list("visit", flat=True))
    local = local_result_reads.local_results_of(refs)
    moved = _with_aftermath(visits.followed(refs) | local.keys())
    pulled: dict[int, dict[int, dict[str, str]]] = {}
    under_way, found = _under_way(bureau), []
    for line in rows.filter(visit__in=moved).order_by("publication_id", "number"):
        if line.publication_id not in pulled:
            # As pulled: in the public text a number may be masked.
            document = canon.parse(bytes(line.publication.original))
            pulled[line.publication_id] = {row["number"]: row for row in document["rows"]}
        shown = pulled[line.publication_id][line.number]
        visit, follow = moved[line.visit]
        changed = _changed(line, shown, visit, follow=follow, local=local.get(line.visit))
        if changed:
            found.append(replace(changed, correction=under_way.get(changed.publication, "")))
    return tuple(found)


def correction_of(bureau: str, ref: str) -> str:
    """The document that corrects this one and is under way; empty where none is."""
    return _under_way(bureau).get(ref, "")


def _under_way(bureau: str) -> dict[str, str]:
    """Each document that is being corrected, with the correction."""
    rows = models.Publication.objects.filter(bureau=bureau, state__in=IN_HAND).exclude(replaces="")
    return dict(rows.values_list("replaces", "ref"))


def _with_aftermath(refs: set[str]) -> dict[str, tuple[VisitRow, Aftermath]]:
    found = visits.visits_of(refs)
    follow = visits.aftermaths(found)
    return {ref: (visit, follow[ref]) for ref, visit in found.items()}


def _changed(
    line: models.ResultLine,
    shown: dict[str, str],
    visit: VisitRow,
    *,
    follow: Aftermath,
    local: LocalResultRow | None,
) -> ChangedResult | None:
    """Compared as pulled: a word that was masked, or a day written otherwise, is no news."""
    if visit.visit_result is None:
        return None
    was = [days_written(shown["handling"]), days_written(shown["rectified"])]
    done = handling(visit.visit_result, follow)
    says = [done, rectified(visit.visit_result, follow)]
    if shown["result"] != (result := result_told(visit, local)):
        was, says = [shown["result"], *was], [result, *says]
    if was == says:
        return None
    return ChangedResult(
        publication=line.publication.ref,
        number=line.number,
        subject=line.subject,
        was="；".join(was),
        now="；".join(says),
        deadline=results.untold_penalty(visit.bureau, follow, shown["handling"]),
        correction="",
    )


def revoked_results(bureau: str, on: date) -> tuple[RevokedResult, ...]:
    """Results still to be seen that tell of a revoked decision, the soonest due first.

    A corrected notice stays readable, so its older version may tell of it too; withdrawing the
    newest that does takes the older ones with it.
    """
    found: dict[tuple[str, str], list[RevokedResult]] = {}
    for row in visits.revocations(bureau):
        for line in _seen_lines(bureau, row.visit, on):
            if row.decision_number in _original(line)["handling"]:
                key = (row.visit, row.decision_number)
                found.setdefault(key, []).append(_revoked(line, row, on))
    newest = [max(rows, key=lambda row: row.publication) for rows in found.values()]
    return tuple(sorted(newest, key=lambda row: (row.deadline.on, row.publication, row.number)))


def _seen_lines(bureau: str, visit: str, on: date) -> QuerySet[models.ResultLine]:
    rows = models.ResultLine.objects.filter(bureau=bureau, visit=visit, withdrawn_at=None)
    seen = rows.filter(publication__state=PublicationState.PUBLISHED.value, keep_until__gt=on)
    return seen.select_related("publication")


def _original(line: models.ResultLine) -> dict[str, Any]:
    """The line as pulled: in the public one a number may be masked."""
    rows = canon.parse(bytes(line.publication.original))["rows"]
    found: dict[str, Any] = next(row for row in rows if row["number"] == line.number)
    return found


def _revoked(line: models.ResultLine, row: RevocationRow, on: date) -> RevokedResult:
    deadline, calendar = results.withdrawal_deadline(line.bureau, row.revoked_on), load_calendar()
    return RevokedResult(
        publication=line.publication.ref,
        number=line.number,
        visit=line.visit,
        subject=line.subject,
        decision=row.decision_number,
        revoked_on=row.revoked_on,
        authority=row.authority,
        reason=f"处罚决定已于{written_day(row.revoked_on)}撤销：{row.says}",
        deadline=deadline,
        day=workdays_between(row.revoked_on, on, calendar),
        of=workdays_between(row.revoked_on, deadline.on, calendar),
        is_late=on > deadline.on,
    )
