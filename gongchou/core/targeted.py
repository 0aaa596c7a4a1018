"""The targeted list (线索核查清单): the cases with the highest scores that there is time for.

Legally case checks: never counted in any ratio, never an input of a draw.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A case that waits for a decision: its clue, its subject, its score and the score's words."""

    clue: str
    subject: str
    score: Fraction


def free_days(officers: int, workdays: int, busy: Fraction) -> Fraction:
    """Officer-days that are not yet taken by visits that have to be made."""
    return max(Fraction(0), officers * workdays - busy)


def places(free: Fraction, officers_per_visit: int, visits_per_day: int) -> int:
    """How many visits fit into free officer-days."""
    return int(free * visits_per_day / officers_per_visit)


def chosen(cases: Iterable[Offered], most: int) -> tuple[Offered, ...]:
    """The best by score, at most one a subject; equal scores in the order of their refs."""
    found: dict[str, Offered] = {}
    for case in sorted(cases, key=lambda case: (-case.score, case.clue)):
        if case.subject and len(found) < most:
            found.setdefault(case.subject, case)
    return tuple(found.values())
