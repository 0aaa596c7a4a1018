"""Remote enforcement (远程执法): asked for, approved, held over a link, minuted; never a visit."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from gongchou.accounts.models import Bureau
from gongchou.audit import actions as audit
from gongchou.core import canon
from gongchou.core.clue_terms import ClueState, RemoteCheckState, RemoteConclusion
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor, Power, check
from gongchou.core.record import said
from gongchou.core.refusals import Invalid, Refused, Stale
from gongchou.core.states import move
from gongchou.offsite import models
from gongchou.offsite.actions.triage import begin_offsite
from gongchou.offsite.clue_settings import clue_rules
from gongchou.offsite.clue_writers import owned
from gongchou.registry import reads as registers
from gongchou.registry.models import Subject
from gongchou.registry.numbering import take
from gongchou.web.clock import day_of


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldDraft:
    """A link as it was held: when, who on both sides, what was asked and shown, what came of it."""

    started_at: datetime
    ended_at: datetime
    officers: str
    site_people: str
    minutes: str
    recording_name: str
    recording_sha256: str
    conclusion: RemoteConclusion


@transaction.atomic
def request_remote(
    subject: str, purpose: str, planned_on: date, clue: str = "", *, by: Actor, at: datetime
) -> str:
    """Somebody wants to check a site over a link; returns the ref. The policy says who approves."""
    check(by, Power.RECORD_OFFSITE)
    words, today = said(purpose), day_of(at)
    if not words or len(words) > 500:
        raise Invalid("请写明远程核查什么、请企业出示什么，不超过 500 字。")
    if planned_on < today:
        raise Invalid("计划日期早于今天，请核对。")
    known = registers.subject(subject, by.bureau, today).subject
    needs = clue_rules(by.bureau, today).remote_approval
    owner = Bureau.objects.get(code=by.bureau)
    to = RemoteCheckState.REQUESTED if needs else RemoteCheckState.APPROVED
    row = models.RemoteCheck.objects.create(
        ref=_ref(owner, at),
        bureau=owner,
        subject=Subject.objects.get(ref=subject, bureau__code=by.bureau),
        subject_name=known.name,
        clue=owned(clue, by.bureau) if clue else None,
        purpose=words,
        planned_on=planned_on,
        state=to.value,
        needs_approval=needs,
        by_ref=by.ref,
        by_name=by.name,
        at=at,
    )
    data = {"clue": clue, "subject": subject}
    audit.append(EventKind.REMOTE_REQUESTED, about=row.ref, by=by, at=at, data=data)
    return row.ref


def _ref(owner: Bureau, at: datetime) -> str:
    return f"Y{owner.code}-{day_of(at).year}-{take(owner, 'OY', models.RemoteCheck):04}"


@transaction.atomic
def decide_remote(ref: str, is_approved: bool, opinion: str, *, by: Actor, at: datetime) -> None:
    """The approval beforehand, by somebody who did not ask for it."""
    check(by, Power.AUTHORISE_VISIT)
    row, words = _found(ref, by), said(opinion)[:300]
    if row.by_ref == by.ref:
        raise Refused("申请人不能批准自己的申请，请由其他批准领导办理。")
    if not is_approved and not words:
        raise Invalid("不予批准的，请写明理由。")
    to = RemoteCheckState.APPROVED if is_approved else RemoteCheckState.REFUSED
    _move(row, to, decided_by_ref=by.ref, decided_by=by.name, decided_at=at, opinion=words)
    audit.append(EventKind.REMOTE_DECIDED, about=ref, by=by, at=at, data={"to": to.value})


@transaction.atomic
def record_remote(ref: str, draft: HeldDraft, *, by: Actor, at: datetime) -> None:
    """The minutes of a link that was held; its clue, if it had one, is then being verified."""
    check(by, Power.RECORD_OFFSITE)
    row = _found(ref, by)
    _check_held(row, draft, at)
    content = {
        "conclusion": draft.conclusion.value,
        "ended_at": draft.ended_at.isoformat(),
        "minutes": said(draft.minutes),
        "officers": said(draft.officers),
        "recording": draft.recording_sha256,
        "ref": ref,
        "site_people": said(draft.site_people),
        "started_at": draft.started_at.isoformat(),
    }
    digest = canon.digest(content)
    _move(
        row,
        RemoteCheckState.HELD,
        started_at=draft.started_at,
        ended_at=draft.ended_at,
        officers=said(draft.officers)[:200],
        site_people=said(draft.site_people)[:200],
        minutes=said(draft.minutes),
        recording_name=said(draft.recording_name)[:200],
        recording_sha256=draft.recording_sha256,
        conclusion=draft.conclusion.value,
        digest=digest,
        held_by_ref=by.ref,
        held_by=by.name,
        held_at=at,
    )
    audit.append(EventKind.REMOTE_HELD, about=ref, by=by, at=at, data={"digest": digest})
    if row.clue and ClueState(row.clue.state) is ClueState.TO_OFFSITE:
        begin_offsite(
            row.clue.ref, f"远程执法 {ref} 已进行，记录摘要 {digest[:12]}。", by=by, at=at
        )


def _check_held(row: models.RemoteCheck, draft: HeldDraft, at: datetime) -> None:
    if not draft.started_at < draft.ended_at <= at:
        raise Invalid("连线的开始应早于结束，结束不晚于现在，请核对。")
    if row.decided_at and draft.started_at < row.decided_at:
        raise Invalid("连线开始于批准之前。须批准的远程执法，批准以后才能连线。")
    for label, text, most in (
        ("执法方人员（两名以上）", draft.officers, 200),
        ("企业方人员", draft.site_people, 200),
        ("核查经过", draft.minutes, 4000),
    ):
        if not said(text) or len(said(text)) > most:
            raise Invalid(f"请填写{label}，不超过 {most} 字。")
    if len([name for name in said(draft.officers).replace("，", "、").split("、") if name]) < 2:
        raise Invalid("远程执法应有两名以上执法人员，姓名用顿号隔开。")
    if len(draft.recording_sha256) != 64:
        raise Invalid("请选择录像文件，系统据此留存摘要；没有录像的不能登记为远程执法。")


def _found(ref: str, by: Actor) -> models.RemoteCheck:
    row = models.RemoteCheck.objects.filter(ref=ref, bureau__code=by.bureau).first()
    if row is None:
        raise Refused(f"本机构没有编号为 {ref} 的远程执法，请从远程执法页面进入。")
    return row


def _move(row: models.RemoteCheck, to: RemoteCheckState, **fields: object) -> None:
    was = RemoteCheckState(row.state)
    move(was, to)
    rows = models.RemoteCheck.objects.filter(pk=row.pk, state=was.value)
    if rows.update(state=to.value, **fields) != 1:
        raise Stale("这次远程执法刚被他人办理，请刷新页面查看最新情况。")
