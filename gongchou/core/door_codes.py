"""Codes that stand in for an account at the public door: spelled for paper, kept as digests."""

import hashlib
import hmac

# 32 signs; the pairs that people confuse (0 and O, 1 and I) are left out.
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
CODE_BYTES = 10
GROUP = 4


def spelled(data: bytes) -> str:
    """Bytes as signs of the alphabet, five bits a sign, in groups of four: ABCD-EFGH.

    The number of bits is a multiple of five, as with 5 or 10 bytes.
    """
    number, count = int.from_bytes(data, "big"), len(data) * 8 // 5
    signs = "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(count)))
    return "-".join(signs[i : i + GROUP] for i in range(0, count, GROUP))


def normalised(text: str) -> str:
    """A code as typed, without blanks and hyphens, in capitals."""
    return "".join(sign for sign in text.upper()[:80] if sign.isascii() and sign.isalnum())


def door_code(key: bytes, visit: str) -> str:
    """The code printed on the papers of a visit: 80 bits that only the key's holder can make."""
    return spelled(hmac.new(key, visit.encode(), hashlib.sha256).digest()[:CODE_BYTES])


def code_digest(text: str) -> str:
    """What is stored in place of a code; typed with or without hyphens it is the same."""
    return hashlib.sha256(b"gongchou door code\n" + normalised(text).encode()).hexdigest()


def rating_token(text: str) -> str:
    """Marks a code as used for a rating; it is not the digest under which the visit is found."""
    return hashlib.sha256(b"gongchou rating\n" + normalised(text).encode()).hexdigest()
