"""What would make teams possible where the lists of a draw have none for some selection (§4)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from gongchou.core.draw_values import Announcement, InspectorRow, Rosters
from gongchou.core.feasibility import check_feasibility


def first_relief(
    announcement: Announcement,
    rosters: Rosters,
    neighbours: Mapping[str, Sequence[str]],
) -> str | None:
    """The mildest change that would make teams possible, in the policy's order; None where none.

    Never fewer than the required cards and never a broken avoidance: only caps, areas, people of
    an organisation that has no part of its own, and the bound on experts. `neighbours` names the
    patrol areas next to each. A change is a new announcement before the draw.
    """
    used, team = {announcement.team.org, announcement.joint.org}, announcement.team.org
    people = rosters.inspectors
    plain = replace(announcement, team=replace(announcement.team, experts=0))
    reliefs = [
        (
            "将检查人员的次数上限各提高 1 次",
            announcement,
            [replace(p, cap=p.cap + 1) for p in people],
        ),
        (
            "请邻近片区或其他片区的检查人员支援",
            announcement,
            [_wider(p, neighbours) for p in people],
        ),
        (
            "请其他科室、队伍的专业人员支援",
            announcement,
            [p if p.org in used else replace(p, org=team) for p in people],
        ),
        ("不要求专业对口", plain, list(people)),
    ]
    for says, eased, changed in reliefs:
        lists = replace(rosters, inspectors=tuple(changed))
        if check_feasibility(eased, lists, trials=0).certain:
            return f"{says}后即可组成检查组；须作为新的公告重新冻结。"
    return None


def _wider(person: InspectorRow, neighbours: Mapping[str, Sequence[str]]) -> InspectorRow:
    more = {near for area in person.areas for near in neighbours.get(area, ())}
    return replace(person, areas=tuple(sorted({*person.areas, *more})))
