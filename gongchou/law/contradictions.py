"""Rows of a policy that cannot stand together, and what a whole one may not leave out."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, TypeAlias

from gongchou.core.refusals import Faults, Invalid, NoRule
from gongchou.core.rules import PolicyProfile, Ruling
from gongchou.core.rulings import unanswered
from gongchou.core.terms import Stratum
from gongchou.law.row import Collected, Row

SHARES = ("joint.internal", "tiered")
# The rows of each kind as written, each with the value that was read from it.
Read: TypeAlias = Mapping[str, Sequence[tuple[Row, Any]]]


def find_contradictions(
    read: Read, faults: Collected, *, under: PolicyProfile | None, is_alone: bool
) -> None:
    """Adds to the faults what the sound rows say against each other or the policy below them.

    `is_alone` where the policy is laid over none, so that a stratum without conditions stays empty.
    """
    is_sound = not faults.says
    for kind, name_of in TWINS.items():
        faults.tried(_refuse_twins, [(row, name_of(v), v.since) for row, v in read[kind]])
        if under:
            faults.tried(_refuse_hidden, read[kind], HELD[kind](under), name_of)
    faults.tried(_refuse_circles, read["ruling"])
    # A condition that could not be read may be the one that leads to a stratum.
    if is_sound and is_alone:
        faults.tried(_refuse_empty_strata, read)


# What may not stand twice from one day on, as a reader calls it.
TWINS: Mapping[str, Callable[[Any], str]] = {
    "class_rule": lambda rule: f"条件“{rule.stratum.label} {rule.fact}”",
    "quota": lambda quota: f"比例“{quota.stratum.label}{quota.part_name}”",
    "share": lambda share: f"份额“{share.key}”",
    "parameter": lambda parameter: f"设置“{parameter.key}”",
}


def _refuse_twins(rows: Sequence[tuple[Row, str, date]]) -> None:
    seen: set[tuple[str, date]] = set()
    found = []
    for row, name, since in rows:
        if (name, since) in seen:
            found.append(row.fault(f"{name}有两条都从 {since} 起生效，请只留一条"))
        seen.add((name, since))
    _refuse_all(found)


def _refuse_all(found: Sequence[Invalid]) -> None:
    if found:
        raise Faults([str(one) for one in found])


# Where the policy below keeps the rows that a reader replaces.
HELD: Mapping[str, Callable[[PolicyProfile], Sequence[Any]]] = {
    "class_rule": lambda profile: profile.class_rules,
    "quota": lambda profile: profile.quotas,
    "share": lambda profile: profile.shares,
    "parameter": lambda profile: profile.parameters,
}


def _refuse_hidden(
    rows: Sequence[tuple[Row, Any]], under: Sequence[Any], name_of: Callable[[Any], str]
) -> None:
    """A row that begins before the one it is to replace would never come into force."""
    found = []
    for row, value in rows:
        later = [
            old.since
            for old in under
            if name_of(old) == name_of(value)
            and value.since < old.since
            and (value.until is None or old.since < value.until)
        ]
        if later:
            found.append(
                row.fault(
                    f"{name_of(value)}的“since”早于所沿用方案的同一条（{max(later)} 起），"
                    f"到那天就会失效；请把“since”改为 {max(later)} 或以后，或写“until”"
                )
            )
    _refuse_all(found)


def _refuse_circles(rows: Sequence[tuple[Row, Ruling]]) -> None:
    """Rulings that replace each other in a circle would leave none of them standing."""
    held = {ruling.ref: ruling for _, ruling in rows}
    for row, ruling in rows:
        passed = [ruling.ref]
        while (after := held.get(passed[-1])) and after.replaces:
            if after.replaces == ruling.ref:
                circle = "、".join(f"“{ref}”" for ref in passed)
                raise row.fault(f"解释口径{circle}互相替代，成了循环；请删去一处“replaces”")
            if after.replaces in passed:
                break
            passed.append(after.replaces)


def _refuse_empty_strata(read: Read) -> None:
    """A quota above zero on a stratum that no rule leads to would never be drawn."""
    led_to = {rule.stratum for _, rule in read["class_rule"]} | {Stratum.GENERAL_UNLISTED}
    _refuse_all(
        [
            row.fault(
                f"没有任何 [[class_rule]] 归入“{quota.stratum.label}”这一层，比例会落空；"
                '请补上条件，或把“ratio”写成 "0/1"'
            )
            for row, quota in read["quota"]
            if quota.ratio and quota.stratum not in led_to and read["class_rule"]
        ]
    )


def check_whole(profile: PolicyProfile) -> None:
    """NoRule, naming all that is missing, where a policy leaves open what a quarter needs.

    Invalid where two Rulings share a ref, or one replaces a Ruling that does not exist.
    """
    _check_rulings(profile.rulings)
    rows = (*profile.quotas, *profile.parameters)
    on = max([profile.since, *(row.since for row in rows)])
    missing = unanswered(profile, on)
    missing += [
        f"{s.label}的比例"
        for s in Stratum
        if not any(q.stratum is s and not q.part for q in profile.quotas)
    ]
    if not profile.class_rules:
        missing.insert(0, "分类条件（一条 [[class_rule]] 也没有）")
    missing += [f"{key} 的最低份额" for key in SHARES if all(s.key != key for s in profile.shares)]
    if missing:
        raise NoRule(
            f"实施方案“{profile.id}”缺少：{'、'.join(missing)}。"
            f'请补上，或在开头写 lays_over = "tangshan_gaoxin_2024"，沿用其余规定。'
        )


def _check_rulings(rulings: Sequence[Ruling]) -> None:
    refs = [ruling.ref for ruling in rulings]
    found = [
        f"解释口径“{ref}”写了两次，请为后一条另取一个 ref。"
        for ref in dict.fromkeys(refs)
        if refs.count(ref) > 1
    ]
    found += [
        f"解释口径“{ruling.ref}”要替代的“{ruling.replaces}”不存在，"
        "请把 replaces 改为现行口径的 ref。"
        for ruling in rulings
        if ruling.replaces and ruling.replaces not in refs
    ]
    if found:
        raise Faults(found)
