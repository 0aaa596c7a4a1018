"""The lists of a draw of several departments (DR2): common sites, each department's own people.

Nothing here writes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from gongchou.core.draw_reading import freeze_lists
from gongchou.core.draw_values import RosterRow, TeamRule
from gongchou.core.joint_values import NO_JOINT, NO_JOINT_SHARE
from gongchou.core.refusals import Infeasible, Refused
from gongchou.drawing.frozen import FrozenDraw, Known, LeftOut, PartnerLists, Rules
from gongchou.drawing.gathering import (
    Sources,
    avoid_rows,
    feasible,
    pairs,
    person_rows,
    rate_of,
    split,
    subject_rows,
    working_days,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A department as the plan has it; the bureau's own comes first and leads."""

    dept: str
    name: str
    items: tuple[str, ...]
    seats: int
    experts: int = 0


def gather_joint(
    sources: Sources, bodies: Sequence[Body], *, profile: str, made_from: Mapping[str, str]
) -> FrozenDraw:
    """The frozen lists of all departments, each feasible for every draw."""
    if not working_days(sources):
        raise Refused(f"离任务期限 {sources.deadline} 已没有工作日，不能再为这个任务冻结底册。")
    rows, known = subject_rows(sources, profile)
    lead, *others = [
        _lists(sources, body, _rows_for(body, rows, bodies[0]), known, profile, made_from)
        for body in bodies
    ]
    left_out = [*lead.left_out, *(one for other in others for one in other.left_out)]
    partners = tuple(
        PartnerLists(dept=body.dept, rosters=one.rosters, people=one.people, rules=one.rules)
        for body, one in zip(bodies[1:], others, strict=True)
    )
    return replace(lead, dept=bodies[0].dept, partners=partners, left_out=tuple(left_out))


def _rows_for(body: Body, rows: Sequence[RosterRow], lead: Body) -> list[RosterRow]:
    """The same sites under the same ids; a partner's own items in place of the bureau's units."""
    if body.dept == lead.dept:
        return list(rows)
    items = tuple(sorted(set(body.items)))
    return [replace(row, items=items, specialty="") for row in rows]


def _lists(
    sources: Sources,
    body: Body,
    rows: Sequence[RosterRow],
    known: Mapping[str, Known],
    profile: str,
    made_from: Mapping[str, str],
) -> FrozenDraw:
    """One department's lists in the shape of a draw of its own, so that the same checks hold."""
    ready, left_out = split(sources, body.dept if body.dept in sources.partners else "")
    if len(ready) < body.seats:
        raise Refused(_too_few(body, len(ready), left_out))
    areas = tuple(sorted({row.area for row in rows}))
    people, known_people = person_rows(sources, ready, lambda _: body.name, areas, profile)
    declared, met = pairs(sources, known, known_people)
    frozen = FrozenDraw(
        profile=profile,
        rosters=freeze_lists(rows, people, avoid_rows(declared)),
        subjects=known,
        people=known_people,
        rules=Rules(
            rates={s.name: rate_of(s) for s in sources.strata if s.members},
            team=TeamRule(org=body.name, need=body.seats, experts=min(body.experts, body.seats)),
            joint_share=NO_JOINT_SHARE,
            joint=NO_JOINT,
        ),
        left_out=tuple(left_out),
        repeats=0,
        repeats_left_out=len(met),
        made_from=made_from,
    )
    try:
        return feasible(frozen, met)
    except Infeasible as refusal:
        raise Infeasible(f"{body.name}：{refusal}") from refusal


def _too_few(body: Body, ready: int, left_out: Sequence[LeftOut]) -> str:
    """Who is missing, and where to enter them."""
    said = "、".join(f"{one.name}（{one.says}）" for one in left_out[:5])
    why = f"不能参加的：{said}" if said else ""
    return (
        f"{body.name}在检查人员名录中能参加抽取的持证人员只有 {ready} 人，"
        f"每组需要 {body.seats} 人，不能冻结。"
        f"请按该部门提供的名单，以单位代码 {body.dept} 导入其检查人员。{why}"
    )
