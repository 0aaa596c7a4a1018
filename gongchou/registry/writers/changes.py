"""The dated, named change to which everything written belongs; what a row came to."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from itertools import chain
from operator import gt, itemgetter
from typing import Any

from django.db.models import Model

from gongchou.accounts.models import Bureau
from gongchou.core.powers import Actor
from gongchou.core.refusals import Refused
from gongchou.core.terms import ImportKind, RowOutcome
from gongchou.registry import models
from gongchou.registry.numbering import take

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What became of one row; `says` where it was turned away, `warns` where it was not."""

    outcome: RowOutcome
    says: str = ""
    warns: str = ""


ACCEPTED = Written(outcome=RowOutcome.ACCEPTED)
UPDATED = Written(outcome=RowOutcome.UPDATED)
UNCHANGED = Written(outcome=RowOutcome.UNCHANGED)
DUPLICATE = Written(outcome=RowOutcome.DUPLICATE, says="与本文件中前面的一行是同一对象，已略过")


def twice(titles: Sequence[str]) -> Written:
    """The same where the later row says something else."""
    return Written(
        outcome=RowOutcome.DUPLICATE,
        says=f"与本文件中前面的一行是同一对象而“{'”“'.join(titles[:3])}”不同，已略过本行，"
        "以前面的一行为准。请核对哪一行是对的",
    )


def rejected(says: str) -> Written:
    return Written(outcome=RowOutcome.REJECTED, says=says)


def open_change(
    kind: ImportKind, source: str, *, on: date, by: Actor, at: datetime, **more: Any
) -> models.RegisterChange:
    """The change to write under, numbered within the bureau."""
    owner = Bureau.objects.get(code=by.bureau)
    number = take(owner, "C", models.RegisterChange)
    return models.RegisterChange.objects.create(
        ref=f"C{by.bureau}-{number:06}",
        bureau=owner,
        kind=kind.value,
        source=source[:200],
        on=on,
        at=at,
        by_ref=by.ref,
        by_name=by.name,
        **more,
    )


_BREAK = re.compile(r"\s*[\x00-\x1f\x7f-\x9f\u2028\u2029]+\s*")


def settled(values: Values) -> Values:
    """Texts without line breaks and in the one form of their characters that can be frozen.

    Spreadsheets break names in cells, and other systems write compatibility forms; either would
    keep a whole register from being frozen later.
    """
    if _is_settled(_SEAM.join([text for text in values.values() if text.__class__ is str])):
        lists = [found for found in values.values() if found.__class__ is list and found]
        if all(_is_settled(_SEAM.join(found)) for found in lists):
            return values
    odd: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, str):
            if not _is_settled(value):
                odd[name] = _settled(value)
        elif isinstance(value, list) and not all(map(_is_settled, value)):
            parts = (part for text in value for part in _BREAK.split(text))
            odd[name] = sorted({_settled(part) for part in parts if part})
    return {**values, **odd} if odd else values


def all_settled(rows: Sequence[Values]) -> Sequence[Values]:
    """`settled` for a lot of rows: mostly one look at each column shows that nothing is to do."""
    names = rows[0].keys() if rows else ()
    if all(row.keys() == names for row in rows):
        columns = (list(map(itemgetter(name), rows)) for name in names)
        if all(map(_is_column_settled, columns)):
            return rows
    return [settled(values) for values in rows]


def _is_column_settled(column: list[Any]) -> bool:
    """Lists are few, and shared between the rows of a file, as are many texts."""
    kinds = set(map(type, column))
    if kinds == {str}:
        return _is_settled(_SEAM.join(set(column)))
    kept = {id(found): found for found in column if found.__class__ in (str, list)}.values()
    texts = chain.from_iterable([one] if one.__class__ is str else one for one in kept)
    return _is_settled(_SEAM.join(texts))


# What joins with nothing before or after it.
_SEAM = "|"


def _is_settled(text: str) -> bool:
    """Breaks are never printable, but a few blanks are not either."""
    if not text.isprintable() and (text.isascii() or _BREAK.search(text)):
        return False
    return unicodedata.is_normalized("NFC", text)


def _settled(text: str) -> str:
    """A break between two words of Latin letters or digits leaves a blank, others leave nothing."""

    def between(found: re.Match[str]) -> str:
        sides = text[: found.start()][-1:] + text[found.end() :][:1]
        return " " if len(sides) == 2 and sides.isascii() and sides.isalnum() else ""

    return unicodedata.normalize("NFC", _BREAK.sub(between, text))


def check_lengths(model: type[Model], values: Values) -> None:
    """Refused where a text does not fit its field; SQLite would keep it, PostgreSQL would not."""
    limits = _limits(model, tuple(values))
    if limits.fit(values):
        return
    for name, longest, label in limits.each:
        if len(values[name] or "") > longest:
            raise Refused(f"“{label}”超过 {longest} 个字，请缩短")


def all_fit(model: type[Model], rows: Sequence[Values]) -> bool:
    """Whether every text of a lot fits its field: one look at each column instead of each row."""
    names = rows[0].keys() if rows else ()
    if not all(row.keys() == names for row in rows):
        return False
    limits = _limits(model, tuple(names)).each
    return all(_longest(map(itemgetter(name), rows)) <= longest for name, longest, _ in limits)


def _longest(texts: Iterable[str | None]) -> int:
    """Of a column that repeats a few texts each is measured once."""
    found = set(texts)
    found.discard(None)
    return max(map(len, found), default=0)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class _Limits:
    """The texts among some columns, how long each may be and what it is called."""

    each: tuple[tuple[str, int, str], ...]
    longest: tuple[int, ...]

    def fit(self, values: Values) -> bool:
        """One look at a whole row, for nearly every row fits."""
        found = [values[name] for name, _, _ in self.each]
        return None not in found and not any(map(gt, map(len, found), self.longest))


@lru_cache(maxsize=256)
def _limits(model: type[Model], names: tuple[str, ...]) -> _Limits:
    """What is chosen from a list fits by itself."""
    fields = [f for f in model._meta.concrete_fields if f.max_length and not f.choices]
    each = tuple((f.name, f.max_length or 0, str(f.verbose_name)) for f in fields)
    given = tuple(row for row in each if row[0] in names)
    return _Limits(given, tuple(longest for _, longest, _ in given))


def check_order(since: date, change: models.RegisterChange) -> None:
    """What holds from a later day is not overwritten by a change of an earlier one."""
    if since > change.on:
        raise Refused(
            f"名录中已有 {since} 起的较新内容，不能再写入 {change.on} 的变更，"
            f"请改为从 {since} 或以后生效"
        )


def holds(row: Any, fields: Values) -> bool:
    return all(getattr(row, name) == value for name, value in fields.items())
