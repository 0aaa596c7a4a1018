"""Refusals become pages and messages that an officer can act on."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from gongchou.core.refusals import NotAllowed, Refused


class RefusalMiddleware:
    """NotAllowed is a page of its own; any other refusal goes back to where it was asked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, NotAllowed):
            return render(request, "web/refused.html", {"says": str(error)}, status=403)
        if not isinstance(error, Refused):
            return None
        back = request.headers.get("Referer", "")
        came_from_here = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
        if request.method == "POST" and came_from_here:
            messages.error(request, str(error))
            return redirect(back)
        context = {"says": str(error), "back": back if came_from_here else ""}
        return render(request, "web/refused.html", context, status=409)
