"""Custodians open together: each in the own login, with the own passphrase.

Whoever agrees before the last hands the own share on, sealed to each of the others and for this
opening only. The last one joins them, does what the opening is for, and all is erased again.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from gongchou.audit import actions as audit
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor, Power, check
from gongchou.core.refusals import Refused, Stale
from gongchou.core.sharing import Share, combine, read_share
from gongchou.core.states import move
from gongchou.core.terms import OpeningPurpose, OpeningState
from gongchou.drawing import models, strongbox
from gongchou.drawing.actions._opened import do


def _found(ref: str, by: Actor) -> models.Opening:
    rows = models.Opening.objects.select_related("draw__bureau", "draw__key", "draw__task")
    row = rows.filter(ref=ref, draw__bureau__code=by.bureau).first()
    if row is None:
        raise Refused(f"本机构没有编号为 {ref} 的开启申请，请从保管人页面进入。")
    if row.state not in (OpeningState.REQUESTED.value, OpeningState.AUTHORISED.value):
        raise Stale(f"这份申请已是“{OpeningState(row.state).label}”状态，不再办理。请刷新页面。")
    return row


def _custodian(by: Actor) -> models.Custodian:
    row = models.Custodian.objects.filter(bureau__code=by.bureau, person_ref=by.ref).first()
    if row is None:
        raise Refused("您还没有登记为名单保管人，不能办理开启。请先登记自己的保管口令。")
    return row


def _private(custodian: models.Custodian, passphrase: str) -> bytes:
    try:
        return strongbox.unlock(passphrase, bytes(custodian.locked), about=custodian.ref)
    except strongbox.WrongKey as error:
        raise Refused("保管口令不对，没有开启。请核对大小写后重新输入。") from error


def _own_share(opening: models.Opening, custodian: models.Custodian, private: bytes) -> Share:
    key = opening.draw.key
    row = models.KeyShare.objects.filter(key=key, round=key.round, custodian=custodian).first()
    if row is not None and not row.sealed:
        raise Refused("您重新登记过保管口令，手中没有份额。请现任保管人变更保管人，重新分发份额。")
    if row is not None and row.lost_at is not None:
        raise Refused("您声明过保管口令遗失。已经找回的，请先在本页撤回声明，再办理开启。")
    if row is None:
        raise Refused("建立保密密钥时您还不是保管人，手中没有份额，请由其他保管人办理。")
    return read_share(strongbox.unseal(private, bytes(row.sealed), about=key.ref).decode())


def _passed(opening: models.Opening, custodian: models.Custodian, private: bytes) -> list[Share]:
    """The shares that the others have handed on to this custodian."""
    found = []
    for consent in opening.authorisations.order_by("pk"):
        sealed = bytes.fromhex(consent.passed.get(custodian.ref, ""))
        found.append(read_share(strongbox.unseal(private, sealed, about=opening.ref).decode()))
    return found


@transaction.atomic
def agree(ref: str, passphrase: str, *, by: Actor, at: datetime) -> bool:
    """One custodian's consent; True where it was the last needed and the opening is done."""
    check(by, Power.RELEASE_VISIT)
    opening, custodian = _found(ref, by), _custodian(by)
    return _agree(opening, custodian, _private(custodian, passphrase), by, at)


@transaction.atomic
def agree_together(
    refs: Sequence[str], passphrase: str, *, by: Actor, at: datetime
) -> tuple[int, int]:
    """The same for several openings at one entry of the passphrase, all of them or none.

    Each stays an opening of its own, in the log and in the trail. Returns how many are done now,
    and how many wait for another custodian.
    """
    check(by, Power.RELEASE_VISIT)
    if not refs:
        raise Refused("没有选中任何一份申请，请先勾选要同意的申请。")
    custodian = _custodian(by)
    private = _private(custodian, passphrase)
    wanted = [_found(ref, by) for ref in dict.fromkeys(refs)]
    wanted.sort(key=lambda opening: opening.pk)
    done = sum(_one_of_several(opening, custodian, private, by, at) for opening in wanted)
    return done, len(wanted) - done


def _one_of_several(
    opening: models.Opening, custodian: models.Custodian, private: bytes, by: Actor, at: datetime
) -> bool:
    try:
        return _agree(opening, custodian, private, by, at)
    except Refused as error:
        says = (
            f"申请 {opening.ref} 没有办成，所选的申请这次都没有办理：{error} 其余的可以另选再办。"
        )
        raise type(error)(says) from error


def _agree(
    opening: models.Opening, custodian: models.Custodian, private: bytes, by: Actor, at: datetime
) -> bool:
    _hold(opening)
    if opening.authorisations.filter(custodian=custodian).exists():
        raise Stale("您已经同意过这份申请，请由另一位保管人在自己的账号办理。")
    mine = _own_share(opening, custodian, private)
    if opening.authorisations.count() + 1 < mine.threshold:
        _pass_on(opening, custodian, mine, by, at)
        return False
    group = combine([mine, *_passed(opening, custodian, private)])
    _consent(opening, custodian, {}, by, at)
    _end(opening, OpeningState.DONE, by, at)
    do(opening, group, by=by, at=at)
    opening.authorisations.update(passed={})
    data = {"opening": opening.ref, "purpose": opening.purpose, "by": _names(opening)}
    audit.append(EventKind.RELEASE_APPROVED, about=opening.draw.ref, by=by, at=at, data=data)
    return True


def _names(opening: models.Opening) -> list[str]:
    return list(opening.authorisations.order_by("pk").values_list("person_name", flat=True))


def _hold(opening: models.Opening) -> None:
    rows = models.Opening.objects.filter(pk=opening.pk, state=opening.state)
    if rows.update(state=opening.state) != 1:
        raise Stale("这份申请刚被他人办理，请刷新页面。")


def _pass_on(
    opening: models.Opening, custodian: models.Custodian, mine: Share, by: Actor, at: datetime
) -> None:
    key = opening.draw.key
    others = models.KeyShare.objects.filter(key=key, round=key.round).exclude(custodian=custodian)
    written = mine.written().encode()
    passed = {
        share.custodian.ref: strongbox.seal(
            bytes(share.custodian.public), written, about=opening.ref
        ).hex()
        for share in others.select_related("custodian")
    }
    _consent(opening, custodian, passed, by, at)
    if opening.authorisations.count() + 1 == mine.threshold:
        _move(opening, OpeningState.AUTHORISED)
    data = {"opening": opening.ref, "purpose": opening.purpose}
    audit.append(EventKind.OPENING_AUTHORISED, about=opening.draw.ref, by=by, at=at, data=data)


def _consent(
    opening: models.Opening,
    custodian: models.Custodian,
    passed: dict[str, str],
    by: Actor,
    at: datetime,
) -> None:
    try:
        with transaction.atomic():
            models.Authorisation.objects.create(
                opening=opening,
                custodian=custodian,
                person_ref=by.ref,
                person_name=by.name,
                at=at,
                passed=passed,
            )
    except IntegrityError as error:
        raise Stale("您已经同意过这份申请，请刷新页面。") from error


def _move(opening: models.Opening, to: OpeningState, **fields: object) -> None:
    was = OpeningState(opening.state)
    rows = models.Opening.objects.filter(pk=opening.pk, state=was.value)
    if rows.update(state=move(was, to).value, **fields) != 1:
        raise Stale("这份申请刚被他人办理，请刷新页面。")
    opening.state = to.value


def _end(opening: models.Opening, to: OpeningState, by: Actor, at: datetime) -> None:
    _move(opening, to, ended_by_ref=by.ref, ended_by_name=by.name, ended_at=at)


@transaction.atomic
def refuse_opening(ref: str, reason: str, *, by: Actor, at: datetime) -> None:
    """A custodian says no; shares handed on are erased, the visits can be asked for again."""
    check(by, Power.RELEASE_VISIT)
    opening, why = _found(ref, by), reason.strip()
    if not why or len(why) > 200:
        raise Refused("不同意开启须写明理由，不超过 200 字。请补充后再提交。")
    _custodian(by)
    _move(
        opening,
        OpeningState.REFUSED,
        ended_by_ref=by.ref,
        ended_by_name=by.name,
        ended_at=at,
        refusal=why,
    )
    opening.authorisations.update(passed={})
    if opening.purpose == OpeningPurpose.RELEASE.value:
        models.SealedVisit.objects.filter(opening=opening).update(opening=None)
    data = {"opening": ref, "purpose": opening.purpose, "reason": why}
    audit.append(EventKind.RELEASE_REFUSED, about=opening.draw.ref, by=by, at=at, data=data)
