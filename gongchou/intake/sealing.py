"""Who reported, under a key of its own: a copy of the database tells nobody."""

import secrets
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from gongchou.core.canon import canon, parse
from gongchou.core.refusals import Refused

NONCE, SIZE = 12, 1024


def sealed(sender: Mapping[str, str], ref: str) -> bytes:
    """The same length whoever wrote: the box does not even tell whether a name is in it."""
    plain, nonce = canon(dict(sender)), secrets.token_bytes(NONCE)
    return nonce + _cipher().encrypt(nonce, plain.ljust(SIZE), ref.encode())


def opened(box: bytes, ref: str) -> dict[str, str]:
    try:
        plain = _cipher().decrypt(box[:NONCE], box[NONCE:], ref.encode())
    except InvalidTag as error:
        raise Refused(
            "反映人身份打不开：系统密钥已经更换，或者这一行被改动过。请先核对留痕和系统密钥。"
        ) from error
    return dict(parse(plain.rstrip(b" ")))


def _cipher() -> AESGCM:
    secret = settings.SECRET_KEY.encode()
    return AESGCM(HKDF(hashes.SHA256(), 32, None, b"gongchou reporter").derive(secret))
