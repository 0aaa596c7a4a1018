"""Files from outside, their sightings, and remote enforcement, as frozen rows."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, Sum

from gongchou.core.clue_terms import (
    InletKind,
    RemoteCheckState,
    RemoteConclusion,
    SightingState,
)
from gongchou.core.coordinates import Point, both
from gongchou.core.plumes import side_of
from gongchou.core.refusals import Refused
from gongchou.offsite import models
from gongchou.web.clock import day_of

SHOWN = 50
PUSHING = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRow:
    ref: str
    kind: InletKind
    name: str
    sha256: str
    accepted: int
    rejected: int
    filtered: int
    sightings: int
    waiting: int
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """What one program has handed in lately."""

    source: str
    kind: InletKind
    batches: int
    accepted: int
    rejected: int
    last: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SightingRow:
    """One thing a file reported; `can_confirm` is False for a peak that was passed only once."""

    ref: str
    kind: InletKind
    family: str
    says: str
    started_at: datetime
    point: Point | None
    subject: str
    pairs: tuple[tuple[str, str], ...]
    candidates: tuple[dict[str, Any], ...]
    wind: dict[str, str] | None
    state: SightingState
    decided_by: str
    decided_at: datetime | None
    why: str
    clue: str
    can_confirm: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteRow:
    """One remote check; the fields of the link are empty until it was held."""

    ref: str
    subject: str
    subject_name: str
    clue: str
    purpose: str
    planned_on: date
    state: RemoteCheckState
    needs_approval: bool
    asked_by: str
    asked_at: datetime
    decided_by: str
    decided_at: datetime | None
    opinion: str
    started_at: datetime | None
    ended_at: datetime | None
    officers: str
    site_people: str
    minutes: str
    recording_name: str
    recording_sha256: str
    conclusion: RemoteConclusion | None
    digest: str
    held_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WindRow:
    """What a station measured: from where in degrees, how fast in m/s."""

    station: str
    place: Point
    at: datetime
    direction: float
    speed: float

    @property
    def side(self) -> str:
        """Where the wind comes from, as people say it."""
        return side_of(self.direction)


def files(bureau: str) -> tuple[FileRow, ...]:
    """The newest files of a bureau; of what programs push only batches in which there is a look."""
    rows = models.InletFile.objects.filter(bureau__code=bureau).defer("content").order_by("-pk")
    found = Exists(models.Sighting.objects.filter(file=OuterRef("pk")))
    worth = rows.filter(Q(source="") | found)
    return tuple(_file(row) for row in worth.prefetch_related("sightings")[:SHOWN])


def pushing(bureau: str, at: datetime) -> tuple[SourceRow, ...]:
    """Whose programs have pushed rows in the last days: how many, and when last."""
    rows = models.InletFile.objects.filter(bureau__code=bureau, at__gt=at - PUSHING)
    named = rows.exclude(source="").values("source", "kind").order_by("source", "kind")
    return tuple(
        SourceRow(
            source=row["source"],
            kind=InletKind(row["kind"]),
            batches=row["batches"],
            accepted=row["accepted"],
            rejected=row["rejected"],
            last=row["last"],
        )
        for row in named.annotate(
            batches=Count("pk"),
            accepted=Sum("accepted", default=0),
            rejected=Sum("rejected", default=0),
            last=Max("at"),
        )
    )


def file(ref: str, bureau: str) -> FileRow:
    rows = models.InletFile.objects.filter(ref=ref, bureau__code=bureau).defer("content")
    row = rows.first()
    if row is None:
        raise Refused(f"本机构没有编号为 {ref} 的外部文件，请从外部数据页面进入。")
    return _file(row)


def _file(row: models.InletFile) -> FileRow:
    states = [one.state for one in row.sightings.all()]
    return FileRow(
        ref=row.ref,
        kind=InletKind(row.kind),
        name=row.name,
        sha256=row.sha256,
        accepted=row.accepted,
        rejected=row.rejected,
        filtered=row.filtered,
        sightings=len(states),
        waiting=states.count(SightingState.WAITING.value),
        by=row.by_name,
        at=row.at,
    )


def sightings(file: str, bureau: str) -> tuple[SightingRow, ...]:
    """Everything a file reported, in its order."""
    rows = models.Sighting.objects.filter(file__ref=file, bureau__code=bureau)
    return tuple(_sighting(row) for row in rows.select_related("subject", "clue").order_by("pk"))


def _sighting(row: models.Sighting) -> SightingRow:
    kind = InletKind(row.kind)
    seen_again = kind is not InletKind.PATROL or bool(row.body.get("confirmed_by"))
    return SightingRow(
        ref=row.ref,
        kind=kind,
        family=row.get_family_display(),
        says=row.says,
        started_at=row.started_at,
        point=both(row.longitude, row.latitude),
        subject=row.subject.ref if row.subject else "",
        pairs=tuple((str(name), str(value)) for name, value in row.body.get("inputs", ())),
        candidates=tuple(row.body.get("candidates", ())),
        wind=row.body.get("wind"),
        state=SightingState(row.state),
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        why=row.why,
        clue=row.clue.ref if row.clue else "",
        can_confirm=seen_again,
    )


def winds(bureau: str, since: datetime, until: datetime) -> tuple[WindRow, ...]:
    """What the stations of a bureau measured in a span, the oldest first."""
    rows = models.WindReading.objects.filter(bureau__code=bureau, at__gte=since, at__lt=until)
    return tuple(
        WindRow(
            station=row.station,
            place=(row.longitude, row.latitude),
            at=row.at,
            direction=row.direction / 10,
            speed=row.speed / 10,
        )
        for row in rows.order_by("at", "station")
    )


def remote_checks(bureau: str) -> tuple[RemoteRow, ...]:
    """Remote checks, the newest first."""
    rows = models.RemoteCheck.objects.filter(bureau__code=bureau).order_by("-pk")
    return tuple(_remote(row) for row in rows.select_related("subject", "clue"))


def remote_check(ref: str, bureau: str) -> RemoteRow:
    rows = models.RemoteCheck.objects.filter(ref=ref, bureau__code=bureau)
    row = rows.select_related("subject", "clue").first()
    if row is None:
        raise Refused(f"本机构没有编号为 {ref} 的远程执法，请从远程执法页面进入。")
    return _remote(row)


def remote_held(bureau: str, subject: str, since: date, until: date) -> tuple[RemoteRow, ...]:
    """Links that were held with a site within days: what an off-site check may read as a source."""
    rows = models.RemoteCheck.objects.filter(
        bureau__code=bureau, subject__ref=subject, state=RemoteCheckState.HELD.value
    ).exclude(conclusion=RemoteConclusion.BROKEN_OFF.value)
    found = (_remote(row) for row in rows.select_related("subject", "clue").order_by("pk"))
    return tuple(
        row for row in found if row.started_at and since <= day_of(row.started_at) <= until
    )


def _remote(row: models.RemoteCheck) -> RemoteRow:
    return RemoteRow(
        ref=row.ref,
        subject=row.subject.ref,
        subject_name=row.subject_name,
        clue=row.clue.ref if row.clue else "",
        purpose=row.purpose,
        planned_on=row.planned_on,
        state=RemoteCheckState(row.state),
        needs_approval=row.needs_approval,
        asked_by=row.by_name,
        asked_at=row.at,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        opinion=row.opinion,
        started_at=row.started_at,
        ended_at=row.ended_at,
        officers=row.officers,
        site_people=row.site_people,
        minutes=row.minutes,
        recording_name=row.recording_name,
        recording_sha256=row.recording_sha256,
        conclusion=RemoteConclusion(row.conclusion) if row.conclusion else None,
        digest=row.digest,
        held_by=row.held_by,
    )
