"""Registers handed out: to a file or to a program. What left the house is in the trail."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from gongchou.audit import actions as audit
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor, Power, check
from gongchou.core.terms import ImportKind
from gongchou.registry import export


@transaction.atomic
def export_register(kind: ImportKind, *, on: date, by: Actor, at: datetime) -> tuple[bytes, int]:
    """The register of a day as a workbook that imports back unchanged, and its rows."""
    check(by, Power.IMPORT_REGISTER)
    content, rows = export.workbook(kind, by.bureau, on)
    audit.append(
        EventKind.REGISTER_EXPORTED,
        about=kind.value,
        by=by,
        at=at,
        data={"on": on.isoformat(), "rows": rows},
    )
    return content, rows


@transaction.atomic
def record_reading(
    what: str, rows: int, asked: Mapping[str, str], *, by: Actor, at: datetime
) -> None:
    """A program read rows of a register: which, how many, and how it asked."""
    audit.append(
        EventKind.REGISTER_READ,
        about=what[:80],
        by=by,
        at=at,
        data={"rows": rows, "asked": dict(sorted(asked.items()))},
    )
