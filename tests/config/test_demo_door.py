"""The door of the demonstration lets in whoever the draw sends out, and nobody without a role."""

from datetime import UTC, datetime

import pytest

from gongchou.accounts.models import User
from gongchou.core.terms import Role
from gongchou.web import clock


def test_every_inspector_may_be_entered_and_a_stranger_not(client, person):
    person("jc07", "演示检查员07", Role.INSPECTOR)
    person("nobody", "陌生人")
    assert client.post("/demo/jc07/").status_code == 302
    assert client.session["_auth_user_id"]
    client.logout()
    assert client.post("/demo/nobody/").status_code == 404
    assert client.post("/demo/missing/").status_code == 404


def test_whoever_enters_is_on_the_own_list_of_sign_ins(client, person):
    person("li", "李执法", Role.INSPECTOR)
    client.post("/demo/li/", headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0"})
    page = client.get("/password/sign-ins/").content.decode()
    assert "Firefox（Windows）" in page


@pytest.mark.parametrize("year", [2020, 2040])
def test_the_list_of_sign_ins_stands_at_the_day_of_the_demonstration(client, person, year):
    """Sessions end by the real clock; the page speaks of the day that is shown."""
    person("li", "李执法", Role.INSPECTOR)
    clock.move_demo_clock(datetime(year, 5, 6, 1, 0, tzinfo=UTC))
    User.objects.update(must_change_password=False)
    client.post("/demo/li/")
    page = client.get("/password/sign-ins/").content.decode()
    assert "本次登录" in page
    assert page.count(f"{year}年5月6日") >= 2
