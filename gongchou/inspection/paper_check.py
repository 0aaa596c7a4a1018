"""Does a paper signed on site still agree with what the server keeps? Asked by its digest."""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from django.core.files.storage import default_storage

from gongchou.core.anchoring import PaperMark, mark_of
from gongchou.core.record import RecordBody, said
from gongchou.core.refusals import Invalid
from gongchou.inspection import course, leases, models, office_paper, reads
from gongchou.inspection.operations import operation_of, record_of

DIGEST = re.compile(r"[0-9a-f]{64}")
MARK = "gc1:"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperCheck:
    """What the digest of a paper led to; `says` are the differences, empty where it agrees."""

    digest: str
    visit: str = ""
    subject_name: str = ""
    submitted_by: str = ""
    file_count: int = 0
    later: int = 0
    is_record_only: bool = False
    says: tuple[str, ...] = ()

    @property
    def is_known(self) -> bool:
        return self.visit != ""


def digest_of_paper(text: str) -> str:
    """What was scanned or typed, without mark, blanks and capitals."""
    found = re.sub(r"\s", "", text).lower().removeprefix(MARK)
    if not DIGEST.fullmatch(found):
        raise Invalid("纸上的摘要为 64 位数字和字母 a 至 f，请核对后重新输入，或者扫描二维码。")
    return found


def check_paper(text: str, bureau: str = "") -> PaperCheck:
    """Compute the digest again from the record and the files as they are kept now.

    Without a bureau any that this installation keeps: only who holds the paper knows its digest.
    """
    mark = mark_of(text)
    digest = mark.record if mark else digest_of_paper(text)
    own = {"visit__bureau__code": bureau} if bureau else {}
    rows = models.FieldOperation.objects.filter(paper=digest, **own)
    row = rows.select_related("visit", "lease").order_by("pk").first()
    if row is None:
        return _of_office(digest, mark, bureau)
    held = json.loads(row.written)["body"]["paper"]
    files = json.loads(held)["files"]
    return PaperCheck(
        digest=digest,
        visit=row.visit.ref,
        subject_name=row.visit.subject_name,
        submitted_by=row.by_name,
        file_count=len(files),
        later=_later(row),
        says=(
            *_content(row, held, digest),
            *_record(row),
            *_files(row, files),
            *_cameras(row, json.loads(held).get("cameras", [])),
        ),
    )


def _of_office(digest: str, mark: PaperMark | None, bureau: str) -> PaperCheck:
    """A paper printed in the office names a version; its code counts the files too."""
    row = office_paper.revision_marked(digest, bureau)
    if row is None:
        return PaperCheck(digest=digest)
    return PaperCheck(
        digest=digest,
        visit=row.visit.ref,
        subject_name=row.visit.subject_name,
        submitted_by=row.by_name,
        file_count=mark.files if mark else 0,
        later=row.visit.revisions.filter(number__gt=row.number).count(),
        is_record_only=mark is None,
        says=tuple(office_paper.problems(row, mark)),
    )


def _later(row: models.FieldOperation) -> int:
    """Versions that came after the one on the paper."""
    own = row.visit.revisions.filter(client_id=row.client_id).first()
    return row.visit.revisions.filter(number__gt=own.number).count() if own else 0


def _content(row: models.FieldOperation, held: str, digest: str) -> Iterator[str]:
    if hashlib.sha256(held.encode()).hexdigest() != digest:
        yield "服务器保存的纸面内容与纸上的摘要不一致。"
    if hashlib.sha256(row.written.encode()).hexdigest() != row.digest:
        yield "服务器保存的上传原文与收到时的摘要不一致。"
    if json.loads(held)["record"] != json.loads(row.written)["body"]["record"]:
        yield "纸面内容与提交的记录不是同一份。"


def _record(row: models.FieldOperation) -> Iterator[str]:
    """The version that was stored says what the phone sent."""
    payload = json.dumps({"text": row.written}).encode()
    skew = timedelta(seconds=row.skew_seconds)
    op = operation_of(row.lease.ref, row.client_id, payload, skew)
    own = row.visit.revisions.filter(client_id=row.client_id).first()
    if own is None:
        yield "服务器没有把这份记录列为任何一版，它留存在“手机上传”一栏。"
        return
    before = reads.revision_body(row.visit.ref, own.number - 1) if own.number > 1 else RecordBody()
    body = record_of(op, row.at, leases.files_by_name(row.visit.ref), before)
    kept = reads.revision_body(row.visit.ref, own.number)
    names = {person.inspector: person.name for person in row.visit.team.all()}
    signed = tuple(replace(s, name=names.get(s.ref, s.name)) for s in body.signatures)
    if kept != replace(body, signatures=signed) or own.digest != kept.digest():
        yield f"第 {own.number} 版记录与纸上的内容不一致。"


def _files(row: models.FieldOperation, files: list[list[str]]) -> Iterator[str]:
    refs = leases.files_by_name(row.visit.ref)
    for name, digest in files:
        found = refs.get(name, name)
        kept = models.Evidence.objects.filter(visit=row.visit, ref=found).first()
        if kept is None:
            yield f"证据 {found} 不在服务器上。"
        elif not default_storage.exists(str(kept.file)):
            yield f"证据 {found} 的原件不在了。"
        elif office_paper.digest_at(str(kept.file)) != digest:
            yield f"证据 {found} 的原件与纸上的不一致。"


def _cameras(row: models.FieldOperation, numbers: list[str]) -> Iterator[str]:
    known = {one.number for one in course.cameras(row.visit.ref)}
    yield from (f"录像编号 {said(one)} 没有登记。" for one in numbers if said(one) not in known)
