"""What shows when a draw was announced and sealed: signed heads of the log, and who saw them.

An entry's own time is the bureau's word. A head over it, seen by the superior, shows that the entry
stood by then; nothing here shows that it did not stand before.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from gongchou.drawing import log_reads, models
from gongchou.web.templatetags.gongchou import instant

STEPS = {"announce": "公告", "seal": "密封"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An entry of the log, the first signature over it, and the first look of the superior."""

    step: str
    number: int
    at: datetime
    signed: log_reads.HeadRow | None
    seen: log_reads.HeadRow | None

    @property
    def says(self) -> str:
        start = f"本机构记为 {instant(self.at)}，抽取日志第 {self.number} 条"
        if self.signed is None:
            return f"{start}；日志还没有签署到这一条，时间只有本机构自己的记载"
        signed = f"{start}；日志树根 {instant(self.signed.at)} 签署（前 {self.signed.size} 条）"
        if self.seen is None or self.seen.cosigned_at is None:
            return f"{signed}；上级机关还没有见证，时间只有本机构自己的签署"
        return f"{signed}；{self.seen.cosigned_for} {instant(self.seen.cosigned_at)} 见证"


def shown(draw: str) -> tuple[Shown, ...]:
    """Announcement and sealing of a draw, in the order of the log."""
    rows = models.DrawLogEntry.objects.filter(draw__ref=draw, kind__in=STEPS).order_by("number")
    entries = list(rows.select_related("bureau"))
    heads = log_reads.heads(entries[0].bureau.code) if entries else ()
    return tuple(
        Shown(
            step=STEPS[row.kind],
            number=row.number,
            at=row.at,
            signed=_first(heads, row.number),
            seen=_first((head for head in heads if head.cosigned_at), row.number),
        )
        for row in entries
    )


def _first(heads: Iterable[log_reads.HeadRow], number: int) -> log_reads.HeadRow | None:
    return next((head for head in heads if head.size >= number), None)
