"""A draw by numbered balls: announced, its numbers typed by two people, its list made (BL1)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max

from gongchou.audit import actions as audit
from gongchou.core.ballot import (
    BallotAnnouncement,
    Ballots,
    ballot_leaves,
    check_ballots,
    outcome_of_ballots,
    roll_head,
)
from gongchou.core.ballot_record import read_ballot_announcement
from gongchou.core.canon import Canonical, canon, hash_of, parse
from gongchou.core.chain import written
from gongchou.core.event_kinds import EventKind
from gongchou.core.oversight_terms import DrawDuty
from gongchou.core.pairing import NoTeam
from gongchou.core.powers import Actor, Power, check
from gongchou.core.refusals import NotAllowed, Refused, Stale
from gongchou.core.terms import DrawMode, DrawState
from gongchou.drawing import made, models, sealing, strongbox
from gongchou.drawing.actions._draws import found, hold, in_state, is_answered_for, move_on, tell
from gongchou.drawing.actions._log import enter, root_before
from gongchou.drawing.actions._made import Decided, internal_joint, note_no_team, store
from gongchou.drawing.frozen import thawed
from gongchou.drawing.separation import check_apart, hands
from gongchou.web.clock import day_of

MOST_RESERVE = 99


def _balloted(ref: str, by: Actor) -> models.Draw:
    row = found(ref, by)
    if not made.is_ballot(row):
        raise Refused("本次抽取由系统抽取，不用摇号。需要摇号的，请作废后重新冻结并选人工摇号。")
    return row


@transaction.atomic
def announce_ballot(ref: str, manner: str, reserve: int, *, by: Actor, at: datetime) -> str:
    """Fix lists, rules and the numbered roll before the first ball; returns the digest."""
    check(by, Power.ANNOUNCE_DRAW)
    row, how = _balloted(ref, by), manner.strip()
    in_state(row, DrawState.FROZEN, "发布摇号公告")
    check_apart(hands(row), DrawDuty.DRAWS, by=by, on=day_of(at))
    if not how or len(how) > 150:
        raise Refused("请写明怎样摇号（地点、器具、由谁摇），不超过 150 字。")
    if not 0 <= reserve <= MOST_RESERVE:
        raise Refused(f"每层备选应在 0 至 {MOST_RESERVE} 之间，请重新填写。")
    is_answered_for(row)
    hold(row)
    announced = _announcement(row, how, reserve, at)
    body, digest = canon(announced.plain()), announced.digest().hex()
    try:
        with transaction.atomic():
            move_on(
                row,
                DrawState.ANNOUNCED,
                seq=announced.rules.seq,
                announcement=body,
                announcement_digest=digest,
                closing_rule=how,
                announced_by_ref=by.ref,
                announced_by_name=by.name,
                announced_at=at,
            )
    except IntegrityError as error:
        raise Stale("刚有另一份抽取公告发布，请刷新页面后再发布一次。") from error
    data: dict[str, Canonical] = {
        "announcement": digest,
        "seq": announced.rules.seq,
        "prev": announced.rules.prev,
    }
    enter(row, "announce", by=by, at=at, data={**data, "plain": parse(body)})
    audit.append(EventKind.DRAW_ANNOUNCED, about=ref, by=by, at=at, data=data)
    tell(ref)
    return digest


def _announcement(row: models.Draw, how: str, reserve: int, at: datetime) -> BallotAnnouncement:
    frozen = thawed(bytes(row.frozen_body))
    last = models.Draw.objects.filter(bureau=row.bureau).aggregate(last=Max("seq"))["last"] or 0
    rules = replace(
        frozen.announcement(row.ref),
        seq=last + 1,
        prev=root_before(row.bureau.code),
        announced=written(at),
    )
    roll = roll_head(hash_of(row.profile), frozen.rosters)
    announced = BallotAnnouncement(rules=rules, roll=roll, reserve=reserve, manner=how)
    return read_ballot_announcement(parse(canon(announced.plain())))


def _ballots(
    row: models.Draw, numbers: Mapping[str, Sequence[int]], people: Sequence[int]
) -> Ballots:
    """The typed numbers, refused with the stratum and the mend where they cannot be true."""
    typed = Ballots(numbers={s: tuple(held) for s, held in numbers.items()}, people=tuple(people))
    whole = made.announced_ballot(bytes(row.announcement))
    try:
        check_ballots(whole, thawed(bytes(row.frozen_body)).rosters, typed)
    except Refused as error:
        raise Refused(f"{error}请按号球逐个核对后重新录入。") from error
    return typed


@transaction.atomic
def enter_ballots(
    ref: str,
    numbers: Mapping[str, Sequence[int]],
    people: Sequence[int],
    *,
    by: Actor,
    at: datetime,
) -> None:
    """The numbers as the first of two people types them; may be typed anew until confirmed."""
    check(by, Power.ENTER_CLOSING)
    row = _balloted(ref, by)
    in_state(row, DrawState.ANNOUNCED, "录入摇出的号码")
    cast = made.Cast(ballots=_ballots(row, numbers, people), salt=strongbox.fresh_key())
    rows = models.Draw.objects.filter(pk=row.pk, state=DrawState.ANNOUNCED.value)
    fields = {"typed_by_ref": by.ref, "typed_by_name": by.name, "typed_at": at}
    if rows.update(balls=made.hold_cast(cast, row.ref), **fields) != 1:
        raise Stale("号码刚被他人复核确定，请刷新页面。")
    count = sum(len(held) for held in numbers.values())
    audit.append(EventKind.CLOSING_ENTERED, about=ref, by=by, at=at, data={"length": count})


@transaction.atomic
def confirm_ballots(
    ref: str,
    numbers: Mapping[str, Sequence[int]],
    people: Sequence[int],
    *,
    by: Actor,
    at: datetime,
) -> bool:
    """A second person types the balls again; where both are equal the list is made.

    True where there is a list, False where the numbers leave no lawful team.
    """
    check(by, Power.ENTER_CLOSING)
    row = _balloted(ref, by)
    in_state(row, DrawState.ANNOUNCED, "复核摇出的号码")
    if not row.typed_by_ref:
        raise Refused("号码还没有第一次录入，请先由一人录入，再由另一人复核。")
    if row.typed_by_ref == by.ref:
        raise NotAllowed("第一次录入的人不能复核同一批号码，请由另一人独立录入。")
    cast = made.held_cast(bytes(row.balls), row.ref)
    if _ballots(row, numbers, people) != cast.ballots:
        raise Refused(
            f"两次录入不一致，没有生效：{row.typed_by_name}与您录入的号码或次序不同。"
            "请当众核对号球，由有误的一方重新录入。"
        )
    move_on(
        row,
        DrawState.CLOSED,
        closed_by_ref=by.ref,
        closed_by_name=by.name,
        closed_at=at,
    )
    data: dict[str, Canonical] = {"typed_by": row.typed_by_name, "mode": row.mode}
    enter(row, "close", by=by, at=at, data=data)
    audit.append(EventKind.CLOSING_CONFIRMED, about=ref, by=by, at=at, data=data)
    return _draw(row, cast, by, at)


def _draw(row: models.Draw, cast: made.Cast, by: Actor, at: datetime) -> bool:
    whole = made.announced_ballot(bytes(row.announcement))
    rosters = thawed(bytes(row.frozen_body)).rosters
    try:
        outcome = outcome_of_ballots(whole, rosters, cast.ballots, cast.salt)
    except NoTeam as refusal:
        note_no_team(row, refusal, by, at)
        return False
    list_key = strongbox.fresh_key()
    leaves = ballot_leaves(row.profile, cast.salt, outcome.visits, cast.ballots)
    decided = Decided(
        sealed=outcome.sealed,
        joint_count=internal_joint(outcome),
        visits=sealing.listed_leaves(row.profile, outcome, leaves),
        tickets={},
        locked=made.lock_cast(list_key, cast, announcement_digest=row.announcement_digest),
        list_key=list_key,
    )
    store(row, decided, by, at)
    models.Draw.objects.filter(pk=row.pk, mode=DrawMode.MANUAL_BALLOT.value).update(balls=b"")
    return True
