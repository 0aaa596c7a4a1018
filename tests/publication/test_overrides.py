"""How often people stepped in is public with every draw, and summed up by quarter."""

import json

import pytest

from gongchou.core.powers import system
from gongchou.core.terms import Role
from gongchou.drawing import actions as drawing
from gongchou.drawing import override_reads
from gongchou.publication import actions, reads
from gongchou.publication import override_reads as public
from tests.conftest import AT, BUREAU
from tests.drawing import ceremony


@pytest.fixture
def stage(db):
    return ceremony.prepared(sites=12)


@pytest.fixture
def void_and_record(stage) -> str:
    """A draw given up after its announcement, and the next one of the task with its record."""
    gone = ceremony.announced_draw(stage)
    drawing.void_draw(gone, "公告写错", by=stage.lin, at=AT)
    draw = ceremony.sealed_draw(stage)
    ceremony.published_draw(stage, draw)
    when = ceremony.last_day(draw)
    ref = actions.propose_draw_record(draw, by=stage.chen, at=when)
    actions.approve(ref, digest=reads.document(ref).digest, by=stage.lin, at=when)
    actions.publish(ref, by=ceremony.actor("gong", "公示员", Role.PUBLISHER), at=when)
    actions.publish_announcement(draw, by=system(BUREAU), at=AT)
    actions.publish_void(gone, by=system(BUREAU), at=when)
    return ref


def test_the_record_counts_every_kind_and_the_announcement_what_was_known_then(void_and_record):
    held = reads.document(void_and_record).document["overrides"]
    assert [row["code"] for row in held] == list(override_reads.NAMES)
    assert {row["code"]: row["count"] for row in held if row["count"]} == {"aborted": 1, "late": 1}


def test_a_quarter_sums_the_newest_document_of_each_draw(void_and_record):
    [(quarter, sums)] = public.by_quarter()
    assert quarter == "2026Q1"
    assert {row["code"]: row["count"] for row in sums if row["count"]} == {"aborted": 1, "late": 1}
    assert len({row.draw for row in public.rows()}) == 2


def test_a_draw_given_up_is_counted_once_however_many_of_the_task_follow(stage):
    for _ in range(2):
        gone = ceremony.announced_draw(stage)
        drawing.void_draw(gone, "公告写错", by=stage.lin, at=AT)
        actions.publish_announcement(gone, by=system(BUREAU), at=AT)
    last = ceremony.announced_draw(stage)
    actions.publish_announcement(last, by=system(BUREAU), at=AT)
    [(_, sums)] = public.by_quarter()
    assert {row["code"]: row["count"] for row in sums}["aborted"] == 2


def test_the_announcement_of_a_draw_given_up_leads_to_why(stage, client):
    gone = ceremony.announced_draw(stage)
    said = actions.publish_announcement(gone, by=system(BUREAU), at=AT)
    assert "全部数据会在这里公开" in client.get(f"/open/documents/{said}/").content.decode()
    drawing.void_draw(gone, "公告写错", by=stage.lin, at=AT)
    void = actions.publish_void(gone, by=system(BUREAU), at=AT)
    page = client.get(f"/open/documents/{said}/").content.decode()
    assert "全部数据会在这里公开" not in page
    assert f'/open/documents/{void}/"' in page
    page = client.get(f"/open/documents/{void}/").content.decode()
    assert page.index("公告写错") < page.index("公告摘要")


def test_the_public_reads_them_with_the_draw_the_quarter_and_as_data(void_and_record, client):
    name = override_reads.NAMES["aborted"]
    for page in (f"/open/documents/{void_and_record}/", "/open/draws/", "/open/statistics/"):
        assert name in client.get(page).content.decode(), page
    rows = json.loads(client.get("/open/data/overrides.json").content)
    assert name in str(rows)
