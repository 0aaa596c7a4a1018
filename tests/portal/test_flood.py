"""A flood at the public door costs little: from memory what is known, by ration what is not."""

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from gongchou.portal import remembered
from gongchou.portal.remembered import AT_ONCE, DRAWING, RememberedMiddleware
from gongchou.publication import actions
from tests.conftest import AT

FIRM = "演示铸造第002厂"


@pytest.fixture
def passing(monkeypatch):
    """Time that stands until a test moves it on."""
    moment = [0.0]
    monkeypatch.setattr(remembered.time, "monotonic", lambda: moment[0])
    return moment


@pytest.fixture
def behind(settings, monkeypatch):
    """The middleware before a view that counts; nothing here asks the database."""
    settings.IS_THROTTLED = True
    monkeypatch.setattr(remembered, "stamp", lambda: "stamp")
    reached: list[str] = []

    def view(request):
        reached.append(request.get_full_path())
        return HttpResponse("ok", headers={"Cache-Control": "public, max-age=60"})

    return RememberedMiddleware(view, passing=lambda: 0.0), reached


def test_a_page_that_all_see_alike_is_drawn_once_however_many_ask(behind, rf):
    door, reached = behind
    answers = [door(rf.get("/open/")) for _ in range(DRAWING.burst + 50)]
    assert {answer.status_code for answer in answers} == {200}
    assert reached == ["/open/"]


def test_pages_drawn_afresh_are_rationed_and_the_back_office_is_not(behind, rf):
    door, reached = behind
    asked = [f"/open/results/?q={number}" for number in range(DRAWING.burst + 5)]
    answers = [door(rf.get(path)) for path in asked]
    assert [a.status_code for a in answers] == [200] * DRAWING.burst + [429] * 5
    assert int(answers[-1]["Retry-After"]) >= 1
    assert reached == asked[: DRAWING.burst]
    assert door(rf.get("/visits/")).status_code == 200


def test_readers_do_not_use_up_what_enterprises_may_send(behind, rf):
    door, _ = behind
    for number in range(DRAWING.burst + 5):
        door(rf.get(f"/open/results/?q={number}"))
    assert door(rf.post("/open/door/")).status_code == 200


def test_what_was_typed_and_what_belongs_to_one_visitor_is_not_kept(behind, rf):
    door, reached = behind
    for path in ("/open/results/?q=a", "/open/door/?gate=x"):
        door(rf.get(path))
        door(rf.get(path))
    assert len(reached) == 4


def test_a_third_reader_at_the_same_moment_is_sent_away_and_an_officer_is_not(settings, rf):
    settings.IS_THROTTLED = True
    depth, found = [0], []

    def nested(request):
        depth[0] += request.path.startswith("/open/")
        if depth[0] < AT_ONCE:
            door(rf.head("/open/"))
        elif not found:
            found.extend(door(rf.head(path)).status_code for path in ("/open/", "/register/"))
        return HttpResponse()

    door = RememberedMiddleware(nested)
    assert door(rf.head("/open/")).status_code == 200
    assert found == [429, 200]
    assert door(rf.head("/open/")).status_code == 200


def test_a_withdrawn_result_leaves_memory_with_the_next_glance(
    client, portal, gong, settings, passing
):
    settings.GLANCE_SECONDS = 1.0
    assert FIRM in client.get("/open/results/").content.decode()
    actions.withdraw_result(portal, 2, "处罚决定已撤销", by=gong, at=AT)
    passing[0] = 1.0
    assert FIRM not in client.get("/open/results/").content.decode()


def test_a_page_from_memory_is_the_page_that_was_drawn_with_its_walls(client, portal):
    drawn, again = client.get("/open/"), client.get("/open/")
    assert again.content == drawn.content
    for name in ("Content-Security-Policy", "X-Frame-Options", "X-Content-Type-Options"):
        assert again[name] == drawn[name]
    assert not again.cookies


def test_guessed_numbers_ask_the_database_nothing(client, portal, settings, passing):
    settings.GLANCE_SECONDS = 1.0
    client.get("/open/documents/G990173-99998/")

    with CaptureQueriesContext(connection) as asked:
        answer = client.get("/open/documents/G990173-99999/")
    assert answer.status_code == 404
    assert not asked.captured_queries
