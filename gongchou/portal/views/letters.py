"""Complaints of citizens, and where a letter stands, by its receipt."""

import secrets

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from gongchou.core.powers import outsider
from gongchou.core.refusals import Refused
from gongchou.core.terms import IntakeKind
from gongchou.intake import actions as intake
from gongchou.intake import reads as letters
from gongchou.portal.forms import ComplaintForm, ReceiptForm, files_of
from gongchou.portal.pages import private
from gongchou.publication import reads
from gongchou.web.clock import day_of

NO_SUCH = "没有找到这件信件。请核对回执编号和回执码，两项都要与回执上的一致。"


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def complain(request: HttpRequest) -> HttpResponse:
    """What somebody saw; a name is welcome and not asked for."""
    bureaus = dict(letters.addressees())
    form = ComplaintForm(request.POST or None, request.FILES or None, bureaus=bureaus)
    if request.method == "POST" and form.is_valid():
        try:
            receipt = _sent(request, form)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            kind = IntakeKind.COMPLAINT
            return private(request, "receipt", {"receipt": receipt, "kind": kind})
    status = 400 if request.method == "POST" else 200
    return private(request, "complain", {"form": form, "bureaus": bureaus}, status=status)


def _sent(request: HttpRequest, form: ComplaintForm) -> intake.Receipt:
    given = form.cleaned_data
    words = {name: given[name] for name in ("subject", "place", "says", "sender", "contact")}
    return intake.send_letter(
        intake.LetterDraft(kind=IntakeKind.COMPLAINT, **words),
        files_of(request.FILES.getlist("pictures")),
        chance=secrets.token_bytes(intake.CHANCE_BYTES),
        by=outsider(given["bureau"]),
        at=request.at,
    )


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def standing(request: HttpRequest) -> HttpResponse:
    """How far a letter has come, for whoever holds both halves of the receipt."""
    form = ReceiptForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return private(request, "letter", {"form": form})
    found = letters.by_receipt(form.cleaned_data["receipt"], form.cleaned_data["code"])
    if found is None:
        form.add_error(None, NO_SUCH)
        return private(request, "letter", {"form": form}, status=404)
    visit = next((one.about for one in found.news if one.about), "")
    published = reads.result_of_visit(found.bureau, visit, day_of(request.at)) if visit else None
    context = {"form": form, "letter": found, "published": published}
    return private(request, "letter", context)
