"""`gongchou offsite judge`: a folder replayed, judged by the rules and scored against its truth."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

from gongchou.core.clue_score import Item, Standing, joined, score
from gongchou.core.clue_terms import ClueOrigin, PollutantFamily
from gongchou.core.clues import ClueRules, channel_of, family_of
from gongchou.core.monitoring.events import GuardedAway, RuleEvent, event_digest
from gongchou.core.monitoring.judging import judge_across, judge_site, region_out
from gongchou.core.monitoring.moments import instant
from gongchou.core.monitoring.rulebook import RuleBook, book_on
from gongchou.core.monitoring.rules.asked import Span, pollutants
from gongchou.core.monitoring.series import HourPoint, Site
from gongchou.core.monitoring.words import OutletKind
from gongchou.law.load import load_clue_rules, load_inlet_rule, load_monitor_rules
from gongchou.offsite.simulator.others import score_others
from gongchou.offsite.simulator.replaying import Replay, open_replay
from gongchou.offsite.simulator.scoring import marked, read_truth, report

SILENT_TOGETHER = 3
SAYS = "模拟数据上的准确率只说明程序正确，不代表实际工作中的准确率；实际准确率只能由核查结果得出。"


def judged_events(replay: Replay) -> tuple[list[RuleEvent], list[GuardedAway], RuleBook]:
    """Every event of a folder; whole units are in memory one at a time."""
    hours = replay.hours()
    span = Span(hours.start, hours.stop)
    book = book_on(load_monitor_rules(), first_day(hours.start))
    out = region_out(replay.silent_hours(), SILENT_TOGETHER)
    events: list[RuleEvent] = []
    guarded: list[GuardedAway] = []
    compared: list[Site] = []
    for site in replay.sites(out):
        found = judge_site(site, span, book)
        events += found.events
        guarded += found.guarded
        compared.append(cut_down(site))
    across = judge_across(compared, span, book)
    return [*events, *across.events], [*guarded, *across.guarded], book


def first_day(hour: int) -> date:
    return (instant(hour * 60) + timedelta(hours=8)).date()


def cut_down(site: Site) -> Site:
    """What the comparison of sites looks at: minute values of emissions to the air."""
    outlets = tuple(
        replace(
            series,
            hours={
                factor: {
                    hour: HourPoint(point.value, point.flag, point.minutes, means=point.means)
                    for hour, point in series.hours[factor].items()
                    if point.is_valid
                }
                for factor in pollutants(series)
            },
            clock={},
        )
        for series in site.outlets
        if series.outlet.kind is not OutletKind.WATER
    )
    return Site(subject=site.subject, outlets=outlets)


def score_of(events: Sequence[RuleEvent]) -> float:
    """The score of clues as the desk prints it, of what goes with the gravest; nobody is known."""
    own = load_clue_rules()
    items = joined([_item(event, own) for event in events], own.before, own.after)
    return float(score(items, Standing(weights={}), own.score).value)


def _item(event: RuleEvent, own: ClueRules) -> Item:
    known = own.rules.get(event.rule)
    family = known.family if known else PollutantFamily.WORKING
    return Item(
        ref=event_digest(event),
        channel=channel_of(ClueOrigin.RULE, event.rule),
        rule=event.rule,
        family=family_of(event.factor, family),
        outlet=event.outlet,
        severity=event.severity,
        started_at=event.started_at,
        ended_at=event.ended_at,
        threshold=timedelta(minutes=known.minutes) if known else None,
        completeness=event.completeness,
        grade=Fraction(1),
    )


def judge_folder(folder: Path) -> dict[str, Any]:
    replay = open_replay(folder)
    events, guarded, book = judged_events(replay)
    violations, decoys, transport = read_truth(folder)
    rows = marked(events, violations, decoys, book)
    units = len(replay.population["units"])
    found = report(rows, violations, decoys, book, units, score_of)
    lost = sum(fault["is_lost"] for fault in transport)
    found["transport"] = {
        "faults": len(transport),
        "accepted_frames": replay.accepted,
        "must_be_quarantined": lost,
        "quarantined": sum(replay.quarantined.values()),
        "by_fault": dict(sorted(replay.quarantined.items())),
    }
    found["guarded_away"] = dict(sorted(Counter(g.rule for g in guarded).items()))
    found["other_sources"] = score_others(
        folder, replay.population, [*violations, *decoys], load_inlet_rule()
    )
    found["confirmed_states"] = replay.confirmed_states
    return {
        "seed": replay.population["seed"],
        "quarter": replay.population["quarter"],
        "days": replay.population["days"],
        "units": units,
        "says": SAYS,
    } | found
