"""Selection on Spark: every part of the roster sifts its own candidates, the driver orders them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as f

from gongchou.core.draw import Rate
from gongchou.drawing.engines.manner import ALL, Manner, Rows, counts, needs_sha256
from gongchou.drawing.engines.rows import as_file

SCHEMA = "pid STRING, stratum STRING"


@contextmanager
def _session() -> Iterator[SparkSession]:
    """A session on this machine, unless the surrounding program has one of its own cluster."""
    running = SparkSession.getActiveSession()
    if running is not None:
        yield running
        return
    maker = SparkSession.builder.master("local[2]").appName("gongchou-draw")
    maker = maker.config("spark.ui.enabled", "false").config("spark.sql.shuffle.partitions", "4")
    session = maker.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    try:
        yield session
    finally:
        session.stop()


def _picked(numbered: DataFrame, stratum: str, bound: str, count: int) -> tuple[str, ...]:
    own = numbered.where((f.col("stratum") == stratum) & (f.col("ticket") < bound))
    return tuple(row.pid for row in own.orderBy("ticket", "pid").limit(count).collect())


def select(
    rows: Rows, key: str, rates: Mapping[str, Rate], manner: Manner
) -> dict[str, tuple[str, ...]]:
    """The drawn ids of each stratum in ticket order; each cluster node must see the row file."""
    needs_sha256(manner, "spark")
    found = {}
    with as_file(rows) as path, _session() as session:
        roster = session.read.csv(path.as_uri(), schema=SCHEMA, sep="\t", quote="")
        ticket = f.substring(f.sha2(f.concat(f.lit(key), f.col("pid")), 256), 1, manner.digits)
        numbered = roster.withColumn("ticket", ticket)
        sizes = {row.stratum: row["count"] for row in roster.groupBy("stratum").count().collect()}
        for stratum, count in counts(sizes, rates).items():
            bound = manner.bound(count, sizes.get(stratum, 0))
            picked = _picked(numbered, stratum, bound, count)
            found[stratum] = (
                picked if len(picked) == count else _picked(numbered, stratum, ALL, count)
            )
    return found
