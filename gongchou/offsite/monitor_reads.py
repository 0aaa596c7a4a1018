"""What is known of the monitors: the entered ones, what they last sent, what was put aside."""

from dataclasses import dataclass
from datetime import date
from ipaddress import ip_network

from django.db.models import F

from gongchou.core.hj212.framing import DeviceProfile
from gongchou.core.hj212.words import Dialect
from gongchou.core.monitoring.words import EntryKind
from gongchou.core.refusals import Refused
from gongchou.core.terms import MonitoringType
from gongchou.offsite import models
from gongchou.offsite.hj212 import boxes
from gongchou.offsite.hj212.devices import Device


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitorRow:
    """One row of the register of monitors."""

    ref: str
    subject: str
    subject_name: str
    mn: str
    outlet: str
    kind: MonitoringType
    minutes: int
    addresses: tuple[str, ...]
    dialects: frozenset[Dialect]
    key_count: int
    since: date
    until: date | None
    end_reason: str
    registered_by: str


def monitors(bureau: str) -> list[MonitorRow]:
    """All of a bureau, the live ones first, by name."""
    rows = models.AutoMonitor.objects.filter(bureau__code=bureau).select_related("subject")
    order = (F("until").desc(nulls_first=True), "mn", "pk")
    return [_row(row) for row in rows.order_by(*order)]


def monitor(ref: str, bureau: str) -> MonitorRow:
    row = (
        models.AutoMonitor.objects.filter(ref=ref, bureau__code=bureau)
        .select_related("subject")
        .first()
    )
    if row is None:
        raise Refused(f"本机构没有编号为 {ref} 的监测设备，请从监测设备页面进入。")
    return _row(row)


def _row(row: models.AutoMonitor) -> MonitorRow:
    return MonitorRow(
        ref=row.ref,
        subject=row.subject.ref,
        subject_name=row.subject_name,
        mn=row.mn,
        outlet=row.outlet,
        kind=MonitoringType(row.kind),
        minutes=row.minutes,
        addresses=tuple(row.addresses),
        dialects=frozenset(map(Dialect, row.dialects)),
        key_count=len(row.key_boxes),
        since=row.since,
        until=row.until,
        end_reason=row.end_reason,
        registered_by=row.registered_by_name,
    )


def all_stations() -> set[str]:
    """Every station number ever entered in the installation."""
    return set(models.AutoMonitor.objects.values_list("mn", flat=True))


def meter_stations() -> list[str]:
    """Stations whose readings of the moment are all they send: the rules look back on them."""
    metering = MonitoringType.SUB_METERING.value
    found = set(models.AutoMonitor.objects.filter(kind=metering).values_list("mn", flat=True))
    entered = models.SupervisionEntry.objects.filter(kind=EntryKind.METER.value)
    return sorted(found | {str(body["mn"]) for body in entered.values_list("body", flat=True)})


def live_devices() -> dict[str, Device]:
    """Every live monitor of the installation, by station number, with its keys in clear."""
    found = {}
    for row in models.AutoMonitor.objects.filter(until=None):
        keys = tuple(key for box in row.key_boxes if (key := boxes.opened(box, row.mn)))
        profile = DeviceProfile(dialects=frozenset(map(Dialect, row.dialects)), keys=keys)
        found[row.mn] = Device(profile=profile, networks=tuple(map(ip_network, row.addresses)))
    return found


def stations_of(
    subject: str, bureau: str, since: date, until: date
) -> dict[MonitoringType, dict[str, tuple[date, date]]]:
    """The stations of a site in use between two days, with the days from and until before which.

    Days of two rows of one station, before and after a change, are joined.
    """
    found: dict[MonitoringType, dict[str, tuple[date, date]]] = {}
    rows = models.AutoMonitor.objects.filter(subject__ref=subject, bureau__code=bureau)
    for row in rows.exclude(until__lt=since).filter(since__lt=until).order_by("since"):
        begin, end = max(row.since, since), min(row.until or until, until)
        spans = found.setdefault(MonitoringType(row.kind), {})
        before = spans.get(row.mn)
        spans[row.mn] = (before[0] if before else begin, end)
    return found
