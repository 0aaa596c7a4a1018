"""A month of readings as one Parquet file, for those who analyse them elsewhere."""

import csv
import importlib
import tempfile
from collections.abc import Iterable
from pathlib import Path

from gongchou.core.refusals import Refused
from gongchou.offsite.hj212.store import ReadingRow

COLUMNS = ("mn", "cn", "time", "factor", "field", "value", "flag", "qn", "resent", "received_at")


def write_parquet(rows: Iterable[ReadingRow], path: Path) -> int:
    """One line a value, as sent; returns how many. Needs DuckDB, which writes the file."""
    try:
        duckdb = importlib.import_module("duckdb")
    except ModuleNotFoundError:
        raise Refused("导出 Parquet 需要 DuckDB，请先安装 gongchou[duckdb]。") from None
    with tempfile.TemporaryDirectory(prefix="gongchou-export-") as folder:
        lines = Path(folder) / "rows.csv"
        count = _write_lines(rows, lines)
        with duckdb.connect() as house:
            house.execute(
                "COPY (SELECT * FROM read_csv(?, header=true, all_varchar=true)) TO "
                f"'{_quoted(path)}' (FORMAT parquet, COMPRESSION zstd)",
                [str(lines)],
            )
    return count


def _write_lines(rows: Iterable[ReadingRow], path: Path) -> int:
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for row in rows:
            about = (row.flag, row.qn, int(row.is_resent), row.received_at.isoformat())
            for name, value in row.values.items():
                writer.writerow((row.mn, row.cn, row.time, row.factor, name, value, *about))
                count += 1
    return count


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
