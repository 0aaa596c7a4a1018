"""Approving, returning, publishing and withdrawing."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from gongchou.audit import actions as audit
from gongchou.core import canon
from gongchou.core.disclosure import check_public
from gongchou.core.event_kinds import EventKind
from gongchou.core.oversight_terms import DrawDuty
from gongchou.core.powers import Actor, Power, check
from gongchou.core.refusals import NotAllowed, Refused, Stale
from gongchou.core.terms import ItemListState, PublicationKind, PublicationState, VisitState
from gongchou.drawing import separation
from gongchou.inspection import oversight_reads as inspection
from gongchou.inspection import reads as visits
from gongchou.publication import models
from gongchou.publication.actions import _keeping as keeping
from gongchou.registry import actions as registry
from gongchou.registry import reads as registers
from gongchou.registry.policy import profile_of
from gongchou.web.clock import day_of


def _check_seen(row: models.Publication, digest: str) -> None:
    """What is decided on is what was looked at; a change in between makes another digest."""
    if digest != row.digest:
        raise Stale("这份公示件的内容在您打开页面之后有变化，请重新核对后再办理。")


@transaction.atomic
def approve(ref: str, *, digest: str, by: Actor, at: datetime) -> None:
    """The content with this digest may become public; nobody approves the own proposal."""
    check(by, Power.APPROVE_PUBLICATION)
    row = keeping.found(ref, by)
    if row.proposed_by_ref == by.ref:
        raise NotAllowed("提出公示的人不能批准同一份公示件，请由另一位负责人批准。")
    _check_seen(row, digest)
    keeping.moved(
        row,
        PublicationState.APPROVED,
        approved_by_ref=by.ref,
        approved_by_name=by.name,
        approved_at=at,
    )
    audit.append(
        EventKind.PUBLICATION_APPROVED, about=ref, by=by, at=at, data={"digest": row.digest}
    )


@transaction.atomic
def return_(ref: str, reason: str, *, by: Actor, at: datetime) -> None:
    """Not like this: the proposer corrects at the source and proposes again."""
    check(by, Power.APPROVE_PUBLICATION)
    row = keeping.found(ref, by)
    why = keeping.reasoned(reason, "退回公示")
    keeping.moved(row, PublicationState.RETURNED, return_reason=why)
    row.lines.update(is_open=False)
    audit.append(EventKind.PUBLICATION_RETURNED, about=ref, by=by, at=at, data={"reason": why})


@transaction.atomic
def publish(ref: str, *, by: Actor, at: datetime) -> None:
    """The approved document is public from now on, and takes the place of the one it corrects."""
    check(by, Power.PUBLISH)
    row = keeping.found(ref, by)
    _check_apart(row, by, at)
    _check_reviewed(row)
    check_public(keeping.kind_of(row), canon.parse(bytes(row.body)))
    _replace_older(row, by, at)
    keeping.moved(
        row,
        PublicationState.PUBLISHED,
        published_by_ref=by.ref,
        published_by_name=by.name,
        published_at=at,
    )
    _open_lines(row, at)
    if row.kind == PublicationKind.ITEM_LIST.value:
        _mark_item_list(row, by, at)
    audit.append(
        EventKind.PUBLICATION_PUBLISHED, about=ref, by=by, at=at, data={"digest": row.digest}
    )


def _check_apart(row: models.Publication, by: Actor, at: datetime) -> None:
    """Who decided, drew or confirmed a draw does not publish what was found by it."""
    refs = tuple(row.lines.values_list("visit", flat=True))
    for draw in sorted(inspection.draws_of(refs)):
        held = separation.hands_of(draw)
        separation.check_apart(held, DrawDuty.PUBLISHES, by=by, on=day_of(at))


def _check_reviewed(row: models.Publication) -> None:
    """A record may have been opened again in the moment in which the notice was proposed."""
    refs = tuple(row.lines.filter(withdrawn_at=None).values_list("visit", flat=True))
    for visit in visits.visits_of(refs).values():
        if visit.state is not VisitState.REVIEWED:
            raise Refused(
                f"“{visit.subject_name}”的检查记录现在是“{visit.state.label}”状态，不能公示。"
                "请待记录再次审核以后重新提出公示。"
            )


def _replace_older(row: models.Publication, by: Actor, at: datetime) -> None:
    if not row.replaces or row.state != PublicationState.APPROVED.value:
        return
    public = models.Publication.objects.filter(
        ref=row.replaces, state=PublicationState.PUBLISHED.value, replaced_by=""
    )
    if public.update(replaced_by=row.ref) != 1:
        raise Stale("要更正的公示件已被撤下或另行更正，请刷新页面核对。")
    models.ResultLine.objects.filter(publication__ref=row.replaces).update(is_public=False)
    data: dict[str, canon.Canonical] = {"replaced_by": row.ref, "reason": row.correction_reason}
    audit.append(EventKind.PUBLICATION_CORRECTED, about=row.replaces, by=by, at=at, data=data)


def _open_lines(row: models.Publication, at: datetime) -> None:
    """Natural persons are shown for a shorter time than enterprises."""
    today = day_of(at)
    profile = profile_of(row.bureau, today)
    for key, is_person in (
        ("publish.retention_years", False),
        ("publish.retention_years_natural_person", True),
    ):
        until = keeping.years_later(today, profile.number(key, max(today, profile.since)))
        lines = row.lines.filter(is_natural_person=is_person)
        lines.update(is_open=False, is_public=True, keep_until=until)


def _mark_item_list(row: models.Publication, by: Actor, at: datetime) -> None:
    found = next((i for i in registers.item_lists(row.bureau) if i.ref == row.source), None)
    if found and found.state is ItemListState.APPROVED:
        today = day_of(at)
        registry.mark_item_list_published(row.source, on=today, by=by, at=at)


@transaction.atomic
def withdraw(ref: str, reason: str, *, by: Actor, at: datetime) -> None:
    """The content is no longer shown; that it was public, and why it went, stays readable.

    With it go the older versions that it corrected, which say the same about the same things.
    """
    check(by, Power.PUBLISH)
    row = keeping.found(ref, by)
    why = keeping.public_reason(reason, "撤下公示", row)
    for one in (row, *_corrected_by(row)):
        keeping.moved(
            one,
            PublicationState.WITHDRAWN,
            withdrawn_by_ref=by.ref,
            withdrawn_at=at,
            withdrawal_reason=why,
        )
        _hide(one.lines.all(), why, at)
        audit.append(
            EventKind.PUBLICATION_WITHDRAWN, about=one.ref, by=by, at=at, data={"reason": why}
        )


def _corrected_by(row: models.Publication) -> list[models.Publication]:
    """The older versions of a document that are still readable, the newest first."""
    found: list[models.Publication] = []
    while row.replaces:
        row = models.Publication.objects.get(ref=row.replaces)
        found.append(row)
    return [one for one in found if one.state == PublicationState.PUBLISHED.value]


def _hide(lines: QuerySet[models.ResultLine], why: str, at: datetime) -> int:
    held = lines.filter(withdrawn_at=None)
    return held.update(is_open=False, is_public=False, withdrawn_at=at, withdrawal_reason=why)


@transaction.atomic
def withdraw_result(ref: str, number: int, reason: str, *, by: Actor, at: datetime) -> None:
    """One line of a notice goes, as when its decision was revoked; the others stay.

    It goes from the older versions of the notice too.
    """
    check(by, Power.PUBLISH)
    row = keeping.found(ref, by)
    why = keeping.public_reason(reason, "撤下公示", row)
    if row.state != PublicationState.PUBLISHED.value:
        raise Refused("这份公示件不在公示中，没有可以撤下的结果。")
    line = row.lines.filter(number=number, withdrawn_at=None).first()
    if line is None or not _hide(row.lines.filter(number=number), why, at):
        raise Stale(f"没有第 {number} 号结果，或已经撤下，请刷新页面查看。")
    for older in _corrected_by(row):
        _hide(older.lines.filter(visit=line.visit), why, at)
    data: dict[str, canon.Canonical] = {"number": number, "reason": why}
    audit.append(EventKind.PUBLICATION_WITHDRAWN, about=ref, by=by, at=at, data=data)
