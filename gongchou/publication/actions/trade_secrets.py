"""What an enterprise proved to be a trade secret is marked before approval, and unmarked again."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from gongchou.audit import actions as audit
from gongchou.core import canon
from gongchou.core.disclosure import disclose
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor, Power, check
from gongchou.core.refusals import Refused, Stale
from gongchou.core.terms import PublicationState
from gongchou.publication import models
from gongchou.publication.actions import _keeping as keeping


@transaction.atomic
def withhold(ref: str, path: str, *, by: Actor, at: datetime) -> None:
    """A text of a pending document is a trade secret and does not become public."""
    check(by, Power.PROPOSE_PUBLICATION)
    row = _pending(ref, by)
    if not path:
        raise Refused("请先选择是哪一项涉及商业秘密，再标记。")
    if path in row.secrets:
        raise Stale("这一处已经标记，请刷新页面。")
    digest = _renew(row, [*row.secrets, path])
    data: dict[str, canon.Canonical] = {"path": path, "digest": digest}
    audit.append(EventKind.PUBLICATION_WITHHELD, about=ref, by=by, at=at, data=data)


@transaction.atomic
def disclose_again(ref: str, path: str, reason: str, *, by: Actor, at: datetime) -> None:
    """The mark was a mistake, or was not proved: the text becomes public after all."""
    check(by, Power.PROPOSE_PUBLICATION)
    row, why = _pending(ref, by), keeping.reasoned(reason, "取消商业秘密标记")
    if path not in row.secrets:
        raise Stale("这一处没有标记为商业秘密，或者标记已经取消，请刷新页面。")
    digest = _renew(row, [one for one in row.secrets if one != path])
    data: dict[str, canon.Canonical] = {"path": path, "digest": digest, "reason": why}
    audit.append(EventKind.PUBLICATION_UNWITHHELD, about=ref, by=by, at=at, data=data)


def _pending(ref: str, by: Actor) -> models.Publication:
    row = keeping.found(ref, by)
    if row.state != PublicationState.PENDING.value:
        raise Refused("只有待批准的公示件可以标记或取消标记商业秘密，请先退回重新提出。")
    return row


def _renew(row: models.Publication, secrets: Sequence[str]) -> str:
    """Make the public document anew; returns its digest."""
    original = canon.parse(bytes(row.original))
    document = disclose(keeping.kind_of(row), original, names=row.names, secrets=secrets).document
    body = canon.canon(document)
    digest = canon.HASHES["sha256"](body).hex()
    keeping.renew(row, secrets=list(secrets), body=body, digest=digest)
    keeping.renew_lines(row, document)
    return digest
