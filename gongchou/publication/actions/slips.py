"""The slips that enterprises read with the code on their papers."""

from datetime import datetime

from django.db import IntegrityError, transaction

from gongchou.audit import actions as audit
from gongchou.core import canon
from gongchou.core.door_codes import code_digest
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor, Power, check
from gongchou.core.refusals import Refused, Stale
from gongchou.inspection import reads as visits
from gongchou.publication import models, slip_reads
from gongchou.publication.gathering_slips import SHOWN, slip
from gongchou.web.door_keys import door_code


@transaction.atomic
def renew_slip(ref: str, *, by: Actor, at: datetime) -> bool:
    """Write the slip of a visit anew where it says something else; True where it did."""
    check(by, Power.RENEW_SLIP)
    visit = visits.visit(ref)
    if visit.bureau != by.bureau or visit.state not in SHOWN:
        raise Refused(f"检查 {ref} 还没有派发，没有可供企业查验的内容。")
    body, code = canon.canon(slip(visit)), code_digest(door_code(ref))
    digest = canon.HASHES["sha256"](body).hex()
    if slip_reads.digests(by.bureau, [ref]).get(ref) == (digest, code):
        return False
    version = models.DoorSlip.objects.filter(visit=ref).count() + 1
    try:
        with transaction.atomic():
            models.DoorSlip.objects.create(
                bureau=by.bureau,
                visit=ref,
                version=version,
                code_digest=code,
                body=body,
                digest=digest,
                made_at=at,
            )
    except IntegrityError as error:
        raise Stale("这次检查的企业查验页刚被更新，请刷新页面。") from error
    data: dict[str, canon.Canonical] = {"version": version, "digest": digest}
    audit.append(EventKind.SLIP_RENEWED, about=ref, by=by, at=at, data=data)
    return True
