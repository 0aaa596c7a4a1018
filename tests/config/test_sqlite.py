import pytest
from django.db import connection

from gongchou.config.sqlite import init_command, is_wal_safe


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 4), True),
        ((4, 0, 0), True),
    ],
)
def test_the_write_ahead_log_is_trusted_only_where_it_is_mended(version, safe):
    assert is_wal_safe(version) is safe
    assert ("journal_mode=WAL" in init_command(version)) is safe


@pytest.mark.django_db
def test_a_real_connection_commits_to_disk_and_checks_keys():
    if connection.vendor != "sqlite":
        assert connection.vendor == "postgresql"
        return
    with connection.cursor() as cursor:
        found = [
            cursor.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("synchronous", "foreign_keys", "journal_mode", "secure_delete")
        ]
    assert found == [2, 1, "wal", 1]
