"""Every page of this room, by its own table of addresses: no barrier, no overflow, two widths."""

import re
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client

from gongchou.accounts import actions as accounts
from gongchou.accounts.models import User
from gongchou.core.clue_terms import ClueOrigin
from gongchou.core.powers import console, outsider
from gongchou.core.terms import IntakeKind, Role
from gongchou.core.workdays import Quarter
from gongchou.inspection import actions, reads
from gongchou.inspection.urls import urlpatterns
from gongchou.intake import actions as intake
from gongchou.intake.actions import LetterDraft
from gongchou.offsite import actions as offsite
from gongchou.registry import reads as registers
from gongchou.web import clock
from tests.browser.test_door import WCAG
from tests.browser.test_frame import OVERFLOW
from tests.browser.test_record import enter, house, started, submitted  # noqa: F401
from tests.conftest import BUREAU
from tests.inspection.test_consulting import CITY, superior
from tests.machinery import DESK, PHONE

# One after the other; each page is looked at by the first of them who may see it.
LOGINS = ("chen", "li", "shen", "lin", "shang")
# Files, whatever their address ends in.
FILES = {
    "evidence_file", "evidence_copy", "look_original", "look_copy", "number_mapping",
    "number_table", "letter_file",
}  # fmt: skip
# Pages of a record that is being written; they are seen on a visit that has begun.
WRITING = {"record", "add_evidence", "submit"}
# One that only an approved record has.
APPROVED = {"reopen"}
FILE = re.compile(r"\.(pdf|docx|zip)$")
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def all_things(house, submitted, person) -> dict[str, str]:  # noqa: F811
    """A thing for every gap of every address, by the first word of the address."""
    at = clock.now()
    today = clock.day_of(at)
    subject = registers.subjects(BUREAU, today).rows[0].ref
    superior(CITY, "shang")
    accounts.set_superior(BUREAU, CITY, by=console(BUREAU, "root"), at=at)
    right = accounts.RightDraft(
        quarter=str(Quarter.of(today)), since=today, until=today + timedelta(30),
        document_number="临环函〔2026〕1号", reason="核查",
    )  # fmt: skip
    number = accounts.grant_records(right, by=person("lin2", "林局长", Role.LEADER), at=at)
    letter = LetterDraft(
        kind=IntakeKind.EXPLANATION, subject="情况说明", says="收集罩已修好", about=submitted
    )
    sent = intake.send_letter(letter, chance=bytes(15), by=outsider(BUREAU), at=at)
    clue = offsite.ClueDraft(
        origin=ClueOrigin.SEEN, client_id="phone-clue-1", says="院内有黄烟", place="河西路",
        subject=subject, started_at=at, ended_at=at,
    )  # fmt: skip
    offsite.take_up_clue(clue, by=house.li, at=at)
    targeted = actions.propose_targeted(
        since=today, until=today + timedelta(days=4), reserved=0, why_on_site="须现场查看",
        by=house.chen, at=at,
    )  # fmt: skip
    User.objects.update(must_change_password=False)
    order = reads.aftermath(submitted).orders[0].ref
    return {
        "orders": order, "letters": sent.ref, "targeted": targeted, "number": str(number),
        "subject": subject, "ref": submitted,
    }  # fmt: skip


def addresses(things: dict[str, str]) -> dict[str, str]:
    """Each address of the table with the things of one visit in its gaps, by its name."""
    words = things | {"kind": "survey", "form": "csv", "draw": "D-1"}
    found = {}
    for entry in urlpatterns:
        path = str(entry.pattern)
        gaps = words | {"ref": things.get(path.split("/")[0], things["ref"])}
        whole = re.sub(r"<(?:\w+:)?(\w+)>", lambda gap, gaps=gaps: gaps[gap[1]], path)
        if entry.name not in FILES and not FILE.search(path):
            found[entry.name] = f"/visits/{whole}"
    # The first version, whatever the number of the superior's right.
    return found | {"revision": f"/visits/{things['ref']}/record/1/"}


def shown_to(paths: list[str]) -> tuple[dict[str, list[str]], list[str]]:
    """The pages each login is the first to see; and those nobody sees that are more than acts."""
    found: dict[str, list[str]] = {}
    left = list(paths)
    for login in LOGINS:
        client = Client(raise_request_exception=False)
        client.force_login(User.objects.get(login=login), backend=BACKEND)
        codes = {path: client.get(path).status_code for path in left}
        found[login] = [path for path, code in codes.items() if code == 200]
        left = [path for path, code in codes.items() if code not in (200, 405)]
    return found, left


def barriers(window, server, paths: list[str]) -> list[tuple[str, str]]:
    found = []
    for path in paths:
        window.goto(f"{server.url}{path}")
        window.evaluate("document.querySelectorAll('main details').forEach(d => d.open = true)")
        for size in (PHONE, DESK):
            window.set_viewport_size(size)
            if window.evaluate(OVERFLOW):
                found.append((path, f"overflow at {size['width']}"))
            for one in Axe().run(window, options={"runOnly": WCAG}).response["violations"]:
                found.append((path, f"{one['id']} {one['nodes'][0]['html'][:200]}"))
    return found


def looked_at(browser, server, pages: dict[str, list[str]]) -> list[tuple[str, str]]:
    found = []
    for login, listed in pages.items():
        if listed:
            context = browser.new_context(viewport=DESK, locale="zh-CN")
            found += barriers(enter(context.new_page(), server, login), server, listed)
            context.close()
    return found


def test_no_page_of_the_table_has_a_barrier(live_server, browser, all_things):
    named = addresses(all_things)
    pages, left = shown_to([path for name, path in named.items() if name not in WRITING | APPROVED])
    assert left == []
    assert sum(map(len, pages.values())) > 20
    assert looked_at(browser, live_server, pages) == []


def test_no_page_of_a_record_being_written_has_a_barrier(live_server, browser, house, started):  # noqa: F811
    named = addresses({"ref": started, "subject": "-", "number": "1"})
    paths = [path for name, path in named.items() if name in WRITING | {"visit"}]
    assert looked_at(browser, live_server, {"li": paths}) == []


def test_the_page_that_opens_a_record_again_has_no_barrier(live_server, browser, house, submitted):  # noqa: F811
    actions.review_record(submitted, by=house.shen, at=clock.now())
    User.objects.update(must_change_password=False)
    page = f"/visits/{submitted}/reopen/"
    assert looked_at(browser, live_server, {"shen": [page, f"/visits/{submitted}/"]}) == []
