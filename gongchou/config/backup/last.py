"""When the last backup was made here: a note in the data folder that needs no database."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

NOTE = "last-backup.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class LastBackup:
    at: datetime
    file: str


def note_backup(var: Path, file: Path, at: datetime) -> None:
    fresh = var / f"{NOTE}.new"
    fresh.write_text(json.dumps({"at": at.isoformat(), "file": str(file)}), "utf-8")
    fresh.replace(var / NOTE)


def last_backup(var: Path) -> LastBackup | None:
    """The last one, or None where none is noted; an unreadable note is none."""
    try:
        data = json.loads((var / NOTE).read_text("utf-8"))
        return LastBackup(at=datetime.fromisoformat(data["at"]), file=data["file"])
    except (OSError, ValueError, KeyError):
        return None
