"""N2: one root at the draw, opened visit by visit; nobody guesses it, adds to it, drops from it."""

import hashlib
import json
from itertools import combinations

import pytest

from gongchou.drawing import models, reads
from gongchou.drawing.frozen import thawed
from tests.drawing import ceremony


def h(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def root_of(leaves: list[bytes]) -> str:
    """RFC 9162, written anew: a lone node rises as it is."""
    level = [h(b"\0" + leaf) for leaf in leaves]
    while len(level) > 1:
        pairs = [level[n : n + 2] for n in range(0, len(level), 2)]
        level = [h(b"\1" + two[0] + two[1]) if two[1:] else two[0] for two in pairs]
    return level[0].hex()


@pytest.fixture
def house(stage):
    draw = ceremony.sealed_draw(stage)
    return draw, ceremony.released_visits(stage, draw)


def test_when_all_are_opened_the_leaves_give_the_root_of_the_day_of_the_draw(house):
    draw, visits = house
    leaves = [visit.leaf.encode() for visit in visits]
    assert root_of(leaves) == reads.draw(draw).sealed_root
    other = json.loads(leaves[1])
    other[2] = json.loads(leaves[0])[2]
    forged = json.dumps(other, separators=(",", ":")).encode()
    assert root_of([leaves[0], forged, *leaves[2:]]) != reads.draw(draw).sealed_root
    assert root_of(leaves[:-1]) != reads.draw(draw).sealed_root


def test_who_has_the_whole_roster_and_every_team_still_finds_no_leaf(house):
    """The dictionary: every firm with every pair of officers, but without the salt of the visit.

    The path of the first visit is known, as its enterprise knows it; the neighbour's digest in it
    is what the attacker tries to meet. With the salt the same search finds it: the control.
    """
    draw, visits = house
    frozen = thawed(bytes(models.Draw.objects.get(ref=draw).frozen_body))
    wanted, salt = visits[0].path[0], json.loads(visits[1].leaf)[1]
    officers = range(len(frozen.rosters.inspectors))
    teams = [[list(pair)] for pair in combinations(officers, 2)]
    teams += [[*team, [one]] for team in teams for one in officers]

    def met(guess: str) -> bool:
        return any(
            h(b"\0" + json.dumps([1, guess, pid, team], separators=(",", ":")).encode()).hex()
            == wanted
            for pid in frozen.subjects
            for team in teams
        )

    assert met(salt)
    assert not any(met(guess) for guess in ("", "0" * 64, reads.draw(draw).announcement_digest))
