"""What a receiver gets, in the words of OpenAPI 3.1."""

from typing import Any

from gongchou.core.webhooks import TOLD, TRIAL

_TEXT = {"type": "string"}
MESSAGE: dict[str, Any] = {
    "type": "object",
    "required": ["id", "kind", "label", "bureau", "number", "about", "at"],
    "additionalProperties": False,
    "properties": {
        "id": {**_TEXT, "description": "这条通知的编号；同一编号可能来两次，第二次请丢弃"},
        "kind": {**_TEXT, "enum": [*(kind.value for kind in TOLD), TRIAL]},
        "label": {**_TEXT, "description": "事件的中文名称"},
        "bureau": {**_TEXT, "description": "机构代码"},
        "number": {"type": "integer", "minimum": 0, "description": "留痕中的序号；试发为 0"},
        "about": {**_TEXT, "description": "关于哪一件：编号，不是名称"},
        "at": {**_TEXT, "format": "date-time", "description": "事件时间，北京时间"},
    },
}


def _header(name: str, says: str) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": True, "description": says, "schema": _TEXT}


DESCRIPTION: dict[str, Any] = {
    "event": {
        "post": {
            "summary": "有事件时发给已登记的系统",
            "description": (
                "按留痕的次序一件一件发，答复 2xx 才发下一件；其他答复、十秒没有答完都算没有送到，"
                "隔 1 分钟到 24 小时再发，共 9 次，仍没有送到或者答复 410 的停用并提醒系统管理员。"
            ),
            "security": [],
            "parameters": [
                _header("webhook-id", "与内容中的 id 相同"),
                _header("webhook-timestamp", "发送时间，1970 年以来的秒数"),
                _header(
                    "webhook-signature",
                    "v1, 后面是 HMAC-SHA256 的 base64：密钥是 whsec_ 后面 base64 解出的字节，"
                    "签的是 webhook-id、webhook-timestamp 和内容，中间各一个点",
                ),
            ],
            "requestBody": {
                "required": True,
                "content": {"application/json": {"schema": MESSAGE}},
            },
            "responses": {
                "2XX": {"description": "收到了，不再发这一件"},
                "410": {"description": "不再接收，系统随即停用"},
            },
        }
    }
}
