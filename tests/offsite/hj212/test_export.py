"""A month of readings as a file that others read."""

import duckdb
import pytest

from gongchou.config.listening import export
from gongchou.core.refusals import Refused
from gongchou.offsite.hj212.export import write_parquet
from gongchou.offsite.hj212.store import reading_rows
from tests.offsite.hj212.arrivals import arrivals, hour


def test_every_value_is_written_as_it_was_sent(tmp_path):
    path = tmp_path / "april's.parquet"
    assert write_parquet(reading_rows(arrivals(hour(1, "12.30"), hour(2))), path) == 4
    found = duckdb.sql(
        f"SELECT time, factor, field, value, flag FROM '{str(path).replace(chr(39), chr(39) * 2)}'"
    )
    assert found.fetchall()[0] == ("20260401010000", "a21026", "Avg", "12.30", "N")


@pytest.mark.parametrize("month", ["2026-13", "2026", "四月"])
def test_a_month_that_does_not_exist_is_refused(month, tmp_path):
    with pytest.raises(Refused, match="月份"):
        export(month, tmp_path / "out.parquet")
