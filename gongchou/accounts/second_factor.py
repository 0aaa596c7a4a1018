"""The second factor at the login: one-time codes of a phone (RFC 6238) and recovery codes.

The only place of this room where chance is made and keys are used. A key at rest is AES-256-GCM
under a key derived from the installation's secret and bound to its person, so that a copy of the
database alone gives nobody a code.
"""

import base64
import hashlib
import secrets
from datetime import datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.twofactor import InvalidToken
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.conf import settings

from gongchou.core.refusals import Refused

KEY, NONCE = 20, 12
DIGITS, SECONDS = 6, 30
# Phones are seldom more than half a minute off.
STEPS_AROUND = (0, -1, 1)
RECOVERY_CODES = 8
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
CODE_LENGTH = 10
ISSUER = "公抽"


def fresh_key() -> bytes:
    return secrets.token_bytes(KEY)


def fresh_codes() -> list[str]:
    """Recovery codes, without letters that look alike."""
    return [
        "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH)) for _ in range(RECOVERY_CODES)
    ]


def digest_of(code: str, ref: str) -> str:
    """What is kept of a recovery code: 49 bits of chance need no slow hash."""
    return hashlib.sha256(f"{ref}:{code}".encode()).hexdigest()


def sealed(key: bytes, ref: str) -> bytes:
    nonce = secrets.token_bytes(NONCE)
    return nonce + _cipher().encrypt(nonce, key, ref.encode())


def opened(box: bytes, ref: str) -> bytes:
    """Refused where the installation's secret is not the one it was sealed with."""
    try:
        return _cipher().decrypt(box[:NONCE], box[NONCE:], ref.encode())
    except InvalidTag as error:
        raise Refused(
            "动态口令密钥打不开：系统密钥已经更换。请联系安全管理员解除后重新绑定。"
        ) from error


def _cipher() -> AESGCM:
    secret = settings.SECRET_KEY.encode()
    return AESGCM(HKDF(hashes.SHA256(), 32, None, b"gongchou second factor").derive(secret))


def _totp(key: bytes) -> TOTP:
    return TOTP(key, DIGITS, hashes.SHA1(), SECONDS)


def address(key: bytes, login: str) -> str:
    """The otpauth address that a phone's authenticator reads from the picture."""
    return _totp(key).get_provisioning_uri(login, ISSUER)


def spelled(key: bytes) -> str:
    """The key in letters, for who types it."""
    text = base64.b32encode(key).decode()
    return " ".join(text[i : i + 4] for i in range(0, len(text), 4))


def step_of(key: bytes, code: str, at: datetime) -> int | None:
    """Which time step the code belongs to, near the instant; None where to none."""
    if len(code) != DIGITS or not code.isascii() or not code.isdigit():
        return None
    now = int(at.timestamp()) // SECONDS
    for step in (now + around for around in STEPS_AROUND):
        try:
            _totp(key).verify(code.encode(), step * SECONDS)
        except InvalidToken:
            continue
        return step
    return None


def code_at(key: bytes, at: datetime) -> str:
    """The code a phone shows at the instant."""
    return _totp(key).generate(int(at.timestamp())).decode()
