"""What a material may be: a paper, a picture or an office file, told by its bytes."""

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO

from gongchou.core.refusals import Invalid

LARGEST = 30 * 2**20
OFFICE: Mapping[str, str] = {"word/": "docx", "ppt/": "pptx", "xl/": "xlsx"}
_OFFICE_TYPE = "application/vnd.openxmlformats-officedocument"
OFFICE_TYPES: Mapping[str, str] = {
    "docx": f"{_OFFICE_TYPE}.wordprocessingml.document",
    "pptx": f"{_OFFICE_TYPE}.presentationml.presentation",
    "xlsx": f"{_OFFICE_TYPE}.spreadsheetml.sheet",
}
STARTS: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF-", "application/pdf", "pdf"),
    (b"\xff\xd8\xff", "image/jpeg", "jpg"),
    (b"\x89PNG\r\n\x1a\n", "image/png", "png"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MaterialFormat:
    """What a file is, and the ending it is stored with."""

    media_type: str
    ending: str


def material_format(name: str, content: bytes) -> MaterialFormat:
    """The true format of a material; Invalid with the sentence why not."""
    if not content:
        raise Invalid(f"文件“{name}”是空的，没有保存。请重新选择文件。")
    if len(content) > LARGEST:
        raise Invalid(f"文件“{name}”超过 30 MB，没有保存。请压缩或分开后再选。")
    for start, media_type, ending in STARTS:
        if content.startswith(start):
            return MaterialFormat(media_type=media_type, ending=ending)
    if ending := _office(content):
        return MaterialFormat(media_type=OFFICE_TYPES[ending], ending=ending)
    raise Invalid(
        f"文件“{name}”不是 PDF、JPEG、PNG 图片或 docx、pptx、xlsx 文件，没有保存。"
        "请另存为这些格式后再选。"
    )


def _office(content: bytes) -> str:
    """The ending of an office file; empty for any other archive."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            names = packed.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return ""
    if "[Content_Types].xml" not in names:
        return ""
    found = (end for start, end in OFFICE.items() if any(n.startswith(start) for n in names))
    return next(found, "")
