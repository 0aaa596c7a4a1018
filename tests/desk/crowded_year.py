"""A first half-year of some three hundred visits of every kind, for counting the board again.

Visits of two quarters, late ones, cases and campaigns, sites found closed, temporary and joint
tasks, reviews that came later, another bureau's visits, off-site checks and published results.
"""

import json
from datetime import UTC, date, datetime, timedelta
from random import Random

from gongchou.accounts.models import Bureau
from gongchou.core.terms import (
    ImportKind,
    InspectionKind,
    JointKind,
    OffsiteConclusion,
    SourceKind,
    VisitResult,
    VisitState,
)
from gongchou.inspection.models import CaseFiling, Visit
from gongchou.offsite import actions as offsite
from gongchou.offsite.models import OffsiteCheck
from gongchou.planning.models import QuarterPlan
from gongchou.publication.models import Publication, ResultLine
from gongchou.registry.models import PastVisit, Subject
from tests.conftest import BUREAU
from tests.offsite.conftest import LIST_HEADER, SITE_HEADER, on_list
from tests.offsite.test_checks import given, read
from tests.registry.test_import import csv, line, take, uscc
from tests.reporting.quarters import make_plan

QUARTERS = ("2026Q1", "2026Q2")
ON_SITE = ("special", "key", "general_unlisted")
DAY = timedelta(days=1)
TASKS = ("T1", "T2", "T-临时", "T-联合1", "T-联合2")


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)


def make_half_year(chen, leader, shen, elsewhere: str) -> None:
    keys = [f"{line(n, category='重点管理')}," for n in range(1, 31)]
    rest = [f"{line(n)}," for n in range(31, 101)]
    take(ImportKind.SUBJECTS, csv(*keys, *rest, header=SITE_HEADER), chen)
    take(ImportKind.POSITIVE_LIST, csv(*map(on_list, range(41, 49)), header=LIST_HEADER), chen)
    low = [f"{uscc(n)},虚构化工{n},D级,2025-12-01" for n in range(31, 39)]
    head = "统一社会信用代码,单位名称,信用等级,评价日期"
    take(ImportKind.CREDITS, csv(*low, header=head), chen)
    for quarter, on in zip(QUARTERS, (date(2026, 1, 5), date(2026, 4, 2)), strict=True):
        make_plan(chen, leader, quarter, noon(on))
    dice = Random(2026)
    for quarter, count in zip(QUARTERS, (90, 210), strict=True):
        make_visits(quarter, count, dice, elsewhere)
    make_checks(chen, shen)
    make_results(dice)


def strata_of(quarter: str) -> dict[str, str]:
    """The stratum of each site, from the bytes of the plan."""
    body = bytes(QuarterPlan.objects.get(quarter=quarter).classification_body)
    return {row["ref"]: row["stratum"] for row in json.loads(body)["rows"]}


def make_visits(quarter: str, count: int, dice: Random, elsewhere: str) -> None:
    strata = strata_of(quarter)
    first = date(2026, 1 if quarter == "2026Q1" else 4, 3)
    sites = sorted(ref for ref, stratum in strata.items() if stratum in ON_SITE)
    listed = sorted(strata.keys() - set(sites))
    few = dice.sample(sites, 45)  # some sites are visited again and again
    for number in range(count):
        kind = dice.choices(list(InspectionKind), (8, 1, 2))[0]
        is_random = kind is InspectionKind.DAILY and dice.random() < 0.95
        site = dice.choice(few if is_random else sites + listed)
        ended = first + dice.randrange(100) * DAY  # some end in the quarter after
        joint = dice.choices(list(JointKind), (5, 4, 2))[0] if is_random else JointKind.NONE
        task = dice.choice(TASKS[3:] if joint is JointKind.JOINT_CROSS_DEPT else TASKS[:3])
        is_reviewed = dice.random() < 0.9
        visit = {
            "ref": f"V{quarter}-{number}", "quarter": quarter, "task": task,
            "subject": Subject.objects.get(ref=site), "subject_name": site,
            "stratum": strata[site] if is_random else "", "inspection_kind": kind.value,
            "is_random": is_random, "is_tiered": joint is not JointKind.JOINT_CROSS_DEPT,
            "joint_kind": joint.value, "units": dice.choice((["zd"], ["zd", "dq"])),
            "planned_on": ended, "ended_on": ended, "problem_count": dice.choice((0, 0, 1, 3)),
            "visit_result": dice.choice(list(VisitResult)).value,
            "state": (VisitState.REVIEWED if is_reviewed else VisitState.SUBMITTED).value,
            "dispatched_by": "U-chen", "dispatched_by_name": "陈组长", "dispatched_at": noon(ended),
            "bureau": Bureau.objects.get(code=BUREAU if number % 17 else elsewhere),
        }  # fmt: skip
        if is_reviewed:
            reviewed_at = noon(ended + dice.randrange(9) * DAY)
            visit |= {
                "reviewed_by": "U-shen",
                "reviewed_by_name": "沈审核",
                "reviewed_at": reviewed_at,
            }
        if is_reviewed and dice.random() < 0.7:
            visit |= {
                "paper_received_on": reviewed_at.date() + dice.randrange(5) * DAY,
                "paper_received_by": "U-chen", "paper_received_by_name": "陈组长",
            }  # fmt: skip
        keep(visit, dice)


def keep(fields: dict, dice: Random) -> None:
    """The visit, the memory of it once it is reviewed, and now and then a case."""
    row = Visit.objects.create(**fields)
    if row.state != VisitState.REVIEWED.value or row.bureau.code != BUREAU:
        return
    PastVisit.objects.create(
        subject=row.subject, known_since=row.reviewed_at.date(), visit_ref=row.ref,
        ended_on=row.ended_on, inspection_kind=row.inspection_kind,
        inspectors=dice.sample(["I1", "I2", "I3"], 2), is_clean=row.problem_count == 0,
    )  # fmt: skip
    if row.problem_count == 3:
        CaseFiling.objects.create(
            visit=row, number=f"立〔2026〕{row.pk}号", filed_on=row.ended_on, says="立案",
            by_ref="U-li", by_name="李执法", at=noon(row.ended_on + DAY),
        )  # fmt: skip


def make_checks(chen, shen) -> None:
    """Of the eight listed sites five are checked in time, one late, one with too little data."""
    listed = sorted(ref for ref, s in strata_of("2026Q2").items() if s == "general_listed")
    days = [date(2026, 5, 4 + n) for n in range(5)] + [date(2026, 6, 26), date(2026, 5, 20)]
    for number, (site, day) in enumerate(zip(listed, days, strict=False)):
        reads = 1 if number == 6 else 4
        what = given(read(SourceKind.LEDGER, reads, 4), since=date(2026, 4, 1), until=day - DAY)
        ref = offsite.record_check("2026Q2", site, what, chance=b"1", by=chen, at=noon(day))
        word = OffsiteConclusion.INSUFFICIENT_DATA if number == 6 else OffsiteConclusion.NORMAL
        offsite.conclude_check(ref, word, opinion="同意。", by=shen, at=noon(day))
    assert OffsiteCheck.objects.count() == 7


def make_results(dice: Random) -> None:
    """Two thirds of the reviewed random visits in notices: in time, late, withdrawn, in hand."""
    rows = Visit.objects.filter(bureau__code=BUREAU, state="reviewed", is_random=True)
    for row in rows.order_by("pk"):
        if dice.random() < 0.3:
            continue
        shown = noon(row.reviewed_at.date() + dice.randrange(1, 50) * DAY)
        state = dice.choices(("published", "withdrawn", "approved"), (8, 1, 1))[0]
        is_shown = state != "approved"
        gone = shown + 10 * DAY if state == "withdrawn" else None
        notice = Publication.objects.create(
            ref=f"O-{row.ref}", bureau=BUREAU, kind="result_notice", source=row.ref, version=1,
            title="抽查结果公示表", quarter=row.quarter, state=state, original=b"", body=b"",
            digest="0" * 64, proposed_by_ref="U-chen", proposed_by_name="陈组长",
            proposed_at=row.reviewed_at, approved_by_ref="U-lin", approved_by_name="林局长",
            approved_at=row.reviewed_at, published_by_ref="U-pub" if is_shown else "",
            published_by_name="公示人" if is_shown else "",
            published_at=shown if is_shown else None,
            withdrawn_by_ref="U-pub" if gone else "", withdrawn_at=gone,
            withdrawal_reason="有误" if gone else "",
        )  # fmt: skip
        ResultLine.objects.create(
            publication=notice, number=1, visit=row.ref, bureau=BUREAU, quarter=row.quarter,
            subject="虚构", items="", task="T1", ended_on=row.ended_on,
            visit_result=row.visit_result, is_natural_person=False, deadline_on=row.ended_on,
            is_open=not is_shown, is_public=state == "published", withdrawn_at=gone,
            keep_until=date(2031, 1, 1) if is_shown else None,
            withdrawal_reason="有误" if gone else "",
        )  # fmt: skip
