"""The first line of a view: who may come in."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse

from gongchou.core.powers import Power, check

View = Callable[..., HttpResponse]


def signed_in(view: View) -> View:
    """Visitors are sent to the login page."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.actor is None:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    return guarded


def requires(power: Power) -> Callable[[View], View]:
    """Those without the power get the refusal's sentence."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            check(request.actor, power)
            return view(request, *args, **kwargs)

        return signed_in(guarded)

    return decorate
