"""Who answers which letter, and how it may end."""

from gongchou.core.powers import Power
from gongchou.core.terms import IntakeKind, IntakeOutcome

COMPLAINT_OUTCOMES = (
    IntakeOutcome.CLUE,
    IntakeOutcome.ELSEWHERE,
    IntakeOutcome.NOT_ACCEPTED,
)
FIRM_OUTCOMES = (
    IntakeOutcome.ACCEPTED,
    IntakeOutcome.PARTLY_ACCEPTED,
    IntakeOutcome.NOT_ACCEPTED,
)


def power_for(kind: IntakeKind) -> Power:
    """An appeal goes above the office that ran the check."""
    return Power.DECIDE_APPEAL if kind is IntakeKind.APPEAL else Power.HANDLE_LETTER


def outcomes_for(kind: IntakeKind) -> tuple[IntakeOutcome, ...]:
    return COMPLAINT_OUTCOMES if kind is IntakeKind.COMPLAINT else FIRM_OUTCOMES
