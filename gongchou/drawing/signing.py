"""Heads of the draw log under a signature (Ed25519); needs neither database nor settings."""

from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from gongchou.core.canon import HASHES, tagged

TAG = "DR1/log-head"


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What is signed: the log of a bureau had so many entries and this root at that time."""

    bureau: str
    size: int
    root: str
    at: str

    def signed_bytes(self) -> bytes:
        parts = (self.bureau, str(self.size), self.root, self.at)
        return tagged(HASHES["sha256"], TAG, *(part.encode() for part in parts))


def fresh_signer() -> tuple[bytes, bytes]:
    """Private and public part of a new key."""
    made = Ed25519PrivateKey.generate()
    return made.private_bytes_raw(), made.public_key().public_bytes_raw()


def sign(private: bytes, head: Head) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(private).sign(head.signed_bytes())


def is_signed(public: bytes, head: Head, signature: bytes) -> bool:
    """Whether the signature is that of the key's holder over exactly this head."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, head.signed_bytes())
    except (InvalidSignature, ValueError):
        return False
    return True


def public_of(private: bytes) -> bytes:
    """The public part of a private key."""
    return Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()
