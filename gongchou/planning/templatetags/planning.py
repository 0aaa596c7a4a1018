"""How strata, amounts and rates of a plan are shown."""

from fractions import Fraction

from django import template

from gongchou.core.quota_words import decimal
from gongchou.core.terms import Stratum

register = template.Library()
PARTS = {"fresh": "年内未查", "visited": "年内已查"}


@register.filter
def stratum_label(name: str) -> str:
    """`key.fresh` as 重点（年内未查）; a part of a stratum keeps its code."""
    base, *parts = name.split(".")
    label = Stratum(base).label if base in set(Stratum) else base
    return label + "".join(f"（{PARTS.get(part, part)}）" for part in parts)


@register.filter
def amount(value: Fraction) -> str:
    """An exact number as people write it, cut after two places."""
    return decimal(Fraction(value))


@register.filter
def rate(value: Fraction) -> str:
    """A share in percent, cut after two places."""
    return f"{decimal(Fraction(value) * 100)}%"
