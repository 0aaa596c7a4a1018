"""Papers of a visit, for whoever may see the visit."""

from django.http import HttpRequest, HttpResponse

from gongchou.accounts.access import requires
from gongchou.core.powers import Power
from gongchou.core.refusals import Refused
from gongchou.drawing import slips
from gongchou.inspection import dayway, papers, paperwork, permissions, reads
from gongchou.inspection.views.visits import SEES, seen
from gongchou.web.clock import day_of
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


@requires(Power.DO_VISIT)
def day(request: HttpRequest) -> HttpResponse:
    """The own dispatches of today on one sheet."""
    today, actor = day_of(request.at), request.actor
    me = permissions.inspector_of(actor, today)
    if not me:
        raise Refused("您的登录名没有登记在检查人员名录中，请联系负责科室登记。")
    name, pdf = dayway.day_sheet(me, actor.bureau, today, at=request.at)
    return respond(pdf, name)


@requires(*SEES)
def approval(request: HttpRequest, ref: str) -> HttpResponse:
    name, pdf = paperwork.approval_paper(seen(request, ref).ref, at=request.at)
    return respond(pdf, name)


@requires(*SEES)
def result(request: HttpRequest, ref: str) -> HttpResponse:
    name, pdf = paperwork.result_paper(seen(request, ref).ref, at=request.at)
    return respond(pdf, name)


@requires(*SEES)
def sheet(request: HttpRequest, ref: str, kind: str) -> HttpResponse:
    """A sheet to write on, with the head of the visit."""
    name, pdf = paperwork.sheet_paper(seen(request, ref).ref, kind, at=request.at)
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
    name, pdf = papers.correction_paper(ref)
    return respond(pdf, name)


@requires(*SEES)
def correction_word(request: HttpRequest, ref: str) -> HttpResponse:
    """The same order as a Word file."""
    seen(request, reads.order(ref).visit)
    name, file = papers.correction_word(ref)
    return respond_official(file, "docx", name)
