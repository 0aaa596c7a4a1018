"""Pages that everybody sees alike are drawn once, until anything public changes or the day does.

Kept in the memory of each worker. The stamp of what is public is asked every time, so a page that
was taken down is gone at once; a flood costs little more than that question.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse

from gongchou.publication import reads
from gongchou.web.clock import day_of

MOST, LARGEST = 400, 300_000
View = Callable[..., HttpResponse]
Answer = TypeVar("Answer")
_pages: OrderedDict[Hashable, HttpResponse] = OrderedDict()
_answers: OrderedDict[Hashable, Any] = OrderedDict()
_lock = threading.Lock()


def remembered(view: View) -> View:
    """The answer of a view for this address as long as it is the same for everybody."""

    @wraps(view)
    def answered(request: HttpRequest, *args: object, **named: object) -> HttpResponse:
        if request.method != "GET" or getattr(request, "is_export", False):
            return view(request, *args, **named)
        where = (request.get_host(), request.get_full_path())
        at: datetime = request.at  # type: ignore[attr-defined]
        key = (reads.stamp(), day_of(at), where)
        with _lock:
            found = _pages.get(key)
        if found is None:
            found = view(request, *args, **named)
            if found.status_code == 200 and len(found.content) <= LARGEST:
                _keep(key, found)
        return _copy(found)

    return answered


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


def once(stamp: Hashable, question: Hashable, ask: Callable[[], Answer]) -> Answer:
    """What several pages need to know of all that is public, asked once a stamp."""
    key = (stamp, question)
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
    with _lock:
        _pages.clear()
        _answers.clear()
