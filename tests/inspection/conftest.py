import pytest

from tests.inspection.people import House, make_house


@pytest.fixture
def house(person) -> House:
    return make_house(person)
