"""How a program comes in: a token in the header, answers and refusals as JSON in Chinese."""

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import HttpBearer
from pydantic import Field

from gongchou.accounts import actions
from gongchou.accounts.tokens import actor_of_secret
from gongchou.core.powers import Actor
from gongchou.core.refusals import Invalid, NotAllowed, Refused, Stale
from gongchou.web.clock import day_of

KINDS = "refused、not_allowed、invalid、stale、unreadable、too_large、too_often 或 unauthenticated"


class Token(HttpBearer):
    """`Authorization: Bearer …`; the view finds the actor as `request.auth`."""

    openapi_description = "在“人员”的“接口令牌”页或用 gongchou token create 新建的令牌。"

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        return actor_of_secret(token, day_of(request.at))


class Refusal(Schema):
    """Why an answer was refused: one sentence that says how to mend it."""

    kind: str = Field(description=KINDS)
    says: str = Field(description="一句中文：什么不对，怎样改")


def refuse(request: HttpRequest, api: NinjaAPI, refusal: Refused) -> HttpResponse:
    match refusal:
        case NotAllowed():
            kind, status = "not_allowed", 403
        case Invalid():
            kind, status = "invalid", 422
        case Stale():
            kind, status = "stale", 409
        case _:
            kind, status = "refused", 404
    return api.create_response(request, {"kind": kind, "says": str(refusal)}, status=status)


def refuse_stranger(request: HttpRequest, api: NinjaAPI) -> HttpResponse:
    says = (
        "没有令牌，或者令牌不对、已作废、已到期。请在请求头中写 Authorization: Bearer 令牌；"
        "令牌在“人员”的“接口令牌”页新建。"
    )
    return api.create_response(request, {"kind": "unauthenticated", "says": says}, status=401)


def refuse_values(request: HttpRequest, api: NinjaAPI, error: ValidationError) -> HttpResponse:
    """Which parameters have values that cannot be; nothing of the framework's own words."""
    named = "、".join(dict.fromkeys(str(part["loc"][-1]) for part in error.errors))
    says = f"参数 {named} 的值不对，写法见 /api/v1/openapi.json 中的说明。"
    return api.create_response(request, {"kind": "invalid", "says": says}, status=422)


def refuse_body(request: HttpRequest, api: NinjaAPI) -> HttpResponse:
    """A body that was cut off on its way, or is no JSON; nothing of it was read."""
    says = "请求的内容不是完整的 JSON，可能没有送完，没有写入。请核对编码（UTF-8）后原样再送。"
    return api.create_response(request, {"kind": "unreadable", "says": says}, status=400)


def guard(api: NinjaAPI) -> None:
    """All refusals of the interface in one form."""

    @api.exception_handler(Refused)
    def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
        if isinstance(refusal, NotAllowed):
            actions.record_refusal(request.path, str(refusal), by=request.auth, at=request.at)
        return refuse(request, api, refusal)

    @api.exception_handler(AuthenticationError)
    def unknown(request: HttpRequest, _: AuthenticationError) -> HttpResponse:
        return refuse_stranger(request, api)

    @api.exception_handler(ValidationError)
    def misread(request: HttpRequest, error: ValidationError) -> HttpResponse:
        return refuse_values(request, api, error)

    @api.exception_handler(HttpError)
    def unreadable(request: HttpRequest, _: HttpError) -> HttpResponse:
        return refuse_body(request, api)
