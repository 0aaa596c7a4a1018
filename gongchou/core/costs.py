"""What each limit on teams costs in probability, counted exactly over the frozen lists (DR1 §4).

A visit that `e` people may make takes each of them with chance need/e before loads are looked at:
their tickets are alike. A limit that bars some gives their chance to the others. Each limit is
weighed with all the others in force: what it alone bars, and how far it lifts the rest at most.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from gongchou.core.draw_values import Announcement, InspectorRow, RosterRow, Rosters
from gongchou.core.terms import RecusalReason

Bar = Callable[[InspectorRow, RosterRow], bool]
ONE = Fraction(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """A limit: objects and (person, object) pairs it bars, and the greatest rise of a chance."""

    name: str
    objects: int
    pairs: int
    before: Fraction
    after: Fraction

    @property
    def says(self) -> str:
        if self.objects == 0:
            return "没有改变任何人的机会"
        return (
            f"涉及 {self.objects} 家，排除 {self.pairs} 个“人员—对象”组合；影响最大的一家，"
            f"其余每人被派去的机会由 {_said(self.before)} 升为 {_said(self.after)}"
        )


def _said(chance: Fraction) -> str:
    return "1" if chance == 1 else f"{chance.numerator}/{chance.denominator}"


def _bars(rosters: Rosters) -> dict[str, Bar]:
    repeats = {(a.iid, a.pid) for a in rosters.avoid if a.reason == RecusalReason.REPEAT.value}
    declared = {(a.iid, a.pid) for a in rosters.avoid} - repeats
    return {
        "片区": lambda person, row: row.area not in person.areas,
        "申报回避": lambda person, row: (person.iid, row.pid) in declared,
        "近期查过不再派": lambda person, row: (person.iid, row.pid) in repeats,
        "次数上限": lambda person, row: person.load >= person.cap,
    }


def _chance(need: int, people: int) -> Fraction:
    return min(ONE, Fraction(need, people)) if people else Fraction(0)


def _weighed(
    name: str, rosters: Rosters, people: Sequence[InspectorRow], need: int
) -> Iterator[tuple[int, Fraction, Fraction]]:
    """For each object the limit touches: whom it alone bars, the chance without it and with it."""
    bars = _bars(rosters)
    mine, others = bars.pop(name), list(bars.values())
    for row in rosters.subjects:
        without = [p for p in people if not any(bar(p, row) for bar in others)]
        barred = sum(mine(p, row) for p in without)
        if barred:
            left = len(without) - barred
            yield barred, _chance(need, len(without)), _chance(need, left)


def _expertise(
    announcement: Announcement, rosters: Rosters, people: Sequence[InspectorRow]
) -> Iterator[tuple[int, Fraction, Fraction]]:
    """Seats kept for experts: who is one gains at the least experts/x, the others lose."""
    team, bars = announcement.team, list(_bars(rosters).values())
    for row in rosters.subjects if team.experts else ():
        may = [p for p in people if not any(bar(p, row) for bar in bars)]
        expert = sum(row.specialty in p.specialties for p in may)
        plain, kept = _chance(team.need, len(may)), _chance(team.experts, expert)
        barred = len(may) - expert if team.experts == team.need else 0
        if kept > plain or barred:
            yield barred, plain, max(plain, kept)


def _summed(name: str, found: Sequence[tuple[int, Fraction, Fraction]]) -> Cost:
    none = (0, Fraction(0), Fraction(0))
    _, before, after = max(found, key=lambda one: one[2] - one[1], default=none)
    pairs = sum(barred for barred, _, _ in found)
    return Cost(name=name, objects=len(found), pairs=pairs, before=before, after=after)


def costs(announcement: Announcement, rosters: Rosters) -> tuple[Cost, ...]:
    """Every limit on the leading team, in the order in which they are told."""
    team = announcement.team
    people = [person for person in rosters.inspectors if person.org == team.org]
    found = [_summed(n, list(_weighed(n, rosters, people, team.need))) for n in _bars(rosters)]
    return (*found, _summed("专长席位", list(_expertise(announcement, rosters, people))))
