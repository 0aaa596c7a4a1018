"""Is this file fit to be evidence? Its true format, by its bytes and not by its name."""

import hashlib
import io
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO

from PIL import Image

from gongchou.core.refusals import Invalid
from gongchou.core.sm3 import Sm3
from gongchou.core.terms import EvidenceKind

MEGABYTE = 2**20
HEAD = 16
LARGEST_PIXELS = 60_000_000
IMAGES: Mapping[str, tuple[str, str]] = {
    "JPEG": ("image/jpeg", "jpg"),
    "PNG": ("image/png", "png"),
    "WEBP": ("image/webp", "webp"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """What a file is, as the browser will be told, and the ending it is stored with."""

    media_type: str
    ending: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """How large a file of a kind may be, and which formats it may have."""

    megabytes: int
    media_types: tuple[str, ...]
    says: str


_PICTURES = ("image/jpeg", "image/png", "image/webp")
_PAPER = Allowed(
    megabytes=30,
    media_types=(*_PICTURES, "application/pdf"),
    says="JPEG、PNG、WebP 图片或 PDF",
)
ALLOWED: Mapping[EvidenceKind, Allowed] = {
    EvidenceKind.PHOTO: Allowed(megabytes=30, media_types=_PICTURES, says="JPEG、PNG 或 WebP 图片"),
    EvidenceKind.VIDEO: Allowed(
        megabytes=200, media_types=("video/mp4", "video/webm"), says="MP4、MOV 或 WebM 录像"
    ),
    EvidenceKind.AUDIO: Allowed(
        megabytes=100,
        media_types=("audio/mpeg", "audio/wav", "video/mp4", "audio/mp4"),
        says="MP3、M4A 或 WAV 录音",
    ),
    EvidenceKind.COPY: _PAPER,
    EvidenceKind.SAMPLE: _PAPER,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Digests:
    """A file by its two digests and its length."""

    sha256: str
    sm3: str
    size: int


def digests_of(file: BinaryIO) -> Digests:
    """Both digests in one reading, a piece at a time."""
    first, second, size = hashlib.sha256(), Sm3(), 0
    file.seek(0)
    while piece := file.read(MEGABYTE):
        first.update(piece)
        second.update(piece)
        size += len(piece)
    return Digests(sha256=first.hexdigest(), sm3=second.digest().hex(), size=size)


def format_of(content: bytes | BinaryIO, kind: EvidenceKind) -> Format:
    """The format of a file that may be evidence of this kind; Invalid with the sentence why not."""
    file = io.BytesIO(content) if isinstance(content, bytes) else content
    allowed, length = ALLOWED[kind], file.seek(0, io.SEEK_END)
    if not length:
        raise Invalid("文件是空的，没有保存。请重新拍摄或选择文件。")
    if length > allowed.megabytes * MEGABYTE:
        size = -(-length // MEGABYTE)
        raise Invalid(
            f"{kind.label}不得超过 {allowed.megabytes} MB，这个文件约 {size} MB，没有保存。"
            "请分段拍摄，或降低分辨率后重新拍摄。"
        )
    file.seek(0)
    found = _known(file.read(HEAD)) or _picture(file)
    if found is None or found.media_type not in allowed.media_types:
        raise Invalid(
            f"{kind.label}应为 {allowed.says}，这个文件不是，没有保存。请核对后重新选择。"
        )
    return found


def _known(content: bytes) -> Format | None:
    """Formats told by their first bytes."""
    if content.startswith(b"%PDF-"):
        return Format(media_type="application/pdf", ending="pdf")
    if content[4:8] == b"ftyp":
        is_sound = content[8:12] in (b"M4A ", b"M4B ")
        kind = "audio/mp4" if is_sound else "video/mp4"
        return Format(media_type=kind, ending="m4a" if is_sound else "mp4")
    if content.startswith(b"\x1a\x45\xdf\xa3"):
        return Format(media_type="video/webm", ending="webm")
    if content.startswith(b"RIFF") and content[8:12] == b"WAVE":
        return Format(media_type="audio/wav", ending="wav")
    if content.startswith(b"ID3") or content[:2] in (b"\xff\xfb", b"\xff\xf3", b"\xff\xf2"):
        return Format(media_type="audio/mpeg", ending="mp3")
    return None


def _picture(file: BinaryIO) -> Format | None:
    """A picture that can really be opened, and is not a bomb of pixels."""
    file.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(file, formats=list(IMAGES)) as image:
                name, pixels = image.format or "", image.width * image.height
                image.verify()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return None
    except Image.DecompressionBombWarning:
        return None
    if pixels > LARGEST_PIXELS:
        raise Invalid("图片的像素过多，没有保存。请用手机相机的普通分辨率重新拍摄。")
    media_type, ending = IMAGES[name]
    return Format(media_type=media_type, ending=ending)
