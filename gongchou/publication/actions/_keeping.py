"""How a publication is stored and moved; only the acts beside it use this."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from gongchou.accounts import reads as accounts
from gongchou.core import canon
from gongchou.core.disclosure import Disclosed, disclose, is_natural_person, personal
from gongchou.core.powers import Actor
from gongchou.core.refusals import Refused, Stale
from gongchou.core.states import move
from gongchou.core.terms import PublicationKind, PublicationState
from gongchou.publication import models
from gongchou.publication.gathering import Draft
from gongchou.publication.marked import kept_secrets

OPEN = (
    PublicationState.PENDING.value,
    PublicationState.RETURNED.value,
    PublicationState.APPROVED.value,
)
TRIES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """Which published document a new one takes the place of, and why."""

    replaces: str = ""
    reason: str = ""


def reasoned(reason: str, act: str) -> str:
    why = reason.strip()
    if not why or len(why) > 200:
        raise Refused(f"{act}须写明理由，不超过 200 字。请补充后再提交。")
    return why


def public_reason(reason: str, act: str, row: models.Publication) -> str:
    """A reason that everybody will read: it names nobody and holds nobody's data."""
    why = reasoned(reason, act)
    if leaks := personal(why, {*row.names, *accounts.names(row.bureau)}):
        raise Refused(f"{act}的理由会公开，里面像是有{leaks[0].what}，请改写后再提交。")
    return why


def with_staff(draft: Draft, bureau: str) -> Draft:
    """The draft with everybody of the bureau among those whom no text of it may name.

    A record of the draw is left as it is: nothing in it can be masked, and no name goes into it.
    """
    if draft.kind is PublicationKind.DRAW_RECORD:
        return draft
    return replace(draft, names=tuple(sorted({*draft.names, *accounts.names(bureau)})))


def found(ref: str, by: Actor) -> models.Publication:
    row = models.Publication.objects.filter(ref=ref, bureau=by.bureau).first()
    if row is None:
        raise Refused(f"本机构没有编号为 {ref} 的公示件，请从公示页面进入。")
    return row


def moved(row: models.Publication, to: PublicationState, **fields: object) -> None:
    was = PublicationState(row.state)
    rows = models.Publication.objects.filter(pk=row.pk, state=was.value, digest=row.digest)
    if rows.update(state=move(was, to).value, **fields) != 1:
        raise Stale("这份公示件刚被他人办理，请刷新页面查看最新情况。")


def renew(row: models.Publication, **fields: object) -> None:
    """Other content for a pending document, unless somebody was faster."""
    rows = models.Publication.objects.filter(
        pk=row.pk, state=PublicationState.PENDING.value, digest=row.digest
    )
    if rows.update(**fields) != 1:
        raise Stale("这份公示件刚被他人办理，请刷新页面查看最新情况。")


def content(draft: Draft, disclosed: Disclosed, secrets: Sequence[str]) -> dict[str, Any]:
    """The fields that hold what was pulled and what becomes public of it."""
    body = canon.canon(disclosed.document)
    last = min(
        (line for line in draft.lines if line.is_due),
        key=lambda line: line.deadline_on,
        default=None,
    )
    return {
        "title": disclosed.document["title"],
        "quarter": draft.quarter,
        "original": canon.canon(draft.original),
        "names": list(draft.names),
        "secrets": list(secrets),
        "body": body,
        "digest": canon.HASHES["sha256"](body).hex(),
        "deadline_on": last.deadline_on if last else None,
        "is_deadline_provisional": last.is_provisional if last else False,
    }


def store(
    draft: Draft, correction: Correction, *, by: Actor, at: datetime, **fields: object
) -> models.Publication:
    """A new row, or the returned one of the same source with its content renewed."""
    draft = with_staff(draft, by.bureau)
    secrets = kept_secrets(draft, by.bureau)
    disclosed = disclose(draft.kind, draft.original, names=draft.names, secrets=secrets)
    held = content(draft, disclosed, secrets) | {
        "proposed_by_ref": by.ref,
        "proposed_by_name": by.name,
        "proposed_at": at,
        "return_reason": "",
    }
    rows = models.Publication.objects.filter(
        bureau=by.bureau, kind=draft.kind.value, source=draft.source
    )
    returned = rows.filter(state=PublicationState.RETURNED.value).first()
    if returned:
        moved(returned, PublicationState.PENDING, **held)
        row = models.Publication.objects.get(pk=returned.pk)
        row.lines.all().delete()
    else:
        _check_free(rows, correction)
        named = {"replaces": correction.replaces, "correction_reason": correction.reason}
        held |= {"state": PublicationState.PENDING.value, **named, **fields}
        row = _created(draft, rows.count() + 1, by, held)
    _store_lines(row, draft, disclosed.document)
    return row


def _check_free(rows: Any, correction: Correction) -> None:
    other = rows.filter(state__in=OPEN).first()
    if other:
        raise Refused(
            f"同一内容的公示件 {other.ref} 正在办理（{PublicationState(other.state).label}），"
            "不能重复提出。请先办完那一件。"
        )
    public = rows.filter(state=PublicationState.PUBLISHED.value, replaced_by="").first()
    if public and public.ref != correction.replaces:
        raise Refused(f"同一内容已经公示（{public.ref}）。内容有变的，请在该件上办理更正。")


def _created(draft: Draft, version: int, by: Actor, held: Mapping[str, Any]) -> models.Publication:
    """Two clerks may want the same number at once: whoever comes second takes the next."""
    for _ in range(TRIES):
        number = models.Publication.objects.filter(bureau=by.bureau).count() + 1
        try:
            with transaction.atomic():
                return models.Publication.objects.create(
                    **held,
                    ref=f"G{by.bureau}-{number:05}",
                    bureau=by.bureau,
                    kind=draft.kind.value,
                    source=draft.source,
                    version=version,
                )
        except IntegrityError:
            continue
    raise Stale("同一内容刚被他人提出公示，请刷新页面查看。")


def _words(shown: Mapping[str, Any]) -> dict[str, Any]:
    """What a line repeats of its public row."""
    return {
        "subject": shown["subject"],
        "uscc": shown["uscc"],
        "area": shown["area"],
        "items": "；".join(shown["items"])[:400],
        "task": shown["task"],
        "visit_result": shown["result_code"],
        "is_natural_person": is_natural_person(shown["uscc"]),
    }


def renew_lines(row: models.Publication, document: Mapping[str, Any]) -> None:
    for shown in document.get("rows", ()):
        if "number" in shown:
            row.lines.filter(number=shown["number"]).update(**_words(shown))


def _store_lines(row: models.Publication, draft: Draft, document: Mapping[str, Any]) -> None:
    for line, shown in zip(draft.lines, document.get("rows", ()), strict=False):
        fields = _words(shown) | {
            "publication": row,
            "number": line.number,
            "visit": line.visit,
            "bureau": row.bureau,
            "quarter": row.quarter,
            "ended_on": line.ended_on,
            "deadline_on": line.deadline_on,
        }
        try:
            with transaction.atomic():
                models.ResultLine.objects.create(**fields)
        except IntegrityError as error:
            raise Stale(
                f"检查 {line.visit} 的结果已在另一份公示件里办理，请刷新页面后重选。"
            ) from error


def years_later(day: date, years: int) -> date:
    """The same day so many years on; 29 February becomes 1 March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def kind_of(row: models.Publication) -> PublicationKind:
    return PublicationKind(row.kind)
