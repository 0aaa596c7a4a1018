"""Write the diagrams of `docs/states.md` anew: `python -m tests.architecture.diagrams`."""

import re
from pathlib import Path

from gongchou.core.states import MOVES, diagram

from .sources import ROOT

DOCUMENT = ROOT / "docs" / "states.md"
_BLOCK = re.compile(r"(（`(\w+)`）\n(?:(?!\n## ).)*?```mermaid\n).*?(\n```)", re.DOTALL)


def renewed(text: str) -> str:
    """The document with the diagram under each heading made from the table of that heading."""
    kinds = {kind.__name__: kind for kind in MOVES}
    return _BLOCK.sub(lambda found: found[1] + diagram(kinds[found[2]]) + found[3], text)


def write(document: Path = DOCUMENT) -> None:
    document.write_text(renewed(document.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    write()
