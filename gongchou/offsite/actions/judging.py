"""The rules run over what the devices have sent; what they find is kept once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction

from gongchou.accounts.models import Bureau
from gongchou.audit import actions as audit
from gongchou.core.canon import Canonical, digest
from gongchou.core.event_kinds import EventKind
from gongchou.core.monitoring.events import GuardedAway, RuleEvent, event_digest
from gongchou.core.monitoring.judging import judge_across, judge_site, region_out
from gongchou.core.monitoring.moments import instant, minute_at
from gongchou.core.monitoring.rulebook import MonitorRule
from gongchou.core.monitoring.rules.asked import Span
from gongchou.core.monitoring.series import Site
from gongchou.core.powers import Actor, Power, check
from gongchou.core.refusals import Invalid
from gongchou.offsite import models, rule_books, watch_reads
from gongchou.offsite.actions.clues import take_up_event
from gongchou.offsite.actions.withdrawn import bring_back, undo_clues
from gongchou.offsite.hj212.store import Store
from gongchou.offsite.received import opened
from gongchou.offsite.watch_sites import silent_hours, site_of
from gongchou.registry.models import Subject
from gongchou.registry.numbering import take
from gongchou.web.clock import day_of

LOOK_BACK = timedelta(days=36)
LEAD_IN = timedelta(days=8)
LONGEST = timedelta(days=100)
SILENT_TOGETHER = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one judging came to."""

    ref: str
    events: tuple[RuleEvent, ...]
    guarded: tuple[GuardedAway, ...]
    new: int


@transaction.atomic
def judge_window(
    folder: Path, since: datetime, until: datetime, *, by: Actor, at: datetime
) -> Outcome:
    """Judge [since, until) for every watched site of a bureau and keep what is found.

    Twice the same changes nothing. What a later judging no longer finds is withdrawn, and names
    what took its place.
    """
    check(by, Power.JUDGE_DATA)
    _check_span(since, until)
    events, guarded, books, sites = _judged(folder, since - LEAD_IN, until, by)
    wanted = {event_digest(event): event for event in events if event.ended_at > since}
    number = _number(by)
    new = _unknown(wanted, by.bureau)
    run = _run(number, by, at, since, until, books, sites, (len(events), len(guarded), len(new)))
    clues = _taken_up(new, by, at)
    gone = _keep(run, wanted, new, since, until, clues)
    undo_clues(gone, by=by, at=at)
    _keep_guarded(run, [one for one in guarded if one.ended_at > since])
    _note(run, by, at)
    kept = tuple(wanted.values())
    return Outcome(ref=run.ref, events=kept, guarded=tuple(guarded), new=len(new))


@transaction.atomic
def replay_window(
    folder: Path,
    since: datetime,
    until: datetime,
    versions: Sequence[tuple[str, str]],
    *,
    by: Actor,
    at: datetime,
) -> Outcome:
    """The same window under named versions of rules; nothing but the run itself is kept."""
    check(by, Power.JUDGE_DATA)
    _check_span(since, until)
    book = rule_books.named(by.bureau, versions)
    if not book:
        raise Invalid("没有写明要用哪条规则的哪个版本，请从规则页面选择。")
    events, guarded, books, sites = _judged(folder, since, until, by, book)
    counts = (len(events), len(guarded), 0)
    run = _run(_number(by), by, at, since, until, books, sites, counts, is_replay=True)
    _note(run, by, at)
    return Outcome(ref=run.ref, events=tuple(events), guarded=tuple(guarded), new=0)


def _check_span(since: datetime, until: datetime) -> None:
    if not since < until <= since + LONGEST:
        raise Invalid("判断的时段应由早到晚，一次不超过 100 天。")


def _judged(
    folder: Path,
    since: datetime,
    until: datetime,
    by: Actor,
    book: Mapping[str, MonitorRule] | None = None,
) -> tuple[list[RuleEvent], list[GuardedAway], list[Mapping[str, MonitorRule]], int]:
    spans = [(book, _span(since, until))] if book else _by_version(by.bureau, since, until)
    with opened(folder) as store:
        if store is None:
            return [], [], [one for one, _ in spans], 0
        # A store made by an earlier release has no place for folded days yet.
        store.prepare()
        sites = _sites(store, since, until, by.bureau)
    events: list[RuleEvent] = []
    guarded: list[GuardedAway] = []
    for one, span in spans:
        for judged in [
            *(judge_site(site, span, one) for site in sites),
            judge_across(sites, span, one),
        ]:
            events += judged.events
            guarded += judged.guarded
    return events, guarded, [one for one, _ in spans], len(sites)


def _sites(store: Store, since: datetime, until: datetime, bureau: str) -> list[Site]:
    """Every watched site with the hours in which the area's network was down."""
    made = []
    for subject, _ in watch_reads.watched(bureau):
        entries = watch_reads.entries(bureau, subject)
        stations = watch_reads.stations(bureau, subject)
        made.append((subject, stations, entries))
    first = since - LOOK_BACK
    sites = [site_of(store, s, stations, entries, first, until) for s, stations, entries in made]
    span = _span(since, until)
    out = region_out({s.subject: silent_hours(s, *span) for s in sites}, SILENT_TOGETHER)
    if not out:
        return sites
    return [
        site_of(store, s, stations, entries, first, until, out) for s, stations, entries in made
    ]


def _span(since: datetime, until: datetime) -> Span:
    return Span(minute_at(since) // 60, minute_at(until) // 60)


def _by_version(
    bureau: str, since: datetime, until: datetime
) -> list[tuple[Mapping[str, MonitorRule], Span]]:
    """Runs of days on which the same versions hold: a new version judges no day before its own."""
    whole = _span(since, until)
    found: list[tuple[Mapping[str, MonitorRule], Span]] = []
    hour = whole.since
    while hour < whole.until:
        end = min(whole.until, (hour // 24 + 1) * 24)
        book = rule_books.book(bureau, day_of(instant(hour * 60)))
        if found and found[-1][0] == book:
            found[-1] = (book, Span(found[-1][1].since, end))
        else:
            found.append((book, Span(hour, end)))
        hour = end
    return found


def _number(by: Actor) -> int:
    """Taken before what stands is read: two runs at once do not both find the same new."""
    return take(Bureau.objects.get(code=by.bureau), "OJ", models.JudgingRun)


def _run(
    number: int,
    by: Actor,
    at: datetime,
    since: datetime,
    until: datetime,
    books: Iterable[Mapping[str, MonitorRule]],
    sites: int,
    counts: tuple[int, int, int],
    *,
    is_replay: bool = False,
) -> models.JudgingRun:
    versions = sorted({f"{rule.id}/{rule.version}" for book in books for rule in book.values()})
    return models.JudgingRun.objects.create(
        ref=f"JR{by.bureau}-{number}",
        bureau=Bureau.objects.get(code=by.bureau),
        since=since,
        until=until,
        is_replay=is_replay,
        versions=versions,
        sites=sites,
        found=counts[0],
        new=counts[2],
        guarded=counts[1],
        by_ref=by.ref,
        by_name=by.name,
        at=at,
    )


def _unknown(wanted: Mapping[str, RuleEvent], bureau: str) -> dict[str, RuleEvent]:
    """Events that do not stand on record yet; one withdrawn before may come back."""
    standing = models.RuleFinding.objects.filter(bureau__code=bureau, withdrawal=None)
    rows = standing.filter(digest__in=list(wanted))
    known = set(rows.values_list("digest", flat=True))
    return {found: event for found, event in wanted.items() if found not in known}


def _taken_up(new: Mapping[str, RuleEvent], by: Actor, at: datetime) -> dict[str, str]:
    """The clue that each new event became or was merged into; what only hints becomes none."""
    hints = {rule.id for rule in rule_books.versions(by.bureau) if not rule.is_clue}
    taken = {
        found: take_up_event(event, by=by, at=at)
        for found, event in sorted(new.items(), key=_in_time)
        if event.rule not in hints
    }
    for found, ref in taken.items():
        bring_back(models.Clue.objects.get(ref=ref, bureau__code=by.bureau), found, by=by, at=at)
    return taken


def _keep(
    run: models.JudgingRun,
    wanted: Mapping[str, RuleEvent],
    new: Mapping[str, RuleEvent],
    since: datetime,
    until: datetime,
    clues: Mapping[str, str],
) -> set[str]:
    """New events are written; those of the window that are found no more are withdrawn.

    Returns the clues that what was withdrawn had become.
    """
    first = take(run.bureau, "OF", models.RuleFinding, len(new))
    rows = [
        _finding(run, event, found, place, clues.get(found, ""))
        for place, (found, event) in enumerate(sorted(new.items(), key=_in_time), first)
    ]
    gone: set[str] = set()
    standing = models.RuleFinding.objects.filter(bureau=run.bureau, withdrawal=None)
    for old in standing.filter(ended_at__gt=since, started_at__lt=until):
        if old.digest not in wanted:
            heir = next((row for row in rows if _is_heir(row, old)), None)
            models.FindingWithdrawal.objects.create(finding=old, run=run, replaced_by=heir)
            gone.add(old.clue)
    return gone


def _in_time(pair: tuple[str, RuleEvent]) -> tuple[datetime, str]:
    return pair[1].started_at, pair[0]


def _is_heir(row: models.RuleFinding, old: models.RuleFinding) -> bool:
    same = (row.subject_id, row.rule, row.outlet, row.factor) == (
        old.subject_id,
        old.rule,
        old.outlet,
        old.factor,
    )
    return same and row.started_at < old.ended_at and old.started_at < row.ended_at


def _finding(
    run: models.JudgingRun, event: RuleEvent, found: str, number: int, clue: str
) -> models.RuleFinding:
    share = event.completeness
    return models.RuleFinding.objects.create(
        ref=f"RE{run.bureau.code}-{number}",
        bureau=run.bureau,
        subject=Subject.objects.get(ref=event.subject, bureau=run.bureau),
        run=run,
        rule=event.rule,
        rule_version=event.rule_version,
        outlet=event.outlet,
        factor=event.factor,
        started_at=event.started_at,
        ended_at=event.ended_at,
        severity=event.severity,
        completeness=f"{share.numerator}/{share.denominator}",
        thresholds=[[name, value] for name, value in event.thresholds.items()],
        inputs=[[name, value] for name, value in event.inputs.items()],
        guards=[[guard.guard, guard.holds, guard.says] for guard in event.guards],
        says=event.says[:1000],
        digest=found,
        clue=clue,
    )


def _keep_guarded(run: models.JudgingRun, guarded: Sequence[GuardedAway]) -> None:
    marks = {digest(_form(one)): one for one in guarded}
    rows = models.GuardedFinding.objects.filter(bureau=run.bureau, digest__in=list(marks))
    known = set(rows.values_list("digest", flat=True))
    fresh = {mark: one for mark, one in marks.items() if mark not in known}
    for mark, one in sorted(fresh.items(), key=lambda pair: (pair[1].started_at, pair[0])):
        models.GuardedFinding.objects.create(
            bureau=run.bureau,
            subject=Subject.objects.get(ref=one.subject, bureau=run.bureau),
            run=run,
            rule=one.rule,
            rule_version=one.rule_version,
            outlet=one.outlet,
            factor=one.factor,
            started_at=one.started_at,
            ended_at=one.ended_at,
            guard=one.guard.guard,
            says=one.guard.says[:300],
            digest=mark,
        )


def _form(one: GuardedAway) -> Canonical:
    return {
        "rule": one.rule,
        "version": one.rule_version,
        "subject": one.subject,
        "outlet": one.outlet,
        "factor": one.factor,
        "started_at": one.started_at.isoformat(),
        "ended_at": one.ended_at.isoformat(),
        "guard": one.guard.guard,
        "says": one.guard.says,
    }


def _note(run: models.JudgingRun, by: Actor, at: datetime) -> None:
    data: dict[str, Canonical] = {
        "since": run.since.isoformat(),
        "until": run.until.isoformat(),
        "found": run.found,
        "new": run.new,
        "is_replay": int(run.is_replay),
        "versions": digest(run.versions),
    }
    audit.append(EventKind.RULES_JUDGED, about=run.ref, by=by, at=at, data=data)
