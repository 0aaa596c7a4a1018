"""The phase bar: how far the quarter has come, room by room, and what stands next."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from gongchou.core.powers import Power
from gongchou.core.terms import DrawState, PlanState, VisitState
from gongchou.core.workdays import Deadline, Quarter
from gongchou.drawing import reads as drawing
from gongchou.inspection import reads as inspection
from gongchou.planning import reads as planning
from gongchou.publication import due
from gongchou.publication import reads as publication
from gongchou.reporting import package_reads, summary_reads
from gongchou.reporting import reads as reporting
from gongchou.web.distance import Distance, distance

DONE, RUNNING, WAITING = "done", "running", "waiting"
LATE = "late"
SEALED = frozenset({DrawState.SEALED, DrawState.PUBLISHED})
DRAWN = SEALED | {DrawState.DRAWN}
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
    told: str = ""

    @property
    def word(self) -> str:
        return self.told or WORDS[self.state]


def phases(bureau: str, quarter: Quarter, today: date) -> tuple[Phase, ...]:
    """The eight steps in order; the first that is not done is the current one."""
    word = str(quarter)
    ends, held = planning.deadlines(bureau, word), drawing.progress(bureau, word)
    required = sum(count for state, count in held if state in SEALED)
    steps = [
        *_plan_steps(bureau, word, ends),
        *_draw_steps(held, ends),
        _visit_step(required, inspection.random_counts(bureau, word), ends),
        _publication_step(required, publication.result_count(bureau, word), bureau, word),
        _report_step(bureau, word, ends),
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


def _draw_steps(held: tuple[tuple[DrawState, int], ...], ends: planning.DeadlineSet) -> list[Phase]:
    """The list is drawn, and then sealed, in front of witnesses."""
    states = {state for state, _ in held}
    drawn = DONE if states and states <= DRAWN else (RUNNING if states else WAITING)
    sealed = DONE if states and states <= SEALED else WAITING
    return [_draw_step("抽取", drawn, ends), _draw_step("密封", sealed, ends)]


def _draw_step(name: str, state: str, ends: planning.DeadlineSet) -> Phase:
    return Phase(name=name, state=state, view="drawing:home", power=Power.SEE_DRAW, last=ends.task)


def _visit_step(
    required: int, counts: Mapping[VisitState, int], ends: planning.DeadlineSet
) -> Phase:
    done = counts.get(VisitState.REVIEWED, 0)
    return Phase(
        name="检查",
        state=_state(done, required, is_begun=bool(counts)),
        view="inspection:home",
        power=Power.SEE_VISITS,
        last=ends.task,
        says=_sum(done, required),
    )


def _publication_step(required: int, done: int, bureau: str, quarter: str) -> Phase:
    """Each result has a last day of its own, counted from its visit; the soonest is shown."""
    return Phase(
        name="公示",
        state=_state(done, required, is_begun=bool(done)),
        view="publication:home",
        power=Power.SEE_PUBLICATION,
        last=due.soonest(bureau, quarter),
        says=_sum(done, required),
    )


def _report_step(bureau: str, quarter: str, ends: planning.DeadlineSet) -> Phase:
    """Done once the superior has confirmed the newest package; one that is sent has no day left."""
    sent = package_reads.sent(bureau, quarter)
    step = Phase(
        name="报送",
        state=WAITING,
        view="reporting:home",
        power=Power.SEE_STATISTICS,
        last=ends.statistics,
    )
    if sent:
        state = DONE if sent.is_received else RUNNING
        return replace(step, state=state, last=None, told="" if sent.is_received else "待签收",
                       says=sent.says)  # fmt: skip
    if package_reads.was_sent(bureau, quarter):
        return replace(step, state=RUNNING, last=None, says="另有一套更正材料还没有报送")
    if not reporting.has_table(bureau, quarter):
        return step
    has_both = summary_reads.has_summary(bureau, quarter)
    says = "材料还没有报送" if has_both else "统计表已生成，还没有工作总结"
    return replace(step, state=RUNNING, says=says)


def _state(done: int, required: int, *, is_begun: bool) -> str:
    if required and done >= required:
        return DONE
    return RUNNING if is_begun else WAITING


def _sum(done: int, required: int) -> str:
    if not required:
        return ""
    return f"已完成 {done} ／ 应完成 {required} 家，还差 {max(required - done, 0)} 家"
