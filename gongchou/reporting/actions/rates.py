"""What the random checks say about all subjects, put before the approver of publications."""

from datetime import datetime
from typing import Any

from django.db import transaction

from gongchou.audit import actions as audit
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor, Power, check
from gongchou.core.quota import decimal
from gongchou.core.refusals import Refused
from gongchou.core.terms import InspectionKind, PublicationKind
from gongchou.core.workdays import Quarter
from gongchou.publication.actions import propose_or_correct
from gongchou.publication.gathering import Draft, head
from gongchou.reporting.rates import RateRow, led_by_clues, rates
from gongchou.web.clock import day_of

METHOD = (
    "随机抽取的每家机会相同，查到的可以推算没有查到的；区间按超几何分布精确计算，"
    "至少有 95% 的把握包含真实家数。线索检查没有抽取机会，单列，不参加推算。"
)


@transaction.atomic
def propose_rates(quarter: Quarter, reason: str = "", *, by: Actor, at: datetime) -> str:
    """The estimates of a quarter go to the approver; of a published one as its correction."""
    check(by, Power.PROPOSE_PUBLICATION)
    made = propose_or_correct(_draft(by.bureau, quarter, at), reason, by=by, at=at)
    data = {"publication": made}
    audit.append(EventKind.REPORT_EXPORTED, about=f"rates:{quarter}", by=by, at=at, data=data)
    return made


def _draft(bureau: str, quarter: Quarter, at: datetime) -> Draft:
    found = rates(bureau, str(quarter))
    if not any(row.estimate.checked for row in found):
        raise Refused("这个季度还没有审核过随机检查，不能推算。请在检查审核以后再提出。")
    title = f"{quarter.label}真实违法率推算"
    original = head(bureau, title, str(quarter)) | {
        "counted_on": day_of(at).isoformat(),
        "method": METHOD,
        "rows": [_row(row) for row in found],
        "clues": _clues(bureau, quarter),
    }
    return Draft(
        kind=PublicationKind.RATES,
        source=f"rates:{quarter}",
        title=title,
        quarter=str(quarter),
        original=original,
    )


def _row(row: RateRow) -> dict[str, Any]:
    found = row.estimate
    return {
        "name": row.stratum.label,
        "size": found.size,
        "drawn": row.drawn,
        "checked": found.checked,
        "problems": found.problems,
        "estimate": decimal(found.estimate, 1) if found.checked else "",
        "low": found.low,
        "high": found.high,
        "says": found.says if row.drawn else "",
        "note": row.note,
    }


def _clues(bureau: str, quarter: Quarter) -> list[dict[str, Any]]:
    """Visits that a clue led to, kind by kind: counted, and nothing concluded from them."""
    visits = led_by_clues(bureau, str(quarter))
    return [
        {
            "name": f"{kind.label}检查",
            "checked": len(held),
            "problems": sum(visit.problem_count > 0 for visit in held),
        }
        for kind in InspectionKind
        if (held := [visit for visit in visits if visit.inspection_kind is kind])
    ]
