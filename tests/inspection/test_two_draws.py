"""An ordinary and a directed draw of one quarter: nobody is visited twice who need not be."""

import random

import pytest
from django.db import transaction
from django.urls import reverse

from gongchou.core.terms import Stratum
from gongchou.drawing import reads as draws
from gongchou.inspection import actions, reads
from gongchou.planning import actions as planning
from tests.conftest import BUREAU
from tests.drawing import ceremony


@pytest.fixture
def stage(bureau):
    return ceremony.prepared()


@pytest.fixture
def both(stage) -> tuple[str, str]:
    """Two sealed and opened draws: the plan's own, and one of every key site for two groups."""
    draft = planning.TaskDraft(
        name="排污许可专项", initiating_unit="zd", reason="上级部署", counts={Stratum.KEY: 8}
    )
    task = planning.create_task(stage.plan, draft, by=stage.ding, at=ceremony.AT)
    planning.approve_task(task, by=stage.lin, at=ceremony.AT)
    second = ceremony.Stage(task=task, plan=stage.plan, quarter=stage.quarter, cast=stage.cast)
    found = (ceremony.sealed_draw(stage), ceremony.sealed_draw(second))
    for held, draw in zip((stage, second), found, strict=True):
        ceremony.released_visits(held, draw)
    return found


def sites(draw: str) -> set[str]:
    return {row.subject for row in draws.released(draw)}


def sent(stage, *order: str) -> None:
    at = max(ceremony.last_day(draw) for draw in order)
    for draw in order:
        actions.dispatch_released(draw, by=stage.chen, at=at)


SEEDS = range(10)


def dispatched(stage, task: str) -> set[str]:
    """A whole draw of a task, opened and sent out; the sites that it drew."""
    held = ceremony.Stage(task=task, plan=stage.plan, quarter=stage.quarter, cast=stage.cast)
    draw = ceremony.sealed_draw(held)
    ceremony.released_visits(held, draw)
    actions.dispatch_released(draw, by=stage.chen, at=ceremony.last_day(draw))
    return sites(draw)


def test_one_draw_after_another_leaves_no_avoidable_second_visit_whatever_the_seed(
    stage, monkeypatch
):
    """The second is drawn when the first has been sent out; five of the eight key sites."""
    draft = planning.TaskDraft(
        name="排污许可专项", initiating_unit="zd", reason="上级部署", counts={Stratum.KEY: 5}
    )
    task = planning.create_task(stage.plan, draft, by=stage.ding, at=ceremony.AT)
    planning.approve_task(task, by=stage.lin, at=ceremony.AT)
    avoidable, matched = [], []
    for seed in SEEDS:
        throws = "".join(random.Random(seed).choices("123456", k=25))
        monkeypatch.setattr(ceremony, "THROWS", throws)
        with transaction.atomic():
            first, second = (dispatched(stage, one) for one in (stage.task, task))
            told = reads.merging(BUREAU, stage.quarter)
            assert told.visits == len(first | second)
            avoidable.append(len(told.avoidable))
            matched.append((told.saved, len(first & second)))
            transaction.set_rollback(True)
    assert avoidable == [0] * len(SEEDS)
    assert all(saved == twice for saved, twice in matched)
    assert len(set(matched)) > 1  # the seeds did differ
    assert sum(saved for saved, _ in matched) > 0


@pytest.mark.parametrize("directed_first", [False, True])
def test_two_real_draws_leave_no_avoidable_second_visit(stage, both, directed_first):
    twice = sites(both[0]) & sites(both[1])
    assert twice  # the ordinary draw takes key sites too, and the directed one takes them all
    sent(stage, *(reversed(both) if directed_first else both))
    found = reads.visits(BUREAU, stage.quarter)
    assert sorted(v.subject for v in found) == sorted(sites(both[0]) | sites(both[1]))
    assert {v.subject for v in found if len(v.tasks) == 2} == twice
    assert reads.avoidable_visits(BUREAU, stage.quarter) == ()
    told = reads.merging(BUREAU, stage.quarter)
    assert (told.places, told.visits) == (len(found) + len(twice), len(found))
    assert (told.saved, told.avoidable) == (len(twice), ())


def test_a_second_visit_that_could_have_been_saved_is_counted_and_shown(signed_in, stage, both):
    at = max(ceremony.last_day(draw) for draw in both)
    site = min(sites(both[0]) & sites(both[1]))
    first, second = (
        next(row for row in draws.released(draw) if row.subject == site) for draw in both
    )
    held = actions.dispatch_visit(both[0], first.number, by=stage.chen, at=at)
    actions.authorise_visit(held, by=stage.lin, at=at)  # from here on it takes nothing more
    ref = actions.dispatch_visit(both[1], second.number, by=stage.chen, at=at)
    assert [v.ref for v in reads.merging(BUREAU, stage.quarter).avoidable] == [ref]
    browser, address = signed_in(stage.chen), reverse("inspection:merging")
    page = browser.get(address, {"quarter": stage.quarter}).content.decode()
    assert "可以避免的第二次检查" in page
    assert reverse("inspection:visit", args=[ref]) in page
    home = browser.get(reverse("inspection:home"), {"quarter": stage.quarter}).content.decode()
    assert "可以避免的第二次检查 1 次" in home


def test_the_page_says_zero_where_everything_was_merged(signed_in, stage, both):
    sent(stage, *both)
    address = reverse("inspection:merging")
    page = signed_in(stage.chen).get(address, {"quarter": stage.quarter}).content.decode()
    assert "没有可以避免的第二次检查" in page
    assert page.count("两项任务合为一次") == len(sites(both[0]) & sites(both[1]))
