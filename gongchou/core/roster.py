"""The registers as values: subjects with their dated facts, inspectors, item groups, a snapshot.

No personal data stands here; what is private stays in the register.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from gongchou.core import canon, plain
from gongchou.core.terms import (
    ComplaintVerdict,
    ConstructionStage,
    CreditLevel,
    DutyStatus,
    ItemTier,
    KeyUnitType,
    MonitoringType,
    OperatingStatus,
    PerformanceGrade,
    PermitCategory,
    PollutantType,
    ProductionCycle,
    RecusalReason,
    RiskLevel,
    Scale,
    SupervisedBy,
)
from gongchou.core.workdays import written_day


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditFact:
    """An ecological credit rating; the latest on or before a day is the level of that day."""

    level: CreditLevel
    rated_on: date
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PenaltyFact:
    """A penalty decision; `revoked_on` where it was withdrawn."""

    ref: str
    document_number: str
    decision_date: date
    revoked_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintFact:
    """A public complaint closed on a day; `is_violation` where an environmental violation stood."""

    ref: str
    closed_on: date
    verdict: ComplaintVerdict
    is_violation: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisedFact:
    """A case listed for supervision, open from `since` until before `lifted_on`."""

    ref: str
    supervised_by: SupervisedBy
    since: date
    lifted_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingFact:
    """A place on the positive list, from `since` until before `until`."""

    basis: str
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DesignationFact:
    """A manual designation as special, approved and expiring."""

    reason: str
    approved_by: str
    since: date
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One site that can be drawn, as the register stood on the snapshot's day.

    `visited_on` are the ends of completed daily visits, for rotation and caps.
    """

    ref: str
    name: str
    uscc: str = ""
    site_code: str = ""
    region_code: str = ""
    grid: str = ""
    industry_code: str = ""
    construction_stage: ConstructionStage | None = None
    pollutant_types: tuple[PollutantType, ...] = ()
    scale: Scale | None = None
    production_cycle: ProductionCycle | None = None
    monitoring_types: tuple[MonitoringType, ...] = ()
    permit_category: PermitCategory = PermitCategory.REGISTERED
    permit_number: str = ""
    registration_number: str = ""
    key_unit_types: tuple[KeyUnitType, ...] = ()
    performance_grade: PerformanceGrade | None = None
    risk_level: RiskLevel | None = None
    operating_status: OperatingStatus = OperatingStatus.OPERATING
    is_excluded: bool = False
    exclusion_reason: str = ""
    credits: tuple[CreditFact, ...] = ()
    penalties: tuple[PenaltyFact, ...] = ()
    complaints: tuple[ComplaintFact, ...] = ()
    supervised_cases: tuple[SupervisedFact, ...] = ()
    listings: tuple[ListingFact, ...] = ()
    designations: tuple[DesignationFact, ...] = ()
    visited_on: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspector:
    """One person of the inspectors' register; `unit` is an internal unit or a partner's code."""

    ref: str
    name: str
    unit: str
    enforcement_card_no: str = ""
    work_card_no: str = ""
    is_certified: bool = False
    card_valid_until: date | None = None
    areas: tuple[str, ...] = ()
    expertise: tuple[PollutantType, ...] = ()
    duty_status: DutyStatus = DutyStatus.ON_DUTY
    away_since: date | None = None
    away_until: date | None = None
    visits_this_year: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RecusalFact:
    """A confirmed avoidance of one inspector at one subject."""

    inspector: str
    subject: str
    reason: RecusalReason
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemGroup:
    """Items owned by one internal unit; each condition left empty holds for every subject."""

    code: str
    name: str
    unit: str
    pollutant_types: tuple[PollutantType, ...] = ()
    permit_categories: tuple[PermitCategory, ...] = ()
    monitoring_types: tuple[MonitoringType, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectionItem:
    """One item of the item list, in one group; `legal_basis` names statute and article."""

    code: str
    name: str
    item_group: str
    item_tier: ItemTier
    legal_basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterSnapshot:
    """The registers of a bureau on a day, frozen; subjects and inspectors by ref."""

    bureau: str
    on: date
    subjects: tuple[Subject, ...]
    inspectors: tuple[Inspector, ...]
    recusals: tuple[RecusalFact, ...]
    item_groups: tuple[ItemGroup, ...]
    item_list_version: str

    def frozen(self) -> bytes:
        """The one byte form of the snapshot."""
        return canon.canon(plain.to_plain(self))

    def digest(self) -> str:
        return canon.HASHES["sha256"](self.frozen()).hex()

    @classmethod
    def thawed(cls, body: bytes) -> "RegisterSnapshot":
        """The snapshot whose byte form `body` is; Invalid where it is none."""
        return plain.from_plain(cls, canon.parse(body))


def drawable_problem(inspector: Inspector, on: date) -> str | None:
    """What keeps a person out of a draw on a day, as a sentence; None for who can be drawn."""
    if not inspector.is_certified:
        return "没有行政执法资格，不能占用持证席位。"
    if inspector.card_valid_until is None:
        return "未登记执法证有效期，请补登后再参加抽取。"
    if inspector.card_valid_until < on:
        return f"执法证已于{written_day(inspector.card_valid_until)}到期。"
    if inspector.duty_status is DutyStatus.LEFT:
        return "已离岗。"
    if inspector.duty_status is not DutyStatus.ON_DUTY and _is_away(inspector, on):
        until = f"，至{written_day(inspector.away_until)}" if inspector.away_until else ""
        return f"{inspector.duty_status.label}中{until}。"
    return None


def _is_away(inspector: Inspector, on: date) -> bool:
    """Away from `away_since` up to and including `away_until`; open ends have no limit."""
    began = inspector.away_since is None or inspector.away_since <= on
    return began and (inspector.away_until is None or on <= inspector.away_until)


def applies(group: ItemGroup, subject: Subject) -> bool:
    """Whether the items of a group may be checked at a subject."""
    conditions = (
        (group.pollutant_types, subject.pollutant_types),
        (group.permit_categories, (subject.permit_category,)),
        (group.monitoring_types, subject.monitoring_types),
    )
    return all(not asked or set(asked) & set(held) for asked, held in conditions)


def applicable_groups(subject: Subject, groups: Iterable[ItemGroup]) -> tuple[ItemGroup, ...]:
    """The groups whose items may be checked at a subject, in the order given."""
    return tuple(group for group in groups if applies(group, subject))


def applicable_units(subject: Subject, groups: Iterable[ItemGroup]) -> tuple[str, ...]:
    """Codes of the units with items for a subject, sorted: two make a joint check possible."""
    return tuple(sorted({group.unit for group in applicable_groups(subject, groups)}))
