"""What may be seen of a draw, as frozen rows: counts and dates before a release, names after it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from gongchou.core.terms import (
    AbsenceReason,
    DrawMode,
    DrawState,
    ExcuseReason,
    OpeningPurpose,
    OpeningState,
    Stratum,
    VoidGround,
)
from gongchou.drawing.frozen import base_stratum


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnStratum:
    """A stratum of the draw: of `base_count` rows `drawn_count`, each with exactly `chance`."""

    name: str
    base_count: int
    drawn_count: int
    chance: Fraction

    @property
    def label(self) -> str:
        return stratum_label(self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContributionRow:
    role: str
    name: str
    commitment: str
    committed_at: datetime
    is_revealed: bool
    is_from_escrow: bool
    person_ref: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmationRow:
    name: str
    at: datetime
    person_ref: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentRow:
    """One department of a joint draw: how many people it enters, how many go to a site, roots."""

    dept: str
    name: str
    seats: int
    people_count: int
    avoid_count: int
    roster_root: str
    inspectors_root: str
    strata: tuple[DrawnStratum, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawRow:
    """A draw as everybody who may see draws sees it: no names, whatever its state."""

    ref: str
    bureau: str
    task: str
    quarter: str
    seq: int
    draw_id: str
    mode: DrawMode
    state: DrawState
    hash: str
    strata: tuple[DrawnStratum, ...]
    frozen_at: datetime
    frozen_by: str
    frozen_digest: str
    roster: tuple[int, str]
    inspectors: tuple[int, str]
    avoid: tuple[int, str]
    team: str
    announcement_digest: str
    announced_at: datetime | None
    announced_by: str
    closing_rule: str
    typed_by: str
    typed_by_ref: str
    typed_at: datetime | None
    closing: str
    closed_by: str
    closed_at: datetime | None
    drawn_at: datetime | None
    sealed_root: str
    visit_count: int
    joint_count: int
    sealed_at: datetime | None
    published_at: datetime | None
    no_team: str
    no_team_at: datetime | None
    void_ground: VoidGround | None
    void_reason: str
    voided_by: str
    voided_at: datetime | None
    contributions: tuple[ContributionRow, ...]
    confirmations: tuple[ConfirmationRow, ...]
    threshold: int
    # Whether teams are not proved for every selection, and who lets it be drawn nevertheless.
    is_unproved: bool
    accepted_by: str
    accepted_why: str
    accepted_at: datetime | None
    departments: tuple[DepartmentRow, ...] = ()

    @property
    def is_joint(self) -> bool:
        """A draw of several departments, which share one ticket a site."""
        return bool(self.departments)

    @property
    def is_ballot(self) -> bool:
        return self.mode is DrawMode.MANUAL_BALLOT

    @property
    def named_strata(self) -> tuple[tuple[str, DrawnStratum], ...]:
        """Each stratum under its name; of a joint draw those of every department."""
        if not self.is_joint:
            return tuple((row.label, row) for row in self.strata)
        return tuple(
            (f"{own.name}：{row.label}", row) for own in self.departments for row in own.strata
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasedVisit:
    """A visit in clear; `leaf` and `path` prove it was fixed at the draw, "" for substitutes.

    The last `late_parts` of the parts are of departments that joined after the release (DR2 §2.5).
    """

    draw: str
    task: str
    quarter: str
    number: int
    pid: str
    subject: str
    subject_name: str
    stratum: Stratum
    draw_stratum: str
    is_joint: bool
    parts: tuple[tuple[str, ...], ...]
    planned_on: date
    released_at: datetime
    is_substitute: bool
    excused_as: ExcuseReason | None
    excuse: str
    leaf: str
    path: tuple[str, ...]
    late_parts: int = 0
    # Who left and who came, in the order of the log.
    reseats: tuple[tuple[str, str], ...] = ()

    @property
    def inspectors(self) -> tuple[str, ...]:
        return tuple(person for part in self.parts for person in part)

    @property
    def late_inspectors(self) -> tuple[str, ...]:
        late = self.parts[len(self.parts) - self.late_parts :]
        return tuple(person for part in late for person in part)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleRow:
    """A place of the list and its day; `state` is sealed, requested or released."""

    number: int
    planned_on: date
    state: str
    is_substitute: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmRow:
    """A recording of the ceremony, which lies elsewhere: its SHA-256, and what it shows."""

    digest: str
    says: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveRow:
    """A place of the list that was put on another day."""

    number: int
    was: date
    to: date
    says: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningRow:
    ref: str
    draw: str
    purpose: OpeningPurpose
    state: OpeningState
    numbers: tuple[int, ...]
    days: tuple[date, ...]
    number: int | None
    person: str
    excuse: ExcuseReason | None
    absence: AbsenceReason | None
    says: str
    on: date | None
    asked_by: str
    asked_at: datetime
    agreed: tuple[str, ...]
    agreed_refs: tuple[str, ...]
    ended_by: str
    ended_at: datetime | None
    refusal: str
    threshold: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LogRow:
    """An entry of the draw log, and the root of the tree up to it."""

    number: int
    draw: str
    kind: str
    body: Mapping[str, Any]
    leaf: str
    root: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CustodianRow:
    ref: str
    person_ref: str
    name: str
    enrolled_at: datetime
    has_share: bool
    lost_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRow:
    """The key of the secrecy group: `threshold` of `count` custodians open together."""

    ref: str
    public: str
    threshold: int
    count: int
    by_name: str
    at: datetime


def stratum_label(name: str) -> str:
    """A stratum of the draw in words: its stratum of the plan, and whether visited this year."""
    ends = {"fresh": "，年内未查", "visited": "，年内已查", "capped": "，已达年度上限"}
    parts = name.split(".")
    return base_stratum(name).label + "".join(ends.get(part, f"，{part}") for part in parts[1:])
