"""Openness of the demonstration: what waits for the publisher on the morning it begins.

A visit whose result counts down, a corrected notice that waits for consent, a hand-over for
credit, one revoked decision withdrawn and one that still must be; each by the product's own acts.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial
from itertools import count

from gongchou.config import demo_visits
from gongchou.config.demo_agenda import Agenda, after, at, person
from gongchou.config.demo_bureau import CODE, login_of
from gongchou.core.terms import TransferKind, VisitResult
from gongchou.core.workdays import Quarter
from gongchou.inspection import actions as inspection
from gongchou.inspection import reads as visits
from gongchou.inspection.drafts import (
    CaseVisitDraft,
    LocalResultDraft,
    RevocationDraft,
    TransferDraft,
    TransferReceiptDraft,
)
from gongchou.inspection.rows import VisitRow
from gongchou.publication import actions as publication
from gongchou.publication import due
from gongchou.publication import reads as published
from gongchou.registry import actions as registry
from gongchou.registry import reads as registers
from gongchou.web.clock import day_of

CREDIT = "临溪市社会信用中心（演示）"
COURT = "临溪市人民政府行政复议机构（演示）"
QUARTERS_BACK, WORKDAYS_BACK = 3, 3
LOCAL = (
    ("01-1", "当场提示风险（演示）", VisitResult.NO_PROBLEM),
    ("03-1", "限期改正并限产（演示）", VisitResult.ORDERED_CORRECT),
)


def schedule(agenda: Agenda, now: datetime) -> None:
    """The last three working days before the demonstration stands still."""
    days = list(_workdays_before(day_of(now)))
    agenda.put(at(days[2], 8, 40), partial(_case_visit, agenda))
    agenda.put(at(days[1], 10), _add_codes)
    agenda.put(at(days[0], 9, 30), _hand_over)
    agenda.put(at(days[0], 10, 30), _revoke)
    agenda.put(at(days[0], 15), _propose_correction)


def _workdays_before(today: date) -> Iterator[date]:
    """The three working days before, the nearest first."""
    found = 0
    for back in count(1):
        day = today - timedelta(days=back)
        if after(day - timedelta(days=1), 1) == day:
            yield day
            found += 1
        if found == WORKDAYS_BACK:
            return


def _case_visit(agenda: Agenda, when: datetime) -> None:
    """A visit for a reason, walked by two officers; its result is due and not public yet."""
    today = day_of(when)
    team = [p.ref for p in registers.inspectors(CODE, today) if login_of(p.ref) in ("li", "wang")]
    site = registers.snapshot(CODE, today).subjects[4]
    draft = CaseVisitDraft(
        subject=site.ref,
        ground="群众反映夜间有异味（演示）",
        inspectors=tuple(team),
        planned_on=today,
    )
    ref = inspection.open_case_visit(draft, by=person("chen", when), at=when)
    agenda.put(when + timedelta(minutes=30), partial(demo_visits.accept, agenda, ref))


def _add_codes(when: datetime) -> None:
    for code, label, under in LOCAL:
        draft = LocalResultDraft(
            code=code, label=label, under=under, since=date(when.year - 1, 1, 1)
        )
        inspection.add_local_result(draft, by=person("chen", when), at=when)


def _public(today: date) -> list[VisitRow]:
    """Visits of the last three quarters whose results are public, the latest quarter first."""
    quarters = [Quarter.of(today).previous()]
    while len(quarters) < QUARTERS_BACK:
        quarters.append(quarters[-1].previous())
    held = [visit for quarter in quarters for visit in visits.visits(CODE, str(quarter))]
    states = published.publication_state_of_visits(CODE, [visit.ref for visit in held])
    return [visit for visit in held if visit.ref in states and visit.visit_result]


def _penalised(today: date) -> list[VisitRow]:
    return [visit for visit in _public(today) if visit.penalty_amount_fen]


def _hand_over(when: datetime) -> None:
    """A decided penalty goes to those who keep the credit, with its file; another waits."""
    by = person("chen", when)
    for number, visit in enumerate(_penalised(day_of(when))[:2]):
        draft = TransferDraft(
            kind=TransferKind.CREDIT,
            to_whom=CREDIT,
            moved_on=day_of(when),
            says="行政处罚决定用于信用评价（演示）",
        )
        inspection.transfer_case(visit.ref, draft, by=by, at=when)
        inspection.export_visit_file(visit.ref, by=by, at=when)
        if number == 0:
            _receive(visit.ref, when)


def _receive(ref: str, when: datetime) -> None:
    [waiting] = visits.aftermath(ref).waiting_transfers
    receipt = TransferReceiptDraft(
        transfer=waiting.key,
        received_on=day_of(when),
        received_by="演示接收员",
        number="演示信接〔1〕号",
    )
    inspection.receive_transfer(ref, receipt, by=person("chen", when), at=when)


def _revoke(when: datetime) -> None:
    """Two decisions do not stand any more: one is withdrawn the same day, one still waits."""
    today = day_of(when)
    for visit in _penalised(today)[-2:]:
        decided = next(c for c in visits.aftermath(visit.ref).cases if c.decision_number)
        draft = RevocationDraft(
            decision_number=decided.decision_number,
            revoked_on=today,
            authority=COURT,
            says="适用依据不当（演示）",
        )
        inspection.revoke_decision(visit.ref, draft, by=person("chen", when), at=when)
    for change in registers.waiting_changes(CODE, today, today):
        registry.confirm_change(change.ref, by=person("zhao", when), at=when)
    told = due.revoked_results(CODE, today)
    if told:
        row, by = told[0], person("gong", when)
        publication.withdraw_result(row.publication, row.number, row.reason, by=by, at=when)


def _propose_correction(when: datetime) -> None:
    """A local code was chosen after all; the notice that tells it anew waits for consent."""
    ordered = [v for v in _public(day_of(when)) if v.visit_result is VisitResult.ORDERED_CORRECT]
    for visit in ordered[:1]:
        lead = login_of(visit.inspectors[0].ref)
        inspection.mark_local_result(visit.ref, LOCAL[1][0], by=person(lead, when), at=when)
    changed, by = due.changed_results(CODE, day_of(when)), person("gong", when)
    if changed:
        reason = "补记本地结果和信用管理情况（演示）"
        ref = publication.correct(changed[0].publication, reason, by=by, at=when)
        _keep_secret(ref, when)


def _keep_secret(ref: str, when: datetime) -> None:
    """A text that an enterprise has shown to be a trade secret."""
    rows = published.document(ref).document["rows"]
    places = [f"rows.{number}.problems.0" for number, row in enumerate(rows) if row["problems"]]
    for path in places[:1]:
        publication.withhold(ref, path, by=person("gong", when), at=when)
