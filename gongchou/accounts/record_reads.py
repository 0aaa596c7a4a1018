"""Which superior may read the single records of a bureau, of which quarter, until when."""

from dataclasses import dataclass
from datetime import date, datetime

from gongchou.accounts import models
from gongchou.core.refusals import NotAllowed
from gongchou.core.workdays import Quarter


@dataclass(frozen=True, slots=True, kw_only=True)
class RightRow:
    """One right; held from `since` until before `until`."""

    number: int
    bureau: str
    bureau_name: str
    superior: str
    superior_name: str
    quarter: Quarter
    since: date
    until: date
    document_number: str
    reason: str
    by: str
    at: datetime

    def holds(self, on: date) -> bool:
        return self.since <= on < self.until


def _right(row: models.RecordRight) -> RightRow:
    return RightRow(
        number=row.pk,
        bureau=row.bureau.code,
        bureau_name=row.bureau.name,
        superior=row.superior.code,
        superior_name=row.superior.name,
        quarter=Quarter.parse(row.quarter),
        since=row.since,
        until=row.until,
        document_number=row.document_number,
        reason=row.reason,
        by=row.by_name,
        at=row.at,
    )


def given(bureau: str) -> tuple[RightRow, ...]:
    """All rights that a bureau has given, the newest first."""
    rows = models.RecordRight.objects.filter(bureau__code=bureau)
    return tuple(_right(row) for row in rows.select_related("bureau", "superior").order_by("-pk"))


def held(superior: str, on: date) -> tuple[RightRow, ...]:
    """The rights that a superior has on a day, by bureau and quarter."""
    rows = models.RecordRight.objects.filter(
        superior__code=superior, since__lte=on, until__gt=on
    ).select_related("bureau", "superior")
    return tuple(_right(row) for row in rows.order_by("bureau__code", "quarter", "pk"))


def right(number: int, superior: str, on: date) -> RightRow:
    """A right that holds today; NotAllowed for everything else, whatever there may be."""
    found = next((row for row in held(superior, on) if row.number == number), None)
    if found is None:
        raise NotAllowed(
            "贵机关没有这项调阅授权，或者授权已经到期。单条检查记录须由该机构负责人授权后才能调阅，"
            "请发函申请；汇总数字在“统计报送”查看。"
        )
    return found
