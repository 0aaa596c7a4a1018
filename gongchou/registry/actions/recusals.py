"""Whom an inspector must not inspect: declared in person, decided above the office."""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from gongchou.accounts.models import Bureau
from gongchou.audit import actions as audit
from gongchou.core.codes import clean, uscc_problem
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor, Power, check
from gongchou.core.refusals import Invalid, NotAllowed, Refused, Stale
from gongchou.core.states import move
from gongchou.core.terms import RecusalReason, RecusalState
from gongchou.registry import models, reads
from gongchou.registry.numbering import take


@transaction.atomic
def declare_recusal(
    target: str,
    *,
    reason: RecusalReason,
    note: str = "",
    since: date,
    until: date | None = None,
    on: date,
    by: Actor,
    at: datetime,
) -> str:
    """Declared in the own login. `target` is a USCC (all its sites), a site code or a site's ref.

    It takes effect once a leader confirms it; returns the declaration's ref.
    """
    check(by, Power.DECLARE_RECUSAL)
    person = _own_entry(by, on)
    _check_dates(reason, note, since, until)
    owner = Bureau.objects.get(code=by.bureau)
    ref = f"R{by.bureau}-{take(owner, 'R', models.RecusalDeclaration):05}"
    row = models.RecusalDeclaration(
        ref=ref,
        bureau=owner,
        inspector=person,
        reason=reason.value,
        note=note.strip()[:200],
        since=since,
        until=until,
        state=RecusalState.DECLARED.value,
        by_ref=by.ref,
        by_name=by.name,
        at=at,
        **_target(target, by.bureau),
    )
    _insert(row)
    audit.append(
        EventKind.RECUSAL_DECLARED,
        about=ref,
        by=by,
        at=at,
        data={"inspector": person.ref, "reason": reason.value},
    )
    return ref


def _own_entry(by: Actor, on: date) -> models.Inspector:
    found = reads.inspector_of_person(by.ref, by.bureau, on)
    if found is None:
        raise Refused(
            "您的登录名没有对应到检查人员名录中的人员，不能申报回避。"
            "请联系负责科室在名录中填写您的登录名。"
        )
    return models.Inspector.objects.get(ref=found.ref)


def _insert(row: models.RecusalDeclaration) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise Stale("您已申报过对这一单位的回避，不必重复申报。") from error


def _check_dates(reason: RecusalReason, note: str, since: date, until: date | None) -> None:
    if until is not None and until <= since:
        raise Invalid("回避的截止日期应晚于起始日期，请核对后重填。")
    if reason is RecusalReason.OTHER and not note.strip():
        raise Invalid("回避理由选“其他”的，请写明具体情况。")


def _target(target: str, bureau: str) -> dict[str, object]:
    """One site where its code or ref is given, else the enterprise of a true credit code."""
    code = clean(target).upper()
    versions = models.SubjectVersion.objects.filter(bureau__code=bureau, until=None)
    site = versions.filter(site_code=code).first() or versions.filter(subject__ref=code).first()
    if code and site:
        return {"subject_id": site.subject_id}
    problem = uscc_problem(code)
    if problem:
        raise Invalid(
            "没有找到所填的单位。请填写该企业的18位统一社会信用代码，"
            f"或者名录中某一场所的固定污染源编码。（{problem}）"
        )
    return {"uscc": code}


def _found(ref: str, by: Actor) -> models.RecusalDeclaration:
    row = models.RecusalDeclaration.objects.filter(ref=ref, bureau__code=by.bureau).first()
    if row is None:
        raise Refused(f"本机构没有编号为 {ref} 的回避申报，请从回避申报页面进入。")
    return row


def _move(row: models.RecusalDeclaration, to: RecusalState, **fields: object) -> None:
    was = RecusalState(row.state)
    state = move(was, to).value
    rows = models.RecusalDeclaration.objects.filter(pk=row.pk, state=was.value)
    if rows.update(state=state, **fields) != 1:
        raise Stale("这份回避申报刚被他人办理，请刷新页面查看最新情况。")


def _decide(
    ref: str, to: RecusalState, decision: str, *, on: date, by: Actor, at: datetime
) -> models.RecusalDeclaration:
    check(by, Power.CONFIRM_RECUSAL)
    row = _found(ref, by)
    if row.by_ref == by.ref:
        raise NotAllowed("本人申报的回避不能由本人确认，请由另一位批准领导办理。")
    _move(
        row,
        to,
        decided_by_ref=by.ref,
        decided_by_name=by.name,
        decided_at=at,
        decided_on=on,
        decision=decision.strip()[:200],
    )
    return row


@transaction.atomic
def confirm_recusal(ref: str, *, on: date, by: Actor, at: datetime) -> None:
    """From `on` the inspector is not drawn for the site or the enterprise."""
    row = _decide(ref, RecusalState.CONFIRMED, "", on=on, by=by, at=at)
    audit.append(
        EventKind.RECUSAL_CONFIRMED,
        about=ref,
        by=by,
        at=at,
        data={"declared_by": row.by_ref, "on": str(on)},
    )


@transaction.atomic
def refuse_recusal(ref: str, reason: str, *, on: date, by: Actor, at: datetime) -> None:
    """The declarer reads why it is no ground for recusal."""
    if not reason.strip():
        raise Invalid("不予回避的，请写明理由，申报人会看到。")
    _decide(ref, RecusalState.REFUSED, reason, on=on, by=by, at=at)
    audit.append(
        EventKind.RECUSAL_REFUSED, about=ref, by=by, at=at, data={"reason": reason.strip()[:200]}
    )


@transaction.atomic
def end_recusal(ref: str, reason: str, *, on: date, by: Actor, at: datetime) -> None:
    """A confirmed recusal no longer holds from `on`; earlier days keep it."""
    check(by, Power.CONFIRM_RECUSAL)
    row = _found(ref, by)
    if row.by_ref == by.ref:
        raise NotAllowed("本人的回避不能由本人终止，请由另一位批准领导办理。")
    if not reason.strip():
        raise Invalid("终止回避的，请写明理由。")
    _move(
        row,
        RecusalState.ENDED,
        ended_by_ref=by.ref,
        ended_by_name=by.name,
        ended_at=at,
        ended_on=on,
        ended_reason=reason.strip()[:200],
    )
    audit.append(
        EventKind.RECUSAL_ENDED, about=ref, by=by, at=at, data={"reason": reason.strip()[:200]}
    )
