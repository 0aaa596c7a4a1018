"""Pictures of what is published, drawn on the server: a line of words and a bar for each number.

A bar is 1,000 units wide; every bar stands beside its number in words, and the table follows.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from gongchou.core.terms import VisitResult
from gongchou.publication.reads import ResultRow

WIDE, DOT = 1000, 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One number: its name, its words, and where its bar begins and how wide it is."""

    label: str
    says: str
    start: int
    width: int
    dot: int = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Bars on one scale, and the sentence that says what they show."""

    says: str
    bars: tuple[Bar, ...]
    is_range: bool = False


def _share(part: int, whole: int) -> int:
    return WIDE * part // whole if whole else 0


def _percent(part: int, whole: int) -> str:
    tenths = (2000 * part + whole) // (2 * whole)
    return f"{tenths // 10}.{tenths % 10}%".replace(".0%", "%")


def by_result(rows: Iterable[ResultRow]) -> Chart:
    """How the checks that are public, at least one, ended; the most frequent first."""
    counted = Counter(row.visit_result for row in rows)
    total = sum(counted.values())
    clean = counted[VisitResult.NO_PROBLEM]
    bars = tuple(
        Bar(
            label=result.label,
            says=f"{count} 次，{_percent(count, total)}",
            start=0,
            width=_share(count, total),
        )
        for result, count in counted.most_common()
    )
    return Chart(says=f"公示的 {total} 次检查中，{clean} 次没有发现问题。", bars=bars)


def by_stratum(strata: Iterable[Mapping[str, Any]]) -> Chart | None:
    """Of each class, how many there are and how many at least are checked."""
    held = [row for row in strata if row["base_count"]]
    if not held:
        return None
    bars = tuple(
        Bar(
            label=row["name"],
            says=f"共 {row['base_count']} 家，至少查 {row['required_count']} 家",
            start=0,
            width=_share(row["required_count"], row["base_count"]),
        )
        for row in held
    )
    return Chart(says="条的全长是每一类的全部企业，深色部分是本季度至少要查的。", bars=bars)


def of_rates(rows: Iterable[Mapping[str, Any]]) -> Chart | None:
    """Of each class, between how many and how many probably have a problem."""
    held = [row for row in rows if row["size"] and row["checked"]]
    if not held:
        return None
    return Chart(
        says=(
            "深色的一段表示真实的比例很可能在哪里，竖线是最可能的数；"
            "查得越少，这一段越长。从左到右是 0% 到 100%。"
        ),
        bars=tuple(_range(row) for row in held),
        is_range=True,
    )


def _range(row: Mapping[str, Any]) -> Bar:
    low, high, size = row["low"], row["high"], row["size"]
    at = _share(size * row["problems"], row["checked"] * size)
    where = f"{_percent(low, size)} 到 {_percent(high, size)}"
    return Bar(
        label=row["name"],
        says=f"{size} 家中，有问题的在 {low} 到 {high} 家之间（{where}）",
        start=_share(low, size),
        width=max(DOT, _share(high - low, size)),
        dot=min(WIDE - DOT, max(0, at - DOT // 2)),
    )
