"""Sites and enterprises that look alike to the solver, counted instead of listed one by one."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from gongchou.core.caps import CapPlace, CapRule, cap_places
from gongchou.core.plan_report import can_join
from gongchou.core.planmodel import Firm, Group
from gongchou.core.roster import RegisterSnapshot
from gongchou.core.rules import Quota
from gongchou.core.terms import Rotation
from gongchou.core.workdays import Quarter


@dataclass(frozen=True, slots=True, order=True)
class _Kind:
    """What the solver sees of a site; `room` −1 where the rotation sets no limit.

    `tasks` are the places of the further tasks that may draw it.
    """

    quota: str
    can_join: bool
    room: int
    tasks: tuple[int, ...]
    is_drawn: bool


@dataclass(frozen=True, slots=True, order=True)
class _FirmKind:
    """What it sees of an enterprise: its sites of each kind, and the visits it has left."""

    sites: tuple[tuple[_Kind, int], ...]
    room: int


def name_of(quota: Quota) -> str:
    return ".".join(filter(None, (quota.stratum.value, quota.part)))


def gathered(
    parts: Iterable[tuple[Quota, tuple[str, ...]]],
    snapshot: RegisterSnapshot,
    rule: CapRule | None,
    quarter: Quarter,
    *,
    tasks: Sequence[Collection[str]] = (),
) -> tuple[tuple[Group, ...], tuple[Firm, ...]]:
    """The groups of sites and the enterprises that the cap binds, alike ones counted together.

    `tasks` are the sites that each further task may draw.
    """
    kinds = _kinds(parts, snapshot, quarter, tasks)
    if rule is None:
        return _groups(Counter(kinds.values()), None), ()
    places = cap_places(snapshot.subjects, rule, year=quarter.year, on=snapshot.on)
    groups = _groups(Counter(k for ref, k in kinds.items() if places[ref].is_exempt), None)
    firms = []
    for number, (firm, count) in enumerate(sorted(_firms(kinds, places, rule).items())):
        sites = Counter({kind: n * count for kind, n in firm.sites})
        groups += _groups(sites, number)
        firms.append(Firm(count=count, room=firm.room))
    return groups, tuple(firms)


def _kinds(
    parts: Iterable[tuple[Quota, tuple[str, ...]]],
    snapshot: RegisterSnapshot,
    quarter: Quarter,
    tasks: Sequence[Collection[str]],
) -> dict[str, _Kind]:
    subjects = {subject.ref: subject for subject in snapshot.subjects}
    found = {}
    for quota, members in parts:
        for ref in members:
            seen = any(day.year == quarter.year for day in subjects[ref].visited_on)
            once = int(not seen) if quota.rotation is Rotation.YEAR_NO_REPEAT else -1
            found[ref] = _Kind(
                quota=name_of(quota),
                can_join=can_join(subjects[ref], snapshot),
                room=once,
                tasks=tuple(n for n, members in enumerate(tasks) if ref in members),
                is_drawn=not quota.is_offsite,
            )
    return found


def _firms(
    kinds: Mapping[str, _Kind], places: Mapping[str, CapPlace], rule: CapRule
) -> Counter[_FirmKind]:
    sites: dict[str, Counter[_Kind]] = defaultdict(Counter)
    made = {}
    for ref, kind in kinds.items():
        place = places[ref]
        if not place.is_exempt:
            sites[place.owner][kind] += 1
            made[place.owner] = place.made
    return Counter(
        _FirmKind(tuple(sorted(held.items())), max(0, rule.limit - made[owner]))
        for owner, held in sites.items()
    )


def _groups(sizes: Mapping[_Kind, int], firm: int | None) -> tuple[Group, ...]:
    return tuple(
        Group(
            quota=kind.quota,
            size=size,
            can_join=kind.can_join,
            room=None if kind.room < 0 else kind.room,
            firm=firm,
            tasks=kind.tasks,
            is_drawn=kind.is_drawn,
        )
        for kind, size in sorted(sizes.items())
    )
