"""The installation's own key for the codes shown at a gate, made from its secret."""

import base64

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from gongchou.core import gate_codes
from gongchou.core.gate_codes import GateCode
from gongchou.core.refusals import Invalid

FORGED = (
    "这个身份码不是本机关签发的，或者内容被改动过。请不要凭它放行，并拨打检查机关公布的电话核实。"
)


def _key() -> Ed25519PrivateKey:
    secret = settings.SECRET_KEY.encode()
    made = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"gongchou gate code 1")
    return Ed25519PrivateKey.from_private_bytes(made.derive(secret))


def signed(code: GateCode) -> str:
    content = code.content()
    return gate_codes.spelled(content, _key().sign(content))


def public_key() -> str:
    """What everybody may hold to check a code without a network: 43 letters of base64url."""
    return base64.urlsafe_b64encode(_key().public_key().public_bytes_raw()).decode().rstrip("=")


def checked(text: str) -> GateCode:
    """The code that this installation signed; Invalid with a sentence for everything else."""
    content, signature = gate_codes.parts(text)
    try:
        _key().public_key().verify(signature, content)
    except InvalidSignature as error:
        raise Invalid(FORGED) from error
    return gate_codes.code_of(content)
