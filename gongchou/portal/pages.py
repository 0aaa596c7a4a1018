"""What every page of the portal has: who publishes, elder mode, and no trace of the visitor."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse

from gongchou.portal import remembered
from gongchou.publication import reads

FRESH_SECONDS = 60
NAVIGATION = (
    ("results", "检查结果"),
    ("draws", "随机抽取"),
    ("plans", "抽查计划"),
    ("items", "抽查事项"),
    ("statistics", "统计"),
    ("changes", "更正和撤下"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Portal:
    """The frame of a page; `other` is this page in the other size of text."""

    owner: str
    is_elder: bool
    is_export: bool
    other: str
    here: str
    navigation: tuple[tuple[str, str], ...] = NAVIGATION


def portal_of(request: HttpRequest) -> Portal:
    is_elder = request.GET.get("elder") == "1"
    query = request.GET.copy()
    query.pop("elder", None)
    if not is_elder:
        query["elder"] = "1"
    known = remembered.once("bureaus", reads.bureaus)
    names = tuple(known.values())
    rest = query.urlencode()
    return Portal(
        owner=names[0] if len(names) == 1 else "生态环境部门",
        is_elder=is_elder,
        is_export=getattr(request, "is_export", False),
        other=f"{request.path}?{rest}" if rest else request.path,
        here=request.path.removeprefix(reverse("portal:home")).split("/")[0],
    )


def page(
    request: HttpRequest, name: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page that everybody sees alike and that may be kept for a minute."""
    shown = {**context, "portal": portal_of(request)}
    return kept(render(request, f"portal/{name}.html", shown, status=status))


def private(
    request: HttpRequest, name: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page for one visitor: no copy of it stays anywhere, and no search engine lists it."""
    shown = {**context, "portal": portal_of(request)}
    answer = render(request, f"portal/{name}.html", shown, status=status)
    answer["Cache-Control"] = "no-store"
    answer["X-Robots-Tag"] = "noindex"
    return answer


def kept(answer: HttpResponse) -> HttpResponse:
    answer["Cache-Control"] = f"public, max-age={FRESH_SECONDS}"
    return answer


@cache
def _missing(is_elder: bool, is_export: bool, owner: str) -> bytes:
    """Whoever guesses numbers gets the same page, drawn once."""
    other = "?" if is_elder else "?elder=1"
    shown = Portal(owner=owner, is_elder=is_elder, is_export=is_export, other=other, here="")
    context = {"portal": shown, "frame": {"demo": settings.DEMO}}
    return render_to_string("portal/missing.html", context).encode()


def missing(request: HttpRequest) -> HttpResponse:
    seen = portal_of(request)
    body = _missing(seen.is_elder, seen.is_export, seen.owner)
    return kept(HttpResponse(body, status=404))
