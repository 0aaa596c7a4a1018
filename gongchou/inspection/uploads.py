"""Pieces of a file on their way in: each is opened, kept by its place, and asked for again."""

import re
from tempfile import TemporaryFile
from typing import IO, cast

from django.core.files.storage import FileSystemStorage, default_storage

from gongchou.core.refusals import Invalid
from gongchou.web.keeping import keep as store_whole

PIECE_BYTES = 2**20
MOST_PIECES = 256
NAME = re.compile(r"[A-Za-z0-9_-]{8,64}")


def _folder(lease: str, name: str) -> str:
    if not NAME.fullmatch(name):
        raise Invalid("文件的编号不合规范，请在手机上重新添加。")
    return f"uploads/{lease}/{name}"


def held(lease: str, name: str) -> list[int]:
    """Places of the pieces that have arrived."""
    try:
        _, files = default_storage.listdir(_folder(lease, name))
    except FileNotFoundError:
        return []
    return sorted(int(file) for file in files if file.isdigit())


def keep(lease: str, name: str, index: int, content: bytes) -> None:
    """Keep one piece, whole on the disk or not at all; the same piece again changes nothing."""
    if not 0 <= index < MOST_PIECES or len(content) > PIECE_BYTES:
        raise Invalid("文件太大，没有上传。请分段拍摄后重新添加。")
    store_whole(f"{_folder(lease, name)}/{index}", content)


def assembled(lease: str, name: str, pieces: int) -> IO[bytes] | None:
    """The whole file, put together on the disk, or None where a piece is missing."""
    if held(lease, name)[:pieces] != list(range(pieces)):
        return None
    folder = _folder(lease, name)
    whole = TemporaryFile()  # noqa: SIM115 - handed to the caller, gone when closed
    for index in range(pieces):
        with default_storage.open(f"{folder}/{index}") as piece:
            whole.write(piece.read())
    whole.seek(0)
    return whole


def clear(lease: str, name: str) -> None:
    """Once the whole file is evidence its pieces go."""
    folder = _folder(lease, name)
    for index in held(lease, name):
        default_storage.delete(f"{folder}/{index}")
    if held(lease, name) == [] and default_storage.exists(folder):
        cast(FileSystemStorage, default_storage).delete(folder)
