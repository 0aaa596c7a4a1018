"""What the test run needs beside people: both databases, true time, a real browser."""

import os
import shutil
import threading
import time
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.db import connection
from django.middleware import csrf
from playwright.sync_api import Browser, Page, sync_playwright

from gongchou.audit import append_only
from gongchou.portal import remembered
from gongchou.registry import kept

DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "django_db_setup"}
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESK, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
# What a desk of 1280 by 1024 shows at 400 %.
ZOOMED = {"width": 320, "height": 256}
APPEND_ONLY = (
    "offsite_pushedrow",
    "offsite_entrywithdrawal",
    "offsite_supervisionentry",
    "offsite_ruleversionconsent",
    "offsite_ruleversion",
    "offsite_findingwithdrawal",
    "offsite_guardedfinding",
    "offsite_rulefinding",
    "offsite_judgingrun",
    "intake_reportstep",
    "intake_disciplinereport",
    "intake_integrityentry",
    "reporting_assessmentsheet",
    "reporting_leaktest",
    "accounts_oversightsetting",
    "intake_letterfile",
    "intake_letterstep",
    "intake_letternews",
    "intake_letter",
    "intake_spentrating",
    "publication_doorslip",
    "publication_firmslip",
    "publication_permitentry",
    "audit_rowseal",
    "audit_tableseal",
    "audit_event",
    "inspection_sitesafety",
    "inspection_visitapproval",
    "inspection_visitreceipt",
    "inspection_visitreminder",
    "inspection_dispatchsetting",
    "inspection_dispatchhold",
    "inspection_camerareference",
    "inspection_followupphoto",
    "inspection_transferreceipt",
    "inspection_externalnumber",
    "inspection_localresult",
    "inspection_localresultend",
    "inspection_localresultmark",
    "inspection_recordrevision",
    "inspection_evidence",
    "inspection_fieldoperation",
    "inspection_officersignature",
    "offsite_clueevidence",
    "offsite_cluemove",
    "offsite_clueweights",
    "offsite_clueweightssignature",
    "offsite_delistingproposal",
    "offsite_delistingdecision",
    "offsite_inletfile",
    "offsite_windreading",
    "offsite_camera",
    "inspection_decisionrevocation",
    "drawing_drawlogentry",
    "drawing_joinedpart",
    "planning_calendarentry",
    "reporting_tabletemplate",
    "reporting_districttable",
    "reporting_receipt",
    "reporting_sending",
    "reporting_packagefile",
    "reporting_package",
    "reporting_summaryversion",
    "reporting_statisticstable",
    "drawing_loghead",
    "drawing_logcosignature",
    "drawing_voidconsent",
    "training_quizattempt",
    "training_quiz",
)
IS_STRICT = os.environ.get("GONGCHOU_TEST_STRICT") == "1"
skipped: list[str] = []
# What a page looks like in a browser no database decides; whole ways, and what a phone may not
# lose, are walked on both.
WALKED_TWICE = (
    "tests/journeys/",
    "tests/browser/test_draw.py",
    "tests/browser/test_fast_entry.py",
    "tests/browser/test_field_app.py",
    "tests/browser/test_field_losses.py",
    "tests/browser/test_field_signing.py",
)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what touches a database, for PostgreSQL too; leave to PostgreSQL what is its own."""
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        left = [item for item in items if item.get_closest_marker("postgresql")]
        items[:] = [item for item in items if item not in left]
        config.hook.pytest_deselected(items=left)
    for item in items:
        names = set(getattr(item, "fixturenames", ()))
        touches = names & DATABASE_FIXTURES or item.get_closest_marker("django_db")
        if "browser" in names:
            item.add_marker("browser")
            if not item.nodeid.startswith(WALKED_TWICE):
                item.add_marker("once")
        if touches and not item.get_closest_marker("once"):
            item.add_marker("database")


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.skipped and not hasattr(report, "wasxfail"):
        skipped.append(report.nodeid)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A test skipped in the full run is a test that failed, also beside others that did."""
    if not (IS_STRICT and skipped):
        return
    print(f"\n有 {len(skipped)} 个测试被跳过，视为失败：", *skipped, sep="\n  ")
    if session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(autouse=True, scope="session")
def _plain_tokens() -> None:
    """Tokens of forms stay random, yet cannot happen to hold what a test says a page lacks (V1)."""
    csrf.CSRF_ALLOWED_CHARS = "jqxz"


@pytest.fixture(autouse=True)
def _real_time() -> Iterator[None]:
    """A test that moved the demonstration's clock must not move it for the next one."""
    yield
    settings.DEMO_CLOCK.unlink(missing_ok=True)


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    """Each test has a database of its own, in which the same numbers mean other things."""
    kept.forget()
    remembered.forget()


@pytest.fixture(autouse=True)
def _log_can_be_flushed(request: pytest.FixtureRequest) -> Iterator[None]:
    """After a test against a live server SQLite's tables are emptied; the log resists, so first.

    PostgreSQL truncates, which no trigger on rows sees.
    """
    if not {"live_server", "transactional_db"} & set(request.fixturenames):
        yield
        return
    request.getfixturevalue("transactional_db")
    yield
    answered.wait_for_all()
    empty_log()


class Answered:
    """Requests that the live server is still answering; the windows that sent them are closed.

    Emptying the tables while one of them writes is a deadlock on PostgreSQL.
    """

    def __init__(self) -> None:
        self._open, self._lock = 0, threading.Lock()
        request_started.connect(self._begun)
        request_finished.connect(self._ended)

    def _begun(self, **_: object) -> None:
        self._count(1)

    def _ended(self, **_: object) -> None:
        self._count(-1)

    def _count(self, step: int) -> None:
        if threading.current_thread() is not threading.main_thread():
            with self._lock:
                self._open += step

    def wait_for_all(self, seconds: float = 20) -> None:
        """Quiet for a moment, since a last request may still be on its way to a thread."""
        end, quiet = time.monotonic() + seconds, 0
        while quiet < 3 and time.monotonic() < end:
            quiet = quiet + 1 if self._open <= 0 else 0
            time.sleep(0.02)


answered = Answered()


def lift_guard(table: str) -> None:
    """As somebody could who owns the database; the test's transaction takes it back."""
    name = f"{table}_no_UPDATE" if connection.vendor == "sqlite" else f"{table}_append_only"
    on = "" if connection.vendor == "sqlite" else f" ON {table}"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}{on}")


def empty_log() -> None:
    """Take the guards away, empty what is only ever added to, put the guards back.

    Rows that point at a kept one are flushed after it: until then keys are not checked.
    """
    if connection.vendor != "sqlite":
        return
    with connection.constraint_checks_disabled(), connection.cursor() as cursor:
        for table in APPEND_ONLY:
            cursor.execute(f"DROP TRIGGER {table}_no_DELETE")
            cursor.execute(f"DELETE FROM {table}")
            cursor.execute(append_only.SQLITE.format(table=table, verb="DELETE"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    assert path, "没有 Chromium，请先运行 .ci/system-needs。"
    # The driver keeps an event loop, and Django refuses the database where it sees one.
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=path, args=CHROMIUM_ARGUMENTS)
        yield started
        started.close()


def _page(browser: Browser, size: dict[str, int]) -> Iterator[Page]:
    """A page whose console must stay silent: a blocked script or style is a fault."""
    context = browser.new_context(viewport=size, locale="zh-CN", timezone_id="Asia/Shanghai")
    page, complaints = context.new_page(), []
    page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    refused = [text for text in complaints if "status of 4" not in text]
    assert not refused, refused


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    yield from _page(browser, DESK)


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    yield from _page(browser, PHONE)
