"""Tables to which rows are only ever added: the database refuses everything else."""

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from gongchou.audit.append_only import statements
from tests.drawing import ceremony
from tests.inspection.people import make_house, started, submitted
from tests.inspection.test_evidence import add, picture
from tests.machinery import APPEND_ONLY


def refuses(table: str, sql: str) -> None:
    with (
        pytest.raises(DatabaseError, match=f"{table} is append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


def test_a_saved_version_of_a_record_stays_as_it_is(person):
    submitted(make_house(person))
    assert apps.get_model("inspection", "RecordRevision").objects.exists()
    refuses("inspection_recordrevision", "UPDATE inspection_recordrevision SET body = 'x'")
    refuses("inspection_recordrevision", "DELETE FROM inspection_recordrevision")


def test_evidence_stays_as_it_came(person):
    house = make_house(person)
    add(started(house), picture(), house.li)
    refuses("inspection_evidence", "UPDATE inspection_evidence SET sha256 = 'x'")
    refuses("inspection_evidence", "DELETE FROM inspection_evidence")


def test_the_log_of_draws_stays_as_it_is(db):
    stage = ceremony.prepared()
    ceremony.frozen_draw(stage)
    refuses("drawing_drawlogentry", "UPDATE drawing_drawlogentry SET leaf = 'x'")
    refuses("drawing_drawlogentry", "DELETE FROM drawing_drawlogentry")


def test_every_guarded_table_belongs_to_a_model():
    tables = {model._meta.db_table for model in apps.get_models()}
    assert set(APPEND_ONLY) <= tables


@pytest.mark.parametrize("vendor", ["sqlite", "postgresql"])
def test_the_guard_names_its_table_on_both_databases(vendor):
    made = statements("room_thing", vendor)
    assert len(made) == 2
    assert all("room_thing" in one for one in made)
