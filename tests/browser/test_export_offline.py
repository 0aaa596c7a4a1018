"""The exported portal from a folder, the network off: read, checked, and never asking outside."""

from playwright.sync_api import expect

from gongchou.portal.export import export
from gongchou.publication import reads
from tests.browser.test_portal import OVERFLOW
from tests.drawing import ceremony
from tests.machinery import PHONE
from tests.publication.test_draws import record, stage  # noqa: F401


def test_a_citizen_without_network_checks_a_draw_in_the_folder(record, page, tmp_path):  # noqa: F811
    folder, asked = tmp_path / "open", []
    export(folder, at=ceremony.AT)
    page.context.set_offline(True)
    page.on("request", lambda request: asked.append(request.url))
    page.goto((folder / "index.html").as_uri())
    page.get_by_role("link", name="随机抽取", exact=True).click()
    page.get_by_role("link", name="验证这次抽取").click()
    page.get_by_role("heading", name="验证这次抽取").wait_for()
    page.set_viewport_size(PHONE)
    assert page.evaluate(OVERFLOW) == 0
    page.get_by_role("link", name="验证网页").click()
    page.get_by_role("button", name="开始核对").wait_for()
    page.locator("input[type=file]").set_input_files(folder / f"documents/{record}/record.json")
    kept = reads.document(record).document
    page.get_by_label("公告摘要").fill(kept["announcement_digest"])
    page.get_by_label("密封根").fill(kept["sealed_root"])
    page.get_by_role("button", name="开始核对").click()
    expect(page.locator("#verdict")).to_have_text("核对通过")
    assert asked
    assert all(url.startswith(("file:", "data:", "blob:")) for url in asked)
