"""Before the freeze: can every draw these lists allow be given teams, and its substitutes too?

Nobody knows yet who will be drawn, so demand is counted at its worst: a group of objects that the
same people may visit can have at most min(k, its size) of every stratum drawn (DR1 §2.10, §4).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from gongchou.core.canon import hash_of
from gongchou.core.draw import drawn_count, joint_count, outcome_of_seed, visit_parts
from gongchou.core.draw_values import Announcement, InspectorRow, RosterRow, Rosters
from gongchou.core.pairing import NoTeam, Part, assign

TRIALS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortage:
    """A group of objects whose seats can outnumber the people who may take them."""

    area: str
    specialty: str
    seats: int
    room: int
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Feasibility:
    """What can be said before the draw.

    `certain`: every possible draw has teams. `shortages`: draws that are possible and have none.
    `failed` of `tried` trial draws had none. `late`: groups where an excused object's substitute
    might find nobody with room, since nobody is moved for it.
    """

    certain: bool
    shortages: tuple[Shortage, ...]
    tried: int
    failed: int
    late: tuple[Shortage, ...]

    @property
    def is_ready(self) -> bool:
        """Whether to freeze: nothing speaks against teams for the draw itself."""
        return self.certain or not (self.shortages or self.failed)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """Objects that look alike to inspectors: one row for all, and how many may be drawn."""

    row: RosterRow
    most: int
    parts: tuple[Part, ...]


def _most(announcement: Announcement, rosters: Rosters, pids: set[str]) -> int:
    """The most of these objects that one draw can hold."""
    sizes, inside = defaultdict[str, int](int), defaultdict[str, int](int)
    for row in rosters.subjects:
        sizes[row.stratum] += 1
        inside[row.stratum] += row.pid in pids
    rates = announcement.rates
    return sum(min(drawn_count(rates[s], sizes[s]), n) for s, n in inside.items())


def _groups(announcement: Announcement, rosters: Rosters) -> list[_Group]:
    barred = defaultdict[str, set[str]](set)
    for avoidance in rosters.avoid:
        barred[avoidance.pid].add(avoidance.iid)
    alike = defaultdict[tuple[object, ...], list[RosterRow]](list)
    can_join = announcement.joint_share[0] > 0
    for row in rosters.subjects:
        is_joint = can_join and len(row.items) >= 2
        alike[row.area, row.specialty, frozenset(barred[row.pid]), is_joint].append(row)
    found = []
    for (_, _, _, joint), rows in alike.items():
        parts = tuple(visit_parts(announcement, rosters, rows[0], bool(joint)))
        most = _most(announcement, rosters, {row.pid for row in rows})
        if most:
            found.append(_Group(row=rows[0], most=most, parts=parts))
    return found


def _rooms(people: Sequence[InspectorRow], who: Sequence[int]) -> list[int]:
    return [max(0, people[i].cap - people[i].load) for i in who]


def _shortages(
    announcement: Announcement, rosters: Rosters, groups: Sequence[_Group]
) -> list[Shortage]:
    """Groups that alone can outgrow their people: seats in all, and seats for experts."""
    whole = _most(announcement, rosters, {row.pid for row in rosters.subjects})
    most_joint = joint_count(announcement.joint_share, whole)
    found = []
    for group in groups:
        for part, limit in zip(group.parts, (whole, most_joint), strict=False):
            times, expert = min(group.most, limit), [i for i in part.eligible if i in part.expert]
            for who, seats, what in (
                (part.eligible, part.need, "检查人员"),
                (expert, part.experts, "专业对口的检查人员"),
            ):
                rooms = _rooms(rosters.inspectors, who)
                if sum(min(room, times) for room in rooms) < times * seats:
                    found.append(_shortage(group.row, rooms, times, times * seats, what))
    return found


def _shortage(row: RosterRow, rooms: Sequence[int], times: int, wanted: int, what: str) -> Shortage:
    where = f"片区“{row.area}”" + (f"、专长“{row.specialty}”" if row.specialty else "")
    room = sum(min(one, times) for one in rooms)
    return Shortage(
        area=row.area,
        specialty=row.specialty,
        seats=wanted,
        room=room,
        says=f"{where}的对象最多可能有 {times} 家需要同一组织派人，共需{what} {wanted} 人次；"
        f"可派的只有 {len(rooms)} 人，合计只能承担 {room} 人次。",
    )


def _is_certain(groups: Sequence[_Group], people: Sequence[InspectorRow]) -> bool:
    """Teams exist even if every group reached its most at once; fewer parts only make it easier."""
    parts = [part for group in groups for _ in range(group.most) for part in group.parts]
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


def _late(announcement: Announcement, rosters: Rosters, groups: Sequence[_Group]) -> list[Shortage]:
    """Groups whose substitute might find all seats' people full, however the loads lie."""
    found = []
    for group in groups:
        for part in group.parts:
            areas = {area for i in part.eligible for area in rosters.inspectors[i].areas}
            near = {row.pid for row in rosters.subjects if row.area in areas}
            others = max(0, _most(announcement, rosters, near) - 1)
            expert = [i for i in part.eligible if i in part.expert]
            for who, seats in ((list(part.eligible), part.need), (expert, part.experts)):
                rooms = sorted(_rooms(rosters.inspectors, who))
                if not _always_free(rooms, seats, others, part.need):
                    found.append(_late_shortage(group.row, rooms, seats, others * part.need))
    return found


def _always_free(rooms: Sequence[int], seats: int, others: int, need: int) -> bool:
    """Whether `seats` of these people have room after `others` visits of `need` seats each."""
    if seats == 0:
        return True
    never_full = sum(room > others for room in rooms)
    to_fill = len(rooms) - seats + 1
    return never_full >= seats or (to_fill > 0 and sum(rooms[:to_fill]) > others * need)


def _late_shortage(row: RosterRow, rooms: Sequence[int], seats: int, taken: int) -> Shortage:
    return Shortage(
        area=row.area,
        specialty=row.specialty,
        seats=taken + seats,
        room=sum(rooms),
        says=f"片区“{row.area}”、专长“{row.specialty or '不限'}”的对象补抽时，"
        f"可派的 {len(rooms)} 人可能已无余量（合计余量 {sum(rooms)} 人次，"
        f"其他检查最多占用 {taken} 人次）。"
        "请提高次数上限，以免补抽时无人可派。",
    )


def check_feasibility(
    announcement: Announcement, rosters: Rosters, *, trials: int = TRIALS
) -> Feasibility:
    """Whether teams exist whatever is drawn. Call it before the lists are frozen and announced.

    Where that cannot be proved, `trials` draws under seeds made of the lists' own roots are tried;
    they say nothing about the real draw, whose shares do not exist yet.
    """
    groups = _groups(announcement, rosters)
    people = rosters.inspectors
    certain = _is_certain(groups, people)
    shortages = [] if certain else _shortages(announcement, rosters, groups)
    tried = failed = 0
    if not certain and not shortages:
        tried, failed = trials, _failures(announcement, rosters, trials)
    return Feasibility(
        certain=certain,
        shortages=tuple(shortages),
        tried=tried,
        failed=failed,
        late=tuple(_late(announcement, rosters, groups)),
    )


def _failures(announcement: Announcement, rosters: Rosters, trials: int) -> int:
    hash_, failed = hash_of(announcement.hash), 0
    for trial in range(trials):
        try:
            outcome_of_seed(announcement, rosters, hash_(f"TEST {trial}".encode()))
        except NoTeam:
            failed += 1
    return failed


def first_relief(
    announcement: Announcement,
    rosters: Rosters,
    neighbours: Mapping[str, Sequence[str]],
) -> str | None:
    """The mildest change that would make teams possible, in the policy's order; None where none.

    Never fewer than the required cards and never a broken avoidance: only caps, areas, people of
    an organisation that has no part of its own, and the bound on experts. `neighbours` names the
    patrol areas next to each. A change is a new announcement before the draw.
    """
    used, team = {announcement.team.org, announcement.joint.org}, announcement.team.org
    people = rosters.inspectors
    plain = replace(announcement, team=replace(announcement.team, experts=0))
    reliefs = [
        (
            "将检查人员的次数上限各提高 1 次",
            announcement,
            [replace(p, cap=p.cap + 1) for p in people],
        ),
        ("请邻近片区的检查人员支援", announcement, [_wider(p, neighbours) for p in people]),
        (
            "请其他科室、队伍的专业人员支援",
            announcement,
            [p if p.org in used else replace(p, org=team) for p in people],
        ),
        ("不要求专业对口", plain, list(people)),
    ]
    for says, eased, changed in reliefs:
        if check_feasibility(eased, replace(rosters, inspectors=tuple(changed))).is_ready:
            return f"{says}后即可组成检查组；须作为新的公告重新冻结。"
    return None


def _wider(person: InspectorRow, neighbours: Mapping[str, Sequence[str]]) -> InspectorRow:
    more = {near for area in person.areas for near in neighbours.get(area, ())}
    return replace(person, areas=tuple(sorted({*person.areas, *more})))
