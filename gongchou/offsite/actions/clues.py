"""A clue comes to the desk: taken up once, merged with what it belongs to, screened, due."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from django.db import IntegrityError, transaction

from gongchou.accounts.models import Bureau
from gongchou.audit import actions as audit
from gongchou.core.canon import Canonical
from gongchou.core.clue_terms import ClueOrigin, ClueState, PollutantFamily
from gongchou.core.clues import Held, case_for, extended_by, family_of, triage_due
from gongchou.core.coordinates import Point
from gongchou.core.event_kinds import EventKind
from gongchou.core.monitoring.events import RuleEvent, event_digest, event_form
from gongchou.core.powers import Actor, Power, check, system
from gongchou.core.quota_words import percent
from gongchou.core.record import said
from gongchou.core.refusals import Invalid, Refused
from gongchou.core.workdays import written_day
from gongchou.law.load import load_calendar, load_clue_rules
from gongchou.offsite import clue_reads, clue_writers, models
from gongchou.offsite.clue_settings import clue_rules
from gongchou.registry import reads as registers
from gongchou.registry.models import Subject
from gongchou.registry.numbering import take
from gongchou.web.clock import day_of

FULL = Fraction(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClueDraft:
    """A suspicion as it comes in; `client_id` names it for ever, sent twice it stays one.

    `grade` says how surely the place points to the subject, `completeness` how much data there was;
    `body` is the snapshot of everything it rests on, and `digest` of it what is cited.
    """

    origin: ClueOrigin
    client_id: str
    says: str
    started_at: datetime
    ended_at: datetime
    subject: str = ""
    place: str = ""
    family: PollutantFamily | None = None
    rule: str = ""
    rule_version: str = ""
    outlet: str = ""
    factor: str = ""
    severity: int | None = None
    point: Point | None = None
    letter: str = ""
    seen_at_visit: str = ""
    seen_near: str = ""
    completeness: Fraction = FULL
    grade: Fraction = FULL
    body: Mapping[str, Canonical] | None = None
    screening: str = ""


@transaction.atomic
def take_up_clue(draft: ClueDraft, *, by: Actor, at: datetime) -> str:
    """A clue from any source; returns the ref of the clue it became, or was merged into."""
    check(by, Power.TAKE_UP_CLUE)
    same = models.Clue.objects.filter(client_id=draft.client_id, bureau__code=by.bureau)
    if held := same.first():
        return held.ref
    try:
        with transaction.atomic():
            row = _new(draft, by, at)
    except IntegrityError:
        # It may have come twice in the same moment.
        if held := same.first():
            return held.ref
        raise
    audit.append(EventKind.CLUE_REPORTED, about=row.ref, by=by, at=at, data=_told(draft))
    return row.ref


@transaction.atomic
def take_up_event(event: RuleEvent, *, by: Actor, at: datetime) -> str:
    """What a monitoring rule found; the same event twice changes nothing, a near one extends."""
    check(by, Power.TAKE_UP_CLUE)
    draft = _draft_of(event)
    known = models.ClueEvidence.objects.filter(
        clue__bureau__code=by.bureau, digest=event_digest(event)
    ).select_related("clue")
    if found := known.first():
        return found.clue.ref
    rules, new = clue_rules(by.bureau, day_of(at)), _held(draft)
    same = extended_by(new, clue_reads.held(by.bureau, draft.subject), rules.extend)
    if same is None:
        return take_up_clue(draft, by=by, at=at)
    _extend(same.ref, draft, by, at)
    return same.ref


@transaction.atomic
def add_evidence(ref: str, says: str, digest: str = "", *, by: Actor, at: datetime) -> None:
    """Something new about a clue, in words, with the digest of a file where there is one."""
    check(by, Power.TRIAGE_CLUE)
    words = said(says)
    if not words or len(words) > 500:
        raise Invalid("请写明新的证据是什么、从哪里来，不超过 500 字。")
    row = clue_writers.owned(ref, by.bureau)
    body = {"says": words, "file_sha256": digest, "at": at.isoformat()}
    found = clue_writers.keep_evidence(row, body, by, at)
    audit.append(EventKind.CLUE_EXTENDED, about=ref, by=by, at=at, data={"digest": found})


def _draft_of(event: RuleEvent) -> ClueDraft:
    guards = "；".join(f"{g.says}" for g in event.guards) or "没有可以解释的情形"
    return ClueDraft(
        origin=ClueOrigin.RULE,
        client_id=f"event:{event_digest(event)}",
        says=event.says[:1000],
        started_at=event.started_at,
        ended_at=event.ended_at,
        subject=event.subject,
        rule=event.rule,
        rule_version=event.rule_version,
        outlet=event.outlet,
        factor=event.factor,
        severity=event.severity,
        completeness=event.completeness,
        body=event_form(event),
        screening=f"排除条件均不成立：{guards}。数据完整率 {percent(event.completeness)}。",
    )


def _held(draft: ClueDraft) -> Held:
    """The draft as merging sees it, before it has a ref."""
    return Held(
        ref="",
        case="",
        origin=draft.origin,
        rule=draft.rule,
        outlet=draft.outlet,
        factor=draft.factor,
        family=_family(draft),
        started_at=draft.started_at,
        ended_at=draft.ended_at,
        state=ClueState.GENERATED,
    )


def _family(draft: ClueDraft) -> PollutantFamily:
    if draft.family:
        return draft.family
    own = load_clue_rules()
    known = own.rules.get(draft.rule)
    default = known.family if known else PollutantFamily.WORKING
    if draft.origin in own.origins:
        default = own.origins[draft.origin].family
    return family_of(draft.factor, default)


def _new(draft: ClueDraft, by: Actor, at: datetime) -> models.Clue:
    words, today = said(draft.says)[:1000], day_of(at)
    if not words:
        raise Invalid("线索须写明看到或者收到的情况，请补充后再登记。")
    rules = clue_rules(by.bureau, today)
    origin = rules.origins.get(draft.origin)
    severity = draft.severity or (origin.severity if origin else 1)
    name, subject = _subject(draft, by.bureau, at)
    owner = Bureau.objects.get(code=by.bureau)
    # With its number a clue has its turn: it sees whatever came before it, also as its case.
    ref = _ref(draft, owner, at)
    others = clue_reads.held(by.bureau, draft.subject) if subject else ()
    case = case_for(_held(draft), others, rules.case)
    row = models.Clue.objects.create(
        ref=ref,
        bureau=owner,
        subject=subject,
        subject_name=name,
        case_of=models.Clue.objects.get(ref=case) if case else None,
        origin=draft.origin.value,
        family=_family(draft).value,
        rule=draft.rule,
        outlet=draft.outlet,
        factor=draft.factor,
        severity=severity,
        place=said(draft.place)[:200],
        says=words,
        longitude=draft.point[0] if draft.point else None,
        latitude=draft.point[1] if draft.point else None,
        letter=draft.letter,
        seen_at_visit=draft.seen_at_visit,
        seen_near=draft.seen_near[:200],
        client_id=draft.client_id,
        started_at=draft.started_at,
        ended_at=draft.ended_at,
        state=ClueState.PENDING.value,
        due_on=triage_due(today, rules.triage_days, load_calendar()),
        by_ref=by.ref,
        by_name=by.name,
        at=at,
    )
    digest = _evidence_of(row, draft, severity, by, at)
    _begin(row, draft, digest, by, at)
    return row


def _subject(draft: ClueDraft, bureau: str, at: datetime) -> tuple[str, Subject | None]:
    if not draft.subject:
        return "", None
    known = registers.subject(draft.subject, bureau, day_of(at)).subject
    return known.name, Subject.objects.get(ref=draft.subject, bureau__code=bureau)


def _ref(draft: ClueDraft, owner: Bureau, at: datetime) -> str:
    """What is seen goes by its visit, a letter by its own number, the rest by the year."""
    if draft.letter:
        return f"C-{draft.letter}"
    if draft.seen_at_visit:
        take(owner, "OV")
        number = models.Clue.objects.filter(seen_at_visit=draft.seen_at_visit).count() + 1
        return f"{draft.seen_at_visit}-C{number:02}"
    return f"C{owner.code}-{day_of(at).year}-{take(owner, 'OC', models.Clue):05}"


def _begin(row: models.Clue, draft: ClueDraft, digest: str, by: Actor, at: datetime) -> None:
    """From made to waiting for a person, with what the automatic screening found."""
    robot = system(by.bureau)
    screened = draft.screening or "来源登记完整，没有同一编号的线索。"
    due = f"转待研判，期限{written_day(row.due_on)}。"
    steps = (
        (by, "", ClueState.GENERATED, f"由{draft.origin.label}登记。"),
        (robot, ClueState.GENERATED, ClueState.SCREENED, screened[:500]),
        (robot, ClueState.SCREENED, ClueState.PENDING, due),
    )
    for number, (who, was, to, why) in enumerate(steps, 1):
        models.ClueMove.objects.create(
            clue=row,
            number=number,
            was=was,
            to=to.value,
            why=why,
            evidence=digest,
            by_ref=who.ref,
            by_name=who.name,
            at=at,
        )


def _evidence_of(row: models.Clue, draft: ClueDraft, severity: int, by: Actor, at: datetime) -> str:
    body = draft.body
    if body is None:
        body = {"client_id": draft.client_id, "place": draft.place, "says": said(draft.says)}
    return clue_writers.keep_evidence(
        row,
        body,
        by,
        at,
        severity=severity,
        started_at=draft.started_at,
        ended_at=draft.ended_at,
        complete=draft.completeness.numerator,
        complete_of=draft.completeness.denominator,
        grade=draft.grade.numerator,
        grade_of=draft.grade.denominator,
        rule_version=draft.rule_version,
    )


def _extend(ref: str, draft: ClueDraft, by: Actor, at: datetime) -> None:
    """Another event of the same kind: the clue lasts longer; one under watch comes back."""
    row = clue_writers.owned(ref, by.bureau)
    digest = _evidence_of(row, draft, draft.severity or row.severity, by, at)
    models.Clue.objects.filter(pk=row.pk).update(
        started_at=min(row.started_at, draft.started_at),
        ended_at=max(row.ended_at, draft.ended_at),
        severity=max(row.severity, draft.severity or 0),
    )
    audit.append(EventKind.CLUE_EXTENDED, about=ref, by=by, at=at, data={"digest": digest})
    if ClueState(row.state) is ClueState.WATCHED:
        clue_writers.step(
            row, ClueState.PENDING, "观察期间又有新的情况。", digest, system(by.bureau), at
        )


def _told(draft: ClueDraft) -> dict[str, Canonical]:
    return {"origin": draft.origin.value, "rule": draft.rule, "subject": draft.subject}


@transaction.atomic
def name_subject(ref: str, subject: str, *, by: Actor, at: datetime) -> None:
    """A clue without a site is laid at the door of one, by a person who says so."""
    check(by, Power.TRIAGE_CLUE)
    row = clue_writers.owned(ref, by.bureau)
    if row.subject_id is not None:
        raise Refused("这条线索已经有责任单位，不能另改；确有错误的，请排除后重新登记。")
    known = registers.subject(subject, by.bureau, day_of(at)).subject
    owner = Subject.objects.get(ref=subject, bureau__code=by.bureau)
    models.Clue.objects.filter(pk=row.pk, subject=None).update(
        subject=owner, subject_name=known.name
    )
    audit.append(EventKind.CLUE_EXTENDED, about=ref, by=by, at=at, data={"subject": subject})
