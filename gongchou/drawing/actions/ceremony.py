"""From the promises to the closing value: what happens before anybody can know the result."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from gongchou.audit import actions as audit
from gongchou.core.canon import Canonical, canon, parse
from gongchou.core.chain import written
from gongchou.core.draw_form import CLOSING_RULE, closing_form, closing_words, is_closing
from gongchou.core.draw_reading import read_announcement
from gongchou.core.draw_values import Announcement, Reveal
from gongchou.core.event_kinds import EventKind
from gongchou.core.joint_record import read_joint_announcement
from gongchou.core.joint_values import JointAnnouncement
from gongchou.core.oversight_terms import DrawDuty
from gongchou.core.powers import Actor, Power, check
from gongchou.core.refusals import NotAllowed, Refused, Stale
from gongchou.core.terms import DrawState
from gongchou.drawing import contributing, models, strongbox
from gongchou.drawing.actions._draws import (
    by_seed,
    found,
    hold,
    in_state,
    is_answered_for,
    move_on,
    tell,
)
from gongchou.drawing.actions._log import enter, root_before
from gongchou.drawing.actions._parties import check_contributor
from gongchou.drawing.contributing import PARTY, SYSTEM
from gongchou.drawing.frozen import thawed
from gongchou.drawing.separation import check_apart, hands
from gongchou.web.clock import day_of


@transaction.atomic
def commit_contribution(ref: str, text: str, *, by: Actor, at: datetime) -> str:
    """Promise a share: a text only the contributor knows. Returns the name of the party."""
    row = found(ref, by)
    party = check_contributor(row, by, at)
    by_seed(row)
    in_state(row, DrawState.FROZEN, "提交随机贡献")
    share = contributing.share_of(text)
    hold(row)
    held = models.Contribution.objects.filter(draw=row)
    if held.filter(person_ref=by.ref).exists():
        raise Stale("您已经提交过本次抽取的随机贡献，不能更改或重复提交。")
    taken = held.filter(role__startswith=party).count()
    name = party if not taken else f"{party}{taken + 1}"
    reveal = Reveal(role=name, nonce=strongbox.fresh_salt(), share=share)
    made = _promise(row, reveal, share.decode(), by.ref, by.name, at)
    data = {"role": name, "commitment": made.commitment}
    audit.append(EventKind.CONTRIBUTION_COMMITTED, about=ref, by=by, at=at, data=data)
    return name


def _promise(
    row: models.Draw, reveal: Reveal, words: str, person_ref: str, person_name: str, at: datetime
) -> models.Contribution:
    made = contributing.promise(
        reveal,
        draw=row.ref,
        profile=row.profile,
        group_public=bytes(row.key.public),
        words=words,
        is_joint=thawed(bytes(row.frozen_body)).is_joint,
    )
    try:
        with transaction.atomic():
            return models.Contribution.objects.create(
                draw=row,
                role=reveal.role,
                person_ref=person_ref,
                person_name=person_name,
                commitment=made.commitment,
                committed_at=at,
                locked_nonce=made.locked_nonce,
                escrow=made.escrow,
            )
    except IntegrityError as error:
        raise Stale("刚有另一份随机贡献提交，请刷新页面后再提交一次。") from error


@transaction.atomic
def announce_draw(ref: str, closing_rule: str, *, by: Actor, at: datetime) -> str:
    """Fix rules, lists and promises in one announcement; returns its digest."""
    check(by, Power.ANNOUNCE_DRAW)
    row, rule = found(ref, by), closing_rule.strip()
    by_seed(row)
    in_state(row, DrawState.FROZEN, "发布抽取公告")
    check_apart(hands(row), DrawDuty.DRAWS, by=by, on=day_of(at))
    if not CLOSING_RULE.fullmatch(rule) or len(rule) > 200:
        raise Refused(
            "收口规则写法不对：应以 d6:25、d10:20、lottery:位数或 drand:位数开头，"
            "空一格后写明怎样产生，总长不超过 200 字。"
        )
    is_answered_for(row)
    hold(row)
    _check_parties(row)
    announced = _announcement(row, rule, by, at)
    body, digest = canon(announced.plain()), announced.digest().hex()
    try:
        with transaction.atomic():
            move_on(
                row,
                DrawState.ANNOUNCED,
                seq=announced.seq,
                announcement=body,
                announcement_digest=digest,
                closing_rule=rule,
                announced_by_ref=by.ref,
                announced_by_name=by.name,
                announced_at=at,
            )
    except IntegrityError as error:
        raise Stale("刚有另一份抽取公告发布，请刷新页面后再发布一次。") from error
    data: dict[str, Canonical] = {
        "announcement": digest,
        "seq": announced.seq,
        "prev": announced.prev,
    }
    enter(row, "announce", by=by, at=at, data={**data, "plain": parse(body)})
    audit.append(EventKind.DRAW_ANNOUNCED, about=ref, by=by, at=at, data=data)
    tell(ref)
    return digest


def _check_parties(row: models.Draw) -> None:
    roles = set(row.contributions.values_list("role", flat=True))
    missing = [name for name in PARTY.values() if name not in roles]
    if missing:
        raise Refused(f"还缺{'、'.join(missing)}的随机贡献，至少各一份才能发布抽取公告。")


def _announcement(
    row: models.Draw, rule: str, by: Actor, at: datetime
) -> Announcement | JointAnnouncement:
    """The system's own promise comes last; its share lies under the server's key."""
    reveal = Reveal(role=SYSTEM, nonce=strongbox.fresh_salt(), share=strongbox.fresh_key())
    mine = _promise(row, reveal, strongbox.server_key().hex(), "system", SYSTEM, at)
    row.contributions.filter(pk=mine.pk).update(held=contributing.hold(reveal, row.ref))
    last = models.Draw.objects.filter(bureau=row.bureau).aggregate(last=Max("seq"))["last"] or 0
    commits = row.contributions.order_by("pk").values_list("role", "commitment")
    frozen = thawed(bytes(row.frozen_body))
    said: dict[str, Any] = {
        "seq": last + 1,
        "prev": root_before(by.bureau),
        "commits": tuple(commits),
        "closing_rule": rule,
        "announced": written(at),
    }
    if frozen.is_joint:
        joint = replace(frozen.joint_announcement(row.ref), **said)
        return read_joint_announcement(joint.plain())
    return read_announcement(replace(frozen.announcement(row.ref), **said).plain())


@transaction.atomic
def enter_closing(ref: str, value: str, *, by: Actor, at: datetime) -> None:
    """The closing value as the first of two people types it; may be typed anew until confirmed."""
    check(by, Power.ENTER_CLOSING)
    row, typed = found(ref, by), "".join(value.split())
    by_seed(row)
    in_state(row, DrawState.ANNOUNCED, "录入收口值")
    if not is_closing(row.closing_rule, typed):
        raise Refused(
            f"录入的收口值有 {len(typed)} 个字符，"
            f"与公告的收口规则“{closing_words(row.closing_rule)}”不符，"
            f"{closing_form(row.closing_rule)}。请按当众产生的结果逐个录入。"
        )
    rows = models.Draw.objects.filter(pk=row.pk, state=DrawState.ANNOUNCED.value)
    fields = {"typed_by_ref": by.ref, "typed_by_name": by.name, "typed_at": at}
    if rows.update(typed=typed, **fields) != 1:
        raise Stale("收口值刚被他人复核确定，请刷新页面。")
    audit.append(EventKind.CLOSING_ENTERED, about=ref, by=by, at=at, data={"length": len(typed)})


@transaction.atomic
def confirm_closing(ref: str, value: str, *, by: Actor, at: datetime) -> None:
    """A second person types the value again; only where both are equal is the draw closed."""
    check(by, Power.ENTER_CLOSING)
    row, typed = found(ref, by), "".join(value.split())
    by_seed(row)
    in_state(row, DrawState.ANNOUNCED, "复核收口值")
    if not row.typed:
        raise Refused("收口值还没有第一次录入，请先由一人录入，再由另一人复核。")
    if row.typed_by_ref == by.ref:
        raise NotAllowed("第一次录入的人不能复核同一个收口值，请由另一人独立录入。")
    if row.typed != typed:
        raise Refused(
            f"两次录入不一致，没有收口：{row.typed_by_name}与您录入的收口值不同。"
            "请当众核对原始结果，由有误的一方重新录入。"
        )
    move_on(
        row,
        DrawState.CLOSED,
        closing=typed,
        closed_by_ref=by.ref,
        closed_by_name=by.name,
        closed_at=at,
    )
    data = {"closing": typed, "typed_by": row.typed_by_name}
    enter(row, "close", by=by, at=at, data=data)
    audit.append(EventKind.CLOSING_CONFIRMED, about=ref, by=by, at=at, data=data)
