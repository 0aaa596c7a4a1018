"""Whoever holds a paper of a visit checks it without an account, on every screen and in large text.

Names and fixtures come from the visit that made the paper and from the enterprise's door.
"""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from gongchou.inspection import models
from tests.browser.test_enterprise_door import MODES, looked_at  # noqa: F401
from tests.inspection.conftest import house  # noqa: F401
from tests.inspection.test_field_sync import arrived, phone, picture, visit  # noqa: F401
from tests.inspection.test_paper_check import own_storage, paper  # noqa: F401


@pytest.fixture
def ask(page):
    """A digest typed on the page that is open."""

    def check(digest: str) -> None:
        page.get_by_label("纸上的摘要").fill(digest)
        page.get_by_role("button", name="核对这张纸").click()

    return check


@MODES
def test_a_paper_is_checked_by_whoever_holds_it(
    live_server, paper, arrived, page, query, looked_at, ask  # noqa: F811
):  # fmt: skip
    page.goto(f"{live_server.url}/open/paper/{query}")
    looked_at("paper")
    ask(f"GC1:{paper}")
    page.get_by_role("heading", name="一致", exact=True).wait_for()
    looked_at("paper-agrees")
    path = str(models.Evidence.objects.get().file)
    default_storage.delete(path)
    default_storage.save(path, ContentFile(picture(9)))
    ask(f"GC1:{paper}")
    page.get_by_role("heading", name="不一致", exact=True).wait_for()
    looked_at("paper-differs")
    assert page.context.cookies() == []


@MODES
def test_a_digest_nobody_printed_is_answered_in_plain_words(
    live_server, bureau, page, query, looked_at, ask  # noqa: F811
):  # fmt: skip
    page.goto(f"{live_server.url}/open/paper/{query}")
    ask("0" * 64)
    page.get_by_role("heading", name="没有这份记录").wait_for()
    looked_at("paper-unknown")
    ask("abc")
    page.get_by_role("alert").get_by_text("64 位").wait_for()
    looked_at("paper-short")
