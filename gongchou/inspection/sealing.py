"""What a phone closes for the server alone: an ephemeral P-256 key agreement, HKDF and AES-GCM.

A sealed piece is the phone's ephemeral public key (65 bytes, uncompressed) and the ciphertext.
The server's key of a lease is derived from the installation's secret and the lease's number, so
it is never stored, and work sealed yesterday opens today.
"""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

from gongchou.core.refusals import Invalid

CURVE = ec.SECP256R1()
# The order of the curve's group: a scalar lies from 1 to one below it.
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
POINT = 65
INFO = b"gongchou-field-1"
DAMAGED = "上传的内容打不开，可能在途中损坏，或者服务器的密钥已经更换。手机会保留原件，请稍后再传。"


def _derived(secret: bytes, info: bytes, salt: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(secret)


def _private(lease: str) -> ec.EllipticCurvePrivateKey:
    """48 bytes are reduced to the group's order, so that no scalar is noticeably likelier."""
    text = _derived(settings.SECRET_KEY.encode(), INFO + b"|" + lease.encode(), b"", 48)
    return ec.derive_private_key(int.from_bytes(text, "big") % (ORDER - 1) + 1, CURVE)


def public_key(lease: str) -> bytes:
    """The lease's public key, uncompressed, as the browser's cryptography reads it."""
    return _private(lease).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def opened(lease: str, name: str, sealed: bytes, *, index: int = 0, total: int = 1) -> bytes:
    """The plain bytes of one piece; Invalid where a bit of it, its name or its place is another."""
    try:
        point = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, sealed[:POINT])
        shared = _private(lease).exchange(ec.ECDH(), point)
        key = _derived(shared, INFO + b"|" + name.encode(), sealed[:POINT], 32)
        place = f"{name}|{index}|{total}".encode()
        return AESGCM(key).decrypt(index.to_bytes(12, "big"), sealed[POINT:], place)
    except (InvalidTag, ValueError) as error:
        raise Invalid(DAMAGED) from error


def sealed(public: bytes, name: str, plain: bytes, *, index: int = 0, total: int = 1) -> bytes:
    """What a phone makes of a piece; used where a program stands in for a phone."""
    own = ec.generate_private_key(CURVE)
    point = own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    shared = own.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, public))
    key = _derived(shared, INFO + b"|" + name.encode(), point, 32)
    place = f"{name}|{index}|{total}".encode()
    return point + AESGCM(key).encrypt(index.to_bytes(12, "big"), plain, place)
