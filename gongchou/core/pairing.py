"""Teams by ticket: draw seat by seat, then level the loads (`docs/spec/draw.md` §4).

People are numbered 0 … in the order of the frozen list, parts in visit order. Everything is exact:
integers and tickets, no solver, so anybody can compute the same teams again.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from gongchou.core.refusals import Infeasible

Chain = dict[int, tuple[int, int] | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The share of one organisation in one team: `need` seats, at least `experts` by experts."""

    need: int
    experts: int
    eligible: tuple[int, ...]
    expert: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Teams:
    """Sorted members of each part, and the load of each person afterwards."""

    members: tuple[tuple[int, ...], ...]
    loads: tuple[int, ...]


class NoTeam(Infeasible):
    """No lawful team exists: `parts` have more seats for `people` alone than these have room.

    `parts` and `people` are numbers, `room` the visits that these people can take together. The
    sentence says how many, never who was drawn: it may be read out before the list is opened.
    `short` leaves out the advice, which holds before the closing value only.
    """

    def __init__(self, parts: frozenset[int], people: frozenset[int], room: int) -> None:
        short = (
            f"{len(parts)} 个检查组中至少有 {room + 1} 个席位只能由 {len(people)} 名人员承担，"
            f"而他们合计只能再承担 {room} 次"
            if people
            else "有检查组的席位没有任何符合组织、片区、专长和回避要求的人员"
        )
        self.short = f"{short}，无法组成检查组。"
        super().__init__(
            f"{self.short}请补充检查人员、提高次数上限或调整片区，作为新的公告重新冻结。"
        )
        self.parts, self.people, self.room = parts, people, room


class Board:
    """Who sits where while teams are made; the parts are numbered from `first`."""

    def __init__(
        self,
        parts: Sequence[Part],
        *,
        loads: Sequence[int],
        caps: Sequence[int],
        tickets: Callable[[str], bytes],
        first: int = 0,
    ) -> None:
        self.parts, self.caps, self.loads, self.first = list(parts), caps, list(loads), first
        self.frozen = tuple(loads)
        self.members: list[list[int]] = [[] for _ in parts]
        self.serves: list[set[int]] = [set() for _ in loads]
        self._tickets, self._known = tickets, dict[tuple[int, int], bytes]()

    def ticket(self, p: int, i: int) -> bytes:
        if (p, i) not in self._known:
            self._known[p, i] = self._tickets(f"{self.first + p}.{i}")
        return self._known[p, i]

    def by_ticket(self, p: int, people: Iterable[int]) -> list[int]:
        return sorted(people, key=lambda i: (self.ticket(p, i), i))

    def has_plain_seat(self, p: int) -> bool:
        """Whether one more member of `p` may be somebody who is no expert."""
        part = self.parts[p]
        plain = sum(i not in part.expert for i in self.members[p])
        return plain < part.need - part.experts

    def may_sit(self, p: int) -> list[int]:
        part, plain = self.parts[p], self.has_plain_seat(p)
        taken = self.members[p]
        return [i for i in part.eligible if i not in taken and (plain or i in part.expert)]

    def has_room(self, i: int) -> bool:
        return self.loads[i] < self.caps[i]

    def blocked(self, parts: Iterable[int], people: Iterable[int]) -> NoTeam:
        """The refusal for seats that only these people could take; their whole room is counted."""
        who = frozenset(people)
        room = sum(max(0, self.caps[i] - self.frozen[i]) for i in who)
        return NoTeam(frozenset(self.first + p for p in parts), who, room)

    def least(self, p: int, people: Iterable[int]) -> int | None:
        """The least loaded of those with room; among equals the smallest ticket of part `p`."""
        free = [i for i in people if self.has_room(i)]
        if not free:
            return None
        lowest = min(self.loads[i] for i in free)
        equals = [i for i in free if self.loads[i] == lowest]
        return equals[0] if len(equals) == 1 else self.by_ticket(p, equals)[0]

    def sit(self, p: int, i: int) -> None:
        self.members[p].append(i)
        self.serves[i].add(p)

    def next_level(self, level: list[int], came: Chain, closed: set[int]) -> list[int]:
        """Everybody first reached by one swap from `level`, in the order of the search."""
        found: list[int] = []
        for x in level:
            for q in sorted(self.serves[x]):
                expert, members = self.parts[q].expert, self.members[q]
                anybody = x not in expert or self.has_plain_seat(q)
                candidates = [
                    j
                    for j in self.parts[q].eligible
                    if j not in came
                    and j not in closed
                    and j not in members
                    and (anybody or j in expert)
                ]
                for j in self.by_ticket(q, candidates):
                    came[j] = (x, q)
                    found.append(j)
        return found

    def search(
        self, start: list[int], wanted: Callable[[int], bool], closed: set[int]
    ) -> tuple[int | None, Chain]:
        """Breadth first over swaps to the first level with somebody wanted, least loaded first."""
        came: Chain = dict.fromkeys(start)
        level = start
        while level:
            found = [j for j in level if wanted(j)]
            if found:
                return min(found, key=lambda j: self.loads[j]), came
            level = self.next_level(level, came, closed)
        return None, came

    def shift(self, last: int, came: Chain) -> int:
        """Hand every place along the chain on; returns the person of level 0, now free."""
        step = came[last]
        while step is not None:
            x, q = step
            self.members[q][self.members[q].index(x)] = last
            self.serves[x].discard(q)
            self.serves[last].add(q)
            last, step = x, came[x]
        return last


def _fill_seat(board: Board, p: int) -> None:
    candidates = board.may_sit(p)
    chosen = board.least(p, candidates)
    if chosen is None:
        found, came = board.search(board.by_ticket(p, candidates), board.has_room, set())
        if found is None:
            parts = {q for i in came for q in board.serves[i]} | {p}
            raise board.blocked(parts, came)
        board.loads[found] += 1
        board.sit(p, board.shift(found, came))
    else:
        board.loads[chosen] += 1
        board.sit(p, chosen)


def _level(board: Board, tickets: Callable[[str], bytes]) -> None:
    loads = board.loads
    people = {i for part in board.parts for i in part.eligible}
    rank = {i: (tickets(f"level.{i}"), i) for i in people}
    closed: set[int] = set()
    while people - closed:
        i = min(people - closed, key=lambda i: (-loads[i], rank[i]))
        bound = loads[i] - 2

        def lighter(j: int, bound: int = bound) -> bool:
            return loads[j] <= bound and board.has_room(j)

        found, came = board.search([i], lighter, closed)
        if found is None:
            closed |= set(came)
        else:
            board.shift(found, came)
            loads[found] += 1
            loads[i] -= 1


def assign(
    parts: Sequence[Part],
    *,
    loads: Sequence[int],
    caps: Sequence[int],
    tickets: Callable[[str], bytes],
) -> Teams:
    """Teams for all parts, in order; NoTeam with the blocking set where none exist.

    `loads` and `caps` count visits of each person; `tickets(text)` is the ticket under the key
    `assign`. The final loads minimise the sum of their squares.
    """
    board = Board(parts, loads=loads, caps=caps, tickets=tickets)
    for p, part in enumerate(parts):
        for _ in range(part.need):
            _fill_seat(board, p)
    _level(board, tickets)
    return Teams(
        members=tuple(tuple(sorted(team)) for team in board.members), loads=tuple(board.loads)
    )


def fill_late(
    part: Part,
    p: int,
    *,
    loads: Sequence[int],
    caps: Sequence[int],
    tickets: Callable[[str], bytes],
) -> Teams:
    """One part filled without moving anybody else: substitutes and reseats (§2.6, §2.10)."""
    board = Board([part], loads=loads, caps=caps, tickets=tickets, first=p)
    for _ in range(part.need):
        chosen = board.least(0, board.may_sit(0))
        if chosen is None:
            raise board.blocked([0], board.may_sit(0))
        board.loads[chosen] += 1
        board.sit(0, chosen)
    return Teams(members=(tuple(sorted(board.members[0])),), loads=tuple(board.loads))


def fill_place(
    part: Part,
    p: int,
    staying: Sequence[int],
    *,
    loads: Sequence[int],
    caps: Sequence[int],
    tickets: Callable[[str], bytes],
) -> int:
    """Who takes the one free seat of part `p` beside those `staying`; NoTeam where nobody may."""
    board = Board([part], loads=loads, caps=caps, tickets=tickets, first=p)
    for i in staying:
        board.sit(0, i)
    chosen = board.least(0, board.may_sit(0))
    if chosen is None:
        raise board.blocked([0], board.may_sit(0))
    return chosen
