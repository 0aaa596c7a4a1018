"""Core and verifier of joint draws, written apart, compute the same draw, or both find none."""

import contextlib
import json
import random
import tempfile
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongchou.core.draw_reading import avoid_entries
from gongchou.core.draw_values import Rate, Substitution, TeamRule
from gongchou.core.joint import conduct, seed_of
from gongchou.core.joint_record import after, build_joint_record
from gongchou.core.pairing import NoTeam
from tests.core.draw_samples import CLOSING, make_reveals
from tests.core.joint_samples import make_joint_announcement, make_lists
from verifier import verify_joint

PUBLISHED = Path(__file__).resolve().parents[2] / "docs/spec/draw2.vectors.json"


def answer_of(record, capsys, *options):
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
        json.dump(record, file)
        file.flush()
        status = verify_joint.main([file.name, *options])
    return status, capsys.readouterr().out


def scarce(chance):
    """Few people with little room, so that places are handed on, levelled, or not to be had."""
    lists = [
        replace(
            rosters,
            inspectors=tuple(
                replace(person, cap=chance.randint(2, 12)) for person in rosters.inspectors
            ),
        )
        for rosters in make_lists(chance, people=chance.randint(4, 7))
    ]
    rates = [Rate(num=chance.randint(5, 60), den=100, floor=1) for _ in lists]
    announcement = make_joint_announcement(lists, rates)
    departments = []
    for own in announcement.departments:
        seats = chance.randint(1, 3)
        rule = TeamRule(org=own.team.org, need=seats, experts=chance.randint(0, seats))
        departments.append(replace(own, team=rule))
    return lists, replace(announcement, departments=tuple(departments))


def sound_record(announcement, lists, count):
    outcome, found = conduct(announcement, lists, make_reveals(), CLOSING), []
    for k in range(count):
        if outcome.visits:
            out = outcome.visits[k % len(outcome.visits)].pid
            found.append(Substitution(out=out, reason="已注销", on="2026-10-20"))
            outcome = after(outcome, announcement, lists, [out])
    return build_joint_record(
        announcement, lists, reveals=make_reveals(), closing=CLOSING, substitutions=found
    )


def hopeless_record(announcement, lists):
    """Sound in form, seed and lists, but nobody can have drawn it: no lawful teams exist."""
    shares = [reveal.share for reveal in make_reveals()]
    return {
        "announcement": announcement.plain(),
        "departments": [
            {
                "roster": [row.plain() for row in rosters.subjects],
                "inspectors": [row.plain() for row in rosters.inspectors],
                "avoid": avoid_entries(announcement.hash, rosters),
            }
            for rosters in lists
        ],
        "reveals": [reveal.plain() for reveal in make_reveals()],
        "closing": CLOSING,
        "seed": seed_of(announcement, CLOSING, shares).hex(),
        "substitutions": [],
        "visits": [],
        "sealed": "0" * 64,
        "last": [dict.fromkeys(own.rates, "") for own in announcement.departments],
    }


@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(number=st.integers(0, 10**9), outs=st.integers(0, 4))
def test_both_programs_find_the_same_joint_draw_or_none(capsys, number, outs):
    lists, announcement = scarce(random.Random(number))
    try:
        conduct(announcement, lists, make_reveals(), CLOSING)
    except NoTeam:
        status, says = answer_of(hopeless_record(announcement, lists), capsys)
        assert (status, "无人可派" in says) == (1, True)
        return
    with contextlib.suppress(NoTeam):  # a substitute for whom nobody has room makes no record
        record = sound_record(announcement, lists, outs)
        status, says = answer_of(record, capsys)
        assert status == 0, says


def test_the_published_records_pass_and_a_wrong_anchor_does_not(capsys):
    with PUBLISHED.open(encoding="utf-8") as file:
        found = json.load(file)
    for own in found.values():
        mark, sealed = own["values"]["announcement"], own["values"]["sealed"]
        anchors = ("--announcement", mark, "--sealed", sealed)
        status, says = answer_of(own["record"], capsys, *anchors, "--real")
        assert (status, "未锚定" in says) == (0, False)
        assert answer_of(own["record"], capsys, "--sealed", mark)[0] == 1


def test_a_rehearsal_fails_where_a_real_draw_is_asked_for(capsys):
    lists = make_lists(random.Random(1))
    announcement = make_joint_announcement(lists, draw="TEST-1")
    record = sound_record(announcement, lists, 0)
    assert answer_of(record, capsys)[0] == 0
    status, says = answer_of(record, capsys, "--real")
    assert (status, "演练" in says) == (1, True)
