"""A penalty that was decided here after a visit becomes a dated record that class rules read."""

from datetime import datetime

from django.db import transaction

from gongchou.audit import actions as audit
from gongchou.core.canon import Canonical
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor, Power, check, may
from gongchou.core.refusals import Refused
from gongchou.core.roster import PenaltyFact
from gongchou.core.terms import ImportKind
from gongchou.registry import models
from gongchou.registry.writers.changes import Values, open_change
from gongchou.registry.writers.facts import FactBook
from gongchou.web.clock import day_of


@transaction.atomic
def record_penalty(subject: str, penalty: PenaltyFact, *, by: Actor, at: datetime) -> None:
    """What was decided about a site, or that it was revoked; `penalty.ref` names the visit.

    Entered again, or known from an import already, it stays one record.
    """
    if not may(by, Power.DISPATCH_VISIT):
        check(by, Power.DO_VISIT)
    about = _newest(_standing(subject, by))
    fields: dict[str, object] = {
        "document_number": penalty.document_number,
        "decision_date": penalty.decision_date,
    }
    if penalty.revoked_on is not None:
        fields["revoked_on"] = penalty.revoked_on
    if _is_known(about, fields):
        return
    what = "处罚决定的撤销" if penalty.revoked_on else "处罚决定"
    source = f"检查 {penalty.ref} 的{what}"
    change = open_change(ImportKind.PENALTIES, source, on=day_of(at), by=by, at=at)
    book = FactBook(change, ImportKind.PENALTIES)
    book.write_one(about, fields)
    models.RegisterChange.objects.filter(pk=change.pk).update(sensitive=book.sensitive)
    data: dict[str, Canonical] = {
        "document_number": penalty.document_number,
        "decided_on": str(penalty.decision_date),
        "revoked_on": str(penalty.revoked_on or ""),
        "visit": penalty.ref,
    }
    audit.append(EventKind.PENALTY_RECORDED, about=about.subject.ref, by=by, at=at, data=data)


def _standing(subject: str, by: Actor) -> models.Subject:
    """The site, or the one that it was merged into."""
    found = models.Subject.objects.filter(ref=subject, bureau__code=by.bureau).first()
    if found is None:
        raise Refused(f"本机构名录中没有编号为 {subject} 的检查对象，请核对后再登记。")
    merger = models.SubjectMerger.objects.filter(merged=found, undone=None).first()
    return _standing(merger.kept.ref, by) if merger else found


def _newest(owner: models.Subject) -> models.SubjectVersion:
    rows = models.SubjectVersion.objects.filter(subject=owner).select_related("subject")
    return rows.latest("pk")


def _is_known(about: models.SubjectVersion, fields: Values) -> bool:
    rows = models.Penalty.objects.filter(subject=about.subject_id, known_until=None, **fields)
    return rows.exists()
