"""First letters of names, for search: 重庆 is cq, 重工 is zg."""

import unicodedata
from functools import cache

from pypinyin.phrases_dict import phrases_dict
from pypinyin.pinyin_dict import pinyin_dict

LONGEST = 4


def initials(name: str) -> str:
    """By the longest known phrase at each place, else by the character's first reading.

    The library's own way through whole sentences takes fifty times as long, which an import of
    a hundred thousand names would feel.
    """
    letters, place = [], 0
    while place < len(name):
        size, found = _at(name, place)
        letters.append(found)
        place += size
    return "".join(letters)[:200].lower()


def _at(name: str, place: int) -> tuple[int, str]:
    for size in range(LONGEST, 1, -1):
        phrase = name[place : place + size]
        if len(phrase) == size and phrase in phrases_dict:
            return size, _phrase(phrase)
    return 1, _character(name[place])


@cache
def _phrase(phrase: str) -> str:
    return "".join(_letter(readings[0]) for readings in phrases_dict[phrase])


@cache
def _character(character: str) -> str:
    readings = pinyin_dict.get(ord(character))
    return _letter(readings.split(",")[0]) if readings else character


def _letter(reading: str) -> str:
    return unicodedata.normalize("NFD", reading)[:1]
