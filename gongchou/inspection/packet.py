"""One indexed file of a visit (一案一档): every paper, version, piece of evidence and upload.

An archive with an index, the time line with its gaps, `manifest.json` with the digest of each part
and the same digests for `sha256sum -c`; the manifest's own digest stands in the log. Originals go
in byte for byte, and are counted again on the way: what is not what was received is told as a gap.
"""

import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from tempfile import TemporaryFile
from typing import IO, Any, BinaryIO, cast

from django.core.files.storage import default_storage

from gongchou.accounts import reads as accounts
from gongchou.core import plain
from gongchou.core.terms import VisitState
from gongchou.inspection import course, leases, papers, paperwork, reads, story
from gongchou.inspection.rows import Aftermath, RecordView, VisitRow
from gongchou.web.clock import SHANGHAI
from gongchou.web.papers import typeset
from gongchou.web.templatetags.gongchou import instant

PIECE = 2**20
INDEX, MANIFEST, SUMS = "00 目录和时间线.pdf", "manifest.json", "SHA256SUMS"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One file of the archive."""

    name: str
    says: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Packet:
    """The archive, ready to be read; `manifest` is the digest of its list of parts."""

    name: str
    file: IO[bytes]
    manifest: str
    count: int


@dataclass(slots=True, kw_only=True)
class _Box:
    """The archive while it is filled."""

    archive: zipfile.ZipFile
    at: datetime
    parts: list[Part] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)

    def add(self, name: str, says: str, content: bytes) -> None:
        self.archive.writestr(self._entry(name, zipfile.ZIP_DEFLATED), content)
        self._note(name, says, len(content), hashlib.sha256(content).hexdigest())

    def add_original(self, name: str, says: str, path: str, expected: str) -> None:
        """A file as it is kept, counted again in pieces."""
        if not default_storage.exists(path):
            self.gaps.append(f"{says}：原件不在存储中。")
            return
        counted, size = hashlib.sha256(), 0
        entry = self._entry(name, zipfile.ZIP_STORED)
        with default_storage.open(path) as source, self.archive.open(entry, "w") as target:
            while piece := source.read(PIECE):
                counted.update(piece)
                size += len(piece)
                target.write(piece)
        if counted.hexdigest() != expected:
            self.gaps.append(f"{says}：原件与收到时的摘要不一致。")
        self._note(name, says, size, counted.hexdigest())

    def _note(self, name: str, says: str, size: int, sha256: str) -> None:
        self.parts.append(Part(name=name, says=says, size=size, sha256=sha256))

    def _entry(self, name: str, compression: int) -> zipfile.ZipInfo:
        entry = zipfile.ZipInfo(name, self.at.astimezone(SHANGHAI).timetuple()[:6])
        entry.compress_type = compression
        entry.external_attr = 0o644 << 16
        return entry


def packed(found: VisitRow, at: datetime) -> Packet:
    """The whole file of a visit as it stands at an instant."""
    record, after = reads.record(found.ref), reads.aftermath(found.ref)
    file = TemporaryFile()  # noqa: SIM115 - handed to the caller, gone when closed
    with zipfile.ZipFile(file, "w", allowZip64=True) as archive:
        box = _Box(archive=archive, at=at)
        _papers(box, found, after)
        _versions(box, record)
        _evidence(box, record)
        _looks(box, after)
        _uploads(box, found)
        box.add(INDEX, "目录、时间线和缺漏", _index(box, found, record, after, at))
        text = json.dumps(_manifest(found, box, at), ensure_ascii=False, indent=1)
        manifest = hashlib.sha256(text.encode()).hexdigest()
        archive.writestr(box._entry(MANIFEST, zipfile.ZIP_DEFLATED), text)
        archive.writestr(box._entry(SUMS, zipfile.ZIP_DEFLATED), _sums(box.parts, manifest))
    file.seek(0)
    name = f"案卷 {found.ref} {found.subject_name}.zip"
    return Packet(name=name, file=file, manifest=manifest, count=len(box.parts))


def _manifest(found: VisitRow, box: _Box, at: datetime) -> dict[str, Any]:
    return {
        "visit": found.ref,
        "subject": found.subject_name,
        "made_at": plain.to_plain(at),
        "gaps": box.gaps,
        "parts": [plain.to_plain(part) for part in box.parts],
    }


def _sums(parts: Iterable[Part], manifest: str) -> str:
    """Line by line what `sha256sum -c` reads."""
    held = [*((part.sha256, part.name) for part in parts), (manifest, MANIFEST)]
    return "".join(f"{digest}  {name}\n" for digest, name in held)


def _papers(box: _Box, found: VisitRow, after: Aftermath) -> None:
    """What can be printed of the visit, as it would be printed now."""
    folder = "01 文书"
    _, approval = paperwork.approval_paper(found.ref, at=box.at)
    box.add(f"{folder}/行政检查审批表.pdf", "行政检查审批表", approval)
    if not found.unannounced_ground:
        _, notice = papers.notice_paper(found.ref, at=box.at)
        box.add(f"{folder}/行政检查通知书.pdf", "行政检查通知书", notice)
    if found.started_at:
        _, record = papers.record_paper(found.ref, at=box.at)
        box.add(f"{folder}/检查记录表.pdf", "检查记录表", record)
    if found.submitted_at:
        _, result = paperwork.result_paper(found.ref, at=box.at)
        box.add(f"{folder}/检查结果告知书.pdf", "检查结果告知书", result)
    for number, order in enumerate(after.orders, start=1):
        _, paper = papers.correction_paper(order.ref)
        box.add(f"{folder}/责令改正通知 {number}.pdf", f"责令改正通知 {order.ref}", paper)


def _versions(box: _Box, record: RecordView) -> None:
    for row in record.revisions:
        body = reads.revision_body(record.visit, row.number).frozen()
        says = f"检查记录第 {row.number} 版（{row.kind.label}），{row.by}"
        box.add(f"02 记录各版/第 {row.number} 版.json", says, body.encode())


def _evidence(box: _Box, record: RecordView) -> None:
    for number, row in enumerate(record.evidence, start=1):
        ending = row.path.rsplit(".", 1)[-1]
        says = f"{row.kind.label} {row.ref} {row.says or row.name}"
        box.add_original(f"03 证据/{number:03} {row.ref}.{ending}", says, row.path, row.sha256)


def _looks(box: _Box, after: Aftermath) -> None:
    for order in after.orders:
        for look in order.follow_ups:
            for photo in look.photos:
                ending = photo.path.rsplit(".", 1)[-1]
                against = f"，对照 {photo.before}" if photo.before else ""
                says = f"复查照片 {photo.ref}（{look.on}{against}）"
                box.add_original(f"04 复查/{photo.ref}.{ending}", says, photo.path, photo.sha256)


def _uploads(box: _Box, found: VisitRow) -> None:
    for number, row in enumerate(leases.operations(found.ref), start=1):
        says = f"手机上传第 {number} 项：{row.kind.label}，{row.by}，{row.outcome.label}"
        box.add(f"05 手机上传/{number:04}.json", says, row.written.encode())


def _index(box: _Box, found: VisitRow, record: RecordView, after: Aftermath, at: datetime) -> bytes:
    steps = story.timeline(found, record)
    box.gaps.extend(gaps_of(found, record, after, steps))
    values: Mapping[str, Any] = {
        "title": "检查案卷目录",
        "organ": accounts.bureau(found.bureau).name,
        "number": found.ref,
        "subject": found.subject_name,
        "uscc": found.uscc or " ",
        "state": found.state.label,
        "made": instant(at),
        "parts": [
            {
                "number": f"{number}",
                "name": part.name,
                "says": part.says,
                "size": f"{part.size}",
                "digest": part.sha256,
            }
            for number, part in enumerate(box.parts, start=1)
        ],
        "steps": [
            {
                "name": step.name,
                "at": instant(step.at) if step.at else "没有",
                "by": step.by or " ",
                "gap": " ".join(filter(None, (step.says, step.gap))) or " ",
            }
            for step in steps
        ],
        "cameras": [
            {"number": row.number, "device": row.device or " ", "says": row.says or " "}
            for row in course.cameras(found.ref)
        ],
        "external": [f"{row.system}：{row.number}" for row in course.external_numbers(found.ref)],
        "gaps": box.gaps,
    }
    return typeset("inspection/papers/file.typ", values, at=at)


def gaps_of(
    found: VisitRow, record: RecordView, after: Aftermath, steps: tuple[story.Step, ...]
) -> Iterator[str]:
    """What a reader of the file would miss."""
    yield from (f"{step.name}：{step.gap}" for step in steps if step.gap)
    if found.state is VisitState.VOID:
        yield f"这次检查已经作废：{found.void_reason}"
        return
    if not found.reviewed_at:
        is_again = bool(reads.reopenings(found.ref))
        yield "记录已重新开启，还没有再次审核。" if is_again else "记录还没有审核。"
    if found.submitted_at and found.paper_received_on is None:
        yield "签章后的纸质记录还没有交回。"
    if found.notice_at is None and not found.unannounced_ground:
        yield "没有登记检查通知书，也没有不事先通知的依据。"
    if not record.evidence:
        yield "没有证据文件。"
    yield from (f"责令改正 {row.ref} 还没有办结。" for row in after.orders if not row.closed_on)
    yield from (
        f"{row.kind.label}：{row.to_whom}，还没有回执。"
        for row in after.transfers
        if not row.received_on
    )


def content_of(packet: Packet) -> BinaryIO:
    return cast(BinaryIO, packet.file)
