"""Tables of allowed moves: every state is a key, a final state maps to the empty set.

The diagrams in `docs/states.md` are made from these tables; a test keeps them equal.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

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
from gongchou.core.refusals import WrongState
from gongchou.core.terms import (
    CorrectionState,
    DesignationState,
    DrawState,
    IntakeState,
    ItemListState,
    OffsiteCheckState,
    OpeningState,
    PlanState,
    PublicationState,
    RecusalState,
    Term,
    VisitState,
    VoidState,
)

State = TypeVar("State", bound=Term)

PLAN_MOVES: Mapping[PlanState, frozenset[PlanState]] = {
    PlanState.DRAFT: frozenset({PlanState.FROZEN, PlanState.VOID}),
    PlanState.FROZEN: frozenset({PlanState.APPROVED, PlanState.VOID}),
    PlanState.APPROVED: frozenset({PlanState.VOID}),
    PlanState.VOID: frozenset(),
}

# Once drawn, a list is never thrown away: whoever disliked it could draw again until it pleased.
# Only a list that nobody can open any more ends as void, by the way of `VoidState`.
DRAW_MOVES: Mapping[DrawState, frozenset[DrawState]] = {
    DrawState.FROZEN: frozenset({DrawState.ANNOUNCED, DrawState.VOID}),
    DrawState.ANNOUNCED: frozenset({DrawState.CLOSED, DrawState.VOID}),
    DrawState.CLOSED: frozenset({DrawState.DRAWN, DrawState.VOID}),
    DrawState.DRAWN: frozenset({DrawState.SEALED, DrawState.VOID}),
    DrawState.SEALED: frozenset({DrawState.PUBLISHED, DrawState.VOID}),
    DrawState.PUBLISHED: frozenset(),
    DrawState.VOID: frozenset(),
}

# One custodian alone opens nothing; who refuses ends the request, and a new one may be made.
OPENING_MOVES: Mapping[OpeningState, frozenset[OpeningState]] = {
    OpeningState.REQUESTED: frozenset({OpeningState.AUTHORISED, OpeningState.REFUSED}),
    OpeningState.AUTHORISED: frozenset({OpeningState.DONE, OpeningState.REFUSED}),
    OpeningState.DONE: frozenset(),
    OpeningState.REFUSED: frozenset(),
}

# A closed draw ends only by two consents and the decision of the superior, in this order.
VOID_MOVES: Mapping[VoidState, frozenset[VoidState]] = {
    VoidState.REQUESTED: frozenset({VoidState.APPROVED, VoidState.REFUSED}),
    VoidState.APPROVED: frozenset({VoidState.DONE, VoidState.REFUSED}),
    VoidState.DONE: frozenset(),
    VoidState.REFUSED: frozenset(),
}

# A submitted record is evidence: it may be sent back and completed, never made void. An approved
# one comes back by a reopening, which keeps what was approved.
VISIT_MOVES: Mapping[VisitState, frozenset[VisitState]] = {
    VisitState.SEALED: frozenset({VisitState.RELEASED}),
    VisitState.RELEASED: frozenset({VisitState.DISPATCHED, VisitState.VOID}),
    VisitState.DISPATCHED: frozenset({VisitState.ACCEPTED, VisitState.VOID}),
    VisitState.ACCEPTED: frozenset({VisitState.STARTED, VisitState.VOID}),
    VisitState.STARTED: frozenset({VisitState.SUBMITTED, VisitState.VOID}),
    VisitState.SUBMITTED: frozenset({VisitState.REVIEWED, VisitState.RETURNED}),
    VisitState.RETURNED: frozenset({VisitState.SUBMITTED}),
    VisitState.REVIEWED: frozenset({VisitState.RETURNED}),
    VisitState.VOID: frozenset(),
}

# An order ends only by a follow-up that saw the problem put right.
CORRECTION_MOVES: Mapping[CorrectionState, frozenset[CorrectionState]] = {
    CorrectionState.OPEN: frozenset({CorrectionState.CLOSED}),
    CorrectionState.CLOSED: frozenset(),
}

# What was put away comes back only with new evidence; a visit that fell through gives its clue
# back to the desk. Every move is kept with who, when, why and what it rested on.
CLUE_MOVES: Mapping[ClueState, frozenset[ClueState]] = {
    ClueState.GENERATED: frozenset({ClueState.SCREENED}),
    ClueState.SCREENED: frozenset({ClueState.PENDING, ClueState.EXCLUDED}),
    ClueState.PENDING: frozenset(
        {
            ClueState.EXCLUDED,
            ClueState.WATCHED,
            ClueState.EXPLAINING,
            ClueState.TO_OFFSITE,
            ClueState.TO_ONSITE,
        }
    ),
    ClueState.EXCLUDED: frozenset({ClueState.PENDING}),
    ClueState.WATCHED: frozenset({ClueState.PENDING, ClueState.EXCLUDED}),
    ClueState.EXPLAINING: frozenset({ClueState.PENDING}),
    ClueState.TO_OFFSITE: frozenset({ClueState.VERIFYING}),
    ClueState.TO_ONSITE: frozenset({ClueState.VERIFYING, ClueState.PENDING}),
    ClueState.VERIFYING: frozenset(
        {
            ClueState.CONFIRMED,
            ClueState.UNCONFIRMED,
            ClueState.UNVERIFIABLE,
            ClueState.PENDING,
        }
    ),
    ClueState.CONFIRMED: frozenset({ClueState.ARCHIVED}),
    ClueState.UNCONFIRMED: frozenset({ClueState.ARCHIVED}),
    ClueState.UNVERIFIABLE: frozenset({ClueState.ARCHIVED}),
    ClueState.ARCHIVED: frozenset(),
}

SIGHTING_MOVES: Mapping[SightingState, frozenset[SightingState]] = {
    SightingState.WAITING: frozenset({SightingState.CONFIRMED, SightingState.DISMISSED}),
    SightingState.CONFIRMED: frozenset(),
    SightingState.DISMISSED: frozenset(),
}

# A link that needs approval is approved before anybody is called.
REMOTE_MOVES: Mapping[RemoteCheckState, frozenset[RemoteCheckState]] = {
    RemoteCheckState.REQUESTED: frozenset({RemoteCheckState.APPROVED, RemoteCheckState.REFUSED}),
    RemoteCheckState.APPROVED: frozenset({RemoteCheckState.HELD}),
    RemoteCheckState.REFUSED: frozenset(),
    RemoteCheckState.HELD: frozenset(),
}

TARGETED_MOVES: Mapping[TargetedListState, frozenset[TargetedListState]] = {
    TargetedListState.PROPOSED: frozenset({TargetedListState.APPROVED, TargetedListState.REFUSED}),
    TargetedListState.APPROVED: frozenset(),
    TargetedListState.REFUSED: frozenset(),
}

# A recorded check is never edited: a better one takes its place and names it.
OFFSITE_MOVES: Mapping[OffsiteCheckState, frozenset[OffsiteCheckState]] = {
    OffsiteCheckState.RECORDED: frozenset(
        {OffsiteCheckState.CONCLUDED, OffsiteCheckState.SUPERSEDED}
    ),
    OffsiteCheckState.CONCLUDED: frozenset({OffsiteCheckState.SUPERSEDED}),
    OffsiteCheckState.SUPERSEDED: frozenset(),
}

# An answer is final: who disagrees sends another letter that names the first.
INTAKE_MOVES: Mapping[IntakeState, frozenset[IntakeState]] = {
    IntakeState.RECEIVED: frozenset({IntakeState.TAKEN}),
    IntakeState.TAKEN: frozenset({IntakeState.ANSWERED}),
    IntakeState.ANSWERED: frozenset(),
}

PUBLICATION_MOVES: Mapping[PublicationState, frozenset[PublicationState]] = {
    PublicationState.PENDING: frozenset({PublicationState.APPROVED, PublicationState.RETURNED}),
    PublicationState.RETURNED: frozenset({PublicationState.PENDING}),
    PublicationState.APPROVED: frozenset({PublicationState.PUBLISHED}),
    PublicationState.PUBLISHED: frozenset({PublicationState.WITHDRAWN}),
    PublicationState.WITHDRAWN: frozenset(),
}

ITEM_LIST_MOVES: Mapping[ItemListState, frozenset[ItemListState]] = {
    ItemListState.DRAFT: frozenset({ItemListState.APPROVED, ItemListState.VOID}),
    ItemListState.APPROVED: frozenset({ItemListState.PUBLISHED, ItemListState.SUPERSEDED}),
    ItemListState.PUBLISHED: frozenset({ItemListState.SUPERSEDED}),
    ItemListState.SUPERSEDED: frozenset(),
    ItemListState.VOID: frozenset(),
}

# Who declared does not confirm; what was confirmed ends on a day, and is never taken back.
RECUSAL_MOVES: Mapping[RecusalState, frozenset[RecusalState]] = {
    RecusalState.DECLARED: frozenset({RecusalState.CONFIRMED, RecusalState.REFUSED}),
    RecusalState.CONFIRMED: frozenset({RecusalState.ENDED}),
    RecusalState.REFUSED: frozenset(),
    RecusalState.ENDED: frozenset(),
}

DESIGNATION_MOVES: Mapping[DesignationState, frozenset[DesignationState]] = {
    DesignationState.PROPOSED: frozenset({DesignationState.APPROVED, DesignationState.REFUSED}),
    DesignationState.APPROVED: frozenset({DesignationState.ENDED}),
    DesignationState.REFUSED: frozenset(),
    DesignationState.ENDED: frozenset(),
}

# What was looked into stays looked into: new facts raise a new alarm.
ALARM_MOVES: Mapping[AlarmState, frozenset[AlarmState]] = {
    AlarmState.RAISED: frozenset({AlarmState.CLOSED}),
    AlarmState.CLOSED: frozenset(),
}

# Both promise before either reveals, and a draw that was made is never made again.
RECHECK_MOVES: Mapping[RecheckState, frozenset[RecheckState]] = {
    RecheckState.PROMISED: frozenset({RecheckState.ANNOUNCED}),
    RecheckState.ANNOUNCED: frozenset({RecheckState.CLOSED}),
    RecheckState.CLOSED: frozenset({RecheckState.DRAWN}),
    RecheckState.DRAWN: frozenset(),
}

# Who mends does not say that it is mended: somebody else looks, and may send it back.
MENDING_MOVES: Mapping[MendingState, frozenset[MendingState]] = {
    MendingState.OPEN: frozenset({MendingState.MENDED}),
    MendingState.MENDED: frozenset({MendingState.CLOSED, MendingState.OPEN}),
    MendingState.CLOSED: frozenset(),
}

REPORT_MOVES: Mapping[ReportState, frozenset[ReportState]] = {
    ReportState.RECEIVED: frozenset({ReportState.ACCEPTED, ReportState.DECLINED}),
    ReportState.ACCEPTED: frozenset({ReportState.CONCLUDED}),
    ReportState.DECLINED: frozenset(),
    ReportState.CONCLUDED: frozenset(),
}

# Events that happened while it was stopped are told when it goes on; what has ended begins anew.
WEBHOOK_MOVES: Mapping[WebhookState, frozenset[WebhookState]] = {
    WebhookState.ON: frozenset({WebhookState.STOPPED, WebhookState.ENDED}),
    WebhookState.STOPPED: frozenset({WebhookState.ON, WebhookState.ENDED}),
    WebhookState.ENDED: frozenset(),
}

# Each table holds members of its own enum only, which the types above have checked already.
MOVES: Mapping[type[Term], Mapping[Any, frozenset[Any]]] = {
    RecusalState: RECUSAL_MOVES,
    DesignationState: DESIGNATION_MOVES,
    ItemListState: ITEM_LIST_MOVES,
    PlanState: PLAN_MOVES,
    DrawState: DRAW_MOVES,
    OpeningState: OPENING_MOVES,
    VoidState: VOID_MOVES,
    VisitState: VISIT_MOVES,
    CorrectionState: CORRECTION_MOVES,
    ClueState: CLUE_MOVES,
    SightingState: SIGHTING_MOVES,
    RemoteCheckState: REMOTE_MOVES,
    TargetedListState: TARGETED_MOVES,
    OffsiteCheckState: OFFSITE_MOVES,
    IntakeState: INTAKE_MOVES,
    PublicationState: PUBLICATION_MOVES,
    AlarmState: ALARM_MOVES,
    RecheckState: RECHECK_MOVES,
    MendingState: MENDING_MOVES,
    ReportState: REPORT_MOVES,
    WebhookState: WEBHOOK_MOVES,
}

# What the states are states of, as the sentence of a refusal names it.
NOUNS: Mapping[type[Term], str] = {
    RecusalState: "这份回避申报",
    DesignationState: "这项人工指定",
    ItemListState: "抽查事项清单",
    PlanState: "季度抽查计划",
    DrawState: "本次抽取",
    OpeningState: "这次开启申请",
    VoidState: "这份作废申请",
    VisitState: "这次检查",
    CorrectionState: "这份责令改正",
    ClueState: "这条线索",
    SightingState: "这条发现",
    RemoteCheckState: "这次远程执法",
    TargetedListState: "这份线索核查清单",
    OffsiteCheckState: "这次非现场检查",
    IntakeState: "外来信件",
    PublicationState: "公示",
    AlarmState: "这条预警",
    RecheckState: "这次复查抽取",
    MendingState: "这件整改",
    ReportState: "这份反映",
    WebhookState: "这个事件通知",
}


def following(state: State) -> frozenset[State]:
    """The states that may come next; empty for a final state."""
    return MOVES[type(state)][state]


def may_move(was: State, to: State) -> bool:
    """Whether the table of these states has the move.

    Both must be members of one enum: members of two enums with the same value compare equal, so
    that mistake is a TypeError here.
    """
    if type(was) not in MOVES or type(to) is not type(was):
        raise TypeError(f"no table of moves from {was!r} to {to!r}")
    return to in following(was)


def move(was: State, to: State) -> State:
    """Return `to` where the table has the move, else raise WrongState naming both states."""
    if may_move(was, to):
        return to
    noun = NOUNS[type(was)]
    if was is to:
        raise WrongState(f"{noun}已经是“{to.label}”状态，不能重复办理。请刷新页面查看最新情况。")
    raise WrongState(f"{noun}现在是“{was.label}”状态，不能转为“{to.label}”。{_what_then(was)}")


def _what_then(was: Term) -> str:
    order = list(type(was))
    labels = [f"“{state.label}”" for state in sorted(following(was), key=order.index)]
    if not labels:
        return "这是最终状态，不再变化；确需更正的，请另行办理并注明所替代的原件。"
    return f"接下来可以转为{'或'.join(labels)}，请刷新页面后按此办理。"


def diagram(kind: type[Term]) -> str:
    """The table of one enum as a Mermaid state diagram; the first key is where things begin."""
    table = MOVES[kind]
    order = list(kind)
    lines = ["stateDiagram-v2"]
    lines += [f'    state "{state.label}" as {state.value}' for state in table]
    lines.append(f"    [*] --> {next(iter(table)).value}")
    for was, after in table.items():
        lines += [f"    {was.value} --> {to.value}" for to in sorted(after, key=order.index)]
    lines += [f"    {state.value} --> [*]" for state, after in table.items() if not after]
    return "\n".join(lines)
