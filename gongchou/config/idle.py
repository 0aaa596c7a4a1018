"""Somebody who leaves the desk is signed out; a click puts it off."""

import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# One write a minute is exact enough and spares the database a write for every page.
SECONDS_BETWEEN_MARKS = 60


class IdleMiddleware:
    """Moves the end of the session on while a signed-in person works."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            second = int(time.time())
            if second - request.session.get("seen", 0) >= SECONDS_BETWEEN_MARKS:
                request.session["seen"] = second
        return self.get_response(request)
