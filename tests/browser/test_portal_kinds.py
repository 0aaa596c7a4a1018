"""Every kind of published document and every address of the portal, in both sizes of text."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe

from gongchou.core.powers import system
from gongchou.core.terms import PublicationKind, Role
from gongchou.drawing import actions as drawing
from gongchou.planning import actions as planning
from gongchou.portal.export import export
from gongchou.portal.urls import urlpatterns
from gongchou.publication import actions, reads
from gongchou.publication.gathering import Table
from gongchou.registry import reads as registers
from gongchou.web.clock import day_of
from tests.browser.test_portal import BARRIERS, OVERFLOW
from tests.conftest import BUREAU
from tests.drawing import ceremony
from tests.machinery import DESK, PHONE, ZOOMED
from tests.portal.conftest import estimates
from tests.publication.conftest import TABLE, make_notice, row  # noqa: F401
from tests.publication.test_draws import record, stage  # noqa: F401

POSTED = {"door_send", "door_rate"}
FEEDS = {"feed", "schema"}
COPIED = {"search_index"}  # a script that only the exported copy has


@pytest.fixture
def chen(stage):  # noqa: F811
    return stage.chen


@pytest.fixture
def bureau(stage) -> str:  # noqa: F811
    return BUREAU


@pytest.fixture
def through(stage, record):  # noqa: F811
    """What is proposed becomes public, an hour after the last draw was opened."""
    gong = ceremony.actor("gong", "公示员", Role.PUBLISHER)
    at = reads.document(record).published_at + timedelta(hours=1)

    def carry(ref: str) -> str:
        actions.approve(ref, digest=reads.document(ref).digest, by=stage.lin, at=at)
        actions.publish(ref, by=gong, at=at)
        return ref

    carry.at, carry.gong = at, gong
    return carry


@pytest.fixture
def every_kind(stage, through, make_notice) -> dict[PublicationKind, str]:  # noqa: F811
    """One document of each kind; beside them a correction, a take-down and a withdrawal."""
    at, chen = through.at, stage.chen
    [items] = registers.item_lists(BUREAU)
    through(actions.propose_item_list(items.ref, by=chen, at=at))
    through(actions.propose_plan(stage.plan, by=chen, at=at))
    year = planning.make_annual_plan(day_of(at).year, by=chen, at=at)
    planning.approve_annual_plan(year, by=stage.lin, at=at)
    through(actions.propose_annual_plan(year, by=chen, at=at))
    table = actions.propose_table(
        "统计表", TABLE, quarter=stage.quarter, source="S1", by=chen, at=at
    )
    other = Table(columns=("应抽", "实抽"), rows=(("重点", ("3", "2")),))
    through(table)
    through(actions.correct_table(table, other, "实抽数误录", by=chen, at=at))
    through(actions.propose_or_correct(estimates(), by=chen, at=at))
    notice = through(make_notice(row(1), row(2, uscc="92990173MA0000001X"), visits=("V1", "V2")))
    actions.withdraw_result(notice, 2, "处罚决定已撤销", by=through.gong, at=at)
    gone = through(make_notice(row(1), visits=("V3",)))
    actions.withdraw(gone, "整批有误", by=through.gong, at=at)
    actions.publish_log_head(drawing.sign_log(by=chen, at=at), by=system(BUREAU), at=at)
    actions.publish_checkpoint(by=system(BUREAU), at=at)
    rows = reads.open_to_all(BUREAU, limit=None)
    found = {one.kind: one.ref for one in rows}
    for kind in (PublicationKind.LOG_HEAD, PublicationKind.CHECKPOINT):
        found[kind] = reads.listed(BUREAU, kind=kind)[0].ref
    return found | {"corrected": table, "withdrawn": gone, "notice": notice}


def addresses(found: dict) -> list[str]:
    """The pages of the portal by its own table, and a page of each document."""
    plain = [
        str(entry.pattern)
        for entry in urlpatterns
        if "<" not in str(entry.pattern) and entry.name not in POSTED | FEEDS | COPIED
    ]
    results = [f"results/{found['notice']}/{number}/" for number in (1, 2)]
    asked = ["results/?q=演示企业1", "results/?q=没有的", "nowhere/"]
    return [*plain, *(f"documents/{ref}/" for ref in found.values()), *results, *asked]


@pytest.mark.parametrize("mode", ["", "elder=1"], ids=["standard", "elder"])
def test_no_page_of_any_kind_of_document_has_a_barrier(live_server, every_kind, phone, mode):
    assert set(PublicationKind) <= set(every_kind)
    for path in addresses(every_kind):
        phone.set_viewport_size(ZOOMED)
        joint = "&" if "?" in path else "?"
        answer = phone.goto(f"{live_server.url}/open/{path}{joint}{mode}")
        assert answer.status == (404 if path == "nowhere/" else 200), path
        found = Axe().run(phone, options={"runOnly": BARRIERS}).response["violations"]
        assert found == [], (path, found)
        for size in (ZOOMED, PHONE, DESK):
            phone.set_viewport_size(size)
            assert phone.evaluate(OVERFLOW) == 0, (path, size)


def test_every_page_of_the_exported_folder_opens_without_network(
    every_kind, through, page, tmp_path
):
    folder, asked = tmp_path / "open", []
    export(folder, at=through.at)
    page.context.set_offline(True)
    page.on("request", lambda request: asked.append(request.url))
    failed: list[tuple[str | None, str]] = []
    page.on("requestfailed", lambda request: failed.append((request.failure, request.url)))
    pages = sorted(folder.rglob("*.html"))
    assert len(pages) > len(every_kind) * 2
    for file in pages:
        page.goto(file.as_uri())
        page.locator("h1").first.wait_for()
    # A picture still on its way when the next page is opened is given up, not missing.
    assert [url for why, url in failed if why != "net::ERR_ABORTED"] == []
    assert all(url.startswith(("file:", "data:", "blob:")) for url in asked)
