"""The phone as second factor, and the list of one's own sign-ins."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from gongchou.accounts import actions, entry, reads, second_factor
from gongchou.accounts.access import signed_in
from gongchou.accounts.forms import CodeForm, FirstCodeForm
from gongchou.core.refusals import Refused


@signed_in
def factor(request: HttpRequest) -> HttpResponse:
    """Asks for a code of the phone; who has none bound is sent to bind one."""
    if not reads.has_factor(request.actor.ref):
        return redirect("accounts:bind_factor")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.prove_factor(form.cleaned_data["code"], by=request.actor, at=request.at)
        except Refused as refusal:
            closed = actions.record_factor_failure(by=request.actor, at=request.at)
            form.add_error("code", closed or str(refusal))
        else:
            entry.note_proof(request)
            return redirect(entry.next_page(request))
    return render(request, "accounts/factor.html", {"form": form})


@signed_in
def bind_factor(request: HttpRequest) -> HttpResponse:
    """The picture for the phone, and the first code that binds it."""
    by, at = request.actor, request.at
    form = FirstCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            codes = actions.confirm_factor(form.cleaned_data["code"], by=by, at=at)
        except Refused as refusal:
            form.add_error("code", str(refusal))
        else:
            entry.note_proof(request)
            return render(request, "accounts/spare_codes.html", {"codes": codes})
    return render(request, "accounts/bind_factor.html", {"form": form} | _shown(request))


def _shown(request: HttpRequest) -> dict[str, object]:
    ref = request.actor.ref
    if reads.has_factor(ref):
        return {"is_bound": True, "spare": reads.spare_codes(ref)}
    key = reads.waiting_key(ref)
    if key is None:
        return {}
    text = second_factor.spelled(key)
    return {"address": second_factor.address(key, request.user.login), "key": text}  # type: ignore[union-attr]


@require_POST
@signed_in
def begin_factor(request: HttpRequest) -> HttpResponse:
    actions.begin_factor(by=request.actor, at=request.at)
    return redirect("accounts:bind_factor")


@signed_in
def sign_ins(request: HttpRequest) -> HttpResponse:
    key = request.session.session_key or ""
    rows = reads.sign_ins(request.actor.ref, key, request.at)
    context = {"rows": rows, "has_factor": reads.has_factor(request.actor.ref)}
    return render(request, "accounts/sign_ins.html", context)


@require_POST
@signed_in
def end_sign_in(request: HttpRequest, number: int) -> HttpResponse:
    actions.end_sign_in(number, by=request.actor, at=request.at)
    messages.success(request, "已结束这次登录。不是您本人的，请马上修改密码。")
    return redirect("accounts:sign_ins")
