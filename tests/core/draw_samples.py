"""Draws to test with: the published vectors, and small fictional draws of any size."""

import json
import random
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

from gongchou.core.canon import hash_of
from gongchou.core.draw import commitment, head, seed_commitment
from gongchou.core.draw_reading import freeze_lists
from gongchou.core.draw_record import build_record
from gongchou.core.draw_values import (
    Announcement,
    AvoidRow,
    InspectorRow,
    Rate,
    Reveal,
    RosterRow,
    Rosters,
    Substitution,
    TeamRule,
)

DATA = Path(__file__).parent / "data"
VECTORS: dict[str, Any] = json.loads((DATA / "draw.vectors.json").read_text(encoding="utf-8"))
EXAMPLES: dict[str, Any] = json.loads((DATA / "draw.example.json").read_text(encoding="utf-8"))
CASES: list[dict[str, Any]] = json.loads((DATA / "draw.cases.json").read_text(encoding="utf-8"))
PROFILES = sorted(VECTORS)
RATES = {"K": Rate(num=25, den=100, floor=1), "G": Rate(num=3, den=100, floor=1)}
ZEROS = "0" * 64


def make_row(profile: str, i: int, **fields: Any) -> RosterRow:
    c = commitment(hash_of(profile), "object", bytes(16), {"name": f"虚构企业{i:05}"})
    ordinary = {"stratum": "G", "area": "gx", "specialty": "air", "items": ("A01", "A07")}
    return RosterRow(**{"pid": c[:22], "commitment": c, **ordinary, **fields})


def make_person(profile: str, i: int, **fields: Any) -> InspectorRow:
    c = commitment(hash_of(profile), "inspector", bytes(16), {"name": f"李执法{i}"})
    ordinary = {"org": "zd", "areas": ("gx",), "specialties": ("air", "water")}
    return InspectorRow(
        **{"iid": c[:22], "commitment": c, "load": 0, "cap": 99, **ordinary, **fields}
    )


def make_rosters(profile: str = "sha256", n: int = 40, seed: int = 1) -> Rosters:
    """n objects in two strata, six officers and three of the partner, two avoidances."""
    chance = random.Random(seed)
    rows = [
        make_row(
            profile,
            i,
            stratum=chance.choice(sorted(RATES)),
            specialty=chance.choice(["air", "water"]),
            items=chance.choice([("A01",), ("A01", "A07")]),
        )
        for i in range(n)
    ]
    people = [make_person(profile, i, org="zd" if i < 6 else "kz") for i in range(9)]
    barred = {(people[i % 6].iid, row.pid) for i, row in enumerate(rows[:2])}
    avoid = [AvoidRow(iid=i, pid=p, reason="亲属", salt="ab" * 16) for i, p in barred]
    return freeze_lists(rows, people, avoid)


def make_reveals(seed: int = 1) -> list[Reveal]:
    chance = random.Random(seed)
    return [
        Reveal(role=role, nonce=chance.randbytes(16), share=chance.randbytes(32))
        for role in ("现场监督", "保密领导小组", "系统")
    ]


def make_announcement(
    rosters: Rosters, reveals: list[Reveal], profile: str = "sha256", **fields: Any
) -> Announcement:
    hash_, draw = hash_of(profile), fields.pop("draw", "990173-2026Q4-001")
    ordinary: dict[str, Any] = {
        "roster": head(hash_, rosters.subjects),
        "inspectors": head(hash_, rosters.inspectors),
        "avoid": head(hash_, rosters.avoid),
        "commits": tuple(
            (r.role, seed_commitment(hash_, draw=draw, role=r.role, nonce=r.nonce, share=r.share))
            for r in reveals
        ),
        "rates": RATES,
        "team": TeamRule(org="zd", need=2, experts=1),
        "joint_share": (35, 100),
        "joint": TeamRule(org="kz", need=1, experts=0),
    }
    return Announcement(
        draw=draw,
        hash=profile,
        seq=1,
        prev=ZEROS,
        closing_rule="d6:25 当众投掷",
        announced="2026-10-01T09:00:00+08:00",
        **{**ordinary, **fields},
    )


CLOSING = "1234561234561234561234561"


def make_record(profile: str = "sha256", seed: int = 1, n: int = 40) -> dict[str, Any]:
    """A whole true record with one substitution, freshly copied so that a test may forge it."""
    rosters, reveals = make_rosters(profile, n, seed), make_reveals(seed)
    announcement = make_announcement(rosters, reveals, profile)
    first = build_record(announcement, rosters, reveals=reveals, closing=CLOSING)
    out = first["visits"][0][0]  # type: ignore[index]
    substitution = Substitution(out=out, reason="已注销", on="2026-10-20")
    record = build_record(
        announcement, rosters, reveals=reveals, closing=CLOSING, substitutions=[substitution]
    )
    return deepcopy(record)


def forged(record: dict[str, Any], chance: random.Random) -> tuple[str, dict[str, Any]]:
    """One value of a copy of the record changed at random, and where.

    A substitution's reason and date are left alone: they are bound by their form only.
    """
    changed = deepcopy(record)
    holder: Any = changed
    key: Any = chance.choice(sorted(changed))
    where = [key]
    while isinstance(holder[key], (list, dict)) and holder[key] and chance.random() < 0.9:
        holder = holder[key]
        key = chance.choice(sorted(holder) if isinstance(holder, dict) else range(len(holder)))
        where.append(key)
    if where[0] == "substitutions" and where[2:] in ([1], [2]):
        key = 0
    holder[key] = _other(holder[key], chance)
    return f"{where}: {holder[key]!r}", changed


def _other(value: Any, chance: random.Random) -> Any:
    """A value that differs from `value`, mostly of the same kind."""
    if isinstance(value, int):
        return value + chance.choice([-1, 1, 2**40])
    if isinstance(value, str):
        at = chance.randrange(len(value)) if value else 0
        put = chance.choice([c for c in "0f9 Z" if c != value[at : at + 1]])
        return value[:at] + put + value[at + 1 :]
    if isinstance(value, dict):
        dropped = dict(list(value.items())[1:])
        return dropped if value and chance.random() < 0.5 else {**value, "more": 1}
    return value[1:] if value and chance.random() < 0.5 else [*value, *(value[-1:] or [7])]


def forgeries(record: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every single text and number of a record changed, one at a time, keeping its form."""
    for where in list(_leaves(record, [])):
        if where[0] == "substitutions" and where[2] in (1, 2):
            continue
        changed = deepcopy(record)
        holder: Any = changed
        for key in where[:-1]:
            holder = holder[key]
        value = holder[where[-1]]
        last = value[-1:] if isinstance(value, str) else ""
        holder[where[-1]] = value + 1 if isinstance(value, int) else value[:-1] + "10"[last == "1"]
        yield f"{where}", changed


def _leaves(value: Any, where: list[Any]) -> Iterator[list[Any]]:
    if isinstance(value, dict):
        for key in sorted(value):
            yield from _leaves(value[key], [*where, key])
    elif isinstance(value, list):
        for i, item in enumerate(value):
            yield from _leaves(item, [*where, i])
    else:
        yield where
