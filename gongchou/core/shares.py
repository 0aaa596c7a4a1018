"""Shares that visits must reach, and what a cap makes impossible."""

import math
from dataclasses import dataclass
from fractions import Fraction

from gongchou.core.quota import decimal, percent, required_count
from gongchou.core.rules import Share
from gongchou.core.terms import VisitResult

# Stopped, closed or moved: the visit counts and the next place is drawn (note 29). Narrower than
# what a record may call unvisitable, which a refusal is too.
NOTHING_TO_VISIT = (VisitResult.NOT_OPERATING, VisitResult.CLOSED_OR_MOVED)


def share_missing(least: Fraction, done: int, of: int) -> int:
    """How many more of `of` must count so that `done` reaches the share; 0 where it does."""
    return max(0, required_count(least, of) - done)


def untiered_allowed(least: Fraction, tiered: int) -> int:
    """How many untiered visits the tiered ones leave room for (note 19); `least` above zero."""
    return math.floor(tiered * (1 - least) / least)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareResult:
    """How a measure stands: `done` of `of` visits, what is owed, what is missing, and why."""

    key: str
    done: int
    of: int
    required_count: int
    missing: int
    why: str

    @property
    def is_met(self) -> bool:
        return self.missing == 0


def share_result(share: Share, *, done: int, of: int, what: str) -> ShareResult:
    """Whether `done` of `of` visits reach a share; without visits there is nothing to reach."""
    required, missing = required_count(share.least, of), share_missing(share.least, done, of)
    if of == 0:
        why = f"没有可计入{what}比例的检查，不适用比例，视为达标。"
    else:
        end = f"还差 {missing} 家次" if missing else "已达标"
        why = (
            f"{what} {done} 家次 ÷ {of} 家次 = {decimal(Fraction(100 * done, of))}%，"
            f"至少 {percent(share.least)} 即 {required} 家次，{end}。"
        )
    return ShareResult(
        key=share.key, done=done, of=of, required_count=required, missing=missing, why=why
    )


def joint_duty(share: Share, *, visits: int, possible: int) -> tuple[int, str]:
    """How many drawn visits should be joint, and the sentence where too few can be (note 23).

    `possible` are the drawn visits with items of two units or more.
    """
    owed = required_count(share.least, visits)
    if owed <= possible:
        return owed, ""
    return possible, (
        f"抽中 {visits} 家，内部联合至少 {percent(share.least)} 即 {owed} 家，"
        f"但只有 {possible} 家涉及两个以上科室的检查项目组，差 {owed - possible} 家。"
        "请核对检查事项清单的适用条件，或增加联合抽查任务。"
    )


def tiered_result(share: Share, *, tiered: int, untiered: int) -> ShareResult:
    """The share of stratified random visits among all random visits (note 19)."""
    return share_result(share, done=tiered, of=tiered + untiered, what="分级分类抽查")


def cap_conflict(
    ratio: Fraction, cap: int, *, what: str, base: int | None = None, room: int | None = None
) -> str | None:
    """The sentence where a quarterly ratio cannot be met under a yearly cap (note 43).

    `room` is what the year really has room for, where exemptions or shared codes make it differ
    from the cap times the base.
    """
    a_year = 4 * ratio
    if base is None:
        owed = ""
        is_possible = a_year <= cap
    else:
        a_quarter = required_count(ratio, base)
        owed = f"现有 {base} 家，每季度 {a_quarter} 家次、全年 {4 * a_quarter} 家次，"
        most = cap * base if room is None else room
        owed += f"上限只容 {most} 家次；"
        is_possible = 4 * a_quarter <= most
    if is_possible:
        return None
    return (
        f"{what}每季度 {percent(ratio)}，全年平均每家 {decimal(a_year)} 次，"
        f"年度上限为每家 {cap} 次。{owed}无法全年完成。请登记豁免理由或调整比例。"
    )
