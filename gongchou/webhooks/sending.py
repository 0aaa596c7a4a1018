"""One message to one address: the only place from which the product speaks to other systems.

The name is looked up once, every address it has must be open, and the connection goes to the
address that was checked: a name that leads elsewhere a moment later leads nowhere. No redirect is
followed, nothing of the answer is kept but its number, and all of it takes no longer than
`SECONDS`.
"""

import http.client
import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import SplitResult, urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from gongchou.core.refusals import Invalid
from gongchou.core.webhooks import Message, address_problem, headers, message_bytes

SECONDS = 10.0
GONE = 410
PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of one attempt; `status` 0 where there was no answer at all."""

    status: int
    says: str

    @property
    def is_taken(self) -> bool:
        return 200 <= self.status < 300

    @property
    def is_gone(self) -> bool:
        return self.status == GONE


def secret_of(ref: str) -> bytes:
    """The key of one webhook, made from the installation's own: the database has no copy."""
    key = settings.SECRET_KEY.encode()
    return HKDF(hashes.SHA256(), 32, None, b"gongchou webhook " + ref.encode()).derive(key)


def target(url: str) -> SplitResult:
    """The parts of an address, or Invalid: a name or number, a path, no password, no fragment."""
    try:
        found = urlsplit(url)
        port = found.port
    except ValueError as error:
        raise Invalid("地址写法不对，请写成 https://主机/路径 的样子。") from error
    if found.scheme not in PORTS or not found.hostname or port == 0:
        raise Invalid("地址请以 https:// 开头（已开放的内网网段可以用 http://），并写明主机。")
    if found.username is not None or found.password is not None or found.fragment:
        raise Invalid("地址中不能有用户名、密码和 #，请改正。")
    if not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        raise Invalid("地址只能用英文字母、数字和符号，中文域名请写成 xn-- 开头的形式。")
    return found


def open_address(found: SplitResult) -> tuple[str, int]:
    """Address and port to connect to; Invalid where the name leads to one that is not open."""
    port = found.port or PORTS[found.scheme]
    rows = socket.getaddrinfo(found.hostname, port, type=socket.SOCK_STREAM)
    for *_, place in rows:
        problem = address_problem(
            str(place[0]),
            settings.WEBHOOK_NETWORKS,
            is_https=found.scheme == "https",
            is_public_open=not settings.DEMO,
        )
        if problem:
            raise Invalid(problem)
    return str(rows[0][4][0]), port


class _Connection(http.client.HTTPConnection):
    """To the address that was checked, under the name that was asked for."""

    def __init__(self, found: SplitResult, address: str, port: int) -> None:
        super().__init__(found.hostname or "", port, timeout=SECONDS)
        self.address, self.is_https = address, found.scheme == "https"
        if self.is_https:
            self.default_port = PORTS["https"]  # type: ignore[misc]

    def connect(self) -> None:
        self.sock = socket.create_connection((self.address, self.port), self.timeout)
        if self.is_https:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(
                self.sock, server_hostname=self.host, do_handshake_on_connect=False
            )
            self.sock.do_handshake()

    def cut(self) -> None:
        """The end of patience, whatever still trickles in."""
        if self.sock is not None:
            with suppress(OSError):  # it may have ended by itself
                self.sock.shutdown(socket.SHUT_RDWR)


def send(url: str, secret: bytes, message: Message, at: datetime) -> Answer:
    """One attempt; whatever goes wrong is an answer with a sentence."""
    body = message_bytes(message)
    head = headers(secret, message.id, int(at.timestamp()), body)
    try:
        found = target(url)
        address, port = open_address(found)
        return _told(_post(_Connection(found, address, port), found, head, body))
    except Invalid as refusal:
        return Answer(status=0, says=str(refusal))
    except socket.gaierror:
        return Answer(status=0, says=f"找不到主机 {found.hostname}，请核对地址或者域名解析。")
    except ssl.SSLCertVerificationError:
        return Answer(
            status=0,
            says="对方的 https 证书不受信任或者与主机名不符，请对方更换，"
            "或者由运维人员加入信任的根证书。",
        )
    except TimeoutError:
        return Answer(status=0, says=_late())
    except OSError:
        return Answer(status=0, says=f"连不上 {found.hostname} 的 {port} 端口，请核对。")
    except http.client.HTTPException:
        return Answer(status=0, says="对方的答复不完整或者不是 HTTP，请核对地址。")


def _post(connection: _Connection, found: SplitResult, head: Mapping[str, str], body: bytes) -> int:
    """The number of the answer; the time is over for the whole of it, not for each byte."""
    over = threading.Event()

    def end() -> None:
        over.set()
        connection.cut()

    patience = threading.Timer(SECONDS, end)
    patience.start()
    try:
        path = (found.path or "/") + (f"?{found.query}" if found.query else "")
        connection.request("POST", path, body, {**head, "user-agent": "gongchou"})
        status = connection.getresponse().status
        if over.is_set():  # what was cut off in its head looks complete
            raise TimeoutError
        return status
    except (OSError, http.client.HTTPException) as error:
        if over.is_set():
            raise TimeoutError from error
        raise
    finally:
        patience.cancel()
        connection.close()


def _told(status: int) -> Answer:
    if status == GONE:
        says = "对方答复 410：这个地址不再接收通知。"
    elif 300 <= status < 400:
        says = f"对方答复 {status}，要转到别的地址。系统不跟随转向，请把地址改成最终的那个。"
    else:
        says = f"对方答复 {status}。"
    return Answer(status=status, says=says)


def _late() -> str:
    return f"对方 {SECONDS:.0f} 秒内没有答完。"
