"""Protocol BL1: numbered balls instead of a seed, the same lists and teams (`docs/spec/ballot.md`).

Rows are numbered from 1 in each stratum, people from 1 in their list. Nothing here is random: the
numbers come from the people in the room.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from gongchou.core import merkle, seal
from gongchou.core.canon import Hash, canon, hash_of, tagged
from gongchou.core.draw import drawn_count, first_numbers, joint_count, seated
from gongchou.core.draw_form import need
from gongchou.core.draw_values import Announcement, DrawnVisit, DrawOutcome, RosterRow, Rosters

VERSION, HIDDEN = "BL1", "BL1/visit"
LEAST_WITNESSES = 2
NOT_ANNOUNCED = {"v", "commits", "closing_rule", "fresh"}


@dataclass(frozen=True, slots=True, kw_only=True)
class BallotAnnouncement:
    """What is fixed before the first ball: `rules` are lists, rates and teams as in DR1."""

    rules: Announcement
    roll: tuple[int, str]
    reserve: int
    manner: str

    def plain(self) -> dict[str, object]:
        held = {k: v for k, v in self.rules.plain().items() if k not in NOT_ANNOUNCED}
        own = {"v": VERSION, "roll": list(self.roll)}
        return {**held, **own, "reserve": self.reserve, "manner": self.manner}

    def digest(self) -> bytes:
        return tagged(hash_of(self.rules.hash), "BL1/announce", canon(self.plain()))


@dataclass(frozen=True, slots=True, kw_only=True)
class RollRow:
    """One ball: its stratum, its number there, the row of the roster it stands for."""

    stratum: str
    number: int
    pid: str

    def plain(self) -> list[object]:
        return [self.stratum, self.number, self.pid]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ballots:
    """The numbers as they came out: of each stratum, and of all people."""

    numbers: Mapping[str, tuple[int, ...]]
    people: tuple[int, ...]

    def plain(self) -> list[object]:
        return [{s: list(held) for s, held in self.numbers.items()}, list(self.people)]


def roll(rosters: Rosters) -> tuple[RollRow, ...]:
    """The numbered roll: strata and ids ascending by code point, numbers from 1 in each stratum."""
    held: dict[str, list[str]] = {}
    for row in rosters.subjects:
        held.setdefault(row.stratum, []).append(row.pid)
    return tuple(
        RollRow(stratum=stratum, number=number, pid=pid)
        for stratum in sorted(held)
        for number, pid in enumerate(sorted(held[stratum]), start=1)
    )


def roll_head(hash_: Hash, rosters: Rosters) -> tuple[int, str]:
    """Size and root (hex) of the roll."""
    leaves = [canon(row.plain()) for row in roll(rosters)]
    return len(leaves), merkle.root(hash_, leaves).hex()


def balls_due(
    announcement: BallotAnnouncement, rosters: Rosters
) -> dict[str, tuple[int, int, int]]:
    """Of each announced stratum, ascending: rows, balls that draw, balls held in reserve."""
    sizes = dict.fromkeys(sorted(announcement.rules.rates), 0)
    for row in rosters.subjects:
        sizes[row.stratum] += 1
    found = {}
    for stratum, n in sizes.items():
        k = drawn_count(announcement.rules.rates[stratum], n)
        found[stratum] = (n, k, min(n - k, announcement.reserve) if k else 0)
    return found


def check_ballots(announcement: BallotAnnouncement, rosters: Rosters, ballots: Ballots) -> None:
    """Invalid with a sentence where the numbers are not what the announcement asks for."""
    due = balls_due(announcement, rosters)
    need(set(ballots.numbers) == set(due), "摇出的号码应恰好列出公告的各层。")
    for stratum, (n, k, r) in due.items():
        _check_numbers(f"层“{stratum}”", ballots.numbers[stratum], n, k + r)
    size = len(rosters.inspectors)
    _check_numbers("人员", ballots.people, size, size)


def _check_numbers(where: str, numbers: Sequence[int], size: int, count: int) -> None:
    need(len(numbers) == count, f"{where}应摇出 {count} 个号，录入了 {len(numbers)} 个。")
    need(len(set(numbers)) == len(numbers), f"{where}的号码有重复。")
    need(all(1 <= number <= size for number in numbers), f"{where}的号码应在 1 至 {size} 之间。")


def seats_of(ballots: Ballots) -> Callable[[str], bytes]:
    """Instead of tickets: the place where a person came out, for the texts `p.i` and `level.i`."""
    places = {number - 1: place for place, number in enumerate(ballots.people)}
    return lambda text: places[int(text.rpartition(".")[2])].to_bytes(4, "big")


def _drawn(order: Mapping[str, tuple[str, ...]], taken: Mapping[str, int]) -> Iterator[str]:
    for stratum in sorted(order):
        yield from order[stratum][: taken[stratum]]


def _joint(rules: Announcement, rows: Sequence[RosterRow]) -> frozenset[str]:
    candidates = [row.pid for row in rows if len(row.items) >= 2]
    return frozenset(candidates[: joint_count(rules.joint_share, len(rows))])


def outcome_of_ballots(
    announcement: BallotAnnouncement, rosters: Rosters, ballots: Ballots, salt: bytes
) -> DrawOutcome:
    """All that the numbers decide; `salt`, 32 bytes, only hides the sealed list.

    Invalid where the numbers do not fit, NoTeam where no lawful teams exist. `order` holds the
    drawn rows and the reserve of each stratum.
    """
    check_ballots(announcement, rosters, ballots)
    rules, due = announcement.rules, balls_due(announcement, rosters)
    by_number = {(row.stratum, row.number): row.pid for row in roll(rosters)}
    order = {s: tuple(by_number[s, n] for n in held) for s, held in ballots.numbers.items()}
    taken = {stratum: k for stratum, (_, k, _) in due.items()}
    rows = {row.pid: row for row in rosters.subjects}
    drawn = [rows[pid] for pid in _drawn(order, taken)]
    visits, teams = seated(
        rules, rosters, drawn, joint=_joint(rules, drawn), tickets=seats_of(ballots)
    )
    leaves = ballot_leaves(rules.hash, salt, visits, ballots)
    return DrawOutcome(
        seed=salt,
        visits=visits,
        order=order,
        taken=taken,
        chances={s: Fraction(k, n) for s, (n, k, _) in due.items() if n},
        last=dict.fromkeys(order, ""),
        loads=teams.loads,
        parts=len(teams.members),
        numbers=first_numbers(visits),
        sealed=seal.sealed_root(hash_of(rules.hash), leaves),
    )


def ballot_leaves(
    profile: str, salt: bytes, visits: Sequence[DrawnVisit], ballots: Ballots
) -> list[bytes]:
    """The leaves of the sealed list, and one more that binds reserve and people's order."""
    hash_ = hash_of(profile)
    leaves = [seal.sealed_leaf(hash_, salt, j, v, tag=HIDDEN) for j, v in enumerate(visits)]
    last = [len(visits), tagged(hash_, HIDDEN, salt, b"numbers").hex(), *ballots.plain()]
    return [*leaves, canon(last)]


def witness_mark(hash_: Hash, salt: bytes, ref: str, name: str) -> str:
    """Hex digest under which a witness stands in the public record."""
    return tagged(hash_, "BL1/witness", salt, canon({"name": name, "ref": ref})).hex()
