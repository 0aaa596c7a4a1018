"""Selection inside PostgreSQL: the filter stands in WHERE, so that several workers share it."""

from collections.abc import Mapping

import psycopg

from gongchou.core.draw import Rate
from gongchou.core.refusals import Invalid
from gongchou.drawing.engines.manner import ALL, Manner, Rows, counts, needs_sha256
from gongchou.drawing.engines.rows import as_file

# Gone with the transaction. Not TEMPORARY: workers cannot read the tables of a session.
TABLE = """
CREATE UNLOGGED TABLE gongchou_draw_rows (pid text COLLATE "C", stratum text COLLATE "C")
"""
COPY = "COPY gongchou_draw_rows FROM STDIN"
SIZES = "SELECT stratum, count(*) FROM gongchou_draw_rows GROUP BY stratum"
TICKET = "substr(sha256(convert_to(%(key)s || pid, 'UTF8')), 1, %(kept)s)"
PICK = (
    "SELECT pid FROM gongchou_draw_rows WHERE stratum = %(stratum)s {sieve}"
    f"ORDER BY {TICKET}, pid LIMIT %(count)s"
)
SIEVE = f"AND {TICKET} < decode(%(bound)s, 'hex') "
BLOCK = 1 << 20


def _picked(
    house: psycopg.Connection, asked: Mapping[str, str | int], bound: str
) -> tuple[str, ...]:
    query = PICK.format(sieve="" if bound == ALL else SIEVE)
    rows = house.execute(query.encode(), {**asked, "bound": bound}).fetchall()
    return tuple(pid for (pid,) in rows)


def _load(house: psycopg.Connection, rows: Rows) -> None:
    house.execute(TABLE)
    with as_file(rows) as path, path.open("rb") as lines, house.cursor().copy(COPY) as copy:
        while block := lines.read(BLOCK):
            copy.write(block)
    house.execute("ANALYZE gongchou_draw_rows")


def select(
    rows: Rows, key: str, rates: Mapping[str, Rate], manner: Manner
) -> dict[str, tuple[str, ...]]:
    """The drawn ids of each stratum in ticket order; the database is left as it was."""
    needs_sha256(manner, "postgresql")
    if not manner.database.startswith("postgres"):
        raise Invalid("引擎“postgresql”需要 PostgreSQL 的连接地址，请用 --database 指明。")
    kept, found = manner.digits // 2, dict[str, tuple[str, ...]]()
    with psycopg.connect(manner.database) as house:
        _load(house, rows)
        sizes: dict[str, int] = dict(house.execute(SIZES).fetchall())
        for stratum, count in counts(sizes, rates).items():
            asked: dict[str, str | int] = {
                "key": key,
                "kept": kept,
                "stratum": stratum,
                "count": count,
            }
            picked = _picked(house, asked, manner.bound(count, sizes.get(stratum, 0)))
            found[stratum] = picked if len(picked) == count else _picked(house, asked, ALL)
        house.rollback()
    return found
