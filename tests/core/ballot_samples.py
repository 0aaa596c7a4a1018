"""Draws by ballot to test with: the same small fictional bureaus, and balls as they fall."""

import random
from copy import deepcopy
from typing import Any

from gongchou.core.ballot import BallotAnnouncement, Ballots, balls_due, roll_head, witness_mark
from gongchou.core.ballot_record import build_ballot_record
from gongchou.core.canon import hash_of
from gongchou.core.draw_values import Rosters, Substitution
from tests.core.draw_samples import make_announcement, make_rosters

SALT = bytes(range(32))
MANNER = "三楼会议室，纪检人员摇号"


def make_ballot(
    rosters: Rosters, profile: str = "sha256", reserve: int = 2, **fields: Any
) -> BallotAnnouncement:
    rules = make_announcement(rosters, [], profile, **fields)
    return BallotAnnouncement(
        rules=rules, roll=roll_head(hash_of(profile), rosters), reserve=reserve, manner=MANNER
    )


def make_ballots(announcement: BallotAnnouncement, rosters: Rosters, seed: int = 1) -> Ballots:
    """Balls drawn without return."""
    chance = random.Random(seed)
    due = balls_due(announcement, rosters)
    size = len(rosters.inspectors)
    return Ballots(
        numbers={s: tuple(chance.sample(range(1, n + 1), k + r)) for s, (n, k, r) in due.items()},
        people=tuple(chance.sample(range(1, size + 1), size)),
    )


def make_witnesses(profile: str = "sha256") -> list[tuple[str, str]]:
    hash_ = hash_of(profile)
    return [
        ("现场监督", witness_mark(hash_, bytes(16), f"U-{n}", name))
        for n, name in enumerate(("周监督", "吴监督"))
    ]


def make_ballot_record(
    profile: str = "sha256", seed: int = 1, n: int = 40, outs: int = 1, **fields: Any
) -> dict[str, Any]:
    """A whole true record with one substitution, freshly copied so that a test may forge it."""
    rosters = make_rosters(profile, n, seed)
    announcement = make_ballot(rosters, profile, **fields)
    ballots = make_ballots(announcement, rosters, seed)

    def record(substitutions: list[Substitution]) -> dict[str, Any]:
        return build_ballot_record(
            announcement,
            rosters,
            ballots,
            salt=SALT,
            witnesses=make_witnesses(profile),
            substitutions=substitutions,
        )

    found: list[Substitution] = []
    for _ in range(outs):
        out = record(found)["visits"][0][0]
        found.append(Substitution(out=out, reason="已注销", on="2026-10-20"))
    return deepcopy(record(found))
