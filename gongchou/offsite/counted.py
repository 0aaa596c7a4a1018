"""The points of a check's monitored sources, counted from what the receiver kept."""

from datetime import date, datetime, timedelta

from django.conf import settings

from gongchou.core.terms import MonitoringType, SourceKind
from gongchou.offsite import inlet_reads, monitor_reads, received
from gongchou.web.clock import SHANGHAI, start_of

SOURCES = {
    MonitoringType.AUTO_AIR: SourceKind.AUTO_MONITORING,
    MonitoringType.AUTO_WATER: SourceKind.AUTO_MONITORING,
    MonitoringType.SUB_METERING: SourceKind.SUB_METERING,
    MonitoringType.PROCESS: SourceKind.PROCESS,
}


def read_points(
    subject: str, bureau: str, *, since: date, until: date, at: datetime
) -> dict[str, int]:
    """First values of the check's form: hours due and hours read of each monitored source.

    Hours of today count up to the present one; a site without entered monitors has none.
    """
    points: dict[str, int] = {}
    day_after = until + timedelta(days=1)
    now = at.astimezone(SHANGHAI).replace(minute=0, second=0, microsecond=0)
    for kind, days in monitor_reads.stations_of(subject, bureau, since, day_after).items():
        spans = {
            mn: (start_of(first), min(start_of(end), now)) for mn, (first, end) in days.items()
        }
        expected, read = received.read_hours(settings.ENVIRONMENT.var, spans)
        source = SOURCES[kind].value
        for name, count in ((f"{source}_expected", expected), (f"{source}_read", read)):
            points[name] = points.get(name, 0) + count
    if held := inlet_reads.remote_held(bureau, subject, since, until):
        points |= dict.fromkeys(("remote_expected", "remote_read"), len(held))
    return points
