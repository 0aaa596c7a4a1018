"""The policy in force clause by clause, its Rulings, and what a change would mean."""

from dataclasses import dataclass, replace
from datetime import date

from gongchou.core.classify import classify
from gongchou.core.policy_keys import Setting, setting_text
from gongchou.core.policy_words import value_text
from gongchou.core.quota import plan_strata
from gongchou.core.refusals import Refused
from gongchou.core.roster import RegisterSnapshot
from gongchou.core.rules import Clause, PolicyProfile, Ruling
from gongchou.core.terms import Stratum
from gongchou.core.workdays import Quarter
from gongchou.law.load import load_profile, profile_ids
from gongchou.planning import models, sums
from gongchou.planning.policy_sections import (
    CLASSES,
    OTHER,
    PRACTICES,
    TITLES,
    ClauseRow,
    ClauseTextRow,
    RulingRow,
    Section,
    sections_of,
    topic_of,
)
from gongchou.registry import policy
from gongchou.registry import reads as registers
from gongchou.registry.adopted_reads import (
    AdoptedRow,
    RecordedBy,
    adopted_policies,
    adopted_row,
    recorders,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """The Rulings on one subject."""

    title: str
    rows: tuple[RulingRow, ...]

    @property
    def unconfirmed(self) -> int:
        return sum(row.is_default for row in self.rows)

    @property
    def refs(self) -> tuple[str, ...]:
        return tuple(row.ref for row in self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyPage:
    """The policy of a day: head, clauses, Rulings that stand, and questions still open."""

    policy: str
    title: str
    document_number: str
    on: date
    adopted: AdoptedRow | None
    sections: tuple[Section, ...]
    rulings: tuple[RulingRow, ...]
    open_keys: tuple[tuple[str, str], ...]
    history: tuple[AdoptedRow, ...]

    @property
    def clause_numbers(self) -> tuple[str, ...]:
        """The clauses that are cited, each once."""
        rows = (row for section in self.sections for row in section.rows)
        return tuple(dict.fromkeys(row.clause.number for row in rows))

    @property
    def topics(self) -> tuple[Topic, ...]:
        """The Rulings by what they are about, in the order of the sections."""
        heads = (CLASSES, *(title for _, title in (*PRACTICES, *TITLES)), OTHER)
        by: dict[str, list[RulingRow]] = {title: [] for title in heads}
        for row in self.rulings:
            by[topic_of(row.key)].append(row)
        return tuple(Topic(title=title, rows=tuple(rows)) for title, rows in by.items() if rows)

    @property
    def unconfirmed(self) -> tuple[RulingRow, ...]:
        return tuple(ruling for ruling in self.rulings if ruling.is_default)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A value that another policy changes."""

    what: str
    was: str
    will: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What a stratum of today's register would hold and owe under one policy and another."""

    stratum: Stratum
    base_was: int
    owed_was: int
    base_will: int
    owed_will: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    title: str
    policy: str
    document_number: str
    differences: tuple[Difference, ...]
    effects: tuple[Effect, ...]


def shipped() -> tuple[tuple[str, str], ...]:
    """The policies that come with the product: id and title."""
    found = [load_profile(name) for name in profile_ids()]
    return tuple((p.id, f"{p.title}（{p.document_number}）") for p in found)


def _rulings(bureau: str, profile: PolicyProfile) -> tuple[RulingRow, ...]:
    kept = recorders(bureau)
    return tuple(_ruling(ruling, kept.get(ruling.ref)) for ruling in policy.questions_of(profile))


def _ruling(ruling: Ruling, row: RecordedBy | None) -> RulingRow:
    is_set = policy.is_settable(ruling.key) and ruling.value is not None
    return RulingRow(
        ref=ruling.ref,
        key=ruling.key,
        label=policy.label_of(ruling.key),
        question=ruling.question,
        reading=ruling.reading,
        value=value_text(ruling.key, ruling.value) if is_set else "",
        clause=ruling.clause,
        decided_by=ruling.decided_by,
        document=ruling.document,
        on=ruling.on,
        until=ruling.until,
        replaces=ruling.replaces,
        recorded_by=row.name if row else "",
        recorded_at=row.at if row else None,
    )


def clause_texts(bureau: str, on: date) -> dict[str, ClauseTextRow]:
    """The bureau's own words of the clauses of its policy in force on a day, as entered by then."""
    adopted = policy.adopted_on(bureau, on)
    rows = models.ClauseText.objects.filter(bureau__code=bureau, adopted=adopted, on__lte=on)
    held = rows.order_by("pk") if adopted else ()
    return {
        row.clause: ClauseTextRow(
            ref=row.ref,
            clause=row.clause,
            text=row.text,
            source=row.source,
            by=row.by_name,
            at=row.at,
        )
        for row in held
    }


def _with_texts(
    sections: tuple[Section, ...], texts: dict[str, ClauseTextRow]
) -> tuple[Section, ...]:
    def own(row: ClauseRow) -> ClauseRow:
        text = texts.get(row.clause.number)
        return replace(row, own=(text,)) if text else row

    return tuple(replace(s, rows=tuple(own(row) for row in s.rows)) for s in sections)


def policy_page(bureau: str, on: date) -> PolicyPage:
    """Everything the policy of a bureau says on a day."""
    profile = policy.profile_of(bureau, on)
    rulings = _rulings(bureau, profile)
    return PolicyPage(
        policy=profile.id,
        title=profile.title,
        document_number=profile.document_number,
        on=on,
        adopted=adopted_row(bureau, on),
        sections=_with_texts(
            sections_of(profile, on, {r.key: r for r in rulings}), clause_texts(bureau, on)
        ),
        rulings=rulings,
        open_keys=tuple(
            (key, policy.label_of(key)) for key in OPEN if profile.setting(key, on) is None
        ),
        history=adopted_policies(bureau),
    )


# Settings that a policy may leave out but a bureau should answer.

OPEN = ("joint.cross_dept.sessions", "joint.cross_dept.subjects", "cap.daily")


def restated(bureau: str, on: date, number: str) -> tuple[Clause, ...]:
    """What the policy in force cites of one clause; Refused where it has no such clause."""
    page = policy_page(bureau, on)
    held = [row.clause for section in page.sections for row in section.rows]
    found = tuple(dict.fromkeys(clause for clause in held if clause.number == number))
    if not found:
        raise Refused(f"现行方案没有“{number}”这一条，请从方案页面选择。")
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a leader is asked: the question, its standing reading, and the value in force."""

    key: str
    label: str
    question: str
    standing: RulingRow | None
    value: str
    value_says: str
    is_settable: bool


def question(bureau: str, key: str, on: date) -> Question:
    """The question behind a setting; Refused where the policy has no such thing."""
    profile = policy.profile_of(bureau, on)
    standing = next((r for r in _rulings(bureau, profile) if r.key == key), None)
    settable = policy.is_settable(key)
    if standing is None and not settable:
        raise Refused(f"方案里没有“{key}”这个问题，请从方案页面选择。")
    value = _value(profile, key, on)
    return Question(
        key=key,
        label=policy.label_of(key),
        question=standing.question if standing else policy.label_of(key),
        standing=standing,
        value=setting_text(value),
        value_says=value_text(key, value) if settable else "",
        is_settable=settable,
    )


def _value(profile: PolicyProfile, key: str, on: date) -> Setting:
    if key.startswith("rotation.") and policy.is_settable(key):
        quota = profile.quota(Stratum(key.removeprefix("rotation.")), on)
        share = quota.reserved
        return (
            quota.rotation.value,
            *([f"{share.numerator}/{share.denominator}"] if share else []),
        )
    return profile.setting(key, on)


def preview(bureau: str, body: bytes, on: date, today: date) -> Preview:
    """What a policy would change from a day on, for this bureau's register as it stands."""
    new, old = policy.profile_of_body(body), policy.profile_of(bureau, on)
    was, will = _values(old, on), _values(new, on)
    differences = tuple(
        Difference(what=what, was=was.get(what, "未规定"), will=will.get(what, "未规定"))
        for what in dict.fromkeys((*was, *will))
        if was.get(what) != will.get(what)
    )
    snapshot = registers.own_people(registers.snapshot(bureau, today))
    return Preview(
        title=new.title,
        policy=new.id,
        document_number=new.document_number,
        differences=differences,
        effects=_effects(snapshot, old, new, Quarter.of(on)),
    )


def _values(profile: PolicyProfile, on: date) -> dict[str, str]:
    rows = [row for section in sections_of(profile, on, {}) for row in section.rows if row.value]
    return {row.what: row.value for row in rows}


def _effects(
    snapshot: RegisterSnapshot, old: PolicyProfile, new: PolicyProfile, quarter: Quarter
) -> tuple[Effect, ...]:
    was, will = (_owed(snapshot, profile, quarter) for profile in (old, new))
    return tuple(
        Effect(
            stratum=stratum,
            base_was=was[stratum][0],
            owed_was=was[stratum][1],
            base_will=will[stratum][0],
            owed_will=will[stratum][1],
        )
        for stratum in Stratum
    )


def _owed(
    snapshot: RegisterSnapshot, profile: PolicyProfile, quarter: Quarter
) -> dict[Stratum, tuple[int, int]]:
    found = classify(snapshot, profile, quarter)
    people = sums.drawable_count(snapshot)
    subjects = {subject.ref: subject for subject in snapshot.subjects}
    owed: dict[Stratum, tuple[int, int]] = dict.fromkeys(Stratum, (0, 0))
    for row in plan_strata(found, profile, snapshot.on, inspectors=people, subjects=subjects):
        base, count = owed[row.stratum]
        owed[row.stratum] = base + row.base_count, count + row.required_count
    return owed
