"""A page-exact copy of the SQLite database, taken while others write, and what it holds."""

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pysqlite3 as sqlite3

from gongchou.config.backup.holdings import Holdings
from gongchou.core.chain import Event, Link
from gongchou.core.refusals import Refused

WAIT_SECONDS = 20
EVENTS = (
    "SELECT bureau, seq, kind, about, by_ref, by_name, at, data, previous, digest"
    " FROM audit_event ORDER BY bureau, seq"
)


def copy(source: Path, target: Path) -> None:
    """One reading transaction of the online backup: writers go on, the copy is of one instant."""
    with (
        closing(sqlite3.connect(str(source), timeout=WAIT_SECONDS)) as live,
        closing(sqlite3.connect(str(target))) as kept,
    ):
        live.backup(kept)


def holdings(path: Path) -> Holdings:
    """Counts, chain heads and migrations of a copy; Refused where the file is not sound."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as kept:
        try:
            return _holdings(kept)
        except sqlite3.DatabaseError as error:
            raise Refused(f"备份中的数据库读不通（{error}）。请换另一份备份。") from error


def _holdings(kept: Any) -> Holdings:
    if (says := kept.execute("PRAGMA integrity_check").fetchone()[0]) != "ok":
        raise Refused(f"数据库完整性检查不通过：{says}。")
    if (row := kept.execute("PRAGMA foreign_key_check").fetchone()) is not None:
        raise Refused(f"数据表 {row[0]} 中有一行指向不存在的记录。")
    names = kept.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    tables = [name for (name,) in names if not name.startswith("sqlite_")]
    heads = kept.execute("SELECT bureau, size, digest FROM audit_chainhead ORDER BY bureau")
    done = kept.execute("SELECT app || '.' || name FROM django_migrations ORDER BY 1")
    return Holdings(
        counts={t: kept.execute(f'SELECT count(*) FROM "{t}"').fetchone()[0] for t in tables},
        heads={bureau: (size, digest) for bureau, size, digest in heads},
        migrations=tuple(name for (name,) in done),
    )


def links(path: Path) -> Iterator[Link]:
    """The entries of every chain in a copy, bureau by bureau."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as kept:
        for bureau, seq, kind, about, ref, name, at, data, previous, digest in kept.execute(EVENTS):
            event = Event(
                bureau=bureau, seq=seq, kind=kind, about=about, by=ref, by_name=name,
                at=datetime.fromisoformat(at).replace(tzinfo=UTC), data=json.loads(data),
            )  # fmt: skip
            yield Link(event=event, previous=previous, digest=digest)


def is_occupied(path: Path) -> bool:
    """Whether a database with a bureau in it stands there."""
    if not path.exists() or not path.stat().st_size:
        return False
    with closing(sqlite3.connect(str(path), timeout=WAIT_SECONDS)) as there:
        try:
            return there.execute("SELECT count(*) FROM accounts_bureau").fetchone()[0] > 0
        except sqlite3.DatabaseError:
            return True


def close_down(path: Path) -> None:
    """Bring the log into the file and make sure that nobody works with it."""
    with closing(sqlite3.connect(str(path), timeout=1)) as there:
        try:
            there.execute("PRAGMA journal_mode=DELETE").fetchone()
            there.execute("BEGIN EXCLUSIVE")
            there.rollback()
        except sqlite3.OperationalError:
            raise Refused(
                "数据库正在使用，不能替换。请先停止 gongchou serve 和 gongchou worker。"
            ) from None
        except sqlite3.DatabaseError:
            return  # A damaged file is what restoring is for: it is moved aside as it is.
