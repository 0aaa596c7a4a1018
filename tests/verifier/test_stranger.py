"""A thousand draws of all shapes: the product and a stranger write the same bytes."""

import ast
import json
import random
from pathlib import Path

import pytest

from gongchou.core.canon import canon
from gongchou.core.draw_record import build_record
from gongchou.core.draw_values import Substitution
from gongchou.core.pairing import NoTeam
from tests.core.draw_samples import (
    CASES,
    CLOSING,
    EXAMPLES,
    PROFILES,
    make_announcement,
    make_reveals,
    make_rosters,
)
from tests.verifier import stranger
from tests.verifier.test_same_draw import hopeless_record, scarce_announcement, scarce_bureau

SHAPES = 1000


def by_stranger(record) -> bytes | None:
    """What the stranger writes from the inputs of a record; None where it finds no lawful teams."""
    given = {name: record[name] for name in stranger.CHOSEN}
    try:
        made = stranger.record(given, [entry["row"] for entry in record["avoid"]])
    except stranger.Hopeless:
        return None
    return json.dumps(made, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def by_product(announcement, rosters, outs, reveals=()) -> bytes | None:
    gone = [Substitution(out=pid, reason="已注销", on="2026-10-20") for pid in outs]
    try:
        record = build_record(
            announcement,
            rosters,
            reveals=reveals or make_reveals(),
            closing=CLOSING,
            substitutions=gone,
        )
    except NoTeam:
        return None
    return canon(record)


def excused(chance, record) -> list[str]:
    """Up to three of those drawn, who may be excused one after the other."""
    pids = [pid for pid, _ in record["visits"]]
    return chance.sample(pids, min(len(pids), chance.randint(0, 3)))


def imported(path: Path) -> set[str]:
    tree = ast.walk(ast.parse(path.read_text("utf-8")))
    plain = [alias.name for node in tree if isinstance(node, ast.Import) for alias in node.names]
    tree = ast.walk(ast.parse(path.read_text("utf-8")))
    return {*plain, *(node.module for node in tree if isinstance(node, ast.ImportFrom))}


def test_the_stranger_knows_nothing_of_the_project():
    own = Path(stranger.__file__)
    assert imported(own) == {"hashlib", "json"}
    for name in ("stranger_ballot.py", "stranger_joint.py"):
        assert imported(own.with_name(name)) == {"tests.verifier.stranger"}


@pytest.mark.parametrize("profile", PROFILES)
def test_the_stranger_writes_the_published_example(profile):
    assert by_stranger(EXAMPLES[profile]) == canon(EXAMPLES[profile])


def test_the_stranger_writes_every_valid_case():
    valid = [case["record"] for case in CASES if case["ok"]]
    assert len(valid) > 5
    assert all(by_stranger(record) == canon(record) for record in valid)


def test_a_thousand_draws_of_all_shapes_agree_bit_for_bit():
    """Shapes: none to thirty objects, scarce people, uneven loads, joint duty, substitutions."""
    drawn = hopeless = substituted = 0
    for number in range(SHAPES):
        chance = random.Random(10_000 + number)
        rosters = scarce_bureau(chance)
        announcement = scarce_announcement(chance, rosters)
        plain = by_product(announcement, rosters, [])
        outs = excused(chance, json.loads(plain)) if plain else []
        wanted = by_product(announcement, rosters, outs) if outs else plain
        given = json.loads(wanted or plain or canon(hopeless_record(announcement, rosters)))
        given["substitutions"] = [[out, "已注销", "2026-10-20"] for out in outs]
        assert by_stranger(given) == wanted, number
        drawn, hopeless = drawn + bool(wanted), hopeless + (wanted is None)
        substituted += bool(wanted and outs)
    assert (drawn + hopeless, min(drawn, hopeless) > 150, substituted > 100) == (SHAPES, True, True)


@pytest.mark.parametrize("profile", PROFILES)
def test_ample_draws_agree_in_both_profiles(profile):
    for seed in range(10):
        rosters, reveals = make_rosters(profile, 60, seed), make_reveals(seed)
        announcement = make_announcement(rosters, reveals, profile)
        record = build_record(announcement, rosters, reveals=reveals, closing=CLOSING)
        assert by_stranger(record) == canon(record)


def test_the_comparison_would_find_one_changed_bit():
    """The control: a bit of a share, and a visit more on one officer's account."""
    record = {**EXAMPLES["sha256"], "substitutions": []}
    true = json.loads(by_stranger(record))
    flipped = json.loads(canon(record))
    share = bytearray.fromhex(flipped["reveals"][1]["share"])
    share[5] ^= 1
    flipped["reveals"][1]["share"] = share.hex()
    assert json.loads(by_stranger(flipped))["visits"] != true["visits"]
    busier = json.loads(canon(record))
    busier["inspectors"][true["visits"][0][1][0][0]][5] += 9
    assert json.loads(by_stranger(busier))["visits"] != true["visits"]
