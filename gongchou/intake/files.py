"""A file from a stranger: small, of a known format by its bytes, and drawn anew if a picture."""

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps

from gongchou.core.refusals import Invalid

MOST_FILES = 5
LARGEST = 8 * 2**20
LARGEST_PIXELS = 25_000_000
LONGEST_EDGE = 3000
# A letter needs no document that acts by itself.
ACTIVE = (b"/JavaScript", b"/JS", b"/Launch", b"/EmbeddedFile", b"/OpenAction", b"/RichMedia")


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanFile:
    """A file fit to be kept: its name, what it is, and its bytes."""

    name: str
    media_type: str
    ending: str
    content: bytes


def clean(name: str, content: bytes) -> CleanFile:
    """The file as it is kept, or Invalid with the sentence why not."""
    short = " ".join(name.replace("\0", "").split())[-60:] or "未命名"
    if not content:
        raise Invalid(f"文件“{short}”是空的，没有提交。请重新选择文件。")
    if len(content) > LARGEST:
        raise Invalid(f"文件“{short}”超过 8 MB，没有提交。请压缩或分开后重新提交。")
    if content.startswith(b"%PDF-"):
        return _paper(short, content)
    return _picture(short, content)


def _paper(name: str, content: bytes) -> CleanFile:
    if any(mark in content for mark in ACTIVE):
        raise Invalid(f"文件“{name}”含有会自动运行的内容，没有提交。请另存为普通 PDF 或改用照片。")
    return CleanFile(name=name, media_type="application/pdf", ending="pdf", content=content)


def _picture(name: str, content: bytes) -> CleanFile:
    """Drawn anew as JPEG: place, camera and whatever was hidden behind the picture are gone."""
    wrong = Invalid(
        f"文件“{name}”不是 JPEG、PNG 图片或 PDF，没有提交。请拍照或另存为这些格式后再试。"
    )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=["JPEG", "PNG"]) as image:
                if image.width * image.height > LARGEST_PIXELS:
                    raise Invalid(f"图片“{name}”的像素过多，没有提交。请用普通分辨率重新拍摄。")
                plain = ImageOps.exif_transpose(image).convert("RGB")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise wrong from error
    except Image.DecompressionBombWarning as error:
        raise wrong from error
    plain.thumbnail((LONGEST_EDGE, LONGEST_EDGE))
    out = io.BytesIO()
    plain.save(out, "JPEG", quality=85)
    return CleanFile(name=name, media_type="image/jpeg", ending="jpg", content=out.getvalue())
