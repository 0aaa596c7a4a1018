"""Texts that are nearly the same: sets of letter groups, compared exactly (Jaccard)."""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

SIZE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """Two keys, the smaller first, and the share of letter groups they have in common."""

    one: str
    other: str
    share: Fraction


def plain(text: str) -> str:
    """Letters and digits alone: blanks, punctuation, width and case tell nothing."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in folded if letter.isalnum())


def groups(text: str) -> frozenset[str]:
    """All runs of four letters; of a shorter text the whole."""
    letters = plain(text)
    if len(letters) <= SIZE:
        return frozenset({letters}) if letters else frozenset()
    return frozenset(letters[i : i + SIZE] for i in range(len(letters) - SIZE + 1))


def share(one: frozenset[str], other: frozenset[str]) -> Fraction:
    """Common groups over all groups; two empty texts have nothing in common."""
    both = len(one | other)
    return Fraction(len(one & other), both) if both else Fraction(0)


def near_copies(texts: Mapping[str, str], *, least: Fraction) -> tuple[Likeness, ...]:
    """Every pair whose share is `least` (above 0) or more.

    Exact: a pair that reaches `least` has one of the first, rarest groups of each in common, so
    only such pairs are compared.
    """
    sets = {key: groups(text) for key, text in sorted(texts.items())}
    counts = Counter(group for held in sets.values() for group in held)
    seen: defaultdict[str, list[str]] = defaultdict(list)
    found = []
    for key, held in sets.items():
        first = sorted(held, key=lambda group: (counts[group], group))[: _prefix(len(held), least)]
        for other in sorted({other for group in first for other in seen[group]}):
            if (alike := share(held, sets[other])) >= least:
                found.append(Likeness(one=other, other=key, share=alike))
        for group in first:
            seen[group].append(key)
    return tuple(sorted(found, key=lambda row: (row.one, row.other)))


def _prefix(size: int, least: Fraction) -> int:
    return size + (-size * least.numerator // least.denominator) + 1 if size else 0
