"""Every act about an off-site check: record, conclude, replace."""

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from gongchou.accounts.models import Bureau
from gongchou.audit import actions as audit
from gongchou.core import canon, plain
from gongchou.core.coverage import SourceReading, has_monitors, spot
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor, Power, check
from gongchou.core.refusals import Invalid, NotAllowed, Refused, Stale
from gongchou.core.states import move
from gongchou.core.terms import OffsiteCheckState, OffsiteConclusion, PlanState, SourceKind
from gongchou.core.workdays import Quarter, written_day
from gongchou.offsite import inlet_reads, models, reads
from gongchou.planning import reads as planning
from gongchou.registry import reads as registers
from gongchou.registry.models import Subject
from gongchou.registry.numbering import take
from gongchou.web.clock import day_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What the recorder enters: the period, the sources with their points, what was seen."""

    since: date
    until: date
    sources: tuple[SourceReading, ...]
    evidence: str
    attachment_name: str = ""
    attachment_sha256: str = ""


def _line(text: str) -> str:
    """Text as it is kept: one line in one form of Unicode, so that its digest is stable."""
    return " ".join(unicodedata.normalize("NFC", text).split())


@transaction.atomic
def record_check(
    quarter: str, subject: str, given: Given, *, chance: bytes, by: Actor, at: datetime
) -> str:
    """What was read about a unit of the positive list, without entry; returns the check's ref."""
    check(by, Power.RECORD_OFFSITE)
    _check_owed(quarter, subject, by)
    row = _store(quarter, subject, given, chance=chance, by=by, at=at)
    found = {"digest": row.digest, "quarter": quarter, "subject": subject}
    audit.append(EventKind.OFFSITE_CHECK_RECORDED, about=row.ref, by=by, at=at, data=found)
    return row.ref


@transaction.atomic
def replace_check(
    ref: str, reason: str, given: Given, *, chance: bytes, by: Actor, at: datetime
) -> str:
    """A new check takes the place of one that is wrong or short of data, and names it."""
    check(by, Power.RECORD_OFFSITE)
    old, why = _found(ref, by), _line(reason)
    if not why or len(why) > 200:
        raise Invalid("替代原来的非现场检查须写明理由，不超过 200 字。请补充后再提交。")
    _move(old, OffsiteCheckState.SUPERSEDED)
    subject = old.subject.ref
    row = _store(
        old.quarter, subject, given, chance=chance, by=by, at=at, replaces=old, replace_reason=why
    )
    found = {"digest": row.digest, "replaces": ref, "reason": why, "quarter": old.quarter}
    audit.append(EventKind.OFFSITE_CHECK_RECORDED, about=row.ref, by=by, at=at, data=found)
    return row.ref


@transaction.atomic
def conclude_check(
    ref: str,
    conclusion: OffsiteConclusion,
    *,
    opinion: str,
    spot_note: str = "",
    by: Actor,
    at: datetime,
) -> None:
    """A reviewer who did not record the check says what it comes to."""
    check(by, Power.CONCLUDE_OFFSITE)
    row = _found(ref, by)
    if row.recorded_by_ref == by.ref:
        raise NotAllowed("登记非现场检查的人不能给同一次检查作结论，请由另一位审核人员办理。")
    said, seen = _line(opinion), _line(spot_note)
    _check_conclusion(reads.check(ref, by.bureau), conclusion, said=said, seen=seen)
    _move(
        row,
        OffsiteCheckState.CONCLUDED,
        conclusion=conclusion.value,
        opinion=said,
        spot_note=seen,
        reviewed_by_ref=by.ref,
        reviewed_by_name=by.name,
        concluded_at=at,
        concluded_on=day_of(at),
    )
    found = {"conclusion": conclusion.value, "digest": row.digest}
    audit.append(EventKind.OFFSITE_CHECK_CONCLUDED, about=ref, by=by, at=at, data=found)


def _check_conclusion(
    row: reads.CheckRow, conclusion: OffsiteConclusion, *, said: str, seen: str
) -> None:
    """Below the floor of the policy only “too little data” can be said."""
    if not said or len(said) > 1000:
        raise Invalid("请写明审核意见，不超过 1000 字。")
    if conclusion is OffsiteConclusion.INSUFFICIENT_DATA:
        return
    if row.shortage:
        label = OffsiteConclusion.INSUFFICIENT_DATA.label
        raise Refused(f"只能作出“{label}”的结论：{row.shortage}")
    if row.spot and (not seen or len(seen) > 500):
        raise Invalid(
            f"请先查看系统指定的抽看时段（{row.spot.kind.label}，{written_day(row.spot.day)} "
            f"{row.spot.hour} 时），把看到的情况写在“抽看所见”里，不超过 500 字。"
        )


def _check_owed(quarter: str, subject: str, by: Actor) -> None:
    """Only units that the approved plan has checked off site, as a rule the positive list."""
    wanted = Quarter.parse(quarter)
    plan = planning.plan_of(by.bureau, quarter)
    if plan is None or plan.state is not PlanState.APPROVED:
        raise Refused(f"{wanted.label}还没有已批准的抽查计划，请先批准计划再登记非现场检查。")
    if subject not in planning.offsite_members(plan.ref):
        raise Refused(
            f"编号为 {subject} 的单位不在{wanted.label}计划的正面清单内，"
            "也不属于方案规定以非现场方式检查的其他对象，不用登记非现场检查。"
        )


def _checked(quarter: str, given: Given, today: date) -> Given:
    """What was entered, or a refusal that says what to mend."""
    wanted = Quarter.parse(quarter)
    if not wanted.first <= given.since <= given.until <= wanted.last:
        raise Invalid(
            f"核查期间应在{wanted.label}之内"
            f"（{written_day(wanted.first)}至{written_day(wanted.last)}），且起不晚于止。"
        )
    if given.until > today:
        raise Invalid(
            f"核查期间止于{written_day(given.until)}，还没有到，"
            f"请填到今天（{written_day(today)}）为止。"
        )
    kinds = [source.kind for source in given.sources]
    if not kinds or len(set(kinds)) != len(kinds):
        raise Invalid("请至少填写一个数据来源，同一来源只填一行。")
    for source in given.sources:
        if source.expected < 1 or not 0 <= source.read <= source.expected:
            raise Invalid(
                f"{source.kind.label}：应有点数至少为 1，读取点数应在 0 和应有点数之间，请核对。"
            )
    evidence = _line(given.evidence)
    if not evidence or len(evidence) > 2000:
        raise Invalid("请写明核查情况，不超过 2000 字。")
    return Given(
        since=given.since,
        until=given.until,
        sources=given.sources,
        evidence=evidence,
        attachment_name=_line(given.attachment_name),
        attachment_sha256=given.attachment_sha256,
    )


def _check_links(subject: str, given: Given, by: Actor) -> None:
    """A video link with a site counts only as remote enforcement, approved and minuted."""
    claimed = sum(source.read for source in given.sources if source.kind is SourceKind.REMOTE)
    held = len(inlet_reads.remote_held(by.bureau, subject, given.since, given.until))
    if claimed > held:
        raise Refused(
            f"核查期间内登记过的远程执法有 {held} 次，"
            f"“{SourceKind.REMOTE.label}”却填了 {claimed} 次。"
            "视频连线须事先批准，请先在“远程执法”申请、批准并登记记录。"
        )


def _store(
    quarter: str,
    subject: str,
    given: Given,
    *,
    chance: bytes,
    by: Actor,
    at: datetime,
    **fields: object,
) -> models.OffsiteCheck:
    today = day_of(at)
    entered = _checked(quarter, given, today)
    _check_links(subject, entered, by)
    known = registers.subject(subject, by.bureau, today).subject
    look = spot(chance, entered.sources, entered.since, entered.until)
    content = {"quarter": quarter, "subject": subject, "given": plain.to_plain(entered)}
    owner = Bureau.objects.get(code=by.bureau)
    values = {
        "bureau": owner,
        "quarter": quarter,
        "subject": Subject.objects.get(ref=subject, bureau__code=by.bureau),
        "subject_name": known.name,
        "has_monitors": has_monitors(known.monitoring_types),
        "since": entered.since,
        "until": entered.until,
        "evidence": entered.evidence,
        "attachment_name": entered.attachment_name,
        "attachment_sha256": entered.attachment_sha256,
        "spot_kind": look.kind.value if look else "",
        "spot_day": look.day if look else None,
        "spot_hour": look.hour if look else None,
        "digest": canon.digest(content),
        "state": OffsiteCheckState.RECORDED.value,
        "recorded_by_ref": by.ref,
        "recorded_by_name": by.name,
        "recorded_at": at,
    }
    number = take(owner, "OK", models.OffsiteCheck)
    row = _create(f"F{by.bureau}-{quarter}-{number}", values | fields)
    models.OffsiteSource.objects.bulk_create(
        models.OffsiteSource(check_of=row, kind=s.kind.value, expected=s.expected, read=s.read)
        for s in entered.sources
    )
    return row


def _create(ref: str, values: dict[str, object]) -> models.OffsiteCheck:
    try:
        with transaction.atomic():
            return models.OffsiteCheck.objects.create(ref=ref, **values)
    except IntegrityError as error:
        raise Stale(
            "这家单位本季度已有一次非现场检查，不能再登记一次；确需重做的，请在原检查页面办理替代。"
        ) from error


def _found(ref: str, by: Actor) -> models.OffsiteCheck:
    rows = models.OffsiteCheck.objects.filter(ref=ref, bureau__code=by.bureau)
    row = rows.select_related("subject").first()
    if row is None:
        raise Refused(f"本机构没有编号为 {ref} 的非现场检查，请从非现场页面进入。")
    return row


def _move(row: models.OffsiteCheck, to: OffsiteCheckState, **fields: object) -> None:
    was = OffsiteCheckState(row.state)
    state = move(was, to).value
    rows = models.OffsiteCheck.objects.filter(pk=row.pk, state=was.value)
    if rows.update(state=state, **fields) != 1:
        raise Stale("这次非现场检查刚被他人办理，请刷新页面查看最新情况。")
