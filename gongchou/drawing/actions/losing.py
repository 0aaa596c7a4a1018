"""A custodian says that the passphrase is gone for good; where too few are left, the way on.

Nothing is erased here: who finds the words again takes the declaration back by using them. Only
when no draw hangs on the key any more may another take its place.
"""

from datetime import datetime

from django.db import transaction

from gongchou.audit import actions as audit
from gongchou.core.canon import Canonical
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor, Power, check
from gongchou.core.refusals import Refused, Stale
from gongchou.drawing import key_reads, models, strongbox


def _share(by: Actor) -> models.KeyShare:
    rows = models.KeyShare.objects.select_related("key", "custodian")
    rows = rows.filter(key__bureau__code=by.bureau, key__lost_at=None)
    row = rows.filter(custodian__person_ref=by.ref).order_by("-round").first()
    if row is None or row.round != row.key.round or not row.sealed:
        raise Refused("您手中没有现在这一次分发的份额，不用声明遗失。")
    return row


@transaction.atomic
def declare_lost(says: str, *, by: Actor, at: datetime) -> None:
    """The own passphrase cannot be found; the share stays, and nobody can open it."""
    check(by, Power.HOLD_KEY)
    row, why = _share(by), says.strip()
    if not why or len(why) > 200:
        raise Refused("声明口令遗失须写明经过，不超过 200 字。请补充后再提交。")
    if models.KeyShare.objects.filter(pk=row.pk, lost_at=None).update(lost_at=at) != 1:
        raise Stale("您已经声明过口令遗失。找回以后，可以用口令撤回声明。")
    left = key_reads.able(row.key.ref)
    data: dict[str, Canonical] = {"says": why, "left": left, "threshold": row.key.threshold}
    audit.append(EventKind.PASSPHRASE_LOST, about=row.key.ref, by=by, at=at, data=data)


@transaction.atomic
def take_back_lost(passphrase: str, *, by: Actor, at: datetime) -> None:
    """The words were found: they open the own part, so the declaration is taken back."""
    check(by, Power.HOLD_KEY)
    row = _share(by)
    about = row.custodian.ref
    try:
        strongbox.unlock(passphrase, bytes(row.custodian.locked), about=about)
    except strongbox.WrongKey as error:
        raise Refused("保管口令不对，声明没有撤回。请核对大小写后重新输入。") from error
    rows = models.KeyShare.objects.filter(pk=row.pk, lost_at__isnull=False)
    if rows.update(lost_at=None) != 1:
        raise Stale("您没有声明过口令遗失，不用撤回。")
    audit.append(EventKind.PASSPHRASE_FOUND, about=row.key.ref, by=by, at=at)
