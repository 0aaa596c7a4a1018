"""Selection inside DuckDB: it reads the rows as a stream, and spills to disk by itself.

Nothing is loaded: one pass counts, one pass makes the tickets and keeps the candidates of all
strata. Only who comes below the bound is ever sorted.
"""

import tempfile
from collections.abc import Mapping
from pathlib import Path

import duckdb

from gongchou.core.draw import Rate
from gongchou.core.refusals import Refused
from gongchou.drawing.engines.manner import ALL, DIGITS, Manner, Rows, counts, needs_sha256
from gongchou.drawing.engines.rows import as_file, check_lines

ROSTER = """
CREATE TEMP VIEW roster AS SELECT pid, stratum FROM read_csv('{path}', delim = '\t',
header = false, quote = '', escape = '', auto_detect = false,
columns = {{'pid': 'VARCHAR', 'stratum': 'VARCHAR'}})
"""
FETCHED = 8192  # rows at a time, since a row of a result takes more room than its id
SIZES = "SELECT stratum, count(*) FROM roster GROUP BY stratum"
# Hex and ids are ASCII, and DuckDB compares text byte by byte.
PICK = """
SELECT stratum, pid FROM (SELECT stratum, pid, {ticket} AS ticket, bound FROM roster
JOIN (SELECT unnest($strata) AS stratum, unnest($bounds) AS bound) AS asked USING (stratum))
WHERE ticket < bound ORDER BY stratum, ticket, pid
"""
WHOLE = """
SELECT pid FROM (SELECT pid, {ticket} AS ticket FROM roster WHERE stratum = $stratum)
ORDER BY ticket, pid LIMIT $count
"""


def _ticket(digits: int) -> str:
    whole = "sha256($key || pid)"
    return whole if digits == DIGITS else f"left({whole}, {digits:d})"


def _candidates(
    house: duckdb.DuckDBPyConnection, key: str, bounds: Mapping[str, str], digits: int
) -> dict[str, list[str]]:
    """The ids below the bound of each stratum, in ticket order."""
    asked = {"key": key, "strata": list(bounds), "bounds": list(bounds.values())}
    found: dict[str, list[str]] = {stratum: [] for stratum in bounds}
    house.execute(PICK.format(ticket=_ticket(digits)), asked)
    while rows := house.fetchmany(FETCHED):
        for stratum, pid in rows:
            found[stratum].append(pid)
    return found


def drawn(
    house: duckdb.DuckDBPyConnection, key: str, rates: Mapping[str, Rate], manner: Manner
) -> dict[str, tuple[str, ...]]:
    """The draw from whatever `roster` is in this connection: a file, or a table."""
    sizes = dict(house.execute(SIZES).fetchall())
    wanted = counts(sizes, rates)
    bounds = {s: manner.bound(k, sizes.get(s, 0)) for s, k in wanted.items()}
    sifted = _candidates(house, key, bounds, manner.digits)
    found = {s: tuple(sifted[s][:k]) for s, k in wanted.items()}
    for stratum, count in wanted.items():
        if len(found[stratum]) < count and bounds[stratum] != ALL:
            asked = {"key": key, "stratum": stratum, "count": count}
            rows = house.execute(WHOLE.format(ticket=_ticket(manner.digits)), asked).fetchall()
            found[stratum] = tuple(pid for (pid,) in rows)
    return found


def select(
    rows: Rows, key: str, rates: Mapping[str, Rate], manner: Manner
) -> dict[str, tuple[str, ...]]:
    """The drawn ids of each stratum in ticket order; what does not fit in memory lies in a file."""
    needs_sha256(manner, "duckdb")
    try:
        return _selected(rows, key, rates, manner)
    except duckdb.Error as error:
        check_lines(rows)
        raise Refused(
            "引擎“duckdb”没有算完，多半是内存上限太小或者临时文件夹的磁盘不够。"
            "请放宽 --memory、腾出磁盘，或改用 python 引擎。"
        ) from error


def _selected(
    rows: Rows, key: str, rates: Mapping[str, Rate], manner: Manner
) -> dict[str, tuple[str, ...]]:
    with (
        tempfile.TemporaryDirectory(prefix="gongchou-duckdb-") as folder,
        as_file(rows) as path,
        duckdb.connect() as house,
    ):
        house.execute("SET temp_directory = $folder", {"folder": str(Path(folder))})
        if manner.memory:
            house.execute("SET memory_limit = $memory", {"memory": manner.memory})
        house.execute(ROSTER.format(path=str(path).replace("'", "''")))
        return drawn(house, key, rates, manner)
