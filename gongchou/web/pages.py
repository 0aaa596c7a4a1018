"""A long list in pages, as `web/_pager.html` turns them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

PAGE = 50
Row = TypeVar("Row")
Shown = TypeVar("Shown")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[Row]):
    """One page of a list, and how long the whole is."""

    rows: tuple[Row, ...]
    number: int
    pages: int
    total: int

    def shown_as(self, words: Callable[[Row], Shown]) -> "Page[Shown]":
        """The same page with each row put into other words."""
        rows = tuple(map(words, self.rows))
        return Page(rows=rows, number=self.number, pages=self.pages, total=self.total)


class Rows(Generic[Row]):
    """A list that stays in the database: only the page looked at is read."""

    def __init__(self, query: Any, made: Callable[[Any], Row]) -> None:
        self._query, self._made = query, made

    @cached_property
    def _length(self) -> int:
        return int(self._query.count())

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, wanted: slice) -> list[Row]:
        return [self._made(row) for row in self._query[wanted]]


def page_of(rows: Sequence[Row] | Rows[Row], asked: str, *, size: int = PAGE) -> Page[Row]:
    """The page that an address names; a page that is not there is the nearest one that is."""
    pages = max(1, -(-len(rows) // size))
    number = min(max(1, int(asked[:6])), pages) if asked.isdecimal() else 1
    shown = tuple(rows[(number - 1) * size : number * size])
    return Page(rows=shown, number=number, pages=pages, total=len(rows))
