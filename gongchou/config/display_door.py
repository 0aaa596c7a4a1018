"""Where one says how pages shall look; visitors may too."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from gongchou.web.display import DARK, LARGE, Display, keep_display


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    back = request.POST.get("back", "/")
    is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    answer = redirect(back if is_ours else "/")
    wanted = Display(
        is_large=request.POST.get("text") == LARGE, is_dark=request.POST.get("ground") == DARK
    )
    keep_display(answer, wanted, secure=settings.SESSION_COOKIE_SECURE)
    return answer
