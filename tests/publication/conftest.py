"""A bureau with an approved item list and plan, and the three people who publish."""

import pytest

from gongchou.core.terms import ImportKind, Role
from gongchou.planning import actions as planning
from gongchou.publication import actions, reads
from gongchou.publication.gathering import Table
from gongchou.registry import actions as registry
from gongchou.registry import reads as registers
from tests.conftest import AT, TODAY
from tests.registry.test_import import csv, line, take
from tests.registry.test_items import AIR, HEAD, WATER

QUARTER = "2026Q1"
TABLE = Table(columns=("应抽", "实抽"), rows=(("重点", ("3", "3")),), note="按季度统计。")


@pytest.fixture
def leader(person):
    return person("lin", "林局长", Role.LEADER)


@pytest.fixture
def gong(person):
    return person("gong", "公示员", Role.PUBLISHER)


@pytest.fixture
def item_list(chen, leader, bureau) -> str:
    take(ImportKind.ITEMS, csv(AIR, WATER, header=HEAD), chen)
    ref = registers.item_lists(bureau)[0].ref
    registry.approve_item_list(ref, on=TODAY, by=leader, at=AT)
    return ref


@pytest.fixture
def plan(chen, leader, bureau) -> str:
    keys = [line(n, category="重点管理") for n in range(1, 12)]
    take(ImportKind.SUBJECTS, csv(*keys, line(12)), chen)
    ref = planning.compute_plan(QUARTER, by=chen, at=AT)
    planning.approve_plan(ref, by=leader, at=AT)
    return ref


@pytest.fixture
def make_public(leader, gong):
    """Approve and publish what was proposed."""

    def through(ref: str) -> str:
        actions.approve(ref, digest=reads.document(ref).digest, by=leader, at=AT)
        actions.publish(ref, by=gong, at=AT)
        return ref

    return through


@pytest.fixture
def table(chen) -> str:
    return actions.propose_table(
        "统计表", TABLE, quarter=QUARTER, source="S990173-2026Q1-1", by=chen, at=AT
    )
