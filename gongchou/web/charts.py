"""Charts as SVG, made on the server: the same numbers give the same picture, without script."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, LABEL, ROW, TOP = 640, 190, 34, 34
ROOM = WIDTH - LABEL - 130
WHOLE, PART, INK = "#c9d6dd", "#1f6f8b", "#1a1a1a"
FONT = "Noto Sans SC, SimHei, sans-serif"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One line: of so many so many are done."""

    label: str
    whole: int
    part: int


def bars(title: str, rows: Sequence[Bar], *, whole: str, part: str, unit: str) -> str:
    """Bars side by side on one scale; every bar also says its numbers in words."""
    height, most = TOP + ROW * len(rows) + 8, max([1, *(max(r.whole, r.part) for r in rows)])
    lines = [_line(row, TOP + ROW * n, most, unit) for n, row in enumerate(rows)]
    legend = (
        f'<rect x="{LABEL}" y="8" width="14" height="12" fill="{WHOLE}"/>'
        f"{_text(LABEL + 20, 19, whole)}"
        f'<rect x="{LABEL + 90}" y="8" width="14" height="12" fill="{PART}"/>'
        f"{_text(LABEL + 110, 19, part)}"
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'width="{WIDTH}" height="{height}" role="img" aria-label="{escape(title)}" '
        f'font-family="{FONT}" font-size="13"><title>{escape(title)}</title>'
        f"{legend}{''.join(lines)}</svg>"
    )


def _line(row: Bar, top: int, most: int, unit: str) -> str:
    long, short = ROOM * row.whole // most, ROOM * row.part // most
    return (
        f"{_text(LABEL - 10, top + 19, row.label, anchor='end')}"
        f'<rect x="{LABEL}" y="{top + 4}" width="{long}" height="22" fill="{WHOLE}"/>'
        f'<rect x="{LABEL}" y="{top + 9}" width="{short}" height="12" fill="{PART}"/>'
        f"{_text(LABEL + max(long, short) + 8, top + 19, f'{row.part} ／ {row.whole} {unit}')}"
    )


def _text(x: int, y: int, says: str, *, anchor: str = "start") -> str:
    return f'<text x="{x}" y="{y}" fill="{INK}" text-anchor="{anchor}">{escape(says)}</text>'
