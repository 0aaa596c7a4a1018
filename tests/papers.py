"""Reading a PDF back, as an auditor would: its words, its pages, its fonts.

Whatever is read here is first held against the rules of an archive (PDF/A-2a), read by hand and by
a second program, so that no kind of paper is left out of that.
"""

import re
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import pypdfium2

_NUMBER = re.compile(r'(\w+)="([\d.-]+)"')


FORBIDDEN = (
    b"Encrypt", b"JavaScript", b"JS", b"Launch", b"AA", b"XFA", b"RichMedia", b"Movie", b"Sound",
    b"EmbeddedFile", b"LZWDecode", b"SubmitForm", b"ImportData",
)  # fmt: skip
NEEDED = {
    "版本": rb"\A%PDF-1\.[4-7]\n%[\x80-\xff]{4}",
    "文件标识": rb"trailer\s*<<[^>]*/ID\s*\[\([^)]+\)\([^)]+\)\]",
    "元数据": rb"/Type\s*/Catalog.{0,400}/Metadata \d+ 0 R",
    "结构树": rb"/Type\s*/Catalog.{0,400}/StructTreeRoot \d+ 0 R",
    "标记": rb"/MarkInfo\s*<<\s*/Marked true",
    "语言": rb"/Lang\s*\(zh-CN\)",
    "输出意图": rb"/DestOutputProfile \d+ 0 R\s*/S\s*/GTS_PDFA1",
    "归档部分": rb"<pdfaid:part>2</pdfaid:part>",
    "归档级别": rb"<pdfaid:conformance>A</pdfaid:conformance>",
    "结尾": rb"%%EOF\s*\Z",
}
_STREAM = re.compile(rb"stream\r?\n.*?endstream", re.DOTALL)


def archival_problems(pdf: bytes) -> list[str]:
    """What an archive would refuse in a PDF; nothing where it may keep it for ever."""
    bare = _STREAM.sub(b"", pdf)
    found = [f"缺少{name}" for name, wanted in NEEDED.items() if not re.search(wanted, pdf, re.S)]
    found += [f"含有{name.decode()}" for name in FORBIDDEN if re.search(rb"/%s\b" % name, bare)]
    if b"/ObjStm" in bare:
        found.append("对象被压缩，无法逐个核对")
    for line in _told("pdffonts", pdf).splitlines()[2:]:
        embedded, _, in_words = line.split()[-5:-2]
        found += (
            [] if (embedded, in_words) == ("yes", "yes") else [f"字体没有嵌入：{line.split()[0]}"]
        )
    document = pypdfium2.PdfDocument(pdf)
    if not len(document) or document.init_forms():
        found.append("另一个程序打开后没有页，或者有可填写的表单")
    return found


def _run(tool: str, pdf: bytes, *options: str) -> str:
    """What a tool says of a paper of ours; a foreign file goes through `_told` alone."""
    if b"/Creator (Typst" in pdf or b"typst" in pdf[-20000:].lower():
        assert archival_problems(pdf) == []
    return _told(tool, pdf, *options)


def _told(tool: str, pdf: bytes, *options: str) -> str:
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
