"""Joint draws to test with: departments over shared and own sites, of any shape."""

import random
from copy import deepcopy
from typing import Any

from gongchou.core.canon import hash_of
from gongchou.core.draw import head
from gongchou.core.draw_reading import freeze_lists
from gongchou.core.draw_values import AvoidRow, Rate, Rosters, Substitution, TeamRule
from gongchou.core.joint import conduct, seed_commitment
from gongchou.core.joint_record import after, build_joint_record
from gongchou.core.joint_values import Department, JointAnnouncement

from .draw_samples import CLOSING, ZEROS, make_person, make_reveals, make_row

ORGS = ("执法大队", "市场监管", "应急管理")


def make_lists(chance: random.Random, *, sites: int = 24, people: int = 6) -> list[Rosters]:
    """Three departments, each over a random part of the sites, in strata of its own."""
    lists = []
    for d, org in enumerate(ORGS):
        part = [i for i in range(sites) if chance.random() < (1, 0.7, 0.5)[d]]
        rows = [
            make_row(
                "sha256",
                i,
                stratum=f"{'ABC'[d]}{chance.randrange(2)}",
                area=chance.choice(["gx", "lx"]),
                specialty=chance.choice(["air", "water"]),
            )
            for i in part
        ]
        staff = [
            make_person(
                "sha256",
                100 * (d + 1) + i,
                org=org,
                areas=("gx", "lx") if i % 3 else ("gx",),
                specialties=chance.choice([("air", "water"), ("air",), ()]),
                load=chance.randint(0, 2),
                cap=chance.randint(20, 40),
            )
            for i in range(people)
        ]
        avoid = [
            AvoidRow(iid=staff[k].iid, pid=row.pid, reason="亲属", salt="ab" * 16)
            for k, row in enumerate(rows[:2])
        ]
        lists.append(freeze_lists(rows, staff, avoid))
    return lists


def make_joint_announcement(
    lists: list[Rosters], rates: Any = None, profile: str = "sha256", **fields: Any
) -> JointAnnouncement:
    hash_, draw = hash_of(profile), fields.pop("draw", "990173-2026Q4-LH1")
    reveals = fields.pop("reveals", make_reveals())
    needs = fields.pop("needs", [(2, 0), (1, 0), (1, 0)])
    rates = rates or [Rate(num=1, den=d + 2, floor=1) for d in range(len(lists))]
    departments = tuple(
        Department(
            dept=f"99018{d}",
            roster=head(hash_, rosters.subjects),
            inspectors=head(hash_, rosters.inspectors),
            avoid=head(hash_, rosters.avoid),
            rates=dict.fromkeys(sorted({row.stratum for row in rosters.subjects}), rates[d]),
            team=TeamRule(org=ORGS[d], need=needs[d][0], experts=needs[d][1]),
        )
        for d, rosters in enumerate(lists)
    )
    return JointAnnouncement(
        draw=draw,
        hash=profile,
        seq=1,
        prev=ZEROS,
        departments=departments,
        commits=tuple(
            (r.role, seed_commitment(hash_, draw=draw, role=r.role, nonce=r.nonce, share=r.share))
            for r in reveals
        ),
        closing_rule="d6:25 当众投掷",
        announced="2026-10-01T09:00:00+08:00",
    )


def make_joint_record(seed: int = 1, outs: int = 2, **shape: Any) -> dict[str, Any]:
    """A whole true record with substitutions, freshly copied so that a test may forge it."""
    lists, reveals = make_lists(random.Random(seed), **shape), make_reveals(seed)
    announcement = make_joint_announcement(lists, reveals=reveals, needs=[(1, 0)] * 3)
    outcome, excused = conduct(announcement, lists, reveals, CLOSING), []
    for k in range(outs):
        out = outcome.visits[k % len(outcome.visits)].pid
        excused.append(Substitution(out=out, reason="已注销", on="2026-10-20"))
        outcome = after(outcome, announcement, lists, [out])
    record = build_joint_record(
        announcement, lists, reveals=reveals, closing=CLOSING, substitutions=excused
    )
    return deepcopy(record)
