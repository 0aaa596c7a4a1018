"""A change of custodians: those who hold the shares now deal the same key anew.

The group's key stays, so that lists sealed before can still be opened. Shares of different rounds
do not fit each other; the old ones are erased in the same transaction.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from gongchou.audit import actions as audit
from gongchou.core.canon import Canonical
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor, Power, check
from gongchou.core.refusals import Refused, Stale
from gongchou.core.sharing import Share, combine, read_share
from gongchou.core.states import move
from gongchou.core.terms import OpeningState
from gongchou.drawing import models, strongbox

LIVE = (OpeningState.REQUESTED.value, OpeningState.AUTHORISED.value)


def _holder(by: Actor, key: models.SecrecyKey) -> models.KeyShare:
    """The own share of the present round."""
    rows = models.KeyShare.objects.select_related("custodian")
    row = rows.filter(key=key, round=key.round, custodian__person_ref=by.ref).first()
    if row is None or not row.sealed:
        raise Refused("您手中没有现在这一次分发的份额，变更保管人须由现任保管人办理。")
    if row.lost_at is not None:
        raise Refused("您声明过保管口令遗失。已经找回的，请先撤回声明，再办理变更。")
    return row


@transaction.atomic
def request_key_change(
    members: Sequence[str], *, threshold: int, says: str, by: Actor, at: datetime
) -> str:
    """Ask that the shares be dealt anew to these custodians; the present ones decide."""
    check(by, Power.HOLD_KEY)
    key = models.SecrecyKey.objects.filter(bureau__code=by.bureau, lost_at=None).first()
    if key is None:
        raise Refused("保密密钥还没有建立，不需要变更保管人。请先建立密钥。")
    _holder(by, key)
    known = models.Custodian.objects.filter(bureau__code=by.bureau, ref__in=set(members))
    chosen = sorted(known.values_list("ref", flat=True))
    if len(chosen) != len(set(members)) or threshold < 2 or len(chosen) < threshold:
        raise Refused("新的保管人须都已登记，至少两人，且不少于共同开启的人数。请重新选择。")
    reason = says.strip()
    if not reason or len(reason) > 200:
        raise Refused("变更保管人须写明理由，不超过 200 字。请补充后再提交。")
    ref = f"{key.ref}-{key.changes.count() + 1}"
    try:
        with transaction.atomic():
            models.KeyChange.objects.create(
                ref=ref,
                key=key,
                round=key.round + 1,
                state=OpeningState.REQUESTED.value,
                threshold=threshold,
                members=chosen,
                says=reason,
                asked_by_ref=by.ref,
                asked_by_name=by.name,
                asked_at=at,
            )
    except IntegrityError as error:
        raise Stale("已有一份变更保管人的申请在办理，请先办结。") from error
    data: dict[str, Canonical] = {"change": ref, "members": chosen, "says": reason}
    audit.append(EventKind.KEY_CHANGE_REQUESTED, about=key.ref, by=by, at=at, data=data)
    return ref


def _found(ref: str, by: Actor) -> models.KeyChange:
    rows = models.KeyChange.objects.select_related("key")
    row = rows.filter(ref=ref, key__bureau__code=by.bureau).first()
    if row is None:
        raise Refused(f"本机构没有编号为 {ref} 的变更申请，请从保管人页面进入。")
    was = row.state
    if (
        was not in LIVE
        or models.KeyChange.objects.filter(pk=row.pk, state=was).update(state=was) != 1
    ):
        raise Stale("这份变更申请已经办结，请刷新页面。")
    return row


def _move(row: models.KeyChange, to: OpeningState, **fields: object) -> None:
    was = OpeningState(row.state)
    rows = models.KeyChange.objects.filter(pk=row.pk, state=was.value)
    if rows.update(state=move(was, to).value, **fields) != 1:
        raise Stale("这份变更申请刚被他人办理，请刷新页面。")
    row.state = to.value


@transaction.atomic
def agree_key_change(ref: str, passphrase: str, *, by: Actor, at: datetime) -> bool:
    """One present custodian's consent; True where it was the last needed and all is dealt anew."""
    check(by, Power.HOLD_KEY)
    row = _found(ref, by)
    held = _holder(by, row.key)
    if row.consents.filter(custodian=held.custodian).exists():
        raise Stale("您已经同意过这份申请，请由另一位现任保管人在自己的账号办理。")
    about = held.custodian.ref
    try:
        private = strongbox.unlock(passphrase, bytes(held.custodian.locked), about=about)
    except strongbox.WrongKey as error:
        raise Refused("保管口令不对，没有办理。请核对大小写后重新输入。") from error
    sealed = bytes(held.sealed)
    mine = read_share(strongbox.unseal(private, sealed, about=row.key.ref).decode())
    if row.consents.count() + 1 < mine.threshold:
        _pass_on(row, held, mine, by, at)
        return False
    _consent(row, held, {}, by, at)
    group = combine([mine, *_passed(row, held.custodian, private)])
    _deal(row, group, by, at)
    return True


def _passed(row: models.KeyChange, to: models.Custodian, private: bytes) -> list[Share]:
    found = []
    for consent in row.consents.exclude(custodian=to).order_by("pk"):
        sealed = bytes.fromhex(consent.passed.get(to.ref, ""))
        found.append(read_share(strongbox.unseal(private, sealed, about=row.ref).decode()))
    return found


def _pass_on(
    row: models.KeyChange, held: models.KeyShare, mine: Share, by: Actor, at: datetime
) -> None:
    shares = models.KeyShare.objects.filter(key=row.key, round=row.key.round)
    others = [s.custodian for s in shares.exclude(pk=held.pk).select_related("custodian")]
    written = mine.written().encode()
    passed = {o.ref: strongbox.seal(bytes(o.public), written, about=row.ref).hex() for o in others}
    _consent(row, held, passed, by, at)
    if row.consents.count() + 1 == mine.threshold:
        _move(row, OpeningState.AUTHORISED)


def _consent(
    row: models.KeyChange, held: models.KeyShare, passed: dict[str, str], by: Actor, at: datetime
) -> None:
    try:
        with transaction.atomic():
            models.KeyChangeConsent.objects.create(
                change=row, custodian=held.custodian, person_name=by.name, at=at, passed=passed
            )
    except IntegrityError as error:
        raise Stale("您已经同意过这份申请，请刷新页面。") from error
    data = {"change": row.ref}
    audit.append(EventKind.KEY_CHANGE_AGREED, about=row.key.ref, by=by, at=at, data=data)


def _deal(row: models.KeyChange, group: bytes, by: Actor, at: datetime) -> None:
    """New shares for the new people; the old ones and all that was handed on is erased."""
    key = row.key
    if models.Opening.objects.filter(draw__key=key, state__in=LIVE).exists():
        raise Refused("还有开启申请没有办结，旧的份额不能作废。请先办结或者不同意那些申请。")
    people = list(models.Custodian.objects.filter(ref__in=row.members).order_by("ref"))
    shares = strongbox.fresh_shares(group, threshold=row.threshold, count=len(people))
    for person, share in zip(people, shares, strict=True):
        sealed = strongbox.seal(bytes(person.public), share.written().encode(), about=key.ref)
        models.KeyShare.objects.create(key=key, round=row.round, custodian=person, sealed=sealed)
    models.KeyShare.objects.filter(key=key, round__lt=row.round).update(sealed=b"")
    keys = models.SecrecyKey.objects.filter(pk=key.pk, round=row.round - 1)
    if keys.update(round=row.round, threshold=row.threshold, count=len(people)) != 1:
        raise Stale("保密密钥刚被重新分发，请刷新页面。")
    row.consents.update(passed={})
    _move(row, OpeningState.DONE, ended_by_ref=by.ref, ended_by_name=by.name, ended_at=at)
    data: dict[str, Canonical] = {
        "change": row.ref,
        "round": row.round,
        "threshold": row.threshold,
        "members": list(row.members),
    }
    audit.append(EventKind.SECRECY_KEY_DEALT, about=key.ref, by=by, at=at, data=data)


@transaction.atomic
def refuse_key_change(ref: str, *, by: Actor, at: datetime) -> None:
    """A present custodian says no; what was handed on is erased."""
    check(by, Power.HOLD_KEY)
    row = _found(ref, by)
    _holder(by, row.key)
    row.consents.update(passed={})
    _move(row, OpeningState.REFUSED, ended_by_ref=by.ref, ended_by_name=by.name, ended_at=at)
    data = {"change": ref}
    audit.append(EventKind.KEY_CHANGE_REFUSED, about=row.key.ref, by=by, at=at, data=data)
