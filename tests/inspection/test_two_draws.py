"""An ordinary and a directed draw of one quarter: nobody is visited twice who need not be."""

import pytest
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
    task = planning.create_task(stage.plan, draft, by=stage.chen, at=ceremony.AT)
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
