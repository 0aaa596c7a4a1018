"""An uploaded file, kept with its preview until the clerk's word, and afterwards for its term."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from gongchou.accounts.models import Bureau
from gongchou.audit import actions as audit
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor, Power, check
from gongchou.core.refusals import Stale
from gongchou.core.terms import ImportKind
from gongchou.registry import models
from gongchou.registry.actions.imports import import_file
from gongchou.registry.importing.report import COUNTS, ImportReport
from gongchou.registry.numbering import take

# So many problems stand on the page of a preview; all of them are in its list to take away.
SHOWN = 500
# What stays of a preview when its file goes: how many rows came to what, and nothing of them.
STAYING = ("rows", *COUNTS.values(), "problem_count", "warning_count", "sensitive")


@transaction.atomic
def stage_import(
    kind: ImportKind,
    content: bytes,
    filename: str,
    *,
    on: date,
    by: Actor,
    at: datetime,
    mapping: Mapping[str, str] | None = None,
) -> str:
    """Keep an uploaded file with its preview until the clerk decides; returns the batch's ref."""
    mapped = dict(mapping or {})
    report = import_file(
        kind, content, filename, on=on, by=by, at=at, mapping=mapped, is_dry_run=True
    )
    owner = Bureau.objects.get(code=by.bureau)
    number = take(owner, "B", models.ImportBatch)
    batch = models.ImportBatch.objects.create(
        ref=f"B{by.bureau}-{number:06}",
        bureau=owner,
        kind=kind.value,
        filename=filename[:200],
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        mapping=mapped,
        report={
            **report.plain(most=SHOWN),
            "problem_count": len(report.problems),
            "warning_count": len(report.warnings),
            "sensitive": report.sensitive,
            "remarks": report.remarks,
            "diff": [asdict(row) for row in report.diff],
        },
        findings=report.packed(),
        by_ref=by.ref,
        at=at,
    )
    audit.append(
        EventKind.IMPORT_STAGED, about=batch.ref, by=by, at=at, data={"sha256": batch.sha256}
    )
    return batch.ref


@transaction.atomic
def commit_import(ref: str, *, on: date, by: Actor, at: datetime) -> ImportReport:
    """Import the file that was previewed; a second click is refused."""
    rows = models.ImportBatch.objects.filter(ref=ref, bureau__code=by.bureau, committed_at=None)
    batch = rows.first()
    if batch is not None and batch.cleared_at:
        raise Stale("这份文件上传后过了保存期，已按期清除，什么也没有写入。请重新上传。")
    if batch is None or rows.update(committed_at=at) != 1:
        raise Stale("这份文件已经导入或不存在，请在名录中核对。")
    return import_file(
        ImportKind(batch.kind),
        bytes(batch.content),
        batch.filename,
        mapping=batch.mapping,
        on=on,
        by=by,
        at=at,
    )


@transaction.atomic
def clear_uploads(days: int, *, by: Actor, at: datetime) -> int:
    """The bytes of files uploaded so many days ago go; name, digest and counts stay for ever.

    Until then a file can be held against what was written, which is when an import is undone.
    Returns how many went.
    """
    check(by, Power.CLEAR_UPLOADS)
    ended = at - timedelta(days)
    due = models.ImportBatch.objects.filter(
        Q(committed_at__lte=ended) | Q(committed_at=None, at__lte=ended),
        bureau__code=by.bureau,
        cleared_at=None,
    )
    count = 0
    for batch in due.defer("content", "findings").order_by("pk"):
        kept = {name: batch.report[name] for name in STAYING if name in batch.report}
        count += models.ImportBatch.objects.filter(pk=batch.pk, cleared_at=None).update(
            content=b"", findings=b"", report=kept, cleared_at=at
        )
        audit.append(
            EventKind.UPLOAD_CLEARED, about=batch.ref, by=by, at=at, data={"sha256": batch.sha256}
        )
    return count
