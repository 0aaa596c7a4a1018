"""A quarter whose plan has three units on the positive list."""

import pytest

from gongchou.core.terms import ImportKind, Role
from gongchou.offsite.reads import coverage
from gongchou.planning import actions as planning
from tests.conftest import AT
from tests.registry.test_import import csv, line, take, uscc

QUARTER = "2026Q1"
SITE_HEADER = "单位名称,统一社会信用代码,固定污染源编码,管理类别,片区,监控类型"
LIST_HEADER = "单位名称,统一社会信用代码,列入理由,列入日期"


def site(number: int, monitors: str = "") -> str:
    return f"{line(number)},{monitors}"


def on_list(number: int) -> str:
    return f"虚构化工{number},{uscc(number)},污染小,2025-01-10"


@pytest.fixture
def leader(person):
    return person("lin", "林局长", Role.LEADER)


@pytest.fixture
def shen(person):
    return person("shen", "沈审核", Role.REVIEWER)


@pytest.fixture
def roster(chen, bureau) -> None:
    """One listed unit with two monitors, two without, and a unit off the list."""
    sites = (site(1, "自动监控（废气）、视频"), site(2), site(3, "无"), site(4))
    take(ImportKind.SUBJECTS, csv(*sites, header=SITE_HEADER), chen)
    listed = (on_list(1), on_list(2), on_list(3))
    take(ImportKind.POSITIVE_LIST, csv(*listed, header=LIST_HEADER), chen)


@pytest.fixture
def plan(roster, chen, leader) -> str:
    ref = planning.compute_plan(QUARTER, by=chen, at=AT)
    planning.approve_plan(ref, by=leader, at=AT)
    return ref


@pytest.fixture
def units(plan, bureau) -> dict[str, str]:
    """Refs of the units that must be covered, by name."""
    return {unit.name: unit.subject for unit in coverage(bureau, QUARTER).missing}
