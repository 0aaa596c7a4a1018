"""Re-inspections: how far the draw is, what the second team may know, how far records agree."""

from dataclasses import dataclass, replace
from datetime import datetime

from gongchou.core import agreement
from gongchou.core.agreement import Agreement, Answers
from gongchou.core.canon import parse
from gongchou.core.draw import outcome_of_seed
from gongchou.core.draw_form import read_announcement
from gongchou.core.draw_values import Announcement
from gongchou.core.oversight_terms import RecheckState
from gongchou.core.refusals import Refused, WrongState
from gongchou.drawing import strongbox
from gongchou.drawing.frozen import FrozenDraw, thawed
from gongchou.inspection import reads as inspection
from gongchou.reporting import models


@dataclass(frozen=True, slots=True, kw_only=True)
class RecheckDrawRow:
    ref: str
    quarter: str
    state: RecheckState
    base_count: int
    drawn_count: int
    closing_rule: str
    closing: str
    announcement_digest: str
    sealed_root: str
    by: str
    other: str
    left_out: tuple[tuple[str, str], ...]
    opened: frozenset[int]

    @property
    def waiting(self) -> tuple[int, ...]:
        """Numbers of the list that are still sealed."""
        drawn = range(1, self.drawn_count + 1) if self.state is RecheckState.DRAWN else ()
        return tuple(n for n in drawn if n not in self.opened)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What stands at one number of the list: the visit, and (ref, name) of the second team."""

    visit: str
    team: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecheckRow:
    """An opened place as the second team sees it: nothing in it says what the first one found."""

    draw: str
    number: int
    subject_name: str
    team: tuple[tuple[str, str], ...]
    items: tuple[tuple[str, str], ...]
    opened_at: datetime
    says: str
    recorded_by: str
    recorded_at: datetime | None

    @property
    def members(self) -> frozenset[str]:
        return frozenset(ref for ref, _ in self.team)

    @property
    def team_names(self) -> str:
        return "、".join(name for _, name in self.team)


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Both records of the quarter side by side, in numbers."""

    total: Agreement
    items: tuple[Agreement, ...]
    pairs: tuple[Agreement, ...]


def frozen(ref: str) -> FrozenDraw:
    row = models.RecheckDraw.objects.get(ref=ref)
    body = strongbox.show(strongbox.server_key(), bytes(row.frozen_body), about=ref)
    return thawed(body)


def announcement(ref: str) -> Announcement:
    row = models.RecheckDraw.objects.get(ref=ref)
    return read_announcement(parse(row.announcement.encode()))


def place(ref: str, number: int) -> Place:
    """One number of the list, found again from the sealed seed; Refused where there is none."""
    row = models.RecheckDraw.objects.get(ref=ref)
    if row.seed is None:
        raise WrongState("复查名单还没有抽取，不能启封。")
    seed = strongbox.show(strongbox.server_key(), bytes(row.seed), about=f"{ref}/seed")
    lists = frozen(ref)
    outcome = outcome_of_seed(announcement(ref), lists.rosters, seed)
    if not 1 <= number <= len(outcome.visits):
        raise Refused(f"复查名单没有第 {number} 家，请从复查页面启封。")
    drawn = outcome.visits[number - 1]
    people = [lists.people[lists.rosters.inspectors[i].iid].record for i in drawn.parts[0]]
    return Place(
        visit=lists.ref_of(drawn.pid),
        team=tuple((person["ref"], person["name"]) for person in people),
    )


def draw_of(bureau: str, quarter: str) -> RecheckDrawRow | None:
    row = models.RecheckDraw.objects.filter(bureau__code=bureau, quarter=quarter).first()
    if row is None:
        return None
    return RecheckDrawRow(
        ref=row.ref,
        quarter=row.quarter,
        state=RecheckState(row.state),
        base_count=row.base_count,
        drawn_count=row.drawn_count,
        closing_rule=row.closing_rule,
        closing=row.closing,
        announcement_digest=row.announcement_digest,
        sealed_root=row.sealed_root,
        by=row.by_name,
        other=row.other_name,
        left_out=tuple((out.name, out.says) for out in frozen(row.ref).left_out),
        opened=frozenset(row.rechecks.values_list("number", flat=True)),
    )


def _recheck(row: models.Recheck) -> RecheckRow:
    return RecheckRow(
        draw=row.draw.ref,
        number=row.number,
        subject_name=row.subject_name,
        team=tuple((ref, name) for ref, name in row.team),
        items=tuple((code, name) for code, name in row.items),
        opened_at=row.opened_at,
        says=row.says,
        recorded_by=row.recorded_by_name,
        recorded_at=row.recorded_at,
    )


def recheck(ref: str, number: int, bureau: str) -> RecheckRow:
    rows = models.Recheck.objects.select_related("draw")
    row = rows.filter(draw__ref=ref, draw__bureau__code=bureau, number=number).first()
    if row is None:
        raise Refused("没有这次复查，请从复查页面进入。")
    return _recheck(row)


def rechecks(bureau: str, quarter: str = "", member: str = "") -> tuple[RecheckRow, ...]:
    """Opened places, where wanted of a quarter or of one inspector."""
    rows = models.Recheck.objects.filter(draw__bureau__code=bureau).select_related("draw")
    rows = rows.filter(draw__quarter=quarter) if quarter else rows
    found = tuple(_recheck(row) for row in rows.order_by("draw__ref", "number"))
    return tuple(row for row in found if not member or member in row.members)


def answers(bureau: str, quarter: str) -> tuple[Answers, ...]:
    """Both answers to every item of the visits that were checked again."""
    held = _recorded(bureau, quarter)
    bodies = inspection.newest_bodies([row.visit for row in held])
    found = []
    for row in held:
        first = {a.item: a.result for a in bodies[row.visit].answers if a.result is not None}
        pair = inspection.visit(row.visit).team_names
        found += [
            Answers(visit=row.visit, item=item, pair=pair, first=first[item].value, second=second)
            for item, second in row.answers.items()
            if item in first
        ]
    return tuple(found)


def _recorded(bureau: str, quarter: str) -> list[models.Recheck]:
    rows = models.Recheck.objects.filter(
        draw__bureau__code=bureau, draw__quarter=quarter, recorded_at__isnull=False
    )
    return list(rows.order_by("number"))


def compared(bureau: str, quarter: str) -> Compared:
    """Items by the words the second record was asked with, not by their codes alone."""
    rows = answers(bureau, quarter)
    said = {code: name for row in _recorded(bureau, quarter) for code, name in row.items}
    return Compared(
        total=agreement.over_all(rows),
        items=tuple(
            replace(one, name=f"{one.name} {said[one.name]}") for one in agreement.by_item(rows)
        ),
        pairs=agreement.by_pair(rows),
    )
