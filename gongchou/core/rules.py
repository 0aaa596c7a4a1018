"""What a policy says, as dated values that cite their clause; which row is in force on a day."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Protocol, TypeVar

from gongchou.core.policy_keys import KEYS, Setting
from gongchou.core.refusals import NoRule
from gongchou.core.terms import Rotation, Stratum


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """Where a rule stands, and what it says in the product's own words."""

    source: str
    number: str
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """What every row of a policy has: its clause and the day from which it holds."""

    clause: Clause
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassRule(Dated):
    """One condition that puts a subject into a stratum: a fact, the values that count, a window.

    Where a reading decides values or window, `values_key` and `window_key` name the setting.
    """

    stratum: Stratum
    fact: str
    values: tuple[str, ...] = ()
    window: str = "on_day"
    values_key: str = ""
    window_key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Only:
    """A kind of subject: a tag of the register, and the values that count (`25*` by beginning).

    The tag `fact` stands for the facts that put a subject into its stratum.
    """

    tag: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota(Dated):
    """The share of a stratum owed, on site or off site.

    `per` is `month`, `quarter` or `year`; `of` is `base_count`, `inspectors` where so many subjects
    are owed for each inspector (then the ratio may be above one, and `wording` keeps how the policy
    says it), or `fixed` where the ratio is the number itself. `yearly_least` is the share of the
    base to be reached within the year besides. `part` names a kind of subject inside the stratum,
    `only` says which; the quota without part is for all others.
    """

    stratum: Stratum
    ratio: Fraction
    per: str = "quarter"
    of: str = "base_count"
    is_offsite: bool = False
    rotation: Rotation = Rotation.NONE
    reserved: Fraction = Fraction(0)
    wording: str = ""
    yearly_least: Fraction = Fraction(0)
    part: str = ""
    part_name: str = ""
    only: tuple[Only, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Share(Dated):
    """A share that a measure may not fall below."""

    key: str
    least: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter(Dated):
    """Any other value of the policy, by key."""

    key: str
    value: Setting


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """The recorded answer to a question on which the text is silent; names what it replaces.

    `key` is the setting it answers; `value` the setting's new value, None where the reading leaves
    the policy's own row as it stands; `until` where the value is set for a time, as for one year.
    """

    ref: str
    key: str
    question: str
    reading: str
    decided_by: str
    document: str
    on: date
    replaces: str = ""
    clause: str = ""
    value: Setting = None
    until: date | None = None


class HasTerm(Protocol):
    @property
    def since(self) -> date: ...
    @property
    def until(self) -> date | None: ...


Row = TypeVar("Row", bound=HasTerm)


def in_force(rows: Iterable[Row], on: date) -> list[Row]:
    """The rows that hold on a day."""
    return [row for row in rows if row.since <= on and (row.until is None or on < row.until)]


def newest(rows: Iterable[Row], on: date, what: str) -> Row:
    """The row in force that began last; NoRule where none is in force."""
    found = sorted(in_force(rows, on), key=lambda row: row.since)
    if not found:
        raise NoRule(f"{on} 没有生效的“{what}”规定，请在实施方案中补充或登记解释口径。")
    return found[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyProfile:
    """One dated plan of one bureau, whole."""

    id: str
    title: str
    document_number: str
    since: date
    class_rules: tuple[ClassRule, ...]
    quotas: tuple[Quota, ...]
    shares: tuple[Share, ...]
    parameters: tuple[Parameter, ...]
    rulings: tuple[Ruling, ...]

    def rules_on(self, day: date) -> list[ClassRule]:
        """The class rules in force on a day, with the values and windows their settings give.

        Of two rules on one stratum and fact the later one holds.
        """
        latest: dict[tuple[Stratum, str], ClassRule] = {}
        for rule in sorted(in_force(self.class_rules, day), key=lambda rule: rule.since):
            latest[rule.stratum, rule.fact] = rule
        return [self._settled(rule, day) for rule in latest.values()]

    def _settled(self, rule: ClassRule, day: date) -> ClassRule:
        if rule.values_key:
            rule = replace(rule, values=self.words(rule.values_key, day))
        if rule.window_key:
            rule = replace(rule, window=self.text(rule.window_key, day))
        return rule

    def quota(self, stratum: Stratum, on: date) -> Quota:
        """The quota of a stratum for all but its parts."""
        rows = [q for q in self.quotas if q.stratum is stratum and not q.part]
        return newest(rows, on, f"{stratum.label}比例")

    def quotas_of(self, stratum: Stratum, on: date) -> tuple[Quota, ...]:
        """The quotas of a stratum in force: those of its parts in order, then that of the rest."""
        rows = [q for q in self.quotas if q.stratum is stratum and q.part]
        latest = {q.part: q for q in sorted(in_force(rows, on), key=lambda q: q.since)}
        return (*latest.values(), self.quota(stratum, on))

    def share(self, key: str, on: date) -> Share:
        return newest([s for s in self.shares if s.key == key], on, key)

    def parameter(self, key: str, on: date) -> Parameter:
        label = f"{key}（{KEYS[key].label}）" if key in KEYS else key
        return newest([p for p in self.parameters if p.key == key], on, label)

    def setting(self, key: str, on: date) -> Setting:
        """The value of a setting that a policy may leave out; None where it does."""
        found = in_force([p for p in self.parameters if p.key == key], on)
        return sorted(found, key=lambda row: row.since)[-1].value if found else None

    def fraction(self, key: str, on: date) -> Fraction:
        value = self.parameter(key, on).value
        if not isinstance(value, Fraction):
            raise NoRule(f"实施方案的“{key}”应为分数，请改正。")
        return value

    def text(self, key: str, on: date) -> str:
        return str(self.parameter(key, on).value)

    def number(self, key: str, on: date) -> int:
        value = self.parameter(key, on).value
        if isinstance(value, bool) or not isinstance(value, int):
            raise NoRule(f"实施方案的“{key}”应为整数，请改正。")
        return value

    def words(self, key: str, on: date) -> tuple[str, ...]:
        value = self.parameter(key, on).value
        if not isinstance(value, tuple):
            raise NoRule(f"实施方案的“{key}”应为列表，请改正。")
        return value

    def is_on(self, key: str, on: date) -> bool:
        return self.parameter(key, on).value is True

    def precedence(self, on: date) -> tuple[Stratum, ...]:
        """Strata, the one that wins first; a stratum left out could never be won."""
        found = tuple(Stratum(word) for word in self.words("precedence", on))
        if sorted(found) != sorted(Stratum):
            raise NoRule("实施方案的“precedence”应把四个层各列一次，请改正。")
        return found

    def ruling(self, key: str) -> Ruling | None:
        """The latest Ruling on a question that no later one replaces."""
        replaced = {ruling.replaces for ruling in self.rulings}
        found = [r for r in self.rulings if r.key == key and r.ref not in replaced]
        return max(found, key=lambda ruling: ruling.on, default=None)


def overlaid(base: PolicyProfile, over: PolicyProfile) -> PolicyProfile:
    """`over` laid on `base`: its rows win from their own start dates on, nothing is removed."""
    return replace(
        over,
        class_rules=base.class_rules + over.class_rules,
        quotas=base.quotas + over.quotas,
        shares=base.shares + over.shares,
        parameters=base.parameters + over.parameters,
        rulings=base.rulings + over.rulings,
        since=min(base.since, over.since),
    )
