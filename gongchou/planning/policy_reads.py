"""The policy in force clause by clause, its Rulings, and what a change would mean."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from gongchou.core.classify import classify
from gongchou.core.policy_keys import Setting, setting_text
from gongchou.core.policy_words import FACT_NAMES, rule_text, value_text
from gongchou.core.quota import percent, plan_strata
from gongchou.core.quota_words import quota_text
from gongchou.core.refusals import Refused
from gongchou.core.roster import RegisterSnapshot
from gongchou.core.rules import Clause, PolicyProfile, Ruling, in_force
from gongchou.core.terms import Stratum
from gongchou.core.workdays import Quarter
from gongchou.law.load import load_profile, profile_ids
from gongchou.planning import models, sums
from gongchou.registry import policy
from gongchou.registry import reads as registers
from gongchou.registry.adopted_reads import (
    AdoptedRow,
    RecordedBy,
    adopted_policies,
    adopted_row,
    recorders,
)

BY_PRODUCT, CLASSES, OTHER = "产品默认", "分类的取值", "其他设置"


@dataclass(frozen=True, slots=True, kw_only=True)
class RulingRow:
    """One answer: whose, by which document, from when; `row` is empty for a shipped default."""

    ref: str
    key: str
    label: str
    question: str
    reading: str
    value: str
    clause: str
    decided_by: str
    document: str
    on: date
    until: date | None
    replaces: str
    recorded_by: str
    recorded_at: datetime | None

    @property
    def is_default(self) -> bool:
        return self.decided_by == BY_PRODUCT


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseTextRow:
    """The bureau's own words of a clause: from which document, entered by whom and when."""

    ref: str
    clause: str
    text: str
    source: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseRow:
    """One row of the policy in force: what it settles, its value, its clause and its Ruling."""

    key: str
    what: str
    value: str
    clause: Clause
    since: date
    until: date | None
    ruling: RulingRow | None
    own: tuple[ClauseTextRow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    title: str
    rows: tuple[ClauseRow, ...]


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
            by[_topic(row.key)].append(row)
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
            _sections(profile, on, {r.key: r for r in rulings}), clause_texts(bureau, on)
        ),
        rulings=rulings,
        open_keys=tuple(
            (key, policy.label_of(key)) for key in OPEN if profile.setting(key, on) is None
        ),
        history=adopted_policies(bureau),
    )


# Settings that a policy may leave out but a bureau should answer.

OPEN = ("joint.cross_dept.sessions", "joint.cross_dept.subjects", "cap.daily")
TITLES = (
    ("deadline.", "期限"),
    ("publish.", "公示"),
    ("joint.", "联合抽查"),
    ("tiered.", "分级分类"),
    ("team.", "检查组和人员"),
    ("aux.", "检查组和人员"),
    ("visit.", "检查组和人员"),
    ("offsite.", "非现场检查"),
    ("cap.", "频次上限和2025年规范要求"),
    ("approval.", "频次上限和2025年规范要求"),
    ("notice.", "频次上限和2025年规范要求"),
    ("scan_in.", "频次上限和2025年规范要求"),
    ("key.", CLASSES),
    ("special.", CLASSES),
    ("include.", CLASSES),
    ("base.", CLASSES),
    ("precedence", CLASSES),
)

# Further headings that only Rulings need.
PRACTICES = (
    ("strata", CLASSES),
    ("rotation.", "抽取和轮换"),
    ("draw.", "抽取和轮换"),
    ("release.", "抽取和轮换"),
    ("measure.", "怎样计数"),
    ("rounding", "怎样计数"),
)


def _title(key: str) -> str:
    """Under which heading a setting stands."""
    return next((title for start, title in TITLES if key.startswith(start)), OTHER)


def _topic(key: str) -> str:
    """Under which heading a Ruling stands: its setting's, or that of counting and drawing."""
    return next((t for start, t in (*TITLES, *PRACTICES) if key.startswith(start)), OTHER)


def _sections(profile: PolicyProfile, on: date, ruled: dict[str, RulingRow]) -> tuple[Section, ...]:
    classes = [
        ClauseRow(
            key=rule.values_key or rule.window_key,
            what=f"属于{rule.stratum.label}：{FACT_NAMES[rule.fact]}",
            value=rule_text(rule) or "有即符合",
            clause=rule.clause,
            since=rule.since,
            until=rule.until,
            ruling=ruled.get(rule.values_key or rule.window_key),
        )
        for rule in profile.rules_on(on)
    ]
    found = [
        Section(title="分类条件", rows=tuple(classes)),
        Section(title="抽查比例", rows=_quotas(profile, on, ruled)),
        Section(title="最低份额", rows=_shares(profile, on)),
    ]
    titles = dict.fromkeys((*(title for _, title in TITLES), OTHER))
    settings: dict[str, list[ClauseRow]] = {title: [] for title in titles}
    for key in dict.fromkeys(row.key for row in in_force(profile.parameters, on)):
        title = _title(key)
        settings[title].append(_setting(profile, key, on, ruled))
    found += [Section(title=title, rows=tuple(rows)) for title, rows in settings.items() if rows]
    return tuple(found)


def _quotas(profile: PolicyProfile, on: date, ruled: dict[str, RulingRow]) -> tuple[ClauseRow, ...]:
    return tuple(
        ClauseRow(
            key=f"rotation.{quota.stratum.value}",
            what=quota.stratum.label + (f"（{quota.part_name}）" if quota.part else ""),
            value=quota_text(quota),
            clause=quota.clause,
            since=quota.since,
            until=quota.until,
            ruling=ruled.get(f"rotation.{quota.stratum.value}"),
        )
        for stratum in profile.precedence(on)
        for quota in profile.quotas_of(stratum, on)
    )


def _shares(profile: PolicyProfile, on: date) -> tuple[ClauseRow, ...]:
    return tuple(
        ClauseRow(
            key="",
            what=SHARE_NAMES.get(key, key),
            value=f"不低于 {percent(share.least)}",
            clause=share.clause,
            since=share.since,
            until=share.until,
            ruling=None,
        )
        for key in dict.fromkeys(s.key for s in in_force(profile.shares, on))
        if (share := profile.share(key, on))
    )


SHARE_NAMES = {"joint.internal": "内部联合抽查", "tiered": "分级分类抽查"}


def _setting(profile: PolicyProfile, key: str, on: date, ruled: dict[str, RulingRow]) -> ClauseRow:
    row = profile.parameter(key, on)
    return ClauseRow(
        key=key,
        what=policy.label_of(key),
        value=value_text(key, row.value),
        clause=row.clause,
        since=row.since,
        until=row.until,
        ruling=ruled.get(key),
    )


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
    rows = [row for section in _sections(profile, on, {}) for row in section.rows if row.value]
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
