"""How often one enterprise or site may be visited (note 43), all from the policy."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from gongchou.core.facts import credit_on
from gongchou.core.roster import Subject
from gongchou.core.rules import PolicyProfile
from gongchou.core.terms import CreditLevel, InspectionKind
from gongchou.core.workdays import Quarter


@dataclass(frozen=True, slots=True, kw_only=True)
class CapRule:
    """The yearly limit of daily visits, by whom it is counted, and who is outside it.

    `exempt_credit` are levels of credit whose sites the cap does not bind; `reasons` are those a
    person may give for one visit beyond it.
    """

    limit: int
    by_site: bool
    exempt_credit: frozenset[CreditLevel]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CapPlace:
    """Where a site stands: whose visits are counted together, how many were made this year."""

    owner: str
    made: int
    is_exempt: bool


def _words(profile: PolicyProfile, key: str, on: date) -> tuple[str, ...]:
    value = profile.setting(key, on)
    return value if isinstance(value, tuple) else ()


def cap_rule(profile: PolicyProfile, on: date) -> CapRule | None:
    """The cap of a day; None where the policy has none."""
    limit = profile.setting("cap.daily", on)
    if not isinstance(limit, int) or isinstance(limit, bool):
        return None
    return CapRule(
        limit=limit,
        by_site=profile.text("cap.per", on) == "site",
        exempt_credit=frozenset(map(CreditLevel, _words(profile, "cap.exempt_credit", on))),
        reasons=_words(profile, "cap.exemptions", on),
    )


def owner_of(subject: Subject, rule: CapRule) -> str:
    """Sites of one credit code are one enterprise; without a code a site stands for itself."""
    return subject.ref if rule.by_site or not subject.uscc else subject.uscc


def is_exempt(subject: Subject, rule: CapRule, on: date) -> bool:
    """By the level of credit that is valid on a day; unrated is no level."""
    credit = credit_on(subject, on)
    return credit is not None and credit.level in rule.exempt_credit


def cap_places(
    subjects: Iterable[Subject], rule: CapRule, *, year: int, on: date
) -> dict[str, CapPlace]:
    """By site: its enterprise's daily visits of the year so far, and whether the cap binds it.

    One exempt site frees its whole enterprise where the cap counts by enterprise.
    """
    held = tuple(subjects)
    made, free = Counter[str](), set[str]()
    for subject in held:
        owner = owner_of(subject, rule)
        made[owner] += sum(day.year == year for day in subject.visited_on)
        if is_exempt(subject, rule, on):
            free.add(owner)
    return {
        subject.ref: CapPlace(owner=owner, made=made[owner], is_exempt=owner in free)
        for subject in held
        for owner in (owner_of(subject, rule),)
    }


def yearly_room(places: Iterable[CapPlace], rule: CapRule, *, times: int = 4) -> int:
    """Visits that a whole year has room for, at most `times` to one site.

    `places` are the sites in question; an enterprise with several of them has its limit once.
    """
    sites = Counter[str]()
    room = 0
    for place in places:
        if place.is_exempt:
            room += times
        else:
            sites[place.owner] += times
    return room + sum(min(rule.limit, most) for most in sites.values())


SHORT_SPANS = {"cap.day": "当日", "cap.week": "当周", "cap.month": "当月"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowding:
    """A short span in which a site gets more visits than the policy thinks well of."""

    span: str
    count: int
    limit: int

    @property
    def says(self) -> str:
        return f"{self.span}共 {self.count} 次，提示线为 {self.limit} 次"


def _span(key: str, on: date) -> tuple[date, date]:
    """First and last day of the day, the week from Monday, or the month around a day."""
    if key == "cap.day":
        return on, on
    if key == "cap.week":
        monday = on - timedelta(days=on.weekday())
        return monday, monday + timedelta(days=6)
    first = on.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def crowding(profile: PolicyProfile, days: Iterable[date], on: date) -> tuple[Crowding, ...]:
    """The spans around a visit's day that are over their line; `days` has every visit, this too."""
    held, found = tuple(days), []
    for key, span in SHORT_SPANS.items():
        limit = profile.setting(key, on)
        since, last = _span(key, on)
        count = sum(since <= day <= last for day in held)
        if isinstance(limit, int) and count > limit:
            found.append(Crowding(span=span, count=count, limit=limit))
    return tuple(found)


def clean_limit(profile: PolicyProfile, on: date) -> int | None:
    """After how many visits of a year without a problem an officer stays away from a site."""
    limit = profile.setting("cap.clean_visits", on)
    return limit if isinstance(limit, int) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeVisit:
    """A visit on record: which site, when, by whom, and whether nothing was found."""

    ref: str
    subject: str
    ended_on: date
    inspection_kind: InspectionKind = InspectionKind.DAILY
    inspectors: tuple[str, ...] = ()
    is_clean: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """Visits to one site beyond a short cap of the policy; `inspector` where one person's count."""

    key: str
    subject: str
    since: date
    last: date
    limit: int
    refs: tuple[str, ...]
    inspector: str = ""


def crowds(
    profile: PolicyProfile, visits: Iterable[MadeVisit], quarter: Quarter
) -> tuple[Crowd, ...]:
    """Every day, week and month with a visit of the quarter that is over its line, by site."""
    held = sorted(visits, key=lambda visit: (visit.ended_on, visit.ref))
    spans: defaultdict[tuple[str, str, date, date], list[MadeVisit]] = defaultdict(list)
    for visit in held:
        for key in SHORT_SPANS:
            spans[key, visit.subject, *_span(key, visit.ended_on)].append(visit)
    found = []
    for (key, subject, since, last), made in spans.items():
        limit = profile.setting(key, made[-1].ended_on)
        in_quarter = any(Quarter.of(visit.ended_on) == quarter for visit in made)
        if isinstance(limit, int) and len(made) > limit and in_quarter:
            refs = tuple(visit.ref for visit in made)
            found.append(
                Crowd(key=key, subject=subject, since=since, last=last, limit=limit, refs=refs)
            )
    return tuple(found)


def clean_crowds(
    profile: PolicyProfile, visits: Iterable[MadeVisit], quarter: Quarter
) -> tuple[Crowd, ...]:
    """Who visited a site in the quarter after enough visits of the year that found nothing there.

    A case visit counts among those that found nothing, and is never one too many.
    """
    pairs: defaultdict[tuple[str, str], list[MadeVisit]] = defaultdict(list)
    for visit in sorted(visits, key=lambda visit: (visit.ended_on, visit.ref)):
        if visit.ended_on.year == quarter.year and visit.ended_on <= quarter.last:
            for person in visit.inspectors:
                pairs[visit.subject, person].append(visit)
    found = []
    for (subject, person), made in pairs.items():
        for place, visit in enumerate(made):
            clean = [earlier for earlier in made[:place] if earlier.is_clean]
            limit = clean_limit(profile, visit.ended_on)
            is_case = visit.inspection_kind is InspectionKind.CASE
            if limit is None or len(clean) < limit or is_case:
                continue
            if Quarter.of(visit.ended_on) == quarter:
                refs = (*(earlier.ref for earlier in clean), visit.ref)
                found.append(
                    Crowd(
                        key="cap.clean_visits", subject=subject, inspector=person, limit=limit,
                        since=clean[0].ended_on, last=visit.ended_on, refs=refs,
                    )
                )  # fmt: skip
    return tuple(found)
