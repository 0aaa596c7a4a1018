"""Judging as data comes in: what is ripe is judged, and what late data touches is judged again.

A verdict about a day depends on that day, the look-back of its rule and the first hours of the day
after, and on nothing else; so a day touched late has itself, the day before and those that look
back on it judged anew, and in the end all is as if the data had come in order.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from gongchou.core.monitoring.hits import Hit, Judged
from gongchou.core.monitoring.judging import RULES, folded
from gongchou.core.monitoring.moments import HOUR
from gongchou.core.monitoring.rulebook import MonitorRule, RuleBook
from gongchou.core.monitoring.rules.asked import Span
from gongchou.core.monitoring.series import Site

WATERMARK_HOURS = 2
DAY_HOURS = 24


@dataclass(slots=True)
class Watch:
    """One site. `site_now` gives all that is known of it at this moment."""

    book: RuleBook
    site_now: Callable[[], Site]
    _hits: dict[tuple[str, int], list[Hit]] = field(default_factory=dict, init=False)
    _touched: set[int] = field(default_factory=set, init=False)
    _judged_until: int = field(default=-1, init=False)
    _first: int = field(default=-1, init=False)

    def touch(self, hour: int) -> None:
        """Data of this hour has come, in time or late."""
        day = hour // DAY_HOURS
        if self._first >= 0 and day < self._first:
            self._touched |= set(range(day, self._first))
        self._first = day if self._first < 0 else min(day, self._first)
        self._touched.add(day)

    def advance(self, minute: int) -> int:
        """Judge all that is ripe at this minute; returns how many rule-days were judged."""
        until = minute // HOUR - WATERMARK_HOURS
        if until <= 0 or self._first < 0:
            return 0
        site = self.site_now()
        last = (until - 1) // DAY_HOURS
        days = {day for day in self._touched if day <= last}
        if self._judged_until >= 0:
            days |= set(range(self._judged_until // DAY_HOURS, last + 1))
        count = 0
        for id_, rule in self.book.items():
            if id_ not in RULES:
                continue
            for day in sorted(self._depending(days, rule, last)):
                self._judge(site, rule, day, until)
                count += 1
        self._touched = {day for day in self._touched if day >= last}
        self._judged_until = max(self._judged_until, until)
        return count

    def judged(self) -> Judged:
        """Everything said so far."""
        by_rule: dict[str, list[Hit]] = {}
        for (id_, _), hits in sorted(self._hits.items()):
            by_rule.setdefault(id_, []).extend(hits)
        return folded(self.site_now().subject, by_rule, self.book)

    def _judge(self, site: Site, rule: MonitorRule, day: int, until: int) -> None:
        span = Span(day * DAY_HOURS, min(until, (day + 1) * DAY_HOURS))
        self._hits[rule.id, day] = list(RULES[rule.id](site, span, rule))

    def _depending(self, days: set[int], rule: MonitorRule, last: int) -> set[int]:
        """The days themselves and those whose verdicts may depend on them."""
        reach = -(-rule.lookback_hours // DAY_HOURS)
        return {
            day
            for touched in days
            for day in range(max(self._first, touched - 1), min(touched + reach, last) + 1)
        }
