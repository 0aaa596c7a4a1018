"""The first line of a view: who may come in."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from gongchou.accounts import actions, entry
from gongchou.core.powers import STEP_UP, Power, check, may
from gongchou.core.refusals import NotAllowed

View = Callable[..., HttpResponseBase]
SIGNED_OUT = "登录已结束：太久没有操作，或者在别处结束了这次登录。请重新登录。"
NOT_DONE = "刚才的提交没有生效，登录后请重新办理。"
ASK_AGAIN = "这一步要再核验一次动态口令；刚才的办理没有生效，核验后请重新办理。"


def signed_in(view: View) -> View:
    """Visitors are sent to the login page; who was signed in is told why."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if request.actor is None:
            is_lost = request.method == "POST"
            if is_lost or entry.has_left(request):
                messages.warning(request, SIGNED_OUT + (NOT_DONE if is_lost else ""))
            return redirect_to_login(entry.in_sight(request) or "/")
        return view(request, *args, **kwargs)

    return guarded


def requires(power: Power, *others: Power, again: bool = False) -> Callable[[View], View]:
    """Who has none of the powers gets the refusal's sentence, and the attempt is kept.

    So is an attempt that the act itself refuses to this person. `again` asks for the phone again
    at a form that opens something sealed, though the power itself does not.
    """
    asks = again or power in STEP_UP

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            try:
                if not any(may(request.actor, other) for other in others):
                    check(request.actor, power)
                if asks and request.method == "POST" and entry.is_stale(request):
                    messages.warning(request, ASK_AGAIN)
                    return redirect(entry.proof_page(request))
                return view(request, *args, **kwargs)
            except NotAllowed as refusal:
                by, at = request.actor, request.at
                actions.record_refusal(request.path, str(refusal), by=by, at=at)
                raise

        return signed_in(guarded)

    return decorate
