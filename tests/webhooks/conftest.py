"""A real receiver on this machine, and the administrator who names it."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import console
from gongchou.core.terms import Role
from gongchou.core.webhooks import networks
from gongchou.web import clock
from gongchou.webhooks import actions
from tests.conftest import AT


class Receiver:
    """What came in, and what is answered: `answers` one after the other, then 200."""

    def __init__(self) -> None:
        self.got, self.answers = [], []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                receiver.got.append((self.path, dict(self.headers), body))
                answer = receiver.answers.pop(0) if receiver.answers else 200
                if callable(answer):
                    answer(self)
                else:
                    self.send_response(answer)
                    self.send_header("Location", "http://127.0.0.1:1/elsewhere")
                    self.end_headers()

            def log_message(self, *words: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/events"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def receiver():
    found = Receiver()
    yield found
    found.server.shutdown()
    found.server.server_close()


@pytest.fixture(autouse=True)
def _open_network(settings):
    """The operator has opened the machine itself, where the receiver of the test lives."""
    settings.WEBHOOK_NETWORKS = networks("127.0.0.0/8")


@pytest.fixture
def at():
    """The day of the tests, of which the work by the clock knows too."""
    clock.move_demo_clock(AT)
    return AT


@pytest.fixture
def gu(person):
    return person("gu", "顾管理", Role.ADMIN)


@pytest.fixture
def hook(gu, at, receiver):
    """A webhook to the receiver, about plans and item lists."""
    draft = actions.WebhookDraft(
        name="市平台",
        url=receiver.url,
        kinds=(EventKind.PLAN_APPROVED, EventKind.DRAW_SEALED),
    )
    return actions.create_webhook(draft, by=gu, at=at)


@pytest.fixture
def root(bureau):
    return console(bureau, "root")
