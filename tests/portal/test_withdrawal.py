"""Taken down is taken down: on pages, in feeds and files, in the export, in every old address."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from gongchou.portal.export import export
from gongchou.publication import actions
from tests.conftest import AT
from tests.portal.test_pages import every_page, text
from tests.publication.conftest import row

FIRM, CODE = "演示铸造第002厂", "91990173000000025B"
PERSON = "张****店"
SHANGHAI = ZoneInfo("Asia/Shanghai")


def searches(client, words: tuple[str, ...]) -> dict[str, str]:
    """What the search answers, without the words that it repeats from the question."""
    found = {}
    for word in words:
        page = text(client.get("/open/results/", {"q": word}))
        for echo in (f'value="{word}"', f"“{word}”", f"q={word}"):
            page = page.replace(echo, "")
        found[f"/open/results/?q={word}"] = page
    return found


def exported(folder: Path, at: datetime) -> dict[str, str]:
    export(folder, at=at)
    files = [path for path in folder.rglob("*") if path.is_file() and "static" not in path.parts]
    return {str(path): path.read_text() for path in files}


@pytest.fixture
def places(client, tmp_path, monkeypatch):
    """A maker of all that a citizen can reach on a day, old addresses included."""
    known: set[str] = set()

    def reach(at: datetime = AT) -> dict[str, str]:
        monkeypatch.setattr("gongchou.web.clock.now", lambda: at)
        pages = every_page(client)
        known.update(pages)
        old = {url: text(client.get(url)) for url in known - pages.keys()}
        found = searches(client, (FIRM, CODE, CODE[:9], "铸造"))
        return pages | old | found | exported(tmp_path / "open", at)

    return reach


def naming(places: dict[str, str], *words: str) -> set[str]:
    return {url for url, page in places.items() for word in words if word in page}


def test_one_withdrawn_result_is_gone_from_everywhere(portal, gong, places):
    before = naming(places(), FIRM, CODE)
    for part in ("results/", "documents/", "document.json", "results.csv", "results.json"):
        assert any(part in url for url in before), part
    assert any(url.startswith("/open/results/?q=") for url in before)
    assert any(url.startswith("/tmp") or "open/index.html" in url for url in before)
    actions.withdraw_result(portal, 2, "处罚决定已撤销", by=gong, at=AT)
    after = places()
    assert naming(after, FIRM, CODE) == set()
    assert naming(after, "处罚决定已撤销")
    assert naming(after, "演示印染第001厂")


def test_a_withdrawn_notice_is_gone_from_everywhere_with_the_version_it_corrected(
    portal, gong, places
):
    assert naming(places(), FIRM)
    actions.withdraw(portal, "整批有误", by=gong, at=AT)
    assert naming(places(), FIRM, CODE, "演示印染第001厂", PERSON) == set()


@pytest.mark.parametrize(
    ("day", "firm", "trader"),
    [
        (datetime(2028, 1, 4, 12, tzinfo=SHANGHAI), True, True),
        (datetime(2028, 1, 5, 12, tzinfo=SHANGHAI), True, False),
        (datetime(2031, 1, 4, 12, tzinfo=SHANGHAI), True, False),
        (datetime(2031, 1, 5, 12, tzinfo=SHANGHAI), False, False),
    ],
)
def test_time_takes_down_by_itself_to_the_day(portal, places, day, firm, trader):
    places()
    found = places(day)
    assert bool(naming(found, FIRM)) is firm
    assert bool(naming(found, PERSON)) is trader


def test_the_sweep_sees_a_firm_that_stayed(portal, gong, make_notice, make_public, places):
    """The check itself: the same firm in a second notice is found after the first went."""
    make_public(make_notice(row(7, subject=FIRM, uscc=CODE)))
    actions.withdraw_result(portal, 2, "误录", by=gong, at=AT)
    assert naming(places(), FIRM)
