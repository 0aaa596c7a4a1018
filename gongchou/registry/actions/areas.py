"""The outline of the bureau's area, given as a file."""

import hashlib
from datetime import date, datetime

from django.db import transaction

from gongchou.accounts.models import Bureau
from gongchou.audit import actions as audit
from gongchou.core.area import read_area
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor, Power, check
from gongchou.core.refusals import Invalid, Refused, Stale
from gongchou.registry import models


@transaction.atomic
def set_area(content: bytes, source: str, *, on: date, by: Actor, at: datetime) -> int:
    """A GeoJSON outline that holds from `on`; returns its number of points. Earlier ones stay."""
    check(by, Power.EDIT_REGISTER)
    if not source.strip():
        raise Invalid("请写明区域轮廓的来源，例如由哪个单位提供、是哪一年的边界。")
    area, sha256 = read_area(content), hashlib.sha256(content).hexdigest()
    rows = models.AreaOutline.objects.filter(bureau__code=by.bureau, until=None)
    old = rows.first()
    if old is not None and old.sha256 == sha256:
        raise Refused("这份文件与现行的区域轮廓完全相同，不必再上传。")
    if old is not None and rows.filter(pk=old.pk, since__lte=on).update(until=on) != 1:
        raise Stale("区域轮廓刚被他人更换，请刷新页面查看。")
    points = sum(len(ring) for ring in area.rings)
    models.AreaOutline.objects.create(
        bureau=Bureau.objects.get(code=by.bureau),
        since=on,
        source=source.strip()[:200],
        sha256=sha256,
        points=points,
        body=area.plain(),
        by_name=by.name,
        at=at,
    )
    audit.append(
        EventKind.AREA_SET,
        about=by.bureau,
        by=by,
        at=at,
        data={"sha256": sha256, "points": points, "on": str(on)},
    )
    return points
