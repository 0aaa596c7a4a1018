"""Ratios, counts and quotas as people write and read them."""

import math
from fractions import Fraction

from gongchou.core.rules import Quota
from gongchou.core.terms import Rotation

PERIODS = {"month": "每月", "quarter": "每季度", "year": "每年"}


def decimal(value: Fraction, places: int = 2) -> str:
    """A fraction as people write it, cut (never rounded up) after so many places."""
    scaled = math.floor(value * 10**places)
    whole, rest = divmod(scaled, 10**places)
    return f"{whole}.{rest:0{places}}".rstrip("0").rstrip(".")


def near_percent(ratio: Fraction) -> str:
    """A chance as people check it: `25%`, `约 14.29%`, rounded half up to a hundredth."""
    hundredths = ratio * 10000
    shown = decimal(Fraction(math.floor(hundredths + Fraction(1, 2)), 100))
    return f"{'' if hundredths.denominator == 1 else '约 '}{shown}%"


def ratio_text(ratio: Fraction) -> str:
    """A ratio as the policies write it: in hundredths where that is exact, `25/100`, `1/3`."""
    hundredths = ratio * 100
    if hundredths.denominator == 1:
        return f"{hundredths.numerator}/100"
    return f"{ratio.numerator}/{ratio.denominator}"


def percent(ratio: Fraction) -> str:
    """A ratio as people read it: `25%`, `5` above one, `1/3` where no decimal is exact."""
    if ratio > 1:
        return decimal(ratio) if (ratio * 100).denominator == 1 else ratio_text(ratio)
    return f"{decimal(ratio * 100)}%" if (ratio * 10000).denominator == 1 else ratio_text(ratio)


def ratio_words(quota: Quota) -> str:
    """How much a quota asks for, as short as it can be said: `25%`, `每月 9%`, `每季度 12 家`."""
    period = PERIODS[quota.per]
    if quota.of == "fixed":
        return f"{period} {quota.ratio.numerator} 家"
    if quota.of == "inspectors":
        return f"{period}{quota.wording or f'每人 {percent(quota.ratio)} 家'}"
    return percent(quota.ratio) if quota.per == "quarter" else f"{period} {percent(quota.ratio)}"


def quota_text(quota: Quota) -> str:
    """A quota in one line, as the policy words it."""
    period = PERIODS[quota.per]
    if quota.of == "fixed":
        owed = f"{period} {quota.ratio.numerator} 家"
    elif quota.of == "inspectors":
        owed = f"{period}{quota.wording or '检查人员每人'}，即每人 {percent(quota.ratio)} 家"
    else:
        owed = f"{period} {percent(quota.ratio)}"
    if quota.yearly_least:
        owed += f"，全年至少覆盖 {percent(quota.yearly_least)}"
    if quota.is_offsite:
        return f"{owed}，非现场检查"
    reserved = f" {percent(quota.reserved)}" if quota.rotation is Rotation.YEAR_RESERVE else ""
    return f"{owed}，现场抽查，{quota.rotation.label}{reserved}"


def owed_text(quota: Quota, *, base: int, of: int, required: int) -> str:
    """The sum behind a number, worked out for a reader."""
    if base == 0:
        return "本季度无此类对象，应抽 0 家，不适用比例，视为达标。"
    whole = math.ceil(quota.ratio * of)
    sentence, owed = _sum_text(quota, base=base, of=of, whole=whole), whole
    no_repeat = quota.rotation is Rotation.YEAR_NO_REPEAT
    if quota.per == "year":
        bound = f"，年内不重复，以基数 {base} 家为限" if no_repeat and whole > base else ""
        sentence = f"全年{sentence}{bound}，按季度均摊本季度 {required} 家"
    elif quota.per == "month":
        owed = 3 * whole
        sentence = f"每月{sentence}，三个月 {owed} 家"
    if quota.yearly_least:
        least = math.ceil(quota.yearly_least * base)
        sentence += f"；全年至少覆盖 {percent(quota.yearly_least)} 即 {least} 家，按季度均摊"
        sentence += f"，本季度取较大者 {required} 家"
    elif required < owed and quota.per != "year":
        bound = f"，年内不重复，本季度 {required} 家" if no_repeat and required < base else ""
        sentence += bound or f"，以基数 {base} 家为限"
    return sentence + "。"


def _sum_text(quota: Quota, *, base: int, of: int, whole: int) -> str:
    if quota.of == "fixed":
        return f"固定抽查 {whole} 家（基数 {base} 家）"
    exact = quota.ratio * of
    up = "" if exact.denominator == 1 else f"{decimal(exact)}，进一为 "
    if quota.of == "inspectors":
        worded = f"{quota.wording}：" if quota.wording else ""
        return f"{worded}检查人员 {of} 人 × {percent(quota.ratio)} = {up}{whole} 家"
    return f"基数 {base} 家 × {percent(quota.ratio)} = {up}{whole} 家"
