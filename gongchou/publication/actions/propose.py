"""Pulling a finished thing from upstream and proposing it for publication."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from gongchou.audit import actions as audit
from gongchou.core import canon
from gongchou.core.disclosure import check_public, disclose
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor, Power, check
from gongchou.core.refusals import Refused
from gongchou.core.terms import PublicationKind, PublicationState
from gongchou.core.workdays import days_written
from gongchou.publication import gathering, gathering_draws, gathering_results, models
from gongchou.publication.actions import _keeping as keeping
from gongchou.publication.actions._keeping import Correction
from gongchou.publication.gathering import Draft, Table
from gongchou.publication.marked import kept_secrets


@transaction.atomic
def propose_item_list(ref: str, *, by: Actor, at: datetime) -> str:
    """An approved version of the item list goes to the approver; returns the publication's ref."""
    check(by, Power.PROPOSE_PUBLICATION)
    return propose_draft(gathering.item_list(by.bureau, ref), by=by, at=at)


@transaction.atomic
def propose_annual_plan(ref: str, *, by: Actor, at: datetime) -> str:
    """An approved yearly plan goes to the approver."""
    check(by, Power.PROPOSE_PUBLICATION)
    return propose_draft(gathering.annual_plan(by.bureau, ref), by=by, at=at)


@transaction.atomic
def propose_plan(ref: str, *, by: Actor, at: datetime) -> str:
    """An approved quarter plan goes to the approver."""
    check(by, Power.PROPOSE_PUBLICATION)
    return propose_draft(gathering.plan(by.bureau, ref), by=by, at=at)


@transaction.atomic
def propose_draw_record(ref: str, *, by: Actor, at: datetime) -> str:
    """The whole record of a draw goes to the approver, once the custodians have opened it."""
    check(by, Power.PROPOSE_PUBLICATION)
    return propose_draft(gathering_draws.record(by.bureau, ref), by=by, at=at)


@transaction.atomic
def propose_results(refs: Sequence[str], *, by: Actor, at: datetime) -> str:
    """The results of reviewed visits, in one notice, go to the approver."""
    check(by, Power.PROPOSE_PUBLICATION)
    return propose_draft(gathering_results.results(by.bureau, refs), by=by, at=at)


@transaction.atomic
def publish_announcement(ref: str, *, by: Actor, at: datetime) -> str:
    """What a draw has announced is public at once: there is nothing in it to take out.

    Asked a second time it changes nothing; returns the ref of the publication.
    """
    check(by, Power.PUBLISH_ANNOUNCEMENT)
    return _published_at_once(gathering_draws.announcement(by.bureau, ref), by, at)


@transaction.atomic
def publish_sealed_root(ref: str, *, by: Actor, at: datetime) -> str:
    """The root of the sealed list is public as soon as the list is sealed."""
    check(by, Power.PUBLISH_ANNOUNCEMENT)
    return _published_at_once(gathering_draws.sealed(by.bureau, ref), by, at)


@transaction.atomic
def publish_void(ref: str, *, by: Actor, at: datetime) -> str:
    """That an announced draw was voided is public at once, beside its announcement."""
    check(by, Power.PUBLISH_ANNOUNCEMENT)
    return _published_at_once(gathering_draws.void(by.bureau, ref), by, at)


@transaction.atomic
def publish_log_head(size: int, *, is_witnessed: bool = False, by: Actor, at: datetime) -> str:
    """A signed head of the draw log, so that everybody keeps the same."""
    check(by, Power.PUBLISH_ANNOUNCEMENT)
    draft = gathering_draws.log_head(by.bureau, size, is_witnessed=is_witnessed)
    return _published_at_once(draft, by, at)


@transaction.atomic
def publish_checkpoint(*, by: Actor, at: datetime) -> str:
    """Where the chain of events stands, so that everybody keeps the same; returns the ref."""
    check(by, Power.PUBLISH_ANNOUNCEMENT)
    return _published_at_once(gathering_draws.checkpoint(by.bureau), by, at)


def _published_at_once(draft: Draft, by: Actor, at: datetime) -> str:
    held = models.Publication.objects.filter(
        bureau=by.bureau, kind=draft.kind.value, source=draft.source
    ).first()
    if held:
        return held.ref
    check_public(draft.kind, draft.original)
    row = keeping.store(
        draft,
        Correction(),
        by=by,
        at=at,
        state=PublicationState.PUBLISHED.value,
        published_by_ref=by.ref,
        published_by_name=by.name,
        published_at=at,
    )
    data: dict[str, canon.Canonical] = {"source": row.source, "digest": row.digest}
    audit.append(EventKind.PUBLICATION_PUBLISHED, about=row.ref, by=by, at=at, data=data)
    return row.ref


@transaction.atomic
def propose_table(
    title: str, table: Table, *, quarter: str, source: str, by: Actor, at: datetime
) -> str:
    """A finished statistics table goes to the approver; `source` names what it was made from."""
    check(by, Power.PROPOSE_PUBLICATION)
    return propose_draft(
        gathering.statistics(by.bureau, title, quarter, source, table), by=by, at=at
    )


@transaction.atomic
def propose_draft(
    draft: Draft, correction: Correction | None = None, *, by: Actor, at: datetime
) -> str:
    """A draft that was pulled from upstream goes to the approver; returns its ref."""
    check(by, Power.PROPOSE_PUBLICATION)
    row = keeping.store(draft, correction or Correction(), by=by, at=at)
    data: dict[str, canon.Canonical] = {
        "kind": row.kind,
        "source": row.source,
        "digest": row.digest,
        "replaces": row.replaces,
    }
    audit.append(EventKind.PUBLICATION_PROPOSED, about=row.ref, by=by, at=at, data=data)
    return row.ref


@transaction.atomic
def propose_again(ref: str, *, by: Actor, at: datetime) -> str:
    """A returned document is pulled anew, after it was put right at the source."""
    check(by, Power.PROPOSE_PUBLICATION)
    row = keeping.found(ref, by)
    if row.state != PublicationState.RETURNED.value:
        raise Refused("只有已退回的公示件可以重新提出，请刷新页面查看最新情况。")
    return propose_draft(_again(row), by=by, at=at)


@transaction.atomic
def correct(ref: str, reason: str, *, by: Actor, at: datetime) -> str:
    """Pull the same thing again as a new version; the published one stays until that is public."""
    check(by, Power.PROPOSE_PUBLICATION)
    old = keeping.found(ref, by)
    correction = _correction(old, reason)
    draft = keeping.with_staff(_again(old), by.bureau)
    secrets = kept_secrets(draft, by.bureau)
    document = disclose(draft.kind, draft.original, names=draft.names, secrets=secrets).document
    if _reads_alike(document, old):
        raise Refused("重新提取的内容与已公示的完全一致，没有需要更正的。请先在来源处改正。")
    return propose_draft(draft, correction, by=by, at=at)


@transaction.atomic
def correct_table(ref: str, table: Table, reason: str, *, by: Actor, at: datetime) -> str:
    """A statistics table with other numbers takes the place of the published one."""
    check(by, Power.PROPOSE_PUBLICATION)
    old = keeping.found(ref, by)
    correction = _correction(old, reason)
    draft = gathering.statistics(by.bureau, old.title, old.quarter, old.source, table)
    return propose_draft(draft, correction, by=by, at=at)


@transaction.atomic
def propose_or_correct(draft: Draft, reason: str = "", *, by: Actor, at: datetime) -> str:
    """A draft made downstream; where its source is public already, as the correction of that."""
    check(by, Power.PROPOSE_PUBLICATION)
    rows = models.Publication.objects.filter(
        bureau=by.bureau, kind=draft.kind.value, source=draft.source
    )
    old = rows.filter(state=PublicationState.PUBLISHED.value, replaced_by="").first()
    if old is None:
        return propose_draft(draft, by=by, at=at)
    draft = keeping.with_staff(draft, by.bureau)
    document = disclose(draft.kind, draft.original, names=draft.names).document
    if _reads_alike(document, old):
        raise Refused("内容与已公示的完全一致，没有需要更正的。")
    return propose_draft(draft, _correction(old, reason), by=by, at=at)


def _reads_alike(document: Mapping[str, canon.Canonical], old: models.Publication) -> bool:
    """Whether both say the same; how a day is written makes no difference."""
    now = days_written(canon.canon(document).decode())
    return now == days_written(bytes(old.body).decode())


def _correction(old: models.Publication, reason: str) -> Correction:
    why = keeping.public_reason(reason, "更正公示", old)
    if old.state != PublicationState.PUBLISHED.value or old.replaced_by:
        raise Refused("只能更正正在公示、尚未被更正的公示件，请从公示页面选最新一版。")
    return Correction(replaces=old.ref, reason=why)


def _again(old: models.Publication) -> Draft:
    """The draft of the same source as it stands upstream today."""
    match keeping.kind_of(old):
        case PublicationKind.ITEM_LIST:
            return gathering.item_list(old.bureau, old.source)
        case PublicationKind.ANNUAL_PLAN:
            return gathering.annual_plan(old.bureau, old.source)
        case PublicationKind.QUARTER_PLAN:
            return gathering.plan(old.bureau, old.source)
        case PublicationKind.DRAW_RECORD:
            return gathering_draws.record(old.bureau, old.source)
        case PublicationKind.RESULT_NOTICE:
            return _results_again(old)
        case kind:
            raise Refused(f"{kind.label}不能这样更正：请由提出它的科室重新提出。")


def _results_again(old: models.Publication) -> Draft:
    """The visits of the notice that were not withdrawn, under its title and source."""
    refs = list(old.lines.filter(withdrawn_at=None).values_list("visit", flat=True))
    draft = gathering_results.results(old.bureau, refs, old.title, handled=_handled(old))
    return replace(draft, source=old.source)


def _handled(row: models.Publication) -> dict[str, str]:
    """What the public notice, this one or the one it would replace, tells of each visit."""
    wanted = row.replaces if row.state == PublicationState.RETURNED.value else row.ref
    public = models.Publication.objects.filter(ref=wanted, bureau=row.bureau).first()
    if public is None:
        return {}
    rows = {one["number"]: one["handling"] for one in canon.parse(bytes(public.original))["rows"]}
    lines = public.lines.filter(withdrawn_at=None).values_list("visit", "number")
    return {visit: rows[number] for visit, number in lines}
