"""The office's pages of a visit, on a desk and on a phone: nothing overflows, nothing is hidden."""

import io
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe

from gongchou.core.powers import system
from gongchou.core.terms import EvidenceKind
from gongchou.inspection import actions, reads
from gongchou.inspection.drafts import (
    ApprovalDraft,
    CameraDraft,
    FileDraft,
    OrderDraft,
    PhotoDraft,
    SafetyDraft,
    TransferDraft,
)
from gongchou.web import clock
from tests.browser.test_door import WCAG
from tests.browser.test_frame import OVERFLOW
from tests.browser.test_record import enter, house, started  # noqa: F401
from tests.conftest import BUREAU
from tests.inspection.people import case_draft, faulty_body, signed_by_all
from tests.inspection.test_evidence import picture

LOADED = """() => Promise.all([...document.images].map(i => { i.loading = 'eager';
  return i.complete ? 1 : new Promise(r => { i.onload = i.onerror = r }) }))"""
BROKEN = "[...document.images].filter(i => !i.naturalWidth).map(i => i.src)"


def sound(window) -> None:
    window.evaluate(LOADED)
    assert window.evaluate(BROKEN) == []
    assert window.evaluate(OVERFLOW) == 0
    assert Axe().run(window, options={"runOnly": WCAG}).response["violations"] == []


@pytest.fixture
def whole(house, started) -> str:  # noqa: F811
    """A visit with everything that can follow one."""
    at = clock.now()
    arrived = reads.visit(started).started_at
    names = ("started_at", "identity_shown_at", "notice_given_at", "ended_at")
    body = faulty_body(
        started, **{name: arrived + timedelta(minutes=20 * n) for n, name in enumerate(names)}
    )
    draft = FileDraft(
        name="罩.png", content=io.BytesIO(picture()), kind=EvidenceKind.PHOTO,
        item=body.findings[0].item, says="集气罩破损", taken_at=arrived,
    )  # fmt: skip
    actions.add_evidence(started, draft, client_id="phone-photo-1", by=house.li, at=at)
    camera = CameraDraft(number="GC-20260105-0007", device="7号", says="现场勘查")
    actions.note_recording(started, camera, client_id="page-recording", by=house.li, at=at)
    safety = SafetyDraft(rules="进厂登记，禁带火种", gear="安全帽、防毒口罩", source="门卫")
    actions.note_safety(started, safety, by=house.li, at=at)
    signed_by_all(started, body, at=at)
    actions.submit_record(started, body, client_id="phone-submit-1", by=house.li, at=at)
    return after(house, started, at)


def after(house, ref: str, at) -> str:  # noqa: F811
    today = clock.day_of(at)
    order = actions.order_correction(
        ref, OrderDraft(says="修复集气罩", issued_on=today, due_on=today), by=house.li, at=at
    )
    before = reads.record(ref).evidence[0].ref
    photo = PhotoDraft(name="b.png", content=io.BytesIO(picture("navy")), before=before)
    actions.record_follow_up(
        order, "已修复", on=today, is_corrected=False, photos=(photo,), by=house.li, at=at
    )
    move = TransferDraft(to_whom="临溪市公安局高新区分局（虚构）", moved_on=today, says="涉嫌犯罪")
    actions.transfer_case(ref, move, by=house.li, at=at)
    return ref


@pytest.fixture
def late(house) -> str:  # noqa: F811
    """A visit that nobody has taken up for a day and that was consented to."""
    at = clock.now() - timedelta(hours=25)
    ref = actions.open_case_visit(case_draft(planned_on=clock.day_of(at)), by=house.chen, at=at)
    draft = ApprovalDraft(
        reason="同意",
        assistants=2,
        unannounced_ground="虚构办法第九条",
        emergency_reason="夜间偷排",
    )
    actions.authorise_visit(ref, draft, by=house.lin, at=at)
    actions.remind(by=system(BUREAU), at=clock.now())
    return ref


@pytest.mark.parametrize("width", [1280, 390])
def test_every_page_of_a_visit_is_sound(browser, live_server, whole, late, width):
    context = browser.new_context(viewport={"width": width, "height": 844}, locale="zh-CN")
    window = enter(context.new_page(), live_server, "li")
    for path in ("", "after/", "briefing/"):
        window.goto(f"{live_server.url}/visits/{whole}/{path}")
        for fold in window.locator("main details").all():
            fold.evaluate("fold => fold.open = true")
        sound(window)
    assert window.goto(f"{live_server.url}/visits/{late}/").ok
    window.get_by_text("红牌督办").first.wait_for()
    sound(window)
    context.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_the_offices_pages_are_sound(browser, live_server, whole, late, width):
    context = browser.new_context(viewport={"width": width, "height": 844}, locale="zh-CN")
    window = enter(context.new_page(), live_server, "chen")
    for path in ("", "visits/", "visits/numbers/", "visits/paper/", "visits/orders/"):
        window.goto(f"{live_server.url}/{path}")
        sound(window)
    context.close()
