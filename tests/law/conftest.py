import pytest

from gongchou.core.rules import PolicyProfile
from gongchou.law.load import load_profile


@pytest.fixture(scope="session")
def profile_2024() -> PolicyProfile:
    return load_profile("tangshan_gaoxin_2024")
