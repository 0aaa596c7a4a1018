"""Files taken on site: the original is stored untouched and known by two digests."""

from datetime import datetime

from django.db import IntegrityError, transaction

from gongchou.audit import actions as audit
from gongchou.core.canon import Canonical
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor
from gongchou.core.record import said
from gongchou.core.refusals import Invalid, Refused, Stale
from gongchou.core.terms import VisitState
from gongchou.inspection import models, reads
from gongchou.inspection.drafts import FileDraft
from gongchou.inspection.files import Digests, Format, digests_of, format_of
from gongchou.inspection.permissions import check_member
from gongchou.inspection.rows import VisitRow
from gongchou.inspection.writers import CLIENT_ID, own_row
from gongchou.web.clock import day_of
from gongchou.web.keeping import keep

OPEN = (VisitState.STARTED, VisitState.RETURNED)


@transaction.atomic
def add_evidence(ref: str, draft: FileDraft, *, client_id: str, by: Actor, at: datetime) -> str:
    """Keep a file; returns its ref. Sent twice, or the same file again, changes nothing."""
    row, found = own_row(ref, by), reads.visit(ref)
    check_member(by, found, day_of(at))
    if not CLIENT_ID.fullmatch(client_id):
        raise Invalid("设备操作编号不合规范。请刷新页面后重新添加证据。")
    counted = digests_of(draft.content)
    sha256 = counted.sha256
    held = row.evidence.filter(client_id=client_id).first()
    if held is None:
        held = row.evidence.filter(sha256=sha256).first()
    if held is not None:
        return _same(held, sha256)
    _check(found, draft, at)
    kept = _store(row, draft, format_of(draft.content, draft.kind), counted, client_id, by, at)
    data: dict[str, Canonical] = {
        "kind": kept.kind,
        "ref": kept.ref,
        "sha256": sha256,
        "size": kept.size,
        "sm3": kept.sm3,
    }
    audit.append(EventKind.EVIDENCE_ADDED, about=ref, by=by, at=at, data=data)
    return kept.ref


def _same(held: models.Evidence, sha256: str) -> str:
    if held.sha256 != sha256:
        raise Refused("这个操作编号已用于另一个文件，没有保存。请刷新页面后重新添加证据。")
    return held.ref


def _check(found: VisitRow, draft: FileDraft, at: datetime) -> None:
    if found.state not in OPEN:
        raise Refused(
            f"这次检查现在是“{found.state.label}”状态，不能添加证据。"
            "记录提交以后要补充的，请联系审核人员退回后作补正。"
        )
    if draft.taken_at is not None and draft.taken_at > at:
        raise Invalid("拍摄时间晚于现在，请核对手机的时间后再添加。")


def _store(
    row: models.Visit,
    draft: FileDraft,
    form: Format,
    counted: Digests,
    client_id: str,
    by: Actor,
    at: datetime,
) -> models.Evidence:
    """The name in the storage is the digest: a file once stored is never written again."""
    sha256 = counted.sha256
    path = keep(f"visits/{row.ref}/{sha256}.{form.ending}", draft.content)
    number = row.evidence.count() + 1
    try:
        with transaction.atomic():
            return models.Evidence.objects.create(
                ref=f"{row.ref}-E{number:03}",
                visit=row,
                kind=draft.kind.value,
                item=draft.item,
                says=said(draft.says)[:200],
                file=path,
                name=said(draft.name)[-200:] or f"{sha256[:8]}.{form.ending}",
                media_type=form.media_type,
                size=counted.size,
                sha256=sha256,
                sm3=counted.sm3,
                taken_at=draft.taken_at,
                received_at=at,
                taken_by=by.ref,
                taken_by_name=by.name,
                client_id=client_id,
            )
    except IntegrityError as error:
        raise Stale("另一台设备同时添加了证据，请再添加一次。") from error
