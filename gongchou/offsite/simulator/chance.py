"""Chance by counter: a stream is the hash of a seed and a name; order of asking is nothing."""

import hashlib
import sys
from array import array
from collections.abc import Sequence
from statistics import NormalDist
from typing import TypeVar

T = TypeVar("T")
STEPS = 1 << 16
_NORMAL = [NormalDist().inv_cdf((step + 0.5) / STEPS) for step in range(STEPS)]


class Chance:
    """The streams of one seed."""

    def __init__(self, seed: int | str) -> None:
        self._seed = str(seed)

    def _words(self, name: str, count: int) -> "array[int]":
        content = hashlib.shake_128(f"{self._seed}/{name}".encode()).digest(2 * count)
        words = array("H", content)
        if sys.byteorder == "big":
            words.byteswap()
        return words

    def normals(self, name: str, count: int) -> list[float]:
        """Independent standard normal numbers."""
        return [_NORMAL[word] for word in self._words(name, count)]

    def uniforms(self, name: str, count: int) -> list[float]:
        """Independent numbers in (0, 1)."""
        return [(word + 0.5) / STEPS for word in self._words(name, count)]

    def one(self, name: str) -> float:
        content = hashlib.shake_128(f"{self._seed}/{name}".encode()).digest(7)
        return int.from_bytes(content, "big") / (1 << 56)

    def between(self, name: str, low: float, high: float) -> float:
        return low + (high - low) * self.one(name)

    def whole(self, name: str, low: int, high: int) -> int:
        """A whole number from low to high, both possible."""
        return low + int(self.one(name) * (high - low + 1))

    def pick(self, name: str, choices: Sequence[T]) -> T:
        return choices[int(self.one(name) * len(choices))]

    def shuffled(self, name: str, items: Sequence[T]) -> list[T]:
        keys = self.uniforms(name, len(items))
        order = sorted(range(len(items)), key=lambda place: (keys[place], place))
        return [items[place] for place in order]

    def drifting(self, name: str, count: int, keep: float, spread: float) -> list[float]:
        """AR(1) with mean 0 and this spread; `keep` is how much of each step remains."""
        step = spread * (1 - keep * keep) ** 0.5
        found, x = [], 0.0
        for place, z in enumerate(self.normals(name, count)):
            x = spread * z if place == 0 else keep * x + step * z
            found.append(x)
        return found
