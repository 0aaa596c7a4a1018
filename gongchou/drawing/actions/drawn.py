"""The reveals, the witnesses of the draw, and who looked at the list."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from gongchou.audit import actions as audit
from gongchou.core.event_kinds import EventKind
from gongchou.core.oversight_terms import DrawDuty
from gongchou.core.powers import Actor, Power, check
from gongchou.core.refusals import NotAllowed, Refused, Stale
from gongchou.core.terms import DrawState
from gongchou.drawing import contributing, strongbox
from gongchou.drawing.actions._draws import found, hold, in_state, move_on
from gongchou.drawing.actions._log import enter
from gongchou.drawing.actions._made import finish_if_all, keep
from gongchou.drawing.actions._parties import check_contributor
from gongchou.drawing.models import DrawConfirmation
from gongchou.drawing.separation import check_apart, hands
from gongchou.web.clock import day_of

WITNESSES = 2


@transaction.atomic
def reveal(ref: str, text: str, *, by: Actor, at: datetime) -> bool:
    """A contributor says the promised text; True where it was the last and the draw is made."""
    row = found(ref, by)
    check_contributor(row, by, at)
    in_state(row, DrawState.CLOSED, "揭示随机贡献")
    hold(row)
    mine = row.contributions.filter(person_ref=by.ref).first()
    if mine is None:
        raise NotAllowed("您没有为本次抽取提交随机贡献，不能揭示。")
    if mine.revealed_at is not None:
        raise Stale("您的随机贡献已经揭示，不能重复办理。")
    share = contributing.share_of(text)
    try:
        said = contributing.reveal_of(
            share.decode(), bytes(mine.locked_nonce), draw=row.ref, role=mine.role
        )
    except strongbox.WrongKey as error:
        raise Refused(
            "这段文字与您承诺时的不一致，请逐字核对后再揭示。确实遗失的，请保密小组打开托管份额。"
        ) from error
    keep(row, mine, said, at)
    data = {"role": mine.role}
    audit.append(EventKind.CONTRIBUTION_REVEALED, about=ref, by=by, at=at, data=data)
    return finish_if_all(row, by=by, at=at)


@transaction.atomic
def confirm_draw(ref: str, *, by: Actor, at: datetime) -> bool:
    """A witness confirms what was seen; True where this was the second and the list is sealed."""
    check(by, Power.WITNESS_DRAW)
    row = found(ref, by)
    in_state(row, DrawState.DRAWN, "现场监督确认")
    check_apart(hands(row), DrawDuty.CONFIRMS, by=by, on=day_of(at))
    hold(row)
    try:
        with transaction.atomic():
            DrawConfirmation.objects.create(
                draw=row,
                person_ref=by.ref,
                person_name=by.name,
                salt=strongbox.fresh_salt(),
                at=at,
            )
    except IntegrityError as error:
        raise Stale("您已经确认过本次抽取，请等待另一位监督人员确认。") from error
    audit.append(
        EventKind.DRAW_WITNESSED, about=ref, by=by, at=at, data={"sealed": row.sealed_root}
    )
    names = list(row.confirmations.order_by("at", "pk").values_list("person_name", flat=True))
    if len(names) < WITNESSES:
        return False
    move_on(row, DrawState.SEALED, sealed_at=at)
    data = {"sealed": row.sealed_root, "witnesses": names}
    enter(row, "seal", by=by, at=at, data=data)
    audit.append(EventKind.DRAW_SEALED, about=ref, by=by, at=at, data=data)
    return True


@transaction.atomic
def record_view(ref: str, numbers: Sequence[int] = (), *, by: Actor, at: datetime) -> None:
    """Somebody looked at released names: of these visits, or of all released ones."""
    row = found(ref, by)
    data = {"numbers": sorted(numbers)}
    audit.append(EventKind.LIST_VIEWED, about=row.ref, by=by, at=at, data=data)


@transaction.atomic
def record_refused_view(ref: str, says: str, *, by: Actor, at: datetime) -> None:
    """Somebody asked for names that are not theirs to see."""
    audit.append(EventKind.LIST_VIEW_REFUSED, about=ref[:80], by=by, at=at, data={"says": says})
