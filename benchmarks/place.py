"""A house of its own for the measurements: an empty database in a folder that goes afterwards."""

import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

import django

AT, TODAY = datetime(2026, 1, 5, 1, 0, tzinfo=UTC), date(2026, 1, 5)


def settle(folder: str) -> None:
    """Django with its database in a folder, whatever the caller has set."""
    own = {"GONGCHOU_VAR": folder, "GONGCHOU_DEMO": "true", "GONGCHOU_DATABASE_URL": ""}
    os.environ |= own | {"DJANGO_SETTINGS_MODULE": "gongchou.config.settings"}
    django.setup()


@contextmanager
def empty_house() -> Iterator[None]:
    """Django on an empty SQLite database."""
    folder = tempfile.mkdtemp(prefix="gongchou-figures-")
    try:
        settle(folder)
        from django.core.management import call_command

        call_command("migrate", verbosity=0, interactive=False)
        yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def machine() -> str:
    """What the numbers were taken on, without any name."""
    import pysqlite3

    return (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} CPU, "
        f"Python {sys.version.split()[0]}, SQLite {pysqlite3.sqlite_version}"
    )
