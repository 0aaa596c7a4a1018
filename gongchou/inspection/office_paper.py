"""A paper printed in the office carries the digest of its record and of the files there were."""

import hashlib
from collections.abc import Iterator, Sequence

from django.core.files.storage import default_storage

from gongchou.core.anchoring import PaperMark, evidence_digest
from gongchou.core.record import RecordBody
from gongchou.inspection import models
from gongchou.inspection.rows import RecordView


def mark_on(record: RecordView) -> PaperMark:
    """The mark of the newest version with the files received so far."""
    files = [(file.ref, file.sha256) for file in record.evidence]
    return PaperMark(record=record.digest, files=len(files), evidence=evidence_digest(files))


def revision_marked(digest: str, bureau: str) -> models.RecordRevision | None:
    own = {"visit__bureau__code": bureau} if bureau else {}
    rows = models.RecordRevision.objects.filter(digest=digest, **own)
    return rows.select_related("visit").order_by("pk").first()


def problems(row: models.RecordRevision, mark: PaperMark | None) -> Iterator[str]:
    """What is not as the paper says, computed again from what is kept."""
    if RecordBody.thawed(row.body).digest() != row.digest:
        yield f"第 {row.number} 版记录与纸上的内容不一致。"
    if mark is None:
        return
    files = row.visit.evidence.order_by("received_at", "pk")[: mark.files]
    yield from _files(list(files), mark)


def _files(files: Sequence[models.Evidence], mark: PaperMark) -> Iterator[str]:
    if len(files) < mark.files:
        yield f"纸上有 {mark.files} 件证据，服务器上只有 {len(files)} 件。"
        return
    found, gone = [], False
    for file in files:
        if not default_storage.exists(str(file.file)):
            yield f"证据 {file.ref} 的原件不在了。"
            gone = True
            continue
        digest = digest_at(str(file.file))
        found.append((file.ref, digest))
        if digest != file.sha256:
            yield f"证据 {file.ref} 的原件与收到时的不一致。"
    if not gone and evidence_digest(found) != mark.evidence:
        yield "证据的原件与纸上的摘要不一致。"


def digest_at(path: str) -> str:
    with default_storage.open(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
