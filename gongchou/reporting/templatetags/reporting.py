"""How exact fractions of oversight are written."""

from fractions import Fraction

from django import template

register = template.Library()


def _rounded(value: Fraction, places: int) -> str:
    """Half away from zero, in integers: no float comes near it."""
    scale = 10**places
    whole = abs(value.numerator) * scale * 2 + value.denominator
    digits = whole // (value.denominator * 2)
    text = f"{digits // scale}.{digits % scale:0{places}}" if places else str(digits)
    return f"−{text}" if value < 0 and digits else text


@register.filter
def kappa(value: Fraction | None) -> str:
    """To two places; without a value the reason in two words."""
    return "无从计算" if value is None else _rounded(value, 2)


@register.filter
def percent(value: Fraction | None) -> str:
    return "—" if value is None else f"{_rounded(value * 100, 1)}%"
