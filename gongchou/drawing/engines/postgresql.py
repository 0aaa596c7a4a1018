"""Selection inside PostgreSQL: the filter stands in WHERE, so that several workers share it."""

from collections.abc import Mapping

import psycopg

from gongchou.core.draw import Rate
from gongchou.core.refusals import Invalid, Refused
from gongchou.drawing.engines.manner import ALL, Manner, Rows, counts
from gongchou.drawing.engines.rows import as_file, check_lines

# Gone with the transaction. Not TEMPORARY: workers cannot read the tables of a session.
TABLE = """
CREATE UNLOGGED TABLE gongchou_draw_rows (pid text COLLATE "C", stratum text COLLATE "C")
"""
COPY = "COPY gongchou_draw_rows FROM STDIN"
SIZES = "SELECT stratum, count(*) FROM gongchou_draw_rows GROUP BY stratum"
# SHA-256 is in the core since version 11; SM3 comes with pgcrypto over OpenSSL.
DIGEST = {
    "sha256": "sha256(convert_to(%(key)s || pid, 'UTF8'))",
    "sm3": "digest(convert_to(%(key)s || pid, 'UTF8'), 'sm3')",
}
PICK = (
    "SELECT pid FROM gongchou_draw_rows WHERE stratum = %(stratum)s {sieve}"
    "ORDER BY {ticket}, pid LIMIT %(count)s"
)
SIEVE = "AND {ticket} < decode(%(bound)s, 'hex') "
BLOCK = 1 << 20
WHOLE = 32  # bytes of a ticket


def _picked(
    house: psycopg.Connection, asked: Mapping[str, str | int], bound: str, profile: str = "sha256"
) -> tuple[str, ...]:
    whole = DIGEST[profile]
    ticket = whole if asked["kept"] == WHOLE else f"substr({whole}, 1, %(kept)s)"
    sieve = "" if bound == ALL else SIEVE.format(ticket=ticket)
    query = PICK.format(sieve=sieve, ticket=ticket)
    rows = house.execute(query.encode(), {**asked, "bound": bound}).fetchall()
    return tuple(pid for (pid,) in rows)


def load(house: psycopg.Connection, rows: Rows) -> None:
    house.execute(TABLE)
    with as_file(rows) as path, path.open("rb") as lines, house.cursor().copy(COPY) as copy:
        while block := lines.read(BLOCK):
            copy.write(block)
    house.execute("ANALYZE gongchou_draw_rows")


def _knows(house: psycopg.Connection, profile: str) -> None:
    """Refused where this database cannot make the digest; SM3 needs an extension."""
    if profile == "sha256":
        return
    asked = "SELECT digest('x'::bytea, 'sm3')"
    try:
        with house.transaction():
            house.execute(asked)
            return
    except psycopg.Error:
        pass
    try:
        with house.transaction():
            house.execute("CREATE EXTENSION pgcrypto")
            house.execute(asked)
    except psycopg.Error as error:
        raise Invalid(
            f"这个 PostgreSQL 不会计算 {profile} 摘要：需要 pgcrypto 扩展和支持国密的 OpenSSL。"
            "请联系数据库管理员安装，或改用 python 引擎。"
        ) from error


def drawn(
    house: psycopg.Connection, key: str, rates: Mapping[str, Rate], manner: Manner
) -> dict[str, tuple[str, ...]]:
    """The draw from the rows that this connection has loaded."""
    found, kept = dict[str, tuple[str, ...]](), manner.digits // 2
    sizes: dict[str, int] = dict(house.execute(SIZES).fetchall())
    for stratum, count in counts(sizes, rates).items():
        asked: dict[str, str | int] = {
            "key": key,
            "kept": kept,
            "stratum": stratum,
            "count": count,
        }
        bound = manner.bound(count, sizes.get(stratum, 0))
        picked = _picked(house, asked, bound, manner.profile)
        whole = len(picked) == count
        found[stratum] = picked if whole else _picked(house, asked, ALL, manner.profile)
    return found


def select(
    rows: Rows, key: str, rates: Mapping[str, Rate], manner: Manner
) -> dict[str, tuple[str, ...]]:
    """The drawn ids of each stratum in ticket order; the database is left as it was."""
    if not manner.database.startswith("postgres"):
        raise Invalid("引擎“postgresql”需要 PostgreSQL 的连接地址，请用 --database 指明。")
    try:
        with psycopg.connect(manner.database) as house:
            _knows(house, manner.profile)
            load(house, rows)
            found = drawn(house, key, rates, manner)
            house.rollback()
    except psycopg.Error as error:
        check_lines(rows)
        raise Refused(
            "引擎“postgresql”没有算完：数据库连不上，或者不让建表、装载。"
            "请核对 --database 的地址、用户和权限，再试一次。"
        ) from error
    return found
