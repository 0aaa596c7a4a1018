"""The coverage board and the form of an off-site check, on desk and phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings

from gongchou.core.workdays import Quarter
from gongchou.offsite import reads
from gongchou.planning import actions as planning
from gongchou.web import clock
from tests.browser.test_door import WCAG
from tests.offsite.conftest import leader, roster, shen  # noqa: F401

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(params=["page", "phone"])
def window(request):
    return request.getfixturevalue(request.param)


@pytest.fixture
def quarter(roster, chen, leader) -> str:  # noqa: F811
    found = str(Quarter.of(clock.day_of(clock.now())))
    ref = planning.compute_plan(found, by=chen, at=clock.now())
    planning.approve_plan(ref, by=leader, at=clock.now())
    return found


def enter(window, live_server, browser_of_django) -> None:
    cookie = browser_of_django.cookies[settings.SESSION_COOKIE_NAME]
    window.context.add_cookies(
        [{"name": cookie.key, "value": cookie.value, "url": live_server.url}]
    )


@pytest.mark.django_db(transaction=True)
def test_the_board_and_the_form_have_no_barrier_and_do_not_overflow(
    window, live_server, signed_in, chen, quarter, bureau
):
    enter(window, live_server, signed_in(chen))
    unit = reads.coverage(bureau, quarter).missing[0]
    for path in ("/offsite/", f"/offsite/{quarter}/new/{unit.subject}/"):
        window.goto(live_server.url + path)
        assert window.evaluate(OVERFLOW) == 0
        found = Axe().run(window, options={"runOnly": WCAG}).response["violations"]
        assert found == []
