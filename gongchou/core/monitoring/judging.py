"""All rules over one site, or over many: deterministic, and the same whenever it is done again."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from gongchou.core.monitoring.hits import Hit, Judged, events_of
from gongchou.core.monitoring.rulebook import MonitorRule, RuleBook
from gongchou.core.monitoring.rules import limits, logic, marks, metering, power, still
from gongchou.core.monitoring.rules.asked import Span
from gongchou.core.monitoring.series import Site

Rule = Callable[[Site, Span, MonitorRule], Iterator[Hit]]

RULES: Mapping[str, Rule] = {
    "A01": limits.a01,
    "A02": limits.a02,
    "A03": limits.a03,
    "A04": still.a04,
    "A05": still.a05,
    "A06": still.a06,
    "A07": still.a07,
    "A08": still.a08,
    "A09": logic.a09,
    "A10": logic.a10,
    "A11": marks.a11,
    "A12": marks.a12,
    "A13": marks.a13,
    "A14": marks.a14,
    "A15": marks.a15,
    "A17": marks.a17,
    "E01": power.e01,
    "E02": power.e02,
    "E03": power.e03,
    "E04": metering.e04,
    "E05": metering.e05,
    "E06": metering.e06,
    "E07": metering.e07,
    "E08": metering.e08,
    "E09": metering.e09,
}
ACROSS_SITES = "A16"


def site_hits(site: Site, span: Span, book: RuleBook) -> dict[str, list[Hit]]:
    """What each rule of the book sees on one site in a span."""
    return {id_: list(RULES[id_](site, span, rule)) for id_, rule in book.items() if id_ in RULES}


def judge_site(site: Site, span: Span, book: RuleBook) -> Judged:
    """Events and what guards held back on one site, by rule and time."""
    return folded(site.subject, site_hits(site, span, book), book)


def folded(subject: str, hits: Mapping[str, Iterable[Hit]], book: RuleBook) -> Judged:
    found = [events_of(book[id_], subject, hits[id_]) for id_ in sorted(hits)]
    return Judged(
        tuple(event for one in found for event in one.events),
        tuple(guarded for one in found for guarded in one.guarded),
    )


def judge_across(sites: Sequence[Site], span: Span, book: RuleBook) -> Judged:
    """The rule that compares sites with each other."""
    rule = book.get(ACROSS_SITES)
    if rule is None:
        return Judged((), ())
    by_subject: dict[str, list[Hit]] = {}
    for subject, hit in logic.a16(sites, span, rule):
        by_subject.setdefault(subject, []).append(hit)
    found = [events_of(rule, subject, hits) for subject, hits in sorted(by_subject.items())]
    return Judged(
        tuple(event for one in found for event in one.events),
        tuple(guarded for one in found for guarded in one.guarded),
    )


def region_out(silent: Mapping[str, set[int]], least: int) -> frozenset[int]:
    """Hours in which so many sites were silent at once: the network, not one meter."""
    counts: dict[int, int] = {}
    for hours in silent.values():
        for hour in hours:
            counts[hour] = counts.get(hour, 0) + 1
    return frozenset(hour for hour, count in counts.items() if count >= least)
