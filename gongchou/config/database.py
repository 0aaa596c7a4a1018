"""The one database: where it is, and how each connection is set up."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from gongchou.config.environment import Environment

NETWORK_FILE_SYSTEMS = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "ceph", "glusterfs", "afs", "fuse.sshfs"}
)
POOL = {"min_size": 2, "max_size": 8}


def describe(environment: Environment, init_command: str, *, pooled: bool) -> dict[str, Any]:
    """Django's description of the database.

    Only a web process may have a pool: the job runner forks, and forked processes that share
    connections read each other's answers.
    """
    if environment.database_url.startswith("postgresql:"):
        return _postgresql(environment.database_url, pooled=pooled)
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(sqlite_file(environment)),
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": init_command,
        },
    }


def _postgresql(url: str, *, pooled: bool) -> dict[str, Any]:
    parts = urlsplit(url)
    sockets = parse_qs(parts.query).get("host", [""])[0]
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or sockets),
        "PORT": str(parts.port or ""),
        "OPTIONS": {"pool": POOL} if pooled else {},
    }


def sqlite_file(environment: Environment) -> Path | None:
    """The database file, or None on PostgreSQL."""
    if environment.database_url.startswith("postgresql:"):
        return None
    if environment.database_url:
        return Path("/" + unquote(urlsplit(environment.database_url).path).lstrip("/"))
    return environment.var / "gongchou.sqlite3"


def file_system_of(path: Path) -> str:
    """Kind of the file system that holds the path, as Linux names it; empty where unknown."""
    mounts = Path("/proc/mounts")
    if not mounts.exists():
        return ""
    found = ("", "")
    for line in mounts.read_text("utf-8", errors="replace").splitlines():
        _, point, kind, *_ = line.split(" ")
        is_above = path.is_relative_to(point.replace("\\040", " "))
        if is_above and len(point) >= len(found[0]):
            found = (point, kind)
    return found[1]


def is_on_network(path: Path) -> bool:
    """SQLite's locks cannot be trusted on a shared folder."""
    return file_system_of(path.resolve()) in NETWORK_FILE_SYSTEMS
