"""Photos of later looks."""

from gongchou.core.refusals import Refused
from gongchou.inspection import models
from gongchou.inspection.rows import PhotoRow


def photo_row(row: models.FollowUpPhoto, visit: str) -> PhotoRow:
    return PhotoRow(
        ref=row.ref,
        visit=visit,
        before=row.before,
        path=str(row.file),
        name=row.name,
        media_type=row.media_type,
        sha256=row.sha256,
        by=row.by_name,
        at=row.at,
    )


def look_photo(ref: str) -> PhotoRow:
    rows = models.FollowUpPhoto.objects.select_related("follow_up__order__visit")
    row = rows.filter(ref=ref).first()
    if row is None:
        raise Refused(f"没有编号为 {ref} 的复查照片，请从检查页面进入。")
    return photo_row(row, row.follow_up.order.visit.ref)
