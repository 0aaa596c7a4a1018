"""The code that officers show at a gate: who came, where to and until when, under a signature.

`GC2.` and two parts in base64url, parted by a full stop: the content as JSON text, and an Ed25519
signature over its bytes (64). Whoever holds the public key can check it without asking anybody;
nothing about it is stored.
"""

import base64
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from gongchou.core.refusals import Invalid

MARK = "GC2."
LONGEST = 2000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
WRONG = "这不是检查人员出示的身份码，或者扫描不完整。请对准手机上的二维码重新扫描。"


@dataclass(frozen=True, slots=True, kw_only=True)
class GateCode:
    """What the code says; `officers` are names with the numbers of their cards."""

    bureau: str
    visit: str
    subject_name: str
    officers: tuple[tuple[str, str], ...]
    until: datetime

    def content(self) -> bytes:
        """The bytes that are signed."""
        held = {
            "b": self.bureau,
            "o": [list(pair) for pair in self.officers],
            "s": self.subject_name,
            "u": int(self.until.timestamp()),
            "v": self.visit,
        }
        return json.dumps(held, ensure_ascii=False, separators=(",", ":")).encode()

    def problem(self, at: datetime) -> str:
        """Why a signed code does not hold at an instant; empty where it does."""
        if at < self.until:
            return ""
        return "这个身份码已经过期，不能证明来人正在执行检查。请检查人员刷新手机后重新出示。"


def spelled(content: bytes, signature: bytes) -> str:
    return f"{MARK}{_letters(content)}.{_letters(signature)}"


def parts(text: str) -> tuple[bytes, bytes]:
    """Content and signature of a code as scanned; Invalid where it has another form."""
    found = text.strip()
    if (
        not found.startswith(MARK)
        or len(found) > LONGEST
        or found.count(".") != MARK.count(".") + 1
    ):
        raise Invalid(WRONG)
    content, signature = found.removeprefix(MARK).split(".")
    return _bytes(content), _bytes(signature)


def code_of(content: bytes) -> GateCode:
    """What a content says, once its signature has been checked."""
    try:
        held = json.loads(content)
        return GateCode(
            bureau=str(held["b"]),
            visit=str(held["v"]),
            subject_name=str(held["s"]),
            officers=tuple((str(name), str(card)) for name, card in held["o"]),
            until=EPOCH + timedelta(seconds=int(held["u"])),
        )
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise Invalid(WRONG) from error


def _letters(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError as error:
        raise Invalid(WRONG) from error
