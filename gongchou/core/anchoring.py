"""The mark on a paper printed in the office: which version it shows, and which files were there.

`GC2:<record digest>:<number of files>:<digest of the files>`; files count in the order in which
they were received, so that files which came later do not disturb an older paper.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

_MARK = re.compile(r"gc2:([0-9a-f]{64}):(\d{1,5}):([0-9a-f]{64})")


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperMark:
    """What a paper says of itself; `files` are counted, `evidence` is their digest."""

    record: str
    files: int
    evidence: str

    @property
    def text(self) -> str:
        return f"GC2:{self.record}:{self.files}:{self.evidence}"


def evidence_digest(files: Sequence[tuple[str, str]]) -> str:
    """SHA-256 over one line `ref sha256` a file, in the order in which they were received."""
    lines = "".join(f"{ref} {digest}\n" for ref, digest in files)
    return hashlib.sha256(lines.encode()).hexdigest()


def mark_of(text: str) -> PaperMark | None:
    """The mark in what was scanned; None where it is no mark of this kind."""
    found = _MARK.fullmatch("".join(text.split()).lower())
    if found is None:
        return None
    return PaperMark(record=found[1], files=int(found[2]), evidence=found[3])
