"""Each request knows its person and its instant, once."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from gongchou.accounts import entry, reads
from gongchou.web import clock

FREE = (
    "/login/",
    "/logout/",
    "/password/",
    "/factor/",
    "/healthz",
    "/static/",
    "/display/",
    "/open/",
)


class ActorMiddleware:
    """Sets `request.at` and `request.actor` (None for a visitor); a first password must go,
    and who needs a second factor shows it first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.at, request.actor = clock.now(), None
        if request.user.is_authenticated:
            request.actor = reads.actor_of(request.user.ref, clock.day_of(request.at))
            if not request.path.startswith(FREE):
                if request.user.must_change_password:
                    return redirect("accounts:password")
                if entry.lacks_proof(request, request.actor):
                    return redirect(entry.proof_page(request))
        return self.get_response(request)
