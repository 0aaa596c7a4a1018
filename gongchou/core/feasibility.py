"""Before the freeze: can every draw these lists allow be given teams, and its substitutes too?

Nobody knows yet who will be drawn, so every selection is answered for (DR1 §2.10, §4): quickly
where all groups could reach their most at once, else by the search of `core.worst_case`.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from gongchou.core.canon import hash_of
from gongchou.core.draw import drawn_count, joint_count, outcome_of_seed, visit_parts
from gongchou.core.draw_values import Announcement, InspectorRow, RosterRow, Rosters
from gongchou.core.pairing import NoTeam, Part, assign
from gongchou.core.worst_case import EFFORT, Demand, Overload, settle

TRIALS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortage:
    """Objects whose seats can outnumber the people who may take them; both by their ids."""

    areas: tuple[str, ...]
    sites: tuple[str, ...]
    seats: int
    room: int
    people: tuple[str, ...]
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Feasibility:
    """What can be said before the draw.

    `certain`: every possible draw has teams. `shortages`: draws that are possible and have none.
    Neither: the search was given up. Where it is not certain, `failed` of `tried` trial draws had
    no teams. `late`: groups where an excused object's substitute might find nobody with room, since
    nobody is moved for it.
    """

    certain: bool
    shortages: tuple[Shortage, ...]
    tried: int
    failed: int
    late: tuple[Shortage, ...]

    @property
    def is_open(self) -> bool:
        """Not proved, yet no trial failed: somebody who answers for it may let it be drawn."""
        return not self.certain and self.tried > 0 and self.failed == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """Objects that look alike to inspectors: one row for all, and their number by stratum."""

    row: RosterRow
    pids: tuple[str, ...]
    sizes: Mapping[str, int]
    parts: tuple[Part, ...]


Limits = Mapping[str, int]


def _limits(announcement: Announcement, rosters: Rosters) -> Limits:
    """How many one draw takes of each stratum."""
    sizes = Counter(row.stratum for row in rosters.subjects)
    return {s: drawn_count(announcement.rates[s], n) for s, n in sizes.items()}


def _most(limits: Limits, groups: Iterable[_Group]) -> int:
    """The most objects of these groups that one draw can hold."""
    inside = Counter[str]()
    for group in groups:
        inside.update(group.sizes)
    return sum(min(limits[s], n) for s, n in inside.items())


def _groups(announcement: Announcement, rosters: Rosters, limits: Limits) -> list[_Group]:
    barred = defaultdict[str, set[str]](set)
    for avoidance in rosters.avoid:
        barred[avoidance.pid].add(avoidance.iid)
    alike = defaultdict[tuple[object, ...], list[RosterRow]](list)
    can_join = announcement.joint_share[0] > 0
    for row in rosters.subjects:
        if limits[row.stratum]:
            is_joint = can_join and len(row.items) >= 2
            alike[row.area, row.specialty, frozenset(barred[row.pid]), is_joint].append(row)
    return [
        _Group(
            row=rows[0],
            pids=tuple(row.pid for row in rows),
            sizes=Counter(row.stratum for row in rows),
            parts=tuple(visit_parts(announcement, rosters, rows[0], bool(joint))),
        )
        for (_, _, _, joint), rows in alike.items()
    ]


def _rooms(people: Sequence[InspectorRow], who: Iterable[int]) -> list[int]:
    return [max(0, people[i].cap - people[i].load) for i in who]


def _whole(announcement: Announcement, limits: Limits) -> tuple[int, int]:
    """Visits of one draw, and the joint parts among them."""
    visits = sum(limits.values())
    return visits, joint_count(announcement.joint_share, visits)


def _shortages(
    announcement: Announcement, rosters: Rosters, limits: Limits, groups: Sequence[_Group]
) -> list[Shortage]:
    """Groups that alone can outgrow their people: seats in all, and seats for experts."""
    found = []
    for group in groups:
        for part, limit in zip(group.parts, _whole(announcement, limits), strict=False):
            times = min(_most(limits, [group]), limit)
            expert = [i for i in part.eligible if i in part.expert]
            for who, seats, what in (
                (part.eligible, part.need, "检查人员"),
                (expert, part.experts, "专业对口的检查人员"),
            ):
                rooms = _rooms(rosters.inspectors, who)
                if sum(min(room, times) for room in rooms) < times * seats:
                    ids = [rosters.inspectors[i].iid for i in who]
                    found.append(_shortage(group, rooms, times, seats, (what, ids)))
    return found


def _where(row: RosterRow) -> str:
    return f"片区“{row.area}”" + (f"、专长“{row.specialty}”" if row.specialty else "")


def _shortage(
    group: _Group, rooms: Sequence[int], times: int, seats: int, who: tuple[str, Sequence[str]]
) -> Shortage:
    (what, ids), room = who, sum(min(one, times) for one in rooms)
    return Shortage(
        areas=(group.row.area,),
        sites=group.pids,
        seats=times * seats,
        room=room,
        people=tuple(ids),
        says=f"{_where(group.row)}的对象最多可能有 {times} 家需要同一组织派人，"
        f"共需{what} {times * seats} 人次；"
        f"可派的只有 {len(rooms)} 人，合计只能承担 {room} 人次。",
    )


def _is_certain(limits: Limits, groups: Sequence[_Group], people: Sequence[InspectorRow]) -> bool:
    """Teams exist even if every group reached its most at once; fewer parts only make it easier."""
    parts = [part for g in groups for _ in range(_most(limits, [g])) for part in g.parts]
    try:
        assign(
            parts,
            loads=[person.load for person in people],
            caps=[person.cap for person in people],
            tickets=str.encode,
        )
    except NoTeam:
        return False
    return True


def _settled(
    announcement: Announcement,
    rosters: Rosters,
    limits: Limits,
    groups: Sequence[_Group],
    effort: int,
) -> tuple[bool, list[Shortage]]:
    """Whether the search came to an end, and the selection that it found to have no teams.

    The two parts of a visit are of different organisations: no seat of one can want for a person
    of the other, so each is settled by itself.
    """
    rooms = _rooms(rosters.inspectors, range(len(rosters.inspectors)))
    is_settled = True
    for which, whole in enumerate(_whole(announcement, limits)):
        cases = [(g, s, n) for g in groups if len(g.parts) > which for s, n in g.sizes.items()]
        demands = [Demand(stratum=s, size=n, part=g.parts[which]) for g, s, n in cases]
        found = settle(demands, limits=limits, whole=whole, rooms=rooms, effort=effort)
        is_settled = is_settled and found.is_settled
        if found.overload is not None:
            drawn = [(cases[place][0], n) for place, n in found.overload.drawn.items()]
            return True, [_overload(found.overload, drawn, rosters.inspectors)]
    return is_settled, []


def _overload(
    found: Overload, drawn: Sequence[tuple[_Group, int]], people: Sequence[InspectorRow]
) -> Shortage:
    by_place = Counter[str]()
    for group, n in drawn:
        by_place[_where(group.row)] += n
    said = "，".join(f"{where} {n} 家" for where, n in sorted(by_place.items())[:6])
    return Shortage(
        areas=tuple(sorted({group.row.area for group, _ in drawn})),
        sites=tuple(pid for group, _ in drawn for pid in group.pids),
        seats=found.seats,
        room=found.room,
        people=tuple(people[i].iid for i in found.people),
        says=f"同一次抽取可能同时抽中{said}，其中至少 {found.seats} 个席位"
        f"只能由 {len(found.people)} 人承担，他们合计只能承担 {found.room} 人次。",
    )


def _late(rosters: Rosters, limits: Limits, groups: Sequence[_Group]) -> list[Shortage]:
    """Groups whose substitute might find all seats' people full, however the loads lie."""
    found = []
    for group in groups:
        for part in group.parts:
            areas = {area for i in part.eligible for area in rosters.inspectors[i].areas}
            others = max(0, _most(limits, (g for g in groups if g.row.area in areas)) - 1)
            expert = [i for i in part.eligible if i in part.expert]
            for who, seats in ((list(part.eligible), part.need), (expert, part.experts)):
                rooms = sorted(_rooms(rosters.inspectors, who))
                if not _always_free(rooms, seats, others, part.need):
                    ids = tuple(rosters.inspectors[i].iid for i in who)
                    found.append(_late_shortage(group, rooms, seats, others * part.need, ids))
    return found


def _always_free(rooms: Sequence[int], seats: int, others: int, need: int) -> bool:
    """Whether `seats` of these people have room after `others` visits of `need` seats each."""
    if seats == 0:
        return True
    never_full = sum(room > others for room in rooms)
    to_fill = len(rooms) - seats + 1
    return never_full >= seats or (to_fill > 0 and sum(rooms[:to_fill]) > others * need)


def _late_shortage(
    group: _Group, rooms: Sequence[int], seats: int, taken: int, ids: tuple[str, ...]
) -> Shortage:
    row = group.row
    return Shortage(
        areas=(row.area,),
        sites=group.pids,
        seats=taken + seats,
        room=sum(rooms),
        people=ids,
        says=f"片区“{row.area}”、专长“{row.specialty or '不限'}”的对象补抽时，"
        f"可派的 {len(rooms)} 人可能已无余量（合计余量 {sum(rooms)} 人次，"
        f"其他检查最多占用 {taken} 人次）。"
        "请提高次数上限，以免补抽时无人可派。",
    )


def check_feasibility(
    announcement: Announcement,
    rosters: Rosters,
    *,
    trials: int = TRIALS,
    effort: int = EFFORT,
) -> Feasibility:
    """Whether teams exist whatever is drawn. Call it before the lists are frozen and announced.

    Where they do not, or `effort` does not suffice to settle it, `trials` draws under seeds made of
    their numbers are tried; they say nothing of the real draw, whose shares do not exist yet.
    """
    limits = _limits(announcement, rosters)
    groups = _groups(announcement, rosters, limits)
    certain, shortages = _is_certain(limits, groups, rosters.inspectors), list[Shortage]()
    if not certain:
        shortages = _shortages(announcement, rosters, limits, groups)
    if not certain and not shortages:
        is_settled, shortages = _settled(announcement, rosters, limits, groups, effort)
        certain = is_settled and not shortages
    return Feasibility(
        certain=certain,
        shortages=tuple(shortages),
        tried=0 if certain else trials,
        failed=0 if certain else _failures(announcement, rosters, trials),
        late=tuple(_late(rosters, limits, groups)),
    )


def _failures(announcement: Announcement, rosters: Rosters, trials: int) -> int:
    hash_, failed = hash_of(announcement.hash), 0
    for trial in range(trials):
        try:
            outcome_of_seed(announcement, rosters, hash_(f"TEST {trial}".encode()))
        except NoTeam:
            failed += 1
    return failed
