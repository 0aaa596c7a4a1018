"""The pages of the draw on desk and phone: nothing sticks out, nothing bars anybody."""

import hashlib
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe

from gongchou.accounts.models import User
from gongchou.drawing import models, reads
from gongchou.web import clock
from tests.browser.test_door import WCAG
from tests.browser.test_frame import OVERFLOW
from tests.conftest import AT
from tests.drawing import ceremony


@pytest.fixture(params=["page", "phone"])
def window(request):
    return request.getfixturevalue(request.param)


def enter(window, live_server, login: str) -> None:
    User.objects.filter(login=login).update(must_change_password=False)
    window.goto(f"{live_server.url}/login/")
    window.get_by_label("登录名").fill(login)
    window.get_by_label("密码").fill("长口令-not-secret-1")
    window.get_by_role("button", name="登录").click()
    window.wait_for_url(lambda url: "/login/" not in url)


def looked_at(window, *, but: tuple[str, ...] = ()) -> None:
    assert window.evaluate(OVERFLOW) == 0
    options = {"runOnly": WCAG, "rules": {rule: {"enabled": False} for rule in but}}
    assert Axe().run(window, options=options).response["violations"] == []


def test_the_room_of_the_draw_fits_desk_and_phone(window, live_server):
    clock.move_demo_clock(AT)
    stage = ceremony.prepared(at=clock.now())
    draw = ceremony.announced_draw(stage, at=clock.now())
    enter(window, live_server, "chen")
    for path in ("/draw/", f"/draw/{draw}/", "/draw/keys/", "/draw/log/"):
        window.goto(live_server.url + path)
        looked_at(window)


def test_a_released_list_and_its_slip_fit_desk_and_phone(window, live_server):
    clock.move_demo_clock(AT)
    stage = ceremony.prepared(at=clock.now())
    draw = ceremony.sealed_draw(stage, at=clock.now())
    models.SealedVisit.objects.update(planned_on=clock.day_of(clock.now()))
    ceremony.released_visits(stage, draw, at=clock.now())
    enter(window, live_server, "chen")
    for path in ("", "released/", "released/0/", "?view=projector&pause=1"):
        window.goto(f"{live_server.url}/draw/{draw}/{path}")
        looked_at(window)
    # The screen in the hall asks again by itself, which anybody can stop with one click.
    window.goto(f"{live_server.url}/draw/{draw}/?view=projector")
    looked_at(window, but=("meta-refresh",))
    window.get_by_role("link", name="暂停刷新").click()
    window.get_by_role("link", name="继续自动刷新").wait_for()


def test_a_hall_sees_every_ticket_without_scrolling(browser, live_server):
    clock.move_demo_clock(AT)
    draw = ceremony.sealed_draw(ceremony.prepared(sites=60, at=clock.now()), at=clock.now())
    clock.move_demo_clock(AT + timedelta(minutes=5))
    hall = browser.new_page(viewport={"width": 1920, "height": 1080})
    enter(hall, live_server, "chen")
    hall.goto(f"{live_server.url}/draw/{draw}/?view=projector&pause=1")
    last, foot = hall.locator(".ticket-list li").last, hall.locator(".projector-foot")
    assert reads.draw(draw).visit_count == hall.locator(".ticket-list li").count()
    assert last.bounding_box()["y"] + last.bounding_box()["height"] < foot.bounding_box()["y"]
    hall.close()


# A long film takes its time: each file is read when the test says so.
SLOWLY = """() => { const read = File.prototype.arrayBuffer;
  window.waiting = [];
  File.prototype.arrayBuffer = async function () {
    await new Promise((go) => window.waiting.push(go));
    return read.call(this);
  };
}"""


@pytest.fixture
def films(page, live_server):
    """The form for a recording, on the desk."""
    clock.move_demo_clock(AT)
    stage = ceremony.prepared(at=clock.now())
    draw = ceremony.announced_draw(stage, at=clock.now())
    enter(page, live_server, "chen")
    page.goto(f"{live_server.url}/draw/{draw}/")
    page.get_by_text("登记一份录像").click()
    page.evaluate(SLOWLY)
    return page


def test_the_digest_is_that_of_the_film_chosen_last(films, tmp_path):
    for name in ("long.mp4", "short.mp4"):
        (tmp_path / name).write_bytes(name.encode())
        films.locator("#film").set_input_files(tmp_path / name)
    films.evaluate("window.waiting[1]()")
    films.get_by_text("已算出“short.mp4”的摘要").wait_for()
    films.evaluate("window.waiting[0]()")
    films.wait_for_timeout(500)
    short = hashlib.sha256(b"short.mp4").hexdigest()
    assert films.get_by_label("SHA-256 摘要").input_value() == short


def test_a_film_that_cannot_be_read_says_so(films, tmp_path):
    film = tmp_path / "gone.mp4"
    film.write_bytes(b"film")
    films.locator("#film").set_input_files(film)
    film.unlink()
    films.evaluate("window.waiting[0]()")
    films.get_by_text("这个文件在浏览器里算不了").wait_for()
    assert films.get_by_label("SHA-256 摘要").input_value() == ""
