"""Rows into the registers, lot by lot: called by this room's actions, in their transaction."""

from collections.abc import Sequence
from typing import Protocol

from gongchou.core.terms import ImportKind
from gongchou.registry import models
from gongchou.registry.writers.assistants import AssistantBook
from gongchou.registry.writers.changes import Values, Written
from gongchou.registry.writers.changes import open_change as open_change
from gongchou.registry.writers.facts import FactBook
from gongchou.registry.writers.items import ItemDraft
from gongchou.registry.writers.people import InspectorBook
from gongchou.registry.writers.subjects import SubjectBook
from gongchou.registry.writers.visits import VisitBook


class Book(Protocol):
    """Takes rows of one kind; `sensitive` counts the known sites it moved between classes."""

    sensitive: int

    def write(self, rows: Sequence[Values]) -> list[Written]: ...


def book_of(kind: ImportKind, change: models.RegisterChange) -> Book:
    """The writer of one kind of file."""
    match kind:
        case ImportKind.SUBJECTS:
            return SubjectBook(change)
        case ImportKind.INSPECTORS:
            return InspectorBook(change)
        case ImportKind.ASSISTANTS:
            return AssistantBook(change)
        case ImportKind.ITEMS:
            return ItemDraft(change)
        case ImportKind.VISITS:
            return VisitBook(change)
        case _:
            return FactBook(change, kind)
