"""Papers as this installation makes them: its fonts, its mark of demonstration."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils.http import content_disposition_header

from gongchou.core.workdays import written_day
from gongchou.web.typesetting import compile_paper, qr_svg

__all__ = ["DEMO_BAND", "demo_band", "qr_svg", "respond", "typeset", "written_day"]

DEMO_BAND = "演示数据，不得作为执法依据"


def demo_band() -> str:
    """The mark on every page of a demonstration; empty in a real bureau."""
    return DEMO_BAND if settings.DEMO else ""


def typeset(template: str, data: Mapping[str, Any], *, at: datetime) -> bytes:
    """The PDF of `room/papers/name.typ`; in a demonstration every page says so.

    `data["band"]` is a mark of the paper's own (演练) and wins over that of the demonstration.
    """
    band = data.get("band") or demo_band()
    return compile_paper(template, {**data, "band": band}, at=at, fonts=settings.FONTS)


def respond(pdf: bytes, name: str) -> HttpResponse:
    """A PDF to look at in the browser, saved under `name` where a person saves it."""
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = str(content_disposition_header(False, f"{name}.pdf"))
    return response
