"""Which step of a draw this person may take now; the actions ask again."""

from dataclasses import dataclass

from gongchou.core.oversight_terms import DrawDuty
from gongchou.core.powers import Actor, Power, may
from gongchou.core.terms import DrawState, VoidState
from gongchou.drawing import key_reads, separation, void_reads
from gongchou.drawing.contributing import PARTY, SYSTEM
from gongchou.drawing.reads import DrawRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Acts:
    commit: bool
    announce: bool
    enter: bool
    confirm_typed: bool
    reveal: bool
    witness: bool
    void: bool
    accept: bool
    ask_void: bool
    agree_void: bool
    escrow: bool
    release: bool
    move: bool
    film: bool
    publish: bool
    see_names: bool


def missing_parties(draw: DrawRow) -> list[str]:
    """Parties of whom at least one promise is needed before the announcement; none for balls."""
    if draw.is_ballot:
        return []
    roles = {contribution.role for contribution in draw.contributions}
    return [party for party in PARTY.values() if party not in roles]


def unrevealed(draw: DrawRow) -> list[str]:
    """Parties whose promise is not revealed yet; the system's own share comes by itself."""
    held = (c for c in draw.contributions if not c.is_revealed and c.role != SYSTEM)
    return [contribution.role for contribution in held]


def waits_for_leader(draw: DrawRow) -> bool:
    """Whether a leader must first accept that teams are not proved for every selection."""
    return draw.is_unproved and draw.accepted_at is None


def _may_end(draw: DrawRow) -> bool:
    """Whether one of the grounds for a void behind the closing can be true."""
    if draw.state in (DrawState.DRAWN, DrawState.SEALED):
        return key_reads.is_beyond_opening(draw.ref)
    return draw.state is DrawState.CLOSED


def acts(by: Actor, draw: DrawRow, *, sealed_left: int) -> Acts:
    """What `by` may do on the page of a draw of which `sealed_left` visits are not released."""
    state = draw.state
    mine = [c for c in draw.contributions if c.person_ref == by.ref]
    types = may(by, Power.ENTER_CLOSING) and state is DrawState.ANNOUNCED
    announces, held = may(by, Power.ANNOUNCE_DRAW), separation.hands_of(draw.ref)
    before_closing = state in (DrawState.FROZEN, DrawState.ANNOUNCED) and not draw.typed_by
    has_confirmed = by.ref in {c.person_ref for c in draw.confirmations}
    voids = [row for row in void_reads.of_draw(draw.ref) if row.ended_at is None]
    asked = next((row for row in voids if row.state is VoidState.REQUESTED), None)
    is_frozen, is_sealed = state is DrawState.FROZEN, state is DrawState.SEALED
    return Acts(
        commit=may(by, Power.CONTRIBUTE) and is_frozen and not mine and not draw.is_ballot,
        announce=announces
        and is_frozen
        and not missing_parties(draw)
        and not waits_for_leader(draw)
        and not separation.is_barred(held, DrawDuty.DRAWS, by),
        enter=types and not draw.typed_by,
        confirm_typed=types and bool(draw.typed_by) and draw.typed_by_ref != by.ref,
        reveal=state is DrawState.CLOSED and any(not c.is_revealed for c in mine),
        witness=may(by, Power.WITNESS_DRAW)
        and state is DrawState.DRAWN
        and not has_confirmed
        and not separation.is_barred(held, DrawDuty.CONFIRMS, by),
        void=may(by, Power.VOID_DRAW) and before_closing,
        accept=may(by, Power.VOID_DRAW) and is_frozen and waits_for_leader(draw),
        ask_void=announces and not voids and _may_end(draw),
        agree_void=may(by, Power.AGREE_VOID)
        and asked is not None
        and by.ref not in asked.agreed_refs,
        escrow=announces and state is DrawState.CLOSED and bool(unrevealed(draw)),
        release=may(by, Power.DISPATCH_VISIT) and is_sealed,
        move=may(by, Power.DISPATCH_VISIT) and is_sealed and sealed_left > 0,
        film=announces and draw.announced_at is not None,
        publish=announces and is_sealed and sealed_left == 0,
        see_names=may(by, Power.SEE_VISITS),
    )
