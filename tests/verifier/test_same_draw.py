"""Core and verifier, written apart, compute the same draw from the same seed, or both find none."""

import contextlib
import json
import random
import tempfile
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongchou.core.draw import conduct, seed_of
from gongchou.core.draw_reading import avoid_entries, freeze_lists
from gongchou.core.draw_record import build_record
from gongchou.core.draw_values import AvoidRow, Rate, Substitution, TeamRule
from gongchou.core.pairing import NoTeam
from gongchou.core.substitution import substitute
from tests.core.draw_samples import (
    CLOSING,
    make_announcement,
    make_person,
    make_reveals,
    make_row,
)
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


def excused(announcement, rosters, count):
    """Drawn objects excused one after the other, substitutes included; NoTeam where none fits."""
    outcome, found = conduct(announcement, rosters, make_reveals(), CLOSING), []
    for k in range(count):
        if outcome.visits:
            out = outcome.visits[k % len(outcome.visits)].pid
            found.append(Substitution(out=out, reason="已注销", on="2026-10-20"))
            outcome = substitute(outcome, announcement, rosters, out)
    return found


def sound_record(announcement, rosters, count):
    return build_record(
        announcement,
        rosters,
        reveals=make_reveals(),
        closing=CLOSING,
        substitutions=excused(announcement, rosters, count),
    )


def hopeless_record(announcement, rosters, reveals=()):
    """Sound in form, seed and lists, but nobody can have drawn it: no lawful teams exist."""
    reveals = reveals or make_reveals()
    shares = [reveal.share for reveal in reveals]
    return {
        "announcement": announcement.plain(),
        "roster": [row.plain() for row in rosters.subjects],
        "inspectors": [row.plain() for row in rosters.inspectors],
        "reveals": [reveal.plain() for reveal in reveals],
        "closing": CLOSING,
        "seed": seed_of(announcement, CLOSING, shares).hex(),
        "avoid": avoid_entries(announcement.hash, rosters),
        "substitutions": [],
        "visits": [],
        "sealed": "0" * 64,
        "last": dict.fromkeys(announcement.rates, ""),
    }


def answer_of(record, capsys):
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
        json.dump(record, file)
        file.flush()
        status = verify_draw.main([file.name])
    return status, capsys.readouterr().out


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(number=st.integers(0, 10**9), outs=st.integers(0, 4))
def test_both_programs_find_the_same_draw_or_none(capsys, number, outs):
    chance = random.Random(number)
    rosters = scarce_bureau(chance)
    announcement = scarce_announcement(chance, rosters)
    try:
        conduct(announcement, rosters, make_reveals(), CLOSING)
    except NoTeam:
        status, says = answer_of(hopeless_record(announcement, rosters), capsys)
        assert (status, "无人可派" in says) == (1, True)
        return
    with contextlib.suppress(NoTeam):  # a substitute for whom nobody has room makes no record
        record = sound_record(announcement, rosters, outs)
        assert answer_of(record, capsys)[0] == 0
