"""Copies for looking at: smaller, without the data a camera hides in a file, and marked as copies.

The original is only read. A copy says whose it is and of which original, so that a picture that
travels can be led back.
"""

import io
from functools import cache
from pathlib import Path
from typing import IO

import pylopdf_fonts_zh_cn
from PIL import Image, ImageDraw, ImageFont, ImageOps

from gongchou.core.refusals import Refused

WIDEST = 1600
# Below this a line of the band would hold a word or two only.
NARROWEST = 320
FONT = Path(pylopdf_fonts_zh_cn.__file__).parent / "NotoSansSC-Regular.otf"


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONT), size)


def marked_copy(original: IO[bytes], lines: tuple[str, ...], *, widest: int = WIDEST) -> bytes:
    """A JPEG of the picture with a band of lines below it; nothing of the picture is covered."""
    try:
        with Image.open(original) as opened:
            picture = ImageOps.exif_transpose(opened).convert("RGB")
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise Refused("这张图片打不开，不能显示副本。请下载原件查看。") from error
    picture.thumbnail((widest, widest))
    width = max(NARROWEST, picture.width)
    size = max(12, width // 45)
    step = size * 3 // 2
    shown = [line for text in lines for line in _folded(text, size, width - size)]
    made = Image.new("RGB", (width, picture.height + step * len(shown) + size), "white")
    made.paste(picture, (0, 0))
    ink = ImageDraw.Draw(made)
    for number, line in enumerate(shown):
        at = (size // 2, picture.height + size // 2 + number * step)
        ink.text(at, line, fill="#16202a", font=_font(size))
    out = io.BytesIO()
    made.save(out, "JPEG", quality=82)
    return out.getvalue()


def _folded(text: str, size: int, room: int) -> list[str]:
    """A text in lines that fit."""
    lines, rest = [], text
    while rest:
        length = len(rest)
        while length > 1 and _font(size).getlength(rest[:length]) > room:
            length -= 1
        lines.append(rest[:length])
        rest = rest[length:]
    return lines
