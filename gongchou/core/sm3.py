"""SM3 (GB/T 32905-2016): OpenSSL's where it has it, else by the standard's own steps."""

import hashlib
import struct

_IV = (
    0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600,
    0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E,
)  # fmt: skip
_MASK = 0xFFFFFFFF


def _left(x: int, n: int) -> int:
    n %= 32
    return ((x << n) | (x >> (32 - n))) & _MASK if n else x


def _expand(block: bytes) -> list[int]:
    w = list(struct.unpack(">16I", block))
    for j in range(16, 68):
        x = w[j - 16] ^ w[j - 9] ^ _left(w[j - 3], 15)
        w.append(x ^ _left(x, 15) ^ _left(x, 23) ^ _left(w[j - 13], 7) ^ w[j - 6])
    return w


def _compress(v: tuple[int, ...], block: bytes) -> tuple[int, ...]:
    w = _expand(block)
    a, b, c, d, e, f, g, h = v
    for j in range(64):
        t = 0x79CC4519 if j < 16 else 0x7A879D8A
        ss1 = _left((_left(a, 12) + e + _left(t, j)) & _MASK, 7)
        ff = a ^ b ^ c if j < 16 else (a & b) | (a & c) | (b & c)
        gg = e ^ f ^ g if j < 16 else (e & f) | (~e & g)
        tt1 = (ff + d + (ss1 ^ _left(a, 12)) + (w[j] ^ w[j + 4])) & _MASK
        tt2 = (gg + h + ss1 + w[j]) & _MASK
        a, b, c, d = tt1, a, _left(b, 9), c
        e, f, g, h = tt2 ^ _left(tt2, 9) ^ _left(tt2, 17), e, _left(f, 19), g
    return tuple(x ^ y for x, y in zip(v, (a, b, c, d, e, f, g, h), strict=True))


def sm3_by_steps(data: bytes) -> bytes:
    """The 32-byte digest, computed without any library."""
    padded = data + b"\x80" + b"\0" * ((55 - len(data)) % 64) + struct.pack(">Q", 8 * len(data))
    v: tuple[int, ...] = _IV
    for start in range(0, len(padded), 64):
        v = _compress(v, padded[start : start + 64])
    return struct.pack(">8I", *v)


def _has_openssl() -> bool:
    """Whether this Python's OpenSSL computes SM3; some distributions leave it out."""
    try:
        hashlib.new("sm3")
    except ValueError:
        return False
    return True


_OPENSSL = _has_openssl()


class Sm3:
    """The same over pieces as they come; nothing but the last block is held."""

    def __init__(self) -> None:
        self._openssl = hashlib.new("sm3") if _OPENSSL else None
        self._v: tuple[int, ...] = _IV
        self._rest, self._length = b"", 0

    def update(self, piece: bytes) -> None:
        if self._openssl is not None:
            self._openssl.update(piece)
            return
        self._length += len(piece)
        held = self._rest + piece
        whole = len(held) - len(held) % 64
        for start in range(0, whole, 64):
            self._v = _compress(self._v, held[start : start + 64])
        self._rest = held[whole:]

    def digest(self) -> bytes:
        if self._openssl is not None:
            return self._openssl.digest()
        rest = self._rest + b"\x80" + b"\0" * ((55 - self._length) % 64)
        padded, v = rest + struct.pack(">Q", 8 * self._length), self._v
        for start in range(0, len(padded), 64):
            v = _compress(v, padded[start : start + 64])
        return struct.pack(">8I", *v)


def sm3(data: bytes) -> bytes:
    """The 32-byte digest of `data`."""
    return hashlib.new("sm3", data).digest() if _OPENSSL else sm3_by_steps(data)
