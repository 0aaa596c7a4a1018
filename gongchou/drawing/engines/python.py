"""Selection with the standard library alone: two passes over the rows, only candidates are kept.

The first pass only counts; in a file it looks for the names of the strata and takes no line apart.
The second looks at every line, and makes one keyed digest a row, which is what the standard library
needs at the least.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from heapq import nsmallest

from gongchou.core.canon import hash_of
from gongchou.core.draw import Rate
from gongchou.drawing.engines.manner import ALL, DIGITS, Manner, Rows, counts, needs_rates, sizes_of
from gongchou.drawing.engines.rows import RowFile, parts_of

Candidate = tuple[bytes, bytes]
Hash = Callable[[bytes], bytes]


def _ticket(key: str, manner: Manner) -> Hash:
    kept, hash_, lead = manner.digits // 2, hash_of(manner.profile), key.encode()
    return lambda pid: hash_(lead + pid)[:kept]


def _bytes(bound: str) -> bytes:
    return b"\xff" * 33 if bound == ALL else bytes.fromhex(bound)


def _sizes(rows: Rows, rates: Mapping[str, Rate]) -> Mapping[str, int]:
    """Rows of each stratum; of a file only the announced strata, whatever else is in its lines."""
    if not isinstance(rows, RowFile):
        return sizes_of(rows)
    ends = {stratum: f"\t{stratum}\n".encode() for stratum in rates}
    found = Counter[str]()
    for block in rows.raw():
        for stratum, end in ends.items():
            found[stratum] += block.count(end)
    return found


def _below(pids: Iterable[bytes], ticket: Hash, bound: bytes) -> list[Candidate]:
    return [(place, pid) for pid in pids if (place := ticket(pid)) < bound]


def _below_quickly(pids: Iterable[bytes], key: str, bound: bytes) -> list[Candidate]:
    """The same for whole SHA-256 tickets: a state that has seen the key is copied for each row."""
    copy, found = hashlib.sha256(key.encode()).copy, list[Candidate]()
    keep = found.append
    for pid in pids:
        state = copy()
        state.update(pid)
        if (place := state.digest()) < bound:
            keep((place, pid))
    return found


def _candidates(
    rows: Rows, key: str, bounds: Mapping[str, bytes], manner: Manner
) -> dict[str, list[Candidate]]:
    found: dict[str, list[Candidate]] = {stratum: [] for stratum in bounds}
    is_plain = manner.profile == "sha256" and manner.digits == DIGITS
    ticket = _ticket(key, manner)
    for name, pids in parts_of(rows):
        stratum = name.decode()
        if stratum not in bounds:
            needs_rates(sizes_of(rows), bounds)
        bound = bounds[stratum]
        found[stratum] += (
            _below_quickly(pids, key, bound) if is_plain else _below(pids, ticket, bound)
        )
    return found


def _all(rows: Rows, ticket: Hash, stratum: str) -> Iterator[Candidate]:
    own = stratum.encode()
    return ((ticket(pid), pid) for name, pids in parts_of(rows) if name == own for pid in pids)


def select(
    rows: Rows, key: str, rates: Mapping[str, Rate], manner: Manner
) -> dict[str, tuple[str, ...]]:
    """The drawn ids of each stratum in ticket order; memory for the candidates only."""
    sizes = _sizes(rows, rates)
    wanted = counts(sizes, rates)
    bounds = {s: _bytes(manner.bound(k, sizes.get(s, 0))) for s, k in wanted.items()}
    found = _candidates(rows, key, bounds, manner)
    for stratum, count in wanted.items():
        if len(found[stratum]) < count:
            found[stratum] = nsmallest(count, _all(rows, _ticket(key, manner), stratum))
    return {s: tuple(pid.decode() for _, pid in sorted(found[s])[:k]) for s, k in wanted.items()}
