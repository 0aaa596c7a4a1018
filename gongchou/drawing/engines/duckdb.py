"""Selection inside DuckDB: the tickets never leave it, and it spills to disk by itself."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

import duckdb

from gongchou.core.draw import Rate
from gongchou.drawing.engines.manner import ALL, Manner, Rows, counts, needs_sha256
from gongchou.drawing.engines.rows import as_file

LOAD = """
CREATE TABLE roster AS SELECT pid, stratum FROM read_csv(?, delim = '\t', header = false,
quote = '', escape = '', columns = {'pid': 'VARCHAR', 'stratum': 'VARCHAR'})
"""
SIZES = "SELECT stratum, count(*) FROM roster GROUP BY stratum"
# Hex and ids are ASCII, and DuckDB compares text byte by byte.
PICK = """
SELECT pid FROM (SELECT pid, left(sha256($key || pid), $digits) AS ticket FROM roster
WHERE stratum = $stratum) AS numbered WHERE ticket < $bound ORDER BY ticket, pid LIMIT $count
"""


def _picked(
    house: duckdb.DuckDBPyConnection, asked: Mapping[str, str | int], bound: str
) -> tuple[str, ...]:
    found = house.execute(PICK, {**asked, "bound": bound}).fetchall()
    return tuple(pid for (pid,) in found)


def select(
    rows: Rows, key: str, rates: Mapping[str, Rate], manner: Manner
) -> dict[str, tuple[str, ...]]:
    """The drawn ids of each stratum in ticket order."""
    needs_sha256(manner, "duckdb")
    found: dict[str, tuple[str, ...]] = {}
    with (
        tempfile.TemporaryDirectory(prefix="gongchou-duckdb-") as folder,
        as_file(rows) as path,
        duckdb.connect(str(Path(folder) / "rows.duckdb")) as house,
    ):
        house.execute(LOAD, [str(path)])
        sizes = dict(house.execute(SIZES).fetchall())
        for stratum, count in counts(sizes, rates).items():
            asked: dict[str, str | int] = {
                "key": key,
                "digits": manner.digits,
                "stratum": stratum,
                "count": count,
            }
            picked = _picked(house, asked, manner.bound(count, sizes.get(stratum, 0)))
            found[stratum] = picked if len(picked) == count else _picked(house, asked, ALL)
    return found
