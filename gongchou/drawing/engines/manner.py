"""What all engines share: how many to draw, and below which ticket to look for them."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from math import isqrt

from gongchou.core.draw import Rate, drawn_count
from gongchou.core.refusals import Invalid

DIGITS = 64
NO_FILTER_BELOW = 10_000
ALL = "g"  # sorts after every hex digit

Rows = Collection[tuple[str, str]]  # (pid, stratum), read more than once


def bound_of(count: int, size: int) -> str:
    """A ticket (hex) below which `count` of `size` lie but for once in millions of draws.

    (k + 6·⌊√k⌋ + 6)·2^256 // n. It only saves sorting: whoever finds fewer looks again without it.
    """
    bound: int = (count + 6 * isqrt(count) + 6) * 2**256 // max(size, 1)
    return ALL if size < NO_FILTER_BELOW or bound >= 2**256 else f"{bound:064x}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """Hash profile, database, and the memory that an engine may take, such as "256MB".

    Only tests shorten the tickets or move the bound.
    """

    profile: str = "sha256"
    database: str = ""
    memory: str = ""
    digits: int = DIGITS
    bound: Callable[[int, int], str] = bound_of


def needs_sha256(manner: Manner, engine: str) -> None:
    if manner.profile != "sha256":
        raise Invalid(f"引擎“{engine}”不会计算 {manner.profile} 摘要，请改用 python 引擎。")


def needs_rates(strata: Iterable[str], announced: Collection[str]) -> None:
    if unknown := sorted(set(strata) - set(announced)):
        raise Invalid(f"层“{'、'.join(unknown)}”没有公告抽取比例。")


def counts(sizes: Mapping[str, int], rates: Mapping[str, Rate]) -> dict[str, int]:
    """How many to draw of each announced stratum; Invalid where rows have no announced rate."""
    needs_rates(sizes, rates)
    return {stratum: drawn_count(rate, sizes.get(stratum, 0)) for stratum, rate in rates.items()}


def sizes_of(rows: Rows) -> Mapping[str, int]:
    return Counter(stratum for _, stratum in rows)
