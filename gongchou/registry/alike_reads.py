"""Sites whose names look alike: found in two goes, so that a long register takes little memory."""

import re
from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from gongchou.core.codes import matching_key
from gongchou.registry.light_reads import Light

# So many of those with a like name are named.
NAMED = 5
_TAIL = re.compile(r"(股份|有限|责任|公司|[（(].*?[)）]|厂$)")


def key_of(name: str) -> str:
    """What is left of a name without its legal form and remarks."""
    return _TAIL.sub("", matching_key(name))


class Alike:
    """Takes note of every name and its site by eight bytes each; then says who shares theirs."""

    def __init__(self) -> None:
        self._seen, self._sites = array("q"), array("q")

    def look(self, row: Light) -> None:
        self._seen.append(hash(key_of(row.name)))
        self._sites.append(row.subject)

    def twice(self) -> Sequence[int]:
        """The sites whose name was met more than once, in the order they were looked at."""
        marks = sorted(self._seen)
        shared = {one for one, next_one in pairwise(marks) if one == next_one}
        pairs = zip(self._seen, self._sites, strict=True) if shared else ()
        return array("q", (site for mark, site in pairs if mark in shared))


def groups(rows: Iterable[Light]) -> Iterator[list[Light]]:
    """Rows under one name, where they may be one site."""
    found: dict[str, list[Light]] = {}
    for row in rows:
        found.setdefault(key_of(row.name), []).append(row)
    return (group for group in found.values() if len(group) > 1 and not _are_told_apart(group))


def _are_told_apart(group: list[Light]) -> bool:
    """Sites of one enterprise under one name have site codes of their own."""
    return len({(row.uscc, row.name) for row in group}) == 1 and all(r.site_code for r in group)
