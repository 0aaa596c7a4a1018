"""Who decided, drew or confirmed a draw does not publish what was found by it."""

from datetime import timedelta

import pytest

from gongchou.accounts import actions as accounts
from gongchou.accounts import reads as people
from gongchou.core.powers import console
from gongchou.core.refusals import NotAllowed
from gongchou.core.terms import PublicationState, Role, VisitResult, VisitState
from gongchou.inspection import actions as inspection
from gongchou.inspection.models import Visit
from gongchou.publication import actions, reads
from tests.conftest import AT, BUREAU, TODAY
from tests.drawing import ceremony
from tests.publication.conftest import row

NEXT = AT + timedelta(days=1)


@pytest.fixture
def stage(bureau) -> ceremony.Stage:
    return ceremony.prepared()


@pytest.fixture
def chen(stage):
    return stage.chen


@pytest.fixture
def approved(stage, make_notice) -> str:
    """An approved notice of the result of one drawn visit, whose record counts as reviewed."""
    draw = ceremony.sealed_draw(stage)
    ceremony.released_visits(stage, draw)
    visits = inspection.dispatch_released(draw, by=stage.chen, at=ceremony.last_day(draw))
    Visit.objects.filter(ref=visits[0]).update(
        state=VisitState.REVIEWED.value,
        visit_result=VisitResult.NO_PROBLEM.value,
        ended_on=TODAY,
        reviewed_by="U-shen",
        reviewed_at=AT,
    )
    ref = make_notice(row(1), visits=tuple(visits[:1]))
    actions.approve(ref, digest=reads.document(ref).digest, by=stage.lin, at=AT)
    return ref


def turned_publisher(stage, login: str, left: Role):
    """The person is the publisher from tomorrow on, as after a change of posts."""
    root, ref, tomorrow = console(BUREAU, "root"), stage.cast[login].ref, TODAY + timedelta(1)
    accounts.revoke_role(ref, left, on=tomorrow, by=root, at=AT)
    accounts.grant_role(ref, Role.PUBLISHER, since=tomorrow, by=root, at=AT)
    return people.actor_of(ref, tomorrow)


@pytest.mark.parametrize(
    ("login", "left"),
    [("ding", Role.OFFICE), ("lin", Role.LEADER), ("chen", Role.OFFICE), ("zhou", Role.WITNESS)],
)
def test_whoever_had_another_duty_of_the_draw_does_not_publish(stage, approved, login, left):
    before = reads.document(approved).state
    with pytest.raises(NotAllowed, match="不能再承担“办理公示”"):
        actions.publish(approved, by=turned_publisher(stage, login, left), at=NEXT)
    assert reads.document(approved).state is before is PublicationState.APPROVED


def test_who_had_none_publishes(approved, gong):
    actions.publish(approved, by=gong, at=NEXT)
    assert reads.document(approved).state is PublicationState.PUBLISHED
