"""Whether every selection finds its teams: against trying each selection there is."""

import random
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from itertools import combinations, product

import pytest

from gongchou.core.draw import Rate, TeamRule, drawn_count, joint_count, visit_parts
from gongchou.core.draw_reading import freeze_lists
from gongchou.core.draw_values import Announcement, AvoidRow, InspectorRow, RosterRow, Rosters
from gongchou.core.feasibility import check_feasibility
from gongchou.core.pairing import NoTeam, assign

AREAS, FIELDS, STRATA = ("东", "西"), ("气", "水"), ("key", "special")


def hexed(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def lists(chance: random.Random, rooms: int) -> Rosters:
    subjects = [
        RosterRow(
            pid=f"p{n}",
            commitment=hexed(f"p{n}"),
            stratum=chance.choice(STRATA),
            area=chance.choice(AREAS),
            specialty=chance.choice(FIELDS),
            items=("A", "B")[: chance.choice((1, 2))],
        )
        for n in range(chance.randint(3, 6))
    ]
    people = [
        InspectorRow(
            iid=f"i{n}",
            commitment=hexed(f"i{n}"),
            org="甲" if n < 4 else "乙",
            areas=tuple(sorted(chance.sample(AREAS, chance.choice((1, 2, 2))))),
            specialties=tuple(sorted(chance.sample(FIELDS, chance.choice((1, 2))))),
            load=0,
            cap=chance.randint(1, rooms),
        )
        for n in range(6)
    ]
    barred = [
        AvoidRow(iid=person.iid, pid=row.pid, reason="亲属", salt="0" * 32)
        for person in people
        for row in subjects
        if chance.random() < 0.06
    ]
    return freeze_lists(subjects, people, barred)


def notice(chance: random.Random) -> Announcement:
    rates = {s: Rate(num=chance.randint(1, 3), den=4, floor=chance.randint(0, 1)) for s in STRATA}
    return Announcement(
        draw="TEST-1",
        hash="sha256",
        seq=1,
        prev="0" * 64,
        roster=(0, ""),
        inspectors=(0, ""),
        avoid=(0, ""),
        rates=rates,
        team=TeamRule(org="甲", need=2, experts=chance.randint(0, 2)),
        joint_share=(chance.randint(0, 2), 3),
        joint=TeamRule(org="乙", need=1, experts=chance.randint(0, 1)),
        commits=(),
        closing_rule="d6:25",
        announced="2026-01-05T09:00:00+08:00",
    )


def selections(asked: Announcement, rosters: Rosters) -> Iterator[list[tuple[RosterRow, bool]]]:
    """Every list a draw can give, with every choice of its joint checks."""
    held = [[row for row in rosters.subjects if row.stratum == s] for s in STRATA]
    picks = [
        combinations(rows, drawn_count(asked.rates[s], len(rows)))
        for s, rows in zip(STRATA, held, strict=True)
    ]
    for parts in product(*picks):
        drawn = [row for part in parts for row in part]
        able = [row for row in drawn if len(row.items) >= 2]
        times = min(len(able), joint_count(asked.joint_share, len(drawn)))
        for joint in combinations(able, times):
            yield [(row, row in joint) for row in drawn]


def has_teams(asked: Announcement, rosters: Rosters, drawn: list[tuple[RosterRow, bool]]) -> bool:
    parts = [part for row, joint in drawn for part in visit_parts(asked, rosters, row, joint)]
    loads, caps = zip(*((p.load, p.cap) for p in rosters.inspectors), strict=True)
    try:
        assign(parts, loads=loads, caps=caps, tickets=str.encode)
    except NoTeam:
        return False
    return True


@pytest.mark.parametrize("rooms", [2, 3, 5])
def test_the_verdict_is_that_of_trying_every_selection(rooms):
    seen = set()
    for seed in range(120):
        chance = random.Random(f"{rooms} {seed}")
        rosters, asked = lists(chance, rooms), notice(chance)
        always = all(has_teams(asked, rosters, drawn) for drawn in selections(asked, rosters))
        found = check_feasibility(asked, rosters)
        assert (found.certain, bool(found.shortages)) == (always, not always), (rooms, seed)
        seen.add(always)
    assert seen == {True, False}


def test_an_overload_counts_more_seats_than_room_and_only_its_own_people():
    for seed in range(200):
        chance = random.Random(seed)
        rosters, asked = lists(chance, 2), notice(chance)
        rooms = {person.iid: person.cap - person.load for person in rosters.inspectors}
        for shortage in check_feasibility(asked, rosters).shortages:
            assert shortage.seats > shortage.room
            assert shortage.room <= sum(rooms[iid] for iid in shortage.people)


def test_without_effort_nothing_is_claimed_but_the_trials():
    # Two selections are possible, and each has room; both at once would not have.
    rows = [
        RosterRow(
            pid=f"p{n}", commitment=hexed(f"p{n}"), stratum="key", area=AREAS[n],
            specialty="气", items=("A",),
        )
        for n in range(2)
    ]  # fmt: skip
    people = [
        InspectorRow(
            iid=f"i{n}", commitment=hexed(f"i{n}"), org="甲", areas=tuple(sorted(AREAS)),
            specialties=("气",), load=0, cap=1,
        )
        for n in range(2)
    ]  # fmt: skip
    rosters, chance = freeze_lists(rows, people, []), random.Random(1)
    plain = TeamRule(org="甲", need=2, experts=1)
    asked = notice(chance)
    asked = replace(
        asked, team=plain, rates={"key": Rate(num=1, den=2, floor=0)}, joint_share=(0, 1)
    )
    assert check_feasibility(asked, rosters).certain
    given_up = check_feasibility(asked, rosters, effort=0)
    assert (given_up.certain, given_up.is_open, given_up.tried) == (False, True, 100)
