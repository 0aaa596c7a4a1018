"""Each request knows its person and its instant, once."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from gongchou.accounts import reads
from gongchou.web import clock

FREE = ("/login/", "/logout/", "/password/", "/healthz", "/static/")


class ActorMiddleware:
    """Sets `request.at` and `request.actor` (None for a visitor); a first password must go."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.at, request.actor = clock.now(), None
        if request.user.is_authenticated:
            request.actor = reads.actor_of(request.user.ref, clock.day_of(request.at))
            if request.user.must_change_password and not request.path.startswith(FREE):
                return redirect("accounts:password")
        return self.get_response(request)
