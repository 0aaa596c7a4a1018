"""The papers of a draw in the browser: which there are, and each as a PDF."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from gongchou.accounts.access import requires
from gongchou.core.powers import Power
from gongchou.drawing import papers
from gongchou.web.papers import respond


@requires(Power.SEE_DRAW)
def listed(request: HttpRequest, ref: str) -> HttpResponse:
    """The papers of a draw, each with the sentence why it cannot be printed yet."""
    actor = request.actor  # type: ignore[attr-defined]
    context = {"ref": ref, "papers": papers.available(ref, bureau=actor.bureau)}
    return render(request, "drawing/papers.html", context)


@requires(Power.SEE_DRAW)
def paper(request: HttpRequest, ref: str, name: str) -> HttpResponse:
    actor, at = request.actor, request.at  # type: ignore[attr-defined]
    title, pdf = papers.paper(name, ref, bureau=actor.bureau, at=at)
    return respond(pdf, title)
