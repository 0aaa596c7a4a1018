"""Who may see what of a draw: counts and dates before a release, names after it."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from django.db.models import F, QuerySet

from gongchou.core import canon
from gongchou.core.refusals import Refused
from gongchou.core.terms import (
    AbsenceReason,
    DrawMode,
    DrawState,
    ExcuseReason,
    JointKind,
    OpeningPurpose,
    OpeningState,
    VoidGround,
)
from gongchou.drawing import models
from gongchou.drawing.frozen import FrozenDraw, base_stratum, thawed
from gongchou.drawing.rows import (
    ConfirmationRow,
    ContributionRow,
    CustodianRow,
    DepartmentRow,
    DrawnStratum,
    DrawRow,
    FilmRow,
    KeyRow,
    LogRow,
    MoveRow,
    OpeningRow,
    ReleasedVisit,
    ScheduleRow,
    stratum_label,
)


def _rows() -> QuerySet[models.Draw]:
    rows = models.Draw.objects.select_related("bureau", "task", "key")
    return rows.prefetch_related(
        "contributions", "confirmations", "substitutions", "reseats", "joined_parts"
    )


def _found(ref: str) -> models.Draw:
    row = _rows().filter(ref=ref).first()
    if row is None:
        raise Refused(f"没有编号为 {ref} 的抽取，请从抽取页面进入。")
    return row


def _strata(frozen: FrozenDraw, d: int = 0) -> tuple[DrawnStratum, ...]:
    return tuple(
        DrawnStratum(name=name, base_count=n, drawn_count=k, chance=Fraction(k, n))
        for name, n, k in frozen.strata(d)
    )


def _contributions(row: models.Draw) -> tuple[ContributionRow, ...]:
    return tuple(
        ContributionRow(
            role=c.role,
            name=c.person_name,
            commitment=c.commitment,
            committed_at=c.committed_at,
            is_revealed=c.revealed_at is not None,
            is_from_escrow=c.is_from_escrow,
            person_ref=c.person_ref,
        )
        for c in sorted(row.contributions.all(), key=lambda c: c.pk)
    )


def _confirmations(row: models.Draw) -> tuple[ConfirmationRow, ...]:
    held = sorted(row.confirmations.all(), key=lambda c: c.pk)
    return tuple(
        ConfirmationRow(name=c.person_name, at=c.at, person_ref=c.person_ref) for c in held
    )


def _departments(frozen: FrozenDraw, draw: str) -> tuple[DepartmentRow, ...]:
    if not frozen.is_joint:
        return ()
    return tuple(
        DepartmentRow(
            dept=own.dept,
            name=own.team.org,
            seats=own.team.need,
            people_count=own.inspectors[0],
            avoid_count=own.avoid[0],
            roster_root=own.roster[1],
            inspectors_root=own.inspectors[1],
            strata=_strata(frozen, d),
        )
        for d, own in enumerate(frozen.joint_announcement(draw).departments)
    )


PLAIN = (
    "ref", "quarter", "frozen_at", "frozen_digest", "accepted_why", "accepted_at",
    "announcement_digest", "announced_at",
    "closing_rule", "typed_by_ref", "typed_at", "closing", "closed_at", "drawn_at", "sealed_root",
    "visit_count", "joint_count", "sealed_at", "published_at", "no_team", "no_team_at",
    "void_reason", "voided_at",
)  # fmt: skip
NAMED = ("frozen_by", "accepted_by", "announced_by", "typed_by", "closed_by", "voided_by")


def _draw(row: models.Draw) -> DrawRow:
    frozen = thawed(bytes(row.frozen_body))
    heads, team = frozen.announcement(row.ref), frozen.rules.team
    return DrawRow(
        bureau=row.bureau.code,
        task=row.task.ref,
        seq=row.seq or 0,
        draw_id=row.ref,
        mode=DrawMode(row.mode),
        state=DrawState(row.state),
        hash=row.profile,
        strata=_strata(frozen),
        roster=heads.roster,
        inspectors=heads.inspectors,
        avoid=heads.avoid,
        team=f"{team.org} {team.need} 人",
        departments=_departments(frozen, row.ref),
        contributions=_contributions(row),
        confirmations=_confirmations(row),
        threshold=row.key.threshold,
        is_unproved=frozen.is_unproved,
        void_ground=VoidGround(row.void_ground) if row.void_ground else None,
        **{name: getattr(row, name) for name in PLAIN},
        **{name: getattr(row, f"{name}_name") for name in NAMED},
    )


def draw(ref: str) -> DrawRow:
    """A draw by its ref, void or not."""
    return _draw(_found(ref))


def draw_of_task(task: str) -> DrawRow | None:
    """The one draw of a task that is not void."""
    row = _rows().filter(task__ref=task).exclude(state=DrawState.VOID.value).first()
    return _draw(row) if row else None


def draws(bureau: str, quarter: str) -> tuple[DrawRow, ...]:
    """All draws of a quarter, oldest first, void ones too."""
    rows = _rows().filter(bureau__code=bureau, quarter=quarter)
    return tuple(_draw(row) for row in rows.order_by("frozen_at", "pk"))


def joint_draws(bureau: str) -> tuple[DrawRow, ...]:
    """The draws of several departments that are not void, newest first."""
    rows = _rows().filter(bureau__code=bureau, task__joint_kind=JointKind.JOINT_CROSS_DEPT.value)
    live = rows.exclude(state=DrawState.VOID.value).order_by("-frozen_at", "-pk")
    return tuple(row for row in map(_draw, live) if row.is_joint)


def quarters(bureau: str) -> tuple[str, ...]:
    """Every quarter in which the bureau has frozen a draw, the oldest first."""
    rows = models.Draw.objects.filter(bureau__code=bureau).order_by()
    return tuple(sorted(set(rows.values_list("quarter", flat=True))))


def progress(bureau: str, quarter: str) -> tuple[tuple[DrawState, int], ...]:
    """State and number of visits of each live draw, without its rosters: every page asks."""
    rows = models.Draw.objects.filter(bureau__code=bureau, quarter=quarter)
    rows = rows.exclude(state=DrawState.VOID.value).order_by("pk")
    return tuple((DrawState(word), n) for word, n in rows.values_list("state", "visit_count"))


def announcement(ref: str) -> dict[str, Any]:
    """The announcement as it stands in the record; Refused before there is one."""
    body = bytes(_found(ref).announcement)
    if not body:
        raise Refused("本次抽取还没有发布公告。")
    found: dict[str, Any] = canon.parse(body)
    return found


def tickets(ref: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The drawn tickets of each stratum in order, without ids, once drawn."""
    held = _found(ref).tickets
    return tuple((stratum_label(name), tuple(held[name])) for name in sorted(held))


# -- releases


def _excuses(row: models.Draw) -> dict[int, models.Substitution]:
    return {s.out: s for s in row.substitutions.all()}


def _parts_now(row: models.Draw, visit: models.ReleasedVisit) -> tuple[tuple[str, ...], ...]:
    """Who goes: as drawn, with departments that joined, then every reseat in order."""
    joined = sorted((j for j in row.joined_parts.all() if j.number == visit.number),
                    key=lambda j: j.dept)  # fmt: skip
    parts = [list(part) for part in (*visit.parts, *(j.people for j in joined))]
    for out, into in _reseats(row, visit.number):
        parts = [[into if p == out else p for p in part] for part in parts]
    return tuple(tuple(part) for part in parts)


def _reseats(row: models.Draw, number: int) -> tuple[tuple[str, str], ...]:
    reseats = sorted(row.reseats.all(), key=lambda r: r.place)
    return tuple((r.out, r.into) for r in reseats if r.number == number)


def _released(
    row: models.Draw, visit: models.ReleasedVisit, excuses: Mapping[int, models.Substitution]
) -> ReleasedVisit:
    excuse, parts = excuses.get(visit.number), _parts_now(row, visit)
    return ReleasedVisit(
        draw=row.ref,
        task=row.task.ref,
        quarter=row.quarter,
        number=visit.number,
        pid=visit.pid,
        subject=visit.subject_ref,
        subject_name=visit.subject_name,
        stratum=base_stratum(visit.stratum),
        draw_stratum=visit.stratum,
        is_joint=len(parts) > 1,
        parts=parts,
        planned_on=visit.planned_on,
        released_at=visit.released_at,
        is_substitute=visit.is_substitute,
        excused_as=ExcuseReason(excuse.reason) if excuse else None,
        excuse=excuse.says if excuse else "",
        leaf=visit.leaf,
        path=tuple(visit.path),
        late_parts=len(parts) - len(visit.parts),
        reseats=_reseats(row, visit.number),
    )


def released(ref: str) -> tuple[ReleasedVisit, ...]:
    """The visits opened so far, by number; whoever shows them records the look."""
    row = _found(ref)
    excuses = _excuses(row)
    return tuple(_released(row, v, excuses) for v in row.released_visits.order_by("number"))


def released_visit(ref: str, number: int) -> ReleasedVisit:
    """One opened visit; Refused alike for a sealed one and for none."""
    row = _found(ref)
    visit = row.released_visits.filter(number=number).first()
    if visit is None:
        raise Refused(f"第 {number + 1} 号检查没有启封，不能查看。")
    return _released(row, visit, _excuses(row))


def schedule(ref: str) -> tuple[ScheduleRow, ...]:
    """Dates only."""
    row = _found(ref)
    opened = set(row.released_visits.values_list("number", flat=True))
    return tuple(
        ScheduleRow(
            number=visit.number,
            planned_on=visit.planned_on,
            state="released"
            if visit.number in opened
            else ("requested" if visit.opening_id else "sealed"),
            is_substitute=visit.is_substitute,
        )
        for visit in row.sealed_visits.order_by("number")
    )


def moves(ref: str) -> tuple[MoveRow, ...]:
    """Every change of a day, oldest first, as the draw log has it."""
    entries = models.DrawLogEntry.objects.filter(draw__ref=ref, kind="move").order_by("number")
    bodies = [(canon.parse(bytes(entry.body)), entry.at) for entry in entries]
    return tuple(
        MoveRow(
            number=body["data"]["number"],
            was=date.fromisoformat(body["data"]["from"]),
            to=date.fromisoformat(body["data"]["to"]),
            says=body["data"]["reason"],
            by=body["by"],
            at=at,
        )
        for body, at in bodies
    )


def films(ref: str) -> tuple[FilmRow, ...]:
    """The recordings of the ceremony, oldest first, as the draw log has them."""
    entries = models.DrawLogEntry.objects.filter(draw__ref=ref, kind="film").order_by("number")
    bodies = [(canon.parse(bytes(entry.body)), entry.at) for entry in entries]
    return tuple(
        FilmRow(digest=body["data"]["digest"], says=body["data"]["says"], by=body["by"], at=at)
        for body, at in bodies
    )


def sealed_count(bureau: str, quarter: str) -> int:
    """Places of the quarter's live draws that nobody has released yet."""
    live = [row for row in draws(bureau, quarter) if row.state is not DrawState.VOID]
    return sum(place.state != "released" for row in live for place in schedule(row.ref))


def published_record(ref: str) -> dict[str, Any] | None:
    """The public record, once published."""
    body = bytes(_found(ref).record)
    found: dict[str, Any] | None = canon.parse(body) if body else None
    return found


# -- openings and keys


def _opening(row: models.Opening) -> OpeningRow:
    consents = row.authorisations.order_by("pk")
    visits = row.visits.order_by("number").values_list("number", "planned_on")
    return OpeningRow(
        ref=row.ref,
        draw=row.draw.ref,
        purpose=OpeningPurpose(row.purpose),
        state=OpeningState(row.state),
        numbers=tuple(number for number, _ in visits),
        days=tuple(sorted({on for _, on in visits})),
        number=row.number,
        person=row.person,
        excuse=ExcuseReason(row.excuse) if row.excuse else None,
        absence=AbsenceReason(row.absence) if row.absence else None,
        says=row.says,
        on=row.on,
        asked_by=row.asked_by_name,
        asked_at=row.asked_at,
        agreed=tuple(consent.person_name for consent in consents),
        agreed_refs=tuple(consent.person_ref for consent in consents),
        ended_by=row.ended_by_name,
        ended_at=row.ended_at,
        refusal=row.refusal,
        threshold=row.draw.key.threshold,
    )


def openings(bureau: str, *, draw: str = "", only_open: bool = False) -> tuple[OpeningRow, ...]:
    """Requests to the custodians, newest first."""
    rows = models.Opening.objects.select_related("draw__key").filter(draw__bureau__code=bureau)
    if draw:
        rows = rows.filter(draw__ref=draw)
    if only_open:
        rows = rows.filter(state__in=[OpeningState.REQUESTED, OpeningState.AUTHORISED])
    return tuple(_opening(row) for row in rows.order_by("-pk"))


def opening(ref: str) -> OpeningRow:
    row = models.Opening.objects.select_related("draw__key").filter(ref=ref).first()
    if row is None:
        raise Refused(f"没有编号为 {ref} 的开启申请，请从保管人页面进入。")
    return _opening(row)


def custodians(bureau: str) -> tuple[CustodianRow, ...]:
    rows = models.Custodian.objects.filter(bureau__code=bureau).order_by("enrolled_at", "pk")
    shares = models.KeyShare.objects.filter(key__bureau__code=bureau, key__lost_at=None)
    shares = shares.filter(round=F("key__round")).exclude(sealed=b"")
    held = dict(shares.values_list("custodian_id", "lost_at"))
    return tuple(
        CustodianRow(
            ref=row.ref,
            person_ref=row.person_ref,
            name=row.person_name,
            enrolled_at=row.enrolled_at,
            has_share=row.pk in held,
            lost_at=held.get(row.pk),
        )
        for row in rows
    )


def secrecy_key(bureau: str) -> KeyRow | None:
    row = models.SecrecyKey.objects.filter(bureau__code=bureau, lost_at=None).first()
    if row is None:
        return None
    return KeyRow(
        ref=row.ref,
        public=bytes(row.public).hex(),
        threshold=row.threshold,
        count=row.count,
        by_name=row.by_name,
        at=row.at,
    )


# -- the log


def log(bureau: str) -> tuple[LogRow, ...]:
    """The draw log of a bureau, oldest first; the root of its last entry is the log's."""
    rows = models.DrawLogEntry.objects.select_related("draw").filter(bureau__code=bureau)
    return tuple(
        LogRow(
            number=row.number,
            draw=row.draw.ref,
            kind=row.kind,
            body=canon.parse(bytes(row.body)),
            leaf=row.leaf,
            root=row.root,
            at=row.at,
        )
        for row in rows.order_by("number")
    )


def log_root(bureau: str) -> str:
    """The root of the draw log as it stands; "" before its first entry."""
    row = models.DrawLogEntry.objects.filter(bureau__code=bureau).order_by("-number").first()
    return row.root if row else ""
