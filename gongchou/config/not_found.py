"""An address that does not exist: a citizen stays on the portal, an officer in the office."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.defaults import page_not_found

from gongchou.portal.pages import missing


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Under the portal its own page, with its navigation; elsewhere the short one."""
    if "open" in settings.DOORS and request.path.startswith(reverse("portal:home")):
        return missing(request)
    return page_not_found(request, exception)
