"""A later look at what was to be put right, with photos beside those of the visit."""

import io
from datetime import date, datetime

from django.db import transaction

from gongchou.audit import actions as audit
from gongchou.core.canon import Canonical
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor
from gongchou.core.record import said
from gongchou.core.refusals import Invalid, Refused, Stale
from gongchou.core.states import move
from gongchou.core.terms import CorrectionState, EvidenceKind
from gongchou.inspection import models, reads
from gongchou.inspection.drafts import PhotoDraft
from gongchou.inspection.files import digests_of, format_of
from gongchou.inspection.permissions import check_may_follow
from gongchou.inspection.writers import text_of
from gongchou.web.clock import day_of
from gongchou.web.keeping import keep

MOST_PHOTOS = 20


@transaction.atomic
def record_follow_up(
    order: str,
    says: str,
    *,
    on: date,
    is_corrected: bool,
    photos: tuple[PhotoDraft, ...] = (),
    by: Actor,
    at: datetime,
) -> None:
    """A look at one order after it was issued; where all is put right the order closes."""
    row = _order(order)
    check_may_follow(by, reads.visit(row.visit.ref), day_of(at))
    if on < row.issued_on or on > day_of(at):
        raise Invalid("复查日期应在责令改正作出之后，且不晚于今天，请核对。")
    clean = text_of(says, "复查情况", 1000)
    if row.state == CorrectionState.CLOSED.value:
        raise Refused("这份责令改正已经办结，不需要再登记复查。")
    if is_corrected:
        _close(row, on)
    kept = models.FollowUp.objects.create(
        order=row,
        on=on,
        is_corrected=is_corrected,
        says=clean,
        by_ref=by.ref,
        by_name=by.name,
        at=at,
    )
    digests: list[Canonical] = [*_photos(kept, row, photos, by, at)]
    data: dict[str, Canonical] = {
        "is_corrected": int(is_corrected),
        "on": str(on),
        "order": order,
        "photos": digests,
    }
    audit.append(EventKind.FOLLOW_UP_RECORDED, about=row.visit.ref, by=by, at=at, data=data)


def _order(ref: str) -> models.CorrectionOrder:
    row = models.CorrectionOrder.objects.filter(ref=ref).select_related("visit").first()
    if row is None:
        raise Refused(f"没有编号为 {ref} 的责令改正，请从检查页面进入。")
    return row


def _close(row: models.CorrectionOrder, on: date) -> None:
    was = CorrectionState(row.state)
    to = move(was, CorrectionState.CLOSED).value
    rows = models.CorrectionOrder.objects.filter(pk=row.pk, state=was.value)
    if rows.update(state=to, closed_on=on) != 1:
        raise Stale("这份责令改正刚被他人办结，请刷新页面查看。")


def _photos(
    kept: models.FollowUp,
    order: models.CorrectionOrder,
    photos: tuple[PhotoDraft, ...],
    by: Actor,
    at: datetime,
) -> list[str]:
    """Store the photos as they came; returns their digests, or refuses all of them."""
    if len(photos) > MOST_PHOTOS:
        raise Invalid(f"一次复查最多 {MOST_PHOTOS} 张照片，请挑选后再登记。")
    known = reads.evidence_refs(order.visit.ref)
    looks = order.follow_ups.count()
    for number, photo in enumerate(photos, start=1):
        if photo.before and photo.before not in known:
            raise Invalid("对照的照片不是这次检查的证据，请刷新页面后重新选择。")
        _store(kept, photo, f"{order.ref}-L{looks}-P{number}", order.visit.ref, by, at)
    return list(kept.photos.order_by("pk").values_list("sha256", flat=True))


def _store(
    kept: models.FollowUp, photo: PhotoDraft, ref: str, visit: str, by: Actor, at: datetime
) -> None:
    counted = digests_of(photo.content)
    photo.content.seek(0)
    form = format_of(io.BytesIO(photo.content.read()), EvidenceKind.PHOTO)
    models.FollowUpPhoto.objects.create(
        follow_up=kept,
        ref=ref,
        before=photo.before,
        file=keep(f"visits/{visit}/{counted.sha256}.{form.ending}", photo.content),
        name=said(photo.name)[-200:] or f"{counted.sha256[:8]}.{form.ending}",
        media_type=form.media_type,
        size=counted.size,
        sha256=counted.sha256,
        sm3=counted.sm3,
        by_ref=by.ref,
        by_name=by.name,
        at=at,
    )
