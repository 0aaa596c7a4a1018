"""What the freeze of a draw found: who and what was left out, and whether teams are proved."""

from dataclasses import dataclass

from gongchou.drawing import models
from gongchou.drawing.frozen import PROVED, thawed


@dataclass(frozen=True, slots=True, kw_only=True)
class FreezeReport:
    """What a freeze left out, and why: people, and pairs that had to be allowed to meet again.

    `is_proved`: every selection has its teams; else `short` says which might not. `late` says where
    a substitute might find nobody with room.
    """

    left_out: tuple[tuple[str, str], ...]
    repeats: int
    repeats_left_out: int
    people_count: int
    is_proved: bool
    short: str
    late: str


def freeze_report(ref: str) -> FreezeReport:
    frozen = thawed(bytes(models.Draw.objects.get(ref=ref).frozen_body))
    return FreezeReport(
        left_out=tuple((row.name, row.says) for row in frozen.left_out),
        repeats=frozen.repeats,
        repeats_left_out=frozen.repeats_left_out,
        people_count=sum(len(rosters.inspectors) for rosters in frozen.lists()),
        is_proved=frozen.made_from.get("teams") == PROVED,
        short=frozen.made_from.get("short", ""),
        late=frozen.made_from.get("late", ""),
    )
