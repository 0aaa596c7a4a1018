"""The lists of a draw of several departments (DR2): common sites, each department's own people.

Nothing here writes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from gongchou.core.draw_reading import freeze_lists
from gongchou.core.draw_values import Rate, RosterRow, TeamRule
from gongchou.core.joint_values import NO_JOINT, NO_JOINT_SHARE
from gongchou.core.refusals import Infeasible, Refused
from gongchou.drawing.frozen import (
    PROVED,
    UNPROVED,
    FrozenDraw,
    Known,
    LeftOut,
    PartnerLists,
    Rules,
)
from gongchou.drawing.gathering import (
    Sources,
    pairs,
    person_rows,
    split,
    subject_rows,
    working_days,
)
from gongchou.drawing.proving import avoid_rows, feasible


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A department as the plan has it; the bureau's own comes first and leads.

    `counts` says how many sites of each stratum it draws; one that is not named it does not draw.
    """

    dept: str
    name: str
    items: tuple[str, ...]
    seats: int
    counts: Mapping[str, int]
    experts: int = 0


def gather_joint(
    sources: Sources,
    bodies: Sequence[Body],
    *,
    profile: str,
    made_from: Mapping[str, str],
    take_unproved: bool = False,
) -> FrozenDraw:
    """The frozen lists of all departments, each feasible for every draw."""
    if not working_days(sources):
        raise Refused(f"离任务期限 {sources.deadline} 已没有工作日，不能再为这个任务冻结底册。")
    rows, known = subject_rows(sources, profile)
    held = [
        _lists(sources, body, _rows_for(body, rows, bodies[0]), known, profile, made_from)
        for body in bodies
    ]
    lead, *others = (
        _feasible(body.name, *lists, take_unproved)
        for body, lists in zip(bodies, held, strict=True)
    )
    left_out = [*lead.left_out, *(one for other in others for one in other.left_out)]
    partners = tuple(
        PartnerLists(dept=body.dept, rosters=one.rosters, people=one.people, rules=one.rules)
        for body, one in zip(bodies[1:], others, strict=True)
    )
    made = {**lead.made_from, **_known_of_teams(bodies, (lead, *others))}
    return replace(
        lead,
        dept=bodies[0].dept,
        partners=partners,
        left_out=tuple(left_out),
        made_from=made,
    )


def _known_of_teams(bodies: Sequence[Body], each: Sequence[FrozenDraw]) -> dict[str, str]:
    """What is known of the teams of all departments together."""
    found = {"teams": UNPROVED if any(one.is_unproved for one in each) else PROVED}
    for word in ("short", "late"):
        said = [(body.name, one.made_from[word]) for body, one in zip(bodies, each, strict=True)]
        found[word] = "".join(f"{name}：{says}" for name, says in said if says)
    return found


def _feasible(
    name: str, frozen: FrozenDraw, met: Mapping[tuple[str, str], str], take_unproved: bool
) -> FrozenDraw:
    try:
        return feasible(frozen, met, take_unproved=take_unproved)
    except Infeasible as refusal:
        raise Infeasible(f"{name}：{refusal}") from refusal


def _rows_for(body: Body, rows: Sequence[RosterRow], lead: Body) -> list[RosterRow]:
    """The same sites under the same ids; a partner's own items in place of the bureau's units."""
    own = [row for row in rows if body.counts.get(row.stratum)]
    if body.dept == lead.dept:
        return own
    items = tuple(sorted(set(body.items)))
    return [replace(row, items=items, specialty="") for row in own]


def _lists(
    sources: Sources,
    body: Body,
    rows: Sequence[RosterRow],
    known: Mapping[str, Known],
    profile: str,
    made_from: Mapping[str, str],
) -> tuple[FrozenDraw, Mapping[tuple[str, str], str]]:
    """One department's lists in the shape of a draw of its own, and the pairs that met lately."""
    ready, left_out = split(sources, body.dept if body.dept in sources.partners else "")
    if len(ready) < body.seats:
        raise Refused(_too_few(body, len(ready), left_out))
    areas = tuple(sorted({row.area for row in rows}))
    people, known_people = person_rows(sources, ready, lambda _: body.name, areas, profile)
    declared, met = pairs(sources, {row.pid: known[row.pid] for row in rows}, known_people)
    frozen = FrozenDraw(
        profile=profile,
        rosters=freeze_lists(rows, people, avoid_rows(declared)),
        subjects=known,
        people=known_people,
        rules=Rules(
            rates={
                s.name: Rate(num=count, den=len(s.members), floor=0)
                for s in sources.strata
                if s.members and (count := body.counts.get(s.name))
            },
            team=TeamRule(org=body.name, need=body.seats, experts=min(body.experts, body.seats)),
            joint_share=NO_JOINT_SHARE,
            joint=NO_JOINT,
        ),
        left_out=tuple(left_out),
        repeats=0,
        repeats_left_out=len(met),
        made_from=made_from,
    )
    return frozen, met


def _too_few(body: Body, ready: int, left_out: Sequence[LeftOut]) -> str:
    """Who is missing, and where to enter them."""
    said = "、".join(f"{one.name}（{one.says}）" for one in left_out[:5])
    why = f"不能参加的：{said}" if said else ""
    return (
        f"{body.name}在检查人员名录中能参加抽取的持证人员只有 {ready} 人，"
        f"每组需要 {body.seats} 人，不能冻结。"
        f"请按该部门提供的名单，以单位代码 {body.dept} 导入其检查人员。{why}"
    )
