from datetime import date

import pytest

from gongchou.core.terms import Role, TrainingKind
from gongchou.training.actions import EventDraft


@pytest.fixture
def leader(person):
    return person("lin", "林局长", Role.LEADER)


@pytest.fixture
def li(person):
    return person("li", "李执法", Role.INSPECTOR)


@pytest.fixture
def draft():
    return EventDraft(
        kind=TrainingKind.STAFF,
        title="记录填写",
        held_on=date(2026, 1, 5),
        audience="全体执法人员",
        audience_count=2,
        says="怎样当场填写检查记录",
    )
