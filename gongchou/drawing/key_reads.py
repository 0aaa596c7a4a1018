"""Changes of custodians, as frozen rows."""

from dataclasses import dataclass
from datetime import datetime

from gongchou.core.terms import OpeningState
from gongchou.drawing import models


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyChangeRow:
    ref: str
    round: int
    state: OpeningState
    threshold: int
    members: tuple[str, ...]
    says: str
    asked_by: str
    asked_at: datetime
    agreed: tuple[str, ...]
    agreed_refs: tuple[str, ...]
    ended_by: str
    ended_at: datetime | None
    needed: int


def key_changes(bureau: str) -> tuple[KeyChangeRow, ...]:
    """Newest first; members and those who agreed by name."""
    rows = models.KeyChange.objects.select_related("key").filter(key__bureau__code=bureau)
    people = models.Custodian.objects.filter(bureau__code=bureau)
    names = dict(people.values_list("ref", "person_name"))
    found = []
    for row in rows.order_by("-pk"):
        consents = row.consents.select_related("custodian").order_by("pk")
        found.append(
            KeyChangeRow(
                ref=row.ref,
                round=row.round,
                state=OpeningState(row.state),
                threshold=row.threshold,
                members=tuple(names[ref] for ref in row.members),
                says=row.says,
                asked_by=row.asked_by_name,
                asked_at=row.asked_at,
                agreed=tuple(c.person_name for c in consents),
                agreed_refs=tuple(c.custodian.person_ref for c in consents),
                ended_by=row.ended_by_name,
                ended_at=row.ended_at,
                needed=row.key.threshold,
            )
        )
    return tuple(found)
