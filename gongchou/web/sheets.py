"""Workbooks as they come out of a printer."""

from typing import Any

A4 = 9
FOOT = "&C第 &P 页，共 &N 页"


def on_a4(page: Any, *, heads: int, is_upright: bool = False) -> None:
    """Whole rows on every page, under the heads, which stand in row `heads` counted from 0."""
    if not is_upright:
        page.set_landscape()
    page.set_paper(A4)
    page.fit_to_pages(1, 0)
    page.repeat_rows(heads)
    page.set_footer(FOOT)
