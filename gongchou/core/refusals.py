"""Typed refusals. Each carries one full Chinese sentence: what happened, where, what to do next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


class Refused(Exception):
    """The act is not done; `str(refusal)` is the sentence an officer reads."""


class NotAllowed(Refused):
    """This person may not do this, whatever the state of things."""


class Stale(Refused):
    """Somebody else was faster: the thing is no longer in the state the page showed."""


class WrongState(Refused):
    """The state table has no such move."""


class NoRule(Refused):
    """The policy is silent and no Ruling answers the question."""


class Infeasible(Refused):
    """What is asked cannot be met by anybody; the sentence names what stands in the way."""


class Invalid(Refused):
    """A value, file or record breaks its form."""


class InvalidFields(Invalid):
    """Several values of one entry break their form; `fields` has a sentence for each, by name."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__("".join(fields.values()))
        self.fields = fields


class Faults(Invalid):
    """Everything wrong with a file: `says` has a sentence for each, with its place and remedy."""

    def __init__(self, says: Sequence[str]) -> None:
        self.says = tuple(dict.fromkeys(says))
        super().__init__("\n".join(self.says))


def sentences(refusal: Refused) -> tuple[str, ...]:
    """What a refusal says, fault by fault."""
    return refusal.says if isinstance(refusal, Faults) else (str(refusal),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing wrong with one cell of foreign data.

    `row` counts from 1 as the officer's spreadsheet shows it, 0 where the whole file is meant;
    `column` is the header as written in the file; `value` the cell as found.
    """

    row: int
    column: str
    value: str
    says: str
