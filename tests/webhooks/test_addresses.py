"""Whatever an address is written like, it leads nowhere inside that was not opened."""

import socket

import pytest

from gongchou.core.refusals import Invalid
from gongchou.core.webhooks import Message
from gongchou.webhooks import sending
from tests.conftest import AT, BUREAU

MESSAGE = Message(id="a-1", kind="trial", label="试发", bureau=BUREAU, number=0, about="-", at=AT)

# The machine itself, its neighbours and the addresses of clouds, in thirty disguises.
DISGUISES = [
    "http://127.0.0.1:{port}/",
    "http://127.1:{port}/",
    "http://127.0.1:{port}/",
    "http://2130706433:{port}/",
    "http://0x7f000001:{port}/",
    "http://0x7f.0.0.1:{port}/",
    "http://0177.0.0.1:{port}/",
    "http://017700000001:{port}/",
    "http://0:{port}/",
    "http://0.0.0.0:{port}/",
    "http://localhost:{port}/",
    "http://LOCALHOST:{port}/",
    "http://localhost.:{port}/",
    "http://127.127.127.127:{port}/",
    "http://[::1]:{port}/",
    "http://[::]:{port}/",
    "http://[0:0:0:0:0:0:0:1]:{port}/",
    "http://[::ffff:127.0.0.1]:{port}/",
    "http://[::ffff:7f00:1]:{port}/",
    "http://[::127.0.0.1]:{port}/",
    "http://[64:ff9b::7f00:1]:{port}/",
    "https://127.0.0.1:{port}/",
    "https://[::1]:{port}/",
    "http://user@127.0.0.1:{port}/",
    "http://platform.example@127.0.0.1:{port}/",
    "http://127.0.0.1:{port}#@platform.example/",
    "http://127.0.0.1:{port}\\@platform.example/",
    "http://①②⑦.⓪.⓪.①:{port}/",
    "http://127。0。0。1:{port}/",
    "http://169.254.169.254/latest/meta-data/",
    "http://[fd00:ec2::254]/latest/meta-data/",
    "http://[::ffff:169.254.169.254]/latest/meta-data/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:{port}/_x",
    "ftp://127.0.0.1:{port}/",
    "//127.0.0.1:{port}/",
    "http:///127.0.0.1:{port}/",
    "http://127.0.0.1:0/",
    "http://127.0.0.1:99999999/",
    "http://[::1/",
]


@pytest.fixture
def listening(settings):
    """A socket on every address of this machine that must never be called."""
    settings.WEBHOOK_NETWORKS = ()
    settings.DEMO = False
    door = socket.create_server(("", 0), family=socket.AF_INET6, dualstack_ipv6=True)
    door.setblocking(False)
    yield door
    door.close()


@pytest.mark.parametrize("written", DISGUISES)
def test_nothing_inside_is_called_however_it_is_written(listening, written):
    url = written.replace("{port}", str(listening.getsockname()[1]))
    answer = sending.send(url, b"k", MESSAGE, AT)
    assert answer.status == 0
    with pytest.raises(BlockingIOError):
        listening.accept()


def test_the_door_that_must_not_be_called_would_have_heard(listening):
    with socket.create_connection(("127.0.0.1", listening.getsockname()[1])):
        listening.setblocking(True)
        assert listening.accept()


def test_a_name_that_leads_elsewhere_a_moment_later_leads_nowhere(receiver, monkeypatch):
    """The first look-up says an open address; whoever looks again would be led inside."""
    asked, real = [], socket.getaddrinfo

    def changing(host, port, *rest, **words):
        if host == "platform.example":
            asked.append(host)
            host = "127.0.0.1" if len(asked) == 1 else "127.0.0.66"
        return real(host, port, *rest, **words)

    monkeypatch.setattr(sending.socket, "getaddrinfo", changing)
    url = receiver.url.replace("127.0.0.1", "platform.example")
    assert sending.send(url, b"k", MESSAGE, AT).is_taken
    assert len(asked) == 1
    assert receiver.got[0][1]["Host"].startswith("platform.example:")


def test_one_shut_address_among_open_ones_shuts_the_name(monkeypatch, settings):
    rows = [(socket.AF_INET, 1, 6, "", (ip, 80)) for ip in ("127.0.0.1", "169.254.169.254")]
    monkeypatch.setattr(sending.socket, "getaddrinfo", lambda *_, **__: rows)
    with pytest.raises(Invalid, match=r"169\.254\.169\.254 是内网或保留地址"):
        sending.open_address(sending.target("http://platform.example/"))
