"""The files of the field app: built once, served under `/field/` to anybody, holding no data."""

from pathlib import Path

import pylopdf_fonts_zh_cn
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

FOLDER = Path(__file__).parent / "static" / "field"
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".woff2": "font/woff2",
    ".otf": "font/otf",
}
# What the record is printed with on the spot: kept by the phone, so that no name has a gap.
FONT_NAME = "paper-font.1.otf"
PAPER_FONT = Path(pylopdf_fonts_zh_cn.__file__).parent / "NotoSansSC-Regular.otf"
# Named by what is in them, so they never change; the rest is asked for again each time.
FOR_EVER = "public, max-age=31536000, immutable"


@require_safe
def shell(request: HttpRequest, name: str = "index.html") -> HttpResponseBase:
    """One file of the app, by its name alone: there are no folders to climb."""
    path = PAPER_FONT if name == FONT_NAME else FOLDER / name
    if "/" in name or path.suffix not in TYPES or not path.is_file():
        raise Http404("没有这个文件，请从 /field/ 打开现场检查。")
    answer = FileResponse(path.open("rb"), content_type=TYPES[path.suffix])
    is_named_by_content = len(name.split(".")) > 2
    answer["Cache-Control"] = FOR_EVER if is_named_by_content else "no-cache"
    return answer
