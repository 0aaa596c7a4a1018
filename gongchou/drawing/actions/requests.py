"""What the office asks the custodians to open; nothing is opened here."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction

from gongchou.audit import actions as audit
from gongchou.core.canon import Canonical
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor, Power, check
from gongchou.core.refusals import Refused, Stale
from gongchou.core.terms import AbsenceReason, DrawState, ExcuseReason, OpeningPurpose, OpeningState
from gongchou.drawing import models
from gongchou.drawing.actions._draws import found, hold, in_state
from gongchou.drawing.actions._made import missing
from gongchou.drawing.actions._opened import team_of
from gongchou.registry.policy import profile_of
from gongchou.web.clock import day_of, start_of
from gongchou.web.objections import check_objections

OPEN = (OpeningState.REQUESTED.value, OpeningState.AUTHORISED.value)


def _ask(
    row: models.Draw,
    purpose: OpeningPurpose,
    by: Actor,
    at: datetime,
    data: dict[str, Canonical],
    **fields: object,
) -> models.Opening:
    number = models.Opening.objects.filter(draw=row).count() + 1
    try:
        with transaction.atomic():
            opening = models.Opening.objects.create(
                ref=f"O{row.ref[1:]}-{number}",
                draw=row,
                purpose=purpose.value,
                state=OpeningState.REQUESTED.value,
                asked_by_ref=by.ref,
                asked_by_name=by.name,
                asked_at=at,
                **fields,
            )
    except IntegrityError as error:
        raise Stale(
            f"已有一份“{purpose.label}”的申请等待保管人办理，请等它办结后再申请。"
        ) from error
    found_ = {"opening": opening.ref, "purpose": purpose.value, **data}
    audit.append(EventKind.RELEASE_REQUESTED, about=row.ref, by=by, at=at, data=found_)
    return opening


def _earliest(bureau: str, on: date) -> datetime:
    """When a visit planned on a day may be released at the earliest, by the policy."""
    profile, begins = profile_of(bureau, on), start_of(on)
    if profile.text("release.earliest", on) == "hours_before":
        return begins - timedelta(hours=profile.number("release.hours", on))
    return begins


@transaction.atomic
def request_release(
    ref: str,
    *,
    numbers: Sequence[int] = (),
    on: date | None = None,
    until: date | None = None,
    by: Actor,
    at: datetime,
) -> str:
    """Ask for the visits of a day, of all days up to one, or for chosen ones; none before its time.

    Days that are behind need no request each: `until` takes all that nobody has asked for yet.
    """
    check(by, Power.DISPATCH_VISIT)
    row = found(ref, by)
    in_state(row, DrawState.SEALED, "申请启封")
    hold(row)
    asked = _overdue(row, until) if until else _asked(row, numbers, on)
    late = max(visit.planned_on for visit in asked)
    if at < _earliest(by.bureau, late):
        raise Refused(f"检查日为 {late} 的检查还不到可以启封的时间，名单在此之前保密。")
    return _claim(row, asked, by, at)


@transaction.atomic
def request_due_release(ref: str, *, by: Actor, at: datetime) -> str:
    """Ask by a standing order for every visit whose hour has come; empty where there is none.

    Not beside a request that waits, and not again after the custodians said no.
    """
    check(by, Power.DISPATCH_BY_ORDER)
    row = found(ref, by)
    in_state(row, DrawState.SEALED, "申请启封")
    hold(row)
    last = row.openings.filter(purpose=OpeningPurpose.RELEASE.value).order_by("-pk").first()
    if last is not None and last.state in (*OPEN, OpeningState.REFUSED.value):
        return ""
    free = row.sealed_visits.filter(opening=None).order_by("number")
    due = [visit for visit in free if at >= _earliest(by.bureau, visit.planned_on)]
    return _claim(row, due, by, at) if due else ""


def _claim(row: models.Draw, asked: list[models.SealedVisit], by: Actor, at: datetime) -> str:
    ordered = sorted(visit.number for visit in asked)
    opening = _ask(row, OpeningPurpose.RELEASE, by, at, {"numbers": list(ordered)})
    rows = models.SealedVisit.objects.filter(draw=row, number__in=ordered, opening=None)
    if rows.update(opening=opening) != len(ordered):
        raise Stale("所选检查中有的刚被他人申请启封，请刷新页面后重新选择。")
    return opening.ref


def _overdue(row: models.Draw, until: date) -> list[models.SealedVisit]:
    rows = row.sealed_visits.filter(planned_on__lte=until, opening=None)
    if not rows:
        raise Stale(f"{until} 及以前的检查都已申请启封或已启封，请刷新页面查看。")
    return list(rows.order_by("number"))


def _asked(row: models.Draw, numbers: Sequence[int], on: date | None) -> list[models.SealedVisit]:
    rows = row.sealed_visits.order_by("number")
    chosen = list(
        rows.filter(number__in=numbers) if numbers else rows.filter(planned_on=on or date.max)
    )
    if not chosen or (numbers and len(chosen) != len(set(numbers))):
        raise Refused("没有找到所选的检查，请从日程中选择有检查的日期或序号。")
    if numbers and any(visit.opening_id for visit in chosen):
        raise Stale("所选检查中有的已经申请启封或已启封，请刷新页面后重新选择。")
    free = [visit for visit in chosen if visit.opening_id is None]
    if not free:
        raise Stale(f"{on} 的检查都已申请启封或已启封，请刷新页面查看。")
    return free


@transaction.atomic
def request_substitution(
    ref: str,
    number: int,
    *,
    reason: ExcuseReason,
    says: str,
    on: date | None = None,
    by: Actor,
    at: datetime,
) -> str:
    """Ask that a released visit which cannot be held be excused, the next ticket taking its place.

    The substitute is visited `on` a day, today where none is given.
    """
    check(by, Power.DISPATCH_VISIT)
    row, why = found(ref, by), says.strip()
    in_state(row, DrawState.SEALED, "申请补抽")
    if not why or len(why) > 150:
        raise Refused("补抽须写明查明的情况，不超过 150 字。请补充后再提交。")
    day = on or day_of(at)
    if day < day_of(at):
        raise Refused("递补对象的检查日不能早于今天，请重新选择。")
    if not row.released_visits.filter(number=number).exists():
        raise Refused(f"第 {number + 1} 号检查尚未启封，查明情况后才能申请补抽。")
    if row.substitutions.filter(out=number).exists():
        raise Stale(f"第 {number + 1} 号检查已经补抽过，不能重复办理。")
    check_objections("substitute", ref, number)
    opening = _ask(
        row,
        OpeningPurpose.SUBSTITUTE,
        by,
        at,
        {"number": number, "reason": reason.value, "says": why},
        number=number,
        excuse=reason.value,
        says=why,
        on=day,
    )
    return opening.ref


@transaction.atomic
def request_reseat(
    ref: str,
    number: int,
    person: str,
    *,
    reason: AbsenceReason,
    says: str,
    by: Actor,
    at: datetime,
) -> str:
    """Ask that an officer who cannot go to a released visit be replaced by the draw's own rule."""
    check(by, Power.DISPATCH_VISIT)
    row, why = found(ref, by), says.strip()
    in_state(row, DrawState.SEALED, "申请补派人员")
    if not why or len(why) > 150:
        raise Refused("补派人员须写明为什么不能到场，不超过 150 字。请补充后再提交。")
    visit = row.released_visits.filter(number=number).first()
    if visit is None or row.substitutions.filter(out=number).exists():
        raise Refused(f"第 {number + 1} 号检查尚未启封或已经补抽，不能补派人员。")
    if person not in team_of(row, visit):
        raise Refused("这名人员不在该次检查的检查组中，请刷新页面后重新选择。")
    check_objections("reseat", ref, number)
    asked: dict[str, Canonical] = {"number": number, "person": person, "says": why}
    data = {**asked, "reason": reason.value}
    return _ask(row, OpeningPurpose.RESEAT, by, at, data, **asked, absence=reason.value).ref


@transaction.atomic
def request_escrow(ref: str, says: str, *, by: Actor, at: datetime) -> str:
    """Ask for the escrowed shares of contributors who do not come to reveal."""
    check(by, Power.ANNOUNCE_DRAW)
    row, why = found(ref, by), says.strip()
    in_state(row, DrawState.CLOSED, "打开托管份额")
    if not why or len(why) > 150:
        raise Refused("申请打开托管份额须写明谁因何不能揭示，不超过 150 字。")
    names = [c.role for c in missing(row)]
    opening = _ask(row, OpeningPurpose.ESCROW, by, at, {"roles": names, "says": why}, says=why)
    return opening.ref


@transaction.atomic
def request_publication(ref: str, *, by: Actor, at: datetime) -> str:
    """Ask for the whole record to be opened, every visit being released or excused."""
    check(by, Power.ANNOUNCE_DRAW)
    row = found(ref, by)
    in_state(row, DrawState.SEALED, "公开抽取记录")
    left = row.sealed_visits.count() - row.released_visits.count()
    if left:
        raise Refused(f"还有 {left} 家检查没有启封，全部启封后才能公开抽取记录。")
    return _ask(row, OpeningPurpose.PUBLISH, by, at, {}).ref
