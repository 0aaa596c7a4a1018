"""The draw: each step waits for somebody else, and each sees only the step that is theirs."""

from collections.abc import Iterator

from gongchou.core.powers import Power
from gongchou.core.terms import DrawState, PlanState
from gongchou.desk.waiting.rows import Desk, Todo, address
from gongchou.drawing import reads as draws
from gongchou.drawing.reads import DrawRow
from gongchou.planning import reads as plans


def todos(desk: Desk) -> Iterator[Todo]:
    if desk.may(Power.FREEZE_DRAW):
        yield from _to_freeze(desk)
    if desk.may(Power.SEE_DRAW):
        for row in _live(desk):
            yield from _step(desk, row)
    if desk.may(Power.HOLD_KEY):
        yield from _openings(desk)
    if desk.may(Power.DISPATCH_VISIT):
        yield from _due(desk)


def _live(desk: Desk) -> list[DrawRow]:
    return [
        row
        for quarter in desk.quarters
        for row in draws.draws(desk.bureau, str(quarter))
        if row.state is not DrawState.VOID
    ]


def _to_freeze(desk: Desk) -> Iterator[Todo]:
    if plans.state_of(desk.bureau, str(desk.this)) is not PlanState.APPROVED:
        return
    tasks = plans.tasks(desk.bureau, str(desk.this))
    waiting = [task for task in tasks if draws.draw_of_task(task.ref) is None]
    if waiting:
        yield Todo(
            act="冻结抽取底册",
            says=f"计划已批准，“{waiting[0].name}”还没有开始抽取。",
            url=address("drawing:home", quarter=desk.this),
            due=plans.deadlines(desk.bureau, str(desk.this)).task.on,
        )


def _step(desk: Desk, row: DrawRow) -> Iterator[Todo]:
    """At most one thing this person may do with this draw now."""
    mine = {c.person_ref for c in row.contributions}
    found: dict[DrawState, tuple[Power, bool, str, str]] = {
        DrawState.FROZEN: (
            Power.CONTRIBUTE,
            desk.actor.ref not in mine,
            "提交随机贡献",
            "底册已经冻结，公告之前须由监督人员和保密小组成员提交随机贡献。",
        ),
        DrawState.ANNOUNCED: (
            Power.ENTER_CLOSING,
            row.typed_by_ref != desk.actor.ref,
            "复核收口值" if row.typed_by_ref else "录入收口值",
            "抽取公告已经发布；收口值公布之后，由两人各录入一遍。",
        ),
        DrawState.DRAWN: (
            Power.WITNESS_DRAW,
            desk.actor.ref not in {c.person_ref for c in row.confirmations},
            "确认抽取",
            "已经抽取，请现场监督人员核对后确认。",
        ),
    }
    power, is_open, act, says = found.get(row.state, (Power.SEE_DRAW, False, "", ""))
    if is_open and desk.may(power):
        yield Todo(act=act, says=f"{row.draw_id}：{says}", url=address("drawing:draw", row.ref))


def _openings(desk: Desk) -> Iterator[Todo]:
    rows = draws.openings(desk.bureau, only_open=True)
    mine = [row for row in rows if desk.actor.ref not in row.agreed_refs]
    if mine:
        what = "、".join(dict.fromkeys(row.purpose.label for row in mine))
        yield Todo(
            act="开启名单",
            says=f"{mine[-1].asked_by}等申请{what}，须由 {mine[0].threshold} 位保管人各输入口令。",
            url=address("drawing:openings"),
        )


def _due(desk: Desk) -> Iterator[Todo]:
    """Places of the list whose day has come and that nobody has asked to release."""
    for row in _live(desk):
        if row.state not in (DrawState.SEALED, DrawState.PUBLISHED):
            continue
        days = [
            place.planned_on
            for place in draws.schedule(row.ref)
            if place.state == "sealed" and place.planned_on <= desk.today
        ]
        if days:
            yield Todo(
                act="申请启封",
                says=f"{row.draw_id}：按日程有 {len(days)} 家今天或之前应当检查，名单还没有启封。",
                url=address("drawing:draw", row.ref),
                due=min(days),
                is_late=min(days) < desk.today,
            )
