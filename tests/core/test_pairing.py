"""Teams: lawful always, loads as even as can be, and no team only where none exists."""

import random
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongchou.core.canon import HASHES
from gongchou.core.pairing import NoTeam, Part, assign, fill_late, fill_place

SHA256 = HASHES["sha256"]


def tickets(text):
    return SHA256(b"key" + text.encode())


def make_part(need=2, experts=0, eligible=(0, 1, 2), expert=()):
    return Part(need=need, experts=experts, eligible=tuple(eligible), expert=frozenset(expert))


@st.composite
def instances(choose, most_experts=2):
    """Small bureaus: up to five people, six parts; many of them cannot be met."""
    chance = random.Random(choose(st.integers(0, 10**6)))
    people = range(chance.randint(1, 5))
    parts = []
    for _ in range(chance.randint(1, 6)):
        need = chance.randint(1, 2)
        eligible = [i for i in people if chance.random() < 0.75]
        expert = [i for i in eligible if chance.random() < 0.6]
        parts.append(make_part(need, chance.randint(0, min(need, most_experts)), eligible, expert))
    loads = [chance.randint(0, 2) for _ in people]
    return parts, loads, [chance.randint(1, 6) for _ in people]


def reachable_loads(parts, loads, caps):
    """Every load vector that some lawful assignment leads to, found by trying all of them."""
    found = {tuple(loads)}
    for part in parts:
        teams = [
            team
            for team in combinations(part.eligible, part.need)
            if len(part.expert.intersection(team)) >= part.experts
        ]
        found = {
            tuple(load + (i in team) for i, load in enumerate(before))
            for before in found
            for team in teams
            if all(before[i] < caps[i] for i in team)
        }
    return found


def squares(loads):
    return sum(load * load for load in loads)


@settings(max_examples=60, deadline=None)
@given(instances())
def test_teams_are_lawful_and_as_even_as_any_can_be(instance):
    parts, loads, caps = instance
    possible = reachable_loads(parts, loads, caps)
    try:
        teams = assign(parts, loads=loads, caps=caps, tickets=tickets)
    except NoTeam:
        assert not possible
        return
    assert teams.loads in possible
    assert squares(teams.loads) == min(map(squares, possible))


@settings(max_examples=60, deadline=None)
@given(instances())
def test_seats_experts_avoidance_and_caps_are_kept(instance):
    parts, loads, caps = instance
    try:
        teams = assign(parts, loads=loads, caps=caps, tickets=tickets)
    except NoTeam:
        return
    served = list(loads)
    for part, team in zip(parts, teams.members, strict=True):
        assert len(set(team)) == len(team) == part.need
        assert set(team) <= set(part.eligible)
        assert len(part.expert.intersection(team)) >= part.experts
        assert list(team) == sorted(team)
        for i in team:
            served[i] += 1
    assert tuple(served) == teams.loads
    assert all(s <= max(c, b) for s, c, b in zip(served, caps, loads, strict=True))


@settings(max_examples=60, deadline=None)
@given(instances(most_experts=0))
def test_where_no_team_exists_the_named_people_have_too_little_room(instance):
    parts, loads, caps = instance
    try:
        assign(parts, loads=loads, caps=caps, tickets=tickets)
    except NoTeam as refusal:
        room = sum(max(0, caps[i] - loads[i]) for i in refusal.people)
        owed = sum(
            max(0, parts[p].need - len(set(parts[p].eligible) - refusal.people))
            for p in refusal.parts
        )
        assert owed > room == refusal.room  # noqa: PT017
        assert not reachable_loads(parts, loads, caps)


def answer(parts, loads, caps):
    """Teams, or who stands in the way, as one comparable value."""
    try:
        return assign(parts, loads=loads, caps=caps, tickets=tickets)
    except NoTeam as refusal:
        return refusal.parts, refusal.people


@settings(max_examples=40, deadline=None)
@given(instances())
def test_the_same_question_has_the_same_answer_whatever_the_order_of_lists(instance):
    parts, loads, caps = instance
    turned = [
        Part(need=p.need, experts=p.experts, eligible=p.eligible[::-1], expert=p.expert)
        for p in parts
    ]
    assert answer(turned, loads, caps) == answer(parts, loads, caps)


def test_the_tests_see_both_outcomes():
    """Guards the tests above: the small bureaus are neither all possible nor all impossible."""
    chance, possible = random.Random(7), 0
    for _ in range(100):
        parts = [
            make_part(eligible=[i for i in range(4) if chance.random() < 0.75]) for _ in range(5)
        ]
        possible += bool(reachable_loads(parts, [0] * 4, [3] * 4))
    assert 10 < possible < 90


def test_a_seat_for_experts_is_kept_for_them():
    parts = [make_part(need=2, experts=1, eligible=range(4), expert=[3]) for _ in range(5)]
    teams = assign(parts, loads=[0] * 4, caps=[9] * 4, tickets=tickets)
    assert all(3 in team for team in teams.members)
    assert teams.loads[3] == 5


def test_a_place_is_handed_on_where_the_only_expert_was_taken():
    parts = [make_part(1, 0, (0, 1)), make_part(1, 0, (0,))]
    for key in range(8):
        teams = assign(
            parts, loads=[0, 0], caps=[1, 1], tickets=lambda t, k=key: SHA256(f"{k}{t}".encode())
        )
        assert teams.members == ((1,), (0,))


def test_who_is_full_already_gets_nothing():
    teams = assign([make_part(1)] * 4, loads=[9, 0, 0], caps=[5, 9, 9], tickets=tickets)
    assert teams.loads == (9, 2, 2)


def test_officers_in_equal_places_are_seated_equally_often():
    counts = [0] * 6
    for key in range(300):
        part = make_part(2, 1, range(6), range(3))
        teams = assign(
            [part],
            loads=[0] * 6,
            caps=[9] * 6,
            tickets=lambda t, k=key: SHA256(f"{k}/{t}".encode()),
        )
        for i in teams.members[0]:
            counts[i] += 1
    assert max(counts[:3]) - min(counts[:3]) < 60
    assert max(counts[3:]) - min(counts[3:]) < 60


def test_a_late_part_moves_nobody_and_takes_the_least_loaded():
    late = fill_late(make_part(2), 7, loads=[3, 1, 2], caps=[9, 9, 9], tickets=tickets)
    assert late.members == ((1, 2),)
    assert late.loads == (3, 2, 3)


def test_a_late_part_without_room_has_no_team():
    with pytest.raises(NoTeam, match="只能再承担 0 次"):
        fill_late(make_part(2), 7, loads=[3, 1, 2], caps=[3, 1, 9], tickets=tickets)


def test_a_late_expert_seat_waits_for_an_expert():
    part = make_part(2, 1, (0, 1, 2), (2,))
    late = fill_late(part, 3, loads=[0, 0, 5], caps=[9, 9, 9], tickets=tickets)
    assert 2 in late.members[0]


def test_an_absent_officer_is_replaced_by_the_least_loaded():
    part = make_part(2, 0, (1, 2, 3))
    chosen = fill_place(part, 4, (1,), loads=[0, 0, 2, 1], caps=[9] * 4, tickets=tickets)
    assert chosen == 3
    with pytest.raises(NoTeam):
        fill_place(part, 4, (1,), loads=[0, 0, 2, 1], caps=[0] * 4, tickets=tickets)
