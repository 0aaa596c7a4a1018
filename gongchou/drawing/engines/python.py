"""Selection with the standard library alone: two passes over the rows, only candidates are kept."""

import hashlib
from collections.abc import Callable, Mapping
from heapq import nsmallest

from gongchou.core.canon import hash_of
from gongchou.core.draw import Rate
from gongchou.drawing.engines.manner import ALL, Manner, Rows, counts, sizes_of

Candidate = tuple[bytes, str]


def _ticketer(key: str, manner: Manner) -> Callable[[str], bytes]:
    """The keyed state copied for each id is a third faster than hashing the key anew."""
    kept = manner.digits // 2
    if manner.profile != "sha256":
        hash_ = hash_of(manner.profile)
        return lambda pid: hash_((key + pid).encode())[:kept]
    keyed = hashlib.sha256(key.encode())

    def ticket(pid: str) -> bytes:
        state = keyed.copy()
        state.update(pid.encode())
        return state.digest()[:kept]

    return ticket


def _bytes(bound: str) -> bytes:
    return b"\xff" * 33 if bound == ALL else bytes.fromhex(bound)


def _sifted(
    rows: Rows, ticket: Callable[[str], bytes], bounds: Mapping[str, bytes]
) -> dict[str, list[Candidate]]:
    found: dict[str, list[Candidate]] = {stratum: [] for stratum in bounds}
    for pid, stratum in rows:
        place = ticket(pid)
        if place < bounds[stratum]:
            found[stratum].append((place, pid))
    return found


def select(
    rows: Rows, key: str, rates: Mapping[str, Rate], manner: Manner
) -> dict[str, tuple[str, ...]]:
    """The drawn ids of each stratum in ticket order; memory for the candidates only."""
    sizes, ticket = sizes_of(rows), _ticketer(key, manner)
    wanted = counts(sizes, rates)
    bounds = {s: _bytes(manner.bound(k, sizes.get(s, 0))) for s, k in wanted.items()}
    found = _sifted(rows, ticket, bounds)
    for stratum, count in wanted.items():
        if len(found[stratum]) < count:
            again = ((ticket(pid), pid) for pid, other in rows if other == stratum)
            found[stratum] = nsmallest(count, again)
    return {s: tuple(pid for _, pid in sorted(found[s])[:k]) for s, k in wanted.items()}
