"""From a snapshot and a policy to the bodies a plan keeps; nothing here writes."""

from dataclasses import dataclass

from gongchou.core import canon, plain
from gongchou.core.classify import Classification, classify
from gongchou.core.quota import DrawStratum, PlanStratum, draw_strata, plan_strata
from gongchou.core.roster import RegisterSnapshot
from gongchou.core.rules import PolicyProfile
from gongchou.core.workdays import Quarter
from gongchou.law.load import load_profile

POLICY = "tangshan_gaoxin_2024"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanBody:
    """What is owed and what will be drawn; `made_from` is the digest of the classification."""

    made_from: str
    strata: tuple[PlanStratum, ...]
    draw: tuple[DrawStratum, ...]


def profile_of(bureau: str) -> PolicyProfile:
    """The policy of a bureau; today every bureau works by the one that is shipped."""
    return load_profile(POLICY)


def plan_body(
    classification: Classification,
    snapshot: RegisterSnapshot,
    profile: PolicyProfile,
    quarter: Quarter,
) -> PlanBody:
    subjects = {subject.ref: subject for subject in snapshot.subjects}
    return PlanBody(
        made_from=canon.digest(plain.to_plain(classification)),
        strata=plan_strata(classification, profile, classification.on),
        draw=draw_strata(classification, subjects, profile, quarter),
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


def thawed_classification(body: bytes) -> Classification:
    return plain.from_plain(Classification, canon.parse(body))


def thawed_plan(body: bytes) -> PlanBody:
    return plain.from_plain(PlanBody, canon.parse(body))
