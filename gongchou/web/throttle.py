"""How often one address may come: buckets that refill, in the memory of each worker.

With n workers an address may come at most n times as often as a limit says. Nothing is asked of
the database or of another server, so a flood costs next to nothing.
"""

import ipaddress
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

LARGEST_QUERY = 2000
LARGEST_BODY = 45 * 2**20
LARGEST_PUSH = 5 * 2**20
ADDRESSES = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """`burst` requests at once, and `per_minute` from then on."""

    name: str
    burst: int
    per_minute: int


# Many people may share one address behind a company's or an operator's gateway.
READING = Limit(name="open", burst=120, per_minute=600)
SENDING = Limit(name="send", burst=20, per_minute=20)
LOGGING_IN = Limit(name="login", burst=20, per_minute=30)
# A program sends batches; one that comes oftener should send larger ones.
PUSHING = Limit(name="push", burst=60, per_minute=120)
PROGRAMS = "/api/v1/"


def limit_for(method: str, path: str) -> Limit | None:
    """Which limit a request falls under; the back office behind its login has none."""
    is_write = method not in ("GET", "HEAD")
    if path.startswith("/open/"):
        return SENDING if is_write else READING
    if path.startswith(PROGRAMS) and is_write:
        return PUSHING
    if path.startswith("/login/") and is_write:
        return LOGGING_IN
    return None


class Buckets:
    """What each address has left of each limit; the address unseen for longest is forgotten."""

    def __init__(self, most: int = ADDRESSES) -> None:
        self._held: OrderedDict[tuple[str, str], tuple[float, float]] = OrderedDict()
        self._most, self._lock = most, threading.Lock()

    def wait(self, address: str, limit: Limit, now: float) -> float:
        """Seconds to wait: 0 where the request may pass, and then it is counted."""
        key, rate = (limit.name, address), limit.per_minute / 60
        with self._lock:
            left, seen = self._held.pop(key, (float(limit.burst), now))
            left = min(float(limit.burst), left + (now - seen) * rate)
            passes = left >= 1
            self._held[key] = (left - 1 if passes else left, now)
            if len(self._held) > self._most:
                self._held.popitem(last=False)
        return 0.0 if passes else (1 - left) / rate

    def __len__(self) -> int:
        return len(self._held)


def address_of(request: HttpRequest) -> str:
    """Where a request comes from; a network of IPv6 counts as one address.

    Behind our own proxy it is the last address that the proxy has added: what stands before it
    was written by the visitor.
    """
    found = str(request.META.get("REMOTE_ADDR", ""))
    if settings.BEHIND_PROXY:
        forwarded = request.headers.get("X-Forwarded-For", "").split(",")[-1].strip()
        found = forwarded or found
    try:
        address = ipaddress.ip_address(found)
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def said(status: int, says: str, wait: float = 0) -> HttpResponse:
    """A short plain answer, made without template, session or database."""
    page = f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>请稍候</title><p>{says}'
    return _later(HttpResponse(page, status=status), wait)


def _later(answer: HttpResponse, wait: float) -> HttpResponse:
    answer["Cache-Control"] = "no-store"
    if wait:
        answer["Retry-After"] = str(int(wait) + 1)
    return answer


def told(status: int, kind: str, says: str, wait: float = 0) -> HttpResponse:
    """The same for a program, in the form of the interface's refusals."""
    answer: HttpResponse = JsonResponse({"kind": kind, "says": says}, status=status)
    return _later(answer, wait)


class ThrottleMiddleware:
    """Turns away what comes too often or is too long, before anything else is done for it."""

    def __init__(
        self,
        get_response: Callable[[HttpRequest], HttpResponse],
        clock: Callable[[], float] | None = None,
    ) -> None:
        self.get_response, self.buckets = get_response, Buckets()
        self.clock = clock or time.monotonic

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._refused(request) or self.get_response(request)

    def _refused(self, request: HttpRequest) -> HttpResponse | None:
        limit = limit_for(request.method or "GET", request.path)
        if limit is None:
            return None
        is_open = request.path.startswith("/open/")
        if is_open and len(request.META.get("QUERY_STRING", "")) > LARGEST_QUERY:
            return said(414, "查询的内容太长，请缩短后再查。")
        if is_open and _length(request) > LARGEST_BODY:
            return said(413, "提交的文件合计太大，没有收下。请分几次提交。")
        if limit is PUSHING and _length(request) > LARGEST_PUSH:
            return told(413, "too_large", "一批超过 5 MB，没有收下。请分成几批再送。")
        return self._waiting(request, limit) if settings.IS_THROTTLED else None

    def _waiting(self, request: HttpRequest, limit: Limit) -> HttpResponse | None:
        wait = self.buckets.wait(address_of(request), limit, self.clock())
        if wait and limit is PUSHING:
            return told(
                429, "too_often", "推送太频繁，这一批没有收下。请稍候再送，每批多送几行。", wait
            )
        return said(429, "请求太频繁，请稍等片刻再试。", wait) if wait else None


def _length(request: HttpRequest) -> int:
    text = str(request.META.get("CONTENT_LENGTH") or "0")
    return int(text) if text.isdecimal() and len(text) < 16 else 0
