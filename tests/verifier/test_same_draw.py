"""Core and verifier, written apart, compute the same draw from the same seed, or both find none."""

import random
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from gongchou.core.draw import outcome_of_seed
from gongchou.core.draw_reading import freeze_lists
from gongchou.core.draw_values import AvoidRow, Rate, TeamRule
from gongchou.core.pairing import NoTeam
from gongchou.core.substitution import substitute
from tests.core.draw_samples import make_announcement, make_person, make_reveals, make_row
from verifier import verify_draw


def scarce_bureau(chance):
    """Few people with little room, so that places are handed on, levelled, or not to be had."""
    rows = [
        make_row(
            "sha256",
            i,
            stratum=chance.choice("KG"),
            area=chance.choice(["gx", "lx"]),
            specialty=chance.choice(["air", "water"]),
            items=chance.choice([(), ("A01",), ("A01", "A07")]),
        )
        for i in range(chance.randint(0, 30))
    ]
    people = [
        make_person(
            "sha256",
            i,
            org="kz" if i % 3 == 0 else "zd",
            areas=chance.choice([("gx", "lx"), ("gx", "lx"), ("gx",), ("lx",)]),
            specialties=chance.choice([("air", "water"), ("air",), ("water",), ()]),
            load=chance.randint(0, 3),
            cap=chance.randint(2, 12),
        )
        for i in range(chance.randint(6, 14))
    ]
    pairs = {(chance.choice(people).iid, row.pid) for row in rows[::3]}
    return freeze_lists(
        rows, people, [AvoidRow(iid=i, pid=p, reason="亲属", salt="ab" * 16) for i, p in pairs]
    )


def scarce_announcement(chance, rosters):
    seats = chance.randint(1, 3)
    rates = {s: Rate(num=chance.randint(5, 60), den=100, floor=1) for s in "KG"}
    announcement = make_announcement(rosters, make_reveals(), rates=rates)
    return replace(
        announcement,
        team=TeamRule(org="zd", need=seats, experts=chance.randint(0, seats)),
        joint_share=(chance.randint(0, 120), 100),
    )


def by_core(announcement, rosters, seed, outs):
    """The excuses made, and what the core finds in the form of the record; None where no teams."""
    excuses = []
    try:
        outcome = first = outcome_of_seed(announcement, rosters, seed)
        for k in range(min(outs, len(first.visits))):
            if not outcome.visits:
                break
            excuses.append([outcome.visits[k % len(outcome.visits)].pid, "已注销", "2026-10-20"])
            outcome = substitute(outcome, announcement, rosters, excuses[-1][0])
    except NoTeam:
        return excuses, None
    found = [visit.plain() for visit in outcome.visits], first.sealed, dict(outcome.last)
    return excuses, found


def by_verifier(record):
    try:
        return verify_draw.redraw(record, record["announcement"])
    except verify_draw.Wrong:
        return None


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9), st.integers(0, 4))
def test_both_programs_find_the_same_draw_or_none(number, outs):
    chance = random.Random(number)
    rosters = scarce_bureau(chance)
    announcement, seed = scarce_announcement(chance, rosters), chance.randbytes(32)
    excuses, wanted = by_core(announcement, rosters, seed, outs)
    record = {
        "announcement": announcement.plain(),
        "roster": [row.plain() for row in rosters.subjects],
        "inspectors": [row.plain() for row in rosters.inspectors],
        "avoid": [{"row": row.plain()} for row in rosters.avoid],
        "substitutions": excuses,
        "seed": seed.hex(),
    }
    assert by_verifier(record) == wanted
