"""Who may come in, with which roles, and who gives them."""

import re

import pytest

from gongchou.accounts import actions, reads
from gongchou.accounts.models import User
from gongchou.audit import reads as audit
from gongchou.core.powers import POWERS, console
from gongchou.core.refusals import NotAllowed, Refused, Stale
from gongchou.core.terms import BureauLevel, Role
from tests.conftest import AT, BUREAU, TODAY

PASSWORD = "长口令-not-secret-1"


def test_the_administrator_makes_people_and_security_gives_roles(person):
    admin, security = person("gu", "顾管理", Role.ADMIN), person("an", "安管理", Role.SECURITY)
    ref = actions.create_user("li", "李执法", password=PASSWORD, by=admin, at=AT)
    actions.grant_role(ref, Role.INSPECTOR, since=TODAY, by=security, at=AT)
    assert reads.actor_of(ref, TODAY).roles == {Role.INSPECTOR}
    assert audit.events(BUREAU)[0].event.data == {"role": "inspector"}


def test_the_administrator_may_not_give_roles_nor_security_make_people(person):
    admin, security = person("gu", "顾管理", Role.ADMIN), person("an", "安管理", Role.SECURITY)
    with pytest.raises(NotAllowed, match="安全管理员"):
        actions.grant_role(admin.ref, Role.OFFICE, since=TODAY, by=admin, at=AT)
    with pytest.raises(NotAllowed, match="系统管理员"):
        actions.create_user("x", "某人", password=PASSWORD, by=security, at=AT)


@pytest.mark.parametrize("other", [Role.AUDITOR, Role.SECURITY, Role.OFFICE])
def test_an_administrator_holds_no_other_role(person, other):
    admin = person("gu", "顾管理", Role.ADMIN)
    with pytest.raises(Refused, match="不得"):
        actions.grant_role(admin.ref, other, since=TODAY, by=console(BUREAU, "root"), at=AT)


def test_a_weak_password_and_a_taken_login_are_refused(bureau, person):
    root = console(bureau, "root")
    with pytest.raises(Refused, match="密码不合要求"):
        actions.create_user("li", "李执法", password="12345678", by=root, at=AT)
    person("li", "李执法")
    with pytest.raises(Refused, match="已经有人使用"):
        actions.create_user("li", "李二", password=PASSWORD, by=root, at=AT)


def test_a_second_click_on_disable_is_stale_and_a_disabled_person_has_no_power(person):
    li, root = person("li", "李执法", Role.INSPECTOR), console(BUREAU, "root")
    actions.disable_user(li.ref, by=root, at=AT)
    assert reads.actor_of(li.ref, TODAY).roles == frozenset()
    with pytest.raises(Stale):
        actions.disable_user(li.ref, by=root, at=AT)


def test_a_first_login_must_change_the_password(client, chen):
    client.post("/login/", {"login": "chen", "password": PASSWORD})
    assert client.get("/").headers["Location"] == "/password/"
    new = {"password": "另一个-not-secret-2", "repeated": "另一个-not-secret-2"}
    assert client.post("/password/", new).status_code == 302
    assert client.get("/").status_code == 200
    kinds = [link.event.kind for link in audit.events(BUREAU, about="U-chen")]
    assert kinds[:3] == ["session_renewed", "password_changed", "logged_in"]


def test_a_wrong_password_is_refused_in_chinese_and_the_sixth_is_locked(client, chen):
    for _ in range(4):
        answer = client.post("/login/", {"login": "chen", "password": "wrong"})
        assert "登录名或密码不对" in answer.content.decode()
    for _ in range(2):
        answer = client.post("/login/", {"login": "chen", "password": "wrong"})
    assert "已锁定" in answer.content.decode()
    answer = client.post("/login/", {"login": "chen", "password": PASSWORD})
    assert "_auth_user_id" not in client.session


def test_a_visitor_is_sent_to_the_login_page(client, bureau):
    for url in ("/", "/people/", "/register/", "/trail/"):
        assert client.get(url).headers["Location"].startswith("/login/")


def test_an_office_clerk_may_not_read_the_trail(signed_in, chen):
    answer = signed_in(chen).get("/trail/")
    assert answer.status_code == 403
    assert "查看留痕" in answer.content.decode()
    last = audit.events(BUREAU)[0].event
    assert (last.kind, last.about, last.by) == ("access_refused", "/trail/", chen.ref)


def test_a_failed_login_is_kept(client, chen):
    client.post("/login/", {"login": "chen", "password": "wrong"})
    assert audit.events(BUREAU, about=chen.ref)[0].event.kind == "login_failed"


def test_the_login_page_never_leads_to_another_site(client, chen):
    answer = client.post("/login/?next=//evil.example/", {"login": "chen", "password": PASSWORD})
    assert answer.headers["Location"] == "/"


def test_a_bureau_names_its_superior_once_and_only_a_higher_one(bureau, person):
    root = console("990100", "root")
    actions.create_bureau("990100", "上级（虚构）", level=BureauLevel.CITY, by=root, at=AT)
    actions.create_bureau("990174", "邻区（虚构）", level=BureauLevel.DISTRICT, by=root, at=AT)
    admin = person("gu", "顾管理", Role.ADMIN)
    for wrong, why in (("990174", "层级不高于"), (BUREAU, "层级不高于"), ("999999", "没有代码")):
        with pytest.raises(Refused, match=why):
            actions.set_superior(BUREAU, wrong, by=admin, at=AT)
    with pytest.raises(Refused, match="只能为本机构"):
        actions.set_superior("990174", "990100", by=admin, at=AT)
    with pytest.raises(NotAllowed):
        actions.set_superior(BUREAU, "990100", by=person("lin", "林局长", Role.LEADER), at=AT)
    assert reads.watches(BUREAU, BUREAU)
    actions.set_superior(BUREAU, "990100", by=admin, at=AT)
    assert (reads.watches("990100", BUREAU), reads.watches(BUREAU, BUREAU)) == (True, False)
    assert [row.code for row in reads.watched("990100")] == [BUREAU, "990100"]
    with pytest.raises(Stale):
        actions.set_superior(BUREAU, "990100", by=admin, at=AT)
    assert audit.events(BUREAU)[0].event.kind == "superior_set"


def test_the_administrator_names_the_superior_on_the_page(signed_in, bureau, person):
    admin = person("gu", "顾管理", Role.ADMIN)
    assert "还没有层级更高的机构" in signed_in(admin).get("/people/").content.decode()
    root = console("990100", "root")
    actions.create_bureau("990100", "上级（虚构）", level=BureauLevel.CITY, by=root, at=AT)
    form = {"superior": "990100"}
    page = signed_in(admin).post("/people/superior/", form, follow=True).content.decode()
    assert "上级（虚构）已指定为本机构的上级机关" in page
    office = signed_in(person("chen", "陈组长", Role.OFFICE))
    assert office.post("/people/superior/", form).status_code == 403


def test_a_bureau_that_only_watches_is_not_the_sole_one(bureau):
    root = console("990100", "root")
    actions.create_bureau("990100", "上级（虚构）", level=BureauLevel.CITY, by=root, at=AT)
    with pytest.raises(Refused, match="请用 --bureau"):
        reads.sole_bureau()
    actions.set_superior(BUREAU, "990100", by=console(BUREAU, "root"), at=AT)
    assert reads.sole_bureau() == BUREAU


def test_the_page_of_powers_says_what_every_check_asks(signed_in, chen):
    page = signed_in(chen).get("/people/powers/").content.decode()
    for role, powers in POWERS.items():
        sheet = page.split(f'<h2 class="card-header">{role.label}</h2>')[1].split("</ul>")[0]
        told = {re.sub("（.*）", "", word) for word in re.findall("<li>(.*?)</li>", sheet)}
        assert told == {power.label for power in powers}
    assert "保管名单密钥（再次核验）" in page
    assert "冻结抽取底册（口令）" in page


@pytest.mark.parametrize("login", ["admin", "root", "gongchou", "sysadmin", "test", ""])
def test_a_new_installation_has_no_account_that_a_password_opens(client, db, login):
    assert not User.objects.exists()
    for password in ("admin", "123456", "gongchou", "password", ""):
        client.post("/login/", {"login": login, "password": password})
    assert "_auth_user_id" not in client.session
    assert client.get("/people/").headers["Location"].startswith("/login/")
