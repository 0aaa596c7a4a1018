import pytest

from gongchou.core.terms import Role
from tests.reporting.quarters import make_plan, make_registers


@pytest.fixture
def leader(person):
    return person("lin", "林局长", Role.LEADER)


@pytest.fixture
def plan(chen, leader, bureau) -> str:
    make_registers(chen)
    return make_plan(chen, leader)
