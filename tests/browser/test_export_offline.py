"""The exported portal from a folder, the network off: read, checked, and never asking outside."""

from playwright.sync_api import expect

from gongchou.portal.export import export
from gongchou.publication import reads
from tests.browser.test_portal import OVERFLOW
from tests.conftest import AT
from tests.drawing import ceremony
from tests.machinery import PHONE
from tests.portal.conftest import *  # noqa: F403
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


def test_a_citizen_without_network_finds_an_enterprise_in_the_folder(portal, page, tmp_path):
    folder, asked, faults = tmp_path / "open", [], []
    export(folder, at=AT)
    page.context.set_offline(True)
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto((folder / "index.html").as_uri())
    page.get_by_label("查一家企业的检查结果").fill("铸造第002")
    page.get_by_role("button", name="查询").click()
    shown = page.locator("[data-search-results]")
    expect(shown.get_by_role("status")).to_have_text("找到 1 条与“铸造第002”有关的结果。")
    expect(page.get_by_label("查一家企业的检查结果")).to_have_value("铸造第002")
    page.set_viewport_size(PHONE)
    assert page.evaluate(OVERFLOW) == 0
    expect(page.get_by_text("浏览器没有开启脚本")).to_be_hidden()
    shown.get_by_role("link", name="演示铸造第002厂").click()
    page.get_by_role("heading", name="演示铸造第002厂").wait_for()
    assert faults == []
    assert all(url.startswith("file:") for url in asked)


def test_the_copy_narrows_by_quarter_area_and_item_as_the_portal_does(portal, page, tmp_path):
    folder = tmp_path / "open"
    export(folder, at=AT)
    choices = reads.choices_of_search(AT.date())
    page.goto((folder / "search/index.html").as_uri())
    page.get_by_text("按季度、片区、事项缩小范围").click()
    for label, name, key in (
        ("季度", "quarter", "quarters"), ("片区", "area", "areas"), ("事项", "item", "item_names")
    ):  # fmt: skip
        for choice in choices[key]:
            page.goto((folder / "search/index.html").as_uri())
            page.get_by_text("按季度、片区、事项缩小范围").click()
            page.get_by_label(label, exact=True).select_option(choice)
            page.get_by_role("button", name="查询").click()
            shown = page.locator("[data-search-results]")
            count = reads.search(AT.date(), **{name: choice}).total
            expect(shown.get_by_role("status")).to_contain_text(f"找到 {count} 条结果")
            expect(shown.locator("li")).to_have_count(count)
    page.get_by_label("查一家企业的检查结果").fill("<b>没有这家</b>")
    page.get_by_role("button", name="查询").click()
    expect(shown.get_by_text("没有找到。")).to_be_visible()
    assert page.locator("[data-search-results] b").count() == 0


def test_without_scripts_the_copy_lists_every_result_by_area(portal, browser, tmp_path):
    folder = tmp_path / "open"
    export(folder, at=AT)
    context = browser.new_context(java_script_enabled=False)
    plain = context.new_page()
    plain.goto((folder / "search/index.html").as_uri())
    expect(plain.get_by_text("浏览器没有开启脚本")).to_be_visible()
    assert plain.locator(".open-names a").count() == reads.search(AT.date()).total > 0
    context.close()
