"""Pages that everybody sees alike are drawn once, until anything public changes or the day does.

Kept in the memory of each worker, as they went out. This stands before sessions, log-in and
database: an answer from memory costs next to nothing, and what has to be drawn afresh (a search,
a guessed number) is rationed for all visitors together, so that a flood leaves the back office
alone. What is public is asked for at most once in `GLANCE_SECONDS`, so a page that was taken
down is gone that much later.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from gongchou.publication import reads
from gongchou.web import clock
from gongchou.web.throttle import Buckets, Limit, said

MOST, LARGEST = 400, 300_000
DOOR = "/open/"
# What all visitors together may have drawn afresh by one worker.
DRAWING = Limit(name="drawing", burst=20, per_minute=60)
# Of the threads of a worker so many draw for the public at one moment; the others are left to
# the back office.
AT_ONCE = 2
Answer = TypeVar("Answer")
_pages: OrderedDict[Hashable, HttpResponse] = OrderedDict()
_answers: OrderedDict[Hashable, Any] = OrderedDict()
_glance: tuple[float, Hashable] | None = None
_lock = threading.Lock()


class RememberedMiddleware:
    """Answers readers of the public door from memory, and rations what is not there."""

    def __init__(
        self,
        get_response: Callable[[HttpRequest], HttpResponse],
        passing: Callable[[], float] | None = None,
    ) -> None:
        self.get_response, self.passing = get_response, passing or time.monotonic
        self.buckets, self.places = Buckets(), threading.BoundedSemaphore(AT_ONCE)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(DOOR):
            return self.get_response(request)
        key = _key(request)
        with _lock:
            found = _pages.get(key) if key else None
        if found is not None:
            return _copy(found)
        answer = self._drawn(request)
        if key and _is_alike(answer):
            _keep(key, answer)
        return answer

    def _drawn(self, request: HttpRequest) -> HttpResponse:
        """Whoever sends something in has a ration of his own and takes no reader's place."""
        is_reader = request.method in ("GET", "HEAD")
        if not settings.IS_THROTTLED:
            return self.get_response(request)
        if wait := self.buckets.wait(f"reads: {is_reader}", DRAWING, self.passing()):
            return said(429, "访问的人太多，请稍等片刻再试。", wait)
        if not is_reader:
            return self.get_response(request)
        if not self.places.acquire(blocking=False):
            return said(429, "访问的人太多，请稍等片刻再试。", 1)
        try:
            return self.get_response(request)
        finally:
            self.places.release()


def _key(request: HttpRequest) -> Hashable:
    """What one answer stands under; none for what was typed, which no second visitor asks."""
    if request.method != "GET" or request.GET.get("q") or request.GET.get("gate"):
        return None
    where = (request.scheme, request.META.get("HTTP_HOST", ""), request.get_full_path())
    return (stamp(), clock.day_of(clock.now()), where)


def _is_alike(answer: HttpResponse) -> bool:
    """Whether everybody may have this answer: the page says so itself."""
    is_public = answer.headers.get("Cache-Control", "").startswith("public")
    is_whole = answer.status_code == 200 and not answer.streaming and not answer.cookies
    return is_public and is_whole and len(answer.content) <= LARGEST


def _copy(found: HttpResponse) -> HttpResponse:
    """Later layers write headers of their own into an answer."""
    answer = HttpResponse(found.content, status=found.status_code)
    for name, value in found.items():
        answer[name] = value
    return answer


def _keep(key: Hashable, found: HttpResponse) -> None:
    with _lock:
        _pages[key] = _copy(found)
        while len(_pages) > MOST:
            _pages.popitem(last=False)


def stamp() -> Hashable:
    """What changes whenever anything public does, as it was at most a glance ago."""
    global _glance
    moment = time.monotonic()
    held = _glance
    if held is not None and moment - held[0] < settings.GLANCE_SECONDS:
        return held[1]
    _glance = (moment, reads.stamp())
    return _glance[1]


def once(question: Hashable, ask: Callable[[], Answer]) -> Answer:
    """What several pages need to know of all that is public, asked once a stamp."""
    key = (stamp(), question)
    with _lock:
        if key in _answers:
            found: Answer = _answers[key]
            return found
    fresh = ask()
    with _lock:
        _answers[key] = fresh
        while len(_answers) > MOST:
            _answers.popitem(last=False)
    return fresh


def forget() -> None:
    """For another database in the same process, as every test has."""
    global _glance
    with _lock:
        _pages.clear()
        _answers.clear()
        _glance = None
