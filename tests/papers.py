"""Reading a PDF back, as an auditor would: its words, its pages, its fonts."""

import re
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

_NUMBER = re.compile(r'(\w+)="([\d.-]+)"')


def _run(tool: str, pdf: bytes, *options: str) -> str:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "paper.pdf"
        path.write_bytes(pdf)
        command = [tool, *options, str(path), *(["-"] if tool == "pdftotext" else [])]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page, in its layout."""
    return _run("pdftotext", pdf, "-layout").split("\f")[:-1]


def words_of(pdf: bytes) -> str:
    """All text without blanks and line ends, which a typesetter puts where it likes."""
    return "".join(_run("pdftotext", pdf).split())


def fonts_of(pdf: bytes) -> list[str]:
    """Lines of the fonts in the file."""
    return _run("pdffonts", pdf).splitlines()[2:]


def boxes_outside(pdf: bytes) -> list[str]:
    """Words that stand less than 2 mm from an edge of the sheet, or beyond it."""
    found, width, height = [], 0.0, 0.0
    for line in _run("pdftotext", pdf, "-bbox").splitlines():
        numbers = {name: float(value) for name, value in _NUMBER.findall(line)}
        if "<page" in line:
            width, height = numbers["width"], numbers["height"]
        elif "<word" in line:
            left, right = numbers["xMin"], numbers["xMax"]
            is_inside = left >= 5 and right <= width - 5 and numbers["yMin"] >= 0
            if not (is_inside and numbers["yMax"] <= height):
                found.append(line.strip())
    return found
