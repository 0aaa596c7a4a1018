"""What people decide about clues (研判), and how a clue ends. Clues of one case move together."""

from datetime import date, datetime, timedelta

from django.db import transaction

from gongchou.audit import actions as audit
from gongchou.core.clue_terms import ClueOrigin, ClueState, ExclusionReason, UnconfirmedReason
from gongchou.core.clues import may_expire, triage_due
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor, Power, check, system
from gongchou.core.record import said
from gongchou.core.refusals import Invalid, Refused
from gongchou.core.terms import LetterProgress
from gongchou.intake import actions as intake
from gongchou.law.load import load_calendar
from gongchou.offsite import models
from gongchou.offsite.clue_settings import clue_rules
from gongchou.offsite.clue_writers import keep_evidence, last_digest, owned, step, with_case
from gongchou.registry import reads as registers
from gongchou.web.clock import day_of

# What the desk may do with a clue by itself; going on site is done by arranging a visit.
DESK = (ClueState.EXCLUDED, ClueState.WATCHED, ClueState.EXPLAINING, ClueState.TO_OFFSITE)
OUTCOMES = (ClueState.CONFIRMED, ClueState.UNCONFIRMED, ClueState.UNVERIFIABLE)


def _why(text: str) -> str:
    words = said(text)
    if not words or len(words) > 500:
        raise Invalid("请写明理由，不超过 500 字。理由随线索永久保存。")
    return words


@transaction.atomic
def decide_clue(
    ref: str, to: ClueState, why: str, reason: str = "", *, by: Actor, at: datetime
) -> None:
    """The desk puts a clue aside, watches it, asks the enterprise, or has it checked off site."""
    check(by, Power.TRIAGE_CLUE)
    words, row = _why(why), owned(ref, by.bureau)
    if to not in DESK:
        raise Invalid("研判结果只能是排除、观察、企业说明或者转非现场核查；去现场请安排个案检查。")
    if to is ClueState.EXCLUDED and reason not in set(ExclusionReason) - {ExclusionReason.EXPIRED}:
        raise Invalid("排除线索须选择理由代码，请选择后再提交。")
    code = reason if to is ClueState.EXCLUDED else ""
    for one in with_case(row):
        step(one, to, words, last_digest(one), by, at, reason=code)
        _trace(one.ref, to, by, at)
        if to is ClueState.EXCLUDED:
            _tell_sender(one, words, by, at)


@transaction.atomic
def return_clue(ref: str, why: str, *, by: Actor, at: datetime) -> None:
    """Back to the desk: the enterprise has explained itself, or watching has shown something."""
    check(by, Power.TRIAGE_CLUE)
    words, row = _why(why), owned(ref, by.bureau)
    if ClueState(row.state) not in (ClueState.WATCHED, ClueState.EXPLAINING):
        raise Refused("只有观察中的和等待企业说明的线索可以这样退回研判。请刷新页面。")
    body = {"says": words, "state": row.state, "at": at.isoformat()}
    digest = keep_evidence(row, body, by, at)
    for one in with_case(row):
        own = digest if one.pk == row.pk else last_digest(one)
        step(one, ClueState.PENDING, words, own, by, at, due_on=_due(by.bureau, at))
        _trace(one.ref, ClueState.PENDING, by, at)


@transaction.atomic
def reopen_clue(ref: str, why: str, *, by: Actor, at: datetime) -> None:
    """A clue that was put away comes back, if there is evidence from after it was."""
    check(by, Power.TRIAGE_CLUE)
    words, row = _why(why), owned(ref, by.bureau)
    put_away = row.moves.filter(to=ClueState.EXCLUDED.value).order_by("-number").first()
    if put_away is None or ClueState(row.state) is not ClueState.EXCLUDED:
        raise Refused("只有已排除的线索可以重新研判。请刷新页面。")
    known = {put_away.evidence, *row.moves.values_list("evidence", flat=True)}
    fresh = row.evidence.filter(at__gte=put_away.at).exclude(digest__in=known).order_by("-pk")
    newest = fresh.first()
    if newest is None:
        raise Refused("排除以后没有新的证据，不能重新研判。请先补充新证据。")
    step(row, ClueState.PENDING, words, newest.digest, by, at, due_on=_due(by.bureau, at))
    _trace(ref, ClueState.PENDING, by, at)


@transaction.atomic
def begin_offsite(ref: str, why: str, *, by: Actor, at: datetime) -> None:
    """Somebody takes up the off-site verification of a clue."""
    check(by, Power.RECORD_OFFSITE)
    row, words = owned(ref, by.bureau), _why(why)
    if ClueState(row.state) is not ClueState.TO_OFFSITE:
        raise Refused("这条线索没有转为非现场核查，请先研判。")
    for one in with_case(row):
        step(one, ClueState.VERIFYING, words, last_digest(one), by, at)
        _trace(one.ref, ClueState.VERIFYING, by, at)


@transaction.atomic
def send_on_site(ref: str, visit: str, *, by: Actor, at: datetime) -> None:
    """A case visit goes out for a clue and its case; called by the room that keeps visits."""
    check(by, Power.DISPATCH_VISIT)
    row = owned(ref, by.bureau)
    for one in with_case(row):
        digest = last_digest(one)
        step(one, ClueState.TO_ONSITE, "研判后转现场检查。", digest, by, at, visit=visit)
        step(one, ClueState.VERIFYING, f"个案检查 {visit} 已派发。", digest, by, at)
        _trace(one.ref, ClueState.VERIFYING, by, at)


@transaction.atomic
def give_back(visit: str, why: str, *, by: Actor, at: datetime) -> None:
    """The visit fell through: its clues wait for another decision."""
    check(by, Power.DISPATCH_VISIT)
    rows = models.Clue.objects.filter(
        bureau__code=by.bureau, visit=visit, state=ClueState.VERIFYING.value
    )
    for row in rows:
        words = f"个案检查 {visit} 已作废：{said(why)}"
        due = _due(by.bureau, at)
        step(row, ClueState.PENDING, words, last_digest(row), by, at, visit="", due_on=due)
        _trace(row.ref, ClueState.PENDING, by, at)


@transaction.atomic
def conclude_clue(
    ref: str,
    outcome: ClueState,
    why: str,
    *,
    reason: str = "",
    evidence: str = "",
    power: Power = Power.CONCLUDE_OFFSITE,
    by: Actor,
    at: datetime,
) -> None:
    """Found true, not found, or not to be told; by somebody who did not send it to be checked.

    `evidence` is the digest of the record or the check that the outcome rests on.
    """
    check(by, power)
    row, words = owned(ref, by.bureau), _why(why)
    _check_outcome(outcome, reason)
    if power is Power.CONCLUDE_OFFSITE and row.visit:
        raise Refused("这条线索正在现场核查，请在检查记录审核以后登记核查结果。")
    for one in with_case(row):
        _check_another(one, by)
        step(one, outcome, words, evidence or last_digest(one), by, at, reason=reason)
        _trace(one.ref, outcome, by, at)
        _propose_delisting(one, outcome, words, by, at)
        if not one.visit:
            _tell_sender(one, words, by, at)


def _check_outcome(outcome: ClueState, reason: str) -> None:
    if outcome not in OUTCOMES:
        raise Invalid("核查结果应为查实、未查实或者无法核实，请选择。")
    if outcome is ClueState.UNCONFIRMED and reason not in set(UnconfirmedReason):
        raise Invalid("未查实的，须选择原因代码（未查实不等于误报），请选择后再提交。")
    if outcome is not ClueState.UNCONFIRMED and reason:
        raise Invalid("只有未查实的才填原因代码，请核对。")


def _check_another(row: models.Clue, by: Actor) -> None:
    sent = row.moves.filter(to__in=(ClueState.TO_OFFSITE.value, ClueState.TO_ONSITE.value))
    if by.ref in sent.values_list("by_ref", flat=True):
        raise Refused("核查结果须由研判人以外的人员登记。")


@transaction.atomic
def archive_clue(ref: str, *, by: Actor, at: datetime) -> None:
    """What has an outcome is put into the archive."""
    check(by, Power.TRIAGE_CLUE)
    row = owned(ref, by.bureau)
    if ClueState(row.state) not in OUTCOMES:
        raise Refused("有核查结果的线索才能归档。请刷新页面。")
    for one in with_case(row):
        step(one, ClueState.ARCHIVED, "核查完毕，归档。", last_digest(one), by, at)
        _trace(one.ref, ClueState.ARCHIVED, by, at)


@transaction.atomic
def expire_watched(*, by: Actor, at: datetime) -> int:
    """Light clues that were watched long enough without anything new; grave ones stay."""
    check(by, Power.TAKE_UP_CLUE)
    rules = clue_rules(by.bureau, day_of(at))
    before, count = at - timedelta(days=rules.watch_days), 0
    watched = models.Clue.objects.filter(
        bureau__code=by.bureau, state=ClueState.WATCHED.value
    ).prefetch_related("moves")
    for row in watched:
        since = max(one.at for one in row.moves.all())
        if since <= before and may_expire(row.severity, ClueState(row.state)):
            why = f"观察满 {rules.watch_days} 天没有新的情况。"
            code = ExclusionReason.EXPIRED.value
            step(row, ClueState.EXCLUDED, why, last_digest(row), by, at, reason=code)
            _trace(row.ref, ClueState.EXCLUDED, by, at)
            count += 1
    return count


def _due(bureau: str, at: datetime) -> date:
    today = day_of(at)
    return triage_due(today, clue_rules(bureau, today).triage_days, load_calendar())


def _trace(ref: str, to: ClueState, by: Actor, at: datetime) -> None:
    audit.append(EventKind.CLUE_MOVED, about=ref, by=by, at=at, data={"to": to.value})


def _tell_sender(row: models.Clue, words: str, by: Actor, at: datetime) -> None:
    """Whoever wrote reads what came of it; after a visit the visit's review tells."""
    if ClueOrigin(row.origin) is ClueOrigin.LETTER and row.letter:
        progress = LetterProgress.CLUE_CLOSED
        intake.tell_progress(row.letter, progress, words, by=system(by.bureau), at=at)


def _propose_delisting(
    row: models.Clue, outcome: ClueState, words: str, by: Actor, at: datetime
) -> None:
    """Found true on a unit of the positive list: trust has to be looked at again."""
    if outcome is not ClueState.CONFIRMED or row.subject is None:
        return
    today = day_of(at)
    known = registers.subject(row.subject.ref, by.bureau, today).subject
    if not any(f.since <= today and (f.until is None or today < f.until) for f in known.listings):
        return
    models.DelistingProposal.objects.create(
        bureau=row.bureau,
        subject=row.subject,
        subject_name=row.subject_name,
        clue=row,
        why=f"线索 {row.ref} 查实：{words}"[:500],
        by_ref=by.ref,
        by_name=by.name,
        at=at,
    )


@transaction.atomic
def decide_delisting(proposal: int, is_agreed: bool, why: str, *, by: Actor, at: datetime) -> None:
    """A leader's word on leaving the positive list; the register's clerk then changes the list."""
    check(by, Power.APPROVE_REGISTER)
    row = models.DelistingProposal.objects.filter(pk=proposal, bureau__code=by.bureau).first()
    if row is None or hasattr(row, "decision"):
        raise Refused("这项建议不存在或者已经决定，请刷新页面。")
    models.DelistingDecision.objects.create(
        proposal=row,
        is_agreed=is_agreed,
        why=_why(why)[:300],
        by_ref=by.ref,
        by_name=by.name,
        at=at,
    )
    data: dict[str, str | int] = {"agreed": int(is_agreed), "subject": row.subject.ref}
    audit.append(EventKind.DELISTING_DECIDED, about=row.clue.ref, by=by, at=at, data=data)
