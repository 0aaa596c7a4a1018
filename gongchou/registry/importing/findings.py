"""Everything found in a file, in its order: the first at hand, all further ones on disk."""

import json
import re
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO

from gongchou.core.refusals import Problem

AT_HAND = 1000
# So many kinds are told apart; a file that has more is not looked at kind by kind.
MOST_KINDS = 200
OTHER = "其他"
_OWN = re.compile(r"“[^”]*”|（[^）]*）|\d+")
_WHERE = re.compile(r"^第 \d+ 行(?:“[^”]*”|：)")


@dataclass(slots=True, kw_only=True)
class KindCount:
    """How often one kind of problem occurs, with the first sentence that told it."""

    column: str
    says: str
    count: int


class Findings:
    """Problems or warnings of one file; a million of them take no more memory than a thousand."""

    def __init__(self) -> None:
        self.first: list[Problem] = []
        self._count = 0
        self._rest: IO[str] | None = None
        self._kinds: dict[tuple[str, str], KindCount] = {}

    def extend(self, problems: Iterable[Problem]) -> None:
        for problem in problems:
            self._count += 1
            self._tally(problem)
            if len(self.first) < AT_HAND:
                self.first.append(problem)
            else:
                self._spill(problem)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Problem]:
        yield from self.first
        if self._rest is not None:
            self._rest.seek(0)
            for line in self._rest:
                row, column, value, says = json.loads(line)
                yield Problem(row=row, column=column, value=value, says=says)

    def kinds(self) -> tuple[KindCount, ...]:
        """The most frequent first."""
        return tuple(sorted(self._kinds.values(), key=lambda kind: -kind.count))

    def _tally(self, problem: Problem) -> None:
        """Two sentences are of one kind where they differ in names, numbers and remarks only."""
        key = (problem.column, _OWN.sub("", _WHERE.sub("", problem.says)))
        if key not in self._kinds and len(self._kinds) >= MOST_KINDS:
            key = ("", OTHER)
        kind = self._kinds.get(key)
        if kind is None:
            column, says = (problem.column, problem.says) if key[1] != OTHER else key
            self._kinds[key] = KindCount(column=column, says=says, count=1)
        else:
            kind.count += 1

    def _spill(self, problem: Problem) -> None:
        if self._rest is None:
            # It goes with this object.
            self._rest = tempfile.TemporaryFile(  # noqa: SIM115
                "w+", encoding="utf-8", errors="surrogatepass"
            )
        line = [problem.row, problem.column, problem.value, problem.says]
        self._rest.write(json.dumps(line, ensure_ascii=False) + "\n")
