"""What is known of visits and their records, as frozen rows."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from gongchou.core.asking import Condition, condition_of
from gongchou.core.record import RecordBody, RecordItem, flags, missing
from gongchou.core.refusals import Refused
from gongchou.core.terms import (
    EvidenceKind,
    InspectionKind,
    JointKind,
    RevisionKind,
    Stratum,
    TransferKind,
    VisitResult,
    VisitState,
)
from gongchou.drawing import reads as draws
from gongchou.inspection import joint, models
from gongchou.inspection.following_reads import aftermath as aftermath
from gongchou.inspection.following_reads import aftermaths as aftermaths
from gongchou.inspection.following_reads import followed as followed
from gongchou.inspection.following_reads import late_orders as late_orders
from gongchou.inspection.following_reads import open_orders as open_orders
from gongchou.inspection.following_reads import order as order
from gongchou.inspection.following_reads import revocations as revocations
from gongchou.inspection.reopening_reads import approved_on
from gongchou.inspection.reopening_reads import reopenings as reopenings
from gongchou.inspection.rows import (
    BeyondCapRow,
    EndedVisit,
    EvidenceRow,
    MergedRow,
    PersonBrief,
    RecordView,
    RevisionRow,
    VisitRow,
)
from gongchou.registry import reads as registers
from gongchou.web.clock import day_of
from gongchou.web.pages import Rows

COPIED = (
    "ref", "quarter", "task", "draw", "subject_name", "uscc", "site_code", "grid", "is_random",
    "is_tiered", "item_list_version", "planned_on", "ground", "dispatched_at", "authorised_at",
    "notice_number", "notice_at", "accepted_at", "entry_code", "started_at", "begun_at",
    "submitted_at", "return_reason", "reviewed_at", "voided_at", "void_reason", "ended_on",
    "problem_count", "paper_received_on",
)  # fmt: skip
ACTS = ("dispatched", "authorised", "accepted", "submitted", "reviewed", "voided", "paper_received")
DONE = (VisitState.SUBMITTED, VisitState.RETURNED, VisitState.REVIEWED)


def _visits(bureau: str = "") -> QuerySet[models.Visit]:
    rows = models.Visit.objects.filter(bureau__code=bureau) if bureau else models.Visit.objects
    return rows.select_related("bureau", "subject", "exemption", "approval").prefetch_related(
        "team", "orders", "filings", "transfers", "merged"
    )


def _team(row: models.Visit) -> tuple[PersonBrief, ...]:
    held = sorted((m for m in row.team.all() if m.until is None), key=lambda m: m.seat)
    return tuple(PersonBrief(ref=m.inspector, name=m.name, card=m.card, unit=m.unit) for m in held)


def _visit(row: models.Visit, on: date = date.max) -> VisitRow:
    """A visit with what followed; where a day is given, what had been entered by its end."""
    filings = [act for act in row.filings.all() if day_of(act.at) <= on]
    copied = {name: getattr(row, name) for name in COPIED}
    names = {f"{act}_by": getattr(row, f"{act}_by_name") for act in ACTS}
    return VisitRow(
        **copied,
        **names,
        bureau=row.bureau.code,
        number=row.number or 0,
        subject=row.subject.ref,
        stratum=Stratum(row.stratum) if row.stratum else None,
        inspection_kind=InspectionKind(row.inspection_kind),
        joint_kind=JointKind(row.joint_kind),
        units=tuple(row.units),
        item_groups=tuple(row.item_groups),
        group_names=tuple(row.group_names),
        inspectors=_team(row),
        state=VisitState(row.state),
        visit_result=VisitResult(row.visit_result) if row.visit_result else None,
        has_order=any(day_of(act.at) <= on for act in row.orders.all()),
        has_case=bool(filings),
        is_transferred=any(
            day_of(act.at) <= on and act.kind != TransferKind.CREDIT for act in row.transfers.all()
        ),
        penalty_amount_fen=sum(filing.amount_fen for filing in filings),
        merged=tuple(
            MergedRow(
                draw=one.draw,
                number=one.number,
                task=one.task,
                joint_kind=JointKind(one.joint_kind),
            )
            for one in sorted(row.merged.all(), key=lambda one: one.pk)
        ),
        beyond_cap=_beyond_cap(row),
        unannounced_ground=_unannounced(row),
    )


def _unannounced(row: models.Visit) -> str:
    held = getattr(row, "approval", None)
    return held.unannounced_ground if held else ""


def _beyond_cap(row: models.Visit) -> BeyondCapRow | None:
    held = getattr(row, "exemption", None)
    return BeyondCapRow(reason=held.reason, made=held.made, limit=held.limit) if held else None


def visit(ref: str) -> VisitRow:
    row = _visits().filter(ref=ref).first()
    if row is None:
        raise Refused(f"没有编号为 {ref} 的检查，请从检查列表进入。")
    return _visit(row)


def visits_of(refs: Collection[str]) -> dict[str, VisitRow]:
    """Many visits at once, by ref; those that do not exist are left out."""
    return {row.ref: _visit(row) for row in _visits().filter(ref__in=refs)}


def visit_list(
    bureau: str, quarter: str, *, inspector: str = "", state: VisitState | None = None
) -> Rows[VisitRow]:
    """The visits of a quarter by planned day, where wanted of one officer or in one state."""
    rows = _visits(bureau).filter(quarter=quarter)
    if inspector:
        rows = rows.filter(pk__in=_teams_of(inspector))
    if state is not None:
        rows = rows.filter(state=state.value)
    return Rows(rows.order_by("planned_on", "ref"), _visit)


def handed_in(bureau: str, quarter: str) -> Rows[VisitRow]:
    """The visits of a quarter with a submitted record, those first whose paper is still out."""
    live = _visits(bureau).filter(quarter=quarter).exclude(state=VisitState.VOID.value)
    rows = live.filter(submitted_at__isnull=False)
    out_first = F("paper_received_on").asc(nulls_first=True)
    return Rows(rows.order_by(out_first, "planned_on", "ref"), _visit)


def state_counts(bureau: str, quarter: str, *, inspector: str = "") -> dict[VisitState, int]:
    """How many visits of a quarter, where wanted of one officer, are in each state."""
    rows = models.Visit.objects.filter(bureau__code=bureau, quarter=quarter)
    if inspector:
        rows = rows.filter(pk__in=_teams_of(inspector))
    return _by_state(rows)


def task_counts(bureau: str, quarter: str, task: str) -> dict[VisitState, int]:
    """How many visits of a quarter that serve a task, also as a second one, are in each state."""
    merged = models.MergedDraw.objects.filter(task=task).values("visit")
    rows = models.Visit.objects.filter(bureau__code=bureau, quarter=quarter)
    return _by_state(rows.filter(Q(task=task) | Q(pk__in=merged)))


def _teams_of(inspector: str) -> QuerySet[models.TeamMember, Any]:
    mine = models.TeamMember.objects.filter(inspector=inspector, until=None)
    return mine.values("visit")


def visits(
    bureau: str, quarter: str = "", *, state: VisitState | None = None
) -> tuple[VisitRow, ...]:
    """A bureau's visits by planned day, where wanted of a quarter or in a state."""
    rows = _visits(bureau)
    if quarter:
        rows = rows.filter(quarter=quarter)
    if state is not None:
        rows = rows.filter(state=state.value)
    return tuple(_visit(row) for row in rows.order_by("planned_on", "ref"))


def visits_in(bureau: str, states: Collection[VisitState]) -> tuple[VisitRow, ...]:
    """A bureau's visits in any of some states, by planned day."""
    rows = _visits(bureau).filter(state__in=[state.value for state in states])
    return tuple(_visit(row) for row in rows.order_by("planned_on", "ref"))


def reviewed_on(bureau: str, quarter: str, on: date = date.max) -> tuple[VisitRow, ...]:
    """The visits that were reviewed by the end of a day, as their records stood then.

    One that was opened again counts as it was approved, until a later version is.
    """
    opened = models.RecordReopening.objects.filter(quarter=quarter).values("visit")
    of_quarter = Q(quarter=quarter, state=VisitState.REVIEWED.value) | Q(pk__in=opened)
    rows = _visits(bureau).filter(of_quarter).prefetch_related("reopenings")
    found = (
        approved_on(row, _visit(row, on), quarter, on) for row in rows.order_by("planned_on", "ref")
    )
    return tuple(row for row in found if row is not None)


def random_counts(bureau: str, quarter: str) -> dict[VisitState, int]:
    """How many drawn visits of a quarter are in each state: every page asks."""
    rows = models.Visit.objects.filter(bureau__code=bureau, quarter=quarter, is_random=True)
    return _by_state(rows)


def _by_state(rows: QuerySet[models.Visit]) -> dict[VisitState, int]:
    """How many are in each state, in the order of the states; a state without any is left out."""
    found = dict(rows.order_by().values_list("state").annotate(Count("pk")))
    return {state: found[state.value] for state in VisitState if state.value in found}


def paper_counts(bureau: str, quarter: str) -> tuple[int, int]:
    """Live visits of a quarter, and those whose signed paper has come in."""
    rows = models.Visit.objects.filter(bureau__code=bureau, quarter=quarter)
    live = rows.exclude(state=VisitState.VOID.value)
    return live.count(), live.exclude(paper_received_on=None).count()


def ended(bureau: str, quarters: Collection[str]) -> tuple[EndedVisit, ...]:
    """Visits of some quarters that have ended, with what the last day of each hangs on.

    Every page asks.
    """
    rows = models.Visit.objects.filter(
        bureau__code=bureau,
        quarter__in=quarters,
        ended_on__isnull=False,
        state__in=[state.value for state in DONE],
    )
    decided: dict[str, list[date]] = {}
    revoked = models.DecisionRevocation.objects.filter(visit__in=rows)
    gone = set(revoked.values_list("visit__ref", "decision_number"))
    filings = models.CaseFiling.objects.filter(visit__in=rows, decided_on__isnull=False)
    for ref, number, on in filings.values_list("visit__ref", "decision_number", "decided_on"):
        if on is not None and (ref, number) not in gone:
            decided.setdefault(ref, []).append(on)
    return tuple(
        EndedVisit(ref=ref, ended_on=on, decided_on=tuple(sorted(decided.get(ref, ()))))
        for ref, on in rows.order_by("ended_on", "ref").values_list("ref", "ended_on")
        if on is not None
    )


def my_visits(bureau: str, inspector: str, quarter: str = "") -> tuple[VisitRow, ...]:
    """The visits of which a person is on the team now."""
    rows = _visits(bureau).filter(pk__in=_teams_of(inspector))
    if quarter:
        rows = rows.filter(quarter=quarter)
    return tuple(_visit(row) for row in rows.order_by("planned_on", "ref"))


def visits_of_subject(bureau: str, subject: str) -> tuple[VisitRow, ...]:
    """The visits to one site that were not made void, newest first."""
    rows = _visits(bureau).filter(subject__ref=subject).filter(~Q(state=VisitState.VOID.value))
    return tuple(_visit(row) for row in rows.order_by("-planned_on", "-ref"))


def waiting(draw: str) -> tuple[draws.ReleasedVisit, ...]:
    """Released visits of a draw that have not gone out to their team yet."""
    gone = dispatched_numbers(draw)
    return tuple(
        row for row in draws.released(draw) if row.number not in gone and row.excused_as is None
    )


def was_sent(draw: str, number: int) -> bool:
    """Whether a place of a list went out before, though that visit is void by now."""
    return models.Visit.objects.filter(draw=draw, number=number).exists()


UNBEGUN = (VisitState.DISPATCHED.value, VisitState.ACCEPTED.value)


def joined_late(draw: str) -> tuple[tuple[VisitRow, tuple[str, ...]], ...]:
    """Visits not begun yet that a department has joined since, with who is not on the team."""
    late = {row.number: row.late_inspectors for row in draws.released(draw) if row.late_parts}
    found = []
    for row in models.Visit.objects.filter(draw=draw, number__in=late, state__in=UNBEGUN):
        seated = set(row.team.values_list("inspector", flat=True))
        missing = tuple(ref for ref in late[row.number or 0] if ref not in seated)
        if missing:
            found.append((visit(row.ref), missing))
    return tuple(found)


def visit_of_place(draw: str, number: int) -> VisitRow | None:
    """The visit that serves a place of a drawn list, a void one left out."""
    merged = models.MergedDraw.objects.filter(draw=draw, number=number, ended_at=None)
    own = Q(draw=draw, number=number) | Q(pk__in=merged.values("visit"))
    row = _visits().filter(own).exclude(state=VisitState.VOID.value).first()
    return _visit(row) if row else None


def reseated(draw: str) -> tuple[tuple[VisitRow, tuple[tuple[str, str], ...]], ...]:
    """Visits not begun whose team lags behind the draw: who leaves it, and who comes."""
    found = []
    for released in (row for row in draws.released(draw) if row.reseats):
        sent = visit_of_place(draw, released.number)
        if sent and sent.state.value in UNBEGUN and (changes := team_changes(sent)):
            found.append((sent, changes))
    return tuple(found)


def team_changes(found: VisitRow) -> tuple[tuple[str, str], ...]:
    """Who leaves a team and who comes, by the reseats of every place that the visit serves.

    Nobody ("") leaves where whoever gave up one place goes for another. A seat that nobody of the
    team has had is of a department that joined since.
    """
    own = [(found.draw, found.number)] if found.draw else []
    places = [
        draws.released_visit(draw, number)
        for draw, number in (*own, *((row.draw, row.number) for row in found.merged))
    ]
    belong = {person for place in places for person in place.inspectors}
    chains = [chain for place in places for chain in _chains(place.reseats)]
    team, changes = set(found.team), []
    for *before, into in sorted(chains, key=lambda chain: chain[-1] in found.team):
        if found.team.isdisjoint(before):
            continue
        out = next((person for person in reversed(before) if person in team - belong), "")
        if out or into not in team:
            team = team - {out} | {into}
            changes.append((out, into))
    return tuple(changes)


def _chains(reseats: Sequence[tuple[str, str]]) -> list[list[str]]:
    """Everybody who has had a seat that was drawn anew, in order; one list a seat."""
    held: dict[str, list[str]] = {}
    for out, into in reseats:
        held[into] = [*held.pop(out, [out]), into]
    return list(held.values())


def dispatched_numbers(draw: str) -> frozenset[int]:
    """Numbers of a draw's list that have their visit; a void one leaves its place waiting."""
    live = models.Visit.objects.exclude(state=VisitState.VOID.value)
    rows = live.filter(draw=draw).values_list("number", flat=True)
    held = models.MergedDraw.objects.filter(draw=draw, ended_at=None)
    merged = held.values_list("number", flat=True)
    return frozenset(number for number in (*rows, *merged) if number is not None)


def _live_drawn(bureau: str, quarter: str) -> QuerySet[models.Visit]:
    rows = _visits(bureau).filter(quarter=quarter, is_random=True)
    return rows.exclude(state=VisitState.VOID.value)


def avoidable_visits(bureau: str, quarter: str) -> tuple[VisitRow, ...]:
    """Second drawn visits of one site for another task of the same quarter: each one too many."""
    live = _live_drawn(bureau, quarter)
    twice = live.order_by().values("subject").annotate(count=Count("pk")).filter(count__gt=1)
    first: dict[str, VisitRow] = {}
    found = []
    rows = live.filter(subject__in=twice.values("subject"))
    for row in map(_visit, rows.order_by("dispatched_at", "ref")):
        held = first.setdefault(row.subject, row)
        if held is not row and held.task != row.task:
            found.append(row)
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Merging:
    """Places of drawn lists that went out, the visits they made, and the ones too many."""

    visits: int
    merged: tuple[VisitRow, ...]
    avoidable: tuple[VisitRow, ...]

    @property
    def saved(self) -> int:
        return sum(len(visit.merged) for visit in self.merged)

    @property
    def places(self) -> int:
        return self.visits + self.saved


def merging(bureau: str, quarter: str) -> Merging:
    """How the tasks of a quarter came together on their sites."""
    live = _live_drawn(bureau, quarter)
    merged = live.filter(merged__isnull=False).distinct().order_by("planned_on", "ref")
    return Merging(
        visits=live.count(),
        merged=tuple(map(_visit, merged)),
        avoidable=avoidable_visits(bureau, quarter),
    )


def done_subjects(bureau: str, quarter: str) -> dict[Stratum | None, int]:
    """How many sites of each stratum have a drawn visit with a submitted record."""
    rows = models.Visit.objects.filter(bureau__code=bureau, quarter=quarter, is_random=True)
    done = rows.filter(state__in=[state.value for state in DONE]).order_by()
    found = done.values_list("stratum").annotate(Count("subject", distinct=True))
    return {Stratum(word) if word else None: count for word, count in found}


def checklist(found: VisitRow) -> tuple[registers.ItemRow, ...]:
    """The questions of a visit's one form, in the order of the list, each once."""
    if not found.item_list_version:
        return ()
    own = registers.checklist(found.bureau, found.item_list_version, found.item_groups)
    return (*own, *joint.partner_items(found))


def record_items(found: VisitRow) -> tuple[RecordItem, ...]:
    items = checklist(found)
    return tuple(
        RecordItem(code=item.code, name=item.name, asked_on=asked_on(item, items)) for item in items
    )


def asked_on(item: registers.ItemRow, items: tuple[registers.ItemRow, ...]) -> Condition | None:
    """A question's condition by the other one's code; of two names the own group's is meant."""
    condition = condition_of(item.asked_when)
    if condition is None:
        return None
    named = [one for one in items if one.name == condition.item]
    own = [one for one in named if one.item_group == item.item_group]
    return replace(condition, item=(own or named)[0].code) if named else None


def lacks(found: VisitRow, body: RecordBody) -> tuple[str, ...]:
    """What a record still needs, with a signature of each department of a joint check."""
    parties = joint.parties(found)
    return missing(body, record_items(found), team=found.team, parties=parties)


def _revision(row: models.RecordRevision) -> RevisionRow:
    return RevisionRow(
        number=row.number,
        kind=RevisionKind(row.kind),
        digest=row.digest,
        made_from=row.made_from,
        client_id=row.client_id,
        reason=row.reason,
        by=row.by_name,
        by_ref=row.by_ref,
        at=row.at,
    )


def _evidence(row: models.Evidence) -> EvidenceRow:
    return EvidenceRow(
        ref=row.ref,
        visit=row.visit.ref,
        kind=EvidenceKind(row.kind),
        item=row.item,
        says=row.says,
        name=row.name,
        path=str(row.file),
        media_type=row.media_type,
        size=row.size,
        sha256=row.sha256,
        sm3=row.sm3,
        taken_at=row.taken_at,
        received_at=row.received_at,
        taken_by=row.taken_by_name,
    )


def record(ref: str) -> RecordView:
    """The newest version of a visit's record; an empty body where nothing was saved yet."""
    row = models.Visit.objects.filter(ref=ref).first()
    if row is None:
        raise Refused(f"没有编号为 {ref} 的检查，请从检查列表进入。")
    # A phone saves each answer: only the newest of many bodies is fetched.
    held = list(row.revisions.defer("body").order_by("number"))
    body = RecordBody.thawed(held[-1].body) if held else RecordBody()
    files = row.evidence.select_related("visit").order_by("received_at", "pk")
    return RecordView(
        visit=ref,
        body=body,
        digest=held[-1].digest if held else "",
        opinion=body.opinion,
        revisions=tuple(_revision(revision) for revision in held),
        evidence=tuple(_evidence(file) for file in files),
        flags=flags(body, begun_at=row.begun_at),
    )


def newest_bodies(refs: Collection[str]) -> dict[str, RecordBody]:
    """What the newest version of each record says; left out where nothing was saved yet."""
    newest = models.RecordRevision.objects.filter(visit=OuterRef("visit")).order_by("-number")
    rows = models.RecordRevision.objects.filter(
        visit__ref__in=refs, pk=Subquery(newest.values("pk")[:1])
    )
    pairs = rows.values_list("visit__ref", "body")
    return {ref: RecordBody.thawed(body) for ref, body in pairs}


def newest_body(ref: str) -> RecordBody:
    """What the newest version of a record says; empty where nothing was saved yet."""
    return newest_bodies([ref]).get(ref, RecordBody())


def approved_bodies(rows: Collection[VisitRow]) -> dict[str, RecordBody]:
    """The record of each visit in the version that its row speaks of."""
    found = newest_bodies([row.ref for row in rows if not row.revision])
    earlier = {row.ref: revision_body(row.ref, row.revision) for row in rows if row.revision}
    return found | earlier


def newest(ref: str) -> RevisionRow | None:
    """The version that stands, without what it says."""
    rows = models.RecordRevision.objects.filter(visit__ref=ref).defer("body")
    row = rows.order_by("-number").first()
    return _revision(row) if row else None


def revision_body(ref: str, number: int) -> RecordBody:
    """One earlier version, as it was saved."""
    row = models.RecordRevision.objects.filter(visit__ref=ref, number=number).first()
    if row is None:
        raise Refused(f"这次检查没有第 {number} 版记录，请从检查页面进入。")
    return RecordBody.thawed(row.body)


def evidence_refs(ref: str) -> frozenset[str]:
    """Refs of the files of one visit."""
    rows = models.Evidence.objects.filter(visit__ref=ref)
    return frozenset(rows.values_list("ref", flat=True))


def evidence(ref: str) -> EvidenceRow:
    row = models.Evidence.objects.select_related("visit").filter(ref=ref).first()
    if row is None:
        raise Refused(f"没有编号为 {ref} 的证据，请从检查页面进入。")
    return _evidence(row)
