"""How actions change a clue: one step at a time, each with its trace beside it."""

from collections.abc import Iterable
from datetime import datetime

from gongchou.core import canon
from gongchou.core.canon import Canonical
from gongchou.core.clue_terms import ClueState
from gongchou.core.powers import Actor
from gongchou.core.refusals import Refused, Stale
from gongchou.core.states import move
from gongchou.offsite import models


def owned(ref: str, bureau: str) -> models.Clue:
    row = models.Clue.objects.filter(ref=ref, bureau__code=bureau).first()
    if row is None:
        raise Refused(f"本机构没有编号为 {ref} 的线索，请从线索研判页面进入。")
    return row


def with_case(row: models.Clue) -> list[models.Clue]:
    """The clue and those of its case that stand where it stands: they are decided together."""
    head = row.case_of_id or row.pk
    rows = models.Clue.objects.filter(bureau=row.bureau, state=row.state)
    case = [*rows.filter(case_of_id=head), *rows.filter(pk=head)]
    others = [one for one in case if one.pk != row.pk]
    return [row, *sorted(others, key=lambda one: one.ref)]


def last_digest(row: models.Clue) -> str:
    """The newest evidence of a clue: what a decision made now rests on."""
    return row.evidence.order_by("-pk").values_list("digest", flat=True)[0]


def keep_evidence(
    row: models.Clue, body: Canonical, by: Actor, at: datetime, **fields: object
) -> str:
    """What a clue rests on, with its digest; without fields words of the moment, wholly known."""
    found = canon.digest(body)
    whole = dict.fromkeys(("complete", "complete_of", "grade", "grade_of"), 1)
    said = {"severity": row.severity, "started_at": at, "ended_at": at} | whole | fields
    models.ClueEvidence.objects.create(
        clue=row, digest=found, body=body, by_ref=by.ref, by_name=by.name, at=at, **said
    )
    return found


def step(
    row: models.Clue,
    to: ClueState,
    why: str,
    evidence: str,
    by: Actor,
    at: datetime,
    *,
    reason: str = "",
    **fields: object,
) -> None:
    """One move by the table, kept for ever; Stale where somebody was faster."""
    was = ClueState(row.state)
    move(was, to)
    rows = models.Clue.objects.filter(pk=row.pk, state=was.value)
    if rows.update(state=to.value, **fields) != 1:
        raise Stale("这条线索刚被他人办理，请刷新页面查看最新情况。")
    models.ClueMove.objects.create(
        clue=row,
        number=row.moves.count() + 1,
        was=was.value,
        to=to.value,
        reason=reason,
        why=why[:500],
        evidence=evidence,
        by_ref=by.ref,
        by_name=by.name,
        at=at,
    )
    row.state = to.value


def steps(
    row: models.Clue, path: Iterable[tuple[ClueState, str]], evidence: str, by: Actor, at: datetime
) -> None:
    for to, why in path:
        step(row, to, why, evidence, by, at)
