"""From a template and values to a PDF/A: same template, values and instant, same bytes.

Knows no settings and no database, so commands can typeset without starting Django. Values go in as
JSON and are text to the typesetter, never code.
"""

import importlib.util
import io
import json
import re
import threading
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import segno
import typst

PACKAGE = Path(__file__).resolve().parents[1]
FONT_PACKAGE = "pylopdf_fonts_zh_cn"
# Accessible and archival. It refuses a page with a missing glyph, so none can pass unseen.
STANDARD: Literal["a-2a"] = "a-2a"
STAND_IN = "〓"
MOST_STAND_INS = 50
# Subfolders of the bureau's folder, and the use on paper of what lies in them.
USES = {
    "小标宋": "xiaobiaosong",
    "宋体": "song",
    "仿宋": "fangsong",
    "楷体": "kaiti",
    "黑体": "heiti",
}
_NO_GLYPH = re.compile(r'the text `"(.+?)"` could not be displayed', re.DOTALL)
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")

_own = threading.local()


def font_folders(own: Path | None) -> list[Path]:
    """Where fonts are looked for: the bureau's own folder first, then those of the package."""
    spec = importlib.util.find_spec(FONT_PACKAGE)
    packaged = list(spec.submodule_search_locations or ()) if spec else []
    return [folder for folder in (own, *map(Path, packaged)) if folder is not None]


def families(own: Path | None) -> list[str]:
    """Names of the font families that papers can use."""
    return _fonts(own).families()


def used_as(own: Path | None) -> dict[str, list[str]]:
    """Families that lie in a folder named after their use: 仿宋, 黑体 and so on."""
    folders = {use: own / name for name, use in USES.items() if own and (own / name).is_dir()}
    found = {use: _families_in(folder) for use, folder in folders.items()}
    return {use: names for use, names in found.items() if names}


def _families_in(folder: Path) -> list[str]:
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)]
    )
    return sorted(fonts.families())


def _fonts(own: Path | None) -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=True,
        font_paths=[str(folder) for folder in font_folders(own)],
    )


def _compiler(own: Path | None) -> tuple[typst.Compiler, str]:
    """One compiler a thread, for two must not share it, and the uses of the bureau's fonts."""
    held: dict[Path | None, tuple[typst.Compiler, str]]
    held = _own.__dict__.setdefault("compilers", {})
    if own not in held:
        made = typst.Compiler(root=PACKAGE, font_paths=_fonts(own), ignore_system_fonts=True)
        held[own] = made, json.dumps(used_as(own), sort_keys=True)
    return held[own]


def compile_paper(
    template: str, data: Mapping[str, Any], *, at: datetime, fonts: Path | None = None
) -> bytes:
    """The PDF of a template of the package (`room/papers/name.typ`), made at the instant `at`.

    A character that no font has is printed as 〓, and a note gives its code.
    """
    text, missing = json.dumps(data, ensure_ascii=False, sort_keys=True), list[str]()
    for _ in range(MOST_STAND_INS):
        try:
            return _compile(template, text, missing, at, fonts)
        except typst.TypstError as error:
            unknown = _without_glyph(error, text)
            if not unknown:
                raise
            for character in unknown:
                text = text.replace(character, STAND_IN)
                missing.append(f"U+{ord(character):04X}")
    raise ValueError(f"more than {MOST_STAND_INS} texts without a glyph")


def _compile(
    template: str, text: str, missing: list[str], at: datetime, fonts: Path | None
) -> bytes:
    if missing:
        text = json.dumps({**json.loads(text), "missing": sorted(missing)}, ensure_ascii=False)
    compiler, uses = _compiler(fonts)
    made = compiler.compile(
        input=PACKAGE / template,
        format="pdf",
        sys_inputs={"data": text, "fonts": uses},
        pdf_standards=[STANDARD],
        timestamp=int(at.timestamp()),
    )
    assert isinstance(made, bytes)
    return made


def _without_glyph(error: typst.TypstError, text: str) -> list[str]:
    """The characters of the values that the typesetter could not show, in order."""
    found = _NO_GLYPH.search(str(error))
    named = _ESCAPED.sub(lambda m: chr(int(m[1], 16)), found[1]) if found else ""
    return [c for c in dict.fromkeys(named) if c in text and c != STAND_IN]


def picture_png(svg: str, says: str, *, fonts: Path | None = None) -> bytes:
    """A chart as pixels, for a document that cannot hold vector graphics."""
    compiler, uses = _compiler(fonts)
    data = json.dumps({"svg": svg, "says": says}, ensure_ascii=False)
    made = compiler.compile(
        input=PACKAGE / "web/paper/picture.typ",
        format="png",
        ppi=200.0,
        sys_inputs={"data": data, "fonts": uses},
    )
    assert isinstance(made, bytes)
    return made


def qr_png(text: str) -> bytes:
    """The same code as pixels."""
    picture = io.BytesIO()
    segno.make(text, error="m", encoding="utf-8").save(picture, kind="png", scale=6, border=2)
    return picture.getvalue()


def qr_svg(text: str) -> str:
    """A text as a picture to scan; bytes depend on the text alone."""
    picture = io.BytesIO()
    segno.make(text, error="m", encoding="utf-8").save(
        picture, kind="svg", scale=4, border=2, xmldecl=False
    )
    return picture.getvalue().decode()
