from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gongchou.core import canon
from gongchou.core.terms import PublicationKind, PublicationState
from gongchou.portal import charts, open_data
from gongchou.portal.pages import kept, missing, page
from gongchou.portal.remembered import once
from gongchou.publication import override_reads, reads
from gongchou.web.clock import day_of

LATEST, LONGEST_TEXT, LAST_PAGE, FEED = 5, 40, 5000, 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a visitor searches for; anything too long is cut, anything strange finds nothing."""

    text: str
    quarter: str
    area: str
    item: str
    page: int

    @property
    def is_narrow(self) -> bool:
        return bool(self.text or self.quarter or self.area or self.item)


def _asked(request: HttpRequest) -> Asked:
    words = {
        name: " ".join(request.GET.get(key, "").replace("\0", "").split())[:LONGEST_TEXT]
        for name, key in (("text", "q"), ("quarter", "quarter"), ("area", "area"), ("item", "item"))
    }
    number = request.GET.get("page", "1")
    is_number = number.isascii() and number.isdecimal() and len(number) < 6
    return Asked(**words, page=min(int(number), LAST_PAGE) if is_number else 1)


CHECKPOINTS = 60


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    today = day_of(request.at)
    context = {
        "latest": reads.search(today).rows[:LATEST],
        "documents": [row for row in reads.open_to_all(limit=LATEST) if row.is_current],
        "asked": _asked(request),
    }
    return page(request, "home", context)


@require_safe
def results(request: HttpRequest) -> HttpResponse:
    today, asked = day_of(request.at), _asked(request)
    found = reads.search(
        today,
        text=asked.text,
        quarter=asked.quarter,
        area=asked.area,
        item=asked.item,
        page=asked.page,
    )
    query = {"q": asked.text, "quarter": asked.quarter, "area": asked.area, "item": asked.item}
    context = {
        "asked": asked,
        "found": found,
        "query": query,
        "choices": once(today, lambda: reads.choices_of_search(today)),
    }
    return page(request, "results", context)


def _public(ref: str) -> reads.PublicDocument | None:
    """Whoever guesses numbers costs no question to the database."""
    return reads.public_document(ref) if ref in once("refs", reads.public_refs) else None


@require_safe
def result(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """One visit told as a story; a hidden one tells only why it is gone."""
    today, found = day_of(request.at), _public(ref)
    if found is None or found.kind is not PublicationKind.RESULT_NOTICE:
        return missing(request)
    hidden = [line for line in reads.hidden_lines(today, ref=ref) if line.number == number]
    shown = number in reads.shown_numbers(ref, today)
    rows = [row for row in found.document["rows"] if row["number"] == number] if shown else []
    if not rows and not hidden:
        return missing(request)
    draw = _draw_of(found.bureau, rows[0]["draw"]) if rows else None
    context = {"doc": found, "row": rows[0] if rows else None, "hidden": hidden, "draw": draw}
    return page(request, "result", context)


def _draw_of(bureau: str, draw: str) -> reads.PublicDocument | None:
    """The public record of a draw, or its announcement while the record is still closed."""
    if not draw:
        return None
    record = reads.current(bureau, PublicationKind.DRAW_RECORD, source=draw)
    return record or reads.current(bureau, PublicationKind.ANNOUNCEMENT, source=draw)


@require_safe
def document(request: HttpRequest, ref: str) -> HttpResponse:
    found = _public(ref)
    if found is None:
        return missing(request)
    context: dict[str, Any] = {"doc": found, "says": _shown(found, day_of(request.at))}
    context["hidden"] = reads.hidden_lines(day_of(request.at), ref=ref)
    if found.kind is PublicationKind.ANNOUNCEMENT:
        record = PublicationKind.DRAW_RECORD
        context["record"] = reads.current(found.bureau, record, source=found.draw)
        context["void"] = reads.current(found.bureau, found.kind, source=f"{found.draw}#void")
    return page(request, "document", context)


def _shown(found: reads.PublicDocument, on: date) -> dict[str, Any] | None:
    """The content without what may not be shown any more; None once withdrawn."""
    if found.state is PublicationState.WITHDRAWN:
        return None
    if found.kind is not PublicationKind.RESULT_NOTICE:
        return found.document
    numbers = reads.shown_numbers(found.ref, on)
    rows = [row for row in found.document["rows"] if row["number"] in numbers]
    return {**found.document, "rows": rows}


@require_safe
def document_json(request: HttpRequest, ref: str) -> HttpResponse:
    """The canonical bytes whose digest is on the page, unless a line had to go."""
    found = _public(ref)
    says = _shown(found, day_of(request.at)) if found else None
    if says is None:
        return missing(request)
    return kept(HttpResponse(canon.canon(says), content_type="application/json; charset=utf-8"))


@require_safe
def record_json(request: HttpRequest, ref: str) -> HttpResponse:
    """The record of a draw alone, as the verifier reads it."""
    found = _public(ref)
    says = _shown(found, day_of(request.at)) if found else None
    if says is None or "record" not in says:
        return missing(request)
    body = canon.canon(says["record"])
    return kept(HttpResponse(body, content_type="application/json; charset=utf-8"))


def _of_kind(
    request: HttpRequest, name: str, kind: PublicationKind, beside: PublicationKind | None = None
) -> HttpResponse:
    """The newest document of a kind in full, and all of the kind as a list; one beside by link."""
    context = _newest(reads.open_to_all(kind=kind))
    context["beside"] = reads.open_to_all(kind=beside) if beside else ()
    return page(request, name, context)


def _newest(rows: tuple[reads.DocumentRow, ...]) -> dict[str, Any]:
    newest = next((row for row in rows if row.is_current), None)
    doc = reads.public_document(newest.ref) if newest else None
    return {"rows": rows, "doc": doc, "says": doc.document if doc else None}


@require_safe
def items(request: HttpRequest) -> HttpResponse:
    return _of_kind(request, "items", PublicationKind.ITEM_LIST)


@require_safe
def plans(request: HttpRequest) -> HttpResponse:
    """The newest plan of a quarter, and the plans of the year beside it."""
    return _of_kind(request, "plans", PublicationKind.QUARTER_PLAN, PublicationKind.ANNUAL_PLAN)


@require_safe
def statistics(request: HttpRequest) -> HttpResponse:
    """How the checks ended, the true rate, and the tables.

    Of the newest public quarter and of the one before: the newest may hold its first result alone.
    """
    found = reads.result_rows(day_of(request.at))
    quarters = sorted({row.quarter for row in found}, reverse=True)[:2]
    tables = reads.open_to_all(kind=PublicationKind.STATISTICS)
    estimates = reads.open_to_all(kind=PublicationKind.RATES)
    rates = next((row for row in estimates if row.is_current), None)
    context = {
        "charts": [
            (quarter, charts.by_result(row for row in found if row.quarter == quarter))
            for quarter in quarters
        ],
        "rates": reads.public_document(rates.ref) if rates else None,
        **_newest(tables),
        "rows": (*estimates, *tables),
        "overrides": override_reads.by_quarter()[:1],
    }
    return page(request, "statistics", context)


@require_safe
def draws(request: HttpRequest) -> HttpResponse:
    """Each draw with its announcement, the root of its sealed list, and its record."""
    rows: dict[str, dict[str, reads.DocumentRow]] = {}
    for row in reads.open_to_all(kind=PublicationKind.ANNOUNCEMENT):
        stage = row.source.partition("#")[2] or "announced"
        rows.setdefault(row.draw, {})[stage] = row
    for row in reads.open_to_all(kind=PublicationKind.DRAW_RECORD):
        if row.is_current:
            rows.setdefault(row.draw, {})["record"] = row
    context = {
        "rows": list(rows.values()),
        "heads": _heads()[:1],
        "overrides": override_reads.by_quarter(),
    }
    return page(request, "draws", context)


def _heads() -> list[dict[str, Any]]:
    """Each head once, the newest first: what was signed, and by whom it was cosigned since."""
    found: dict[str, dict[str, Any]] = {}
    for row in reads.documents(kind=PublicationKind.LOG_HEAD, state=PublicationState.PUBLISHED):
        source = row.source.removesuffix("#witnessed")
        if row.document["witness"] or source not in found:
            found[source] = {"doc": row, **row.document}
    return sorted(found.values(), key=lambda head: (head["bureau"], -head["size"]))


@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """The signed heads of the draw logs: whoever keeps one can show a later change."""
    kept = reads.documents(
        kind=PublicationKind.CHECKPOINT, state=PublicationState.PUBLISHED, limit=CHECKPOINTS
    )
    return page(request, "log", {"heads": _heads(), "checkpoints": kept})


@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    rows = reads.open_to_all(limit=1000)
    context = {
        "corrected": [row for row in rows if row.replaced_by],
        "withdrawn": [row for row in rows if row.withdrawn_on],
        "hidden": reads.hidden_lines(day_of(request.at)),
    }
    return page(request, "changes", context)


@require_safe
def data(request: HttpRequest) -> HttpResponse:
    return page(request, "data", {"files": open_data.FILES, "licence": open_data.LICENCE})


@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    return kept(HttpResponse(open_data.schema(), content_type="application/json; charset=utf-8"))


@require_safe
def data_csv(request: HttpRequest, name: str) -> HttpResponse:
    file = open_data.file_of(name)
    if file is None:
        return missing(request)
    body = open_data.as_csv(file, day_of(request.at))
    return kept(HttpResponse(body, content_type="text/csv; charset=utf-8"))


@require_safe
def data_json(request: HttpRequest, name: str) -> HttpResponse:
    file = open_data.file_of(name)
    if file is None:
        return missing(request)
    body = open_data.as_json(file, day_of(request.at))
    return kept(HttpResponse(body, content_type="application/json; charset=utf-8"))


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """The newest publications as an Atom feed; each entry keeps its id for ever."""
    rows = reads.open_to_all(limit=FEED)
    root = "" if getattr(request, "is_export", False) else request.build_absolute_uri("/")[:-1]
    context = {"rows": rows, "root": root, "at": request.at}
    answer = render(request, "portal/feed.atom", context, content_type="application/atom+xml")
    return kept(answer)


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return page(request, "about", {})
