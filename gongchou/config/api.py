"""The interface for programs: which rooms answer under `/api/v1/`, and its own description."""

from django.http import HttpRequest
from ninja import NinjaAPI, Router

from gongchou.accounts.api import Token, guard
from gongchou.core.refusals import Refused
from gongchou.offsite.api import router as offsite
from gongchou.registry.api import router as registry
from gongchou.webhooks.description import DESCRIPTION

# The framework's pages of documentation carry scripts of their own, which our policy for content
# refuses; the description itself is a document any client reads.
api = NinjaAPI(
    title="公抽数据接口",
    version="1",
    description=(
        "读取两库一单，推送外部数据。请求头写 Authorization: Bearer 令牌。"
        "日期按北京时间；取值为术语表中的标识；拒绝时答复 kind 和一句中文 says。"
        "每次读取、每批推送都留痕。"
    ),
    docs_url=None,
    openapi_url="/openapi.json",
    auth=Token(),
    openapi_extra={"webhooks": DESCRIPTION},
)
guard(api)
# Asked last: whatever no room answers.
elsewhere = Router()


@elsewhere.api_operation(["GET", "POST"], "/{path:rest}", include_in_schema=False)
def unknown(request: HttpRequest, rest: str) -> None:
    raise Refused(f"接口中没有 /api/v1/{rest[:80]}，有哪些见 /api/v1/openapi.json。")


api.add_router("/", registry)
api.add_router("/", offsite)
api.add_router("/", elsewhere)
