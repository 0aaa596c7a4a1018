"""Spark gives the identical list; run by `make test-spark`, since it needs Java and much room."""

import random
from collections.abc import Iterator

import pytest
from pyspark.sql import SparkSession

from gongchou.drawing.engines import engine
from gongchou.drawing.engines.manner import Manner
from tests.drawing.engine_rows import KEY, MANNERS, RATES, expected, make_rows
from tests.rehearsal.test_rehearse import rehearse

ROWS = make_rows()


@pytest.fixture(scope="module", autouse=True)
def session() -> Iterator[SparkSession]:
    maker = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    found = maker.config("spark.sql.shuffle.partitions", "4").getOrCreate()
    found.sparkContext.setLogLevel("ERROR")
    yield found
    found.stop()


@pytest.mark.parametrize("manner", MANNERS)
def test_spark_draws_the_list_that_sorting_everything_gives(manner):
    found = engine("spark", MANNERS[manner])(ROWS, KEY, RATES)
    assert found == expected(ROWS, MANNERS[manner])


def test_the_order_of_the_rows_changes_nothing():
    mixed = random.Random(8).sample(ROWS, len(ROWS))
    assert engine("spark", Manner())(mixed, KEY, RATES) == expected(ROWS, Manner())


def test_a_rehearsal_writes_the_same_record(tmp_path):
    assert rehearse(tmp_path / "python") == 0
    assert rehearse(tmp_path / "spark", "--engine", "spark") == 0
    one, other = ((tmp_path / part / "record.json").read_bytes() for part in ("python", "spark"))
    assert one == other
