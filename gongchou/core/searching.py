"""Full-text search in Chinese without a dictionary: pairs of letters, ranked exactly."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from gongchou.core.likeness import plain


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Something that can be found; words of the title weigh as much again."""

    key: str
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A document and the share, above 0 to 1, of what was asked that it has."""

    document: Document
    share: Fraction


def pairs(text: str) -> frozenset[str]:
    """All pairs of neighbouring letters; of a single letter the letter."""
    letters = plain(text)
    if len(letters) == 1:
        return frozenset({letters})
    return frozenset(letters[i : i + 2] for i in range(len(letters) - 1))


def search(
    documents: Iterable[Document], asked: str, *, least: Fraction, most: int
) -> tuple[Hit, ...]:
    """Documents with at least a share of each word asked for, the best first.

    Words are parted by blanks and every one of them has to be there; what has a word in its title
    stands before what has it in the text alone.
    """
    words = [found for word in asked.split() if (found := pairs(word))]
    if not words:
        return ()
    ranked = []
    for document in documents:
        title, text = plain(document.title), plain(document.text)
        in_title = [_share(word, title) for word in words]
        anywhere = [_share(word, f"{title}\n{text}") for word in words]
        if min(anywhere) >= least:
            share = sum(anywhere, Fraction(0)) / len(words)
            ranked.append((-share, -sum(in_title, Fraction(0)), document.key, document))
    ranked.sort(key=lambda row: row[:3])
    return tuple(Hit(document=row[3], share=-row[0]) for row in ranked[:most])


def _share(word: frozenset[str], letters: str) -> Fraction:
    return Fraction(sum(pair in letters for pair in word), len(word))
