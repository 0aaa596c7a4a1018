"""Two officers press “freeze” for one check task at the same moment, again and again."""

import threading
from dataclasses import dataclass, field, replace
from unittest.mock import patch

from django.db import connections

from gongchou.core.refusals import Refused
from gongchou.drawing import actions, models
from gongchou.drawing.actions import freezing
from tests.conftest import AT
from tests.drawing import ceremony


@dataclass(slots=True)
class Presses:
    """What became of them: the draws made, the refusals, the draws and log entries left."""

    made: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    draws: int = 0
    log: list[int] = field(default_factory=list)

    def is_one_each(self, rounds: int) -> bool:
        """One draw of each round, each in the log with its void, no number left out or twice."""
        return (
            (len(self.made), len(self.refused), self.draws) == (rounds, rounds, rounds)
            and len(set(self.made)) == rounds
            and self.log == list(range(1, 2 * (rounds + 1) + 1))
        )


def pressed(rounds: int) -> Presses:
    """Both press, one draw comes of it; the leader voids it, and both press again."""
    stage, found = ceremony.prepared(sites=6), Presses()
    first = ceremony.frozen_draw(stage)
    lists = freezing.thawed(bytes(models.Draw.objects.get(ref=first).frozen_body))
    actions.void_draw(first, "开始", by=stage.lin, at=AT)
    second = replace(stage.chen, ref="U-other", name="另一名经办人")
    line = threading.Barrier(2)

    def press(actor) -> None:
        try:
            for _ in range(rounds):
                line.wait(timeout=60)
                try:
                    found.made.append(actions.freeze_draw(stage.task, by=actor, at=AT))
                except Refused as refusal:
                    found.refused.append(str(refusal))
                line.wait(timeout=60)
                if actor is stage.chen:
                    live = models.Draw.objects.exclude(state="void").get()
                    actions.void_draw(live.ref, "再按一次", by=stage.lin, at=AT)
        finally:
            connections.close_all()

    with (
        patch.object(freezing, "gather", lambda *args, **kwargs: lists),
        patch.object(freezing, "_sources", lambda *args, **kwargs: None),
    ):
        threads = [threading.Thread(target=press, args=(by,)) for by in (stage.chen, second)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    found.draws = models.Draw.objects.count() - 1
    found.log = [row.number for row in models.DrawLogEntry.objects.order_by("number")]
    return found
