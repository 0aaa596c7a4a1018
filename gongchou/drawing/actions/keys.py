"""Custodians and the key of the secrecy group."""

from datetime import datetime

from django.db import IntegrityError, transaction

from gongchou.accounts.models import Bureau
from gongchou.audit import actions as audit
from gongchou.core.canon import Canonical
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor, Power, check
from gongchou.core.refusals import Refused, Stale
from gongchou.drawing import models, strongbox

SHORTEST = 8


@transaction.atomic
def enrol_custodian(passphrase: str, *, by: Actor, at: datetime) -> str:
    """An own key pair for this member of the group; the passphrase is stored nowhere."""
    check(by, Power.HOLD_KEY)
    if len(passphrase) < SHORTEST:
        raise Refused(f"保管口令至少 {SHORTEST} 个字。请换一个更长、只有自己知道的口令。")
    ref = f"K{by.bureau}-{by.ref}"
    if models.Custodian.objects.filter(bureau__code=by.bureau, person_ref=by.ref).exists():
        raise Stale("您已经登记为名单保管人，不能重复登记。口令遗失的，请由其他保管人办理开启。")
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
def establish_key(*, threshold: int = 2, by: Actor, at: datetime) -> str:
    """The group's key pair, its private part dealt to all custodians enrolled, and forgotten."""
    check(by, Power.HOLD_KEY)
    people = list(models.Custodian.objects.filter(bureau__code=by.bureau).order_by("ref"))
    if by.ref not in {person.person_ref for person in people}:
        raise Refused("建立保密密钥的人须先登记为名单保管人，请先登记自己的保管口令。")
    if threshold < 2 or len(people) < threshold:
        raise Refused(
            f"现有 {len(people)} 名保管人，不能设为 {threshold} 人共同开启："
            "开启至少须两人，且不多于保管人数。请先请其他成员登记。"
        )
    ref, pair = f"G{by.bureau}", strongbox.fresh_pair()
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
