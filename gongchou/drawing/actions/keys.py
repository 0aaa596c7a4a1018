"""Custodians and the key of the secrecy group."""

from datetime import datetime

from django.db import IntegrityError, transaction

from gongchou.accounts.models import Bureau
from gongchou.audit import actions as audit
from gongchou.core.canon import Canonical
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor, Power, check
from gongchou.core.refusals import Refused, Stale
from gongchou.drawing import key_reads, models, strongbox

SHORTEST = 8


@transaction.atomic
def enrol_custodian(passphrase: str, *, by: Actor, at: datetime) -> str:
    """An own key pair for this member of the group; the passphrase is stored nowhere."""
    check(by, Power.HOLD_KEY)
    if len(passphrase) < SHORTEST:
        raise Refused(f"保管口令至少 {SHORTEST} 个字。请换一个更长、只有自己知道的口令。")
    ref = f"K{by.bureau}-{by.ref}"
    if models.Custodian.objects.filter(bureau__code=by.bureau, person_ref=by.ref).exists():
        raise Stale("您已经登记为名单保管人，不能重复登记。口令遗失的，请重新登记口令。")
    pair = strongbox.fresh_pair()
    try:
        with transaction.atomic():
            models.Custodian.objects.create(
                ref=ref,
                bureau=Bureau.objects.get(code=by.bureau),
                person_ref=by.ref,
                person_name=by.name,
                public=pair.public,
                locked=strongbox.lock(passphrase, pair.private, about=ref),
                enrolled_at=at,
            )
    except IntegrityError as error:
        raise Stale("您已经登记为名单保管人，请刷新页面。") from error
    data = {"public": pair.public.hex()}
    audit.append(EventKind.CUSTODIAN_ENROLLED, about=ref, by=by, at=at, data=data)
    return ref


@transaction.atomic
def enrol_again(passphrase: str, *, by: Actor, at: datetime) -> None:
    """A custodian who has lost the passphrase gets a new key pair, and holds no share any more.

    The others deal the shares anew, this custodian among them. Refused while that could leave too
    few who can still open.
    """
    check(by, Power.HOLD_KEY)
    if len(passphrase) < SHORTEST:
        raise Refused(f"保管口令至少 {SHORTEST} 个字。请换一个更长、只有自己知道的口令。")
    row = models.Custodian.objects.filter(bureau__code=by.bureau, person_ref=by.ref).first()
    if row is None:
        raise Refused("您还没有登记为名单保管人，请直接登记自己的保管口令。")
    key = models.SecrecyKey.objects.filter(bureau__code=by.bureau, lost_at=None).first()
    if key is not None:
        if not key_reads.may_be_replaced(by.bureau):
            _check_enough(key, row)
        models.KeyShare.objects.filter(key=key, custodian=row).update(sealed=b"")
    pair = strongbox.fresh_pair()
    rows = models.Custodian.objects.filter(pk=row.pk, public=row.public)
    locked = strongbox.lock(passphrase, pair.private, about=row.ref)
    if rows.update(public=pair.public, locked=locked, enrolled_at=at) != 1:
        raise Stale("您的登记刚被改动，请刷新页面。")
    data = {"public": pair.public.hex()}
    audit.append(EventKind.CUSTODIAN_ENROLLED_AGAIN, about=row.ref, by=by, at=at, data=data)


def _check_enough(key: models.SecrecyKey, leaving: models.Custodian) -> None:
    shares = models.KeyShare.objects.filter(key=key, round=key.round).exclude(sealed=b"")
    mine, left = shares.filter(custodian=leaving).exists(), shares.exclude(custodian=leaving)
    if mine and left.count() < key.threshold:
        raise Refused(
            f"其他保管人只剩 {left.count()} 份份额，而开启须 {key.threshold} 人：您的口令一旦作废，"
            "名单就再也打不开。请尽力找回口令，或者先由现任保管人增加保管人；"
            "确实找不回的，请在本页声明遗失，由上级机关决定作废打不开的名单。"
        )
    live = ("requested", "authorised")
    openings = models.Opening.objects.filter(draw__key=key, state__in=live).exists()
    if openings or key.changes.filter(state__in=live).exists():
        raise Refused("还有开启或变更保管人的申请没有办结，请先由其他保管人办结。")


@transaction.atomic
def establish_key(*, threshold: int = 2, by: Actor, at: datetime) -> str:
    """The group's key pair, its private part dealt to all custodians enrolled, and forgotten."""
    check(by, Power.HOLD_KEY)
    people, ref = _usable(by.bureau), _place(by, at)
    if by.ref not in {person.person_ref for person in people}:
        raise Refused("建立保密密钥的人须先登记为名单保管人，请先登记自己的保管口令。")
    if threshold < 2 or len(people) < threshold:
        raise Refused(
            f"现有 {len(people)} 名保管人，不能设为 {threshold} 人共同开启："
            "开启至少须两人，且不多于保管人数。请先请其他成员登记。"
        )
    pair = strongbox.fresh_pair()
    row = _store_key(ref, pair.public, threshold, len(people), by, at)
    shares = strongbox.fresh_shares(pair.private, threshold=threshold, count=len(people))
    for person, share in zip(people, shares, strict=True):
        sealed = strongbox.seal(bytes(person.public), share.written().encode(), about=ref)
        models.KeyShare.objects.create(key=row, custodian=person, sealed=sealed)
    data: dict[str, Canonical] = {
        "public": pair.public.hex(),
        "threshold": threshold,
        "count": len(people),
    }
    audit.append(EventKind.SECRECY_KEY_ESTABLISHED, about=ref, by=by, at=at, data=data)
    return ref


def _usable(bureau: str) -> list[models.Custodian]:
    """Custodians whose passphrase is not one declared lost; who enrols again is among them."""
    shares = models.KeyShare.objects.filter(key__lost_at=None, lost_at__isnull=False)
    lost = list(shares.exclude(sealed=b"").values_list("custodian_id", flat=True))
    rows = models.Custodian.objects.filter(bureau__code=bureau).exclude(pk__in=lost)
    return list(rows.order_by("ref"))


def _place(by: Actor, at: datetime) -> str:
    """The ref of the next key; one that nobody can use any more makes room."""
    held = models.SecrecyKey.objects.filter(bureau__code=by.bureau)
    for key in held.filter(lost_at=None):
        _check_dead(key)
        models.SecrecyKey.objects.filter(pk=key.pk, lost_at=None).update(lost_at=at)
    number = held.count()
    return f"G{by.bureau}-R{number + 1}" if number else f"G{by.bureau}"


def _store_key(
    ref: str, public: bytes, threshold: int, count: int, by: Actor, at: datetime
) -> models.SecrecyKey:
    try:
        with transaction.atomic():
            return models.SecrecyKey.objects.create(
                ref=ref,
                bureau=Bureau.objects.get(code=by.bureau),
                public=public,
                threshold=threshold,
                count=count,
                by_ref=by.ref,
                by_name=by.name,
                at=at,
            )
    except IntegrityError as error:
        raise Stale("保密小组的密钥已经建立，不能重复建立。请刷新页面。") from error


def _check_dead(key: models.SecrecyKey) -> None:
    """Refused, with what comes first, while the key is in use or still opens."""
    if key_reads.able(key.ref) >= key.threshold:
        raise Stale("保密小组的密钥已经建立，不能重复建立。请刷新页面。")
    waiting = models.Draw.objects.filter(key=key).exclude(state__in=key_reads.ENDED)
    refs = list(waiting.order_by("pk").values_list("ref", flat=True))
    if refs:
        raise Refused(
            f"还有 {len(refs)} 次抽取的名单在这把密钥下：{'、'.join(refs[:5])}。"
            "请先按“收口后作废”办结（收口以前的由批准领导作废），再重新建立密钥。"
        )
