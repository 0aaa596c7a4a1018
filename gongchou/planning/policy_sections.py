"""A policy as sections of rows that a reader goes through: clause, value, and the Ruling on it."""

from dataclasses import dataclass
from datetime import date, datetime

from gongchou.core.policy_words import FACT_NAMES, rule_text, value_text
from gongchou.core.quota import percent
from gongchou.core.quota_words import quota_text
from gongchou.core.rules import Clause, PolicyProfile, in_force
from gongchou.registry import policy

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


def topic_of(key: str) -> str:
    """Under which heading a Ruling stands: its setting's, or that of counting and drawing."""
    return next((t for start, t in (*TITLES, *PRACTICES) if key.startswith(start)), OTHER)


def sections_of(
    profile: PolicyProfile, on: date, ruled: dict[str, RulingRow]
) -> tuple[Section, ...]:
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
