"""The pages of policy, plan, task and year, on desk and phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from gongchou.core.workdays import Quarter
from gongchou.planning import actions
from gongchou.planning import reads as plans
from gongchou.web import clock
from tests.browser.test_door import WCAG
from tests.browser.test_offsite import OVERFLOW, enter
from tests.offsite.conftest import leader  # noqa: F401
from tests.reporting.quarters import make_plan, make_registers


@pytest.fixture(params=["page", "phone"])
def window(request):
    return request.getfixturevalue(request.param)


@pytest.mark.django_db(transaction=True)
def test_the_pages_of_planning_have_no_barrier_and_do_not_overflow(
    window,
    live_server,
    signed_in,
    chen,
    leader,  # noqa: F811
    bureau,
):
    at = clock.now()
    quarter = Quarter.of(clock.day_of(at))
    make_registers(chen)
    plan = make_plan(chen, leader, str(quarter), at)
    actions.make_annual_plan(quarter.year, by=chen, at=at)
    task = plans.plan(plan).tasks[0].ref
    enter(window, live_server, signed_in(leader))
    for path in ("/", "/plan/policy/", "/plan/", f"/plan/tasks/{task}/", "/plan/annual/"):
        window.goto(live_server.url + path)
        assert window.evaluate(OVERFLOW) == 0, path
        found = Axe().run(window, options={"runOnly": WCAG}).response["violations"]
        assert found == [], path
