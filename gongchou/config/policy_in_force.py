"""The policy a command works by where none is named; imported only once Django has started."""

from datetime import date
from pathlib import Path

from django.db import DEFAULT_DB_ALIAS, connections

from gongchou.accounts import reads
from gongchou.config import schema
from gongchou.core.rules import PolicyProfile
from gongchou.registry.policy import profile_of


def adopted(bureau: str, on: date) -> PolicyProfile | None:
    """What a bureau works by on a day; None where this machine has no bureau, or several."""
    if bureau:
        schema.check_migrated()
        return profile_of(reads.bureau(bureau).code, on)
    if not _has_tables():
        return None
    schema.check_migrated()
    own = [row.code for row in reads.bureaus() if not row.is_partner]
    return profile_of(own[0], on) if len(own) == 1 else None


def _has_tables() -> bool:
    """Asking must not make an empty SQLite file where there is none."""
    connection = connections[DEFAULT_DB_ALIAS]
    place = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite" and Path(place).is_absolute() and not Path(place).exists():
        return False
    return "accounts_bureau" in connection.introspection.table_names()
