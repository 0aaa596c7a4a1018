"""The digest of a recording of the ceremony: the recording itself stays with the bureau."""

import re
from datetime import datetime

from django.db import transaction

from gongchou.audit import actions as audit
from gongchou.core.canon import Canonical
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor, Power, check
from gongchou.core.refusals import Invalid, Refused, Stale
from gongchou.drawing import models
from gongchou.drawing.actions._draws import found
from gongchou.drawing.actions._log import enter

DIGEST = re.compile(r"[0-9a-f]{64}")
LONGEST = 100


@transaction.atomic
def note_film(ref: str, digest: str, says: str, *, by: Actor, at: datetime) -> None:
    """Enter the SHA-256 of a recording, and what it shows, in the draw log; each one once."""
    check(by, Power.ANNOUNCE_DRAW)
    row = found(ref, by)
    if row.announced_at is None:
        raise Refused("抽取公告以后才有抽取现场的录像可以登记。请先发布抽取公告。")
    mark, what = "".join(digest.split()).lower(), " ".join(says.split())
    if not DIGEST.fullmatch(mark):
        raise Invalid("录像的 SHA-256 摘要应为 64 位十六进制（0 至 9、a 至 f），请从文件重新算出。")
    if not what or len(what) > LONGEST:
        raise Invalid(f"请写明录像是哪一段、存在何处，不超过 {LONGEST} 字。")
    entered = models.DrawLogEntry.objects.filter(draw=row, kind="film")
    if any(mark.encode() in bytes(entry.body) for entry in entered):
        raise Stale("这份录像的摘要已经登记，不用再登记。")
    data: dict[str, Canonical] = {"digest": mark, "says": what}
    enter(row, "film", by=by, at=at, data=data)
    audit.append(EventKind.DRAW_FILMED, about=ref, by=by, at=at, data=data)
