"""Files from the site: the original is kept byte for byte, and known by its digests."""

import hashlib
import io

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from gongchou.core.refusals import Invalid, NotAllowed, Refused
from gongchou.core.sm3 import sm3
from gongchou.core.terms import EvidenceKind
from gongchou.inspection import actions, files, reads
from gongchou.inspection.drafts import FileDraft
from tests.inspection.people import LATER, started, submitted
from tests.inspection.test_visiting import kinds


def picture(colour: str = "teal", form: str = "JPEG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, form)
    return out.getvalue()


def add(ref, content, by, *, kind=EvidenceKind.PHOTO, client_id="phone-photo-1", **more):
    draft = FileDraft(name="现场 1.jpg", content=io.BytesIO(content), kind=kind, **more)
    return actions.add_evidence(ref, draft, client_id=client_id, by=by, at=LATER)


def test_the_original_is_kept_byte_for_byte(house):
    ref, content = started(house), picture()
    found = reads.evidence(add(ref, content, house.li, says="集气罩\n破损"))
    with default_storage.open(found.path) as kept:
        assert kept.read() == content
    assert found.sha256 == hashlib.sha256(content).hexdigest()
    assert found.sm3 == sm3(content).hex()
    assert (found.media_type, found.taken_by, found.says) == (
        "image/jpeg",
        "李执法",
        "集气罩　破损",
    )
    assert kinds(ref)[-1] == "evidence_added"


def test_a_file_sent_twice_is_one_file(house):
    ref, content = started(house), picture()
    first = add(ref, content, house.li)
    assert add(ref, content, house.li) == first
    assert add(ref, content, house.wang, client_id="phone-photo-2") == first
    assert len(reads.record(ref).evidence) == 1
    with pytest.raises(Refused, match="已用于另一个文件"):
        add(ref, picture("red"), house.li)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "文件是空的"),
        (b"<html>hello</html>", "应为 JPEG、PNG 或 WebP 图片"),
        (b"%PDF-1.7 text", "应为 JPEG、PNG 或 WebP 图片"),
        (picture()[:60], "应为 JPEG、PNG 或 WebP 图片"),
    ],
)
def test_what_is_no_picture_is_refused_by_its_bytes(house, content, says):
    with pytest.raises(Invalid, match=says):
        add(started(house), content, house.li)


def test_a_file_over_the_limit_is_refused_with_its_size():
    heavy = b"\xff\xd8" + b"\0" * (30 * files.MEGABYTE)
    with pytest.raises(Invalid, match="不得超过 30 MB，这个文件约 31 MB"):
        files.format_of(heavy, EvidenceKind.PHOTO)


def test_a_bomb_of_pixels_is_refused(monkeypatch):
    monkeypatch.setattr(files, "LARGEST_PIXELS", 40 * 30 - 1)
    with pytest.raises(Invalid, match="像素过多"):
        files.format_of(picture(), EvidenceKind.PHOTO)


@pytest.mark.parametrize(
    ("content", "kind", "media_type"),
    [
        (picture(form="PNG"), EvidenceKind.PHOTO, "image/png"),
        (picture(form="WEBP"), EvidenceKind.COPY, "image/webp"),
        (b"%PDF-1.7 text", EvidenceKind.COPY, "application/pdf"),
        (b"\0\0\0\x18ftypmp42rest", EvidenceKind.VIDEO, "video/mp4"),
        (b"\0\0\0\x18ftypM4A rest", EvidenceKind.AUDIO, "audio/mp4"),
        (b"RIFF\0\0\0\0WAVEfmt ", EvidenceKind.AUDIO, "audio/wav"),
        (b"ID3\x04rest", EvidenceKind.AUDIO, "audio/mpeg"),
        (b"\x1a\x45\xdf\xa3rest", EvidenceKind.VIDEO, "video/webm"),
    ],
)
def test_the_format_is_told_by_the_bytes(content, kind, media_type):
    assert files.format_of(content, kind).media_type == media_type


def test_only_the_team_adds_and_only_while_the_record_is_open(house, stranger):
    ref = started(house)
    for who in (house.zhao, house.chen, stranger):
        with pytest.raises(NotAllowed):
            add(ref, picture(), who)
    with pytest.raises(Refused, match="不能添加证据"):
        add(submitted(house), picture(), house.li)


def test_a_picture_from_the_future_is_refused(house):
    with pytest.raises(Invalid, match="拍摄时间晚于现在"):
        add(started(house), picture(), house.li, taken_at=LATER.replace(year=2027))
