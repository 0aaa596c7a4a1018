"""Small makers of fictional things; whatever a test does not name is ordinary."""

from datetime import date
from typing import Any

from gongchou.core.roster import (
    ComplaintFact,
    CreditFact,
    Inspector,
    ListingFact,
    PenaltyFact,
    RegisterSnapshot,
    Subject,
    SupervisedFact,
)
from gongchou.core.terms import ComplaintVerdict, CreditLevel, SupervisedBy

SNAPSHOT_DAY = date(2026, 1, 5)


def make_subject(ref: str = "S1", **fields: Any) -> Subject:
    return Subject(**{"ref": ref, "name": f"虚构企业{ref}", **fields})


def rated(level: CreditLevel, on: date = date(2025, 6, 1)) -> CreditFact:
    return CreditFact(level=level, rated_on=on, evidence="虚构年度评价")


def penalised(on: date, revoked_on: date | None = None) -> PenaltyFact:
    return PenaltyFact(
        ref="P1", document_number="虚构罚〔1〕号", decision_date=on, revoked_on=revoked_on
    )


def complained(
    on: date, verdict: ComplaintVerdict = ComplaintVerdict.TRUE, *, is_violation: bool = True
) -> ComplaintFact:
    return ComplaintFact(ref="X1", closed_on=on, verdict=verdict, is_violation=is_violation)


def supervised(by: SupervisedBy, lifted_on: date | None = None) -> SupervisedFact:
    return SupervisedFact(ref="G1", supervised_by=by, since=date(2025, 3, 1), lifted_on=lifted_on)


def listed(until: date | None = None) -> ListingFact:
    return ListingFact(basis="污染小", since=date(2025, 1, 1), until=until)


def make_inspector(ref: str = "I1", **fields: Any) -> Inspector:
    ordinary = {"name": "李执法", "unit": "zd", "is_certified": True, "areas": ("gx",)}
    return Inspector(**{"ref": ref, **ordinary, "card_valid_until": date(2030, 1, 1), **fields})


def make_snapshot(*subjects: Subject, **fields: Any) -> RegisterSnapshot:
    empty: dict[str, Any] = {"inspectors": (), "recusals": (), "item_groups": ()}
    return RegisterSnapshot(
        bureau="990173",
        on=SNAPSHOT_DAY,
        subjects=subjects,
        item_list_version="1",
        **{**empty, **fields},
    )
