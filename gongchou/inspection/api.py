"""What the field app asks and sends: visits out, acts and pieces of files in.

A person who signed in takes a lease; from then on the phone comes with the lease's token. Every
refusal is one sentence. An act that cannot be done yet stays on the phone and is sent again.
"""

import base64
import binascii
import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.utils.crypto import get_random_string
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from gongchou.accounts import actions as accounts
from gongchou.core import plain
from gongchou.core.powers import Power, may
from gongchou.core.refusals import Invalid, NotAllowed, Refused, Stale
from gongchou.core.terms import ReceiptWay
from gongchou.inspection import actions, course, leases, sealing, uploads
from gongchou.inspection.operations import (
    WRONG,
    Operation,
    Receipt,
    WrongPin,
    instant,
    operation_of,
)
from gongchou.inspection.parcels import WORDS, parcels, ways
from gongchou.inspection.permissions import inspector_of
from gongchou.web.clock import day_of

View = Callable[..., HttpResponse]
SIGN_IN = "请先在有网络时登录，再回到这里领取检查。"
OVER = "这部手机的领取已到期或已收回。没有上传的内容仍加密保存在手机上，重新登录后会继续上传。"
MOST_AT_ONCE = 50


def _says(kind: str, says: str, status: int) -> JsonResponse:
    return JsonResponse({"kind": kind, "says": says}, status=status)


def _answered(view: View) -> View:
    """Refusals in the one form that the app knows."""

    @wraps(view)
    def answering(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except NotAllowed as refusal:
            by, at = request.actor, request.at
            accounts.record_refusal(request.path, str(refusal), by=by, at=at)
            return _says("not_allowed", str(refusal), 403)
        except Invalid as refusal:
            return _says("invalid", str(refusal), 422)
        except Refused as refusal:
            return _says("refused", str(refusal), 409)

    return never_cache(answering)


def _by_session(view: View) -> View:
    """A person who signed in on this phone, past everything that signing in asks for."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.actor is None or not may(request.actor, Power.DO_VISIT):
            return _says("unauthenticated", SIGN_IN, 401)
        return view(request, *args, **kwargs)

    return _answered(guarded)


def _by_token(view: View) -> View:
    """A phone with a lease that stands; whose it is, is who acts."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        token = request.headers.get("Authorization", "").removeprefix("Field ")
        found = leases.lease_of_token(token, request.at) if token else None
        if found is None:
            return _says("lease_over", OVER, 401)
        request.lease, request.actor = found
        return view(request, *args, **kwargs)

    return csrf_exempt(_answered(guarded))


def _json(request: HttpRequest) -> dict[str, Any]:
    try:
        found = json.loads(request.body)
    except ValueError as error:
        raise Invalid(WRONG) from error
    if not isinstance(found, dict):
        raise Invalid(WRONG)
    return found


@require_GET
@_by_session
def session(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"name": request.actor.name, "csrf": get_token(request)})


@require_POST
@_by_session
def take_lease(request: HttpRequest) -> HttpResponse:
    """The token is told once; the key is what the phone closes its work with."""
    token, by = get_random_string(43), request.actor
    device = str(_json(request).get("device", ""))[:64]
    ref = actions.take_lease(device, token=token, by=by, at=request.at)
    lease = leases.lease(ref, by.ref)
    assert lease is not None
    inspector = inspector_of(by, day_of(request.at))
    return JsonResponse(
        {
            "lease": ref,
            "token": token,
            "until": plain.to_plain(lease.until),
            "server_time": plain.to_plain(request.at),
            "public_key": base64.b64encode(sealing.public_key(ref)).decode(),
            "person": {"ref": by.ref, "name": by.name, "inspector": inspector},
            "has_pin": leases.has_pin(inspector),
        }
    )


@require_GET
@_by_token
def visits(request: HttpRequest) -> HttpResponse:
    today, root = day_of(request.at), request.build_absolute_uri("/")[:-1]
    until, by = request.lease.until, request.actor
    found = parcels(by, today, until=until, root=root)
    known = course.received_by(inspector_of(by, today))
    for ref in (row["ref"] for row in found if row["ref"] not in known):
        actions.note_receipt(ref, ReceiptWay.PHONE, by=by, at=request.at)
    return JsonResponse(
        {
            "visits": found,
            "ways": ways(by, today),
            "words": WORDS,
            "server_time": plain.to_plain(request.at),
            "has_pin": leases.has_pin(inspector_of(request.actor, today)),
        }
    )


@require_POST
@_by_token
def signing_pin(request: HttpRequest) -> HttpResponse:
    pin = str(_json(request).get("pin", ""))
    actions.set_signing_pin(pin, by=request.actor, at=request.at)
    return JsonResponse({"has_pin": True})


@require_POST
@_by_token
def give_back(request: HttpRequest) -> HttpResponse:
    """The officer hands the phone on: its right ends now."""
    actions.revoke_lease(request.lease.ref, by=request.actor, at=request.at)
    return JsonResponse({"revoked": True})


def _own_lease(request: HttpRequest, ref: str) -> str:
    """Work sealed under an older lease of the same person is still that person's work."""
    if leases.lease(ref, request.actor.ref) is None:
        raise NotAllowed("这些内容是另一位检查人员的，请由本人登录后上传。")
    return ref


@_by_token
def pieces(request: HttpRequest, lease: str, name: str) -> HttpResponse:
    return JsonResponse({"held": uploads.held(_own_lease(request, lease), name)})


@require_POST
@_by_token
def piece(request: HttpRequest, lease: str, name: str, index: int, total: int) -> HttpResponse:
    """One piece of a file: opened at once, so that a damaged one is known at once."""
    own = _own_lease(request, lease)
    content = sealing.opened(own, name, request.body, index=index, total=total)
    uploads.keep(own, name, index, content)
    return JsonResponse({"held": index})


@require_POST
@_by_token
def operations(request: HttpRequest) -> HttpResponse:
    """Acts in their order; each is answered for itself, whatever became of the one before."""
    sent = _json(request)
    skew = request.at - instant(sent.get("sent_at"))
    rows = sent.get("operations")
    if not isinstance(rows, list) or len(rows) > MOST_AT_ONCE:
        raise Invalid(WRONG)
    answers = [_one(request, row, skew) for row in rows]
    return JsonResponse({"receipts": answers, "server_time": plain.to_plain(request.at)})


def _one(request: HttpRequest, row: Any, skew: Any) -> dict[str, str]:
    name = str(row.get("id", "")) if isinstance(row, dict) else ""
    try:
        return _receipt(_apply(request, _opened(request, row, skew)))
    except Stale as refusal:
        return {"id": name, "outcome": "later", "says": str(refusal)}
    except Refused as refusal:
        return {"id": name, "outcome": "waiting", "says": str(refusal)}


def _opened(request: HttpRequest, row: Any, skew: Any) -> Operation:
    try:
        lease, name = str(row["lease"]), str(row["id"])
        closed = base64.b64decode(row["sealed"], validate=True)
    except (KeyError, TypeError, ValueError, binascii.Error) as error:
        raise Invalid(WRONG) from error
    return operation_of(lease, name, sealing.opened(_own_lease(request, lease), name, closed), skew)


def _apply(request: HttpRequest, op: Operation) -> Receipt:
    """Done, or kept aside where nothing can be done about the visit any more."""
    by, at = request.actor, request.at
    try:
        found = actions.apply_operation(op, by=by, at=at)
        uploads.clear(op.lease, op.client_id)
        return found
    except WrongPin as refusal:
        actions.note_wrong_pin(refusal.inspector, by=by, at=at)
        raise
    except (NotAllowed, Stale):
        raise
    except Refused as refusal:
        return actions.set_aside(op, str(refusal), by=by, at=at)


def _receipt(found: Receipt) -> dict[str, str]:
    return {
        "id": found.client_id,
        "digest": found.digest,
        "outcome": found.outcome.value,
        "says": found.says,
        "result": found.result,
    }
