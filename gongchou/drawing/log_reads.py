"""The draw log for those who watch it: signed heads, who cosigned them, and the whole as a file."""

from dataclasses import dataclass
from datetime import datetime

from gongchou.core import canon
from gongchou.core.chain import written
from gongchou.core.refusals import Refused
from gongchou.drawing import log_file, models, signing, strongbox


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadRow:
    """A signed head; `cosigned_by` is "" until the superior has confirmed it."""

    size: int
    root: str
    at: datetime
    signature: str
    cosigned_by: str
    cosigned_for: str
    cosigned_at: datetime | None
    kept_size: int


def heads(bureau: str) -> tuple[HeadRow, ...]:
    """Oldest first."""
    rows = models.LogHead.objects.filter(bureau__code=bureau).order_by("size")
    seen = {c.head_id: c for c in models.LogCosignature.objects.filter(head__in=rows)}
    found = []
    for row in rows:
        cosigned = seen.get(row.pk)
        found.append(
            HeadRow(
                size=row.size,
                root=row.root,
                at=row.at,
                signature=bytes(row.signature).hex(),
                cosigned_by=cosigned.person_name if cosigned else "",
                cosigned_for=cosigned.organ if cosigned else "",
                cosigned_at=cosigned.at if cosigned else None,
                kept_size=cosigned.kept_size if cosigned else 0,
            )
        )
    return tuple(found)


def public_key(bureau: str) -> str:
    """The key that signs this bureau's log, "" before the first signature."""
    row = models.LogKey.objects.filter(bureau__code=bureau).first()
    return bytes(row.public).hex() if row else ""


def can_sign(bureau: str) -> bool:
    """Whether the private key still opens under the server's secret and fits the public one."""
    row = models.LogKey.objects.filter(bureau__code=bureau).first()
    if row is None:
        return False
    try:
        private = strongbox.show(
            strongbox.server_key(), bytes(row.locked), about=f"log-key {bureau}"
        )
    except strongbox.WrongKey:
        return False
    return signing.public_of(private) == bytes(row.public)


def size(bureau: str) -> int:
    return models.DrawLogEntry.objects.filter(bureau__code=bureau).count()


def as_file(bureau: str) -> bytes:
    """Entries and heads for checking elsewhere; Refused before the first signature."""
    key = public_key(bureau)
    if not key:
        raise Refused("抽取日志还没有签署过，不能下载。每日凌晨自动签署，负责科室也可以随时签署。")
    bodies = models.DrawLogEntry.objects.filter(bureau__code=bureau).order_by("number")
    entries = [canon.parse(bytes(body)) for body in bodies.values_list("body", flat=True)]
    signed = [
        {"size": h.size, "root": h.root, "at": written(h.at), "signature": h.signature}
        for h in heads(bureau)
    ]
    return log_file.written(bureau, key, entries, signed)
