"""Four duties of one draw, four persons: who decided, who drew, who confirmed, who publishes."""

from collections.abc import Iterable
from dataclasses import dataclass

from gongchou.core.oversight_terms import DrawDuty


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """That a person did a duty of a draw."""

    duty: DrawDuty
    ref: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubled:
    """A person who did more than one duty of one draw, in the order of the duties."""

    ref: str
    name: str
    duties: tuple[DrawDuty, ...]


def others(hands: Iterable[Hand], ref: str, duty: DrawDuty) -> tuple[DrawDuty, ...]:
    """The other duties that a person already did, in the order of the duties."""
    held = {hand.duty for hand in hands if hand.ref == ref} - {duty}
    return tuple(one for one in DrawDuty if one in held)


def doubled(hands: Iterable[Hand]) -> tuple[Doubled, ...]:
    """Everybody who did two duties or more, by ref; nobody where the draw was kept apart."""
    held: dict[str, set[DrawDuty]] = {}
    names: dict[str, str] = {}
    for hand in hands:
        held.setdefault(hand.ref, set()).add(hand.duty)
        names[hand.ref] = hand.name
    return tuple(
        Doubled(ref=ref, name=names[ref], duties=tuple(d for d in DrawDuty if d in duties))
        for ref, duties in sorted(held.items())
        if len(duties) > 1
    )
