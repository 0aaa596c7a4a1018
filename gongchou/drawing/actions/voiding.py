"""The one way to end a draw after its closing value exists (DR1 §2.7).

Three grounds: the numbers leave no lawful team, which the record itself proves; a share and its
escrow are both lost; or so many custodians have lost their passphrases that nobody can open the
list, with which its shares and their escrow are lost too. Two people agree, one of them the leader;
the superior bureau decides. The next draw of the task uses the same frozen lists, so that nothing
is gained by it but a new seed.
"""

from dataclasses import replace
from datetime import datetime

from django.db import IntegrityError, transaction

from gongchou.accounts import reads as accounts
from gongchou.audit import actions as audit
from gongchou.core.canon import Canonical
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor, Power, check, may
from gongchou.core.refusals import NotAllowed, Refused, Stale
from gongchou.core.states import move
from gongchou.core.terms import DrawState, VoidGround, VoidState
from gongchou.drawing import contributing, key_reads, made, models
from gongchou.drawing.actions._draws import found, hold, in_state, move_on
from gongchou.drawing.actions._log import enter
from gongchou.drawing.actions._made import missing

CONSENTS = 2


def _reasoned(text: str, what: str) -> str:
    words = text.strip()
    if not words or len(words) > 200:
        raise Refused(f"{what}须写明理由，不超过 200 字。请补充后再提交。")
    return words


@transaction.atomic
def request_void(ref: str, ground: VoidGround, says: str, *, by: Actor, at: datetime) -> str:
    """Ask that a closed draw be voided; the ground must be one that the law of the draw knows."""
    check(by, Power.ANNOUNCE_DRAW)
    row, why = found(ref, by), _reasoned(says, "申请收口后作废")
    _check_ground(row, ground)
    hold(row)
    number = row.void_requests.count() + 1
    try:
        with transaction.atomic():
            made = models.VoidRequest.objects.create(
                ref=f"V{row.ref[1:]}-{number}",
                draw=row,
                ground=ground.value,
                says=why,
                state=VoidState.REQUESTED.value,
                asked_by_ref=by.ref,
                asked_by_name=by.name,
                asked_at=at,
            )
    except IntegrityError as error:
        raise Stale("已有一份收口后作废的申请在办理，请等它办结。") from error
    data: dict[str, Canonical] = {"request": made.ref, "ground": ground.value, "says": why}
    enter(row, "void_request", by=by, at=at, data=data)
    audit.append(EventKind.VOID_REQUESTED, about=ref, by=by, at=at, data=data)
    return made.ref


def _check_ground(row: models.Draw, ground: VoidGround) -> None:
    """Refused unless the ground is true of the draw as it stands."""
    if ground is VoidGround.KEYS_LOST:
        if DrawState(row.state) not in (DrawState.DRAWN, DrawState.SEALED):
            in_state(row, DrawState.SEALED, "以口令遗失申请作废")
        if not key_reads.is_beyond_opening(row.ref):
            raise Refused(
                "能开启名单的保管人还够人数，不能以此作废。口令遗失的保管人须先各自在“名单保管”"
                "页面声明遗失。"
            )
        return
    in_state(row, DrawState.CLOSED, "申请收口后作废")
    if ground is VoidGround.NO_TEAM and not row.no_team:
        raise Refused("本次抽取还没有算出组不成检查组的结果，不能以此作废。请先由各方揭示。")
    if ground is VoidGround.SHARE_LOST and not missing(row):
        raise Refused("各方的随机贡献都已揭示，没有丢失的份额，不能以此作废。")


def _request(ref: str, wanted: VoidState, bureau: str) -> models.VoidRequest:
    rows = models.VoidRequest.objects.select_related("draw__bureau", "draw__task", "draw__key")
    row = rows.filter(ref=ref, draw__bureau__code=bureau).first()
    if row is None:
        raise Refused(f"没有编号为 {ref} 的作废申请，请从抽取页面进入。")
    now = VoidState(row.state)
    same = models.VoidRequest.objects.filter(pk=row.pk, state=wanted.value)
    if now is not wanted or same.update(state=wanted.value) != 1:
        raise Stale(f"这份作废申请现在是“{now.label}”，这一步不再办理。请刷新页面。")
    return row


def _move(row: models.VoidRequest, to: VoidState, **fields: object) -> None:
    was = VoidState(row.state)
    rows = models.VoidRequest.objects.filter(pk=row.pk, state=was.value)
    if rows.update(state=move(was, to).value, **fields) != 1:
        raise Stale("这份作废申请刚被他人办理，请刷新页面。")
    row.state = to.value


@transaction.atomic
def agree_void(ref: str, *, by: Actor, at: datetime) -> bool:
    """One of two consents; True where both are there and the superior may decide."""
    check(by, Power.AGREE_VOID)
    row = _request(ref, VoidState.REQUESTED, by.bureau)
    others, is_leader = row.consents.count(), may(by, Power.VOID_DRAW)
    has_leader = is_leader or row.consents.filter(is_leader=True).exists()
    if others + 1 == CONSENTS and not has_leader:
        raise NotAllowed("两人之中须有一位批准领导，请由批准领导在自己的账号同意。")
    try:
        with transaction.atomic():
            models.VoidConsent.objects.create(
                request=row, person_ref=by.ref, person_name=by.name, is_leader=is_leader, at=at
            )
    except IntegrityError as error:
        raise Stale("您已经同意过这份申请，请由另一人在自己的账号同意。") from error
    audit.append(EventKind.VOID_AGREED, about=row.draw.ref, by=by, at=at, data={"request": ref})
    if others + 1 < CONSENTS:
        return False
    _move(row, VoidState.APPROVED)
    return True


@transaction.atomic
def refuse_void(ref: str, reason: str, *, by: Actor, at: datetime) -> None:
    """Somebody whose consent is asked says no; the draw goes on."""
    check(by, Power.AGREE_VOID)
    row, why = _request(ref, VoidState.REQUESTED, by.bureau), _reasoned(reason, "不同意作废")
    _refuse(row, why, by, at)


def _refuse(row: models.VoidRequest, why: str, by: Actor, at: datetime) -> None:
    _end(row, VoidState.REFUSED, why, by, at)
    data: dict[str, Canonical] = {"request": row.ref, "reason": why}
    home = replace(by, bureau=row.draw.bureau.code)
    enter(row.draw, "void_refused", by=home, at=at, data=data)
    _both(EventKind.VOID_REFUSED, row.draw, by, at, data)


def _end(row: models.VoidRequest, to: VoidState, why: str, by: Actor, at: datetime) -> None:
    organ = accounts.bureau(by.bureau).name
    _move(
        row,
        to,
        decision=why,
        ended_by_ref=by.ref,
        ended_by_name=by.name,
        ended_for=organ,
        ended_at=at,
    )


def _both(
    kind: EventKind, draw: models.Draw, by: Actor, at: datetime, data: dict[str, Canonical]
) -> None:
    """In the chain of the bureau, and in that of the superior where it is another."""
    for bureau in sorted({draw.bureau.code, by.bureau}):
        audit.append(kind, about=draw.ref, by=replace(by, bureau=bureau), at=at, data=data)


@transaction.atomic
def decide_void(
    ref: str, bureau: str, opinion: str, *, is_void: bool, by: Actor, at: datetime
) -> None:
    """The superior's entry: the draw of the bureau that it watches is void, or goes on."""
    check(by, Power.DECIDE_VOID)
    if not accounts.watches(by.bureau, bureau):
        raise NotAllowed("您所在的机关不是这个机构的上级机关，不能决定它的抽取作废。")
    row, why = _request(ref, VoidState.APPROVED, bureau), _reasoned(opinion, "上级决定")
    if not is_void:
        _refuse(row, why, by, at)
        return
    draw, ground = row.draw, VoidGround(row.ground)
    _check_ground(draw, ground)
    hold(draw)
    data = _entry(row, why, by)
    _end(row, VoidState.DONE, why, by, at)
    move_on(
        draw,
        DrawState.VOID,
        void_ground=ground.value,
        void_reason=row.says,
        voided_by_ref=by.ref,
        voided_by_name=by.name,
        voided_at=at,
    )
    draw.contributions.update(held=b"")
    models.Draw.objects.filter(pk=draw.pk).update(balls=b"")
    models.Opening.objects.filter(draw=draw, state__in=("requested", "authorised")).update(
        state="refused",
        ended_by_ref=by.ref,
        ended_by_name=by.name,
        ended_at=at,
        refusal="本次抽取已作废",
    )
    enter(draw, "void", by=replace(by, bureau=bureau), at=at, data=data)
    _both(EventKind.DRAW_VOIDED, draw, by, at, {"request": ref, "ground": ground.value})


def _entry(row: models.VoidRequest, why: str, by: Actor) -> dict[str, Canonical]:
    """What the log says of the void; where there was a result, all that proves it."""
    draw = row.draw
    data: dict[str, Canonical] = {
        "reason": row.says,
        "ground": row.ground,
        "request": row.ref,
        "agreed": list(row.consents.order_by("pk").values_list("person_name", flat=True)),
        "superior": accounts.bureau(by.bureau).name,
        "decision": why,
        "closing": draw.closing,
    }
    if row.ground == VoidGround.KEYS_LOST.value:
        lost = list(key_reads.declared_lost(draw.ref))
        opened = draw.released_visits.count()
        return {**data, "sealed": draw.sealed_root, "lost": lost, "opened": opened}  # type: ignore[dict-item]
    if row.ground == VoidGround.NO_TEAM.value:
        data["no_team"] = draw.no_team
        if made.is_ballot(draw):
            numbers, people = made.held_cast(bytes(draw.balls), draw.ref).ballots.plain()
            return {**data, "numbers": numbers, "people": people}  # type: ignore[dict-item]
        held = draw.contributions.order_by("pk")
        shares = [contributing.held(bytes(c.held), draw=draw.ref, role=c.role) for c in held]
        data["reveals"] = [share.plain() for share in shares]  # type: ignore[misc]
    return data
