"""The code on a paper by which its stamped scan is known again."""

import re

from gongchou.core.terms import PackagePart

PREFIX = "GONGCHOU1"
SHORT = 16
_TEXT = re.compile(rf"{PREFIX} ([a-z]+) (\S+) ([0-9a-f]{{64}})")


def code_text(part: PackagePart, ref: str, digest: str) -> str:
    """What the code holds: which kind of paper, which one, and the digest of its content."""
    return f"{PREFIX} {part.value} {ref} {digest}"


def short_code(digest: str) -> str:
    """The first sixteen characters in groups of four, for reading and typing; empty for none."""
    return " ".join(digest[n : n + 4] for n in range(0, min(SHORT, len(digest)), 4))


def typed_code(text: str) -> str:
    """What a person typed, without blanks and hyphens, in small letters."""
    return re.sub(r"[\s\-—－　]+", "", text).lower()


def parsed(text: str) -> tuple[str, str, str] | None:
    """Part, ref and digest of a code; None for a code that is not ours."""
    found = _TEXT.fullmatch(text)
    return (found[1], found[2], found[3]) if found else None
