"""The steps of the ceremony with their marks, as the left of the page shows them."""

from dataclasses import dataclass

from gongchou.core.terms import DrawState
from gongchou.drawing.duties import missing_parties
from gongchou.drawing.reads import DrawRow

DONE, CURRENT, WAITING = "done", "running", "waiting"
WORDS = {DONE: "已完成", CURRENT: "现在", WAITING: "未到"}
BALLOT_STEPS = ("冻结", "公告", "摇号", "抽取", "确认", "密封", "启封", "公开")
STEPS = ("冻结", "各方承诺", "公告", "收口", "揭示", "抽取", "确认", "密封", "启封", "公开")


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaStep:
    name: str
    state: str

    @property
    def word(self) -> str:
        return WORDS[self.state]


def current(draw: DrawRow, *, sealed_left: int) -> str:
    """The step that is to be taken now; "" where there is none any more."""
    match draw.state:
        case DrawState.FROZEN:
            return "各方承诺" if missing_parties(draw) else "公告"
        case DrawState.ANNOUNCED:
            return "摇号" if draw.is_ballot else "收口"
        case DrawState.CLOSED:
            return "抽取" if draw.no_team else "揭示"
        case DrawState.DRAWN:
            return "确认"
        case DrawState.SEALED:
            return "启封" if sealed_left else "公开"
    return ""


def agenda(draw: DrawRow, *, sealed_left: int) -> tuple[AgendaStep, ...]:
    """All steps in order; those of a void draw stay as far as they had come."""
    now = current(draw, sealed_left=sealed_left)
    steps = BALLOT_STEPS if draw.is_ballot else STEPS
    if draw.state is DrawState.VOID:
        passed = (draw.contributions, draw.announced_at, draw.closed_at, draw.no_team)
        done = 1 + sum(map(bool, passed))
        return tuple(_step(name, n, done, "") for n, name in enumerate(steps))
    done = steps.index(now) if now else len(steps)
    return tuple(_step(name, n, done, now) for n, name in enumerate(steps))


def _step(name: str, place: int, done: int, now: str) -> AgendaStep:
    state = CURRENT if name == now else (DONE if place < done else WAITING)
    return AgendaStep(name=name, state=state)
