"""Hiding and opening: the only place of this room where chance is made and keys are used.

Everything at rest is AES-256-GCM bound to what it belongs to (`about`). Something sealed to a
public key (X25519, ephemeral pair, HKDF) can be opened by the private part alone. A custodian's
private part lies under a passphrase (scrypt).
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac, serialization
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from django.conf import settings

from gongchou.core.canon import HASHES, tagged
from gongchou.core.refusals import Refused
from gongchou.core.sharing import PRIME, Share, split

KEY, NONCE, SALT = 32, 12, 16


class WrongKey(Refused):
    """What lies hidden does not open with this key, or was altered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """An X25519 key pair in raw bytes."""

    private: bytes
    public: bytes


# -- chance


def fresh_key() -> bytes:
    return secrets.token_bytes(KEY)


def fresh_salt() -> bytes:
    return secrets.token_bytes(SALT)


def fresh_pair() -> Pair:
    made = X25519PrivateKey.generate()
    return Pair(private=made.private_bytes_raw(), public=made.public_key().public_bytes_raw())


def fresh_shares(secret: bytes, *, threshold: int, count: int) -> tuple[Share, ...]:
    chance = [secrets.randbelow(PRIME) for _ in range(threshold - 1)]
    return split(secret, count=count, coefficients=chance)


# -- under a key


def hide(key: bytes, plain: bytes, *, about: str) -> bytes:
    """Nonce and ciphertext; opens with the same key and the same `about` only."""
    nonce = secrets.token_bytes(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, about.encode())


def show(key: bytes, hidden: bytes, *, about: str) -> bytes:
    """What lies hidden under the key; WrongKey where it does not open."""
    try:
        return AESGCM(key).decrypt(hidden[:NONCE], hidden[NONCE:], about.encode())
    except (InvalidTag, ValueError) as error:
        raise WrongKey("密文不能开启：密钥不对，或者内容被改动过。") from error


def hide_alike(key: bytes, plain: bytes, *, about: str, size: int) -> bytes:
    """As `hide`, filled up with blanks to `size`, so that the length tells nothing."""
    return hide(key, plain.ljust(size), about=about)


# -- to a public key


def _agreed(shared: bytes, ephemeral: bytes, public: bytes) -> bytes:
    info = b"GC1/seal" + ephemeral + public
    return HKDF(algorithm=hashes.SHA256(), length=KEY, salt=None, info=info).derive(shared)


def seal(public: bytes, plain: bytes, *, about: str) -> bytes:
    """Ephemeral public part and ciphertext; only the holder of the private part can open it."""
    once = X25519PrivateKey.generate()
    ephemeral = once.public_key().public_bytes_raw()
    shared = once.exchange(X25519PublicKey.from_public_bytes(public))
    return ephemeral + hide(_agreed(shared, ephemeral, public), plain, about=about)


def unseal(private: bytes, sealed: bytes, *, about: str) -> bytes:
    """What was sealed to the public part of `private`; WrongKey where it does not open."""
    mine = X25519PrivateKey.from_private_bytes(private)
    ephemeral = sealed[:KEY]
    shared = mine.exchange(X25519PublicKey.from_public_bytes(ephemeral))
    public = mine.public_key().public_bytes_raw()
    return show(_agreed(shared, ephemeral, public), sealed[KEY:], about=about)


def public_of(private: bytes) -> bytes:
    raw = serialization.Encoding.Raw, serialization.PublicFormat.Raw
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes(*raw)


# -- under words


def stretched(words: str, salt: bytes, cost: int) -> bytes:
    """A key from what a person remembers; `cost` doubles the work with every step."""
    return Scrypt(salt=salt, length=KEY, n=2**cost, r=8, p=1).derive(words.encode())


def lock(words: str, plain: bytes, *, about: str) -> bytes:
    """Hidden under a passphrase: one byte of cost, the salt, the ciphertext."""
    salt, cost = fresh_salt(), settings.PASSPHRASE_COST
    return bytes([cost]) + salt + hide(stretched(words, salt, cost), plain, about=about)


def unlock(words: str, locked: bytes, *, about: str) -> bytes:
    """What lies under a passphrase; WrongKey where the words are not the ones."""
    cost, salt = locked[0], locked[1 : 1 + SALT]
    return show(stretched(words, salt, cost), locked[1 + SALT :], about=about)


# -- derived keys


def visit_key(list_key: bytes, number: int) -> bytes:
    """W_j: opens visit `number` of the sealed list and nothing else."""
    mac = hmac.HMAC(list_key, hashes.SHA256())
    mac.update(b"visit" + str(number).encode())
    return mac.finalize()


def server_key() -> bytes:
    """Under which the server keeps its own share, and the others' between reveal and draw."""
    return tagged(HASHES["sha256"], "GC1/server", settings.SECRET_KEY.encode())


def same_length(plains: Sequence[bytes]) -> int:
    """A size that holds each of them, rounded up so that it says little about the longest."""
    return -(-max(map(len, plains), default=0) // 256) * 256
