"""The phase bar: how far the quarter has come, room by room, and what stands next."""

from dataclasses import dataclass, replace
from datetime import date

from gongchou.core.powers import Power
from gongchou.core.terms import PlanState
from gongchou.core.workdays import Deadline, Quarter
from gongchou.planning import reads as planning
from gongchou.web.distance import Distance, distance

DONE, RUNNING, WAITING = "done", "running", "waiting"
LATE = "late"
WORDS = {DONE: "已完成", RUNNING: "进行中", WAITING: "未到", LATE: "已逾期"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """One step of the quarter; `last` is the day it must be through, where there is one."""

    name: str
    view: str
    power: Power
    state: str
    last: Deadline | None = None
    says: str = ""
    is_current: bool = False
    left: Distance | None = None

    @property
    def word(self) -> str:
        return WORDS[self.state]


def phases(bureau: str, quarter: Quarter, today: date) -> tuple[Phase, ...]:
    """The eight steps in order; the first that is not done is the current one."""
    ends = planning.deadlines(bureau, str(quarter))
    steps = [
        *_plan_steps(bureau, str(quarter), ends),
        *_draw_steps(ends),
        _visit_step(ends),
        _publication_step(ends),
        _report_step(ends),
    ]
    current = next((n for n, step in enumerate(steps) if step.state != DONE), None)
    return tuple(_current(step, today) if n == current else step for n, step in enumerate(steps))


def _current(step: Phase, today: date) -> Phase:
    left = distance(step.last.on, today) if step.last else None
    state = LATE if left and left.is_late else RUNNING
    return replace(step, state=state, is_current=True, left=left)


def _plan_steps(bureau: str, quarter: str, ends: planning.DeadlineSet) -> list[Phase]:
    """The snapshot is frozen and the sites are classified in the act that computes the plan."""
    state = planning.state_of(bureau, quarter)
    computed = DONE if state else WAITING
    made = {None: WAITING, PlanState.APPROVED: DONE}.get(state, RUNNING)
    return [_plan_step("快照", computed, ends), _plan_step("分类", computed, ends),
            _plan_step("计划", made, ends)]  # fmt: skip


def _plan_step(name: str, state: str, ends: planning.DeadlineSet) -> Phase:
    return Phase(
        name=name, state=state, view="planning:quarter", power=Power.SEE_PLAN, last=ends.task
    )


def _draw_steps(ends: planning.DeadlineSet) -> list[Phase]:
    """The list is drawn, and then sealed, in front of witnesses."""
    room = {"抽取": WAITING, "密封": WAITING}
    return [
        Phase(name=name, state=state, view="drawing:home", power=Power.SEE_DRAW, last=ends.task)
        for name, state in room.items()
    ]


def _visit_step(ends: planning.DeadlineSet) -> Phase:
    return Phase(
        name="检查", state=WAITING, view="inspection:home", power=Power.SEE_VISITS, last=ends.task
    )


def _publication_step(ends: planning.DeadlineSet) -> Phase:
    return Phase(
        name="公示",
        state=WAITING,
        view="publication:home",
        power=Power.SEE_PUBLICATION,
        last=ends.forms,
    )


def _report_step(ends: planning.DeadlineSet) -> Phase:
    return Phase(
        name="报送",
        state=WAITING,
        view="reporting:home",
        power=Power.SEE_STATISTICS,
        last=ends.statistics,
    )
