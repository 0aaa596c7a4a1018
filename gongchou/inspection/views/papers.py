"""Papers of a visit, for whoever may see the visit."""

from django.http import HttpRequest, HttpResponse

from gongchou.accounts.access import requires
from gongchou.core.refusals import Refused
from gongchou.drawing import slips
from gongchou.inspection import papers, reads
from gongchou.inspection.views.visits import SEES, seen
from gongchou.web.official import respond_official
from gongchou.web.papers import respond


@requires(*SEES)
def record(request: HttpRequest, ref: str) -> HttpResponse:
    """The record on A4, or with `?width=58` or `80` for a pocket printer."""
    width = request.GET.get("width", "")
    name, pdf = papers.record_paper(seen(request, ref).ref, at=request.at, width=width)
    return respond(pdf, name)


@requires(*SEES)
def notice(request: HttpRequest, ref: str) -> HttpResponse:
    name, pdf = papers.notice_paper(seen(request, ref).ref, at=request.at)
    return respond(pdf, name)


@requires(*SEES)
def why(request: HttpRequest, ref: str) -> HttpResponse:
    """The slip that tells the enterprise why it was drawn."""
    visit = seen(request, ref)
    if not visit.draw:
        raise Refused("这次检查不是随机抽取的，没有抽中说明。请使用检查通知书。")
    name, pdf = slips.slip(visit.draw, visit.number, bureau=visit.bureau, at=request.at)
    return respond(pdf, name)


@requires(*SEES)
def correction(request: HttpRequest, ref: str) -> HttpResponse:
    """A correction order by its own ref, for whoever may see its visit."""
    seen(request, reads.order(ref).visit)
    name, pdf = papers.correction_paper(ref, at=request.at)
    return respond(pdf, name)


@requires(*SEES)
def correction_word(request: HttpRequest, ref: str) -> HttpResponse:
    """The same order as a Word file."""
    seen(request, reads.order(ref).visit)
    name, file = papers.correction_word(ref)
    return respond_official(file, "docx", name)
