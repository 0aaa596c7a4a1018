"""A bureau's own Rulings laid over its policy: each answers one setting from its day on."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from fractions import Fraction

from gongchou.core.policy_keys import KEYS, problem
from gongchou.core.refusals import Invalid, NoRule
from gongchou.core.rules import Clause, Parameter, PolicyProfile, Quota, Ruling, in_force
from gongchou.core.terms import Rotation, Stratum

ROTATION = "rotation."


def with_rulings(profile: PolicyProfile, rulings: Iterable[Ruling]) -> PolicyProfile:
    """The policy under the bureau's Rulings; the rows that held before stay, for old draws.

    Invalid where a Ruling replaces none that exists, or its value does not fit its setting.
    """
    for ruling in sorted(rulings, key=lambda ruling: (ruling.on, ruling.ref)):
        profile = _with(profile, ruling)
    return profile


def _with(profile: PolicyProfile, ruling: Ruling) -> PolicyProfile:
    known = {earlier.ref for earlier in profile.rulings}
    if ruling.ref in known:
        raise Invalid(f"解释口径“{ruling.ref}”已经登记过，请换一个编号。")
    if ruling.replaces and ruling.replaces not in known:
        raise Invalid(
            f"解释口径“{ruling.ref}”要替代的“{ruling.replaces}”不存在，请填写现行口径的编号。"
        )
    profile = replace(profile, rulings=(*profile.rulings, ruling))
    if ruling.value is None:
        return profile
    if ruling.key.startswith(ROTATION):
        return replace(profile, quotas=(*profile.quotas, rotation_row(profile, ruling)))
    return replace(profile, parameters=(*profile.parameters, _parameter(ruling)))


def _clause(ruling: Ruling) -> Clause:
    return Clause(
        source=ruling.document or ruling.decided_by,
        number=f"口径{ruling.ref}",
        says=ruling.reading,
    )


def _parameter(ruling: Ruling) -> Parameter:
    fault = problem(ruling.key, ruling.value)
    if fault:
        raise Invalid(f"解释口径“{ruling.ref}”：{fault}。请改正后再登记。")
    return Parameter(
        key=ruling.key,
        value=ruling.value,
        clause=_clause(ruling),
        since=ruling.on,
        until=ruling.until,
    )


def rotation_row(profile: PolicyProfile, ruling: Ruling) -> Quota:
    """The quota of a stratum with another rotation: `("year_reserve", "1/2")` or `("none",)`."""
    fault = Invalid(
        f"解释口径“{ruling.ref}”：轮换应写成 rotation.层，值如"
        '["year_reserve", "1/2"] 或 ["none"]。请改正后再登记。'
    )
    words = ruling.value if isinstance(ruling.value, tuple) else ()
    try:
        stratum = Stratum(ruling.key.removeprefix(ROTATION))
        rotation = Rotation(words[0])
        needs_share = rotation is Rotation.YEAR_RESERVE
        reserved = Fraction(words[1]) if needs_share else Fraction(0)
    except (ValueError, IndexError, ZeroDivisionError) as error:
        raise fault from error
    if len(words) != 1 + needs_share or not 0 <= reserved <= 1:
        raise fault
    now = profile.quota(stratum, ruling.on)
    # The ratio keeps its own citation; the rotation's is the Ruling.
    return replace(now, rotation=rotation, reserved=reserved, since=ruling.on)


def laid_over(profile: PolicyProfile, rulings: Iterable[Ruling]) -> PolicyProfile:
    """The policy under the Rulings that fit it, for a policy adopted after they were recorded.

    One that replaced a default which this policy does not know stands by itself; one that this
    policy has no use for is left out.
    """
    for ruling in sorted(rulings, key=lambda ruling: (ruling.on, ruling.ref)):
        known = {earlier.ref for earlier in profile.rulings}
        stands = ruling if ruling.replaces in known else replace(ruling, replaces="")
        try:
            profile = _with(profile, stands)
        except (Invalid, NoRule):
            continue
    return profile


def unanswered(profile: PolicyProfile, on: date) -> list[str]:
    """Settings that no row in force answers although nothing works without them."""
    held = {row.key for row in in_force(profile.parameters, on)}
    missing = [key for key, known in KEYS.items() if known.is_needed and key not in held]
    missing += [
        known.needs_key
        for key, known in KEYS.items()
        if known.needs_key and key in held and known.needs_key not in held
        if profile.text(key, on) == known.words[-1]
    ]
    return [f"{key}（{KEYS[key].label}）" for key in missing]
