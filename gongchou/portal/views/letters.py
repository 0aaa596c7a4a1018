"""Complaints of citizens, and where a letter stands, by its receipt."""

import secrets

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from gongchou.accounts import organisation_reads as organisation
from gongchou.core.powers import Power, outsider
from gongchou.core.refusals import Refused
from gongchou.core.terms import IntakeKind
from gongchou.intake import actions as intake
from gongchou.intake import conduct_reads
from gongchou.intake import reads as letters
from gongchou.portal.forms import ComplaintForm, ConductForm, ReceiptForm, files_of
from gongchou.portal.pages import private
from gongchou.publication import reads
from gongchou.publication.slip_reads import slip_by_code
from gongchou.web.clock import day_of

NO_SUCH = "没有找到这件信件。请核对回执编号和回执码，两项都要与回执上的一致。"


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def complain(request: HttpRequest) -> HttpResponse:
    """What somebody saw; a name is welcome and not asked for."""
    bureaus = dict(letters.addressees(day_of(request.at)))
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
def conduct(request: HttpRequest) -> HttpResponse:
    """What an officer did who should not have; a code of a visit says which firm to protect."""
    today = day_of(request.at)
    bureaus = dict(letters.addressees(today, Power.HANDLE_REPORT))
    form = ConductForm(request.POST or None, bureaus=bureaus)
    if request.method == "POST" and form.is_valid():
        try:
            receipt = _reported(request, form)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return private(request, "receipt", {"receipt": receipt, "what": "违纪反映"})
    status = 400 if request.method == "POST" else 200
    counts = [(bureaus[code], len(organisation.overlapping(code, today))) for code in bureaus]
    context = {"form": form, "bureaus": bureaus, "overlaps": [pair for pair in counts if pair[1]]}
    return private(request, "conduct", context, status=status)


def _reported(request: HttpRequest, form: ConductForm) -> intake.Receipt:
    given = form.cleaned_data
    slip = slip_by_code(given["code"]) if given["code"] else None
    if given["code"] and (slip is None or slip.bureau != given["bureau"]):
        raise Refused("查验码不对，或者不是这个机关的文书。请核对；不填查验码也可以提交。")
    words = {name: given[name] for name in ("about", "says", "sender", "contact")}
    return intake.send_report(
        intake.ReportDraft(**words, visit=slip.visit if slip else ""),
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
    pair = form.cleaned_data["receipt"], form.cleaned_data["code"]
    found, reported = letters.by_receipt(*pair), conduct_reads.by_receipt(*pair)
    if reported is not None:
        return private(request, "letter", {"form": form, "reported": reported})
    if found is None:
        form.add_error(None, NO_SUCH)
        return private(request, "letter", {"form": form}, status=404)
    visit = next((one.about for one in found.news if one.about), "")
    published = reads.result_of_visit(found.bureau, visit, day_of(request.at)) if visit else None
    context = {"form": form, "letter": found, "published": published}
    return private(request, "letter", context)
