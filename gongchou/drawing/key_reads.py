"""Changes of custodians, as frozen rows."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from gongchou.audit import reads as audit
from gongchou.core.canon import Canonical
from gongchou.core.event_kinds import EventKind
from gongchou.core.terms import DrawState, OpeningState
from gongchou.drawing import models

ENDED = (DrawState.PUBLISHED.value, DrawState.VOID.value)
# A deal of the shares, a share given up, and where a draw's list is made or given up.
KEY_TURNS = (
    EventKind.SECRECY_KEY_ESTABLISHED,
    EventKind.SECRECY_KEY_DEALT,
    EventKind.CUSTODIAN_ENROLLED_AGAIN,
    EventKind.DRAW_MADE,
    EventKind.DRAW_VOIDED,
)


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


@dataclass(frozen=True, slots=True)
class Keepers:
    names: tuple[str, ...]
    threshold: int


def able(key: str) -> int:
    """How many custodians can still open: those with a share who have not declared it lost."""
    shares = models.KeyShare.objects.filter(key__ref=key, round=F("key__round"), lost_at=None)
    return shares.exclude(sealed=b"").count()


def may_be_replaced(bureau: str) -> bool:
    """Whether the bureau's key opens no more and no draw waits for that."""
    key = models.SecrecyKey.objects.filter(bureau__code=bureau, lost_at=None).first()
    if key is None:
        return False
    live = models.Draw.objects.filter(key=key).exclude(state__in=ENDED)
    return not live.exists() and able(key.ref) < key.threshold


def is_beyond_opening(draw: str) -> bool:
    """Whether too few are left to open what is sealed of this draw."""
    row = models.Draw.objects.select_related("key").get(ref=draw)
    return able(row.key.ref) < row.key.threshold


def keepers(draw: str) -> Keepers:
    """Who held shares of the draw's key when its list was made; who holds them now before that."""
    row = models.Draw.objects.select_related("key", "bureau").get(ref=draw)
    turn, gone = 0, set[str]()
    needed: Canonical = 0
    for link in audit.of_kinds(row.bureau.code, KEY_TURNS):
        event = link.event
        if event.about == draw:
            break
        if event.about == row.key.ref:
            turn, gone, needed = turn + 1, set(), event.data["threshold"]
        gone.add(event.about)
    shares = models.KeyShare.objects.filter(key=row.key, round=turn).select_related("custodian")
    held = shares.exclude(custodian__ref__in=gone).order_by("custodian__ref")
    assert isinstance(needed, int)
    return Keepers(tuple(one.custodian.person_name for one in held), needed)


def declared_lost(draw: str) -> tuple[str, ...]:
    """Names of the custodians who have declared that they cannot open any more."""
    key = models.Draw.objects.select_related("key").get(ref=draw).key
    rows = models.KeyShare.objects.filter(key=key, round=key.round, lost_at__isnull=False)
    return tuple(rows.order_by("lost_at", "pk").values_list("custodian__person_name", flat=True))


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
