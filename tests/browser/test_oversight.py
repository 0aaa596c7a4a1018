"""The pages of oversight on desk and phone: no barrier, nothing runs over the edge."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from gongchou.core.powers import outsider
from gongchou.core.terms import Role
from gongchou.intake import actions as intake
from gongchou.reporting import actions
from gongchou.web import clock
from tests.browser.test_door import WCAG
from tests.browser.test_offsite import OVERFLOW, enter
from tests.conftest import BUREAU
from tests.reporting.quarters import make_registers, make_visit

PATHS = (
    "/oversight/",
    "/oversight/rechecks/?quarter=2026Q1",
    "/oversight/settings/",
    "/oversight/suspensions/",
    "/oversight/tasks/",
    "/oversight/assessments/?quarter=2026Q1",
    "/oversight/mine/",
    "/discipline/",
    "/discipline/reports/",
    "/people/groups/",
)


@pytest.fixture(params=["page", "phone"])
def window(request):
    return request.getfixturevalue(request.param)


@pytest.mark.django_db(transaction=True)
def test_the_desk_of_the_discipline_office_has_no_barrier(
    window, live_server, signed_in, person, chen
):
    ji, at = person("ji", "纪审计", Role.AUDITOR), clock.now()
    make_registers(chen)
    for number in (1, 2):
        make_visit(number, site=1)
    actions.raise_alarms(by=ji, at=at)
    draft = intake.ReportDraft(about="虚构某人", says="虚构的情况", sender="赵匿名")
    ref = intake.send_report(draft, chance=bytes(15), by=outsider(BUREAU), at=at).ref
    enter(window, live_server, signed_in(ji))
    for path in (*PATHS, f"/discipline/reports/{ref}/", "/open/conduct/"):
        window.goto(live_server.url + path)
        window.locator("h1").first.wait_for()
        assert window.evaluate(OVERFLOW) == 0, path
        assert Axe().run(window, options={"runOnly": WCAG}).response["violations"] == [], path
