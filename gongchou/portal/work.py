"""What the job runner calls: the folder that another web server shows follows the portal.

The folder holds one export under a name of its own, and `current`, which leads to it. A new
export is written whole beside it and `current` is turned over in one step, so no visitor meets
half of one; the old export goes at once, because what was withdrawn may not stay anywhere.
"""

import json
import os
import shutil
from datetime import datetime
from pathlib import Path

from django.conf import settings

from gongchou.core.refusals import Refused
from gongchou.portal.export import MANIFEST, export, stamp_of
from gongchou.web import clock

CURRENT, OURS = "current", "portal-"


def export_portal() -> None:
    """Every minute: where a folder is set and anything public has changed, or the day has."""
    if settings.EXPORT_FOLDER is not None:
        renew(settings.EXPORT_FOLDER, at=clock.now())


def renew(folder: Path, *, at: datetime) -> bool:
    """Make the folder follow the portal; True where something was written."""
    current = folder / CURRENT
    if current.exists() and not current.is_symlink():
        raise Refused(f"{current} 不是以前的导出，没有改动它。请换一个文件夹。")
    if _stamp_in(current) == stamp_of(at):
        return False
    fresh = folder / f"{OURS}{at:%Y%m%dT%H%M%S%f}"
    shutil.rmtree(fresh, ignore_errors=True)
    export(fresh, at=at)
    turning = folder / f".{CURRENT}"
    turning.unlink(missing_ok=True)
    turning.symlink_to(fresh.name, target_is_directory=True)
    os.replace(turning, current)
    for old in folder.glob(f"{OURS}*"):
        if old != fresh:
            shutil.rmtree(old)
    return True


def _stamp_in(current: Path) -> str:
    try:
        return str(json.loads((current / MANIFEST).read_text("utf-8"))["stamp"])
    except (FileNotFoundError, KeyError, ValueError):
        return ""
