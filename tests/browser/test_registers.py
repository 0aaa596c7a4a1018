"""The registers in a real browser: on the desk and on the phone, without a barrier."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client

from gongchou.accounts.models import User
from gongchou.core.terms import ImportKind, Role
from gongchou.registry import actions, reads
from gongchou.web import clock
from tests.browser.test_door import WCAG
from tests.registry.test_import import csv, line

PAGES = ("", "subjects/{site}/", "inspectors/", "recusals/", "designations/", "changes/", "board/")
PEOPLE = "姓名,科室,登录名,执法证号,执法资格,有效期至"


@pytest.fixture
def site(person) -> str:
    """One site, one person, one designation that waits; the leader is signed in elsewhere."""
    chen, at = person("chen", "陈组长", Role.OFFICE), clock.now()
    today = clock.day_of(at)
    person("lin", "林局长", Role.LEADER)
    for kind, content in (
        (ImportKind.SUBJECTS, csv(line(1, category="重点管理"))),
        (ImportKind.INSPECTORS, csv(f"李执法,zd,li,虚构-1,是,{today}", header=PEOPLE)),
    ):
        actions.import_file(kind, content, "名册.csv", on=today, by=chen, at=at)
    ref = reads.subjects(chen.bureau, today).rows[0].ref
    until = today + timedelta(90)
    actions.propose_designation(
        ref, "毗邻水源地（虚构）", since=today, until=until, on=today, by=chen, at=at
    )
    return ref


def sign_in(window, url: str) -> None:
    """The leader's session, handed to the browser."""
    User.objects.filter(login="lin").update(must_change_password=False)
    client = Client()
    client.force_login(
        User.objects.get(login="lin"), backend="django.contrib.auth.backends.ModelBackend"
    )
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": url}
    window.context.add_cookies([cookie])


@pytest.mark.parametrize("size", ["page", "phone"])
def test_every_page_of_the_register_fits_and_has_no_known_barrier(request, live_server, site, size):
    window = request.getfixturevalue(size)
    sign_in(window, live_server.url)
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    for page in PAGES:
        window.goto(f"{live_server.url}/register/{page.format(site=site)}")
        assert window.title().endswith("公抽")
        assert window.evaluate(overflow) == 0, page
        found = Axe().run(window, options={"runOnly": WCAG}).response["violations"]
        assert found == [], (page, [(v["id"], v["nodes"][0]["html"]) for v in found])
