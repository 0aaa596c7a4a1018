"""Inspectors, whom they avoid, and with whom they worked, on any day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from gongchou.accounts import reads as accounts
from gongchou.core import roster, terms
from gongchou.core.refusals import Refused
from gongchou.registry import models
from gongchou.registry.fact_reads import approved_on, known_on, valid_on


@dataclass(frozen=True, slots=True, kw_only=True)
class RecusalRow:
    """One declaration as declarer, leader and office see it."""

    ref: str
    inspector: str
    inspector_name: str
    subject: str
    target: str
    is_enterprise: bool
    reason: terms.RecusalReason
    note: str
    since: date
    until: date | None
    state: terms.RecusalState
    by_name: str
    at: datetime
    decided_by: str
    decided_on: date | None
    decision: str
    ended_by: str
    ended_on: date | None
    ended_reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PastVisitRow:
    """A finished visit in the memory of the register."""

    ref: str
    subject: str
    ended_on: date


def inspectors(bureau: str, on: date) -> tuple[roster.Inspector, ...]:
    """The inspectors' register as of a day; visits of the year are counted, never typed."""
    rows = models.InspectorVersion.objects.filter(valid_on(on), bureau__code=bureau)
    visits = visits_this_year(bureau, on)
    rows = rows.select_related("inspector").order_by("inspector__ref")
    return tuple(_inspector(row, visits.get(row.inspector.ref, 0)) for row in rows)


def inspector_of_login(bureau: str, login: str, on: date) -> roster.Inspector | None:
    """The person of the register who signs in with this name; None where nobody does."""
    rows = models.InspectorVersion.objects.filter(valid_on(on), bureau__code=bureau, login=login)
    row = rows.select_related("inspector").first() if login else None
    if row is None:
        return None
    return _inspector(row, visits_this_year(bureau, on).get(row.inspector.ref, 0))


def inspector_of_person(person: str, bureau: str, on: date) -> roster.Inspector | None:
    """The same, by the ref of the account."""
    return inspector_of_login(bureau, accounts.login_of(person), on)


def inspector_ref_of_person(person: str, bureau: str, on: date) -> str:
    """Only the ref of the same; every act of a phone asks."""
    login = accounts.login_of(person)
    rows = models.InspectorVersion.objects.filter(valid_on(on), bureau__code=bureau, login=login)
    return (rows.values_list("inspector__ref", flat=True).first() or "") if login else ""


def logins_of_inspectors(bureau: str, on: date) -> dict[str, str]:
    """The sign-in name of each officer of the register who has one, by ref."""
    rows = models.InspectorVersion.objects.filter(valid_on(on), bureau__code=bureau)
    return dict(rows.exclude(login="").values_list("inspector__ref", "login"))


def _inspector(row: models.InspectorVersion, visits: int) -> roster.Inspector:
    return roster.Inspector(
        ref=row.inspector.ref,
        name=row.name,
        unit=row.unit,
        enforcement_card_no=row.enforcement_card_no,
        work_card_no=row.work_card_no,
        is_certified=row.is_certified,
        card_valid_until=row.card_valid_until,
        areas=tuple(row.areas),
        expertise=tuple(terms.PollutantType(word) for word in row.expertise),
        duty_status=terms.DutyStatus(row.duty_status),
        away_since=row.away_since,
        away_until=row.away_until,
        visits_this_year=visits,
    )


def visits_this_year(bureau: str, on: date) -> dict[str, int]:
    """Finished visits of the calendar year up to a day, by the inspector's ref."""
    rows = models.PastVisit.objects.filter(
        known_on(on), subject__bureau__code=bureau, ended_on__year=on.year, ended_on__lte=on
    )
    found: dict[str, int] = {}
    for refs in rows.values_list("inspectors", flat=True):
        for ref in refs:
            found[ref] = found.get(ref, 0) + 1
    return found


def past_visits(
    bureau: str, kind: terms.InspectionKind, *, first: date, last: date
) -> tuple[PastVisitRow, ...]:
    """Finished visits of one kind that ended between two days, both included."""
    rows = models.PastVisit.objects.filter(
        subject__bureau__code=bureau,
        inspection_kind=kind.value,
        ended_on__range=(first, last),
        known_until=None,
    )
    return tuple(
        PastVisitRow(ref=row.visit_ref, subject=row.subject.ref, ended_on=row.ended_on)
        for row in rows.select_related("subject").order_by("ended_on", "visit_ref")
    )


def recent_pairs(bureau: str, since: date) -> frozenset[tuple[str, str]]:
    """Who has inspected which site since a day: (inspector, subject), for the no-repeat rule."""
    rows = models.PastVisit.objects.filter(
        subject__bureau__code=bureau, ended_on__gte=since, known_until=None
    )
    found = rows.values_list("subject__ref", "inspectors")
    return frozenset((person, subject) for subject, people in found for person in people)


def recusals(bureau: str, on: date, subjects: Iterable[tuple[str, str]]) -> tuple[Any, ...]:
    """Confirmed recusals that stood on a day, spread over the sites of their enterprise.

    `subjects` are the (ref, uscc) of the register of that day.
    """
    sites, of_enterprise = set(), dict[str, list[str]]()
    for ref, uscc in subjects:
        sites.add(ref)
        if uscc:
            of_enterprise.setdefault(uscc, []).append(ref)
    rows = models.RecusalDeclaration.objects.filter(approved_on(on), bureau__code=bureau)
    rows = rows.filter(Q(until=None) | Q(until__gt=on)).select_related("inspector", "subject")
    return tuple(
        roster.RecusalFact(
            inspector=row.inspector.ref,
            subject=ref,
            reason=terms.RecusalReason(row.reason),
            since=row.since,
            until=row.until,
        )
        for row in rows.order_by("ref")
        for ref in ([row.subject.ref] if row.subject else of_enterprise.get(row.uscc, []))
        if ref in sites
    )


def names_of_inspectors(bureau: str) -> dict[str, str]:
    """The newest name of everybody who was ever in the register, by ref."""
    return _names(bureau, models.InspectorVersion, "inspector")


def _names(bureau: str, model: Any, owner: str) -> dict[str, str]:
    """The newest name of each ref."""
    rows = model.objects.filter(bureau__code=bureau).order_by("pk")
    return dict(rows.values_list(f"{owner}__ref", "name"))


def recusal_rows(
    bureau: str, *, inspector: str = "", state: terms.RecusalState | None = None
) -> tuple[RecusalRow, ...]:
    """Declarations of a bureau, those waiting first, then the newest."""
    rows = models.RecusalDeclaration.objects.filter(bureau__code=bureau)
    if inspector:
        rows = rows.filter(inspector__ref=inspector)
    if state:
        rows = rows.filter(state=state.value)
    found = rows.select_related("inspector", "subject").order_by("-pk")
    ordered = sorted(found, key=lambda row: row.state != terms.RecusalState.DECLARED.value)
    if not ordered:
        return ()
    people = names_of_inspectors(bureau)
    targets = _targets(ordered)
    return tuple(_recusal(row, people, targets) for row in ordered)


def _targets(rows: Iterable[models.RecusalDeclaration]) -> dict[str, str]:
    """Newest names of the sites and enterprises named, by ref and by code."""
    versions = models.SubjectVersion.objects.filter(
        Q(subject__in=[row.subject_id for row in rows if row.subject_id])
        | Q(
            bureau__in=[row.bureau_id for row in rows],
            uscc__in=[row.uscc for row in rows if row.uscc],
        )
    )
    found: dict[str, str] = {}
    for ref, uscc, name in versions.order_by("pk").values_list("subject__ref", "uscc", "name"):
        found[ref] = name
        if uscc:
            found[uscc] = name
    return found


def _recusal(
    row: models.RecusalDeclaration, people: dict[str, str], targets: dict[str, str]
) -> RecusalRow:
    target = row.subject.ref if row.subject else row.uscc
    return RecusalRow(
        ref=row.ref,
        inspector=row.inspector.ref,
        inspector_name=people.get(row.inspector.ref, row.inspector.ref),
        subject=row.subject.ref if row.subject else "",
        target=targets.get(target, target),
        is_enterprise=row.subject is None,
        reason=terms.RecusalReason(row.reason),
        note=row.note,
        since=row.since,
        until=row.until,
        state=terms.RecusalState(row.state),
        by_name=row.by_name,
        at=row.at,
        decided_by=row.decided_by_name,
        decided_on=row.decided_on,
        decision=row.decision,
        ended_by=row.ended_by_name,
        ended_on=row.ended_on,
        ended_reason=row.ended_reason,
    )


def recusal(ref: str, bureau: str) -> RecusalRow:
    """One declaration of the own bureau."""
    rows = [row for row in recusal_rows(bureau) if row.ref == ref]
    if not rows:
        raise Refused(f"本机构没有编号为 {ref} 的回避申报，请从回避申报页面进入。")
    return rows[0]
