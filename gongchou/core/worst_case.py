"""The hardest selection that a draw may make: can its teams still be filled?

Nobody knows yet who is drawn. Seats of a part that nobody outside a set W of people can take must
be taken by W. Teams exist for every selection if and only if for every W the most such seats that
one selection can hold do not exceed the room of W (max-flow min-cut over `pairing`'s parts, then
the maximum over selections). Sets are searched by branch and bound; everything is exact.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from gongchou.core.pairing import Part

EFFORT = 2_000_000  # looks at a demand; beyond them nothing is claimed


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """`size` objects of a stratum whose parts are alike: the same people may take their seats."""

    stratum: str
    size: int
    part: Part


@dataclass(frozen=True, slots=True, kw_only=True)
class Overload:
    """A selection that no teams can serve.

    `seats` can only be taken by `people`, who have `room` together; `drawn` says how many objects
    of which demand (by its place) make these seats.
    """

    seats: int
    room: int
    people: tuple[int, ...]
    drawn: Mapping[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """`is_settled` without `overload`: proved. Not settled: the search was given up."""

    is_settled: bool
    overload: Overload | None = None


@dataclass(frozen=True, slots=True)
class _Seats:
    place: int
    stratum: str
    size: int
    need: int
    plain_seats: int
    experts: int
    plains: int

    @property
    def people(self) -> int:
        return self.experts | self.plains

    def bound_to(self, who: int) -> int:
        """Seats of one such part that only people of `who` can take."""
        experts, plains = (self.experts & ~who).bit_count(), (self.plains & ~who).bit_count()
        return max(0, self.need - experts - min(self.plain_seats, plains))


@dataclass(slots=True)
class _Search:
    """The demands that share people, the limits of one selection, and the effort left."""

    demands: Sequence[_Seats]
    limits: Mapping[str, int]
    whole: int
    rooms: Sequence[int]
    left: int
    kinds: dict[int, int] = field(default_factory=dict)

    def room(self, who: int) -> int:
        return sum(self.rooms[i] for i in _members(who))

    def hardest(self, who: int) -> tuple[int, int, dict[int, int]]:
        """The most seats of one selection bound to `who`, who they concern, and what is drawn."""
        self.left -= len(self.demands)
        bound = [(seats, one) for one in self.demands if (seats := one.bound_to(who))]
        taken, drawn, total, people = Counter[str](), dict[int, int](), 0, 0
        rest = self.whole
        for seats, one in sorted(bound, key=lambda pair: -pair[0]):
            people |= one.people
            times = min(one.size, self.limits[one.stratum] - taken[one.stratum], rest)
            if times > 0:
                taken[one.stratum] += times
                rest -= times
                drawn[one.place] = times
                total += times * seats
        return total, people, drawn

    def overload(self) -> Overload | None:
        """Depth first over who is inside W; without a find all sets were looked at or excluded."""
        everybody = 0
        for one in self.demands:
            everybody |= one.people
        stack = [(0, everybody)]
        while stack and self.left > 0:
            inside, open_ = stack.pop()
            seats, people, drawn = self.hardest(inside | open_)
            if seats <= self.room(inside):
                continue
            undecided = open_ & people
            if seats > self.room(inside | undecided):
                who = inside | undecided
                return Overload(
                    seats=seats, room=self.room(who), people=tuple(_members(who)), drawn=drawn
                )
            stack += self._branches(inside, undecided)
        return None

    def _branches(self, inside: int, undecided: int) -> Iterator[tuple[int, int]]:
        """One person in, or out together with all who are alike and have no less room."""
        i = min(_members(undecided), key=lambda i: (-self.rooms[i], i))
        alike = [j for j in _members(undecided) if self.kinds[j] == self.kinds[i]]
        first = min(alike, key=lambda j: (self.rooms[j], j))
        yield inside | 1 << first, undecided & ~(1 << first)
        yield inside, undecided & ~sum(1 << j for j in alike)


def _members(who: int) -> Iterator[int]:
    while who:
        low = who & -who
        yield low.bit_length() - 1
        who ^= low


def _mask(people: Iterator[int]) -> int:
    return sum(1 << i for i in people)


def _seats(place: int, demand: Demand) -> _Seats:
    part = demand.part
    return _Seats(
        place=place,
        stratum=demand.stratum,
        size=demand.size,
        need=part.need,
        plain_seats=part.need - part.experts,
        experts=_mask(iter(part.expert)),
        plains=_mask(i for i in part.eligible if i not in part.expert),
    )


def _together(demands: Sequence[_Seats]) -> list[list[_Seats]]:
    """Demands that share people, directly or through others: no overload needs more than one."""
    found: list[tuple[int, list[_Seats]]] = []
    for one in demands:
        mask, group, apart = one.people, [one], []
        for people, others in found:
            if people & one.people:
                mask, group = mask | people, group + others
            else:
                apart.append((people, others))
        found = [*apart, (mask, group)]
    return [group for _, group in found]


def _kinds(demands: Sequence[_Seats], count: int) -> dict[int, int]:
    """People who stand alike in every demand have the same number."""
    seen: dict[tuple[int, ...], int] = {}
    marks = {
        i: tuple((one.experts >> i & 1) + 2 * (one.plains >> i & 1) for one in demands)
        for i in range(count)
    }
    return {i: seen.setdefault(mark, len(seen)) for i, mark in marks.items()}


def settle(
    demands: Sequence[Demand],
    *,
    limits: Mapping[str, int],
    whole: int,
    rooms: Sequence[int],
    effort: int = EFFORT,
) -> Verdict:
    """Whether every selection finds its teams, or one that does not.

    `limits` are the most objects of each stratum and `whole` of all that one selection takes;
    `rooms` the visits that each person can still take. Given up after `effort` looks.
    """
    all_seats, left = [_seats(place, demand) for place, demand in enumerate(demands)], effort
    for group in _together(all_seats):
        kinds = _kinds(group, len(rooms))
        search = _Search(group, limits, whole, rooms, left, kinds)
        found = search.overload()
        if found is not None:
            return Verdict(is_settled=True, overload=found)
        left = search.left
        if left <= 0:
            return Verdict(is_settled=False)
    return Verdict(is_settled=True)
