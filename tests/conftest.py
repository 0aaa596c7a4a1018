"""Named people, and the bureau they work in."""

from datetime import UTC, date, datetime

import pytest

from gongchou.accounts import actions as accounts
from gongchou.accounts import reads
from gongchou.core.powers import Actor, console
from gongchou.core.terms import BureauLevel, Role

pytest_plugins = ["tests.machinery", "tests.offsite.stores"]

AT = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
TODAY = date(2026, 1, 5)
BUREAU = "990173"


@pytest.fixture
def bureau(db) -> str:
    root = console(BUREAU, "root")
    accounts.create_bureau(
        BUREAU, "临溪市生态环境局高新区分局（虚构）", level=BureauLevel.DISTRICT, by=root, at=AT
    )
    return BUREAU


@pytest.fixture
def person(bureau):
    """A maker of people: `person("chen", "陈组长", Role.OFFICE)`."""

    def make(login: str, name: str, *roles: Role) -> Actor:
        root = console(bureau, "root")
        ref = accounts.create_user(login, name, password="长口令-not-secret-1", by=root, at=AT)
        for role in roles:
            accounts.grant_role(ref, role, since=TODAY, by=root, at=AT)
        return reads.actor_of(ref, TODAY)

    return make


@pytest.fixture
def chen(person) -> Actor:
    return person("chen", "陈组长", Role.OFFICE)


@pytest.fixture
def stranger(person) -> Actor:
    return person("stranger", "陌生人")


@pytest.fixture
def signed_in(client):
    """A browser in which a person is signed in, past the first change of password."""
    from gongchou.accounts.models import User

    def make(actor: Actor):
        User.objects.filter(ref=actor.ref).update(must_change_password=False)
        client.force_login(
            User.objects.get(ref=actor.ref), backend="django.contrib.auth.backends.ModelBackend"
        )
        return client

    return make
