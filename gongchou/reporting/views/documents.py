"""A frozen table as official documents: in Word, and as the circular of the quarter."""

from django.http import HttpRequest, HttpResponse

from gongchou.accounts.access import requires
from gongchou.core.powers import Power
from gongchou.reporting.circulars import circular_paper
from gongchou.reporting.circulars import statistics_word as made_word
from gongchou.web.official import respond_official


@requires(Power.SEE_STATISTICS)
def statistics_word(request: HttpRequest, ref: str) -> HttpResponse:
    name, file = made_word(ref, bureau=request.actor.bureau)
    return respond_official(file, "docx", name)


@requires(Power.SEE_STATISTICS)
def circular(request: HttpRequest, ref: str, form: str) -> HttpResponse:
    """The circular of the quarter, as PDF or Word."""
    name, file = circular_paper(ref, form, bureau=request.actor.bureau)
    return respond_official(file, form, name)
