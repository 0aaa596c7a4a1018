"""What an import did or would do: every row has exactly one outcome."""

import gzip
import io
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import islice
from typing import Any

from gongchou.core.refusals import Problem
from gongchou.core.terms import RowOutcome
from gongchou.registry.importing.findings import Findings

COUNTS = {
    RowOutcome.ACCEPTED: "accepted",
    RowOutcome.UPDATED: "updated",
    RowOutcome.UNCHANGED: "unchanged",
    RowOutcome.DUPLICATE: "duplicates",
    RowOutcome.REJECTED: "rejected",
}


@dataclass(slots=True, kw_only=True)
class ImportReport:
    """Counts per outcome and all problems; rows = the sum of the counts, always."""

    outcomes: Counter[RowOutcome] = field(default_factory=Counter)
    problems: Findings = field(default_factory=Findings)
    warnings: Findings = field(default_factory=Findings)
    # What concerns the whole file and no row of it.
    remarks: list[str] = field(default_factory=list)
    sensitive: int = 0
    diff: Sequence[Any] = ()

    def add(
        self, outcome: RowOutcome, problems: Sequence[Problem], warnings: Sequence[Problem] = ()
    ) -> None:
        self.outcomes[outcome] += 1
        if problems:
            self.problems.extend(problems)
        if warnings:
            self.warnings.extend(warnings)

    def warn(self, warnings: Sequence[Problem]) -> None:
        """What concerns no row that counts."""
        self.warnings.extend(warnings)
        self.remarks += [warning.says for warning in warnings if not warning.row]

    @property
    def rows(self) -> int:
        return sum(self.outcomes.values())

    @property
    def rejected(self) -> int:
        return self.outcomes[RowOutcome.REJECTED]

    def counts(self) -> dict[str, int]:
        counted = {name: self.outcomes[outcome] for outcome, name in COUNTS.items()}
        return {"rows": self.rows, **counted}

    def plain(self, most: int | None = None) -> dict[str, Any]:
        """The report as one document; of a long one only the first problems are wanted."""
        return {
            **self.counts(),
            "kinds": self.kinds(),
            "warnings": [asdict(warning) for warning in islice(self.warnings, most)],
            "problems": [asdict(problem) for problem in islice(self.problems, most)],
        }

    def kinds(self) -> list[dict[str, Any]]:
        """How often each kind of problem occurs."""
        return [asdict(kind) for kind in self.problems.kinds()]

    def document(self) -> Iterator[str]:
        """The JSON document of `gongchou register import --json`, piece by piece."""
        head = json.dumps({**self.counts(), "kinds": self.kinds()}, ensure_ascii=False)
        yield head[:-1]
        for name, findings in (("warnings", self.warnings), ("problems", self.problems)):
            yield f', "{name}": ['
            for number, problem in enumerate(findings):
                yield (", " if number else "") + json.dumps(asdict(problem), ensure_ascii=False)
            yield "]"
        yield "}"

    def packed(self) -> bytes:
        """All problems, then all warnings, a JSON line each, as a batch keeps them."""
        buffer = io.BytesIO()
        with gzip.GzipFile(fileobj=buffer, mode="wb", mtime=0) as file:
            for mark, findings in (("退回", self.problems), ("提示", self.warnings)):
                for found in findings:
                    line = [mark, found.row, found.column, found.value, found.says]
                    file.write(json.dumps(line, ensure_ascii=True).encode("ascii") + b"\n")
        return buffer.getvalue()


def unpacked(content: bytes) -> Iterator[tuple[str, int, str, str, str]]:
    """The lines of `packed`, one at a time."""
    with gzip.GzipFile(fileobj=io.BytesIO(content)) as file:
        for line in file:
            mark, row, column, value, says = json.loads(line)
            yield mark, row, column, value, says
