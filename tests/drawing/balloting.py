"""A whole draw by numbered balls in few words."""

import random
from datetime import datetime

from gongchou.core.ballot import Ballots, balls_due
from gongchou.core.terms import DrawMode
from gongchou.drawing import actions, made, models
from gongchou.drawing.frozen import thawed
from tests.conftest import AT
from tests.drawing.ceremony import Stage

MANNER = "三楼会议室，纪检人员用摇号机摇出"


def frozen_ballot(stage: Stage, *, at: datetime = AT) -> str:
    return actions.freeze_draw(stage.task, mode=DrawMode.MANUAL_BALLOT, by=stage.chen, at=at)


def announced_ballot(stage: Stage, *, reserve: int = 2, at: datetime = AT) -> str:
    draw = frozen_ballot(stage, at=at)
    actions.announce_ballot(draw, MANNER, reserve, by=stage.chen, at=at)
    return draw


def balls(draw: str, seed: int = 1) -> Ballots:
    """Balls drawn without return, as the announcement asks."""
    row, chance = models.Draw.objects.get(ref=draw), random.Random(seed)
    rosters = thawed(bytes(row.frozen_body)).rosters
    due = balls_due(made.announced_ballot(bytes(row.announcement)), rosters)
    size = len(rosters.inspectors)
    return Ballots(
        numbers={s: tuple(chance.sample(range(1, n + 1), k + r)) for s, (n, k, r) in due.items()},
        people=tuple(chance.sample(range(1, size + 1), size)),
    )


def drawn_ballot(stage: Stage, *, seed: int = 1, at: datetime = AT) -> str:
    draw = announced_ballot(stage, at=at)
    out = balls(draw, seed)
    actions.enter_ballots(draw, out.numbers, out.people, by=stage.chen, at=at)
    assert actions.confirm_ballots(draw, out.numbers, out.people, by=stage.zhou, at=at)
    return draw


def sealed_ballot(stage: Stage, *, seed: int = 1, at: datetime = AT) -> str:
    draw = drawn_ballot(stage, seed=seed, at=at)
    for login in ("zhou", "wu"):
        actions.confirm_draw(draw, by=stage.cast[login], at=at)
    return draw
