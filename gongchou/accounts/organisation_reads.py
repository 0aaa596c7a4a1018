"""The programme's bodies and terms, overlaps of a small bureau, settings of oversight."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from gongchou.accounts import models, reads
from gongchou.core.oversight import Limits, Setting, in_force, limits_of
from gongchou.core.oversight_terms import GroupKind, OversightKey
from gongchou.core.powers import overlaps
from gongchou.law.load import load_oversight


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatRow:
    """`person` is the ref of the member's account, where there is one."""

    number: int
    group: GroupKind
    name: str
    person: str
    position: str
    since: date
    until: date | None
    by: str

    def is_held(self, on: date) -> bool:
        return self.since <= on and (self.until is None or on < self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallRow:
    """Since when, by what paper and why one person may hold roles that watch each other."""

    since: date
    document_number: str
    reason: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OverlapRow:
    """One person with roles that should be two persons', and the reasons given."""

    ref: str
    name: str
    pairs: tuple[str, ...]
    reason: str


def seats(bureau: str) -> tuple[SeatRow, ...]:
    """All seats, those of today's and of former terms, by group and start."""
    held = models.GroupSeat.objects.filter(bureau__code=bureau).select_related("user")
    order = list(GroupKind)
    found = [
        SeatRow(
            number=row.pk,
            group=GroupKind(row.group),
            name=row.name,
            person=row.user.ref if row.user else "",
            position=row.position,
            since=row.since,
            until=row.until,
            by=row.by_name,
        )
        for row in held.order_by("since", "pk")
    ]
    return tuple(sorted(found, key=lambda row: order.index(row.group)))


def small_bureau(bureau: str, on: date) -> SmallRow | None:
    rows = models.SmallBureau.objects.filter(
        Q(until=None) | Q(until__gt=on), bureau__code=bureau, since__lte=on
    )
    row = rows.first()
    if row is None:
        return None
    return SmallRow(
        since=row.since,
        document_number=row.document_number,
        reason=row.reason,
        by=row.by_name,
    )


def is_small(bureau: str) -> bool:
    """Whether the bureau is a small one until further notice."""
    return models.SmallBureau.objects.filter(bureau__code=bureau, until=None).exists()


def overlapping(bureau: str, on: date) -> tuple[OverlapRow, ...]:
    """Everybody who holds roles that should be apart, on a day."""
    held = models.RoleGrant.objects.filter(
        Q(until=None) | Q(until__gt=on), user__bureau__code=bureau, since__lte=on
    ).exclude(overlap="")
    reasons = dict(held.values_list("user__ref", "overlap"))
    return tuple(
        OverlapRow(
            ref=person.ref,
            name=person.name,
            pairs=tuple(f"{a.label}、{b.label}" for a, b in overlaps(person.roles)),
            reason=reasons.get(person.ref, ""),
        )
        for person in reads.people(bureau, on)
        if person.is_active and overlaps(person.roles)
    )


def settings(bureau: str) -> tuple[Setting, ...]:
    """The product's own settings, and after them those of the bureau as they were entered."""
    rows = models.OversightSetting.objects.filter(bureau__code=bureau).order_by("pk")
    own = (
        Setting(
            key=OversightKey(row.key),
            value=row.value,
            since=row.since,
            source=f"{row.by_name}：{row.reason}",
        )
        for row in rows
    )
    return (*load_oversight(), *own)


def limits(bureau: str, on: date) -> Limits:
    return limits_of(in_force(settings(bureau), on))
