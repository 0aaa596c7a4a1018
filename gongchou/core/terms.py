"""Every enumerated word of the trade: English value, one Chinese label (`docs/glossary.md`)."""

from enum import StrEnum
from typing import Self


class Term(StrEnum):
    """A word of the glossary: the member is its stored value, `label` its one Chinese name."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member
