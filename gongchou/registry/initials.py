"""First letters of names, for search: 重庆 is cq, 重工 is zg."""

import unicodedata
from functools import cache
from operator import add

from pypinyin.phrases_dict import phrases_dict
from pypinyin.pinyin_dict import pinyin_dict

LONGEST = 4


def initials(name: str) -> str:
    """By the longest known phrase at each place, else by the character's first reading.

    The library's own way through whole sentences takes fifty times as long, which an import of
    a hundred thousand names would feel. Most names hold no phrase that reads otherwise than its
    characters do one by one.
    """
    if _odd_beginnings().isdisjoint(map(add, name, name[1:])):
        return name.translate(_single_letters())[:200].lower()
    begun, letters, place = _beginnings(), [], 0
    while place < len(name):
        size = _phrase_at(name, place) if name[place : place + 2] in begun else 1
        letters.append(_letters(name[place : place + size]))
        place += size
    return "".join(letters)[:200].lower()


@cache
def _beginnings() -> frozenset[str]:
    """The first two characters of every phrase that is looked for."""
    return frozenset(phrase[:2] for phrase in phrases_dict if 1 < len(phrase) <= LONGEST)


@cache
def _single_letters() -> dict[int, str]:
    """The letter of each character on its own."""
    return {code: _letter(readings.split(",")[0]) for code, readings in pinyin_dict.items()}


@cache
def _odd_beginnings() -> frozenset[str]:
    """The first two characters of the phrases in which a character reads otherwise than alone."""
    single = _single_letters()
    return frozenset(
        phrase[:2]
        for phrase in phrases_dict
        if 1 < len(phrase) <= LONGEST and _letters(phrase) != phrase.translate(single)
    )


def _phrase_at(name: str, place: int) -> int:
    """How long the longest phrase is that begins here; 1 where none does."""
    for size in range(LONGEST, 1, -1):
        phrase = name[place : place + size]
        if len(phrase) == size and phrase in phrases_dict:
            return size
    return 1


@cache
def _letters(part: str) -> str:
    """Of one phrase, or of one character."""
    if len(part) > 1:
        return "".join(_letter(readings[0]) for readings in phrases_dict[part])
    readings = pinyin_dict.get(ord(part))
    return _letter(readings.split(",")[0]) if readings else part


def _letter(reading: str) -> str:
    return unicodedata.normalize("NFD", reading)[:1]
