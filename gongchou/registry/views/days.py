"""The register of which day a page shows."""

from datetime import date

from django.http import HttpRequest

from gongchou.web.clock import day_of


def asked_day(request: HttpRequest) -> date:
    """The day of `?on=`, or today."""
    try:
        return date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return day_of(request.at)
