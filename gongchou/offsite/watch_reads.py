"""What is entered, found and set for judging, as frozen rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from django.db.models import Count, QuerySet

from gongchou.core.clue_terms import ClueOrigin, ClueState
from gongchou.core.hj212.factors import name_of
from gongchou.core.monitoring.entries import Entry
from gongchou.core.monitoring.entry_words import words
from gongchou.core.monitoring.rulebook import MonitorRule
from gongchou.core.monitoring.words import EntryKind, VersionState
from gongchou.core.quota_words import percent
from gongchou.core.refusals import Refused
from gongchou.core.terms import MonitoringType
from gongchou.law.load import load_clue_rules
from gongchou.offsite import models, rule_books
from gongchou.offsite.watch_sites import Station
from gongchou.web.clock import start_of

SHOWN = 200
CHECKED = (ClueState.CONFIRMED, ClueState.UNCONFIRMED)
SEVERITIES = {1: "提示", 2: "一般", 3: "较重", 4: "严重"}


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRow:
    ref: str
    kind: EntryKind
    key: str
    about: str
    says: str
    body: Mapping[str, Any]
    reason: str
    by: str
    at: datetime
    withdrawn: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRow:
    ref: str
    rule: str
    version: str
    since: date
    thresholds: tuple[tuple[str, str], ...]
    loosens: tuple[str, ...]
    reason: str
    by: str
    by_ref: str
    at: datetime
    state: VersionState
    opinion: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingRow:
    """An event as kept; `replaced` says that a later judging no longer makes it."""

    ref: str
    subject: str
    subject_name: str
    rule: str
    rule_title: str
    rule_version: str
    outlet: str
    place: str
    factor: str
    factor_code: str
    started_at: datetime
    ended_at: datetime
    severity: int
    completeness: Fraction
    thresholds: tuple[tuple[str, str], ...]
    inputs: tuple[tuple[str, str], ...]
    guards: tuple[tuple[str, bool, str], ...]
    says: str
    digest: str
    clue: str
    is_withdrawn: bool

    @property
    def severity_text(self) -> str:
        return f"{self.severity}（{SEVERITIES[self.severity]}）"

    @property
    def completeness_text(self) -> str:
        return percent(self.completeness)


def entries(bureau: str, subject: str) -> list[Entry]:
    """What holds of a site, in the order in which it was entered."""
    rows = models.SupervisionEntry.objects.filter(
        bureau__code=bureau, subject__ref=subject, withdrawal=None
    )
    return [Entry(row.ref, EntryKind(row.kind), row.key, row.body) for row in rows.order_by("pk")]


def entry_rows(bureau: str, subject: str) -> list[EntryRow]:
    rows = models.SupervisionEntry.objects.filter(bureau__code=bureau, subject__ref=subject)
    outlets = _names(bureau)[1]
    found = rows.select_related("withdrawal").order_by("-pk")
    return [_entry(row, outlets.get(row.key, row.key)) for row in found]


def _entry(row: models.SupervisionEntry, about: str) -> EntryRow:
    withdrawal, kind = getattr(row, "withdrawal", None), EntryKind(row.kind)
    return EntryRow(
        ref=row.ref,
        kind=kind,
        key=row.key,
        about=about,
        says=words(kind, row.body),
        body=row.body,
        reason=row.reason,
        by=row.by_name,
        at=row.at,
        withdrawn=withdrawal.reason if withdrawal else "",
    )


def stations(bureau: str, subject: str) -> list[Station]:
    """The live devices of a site."""
    rows = models.AutoMonitor.objects.filter(bureau__code=bureau, subject__ref=subject, until=None)
    return [
        Station(mn=row.mn, kind=MonitoringType(row.kind), outlet=row.outlet, minutes=row.minutes)
        for row in rows.order_by("pk")
    ]


def watched(bureau: str) -> list[tuple[str, str]]:
    """Sites with a device or an entry: ref and name."""
    live = models.AutoMonitor.objects.filter(bureau__code=bureau, until=None)
    found = dict(live.values_list("subject__ref", "subject_name"))
    entered = models.SupervisionEntry.objects.filter(bureau__code=bureau, withdrawal=None)
    for ref in entered.values_list("subject__ref", flat=True).distinct():
        found.setdefault(ref, "")
    return sorted(found.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRow:
    """A rule as it holds, its events on record, and of its clues those checked and confirmed."""

    rule: MonitorRule
    events: int
    confirmed: int
    checked: int

    @property
    def precision(self) -> Fraction | None:
        """The share of checked clues that were confirmed; None while none was checked."""
        return Fraction(self.confirmed, self.checked) if self.checked else None


def rules(bureau: str, on: date) -> list[RuleRow]:
    """Each rule as it holds on a day; only what officers found says how precise it is."""
    counts = dict(
        models.RuleFinding.objects.filter(bureau__code=bureau, withdrawal=None)
        .values_list("rule")
        .annotate(count=Count("pk"))
    )
    outcomes = _outcomes(bureau)
    return [
        RuleRow(
            rule=rule,
            events=counts.get(id_, 0),
            confirmed=outcomes.get((id_, ClueState.CONFIRMED.value), 0),
            checked=sum(outcomes.get((id_, state.value), 0) for state in CHECKED),
        )
        for id_, rule in rule_books.book(bureau, on).items()
    ]


def _outcomes(bureau: str) -> dict[tuple[str, str], int]:
    """By rule and result, from what was done: a clue that was archived since counts as before."""
    moves = models.ClueMove.objects.filter(
        clue__bureau__code=bureau, to__in=[state.value for state in CHECKED]
    )
    found: dict[tuple[str, str], set[int]] = {}
    for rule, state, clue in moves.values_list("clue__rule", "to", "clue"):
        found.setdefault((rule, state), set()).add(clue)
    return {pair: len(clues) for pair, clues in found.items()}


def version_rows(bureau: str, rule: str) -> list[VersionRow]:
    rows = models.RuleVersion.objects.filter(bureau__code=bureau, rule=rule)
    return [_version(row) for row in rows.select_related("consent").order_by("-pk")]


def _version(row: models.RuleVersion) -> VersionRow:
    consent = getattr(row, "consent", None)
    return VersionRow(
        ref=row.ref,
        rule=row.rule,
        version=row.version,
        since=row.since,
        thresholds=tuple(row.thresholds.items()),
        loosens=tuple(row.loosens),
        reason=row.reason,
        by=row.by_name,
        by_ref=row.by_ref,
        at=row.at,
        state=rule_books.state_of(row),
        opinion=consent.opinion if consent else "",
    )


def findings(bureau: str, *, subject: str = "", rule: str = "") -> list[FindingRow]:
    """The newest events that still stand."""
    rows = models.RuleFinding.objects.filter(bureau__code=bureau, withdrawal=None)
    if subject:
        rows = rows.filter(subject__ref=subject)
    if rule:
        rows = rows.filter(rule=rule)
    found = rows.select_related("subject", "withdrawal").order_by("-started_at", "-pk")[:SHOWN]
    known = _names(bureau)
    return [_finding(row, *known) for row in found]


def title_of(rule: str) -> str:
    """A rule's number with its name."""
    return load_clue_rules().title(ClueOrigin.RULE, rule)


def _factor(code: str) -> str:
    return "功率" if code == "kW" else name_of(code)


def measured(bureau: str, outlet: str, factor: str) -> str:
    """An outlet or a line, and what was measured there, as people call them."""
    parts = (_names(bureau)[1].get(outlet, outlet), _factor(factor) if factor else "")
    return "，".join(part for part in parts if part)


def _names(bureau: str) -> tuple[dict[str, str], dict[str, str]]:
    """What watched sites and the outlets of devices are called, by ref and by station number."""
    devices = models.AutoMonitor.objects.filter(bureau__code=bureau).order_by("pk")
    rows = list(devices.values_list("subject__ref", "subject_name", "mn", "outlet"))
    return {ref: name for ref, name, _, _ in rows}, {mn: outlet for _, _, mn, outlet in rows}


def finding(ref: str, bureau: str) -> FindingRow:
    row = (
        models.RuleFinding.objects.filter(ref=ref, bureau__code=bureau)
        .select_related("subject", "withdrawal")
        .first()
    )
    if row is None:
        raise Refused(f"本机构没有编号为 {ref} 的规则事件，请从规则事件页面进入。")
    return _finding(row, *_names(bureau))


def _finding(
    row: models.RuleFinding, names: Mapping[str, str], outlets: Mapping[str, str]
) -> FindingRow:
    return FindingRow(
        ref=row.ref,
        subject=row.subject.ref,
        subject_name=names.get(row.subject.ref, row.subject.ref),
        rule=row.rule,
        rule_title=title_of(row.rule),
        rule_version=row.rule_version,
        outlet=row.outlet,
        place=outlets.get(row.outlet, row.outlet),
        factor=_factor(row.factor),
        factor_code=row.factor,
        started_at=row.started_at,
        ended_at=row.ended_at,
        severity=row.severity,
        completeness=Fraction(row.completeness),
        thresholds=tuple((name, value) for name, value in row.thresholds),
        inputs=tuple((name, value) for name, value in row.inputs),
        guards=tuple((name, bool(holds), says) for name, holds, says in row.guards),
        says=row.says,
        digest=row.digest,
        clue=row.clue,
        is_withdrawn=hasattr(row, "withdrawal"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardedRow:
    """A condition that held and was explained."""

    rule: str
    rule_title: str
    outlet: str
    place: str
    factor: str
    started_at: datetime
    ended_at: datetime
    guard: str
    says: str


def guarded_rows(bureau: str, subject: str) -> list[GuardedRow]:
    rows = models.GuardedFinding.objects.filter(bureau__code=bureau, subject__ref=subject)
    return _guarded(rows, _names(bureau)[1])


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedPeriod:
    """What the rules had to do with a site in a period: versions run, events, and guards."""

    versions: tuple[str, ...]
    events: tuple[FindingRow, ...]
    guarded: tuple[GuardedRow, ...]


def judged_period(bureau: str, subject: str, since: date, until: date) -> JudgedPeriod:
    """Both days included; no versions where nothing of this site in the period was judged."""
    first = start_of(since)
    last = start_of(until + timedelta(days=1))
    within = {"started_at__lt": last, "ended_at__gt": first}
    runs = models.JudgingRun.objects.filter(
        bureau__code=bureau, is_replay=False, since__lt=last, until__gt=first
    )
    since_when = _watched_since(bureau, subject)
    own = runs.filter(at__gte=since_when) if since_when else runs.none()
    versions = {one for found in own.values_list("versions", flat=True) for one in found}
    events = models.RuleFinding.objects.filter(
        bureau__code=bureau, subject__ref=subject, withdrawal=None, **within
    )
    guarded = models.GuardedFinding.objects.filter(
        bureau__code=bureau, subject__ref=subject, **within
    )
    known = _names(bureau)
    return JudgedPeriod(
        versions=tuple(sorted(versions)),
        events=tuple(
            _finding(row, *known)
            for row in events.select_related("subject", "withdrawal").order_by("started_at", "pk")
        ),
        guarded=tuple(_guarded(guarded, known[1])),
    )


def _watched_since(bureau: str, subject: str) -> datetime | None:
    """When the first device or entry of a site came: earlier judging passed it by."""
    own = {"bureau__code": bureau, "subject__ref": subject}
    monitors = models.AutoMonitor.objects.filter(**own).values_list("registered_at", flat=True)
    entries = models.SupervisionEntry.objects.filter(**own).values_list("at", flat=True)
    return min([*monitors, *entries], default=None)


def _guarded(rows: QuerySet[models.GuardedFinding], outlets: Mapping[str, str]) -> list[GuardedRow]:
    return [
        GuardedRow(
            rule=row.rule,
            rule_title=title_of(row.rule),
            outlet=row.outlet,
            place=outlets.get(row.outlet, row.outlet),
            factor=_factor(row.factor),
            started_at=row.started_at,
            ended_at=row.ended_at,
            guard=row.guard,
            says=row.says,
        )
        for row in rows.order_by("-started_at", "-pk")[:SHOWN]
    ]


def last_run(bureau: str) -> tuple[datetime, datetime] | None:
    """Until when was judged last, and when that was done."""
    row = (
        models.JudgingRun.objects.filter(bureau__code=bureau, is_replay=False)
        .order_by("-pk")
        .first()
    )
    return (row.until, row.at) if row else None
