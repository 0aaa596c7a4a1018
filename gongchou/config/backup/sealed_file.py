"""The encrypted file: AES-256-GCM in numbered pieces, the key from a passphrase by scrypt.

    GONGCHOU-BACKUP-1\\n
    {"check": …, "created": …, "nonce": …, "product": …, "salt": …, "scrypt": [n, r, p]}\\n
    pieces of 1 MiB of the content, each followed by its tag; only the last may be shorter

A piece's nonce is the file's prefix, the piece's number and whether it is the last: pieces cannot
be cut off, moved or repeated unseen. Every piece also binds the two lines above. `check` tells a
wrong passphrase from a damaged file.
"""

import hashlib
import hmac
import io
import json
import secrets
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

import gongchou
from gongchou.core.chain import written
from gongchou.core.refusals import Refused

MAGIC_WORD, FORMAT = b"GONGCHOU-BACKUP-", b"1"
PIECE, TAG, PREFIX, KEY = 2**20, 16, 7, 32
COST = (2**16, 8, 1)
LONGEST_HEADER = 4096


class Damaged(Refused):
    """The file is not what was written."""


def _keys(passphrase: str, salt: bytes, cost: tuple[int, int, int]) -> tuple[bytes, bytes]:
    """The key of the content and the key of the check."""
    n, r, p = cost
    both = Scrypt(salt=salt, length=2 * KEY, n=n, r=r, p=p).derive(passphrase.encode())
    return both[:KEY], both[KEY:]


def _check(key: bytes, header: dict[str, Any]) -> str:
    bare = {name: value for name, value in header.items() if name != "check"}
    return hmac.new(key, json.dumps(bare, sort_keys=True).encode(), hashlib.sha256).hexdigest()


class _Pieces:
    """What both directions share: cipher, binding and the nonce of each piece."""

    def __init__(self, key: bytes, prefix: bytes, bound: bytes) -> None:
        self.cipher, self.prefix = AESGCM(key), prefix
        self.bound, self.number = hashlib.sha256(bound).digest(), 0

    def nonce(self, *, is_last: bool) -> bytes:
        found = self.prefix + self.number.to_bytes(4, "big") + bytes([is_last])
        self.number += 1
        return found


class SealedWriter(io.RawIOBase):
    """Takes the content in any pieces; `finish` writes the last one."""

    def __init__(self, out: IO[bytes], passphrase: str, at: datetime) -> None:
        salt, prefix = secrets.token_bytes(16), secrets.token_bytes(PREFIX)
        key, check_key = _keys(passphrase, salt, COST)
        header: dict[str, Any] = {
            "created": written(at),
            "product": gongchou.__version__,
            "salt": salt.hex(),
            "nonce": prefix.hex(),
            "scrypt": list(COST),
        }
        header["check"] = _check(check_key, header)
        top = MAGIC_WORD + FORMAT + b"\n" + json.dumps(header, sort_keys=True).encode() + b"\n"
        self._out, self._waiting = out, bytearray()
        self._pieces = _Pieces(key, prefix, top)
        out.write(top)

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._waiting += data
        while len(self._waiting) > PIECE:
            self._put(bytes(self._waiting[:PIECE]), is_last=False)
            del self._waiting[:PIECE]
        return len(data)

    def finish(self) -> None:
        self._put(bytes(self._waiting), is_last=True)
        self._waiting.clear()

    def _put(self, piece: bytes, *, is_last: bool) -> None:
        nonce = self._pieces.nonce(is_last=is_last)
        self._out.write(self._pieces.cipher.encrypt(nonce, piece, self._pieces.bound))


class SealedReader(io.RawIOBase):
    """Gives the content back piece by piece; Damaged at the first that is not as written."""

    def __init__(self, source: IO[bytes], passphrase: str) -> None:
        top, header = _header(source)
        cost = tuple(header["scrypt"])
        if cost != COST:
            raise Damaged("备份文件开头被改动过，不能使用。请换另一份备份。")
        key, check_key = _keys(passphrase, bytes.fromhex(header["salt"]), COST)
        if not hmac.compare_digest(_check(check_key, header), header["check"]):
            raise Refused("备份口令不对，或文件开头被改动过。请核对口令；仍不行请换另一份备份。")
        self.header, self._source = header, source
        self._pieces = _Pieces(key, bytes.fromhex(header["nonce"]), top)
        self._next, self._ready = source.read(PIECE + TAG), b""
        self._is_done = False

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        parts, wanted = [], size
        while wanted and (self._ready or not self._is_done):
            if not self._ready:
                self._take()
                continue
            part = self._ready if wanted < 0 else self._ready[:wanted]
            self._ready = self._ready[len(part) :]
            wanted -= len(part) if wanted > 0 else 0
            parts.append(part)
        return b"".join(parts)

    def _take(self) -> None:
        piece, self._next = self._next, self._source.read(PIECE + TAG)
        self._is_done = not self._next
        nonce, number = self._pieces.nonce(is_last=self._is_done), self._pieces.number
        try:
            self._ready = self._pieces.cipher.decrypt(nonce, piece, self._pieces.bound)
        except InvalidTag:
            raise Damaged(
                f"备份文件在第 {number} 段（每段 1 MB）与写入时不符：被截断、改动或磁盘有坏块。"
                "请换另一份备份。"
            ) from None


def _header(source: IO[bytes]) -> tuple[bytes, dict[str, Any]]:
    """The two lines on top, as bytes and as read."""
    magic = source.readline(len(MAGIC_WORD) + 8)
    if not magic.startswith(MAGIC_WORD):
        raise Refused("这不是公抽的备份文件，请核对文件名。")
    if magic != MAGIC_WORD + FORMAT + b"\n":
        raise Refused("这份备份的格式与本程序不同。请用写出它的那个版本来恢复，然后再升级。")
    line = source.readline(LONGEST_HEADER)
    try:
        header = json.loads(line)
        [header[name] for name in ("check", "salt", "nonce", "scrypt", "created", "product")]
        bytes.fromhex(header["salt"] + header["nonce"])
    except (ValueError, KeyError, TypeError):
        raise Damaged("备份文件开头不完整，不能使用。请换另一份备份。") from None
    return magic + line, header


def open_sealed(path: Path, passphrase: str) -> tuple[IO[bytes], SealedReader]:
    """The file and its reader; the caller closes the file."""
    try:
        source = path.open("rb")
    except OSError as error:
        raise Refused(f"备份文件 {path} 读不出来，请核对路径和权限。") from error
    try:
        return source, SealedReader(source, passphrase)
    except Refused:
        source.close()
        raise
