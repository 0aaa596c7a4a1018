"""From a snapshot and a policy to class, stratum and reasons of every subject (二（三）)."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from gongchou.core import canon, facts, plain
from gongchou.core.roster import RegisterSnapshot, Subject
from gongchou.core.rules import ClassRule, Clause, PolicyProfile
from gongchou.core.terms import OperatingStatus, PermitCategory, Stratum, SubjectClass
from gongchou.core.workdays import Quarter

CLASS_OF = {
    Stratum.SPECIAL: SubjectClass.SPECIAL,
    Stratum.KEY: SubjectClass.KEY,
    Stratum.GENERAL_LISTED: SubjectClass.GENERAL,
    Stratum.GENERAL_UNLISTED: SubjectClass.GENERAL,
}
GONE = (OperatingStatus.RELOCATED, OperatingStatus.CLOSED, OperatingStatus.DEREGISTERED)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassReason:
    """One rule that a subject meets: the stratum it speaks for, its clause, and the evidence."""

    stratum: Stratum
    fact: str
    clause: Clause
    evidence: str
    fact_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassRow:
    """A subject's place, winning reasons first; `out_reason` is empty for who is in the base."""

    ref: str
    subject_class: SubjectClass
    stratum: Stratum
    reasons: tuple[ClassReason, ...]
    out_reason: str
    notes: tuple[str, ...]

    @property
    def is_in_base(self) -> bool:
        return not self.out_reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Classification:
    """All subjects of a snapshot, for one quarter, under one policy."""

    quarter: str
    on: date
    policy: str
    made_from: str
    rows: tuple[ClassRow, ...]

    def frozen(self) -> bytes:
        """The one byte form of the classification."""
        return canon.canon(plain.to_plain(self))

    def digest(self) -> str:
        return canon.HASHES["sha256"](self.frozen()).hex()

    @classmethod
    def thawed(cls, body: bytes) -> "Classification":
        """The classification whose byte form `body` is; Invalid where it is none."""
        return plain.from_plain(cls, canon.parse(body))

    def base_counts(self) -> dict[Stratum, int]:
        """Eligible subjects of each stratum: the denominators (note 11)."""
        held = Counter(row.stratum for row in self.rows if row.is_in_base)
        return {stratum: held[stratum] for stratum in Stratum}

    def counts_before_precedence(self) -> dict[Stratum, int]:
        """For information: how many meet a stratum's conditions whatever else they meet."""
        held = Counter(
            stratum
            for row in self.rows
            if row.is_in_base
            for stratum in {reason.stratum for reason in row.reasons}
        )
        return {stratum: held[stratum] for stratum in Stratum}

    def members(self, stratum: Stratum) -> tuple[str, ...]:
        return tuple(r.ref for r in self.rows if r.is_in_base and r.stratum is stratum)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Policy:
    """What a policy says on one day, looked up once for all subjects."""

    order: tuple[Stratum, ...]
    rules: tuple[ClassRule, ...]
    residual: Clause
    statuses_out: frozenset[OperatingStatus]
    permits_out: frozenset[PermitCategory]


def _policy_on(profile: PolicyProfile, on: date) -> _Policy:
    stopped = {
        OperatingStatus.STOPPED_LONG: "base.stopped_long",
        OperatingStatus.STOPPED_TEMPORARY: "base.stopped_temporary",
    }
    included = {
        PermitCategory.REGISTERED: "include.registered",
        PermitCategory.NONE: "include.no_permit_duty",
    }
    return _Policy(
        order=profile.precedence(on),
        rules=tuple(profile.rules_on(on)),
        residual=profile.quota(Stratum.GENERAL_UNLISTED, on).clause,
        statuses_out=frozenset(s for s, key in stopped.items() if profile.text(key, on) == "out"),
        permits_out=frozenset(p for p, key in included.items() if not profile.is_on(key, on)),
    )


def out_reason(subject: Subject, profile: PolicyProfile, on: date) -> str:
    """Why a subject is not in the base of any draw, or the empty text (notes 10, 11, 30)."""
    return _out_reason(subject, _policy_on(profile, on))


def _out_reason(subject: Subject, policy: _Policy) -> str:
    status, permit = subject.operating_status, subject.permit_category
    if subject.is_excluded:
        return f"标注不参与双随机：{subject.exclusion_reason or '未写理由'}"
    if status in GONE:
        return f"存续状态为“{status.label}”"
    if status in policy.statuses_out:
        return f"生产状态为“{status.label}”"
    if permit in policy.permits_out:
        return f"排污许可“{permit.label}”不纳入本方案的抽查范围"
    return ""


def _residual(clause: Clause) -> ClassReason:
    return ClassReason(
        stratum=Stratum.GENERAL_UNLISTED,
        fact="residual",
        clause=clause,
        evidence="不符合重点、特殊和正面清单的任何条件",
        fact_on=None,
    )


def classify_one(
    subject: Subject, profile: PolicyProfile, *, on: date, quarter: Quarter
) -> ClassRow:
    """One subject's class, stratum and reasons: among the strata met, precedence decides."""
    return _row(subject, _policy_on(profile, on), on=on, quarter=quarter)


def _row(subject: Subject, policy: _Policy, *, on: date, quarter: Quarter) -> ClassRow:
    reasons = [
        ClassReason(
            stratum=rule.stratum,
            fact=rule.fact,
            clause=rule.clause,
            evidence=evidence.says,
            fact_on=evidence.on,
        )
        for rule, evidence in facts.found(subject, policy.rules, on, quarter)
    ]
    reasons.sort(key=lambda reason: policy.order.index(reason.stratum))
    reasons = reasons or [_residual(policy.residual)]
    stratum = reasons[0].stratum
    met = {reason.stratum for reason in reasons}
    leaves = stratum is Stratum.SPECIAL and Stratum.GENERAL_LISTED in met
    return ClassRow(
        ref=subject.ref,
        subject_class=CLASS_OF[stratum],
        stratum=stratum,
        reasons=tuple(reasons),
        out_reason=_out_reason(subject, policy),
        notes=("建议移出正面清单",) if leaves else (),
    )


def classify(
    snapshot: RegisterSnapshot, profile: PolicyProfile, quarter: Quarter
) -> Classification:
    """Class, stratum and reasons of every subject; NoRule where the policy is silent."""
    policy = _policy_on(profile, snapshot.on)
    return Classification(
        quarter=str(quarter),
        on=snapshot.on,
        policy=profile.id,
        made_from=snapshot.digest(),
        rows=tuple(
            _row(subject, policy, on=snapshot.on, quarter=quarter) for subject in snapshot.subjects
        ),
    )


def key_differences(snapshot: RegisterSnapshot, profile: PolicyProfile) -> list[tuple[str, str]]:
    """Subjects whose two key conditions disagree: ref and sentence (note 4).

    By the rules on lists of key units each holder of a key permit should be on the list.
    """
    listed_as = set(profile.words("key.unit_types", snapshot.on))
    found = []
    for subject in snapshot.subjects:
        has_permit = subject.permit_category is PermitCategory.KEY
        is_listed = bool(listed_as & set(subject.key_unit_types))
        if has_permit and not is_listed:
            found.append((subject.ref, "排污许可为重点管理，但未列入重点排污单位名录。"))
        if is_listed and not has_permit:
            held = subject.permit_category.label
            found.append((subject.ref, f"列入重点排污单位名录，但排污许可为“{held}”。"))
    return found


def one_trip(refs: Iterable[str], subjects: Mapping[str, Subject]) -> list[tuple[str, ...]]:
    """Drawn sites of one enterprise, which may share a trip (note 16); no USCC, no trip."""
    held: dict[str, list[str]] = {}
    for ref in sorted(refs):
        held.setdefault(subjects[ref].uscc, []).append(ref)
    return [tuple(sites) for uscc, sites in held.items() if uscc and len(sites) > 1]
