"""The joint draws in which a person's department takes part, and what is asked of it now."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from gongchou.core.powers import Actor, Power, may
from gongchou.core.terms import DrawState
from gongchou.core.workdays import Quarter
from gongchou.drawing import reads
from gongchou.planning import reads as plans
from gongchou.registry.reads import inspector_of_person


@dataclass(frozen=True, slots=True, kw_only=True)
class JointDuty:
    """One joint draw as a partner sees it: counts and roots, no names."""

    draw: reads.DrawRow
    task: str
    department: reads.DepartmentRow
    mine: reads.ContributionRow | None
    given: int

    @property
    def quarter(self) -> str:
        return Quarter.parse(self.draw.quarter).label

    @property
    def may_commit(self) -> bool:
        return self.draw.state is DrawState.FROZEN and self.mine is None

    @property
    def may_reveal(self) -> bool:
        is_closed = self.draw.state is DrawState.CLOSED
        return is_closed and self.mine is not None and not self.mine.is_revealed


def duties(by: Actor, on: date) -> tuple[JointDuty, ...]:
    """Newest first; () for whoever does not speak for a partner department."""
    if not may(by, Power.CONTRIBUTE_JOINT):
        return ()
    person = inspector_of_person(by.ref, by.bureau, on)
    rows = [
        (draw, own)
        for draw in reads.joint_draws(by.bureau)
        for own in draw.departments[1:]
        if person is not None and own.dept == person.unit
    ]
    return tuple(
        JointDuty(
            draw=draw,
            task=plans.task(draw.task).name,
            department=own,
            mine=next((c for c in draw.contributions if c.person_ref == by.ref), None),
            given=sum(c.role.startswith(own.name) for c in draw.contributions),
        )
        for draw, own in rows
    )


def home(by: Actor, on: date) -> dict[str, Any]:
    return {"duties": duties(by, on)}
