"""Visits of the demonstration: released on their day, held, recorded, reviewed, followed up."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial

from gongchou.config import demo_photo
from gongchou.config.demo_agenda import Agenda, after, at, person, pick
from gongchou.config.demo_bureau import login_of
from gongchou.config.demo_ceremony import open_up
from gongchou.core.record import CheckAnswer, FindingValue, RecordBody, RecordItem, Signature
from gongchou.core.terms import (
    Delivery,
    ExcuseReason,
    ItemResult,
    ReceiptWay,
    SignerRole,
    SignStatus,
    VisitResult,
)
from gongchou.drawing import actions as drawing
from gongchou.drawing import reads as draws
from gongchou.inspection import actions as inspection
from gongchou.inspection import reads as visits
from gongchou.inspection.drafts import CaseDraft, OrderDraft
from gongchou.inspection.rows import VisitRow
from gongchou.web.clock import day_of

# Of a hundred visits: what comes out, in words of the glossary.
OUTCOMES: tuple[tuple[int, VisitResult], ...] = (
    (70, VisitResult.NO_PROBLEM),
    (11, VisitResult.CORRECTED_ON_SPOT),
    (11, VisitResult.ORDERED_CORRECT),
    (4, VisitResult.CASE_FILED),
    (3, VisitResult.NOT_OPERATING),
    (1, VisitResult.CLOSED_OR_MOVED),
)
FINDINGS = (
    "危险废物贮存间标识缺失一处（演示）",
    "治理设施运行台账漏记三日（演示）",
    "活性炭更换记录与采购量不符（演示）",
    "雨污分流沟盖板破损（演示）",
)
FINE_FEN = 2_000_000
# One clean record in so many goes back to its team first.
RETURNS = 12


def schedule(agenda: Agenda, draw: str) -> None:
    """Put down the release of each day on which the list has a visit."""
    for day in sorted({row.planned_on for row in draws.schedule(draw)}):
        agenda.put(at(day, 8), partial(_release, agenda, draw, day))


def _release(agenda: Agenda, draw: str, day: date, when: datetime) -> None:
    """What is planned on the day is opened and sent to its teams."""
    held = {row.number for row in draws.released(draw)}
    opening = drawing.request_release(draw, on=day, by=person("chen", when), at=when)
    open_up(opening, when)
    for row in draws.released(draw):
        if row.number not in held:
            visit = inspection.dispatch_visit(draw, row.number, by=person("chen", when), at=when)
            if visits.visit(visit).draw != draw:
                continue  # It went into the visit of another task, which waits already.
            agenda.put(at(day, 9, pick(visit, 60)), partial(accept, agenda, visit))


def accept(agenda: Agenda, ref: str, when: datetime) -> None:
    """The team gets the task, studies the site and the law, takes it on and writes the notice."""
    team = [login_of(p.ref) for p in visits.visit(ref).inspectors]
    for login in team:
        by = person(login, when)
        inspection.note_receipt(ref, ReceiptWay.PAGE, by=by, at=when)
        inspection.confirm_briefing(ref, by=by, at=when)
    lead = person(team[0], when)
    inspection.accept_visit(ref, by=lead, at=when)
    number = f"演示检通〔{when.year}〕{_number(ref)}号"
    inspection.record_notice(ref, number, delivery=Delivery.DIRECT, by=lead, at=when)
    agenda.put(when + timedelta(minutes=40), partial(_arrive, agenda, ref, team[0]))


def _arrive(agenda: Agenda, ref: str, lead: str, when: datetime) -> None:
    inspection.start_visit(ref, client_id=f"{ref}-arrival", by=person(lead, when), at=when)
    ended = when + timedelta(minutes=50 + pick(ref, 40))
    agenda.put(ended, partial(_submit, agenda, ref, lead, when))


def _submit(agenda: Agenda, ref: str, lead: str, arrived: datetime, when: datetime) -> None:
    by, body = person(lead, when), _body(visits.visit(ref), arrived, when)
    for finding in body.findings:
        photo = demo_photo.draft(ref, finding.item, finding.says, taken_at=when)
        held = inspection.add_evidence(ref, photo, client_id=f"{ref}-photo", by=by, at=when)
        body = replace(body, findings=(replace(finding, evidence=(held,)),))
    for colleague in visits.visit(ref).inspectors:
        inspection.sign_record(ref, body, by=person(login_of(colleague.ref), when), at=when)
    inspection.submit_record(ref, body, client_id=f"{ref}-record", by=by, at=when)
    _after(agenda, ref, lead, body, when)


def _outcome(ref: str) -> VisitResult:
    number = pick(f"outcome {ref}", 100)
    for share, result in OUTCOMES:
        if number < share:
            return result
        number -= share
    raise AssertionError("the shares make up a hundred")


def _body(found: VisitRow, arrived: datetime, ended: datetime) -> RecordBody:
    outcome, items = _outcome(found.ref), visits.record_items(found)
    representative = _representative(found.ref)
    signatures = [
        Signature(name=p.name, role=SignerRole.INSPECTOR, ref=p.ref, sign_status=SignStatus.SIGNED)
        for p in found.inspectors
    ]
    is_held = outcome not in (VisitResult.NOT_OPERATING, VisitResult.CLOSED_OR_MOVED)
    problem = items[pick(f"problem {found.ref}", len(items))].code
    has_problem = is_held and outcome is not VisitResult.NO_PROBLEM
    return RecordBody(
        started_at=arrived,
        identity_shown_at=arrived + timedelta(minutes=2),
        notice_given_at=arrived + timedelta(minutes=4),
        ended_at=ended,
        answers=tuple(_answers(found, items, problem if has_problem else "")) if is_held else (),
        findings=(FindingValue(item=problem, says=_finding(found.ref)),) if has_problem else (),
        handling=outcome if has_problem else None,
        unvisitable=None if is_held else outcome,
        unvisitable_reason="" if is_held else "到场查看，大门上锁、无人值守，设备断电（演示）",
        opinion="无意见（演示）" if is_held else "",
        is_read_back=representative.stands,
        signatures=(*signatures, representative),
    )


def _answers(found: VisitRow, items: Sequence[RecordItem], problem: str) -> list[CheckAnswer]:
    """Most items are clean, some do not apply, one may hold the problem."""
    held = []
    for item in items:
        result = ItemResult.NO_PROBLEM
        if pick(f"{found.ref} {item.code}", 9) == 0:
            result = ItemResult.NA
        if item.code == problem:
            result = ItemResult.PROBLEM
        held.append(CheckAnswer(item=item.code, result=result))
    return held


def _finding(ref: str) -> str:
    return FINDINGS[pick(f"finding {ref}", len(FINDINGS))]


def _representative(ref: str) -> Signature:
    """Nearly everybody signs; now and then somebody refuses, in front of a witness."""
    if pick(f"signs {ref}", 40) == 0 or _outcome(ref) is VisitResult.CLOSED_OR_MOVED:
        return Signature(
            name="",
            role=SignerRole.LEGAL_REPRESENTATIVE,
            sign_status=SignStatus.ABSENT,
            reason="负责人不在现场，也未委托他人（演示）",
            witness="演示村民委员会见证人",
            recording="演示执法记录仪 0001",
        )
    return Signature(
        name="演示现场负责人",
        role=SignerRole.SITE_MANAGER,
        sign_status=SignStatus.SIGNED,
        authorisation="持单位授权书（演示）",
    )


def _after(agenda: Agenda, ref: str, lead: str, body: RecordBody, ended: datetime) -> None:
    """What follows a submitted record: the review, its paper, and what the result asks for."""
    day = day_of(ended)
    looks: Callable[[datetime], None] = partial(_review, ref)
    if _outcome(ref) is VisitResult.NO_PROBLEM and pick(f"returned {ref}", RETURNS) == 0:
        looks = partial(_return, agenda, ref, lead, body)
    agenda.put(at(after(day, 1), 9, pick(ref, 50)), looks)
    agenda.put(at(after(day, 2), 16), partial(_receive, ref))
    match _outcome(ref):
        case VisitResult.ORDERED_CORRECT:
            agenda.put(at(after(day, 1), 15), partial(_order, agenda, ref, lead))
        case VisitResult.CASE_FILED:
            agenda.put(at(after(day, 2), 15), partial(_file, agenda, ref, lead))
        case VisitResult.CLOSED_OR_MOVED:
            agenda.put(ended + timedelta(hours=2), partial(_substitute, agenda, ref))


def _review(ref: str, when: datetime) -> None:
    inspection.review_record(ref, by=person("shen", when), at=when)


def _return(agenda: Agenda, ref: str, lead: str, body: RecordBody, when: datetime) -> None:
    """The reviewer misses something; the team completes the record and the review follows."""
    says = "演示：没有写明查阅的台账是哪几个月的，请补正"
    inspection.return_record(ref, says, by=person("shen", when), at=when)
    whole = replace(body, opinion="无意见；已补写查阅的台账月份（演示）")
    agenda.put(when + timedelta(hours=2), partial(_complete, ref, lead, whole))
    agenda.put(at(after(day_of(when), 1), 9, pick(ref, 50)), partial(_review, ref))


def _complete(ref: str, lead: str, body: RecordBody, when: datetime) -> None:
    for colleague in visits.visit(ref).inspectors:
        inspection.sign_record(ref, body, by=person(login_of(colleague.ref), when), at=when)
    by, why = person(lead, when), "演示：补写台账月份"
    inspection.supplement_record(
        ref, body, reason=why, client_id=f"{ref}-completed", by=by, at=when
    )


def _receive(ref: str, when: datetime) -> None:
    inspection.receive_paper(ref, on=day_of(when), by=person("chen", when), at=when)


def _order(agenda: Agenda, ref: str, lead: str, when: datetime) -> None:
    day, due = day_of(when), after(day_of(when), 10)
    draft = OrderDraft(
        says=f"限期改正：{_finding(ref)}",
        issued_on=day,
        due_on=due,
        document_number=f"演示责改〔{day.year}〕{_number(ref)}号",
    )
    order = inspection.order_correction(ref, draft, by=person(lead, when), at=when)
    agenda.put(at(after(due, 1), 10), partial(_look_again, order, lead))


def _look_again(order: str, lead: str, when: datetime) -> None:
    says, by = "现场复查，问题已改正（演示）", person(lead, when)
    inspection.record_follow_up(order, says, on=day_of(when), is_corrected=True, by=by, at=when)


def _number(ref: str) -> int:
    return pick(f"number {ref}", 900) + 100


def _file(agenda: Agenda, ref: str, lead: str, when: datetime) -> None:
    day = day_of(when)
    number = f"演示立〔{day.year}〕{_number(ref)}号"
    filed = CaseDraft(number=number, filed_on=day, says=_finding(ref))
    inspection.file_case(ref, filed, by=person(lead, when), at=when)
    agenda.put(at(after(day, 18), 10), partial(_decide, ref, lead, filed))


def _decide(ref: str, lead: str, filed: CaseDraft, when: datetime) -> None:
    decided = replace(
        filed,
        decision_number=f"演示罚〔{when.year}〕{_number(ref)}号",
        decided_on=day_of(when),
        amount_fen=FINE_FEN,
    )
    inspection.file_case(ref, decided, by=person(lead, when), at=when)


def _substitute(agenda: Agenda, ref: str, when: datetime) -> None:
    """A closed site is excused; the next ticket takes its place the next working day."""
    found, day = visits.visit(ref), after(day_of(when), 1)
    opening = drawing.request_substitution(
        found.draw,
        found.number,
        reason=ExcuseReason.CLOSED,
        says="现场查看并核对市场主体登记，已经关闭（演示）",
        on=day,
        by=person("chen", when),
        at=when,
    )
    open_up(opening, when)
    agenda.put(at(day, 8, 30), partial(_release, agenda, found.draw, day))
