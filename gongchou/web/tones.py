"""The colour a state is shown in: one table, so that a word looks the same on every page.

Red means late or unlawful and nothing else.
"""

from collections.abc import Mapping
from enum import StrEnum

from gongchou.core.clue_terms import (
    ClueState,
    RemoteCheckState,
    SightingState,
    TargetedListState,
)
from gongchou.core.oversight_terms import (
    AlarmState,
    MendingState,
    RecheckState,
    ReportState,
    WebhookState,
)
from gongchou.core.terms import (
    CardLevel,
    CorrectionState,
    DesignationState,
    DrawState,
    IntakeState,
    ItemListState,
    OffsiteCheckState,
    OffsiteConclusion,
    OpeningState,
    PlanState,
    PublicationState,
    RecusalState,
    StandingState,
    Term,
    VisitResult,
    VisitState,
    VoidState,
)


class Tone(StrEnum):
    """Four state colours, and the grey of what no longer or not yet counts."""

    DONE = "done"
    RUNNING = "running"
    ATTENTION = "attention"
    LATE = "late"
    QUIET = "quiet"


# Members of two enums with the same value compare equal, so each enum has its own table.
TONES: Mapping[type[Term], Mapping[Tone, frozenset[Term]]] = {
    AlarmState: {
        Tone.DONE: frozenset({AlarmState.CLOSED}),
        Tone.ATTENTION: frozenset({AlarmState.RAISED}),
    },
    RecheckState: {
        Tone.DONE: frozenset({RecheckState.DRAWN}),
        Tone.RUNNING: frozenset(
            {RecheckState.PROMISED, RecheckState.ANNOUNCED, RecheckState.CLOSED}
        ),
    },
    WebhookState: {
        Tone.DONE: frozenset({WebhookState.ON}),
        Tone.ATTENTION: frozenset({WebhookState.STOPPED}),
        Tone.QUIET: frozenset({WebhookState.ENDED}),
    },
    MendingState: {
        Tone.DONE: frozenset({MendingState.CLOSED}),
        Tone.RUNNING: frozenset({MendingState.OPEN}),
        Tone.ATTENTION: frozenset({MendingState.MENDED}),
    },
    ReportState: {
        Tone.DONE: frozenset({ReportState.CONCLUDED}),
        Tone.RUNNING: frozenset({ReportState.ACCEPTED}),
        Tone.ATTENTION: frozenset({ReportState.RECEIVED}),
        Tone.QUIET: frozenset({ReportState.DECLINED}),
    },
    ItemListState: {
        Tone.DONE: frozenset({ItemListState.PUBLISHED}),
        Tone.RUNNING: frozenset({ItemListState.APPROVED}),
        Tone.ATTENTION: frozenset({ItemListState.DRAFT}),
        Tone.QUIET: frozenset({ItemListState.SUPERSEDED, ItemListState.VOID}),
    },
    PlanState: {
        Tone.DONE: frozenset({PlanState.APPROVED}),
        Tone.ATTENTION: frozenset({PlanState.FROZEN}),
        Tone.QUIET: frozenset({PlanState.DRAFT, PlanState.VOID}),
    },
    DrawState: {
        Tone.DONE: frozenset({DrawState.SEALED, DrawState.PUBLISHED}),
        Tone.RUNNING: frozenset(
            {DrawState.FROZEN, DrawState.ANNOUNCED, DrawState.CLOSED, DrawState.DRAWN}
        ),
        Tone.QUIET: frozenset({DrawState.VOID}),
    },
    OpeningState: {
        Tone.DONE: frozenset({OpeningState.DONE}),
        Tone.ATTENTION: frozenset({OpeningState.REQUESTED, OpeningState.AUTHORISED}),
        Tone.QUIET: frozenset({OpeningState.REFUSED}),
    },
    VoidState: {
        Tone.DONE: frozenset({VoidState.DONE}),
        Tone.ATTENTION: frozenset({VoidState.REQUESTED, VoidState.APPROVED}),
        Tone.QUIET: frozenset({VoidState.REFUSED}),
    },
    VisitState: {
        Tone.DONE: frozenset({VisitState.REVIEWED}),
        Tone.RUNNING: frozenset({VisitState.DISPATCHED, VisitState.ACCEPTED, VisitState.STARTED}),
        Tone.ATTENTION: frozenset({VisitState.RELEASED, VisitState.SUBMITTED, VisitState.RETURNED}),
        Tone.QUIET: frozenset({VisitState.SEALED, VisitState.VOID}),
    },
    DesignationState: {
        Tone.DONE: frozenset({DesignationState.APPROVED}),
        Tone.ATTENTION: frozenset({DesignationState.PROPOSED}),
        Tone.QUIET: frozenset({DesignationState.REFUSED, DesignationState.ENDED}),
    },
    CardLevel: {
        Tone.ATTENTION: frozenset({CardLevel.YELLOW}),
        Tone.LATE: frozenset({CardLevel.RED}),
    },
    CorrectionState: {
        Tone.DONE: frozenset({CorrectionState.CLOSED}),
        Tone.ATTENTION: frozenset({CorrectionState.OPEN}),
    },
    ClueState: {
        Tone.DONE: frozenset({ClueState.CONFIRMED, ClueState.UNCONFIRMED}),
        Tone.RUNNING: frozenset(
            {
                ClueState.SCREENED,
                ClueState.WATCHED,
                ClueState.EXPLAINING,
                ClueState.TO_OFFSITE,
                ClueState.TO_ONSITE,
                ClueState.VERIFYING,
            }
        ),
        Tone.ATTENTION: frozenset({ClueState.PENDING, ClueState.UNVERIFIABLE}),
        Tone.QUIET: frozenset({ClueState.GENERATED, ClueState.EXCLUDED, ClueState.ARCHIVED}),
    },
    SightingState: {
        Tone.DONE: frozenset({SightingState.CONFIRMED}),
        Tone.ATTENTION: frozenset({SightingState.WAITING}),
        Tone.QUIET: frozenset({SightingState.DISMISSED}),
    },
    RemoteCheckState: {
        Tone.DONE: frozenset({RemoteCheckState.HELD}),
        Tone.RUNNING: frozenset({RemoteCheckState.APPROVED}),
        Tone.ATTENTION: frozenset({RemoteCheckState.REQUESTED}),
        Tone.QUIET: frozenset({RemoteCheckState.REFUSED}),
    },
    TargetedListState: {
        Tone.DONE: frozenset({TargetedListState.APPROVED}),
        Tone.ATTENTION: frozenset({TargetedListState.PROPOSED}),
        Tone.QUIET: frozenset({TargetedListState.REFUSED}),
    },
    IntakeState: {
        Tone.DONE: frozenset({IntakeState.ANSWERED}),
        Tone.RUNNING: frozenset({IntakeState.TAKEN}),
        Tone.ATTENTION: frozenset({IntakeState.RECEIVED}),
    },
    PublicationState: {
        Tone.DONE: frozenset({PublicationState.PUBLISHED}),
        Tone.RUNNING: frozenset({PublicationState.APPROVED}),
        Tone.ATTENTION: frozenset({PublicationState.PENDING, PublicationState.RETURNED}),
        Tone.QUIET: frozenset({PublicationState.WITHDRAWN}),
    },
    RecusalState: {
        Tone.DONE: frozenset({RecusalState.CONFIRMED}),
        Tone.ATTENTION: frozenset({RecusalState.DECLARED}),
        Tone.QUIET: frozenset({RecusalState.REFUSED, RecusalState.ENDED}),
    },
    OffsiteCheckState: {
        Tone.DONE: frozenset({OffsiteCheckState.CONCLUDED}),
        Tone.ATTENTION: frozenset({OffsiteCheckState.RECORDED}),
        Tone.QUIET: frozenset({OffsiteCheckState.SUPERSEDED}),
    },
    VisitResult: {
        Tone.DONE: frozenset({VisitResult.NO_PROBLEM, VisitResult.CORRECTED_ON_SPOT}),
        Tone.ATTENTION: frozenset({VisitResult.ORDERED_CORRECT, VisitResult.REFUSED}),
        Tone.LATE: frozenset({VisitResult.CASE_FILED, VisitResult.TRANSFERRED}),
    },
    StandingState: {
        Tone.DONE: frozenset({StandingState.MET}),
        Tone.RUNNING: frozenset({StandingState.NOT_YET}),
        Tone.LATE: frozenset({StandingState.SHORT}),
    },
    OffsiteConclusion: {
        Tone.DONE: frozenset({OffsiteConclusion.NORMAL}),
        Tone.ATTENTION: frozenset(
            {
                OffsiteConclusion.REMIND,
                OffsiteConclusion.GO_ON_SITE,
                OffsiteConclusion.INSUFFICIENT_DATA,
            }
        ),
    },
}


def tone_of(state: Term) -> Tone:
    """The tone of a state; quiet where the table says nothing."""
    for tone, states in TONES.get(type(state), {}).items():
        if state in states:
            return tone
    return Tone.QUIET
