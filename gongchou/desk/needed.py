"""Who exactly is still to be done for a clause, as far as the names may be known already."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse

from gongchou.core.powers import Actor, Power, may
from gongchou.core.terms import Stratum, VisitState
from gongchou.core.workdays import Quarter
from gongchou.inspection import reads as inspection
from gongchou.offsite import reads as offsite
from gongchou.planning import reads as planning

OUT = (
    VisitState.DISPATCHED, VisitState.ACCEPTED, VisitState.STARTED, VisitState.SUBMITTED,
    VisitState.RETURNED,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Needed:
    """A site that is still to be done, how it stands, and the page to go on, empty where none."""

    name: str
    says: str
    url: str


def needed(quarter: Quarter, key: str, *, by: Actor) -> tuple[Needed, ...]:
    """The sites of a share or of the coverage; other clauses name visits or count no sites.

    A share names those whose visit went out: the others are secret until their day. Who may not
    see visits sees none.
    """
    clause, _, stratum = key.partition(".")
    if not may(by, Power.SEE_VISITS):
        return ()
    if clause == "ratio":
        return tuple(_out(by.bureau, quarter, stratum))
    if clause == "coverage":
        return tuple(_uncovered(quarter, stratum or Stratum.GENERAL_LISTED.value, by))
    return ()


def _out(bureau: str, quarter: Quarter, stratum: str) -> Iterator[Needed]:
    for row in inspection.visits_in(bureau, OUT):
        if row.is_random and row.quarter == str(quarter) and row.stratum == stratum:
            url = reverse("inspection:visit", args=[row.ref])
            yield Needed(name=row.subject_name, says=row.state.label, url=url)


def _uncovered(quarter: Quarter, stratum: str, by: Actor) -> Iterator[Needed]:
    found = offsite.coverage(by.bureau, str(quarter))
    if found is None:
        return
    members = planning.offsite_members(found.plan)
    for unit in (*found.short, *found.missing):
        if members[unit.subject] != stratum:
            continue
        yield Needed(name=unit.name, says=unit.cover.why, url=_page(unit, quarter, by))


def _page(unit: offsite.UnitRow, quarter: Quarter, by: Actor) -> str:
    if unit.check:
        return reverse("offsite:check", args=[unit.check.ref])
    if may(by, Power.RECORD_OFFSITE):
        return reverse("offsite:record", args=[str(quarter), unit.subject])
    return ""
