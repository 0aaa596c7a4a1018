"""A plan that tasks can be added to."""

import pytest

from gongchou.accounts import actions as accounts
from gongchou.core.powers import console
from gongchou.core.terms import BureauLevel, ImportKind, Role
from gongchou.planning import actions
from tests.conftest import AT
from tests.registry.test_import import csv, line, take

MARKET = "990180"


@pytest.fixture
def leader(person):
    return person("lin", "林局长", Role.LEADER)


@pytest.fixture
def plan(chen, bureau) -> str:
    """Eleven key sites and five others; 执法大队 as a unit, one partner department."""
    root = console(bureau, "root")
    accounts.create_unit(bureau, "zd", "执法大队", by=root, at=AT)
    level = BureauLevel.DISTRICT
    accounts.create_bureau(
        MARKET, "临溪市市场监管局（虚构）", level=level, is_partner=True, by=root, at=AT
    )
    keys = [line(n, category="重点管理") for n in range(1, 12)]
    take(ImportKind.SUBJECTS, csv(*keys, *[line(n) for n in range(12, 17)]), chen)
    return actions.compute_plan("2026Q1", by=chen, at=AT)
