"""Where a site stands: degrees as whole numbers, so that no rule about places needs a float.

A `Point` is longitude and latitude in ten-millionths of a degree (about a centimetre) on WGS84,
which is for our purpose the same as CGCS2000.
"""

import re
from fractions import Fraction

from gongchou.core.refusals import Invalid

Point = tuple[int, int]
SCALE = 10**7
PLACES = 7
# Longitude and latitude of the country, in whole degrees: whatever lies outside is a slip.
LONGITUDES, LATITUDES = (73, 136), (3, 54)
_DECIMAL = re.compile(r"(\d{1,3})(?:[.．](\d+))?", re.ASCII)
_SEXAGESIMAL = re.compile(
    r"(\d{1,3})[°度º](?:(\d{1,2})[′'’分])?(?:(\d{1,2}(?:\.\d+)?)(?:[″\"”秒]|''|′′))?", re.ASCII
)
_SIDES = re.compile(r"^(?:东经|北纬|[EeNn])|[EeNn°度º]$")


def degrees(text: str) -> int:
    """Degrees written 118.20064, 118°12′2.3″ or 东经118度12分2.3秒, in ten-millionths.

    ValueError with what follows the column's name in a sentence.
    """
    plain = "".join(text.split())
    found = _SEXAGESIMAL.fullmatch(_without_side(plain))
    if found and (found[2] or found[3]):
        return _of_parts(text, *found.groups())
    decimal = _DECIMAL.fullmatch(_SIDES.sub("", _SIDES.sub("", plain)))
    if decimal is None:
        raise ValueError(f"为“{text}”，不是经纬度，请写成 118.20064 或 118°12′2.3″ 的样子")
    return _round(Fraction(f"{decimal[1]}.{decimal[2] or 0}"))


def _without_side(text: str) -> str:
    return re.sub(r"^(?:东经|北纬|[EeNn])|[EeNn]$", "", text)


def _of_parts(text: str, whole: str, minutes: str | None, seconds: str | None) -> int:
    if int(minutes or 0) >= 60 or Fraction(seconds or 0) >= 60:
        raise ValueError(f"为“{text}”，分和秒应小于 60，请核对")
    return _round(int(whole) + Fraction(minutes or 0) / 60 + Fraction(seconds or 0) / 3600)


def _round(value: Fraction) -> int:
    """To the nearest ten-millionth, half up."""
    return int((value * SCALE * 2 + 1) // 2)


def written(value: int) -> str:
    """Ten-millionths as a decimal of degrees, as short as it is exact: 118.20064."""
    whole, rest = divmod(value, SCALE)
    return f"{whole}.{rest:0{PLACES}}".rstrip("0").rstrip(".")


def unwritten(text: str) -> int:
    """What `written` wrote, read back without a look at other ways to write degrees."""
    whole, _, rest = text.partition(".")
    return int(whole) * SCALE + int(f"{rest:0<{PLACES}}")


def both(longitude: int | None, latitude: int | None) -> Point | None:
    """The point these two make, in ten-millionths of a degree; None where either is missing."""
    return None if longitude is None or latitude is None else (longitude, latitude)


def point(longitude: str, latitude: str) -> Point | None:
    """The point of two written degrees; None where both are empty; Invalid where they are none."""
    if not longitude and not latitude:
        return None
    if not longitude or not latitude:
        raise Invalid("经度和纬度要一起填，只有一个不能定位。")
    try:
        found = degrees(longitude), degrees(latitude)
    except ValueError as error:
        raise Invalid(f"坐标{error}。") from error
    if problem := point_problem(found):
        raise Invalid(problem)
    return found


def point_problem(at: Point) -> str | None:
    """Why the point can be no site of this country, as a sentence, or None."""
    if _within(at[0], LONGITUDES) and _within(at[1], LATITUDES):
        return None
    if _within(at[1], LONGITUDES) and _within(at[0], LATITUDES):
        return "经度和纬度写反了，请对调。"
    return (
        f"坐标（{written(at[0])}，{written(at[1])}）不在国内：经度应在 {LONGITUDES[0]} 至 "
        f"{LONGITUDES[1]} 之间，纬度应在 {LATITUDES[0]} 至 {LATITUDES[1]} 之间；"
        "没有坐标的请留空。"
    )


def _within(value: int, limits: tuple[int, int]) -> bool:
    return limits[0] * SCALE <= value <= limits[1] * SCALE
