"""How rows of visits and records are written; called by this room's actions only."""

import re
from datetime import datetime

from django.db import IntegrityError, transaction

from gongchou.core import roster
from gongchou.core.powers import Actor
from gongchou.core.record import RecordBody, said
from gongchou.core.refusals import Invalid, Refused, Stale
from gongchou.core.states import move
from gongchou.core.terms import RevisionKind, VisitState
from gongchou.drawing.reads import ReleasedVisit
from gongchou.inspection import models

CLIENT_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
LONGEST_REASON = 500


def own_row(ref: str, by: Actor) -> models.Visit:
    """A visit of the actor's own bureau."""
    row = models.Visit.objects.filter(ref=ref, bureau__code=by.bureau).first()
    if row is None:
        raise Refused(f"本机构没有编号为 {ref} 的检查，请从检查列表进入。")
    return row


def move_visit(row: models.Visit, to: VisitState, **fields: object) -> None:
    """Move on by the table, unless somebody else was faster."""
    was = VisitState(row.state)
    state = move(was, to).value
    rows = models.Visit.objects.filter(pk=row.pk, state=was.value)
    if rows.update(state=state, **fields) != 1:
        raise Stale("这次检查刚被他人办理，请刷新页面查看最新情况。")


def set_once(row: models.Visit, empty: dict[str, object], **fields: object) -> None:
    """Fill fields that were empty when the row was read, in the state it had."""
    rows = models.Visit.objects.filter(pk=row.pk, state=row.state, **empty)
    if rows.update(**fields) != 1:
        raise Stale("这一项刚被他人登记，请刷新页面查看最新情况。")


def reason_of(text: str, act: str) -> str:
    """A reason somebody can be asked about later."""
    why = " ".join(text.split())
    if not why or len(why) > LONGEST_REASON:
        raise Invalid(f"{act}须写明理由，不超过 {LONGEST_REASON} 字。请补充后再提交。")
    return why


def text_of(text: str, what: str, longest: int) -> str:
    clean = said(text)
    if not clean or len(clean) > longest:
        raise Invalid(f"请填写{what}，不超过 {longest} 字。")
    return clean


def sent_before(row: models.Visit, client_id: str, body: RecordBody | None) -> bool:
    """Whether a device sent this very operation already; another body under its id is refused."""
    if not CLIENT_ID.fullmatch(client_id):
        raise Invalid("设备操作编号不合规范，应为 8 至 64 个字母、数字或短横线。请刷新页面后重试。")
    held = row.revisions.filter(client_id=client_id).first()
    if held is None:
        return False
    if body is not None and held.digest != body.digest():
        raise Refused(
            "这个操作编号已用于另一份内容，没有保存。请刷新页面，核对最新的记录后再保存。"
        )
    return True


def store_revision(
    row: models.Visit,
    body: RecordBody,
    *,
    kind: RevisionKind,
    client_id: str,
    base: str,
    by: Actor,
    at: datetime,
    reason: str = "",
) -> models.RecordRevision:
    """Append a version; `base` is the digest the writer had before the eyes, where known."""
    newest = row.revisions.order_by("-number").first()
    if base and newest and newest.digest != base:
        raise Stale(
            f"{newest.by_name}刚保存了第 {newest.number} 版记录，与您打开时的不同。"
            "您填写的内容还在页面上，请核对后再保存一次。"
        )
    try:
        with transaction.atomic():
            return models.RecordRevision.objects.create(
                visit=row,
                number=newest.number + 1 if newest else 1,
                kind=kind.value,
                body=body.frozen(),
                digest=body.digest(),
                made_from=newest.digest if newest else "",
                client_id=client_id,
                reason=reason,
                by_ref=by.ref,
                by_name=by.name,
                at=at,
            )
    except IntegrityError as error:
        raise Stale("另一台设备同时保存了这份记录，请刷新页面后再保存一次。") from error


def open_visit(released: ReleasedVisit, bureau: str) -> models.Visit | None:
    """The visit of the same site and quarter for another task that nobody has taken up yet."""
    rows = models.Visit.objects.filter(
        bureau__code=bureau,
        quarter=released.quarter,
        subject__ref=released.subject,
        is_random=True,
        state=VisitState.DISPATCHED.value,
        authorised_at=None,
    )
    return rows.exclude(task=released.task).order_by("dispatched_at", "pk").first()


def copied(subject: roster.Subject) -> dict[str, str]:
    """What a visit keeps of the register as it stood."""
    return {
        "subject_name": subject.name,
        "uscc": subject.uscc,
        "site_code": subject.site_code,
        "grid": subject.grid,
    }


def form_of(groups: tuple[roster.ItemGroup, ...]) -> dict[str, list[str]]:
    """One form for the site: every applicable group, each once."""
    return {
        "item_groups": [group.code for group in groups],
        "group_names": [group.name for group in groups],
    }


def seat(row: models.Visit, team: tuple[roster.Inspector, ...], *, start: int = 1) -> None:
    for number, person in enumerate(team, start=start):
        models.TeamMember.objects.create(
            visit=row,
            inspector=person.ref,
            seat=number,
            name=person.name,
            card=person.enforcement_card_no or person.work_card_no,
            unit=person.unit,
        )
