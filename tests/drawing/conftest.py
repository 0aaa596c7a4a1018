import pytest

from tests.drawing import ceremony


@pytest.fixture
def stage(db) -> ceremony.Stage:
    return ceremony.prepared()


@pytest.fixture
def stranger(stage):
    return ceremony.actor("stranger", "陌生人")
