"""A record is filled with one hand on a phone, and read on a desk."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe

from gongchou.accounts.models import User
from gongchou.core.terms import VisitState
from gongchou.inspection import actions, reads
from gongchou.inspection.drafts import OrderDraft
from gongchou.web import clock
from tests.browser.test_door import WCAG
from tests.browser.test_frame import OVERFLOW
from tests.inspection.people import case_draft, faulty_body, make_house, signed_by_all

SIGNING = "731946"


@pytest.fixture
def house(live_server, person):
    made = make_house(person)
    User.objects.update(must_change_password=False)
    actions.set_signing_pin(SIGNING, by=made.wang, at=clock.now())
    return made


@pytest.fixture
def started(house) -> str:
    at = clock.now() - timedelta(hours=3)
    draft = case_draft(planned_on=clock.day_of(at))
    ref = actions.open_case_visit(draft, by=house.chen, at=at)
    actions.accept_visit(ref, by=house.li, at=at)
    arrived = at + timedelta(minutes=5)
    actions.start_visit(ref, client_id="phone-start-1", by=house.li, at=arrived)
    return ref


@pytest.fixture
def submitted(house, started) -> str:
    body, arrived = faulty_body(started), reads.visit(started).started_at
    hours = {
        name: arrived + timedelta(minutes=20 * n)
        for n, name in enumerate(("started_at", "identity_shown_at", "notice_given_at", "ended_at"))
    }
    body = faulty_body(started, **hours)
    at = clock.now()
    signed_by_all(started, body)
    actions.submit_record(started, body, client_id="phone-submit-1", by=house.li, at=at)
    today = clock.day_of(at)
    draft = OrderDraft(says="修复集气罩", issued_on=today, due_on=today + timedelta(days=9))
    actions.order_correction(started, draft, by=house.li, at=at)
    return started


def enter(window, live_server, login: str):
    window.goto(f"{live_server.url}/login/")
    window.get_by_label("登录名").fill(login)
    window.get_by_label("密码").fill("长口令-not-secret-1")
    window.get_by_role("button", name="登录").click()
    window.wait_for_url(lambda url: "/login/" not in url)
    return window


def unfold(window) -> None:
    """Open every section of the record."""
    window.locator("details.fold").first.wait_for()
    window.evaluate("document.querySelectorAll('details.fold').forEach(d => d.open = true)")


def is_sound(window) -> None:
    window.wait_for_load_state()
    assert window.evaluate(OVERFLOW) == 0
    assert Axe().run(window, options={"runOnly": WCAG}).response["violations"] == []


def test_a_clean_record_is_filled_and_submitted_on_a_phone(phone, live_server, house, started):
    enter(phone, live_server, "li").goto(f"{live_server.url}/visits/{started}/record/")
    is_sound(phone)
    assert phone.locator("input:checked:not([value=''])").count() == 0
    small = "[...document.querySelectorAll('.record-form .choice')].map(e => e.offsetHeight)"
    assert min(height for height in phone.evaluate(small) if height) >= 48
    for label in ("亮证时间", "告知时间"):
        with phone.expect_navigation():
            phone.get_by_role("button", name=f"{label}：现在").click()
    assert phone.get_by_role("button", name="到场时间：现在").count() == 0
    phone.locator("[data-progress]").wait_for()
    unfold(phone)
    for group in phone.locator(".check-item").all():
        assert not group.locator(".finding-block").is_visible()
        group.get_by_label("未发现问题").check()
    phone.get_by_text("2／2 项已填").last.wait_for()
    phone.get_by_role("button", name="检查结束时间：现在").click()
    phone.get_by_text("已登记结束时间").wait_for()
    phone.get_by_label("记录已交被检查单位核对").check()
    phone.get_by_label("已签字").check()
    phone.get_by_label("签字人姓名").fill("钱厂长")
    phone.get_by_label("法定代表人").check()
    phone.get_by_role("button", name="核对、签字").click()
    phone.get_by_label("王执法的签字口令").fill(SIGNING)
    is_sound(phone)
    phone.get_by_role("button", name="王执法签字").click()
    phone.get_by_text("本人签字口令").last.wait_for()
    phone.get_by_label("以上情况的原因").fill("演练")
    phone.get_by_role("button", name="签字并提交记录").click()
    phone.get_by_text("全过程").first.wait_for()
    assert reads.visit(started).state is VisitState.SUBMITTED


def test_a_problem_and_a_refusal_ask_for_more(phone, live_server, house, started):
    enter(phone, live_server, "li").goto(f"{live_server.url}/visits/{started}/record/")
    unfold(phone)
    first = phone.locator(".check-item").first
    first.get_by_label("发现问题", exact=True).check()
    first.get_by_label("问题", exact=True).fill("集气罩破损")
    assert not phone.get_by_label("见证人").is_visible()
    phone.get_by_label("拒绝").check()
    phone.get_by_label("见证人").fill("村委会孙某")
    is_sound(phone)


@pytest.mark.parametrize("kind", ["page", "phone"])
@pytest.mark.parametrize(
    ("login", "path"),
    [
        ("chen", ""),
        ("chen", "paper/"),
        ("chen", "orders/"),
        ("chen", "phones/"),
        ("chen", "case/"),
        ("chen", "check-paper/"),
        ("li", "{ref}/"),
        ("li", "{ref}/briefing/"),
        ("li", "{ref}/after/"),
        ("shen", "{ref}/review/"),
    ],
)
def test_the_pages_of_a_visit_have_no_known_barrier(
    request, kind, login, path, live_server, house, submitted
):
    window = enter(request.getfixturevalue(kind), live_server, login)
    window.goto(f"{live_server.url}/visits/{path.format(ref=submitted)}")
    is_sound(window)
