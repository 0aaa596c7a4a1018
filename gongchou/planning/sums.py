"""From a snapshot and a policy to the bodies a plan keeps; nothing here writes."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache

from gongchou.core import canon, plain
from gongchou.core.classify import Classification, classify
from gongchou.core.quota import DrawStratum, PlanStratum, draw_strata, percent, plan_strata
from gongchou.core.refusals import Refused
from gongchou.core.roster import RegisterSnapshot, drawable_problem
from gongchou.core.rules import PolicyProfile
from gongchou.core.workdays import Quarter


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanBody:
    """What is owed and what will be drawn; `made_from` is the digest of the classification."""

    made_from: str
    strata: tuple[PlanStratum, ...]
    draw: tuple[DrawStratum, ...]


def drawable_count(snapshot: RegisterSnapshot) -> int:
    """People who can be drawn on the snapshot's day."""
    return sum(drawable_problem(person, snapshot.on) is None for person in snapshot.inspectors)


def plan_body(
    classification: Classification,
    snapshot: RegisterSnapshot,
    profile: PolicyProfile,
    quarter: Quarter,
) -> PlanBody:
    subjects = {subject.ref: subject for subject in snapshot.subjects}
    people = drawable_count(snapshot)
    return PlanBody(
        made_from=canon.digest(plain.to_plain(classification)),
        strata=plan_strata(
            classification, profile, classification.on, inspectors=people, subjects=subjects
        ),
        draw=draw_strata(classification, subjects, profile, quarter, inspectors=people),
    )


def check_quarter(wanted: Quarter, today: date) -> None:
    """Only this quarter and the next are planned."""
    now = Quarter.of(today)
    if wanted not in (now, now.next()):
        raise Refused(
            f"只能测算本季度或下一季度的计划，{wanted.label}不在其中。"
            f"请改选{now.label}或{now.next().label}。"
        )


def summed(
    snapshot: RegisterSnapshot, profile: PolicyProfile, quarter: Quarter
) -> tuple[Classification, PlanBody]:
    """Class of every site, and what the quarter owes."""
    classification = classify(snapshot, profile, quarter)
    return classification, plan_body(classification, snapshot, profile, quarter)


def frozen(value: Classification | PlanBody) -> bytes:
    """The one byte form, as stored."""
    return canon.canon(plain.to_plain(value))


@lru_cache(maxsize=4)
def thawed_classification(body: bytes) -> Classification:
    """The value of a stored body, which never changes: kept at hand while a quarter is worked."""
    return plain.from_plain(Classification, canon.parse(body))


@lru_cache(maxsize=4)
def thawed_plan(body: bytes) -> PlanBody:
    """A plan as stored; those of before parts and wordings existed have none."""
    value = canon.parse(body)
    value["strata"] = [
        {
            "part": "",
            "part_name": "",
            "wording": percent(plain.from_plain(Fraction, row["ratio"])),
            **row,
        }
        for row in value["strata"]
    ]
    return plain.from_plain(PlanBody, value)
