"""Files that must not be lost: whole under their name and on the disk before anybody is told so.

The name holds the digest of the content, so a file that is there is never written again. It gets
its name only once it is complete, and a receipt may follow because file and folder are flushed.
"""

import os
import secrets
import shutil
from pathlib import Path
from typing import BinaryIO

from django.core.files.storage import default_storage

PIECE = 2**20


def keep(name: str, content: bytes | BinaryIO) -> str:
    """Store the content under a name of its own; returns the name. A file is copied in pieces.

    A crash at any point leaves the whole file or none under that name.
    """
    target = Path(default_storage.path(name))
    if target.exists():
        return name
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f".{target.name}.{secrets.token_hex(8)}")
    try:
        with fresh.open("xb") as file:
            if isinstance(content, bytes):
                file.write(content)
            else:
                content.seek(0)
                shutil.copyfileobj(content, file, PIECE)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return name
