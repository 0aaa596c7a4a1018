"""What only the exported copy of the portal has: a search that asks no server."""

import json
from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from gongchou.portal.pages import kept, missing, page
from gongchou.portal.remembered import once
from gongchou.portal.templatetags.portal import quarter_label
from gongchou.portal.views.public import Asked
from gongchou.publication import reads
from gongchou.web.clock import day_of
from gongchou.web.templatetags.gongchou import weekday

NOWHERE = "没有写明片区"
NOTHING = Asked(text="", quarter="", area="", item="", page=1)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """The form with its index, and every result by area for a browser without scripts."""
    if not getattr(request, "is_export", False):
        return redirect("portal:results")
    today = day_of(request.at)
    context = {
        "asked": NOTHING,
        "choices": once(today, lambda: reads.choices_of_search(today)),
        "areas": _by_area(reads.result_rows(today)),
    }
    return page(request, "search", context)


def _by_area(rows: Iterable[reads.ResultRow]) -> list[tuple[str, list[reads.ResultRow]]]:
    """Each area with its results by name; those without an area come last."""
    found: dict[str, list[reads.ResultRow]] = {}
    for row in sorted(rows, key=lambda row: (row.area == "", row.area, row.subject)):
        found.setdefault(row.area or NOWHERE, []).append(row)
    return list(found.items())


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every public result as a script: a page opened from a folder may fetch nothing else."""
    if not getattr(request, "is_export", False):
        return missing(request)
    rows = reads.result_rows(day_of(request.at))
    told = {
        "quarters": {quarter: quarter_label(quarter) for quarter in {row.quarter for row in rows}},
        "rows": [_told(row) for row in rows],
    }
    body = f"var GONGCHOU_RESULTS = {json.dumps(told, ensure_ascii=False, sort_keys=True)};\n"
    return kept(HttpResponse(body, content_type="text/javascript; charset=utf-8"))


def _told(row: reads.ResultRow) -> dict[str, object]:
    return {
        "subject": row.subject,
        "uscc": row.uscc,
        "quarter": row.quarter,
        "area": row.area,
        "items": row.item_names,
        "day": weekday(row.ended_on),
        "result": row.visit_result.label,
        "page": f"results/{row.publication}/{row.number}/index.html",
    }
