"""Tokens of programs: a person's own, and those of systems."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from gongchou.accounts import actions
from gongchou.accounts import tokens as token_reads
from gongchou.accounts.access import signed_in
from gongchou.accounts.forms import TokenForm
from gongchou.core.powers import TOKEN_POWERS, Power, may
from gongchou.core.refusals import Refused
from gongchou.web.clock import day_of


@never_cache
@signed_in
def tokens(request: HttpRequest) -> HttpResponse:
    """The secret is on the answer to its creation, and never again."""
    by, today = request.actor, day_of(request.at)
    is_granting = may(by, Power.GRANT_ROLES)
    form, secret = TokenForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        powers = frozenset(Power(value) for value in asked["powers"])
        until, name = asked["until"], asked["name"]
        try:
            secret = actions.create_token(
                name, powers, until=until, is_own=not is_granting, by=by, at=request.at
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = {
        "form": TokenForm() if secret else form,
        "secret": secret,
        "rows": token_reads.tokens(by.bureau, today, owner="" if is_granting else by.ref),
        "is_granting": is_granting,
        "may_create": is_granting or any(may(by, power) for power in TOKEN_POWERS),
    }
    return render(request, "accounts/tokens.html", context)


@require_POST
@signed_in
def revoke(request: HttpRequest, ref: str) -> HttpResponse:
    actions.revoke_token(ref, by=request.actor, at=request.at)
    messages.success(request, "令牌已作废，用它的程序从现在起读不到数据。")
    return redirect("accounts:tokens")
