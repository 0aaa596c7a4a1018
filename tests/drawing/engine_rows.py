"""Rows to draw from, and what every engine must give for them."""

import hashlib
import random
from collections.abc import Sequence

from gongchou.core.draw import Rate
from gongchou.drawing.engines.manner import Manner

KEY = "b98454d01e00748c1f5832788a6063bb"
SIZE = 20_000
RATES = {
    "general": Rate(num=3, den=100, floor=1),
    "key.fresh": Rate(num=25, den=100, floor=1),
    "empty": Rate(num=1, den=2, floor=1),
    "none": Rate(num=0, den=1, floor=0),
    "whole": Rate(num=1, den=1, floor=0),
}
NAMES = ["general"] * 15 + ["key.fresh"] * 3 + ["none", "whole"]
# Tickets of eight bits fall together by the score; a bound of zero lets nobody through.
TIES = Manner(digits=2)
BLOCKED = Manner(bound=lambda count, size: "0" * 64)
MANNERS = {"as announced": Manner(), "ties": TIES, "filter fails": BLOCKED}

Rows = Sequence[tuple[str, str]]


def make_rows(size: int = SIZE) -> Rows:
    """Ids of 22 hex digits, some site codes among them, in no order."""
    chance = random.Random(5)
    return [
        (f"{chance.getrandbits(88):022x}" if n % 50 else f"9113-{n:09}X-A", chance.choice(NAMES))
        for n in range(size)
    ]


def expected(rows: Rows, manner: Manner) -> dict[str, tuple[str, ...]]:
    """The whole roster sorted, without any filter: the definition itself."""

    def ticket(pid: str) -> bytes:
        return hashlib.sha256((KEY + pid).encode()).digest()[: manner.digits // 2]

    found = {}
    for stratum, rate in RATES.items():
        own = sorted((ticket(pid), pid) for pid, name in rows if name == stratum)
        count = min(len(own), max(-(-len(own) * rate.num // rate.den), rate.floor))
        found[stratum] = tuple(pid for _, pid in own[:count])
    return found
