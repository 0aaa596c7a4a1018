"""A picture that stands for a photo of the demonstration: no two of them look alike."""

import io
import random
from datetime import datetime

from PIL import Image, ImageDraw

from gongchou.core.terms import EvidenceKind
from gongchou.inspection.drafts import FileDraft

WIDE, HIGH, SHAPES = 640, 480, 14


def draft(ref: str, item: str, says: str, *, taken_at: datetime) -> FileDraft:
    """What the camera saw of a finding, as a phone would send it."""
    content = io.BytesIO()
    _picture(random.Random(ref)).save(content, "PNG")
    content.seek(0)
    return FileDraft(
        name="演示照片.png",
        content=content,
        kind=EvidenceKind.PHOTO,
        item=item,
        says=says,
        taken_at=taken_at,
    )


def _picture(chance: random.Random) -> Image.Image:
    picture = Image.new("RGB", (WIDE, HIGH), "#cfd6dc")
    ink = ImageDraw.Draw(picture)
    for _ in range(SHAPES):
        left, top = chance.randrange(WIDE), chance.randrange(HIGH)
        wide, high = chance.randrange(40, WIDE // 2), chance.randrange(40, HIGH // 2)
        grey = chance.randrange(60, 220)
        colour = (grey, grey, min(255, grey + chance.randrange(40)))
        ink.rectangle((left, top, left + wide, top + high), fill=colour)
    return picture
