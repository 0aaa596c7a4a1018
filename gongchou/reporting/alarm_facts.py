"""What the rules of alarms look at, gathered from the rooms before; nothing here writes."""

from collections.abc import Iterable
from datetime import date

from gongchou.accounts import organisation_reads as organisation
from gongchou.accounts import reads as accounts
from gongchou.audit import reads as audit
from gongchou.core.alarms import (
    Facts,
    Look,
    Order,
    Photo,
    StaffChange,
    Swap,
    Told,
    VisitFact,
    Words,
)
from gongchou.core.chain import Event
from gongchou.core.event_kinds import EventKind
from gongchou.core.terms import EvidenceKind, VisitResult
from gongchou.core.workdays import publication_deadline
from gongchou.inspection import oversight_reads as inspection
from gongchou.inspection.reads import visits_of
from gongchou.inspection.rows import VisitRow
from gongchou.intake import conduct_reads
from gongchou.law.load import load_calendar
from gongchou.publication import reads as publication
from gongchou.registry import people_reads
from gongchou.registry.policy import profile_of
from gongchou.web.clock import SHANGHAI

NOBODY_SEEN = frozenset(
    {VisitResult.NOT_OPERATING, VisitResult.CLOSED_OR_MOVED, VisitResult.REFUSED}
)
LOOKS = (EventKind.LIST_VIEWED, EventKind.LIST_VIEW_REFUSED)
CHANGES = (
    EventKind.ROLE_REVOKED,
    EventKind.USER_DISABLED,
    EventKind.GROUP_SEAT_ENDED,
    EventKind.INSPECTOR_SUSPENDED,
    EventKind.INSPECTOR_CHANGED,
)
MOVED = frozenset({"unit", "duty_status"})


def facts(bureau: str, today: date) -> Facts:
    """Everything that the rules may ask about a bureau, as it stands today."""
    rows = inspection.ended_visits(bureau)
    refs = [row.ref for row in rows]
    return Facts(
        on=today,
        visits=_visits(bureau, rows, today),
        orders=tuple(
            Order(subject=row.subject, at=row.dispatched_at)
            for row in inspection.ordered_visits(bureau)
        ),
        swaps=tuple(
            Swap(visit=one.visit, person=one.person, on=one.on)
            for one in inspection.seat_changes(bureau)
        ),
        words=tuple(
            Words(key=one.key, visit=one.visit, text=one.text) for one in inspection.words(refs)
        ),
        photos=tuple(
            Photo(visit=one.visit, ref=one.ref, digest=one.sha256)
            for one in inspection.files(refs)
            if one.kind in (EvidenceKind.PHOTO, EvidenceKind.VIDEO, EvidenceKind.AUDIO)
        ),
        looks=_looks(bureau),
        told=_told(bureau),
        changes=_changes(bureau, today),
        names=_names(bureau, rows, today),
    )


def _visits(bureau: str, rows: Iterable[VisitRow], today: date) -> tuple[VisitFact, ...]:
    held = [row for row in rows if row.ended_on is not None]
    public = publication.first_public(bureau, [row.ref for row in held], today)
    calendar, ends = load_calendar(), inspection.minutes([row.ref for row in held])
    found = []
    for row in held:
        assert row.ended_on is not None
        days = profile_of(bureau, row.ended_on).number("publish.result", row.ended_on)
        is_seen = row.visit_result not in NOBODY_SEEN
        found.append(
            VisitFact(
                ref=row.ref,
                subject=row.subject,
                team=row.team,
                ended_on=row.ended_on,
                minutes=ends.get(row.ref) if is_seen else None,
                has_problem=row.problem_count > 0,
                stratum=row.stratum.value if row.stratum else row.inspection_kind.value,
                publish_by=publication_deadline(row.ended_on, calendar, days=days).on,
                published_on=public.get(row.ref),
                is_drawn=row.is_random,
            )
        )
    return tuple(found)


def _looks(bureau: str) -> tuple[Look, ...]:
    return tuple(
        Look(
            seq=link.event.seq,
            person=link.event.by,
            name=link.event.by_name,
            at=link.event.at.astimezone(SHANGHAI),
            is_refused=link.event.kind == EventKind.LIST_VIEW_REFUSED.value,
        )
        for link in audit.of_kinds(bureau, LOOKS)
    )


def _told(bureau: str) -> tuple[Told, ...]:
    rows = conduct_reads.told(bureau)
    known = visits_of({row.visit for row in rows})
    return tuple(
        Told(
            ref=row.ref,
            at=row.at,
            subject=known[row.visit].subject if row.visit in known else "",
            colleague=row.colleague,
        )
        for row in rows
    )


def _changes(bureau: str, today: date) -> tuple[StaffChange, ...]:
    whose = _accounts(bureau, today)
    return tuple(
        StaffChange(person=whose.get(link.event.about, link.event.about), at=link.event.at)
        for link in audit.of_kinds(bureau, CHANGES)
        if _takes_away(link.event)
    )


def _takes_away(event: Event) -> bool:
    """A change of the register counts where it moves the person, not where a card is renewed."""
    if event.kind != EventKind.INSPECTOR_CHANGED.value:
        return True
    fields = event.data.get("fields")
    return isinstance(fields, list) and not MOVED.isdisjoint(map(str, fields))


def _accounts(bureau: str, today: date) -> dict[str, str]:
    """Whose account belongs to an inspector of the register, or to a seat of a body."""
    people = {row.login: row.ref for row in accounts.people(bureau, today)}
    logins = people_reads.logins_of_inspectors(bureau, today)
    found = {ref: people[login] for ref, login in logins.items() if login in people}
    return found | {f"seat:{row.number}": row.person for row in organisation.seats(bureau)}


def _names(bureau: str, rows: Iterable[VisitRow], today: date) -> dict[str, str]:
    people = {one.ref: one.name for one in people_reads.inspectors(bureau, today)}
    teams = {one.ref: one.name for row in rows for one in row.inspectors}
    return {row.subject: row.subject_name for row in rows} | teams | people
