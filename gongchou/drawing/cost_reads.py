"""What the frozen limits on teams cost in probability, for the page and the plan of a draw."""

from dataclasses import replace
from functools import lru_cache

from gongchou.core.costs import Cost, costs
from gongchou.drawing import models
from gongchou.drawing.frozen import thawed


def limits(ref: str) -> tuple[Cost, ...]:
    """Each limit with what it bars and how far it lifts the chances of the others."""
    found = models.Draw.objects.values_list("frozen_digest", flat=True).get(ref=ref)
    return _limits(ref, found)


@lru_cache(maxsize=32)
def _limits(ref: str, digest: str) -> tuple[Cost, ...]:
    row = models.Draw.objects.get(ref=ref, frozen_digest=digest)
    frozen = thawed(bytes(row.frozen_body))
    if not frozen.is_joint:
        return costs(frozen.announcement(ref), frozen.rosters)
    joint = frozen.joint_announcement(ref)
    return tuple(
        replace(cost, name=f"{own.team.org}：{cost.name}")
        for d, (own, rosters) in enumerate(zip(joint.departments, frozen.lists(), strict=True))
        for cost in costs(joint.rules_of(d), rosters)
    )
