"""Files that must not be lost: whole under their name and on the disk before anybody is told so.

The name holds the digest of the content, so a file that is there is never written again. It gets
its name only once it is complete, and a receipt may follow because file and folder are flushed.
"""

import os
import secrets
from pathlib import Path

from django.core.files.storage import default_storage


def keep(name: str, content: bytes) -> str:
    """Store the content under a name of its own; returns the name.

    A crash at any point leaves the whole file or none under that name.
    """
    target = Path(default_storage.path(name))
    if target.exists():
        return name
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f".{target.name}.{secrets.token_hex(8)}")
    try:
        with fresh.open("xb") as file:
            file.write(content)
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
