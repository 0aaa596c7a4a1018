"""The keys of enciphered devices, closed with a key of the installation while at rest."""

import base64
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

NONCE_BYTES = 12


def sealed(key: bytes, mn: str) -> str:
    """A device's key as it is stored; opens only for the same station."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return base64.b64encode(nonce + _cipher().encrypt(nonce, key, mn.encode())).decode()


def opened(box: str, mn: str) -> bytes | None:
    """The key, or None where the installation's secret has changed since."""
    content = base64.b64decode(box)
    try:
        return _cipher().decrypt(content[:NONCE_BYTES], content[NONCE_BYTES:], mn.encode())
    except InvalidTag:
        return None


def _cipher() -> AESGCM:
    secret = settings.SECRET_KEY.encode()
    return AESGCM(HKDF(hashes.SHA256(), 32, None, b"gongchou monitor keys").derive(secret))
