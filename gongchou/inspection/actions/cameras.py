"""Recordings of body cameras lie in a system of their own; here their numbers are kept."""

from datetime import datetime

from django.db import transaction

from gongchou.audit import actions as audit
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor
from gongchou.core.record import said
from gongchou.core.refusals import Invalid, Refused
from gongchou.core.terms import VisitState
from gongchou.inspection import models, reads
from gongchou.inspection.drafts import CameraDraft
from gongchou.inspection.permissions import check_member
from gongchou.inspection.writers import CLIENT_ID, own_row
from gongchou.web.clock import day_of

BEFORE = (VisitState.DISPATCHED, VisitState.ACCEPTED, VisitState.VOID)


@transaction.atomic
def note_recording(
    ref: str, draft: CameraDraft, *, client_id: str, by: Actor, at: datetime
) -> None:
    """Under which number a recording of this visit is kept; the same number again changes nothing.

    Recordings are read out in the office, so their numbers may come after the submission.
    """
    row, found = own_row(ref, by), reads.visit(ref)
    check_member(by, found, day_of(at))
    if found.state in BEFORE:
        raise Refused(
            f"这次检查现在是“{found.state.label}”状态，到场以后才有录像。请登记到场后再登记。"
        )
    number = said(draft.number)
    if not number or len(number) > 80:
        raise Invalid("请填写录像文件的编号，不超过 80 字。")
    if draft.began_at is not None and draft.began_at > at:
        raise Invalid("录像的开始时间晚于现在，请核对。")
    if not CLIENT_ID.fullmatch(client_id):
        raise Invalid("设备操作编号不合规范。请刷新页面后重新登记。")
    _, is_new = models.CameraReference.objects.get_or_create(
        visit=row,
        number=number,
        defaults={
            "device": said(draft.device)[:40],
            "began_at": draft.began_at,
            "says": said(draft.says)[:200],
            "client_id": client_id,
            "by_ref": by.ref,
            "by_name": by.name,
            "at": at,
        },
    )
    if is_new:
        data = {"device": said(draft.device)[:40], "number": number}
        audit.append(EventKind.RECORDING_NOTED, about=ref, by=by, at=at, data=data)
