"""The draw: each step waits for somebody else, and each sees only the step that is theirs."""

from collections.abc import Iterator

from gongchou.accounts import reads as accounts
from gongchou.core.powers import Power
from gongchou.core.terms import DrawState, PlanState, VoidState
from gongchou.desk.waiting.rows import Desk, Todo, address
from gongchou.drawing import duties, joint_pages, log_reads, separation, void_reads
from gongchou.drawing import reads as draws
from gongchou.drawing.reads import DrawRow
from gongchou.planning import reads as plans

# One alone opens nothing.
FEWEST_CUSTODIANS = 2


def todos(desk: Desk) -> Iterator[Todo]:
    if desk.may(Power.FREEZE_DRAW):
        yield from _to_freeze(desk)
    if desk.may(Power.SEE_DRAW):
        for row in desk.draws:
            yield from _step(desk, row)
    yield from _of_department(desk)
    if desk.may(Power.HOLD_KEY):
        yield from _keys(desk)
        yield from _openings(desk)
    if desk.may(Power.DISPATCH_VISIT):
        yield from _due(desk)
    if desk.may(Power.DECIDE_VOID):
        yield from _voids(desk)
    if desk.may(Power.WITNESS_LOG):
        yield from _heads(desk)


def _to_freeze(desk: Desk) -> Iterator[Todo]:
    if plans.state_of(desk.bureau, str(desk.this)) is not PlanState.APPROVED:
        return
    tasks = plans.tasks(desk.bureau, str(desk.this))
    open_ = [task for task in tasks if task.is_drawable and draws.draw_of_task(task.ref) is None]
    barred = separation.barred_tasks([task.ref for task in open_], desk.actor)
    waiting = [task for task in open_ if task.ref not in barred]
    if waiting:
        yield Todo(
            act="冻结抽取底册",
            says=f"计划已批准，“{waiting[0].name}”还没有开始抽取。",
            url=address("drawing:home", quarter=desk.this),
            due=plans.deadlines(desk.bureau, str(desk.this)).task.on,
        )


# Field of the acts, the button, and what the person should know. At most one holds at a time.
STEPS = (
    ("commit", "提交随机贡献", "底册已经冻结，公告之前须由监督人员和保密小组各方提交。"),
    ("announce", "发布抽取公告", "各方的随机贡献已经齐全，可以发布公告。"),
    ("enter", "录入收口值", "公告已经发布；收口值当众产生之后，由两人各录入一遍。"),
    ("confirm_typed", "复核收口值", "已有一人录入，请在自己的账号独立录入一遍。"),
    ("reveal", "揭示随机贡献", "已经收口，请逐字输入承诺时写下的文字。"),
    ("agree_void", "同意收口后作废", "有人申请收口后作废，请核对事由后同意或不同意。"),
    ("witness", "确认抽取", "已经抽取，请核对后确认，两人确认即密封名单。"),
    ("publish", "公开抽取记录", "名单已经全部启封，可以公开全记录。"),
)


def _step(desk: Desk, row: DrawRow) -> Iterator[Todo]:
    """The thing this person may do with this draw now."""
    left = sum(place.state != "released" for place in draws.schedule(row.ref))
    mine = duties.acts(desk.actor, row, sealed_left=left)
    for field, act, says in STEPS:
        is_needed = field != "commit" or bool(duties.missing_parties(row))
        if getattr(mine, field) and is_needed:
            url = address("drawing:draw", row.ref)
            yield Todo(act=act, says=f"{_name_of(desk, row)}：{says}", url=url)


def _name_of(desk: Desk, row: DrawRow) -> str:
    """A draw as the page of draws calls it; the number tells one repeated draw from another."""
    tasks = plans.tasks(desk.bureau, row.quarter)
    name = next((task.name for task in tasks if task.ref == row.task), "")
    return f"“{name}”（{row.draw_id}）" if name else row.draw_id


def _of_department(desk: Desk) -> Iterator[Todo]:
    """What a joint draw asks of a partner department: its first promise, and every reveal."""
    for row in joint_pages.duties(desk.actor, desk.today):
        url = address("drawing:joint")
        if row.may_commit and not row.given:
            says = f"{row.task}：底册已经冻结，贵部门可以在公告之前提交一份随机贡献。"
            yield Todo(act="提交随机贡献", says=says, url=url)
        elif row.may_reveal:
            says = f"{row.task}：已经收口，请逐字输入承诺时写下的文字。"
            yield Todo(act="揭示随机贡献", says=says, url=url)


def _voids(desk: Desk) -> Iterator[Todo]:
    """Voids behind the closing that wait for the word of the superior."""
    codes = [row.code for row in accounts.watched(desk.bureau)]
    for row in void_reads.of_bureaus(codes, only=VoidState.APPROVED):
        says = f"{row.bureau_name}申请作废 {row.draw}：{row.ground.label}。"
        yield Todo(act="决定收口后作废", says=says, url=address("drawing:witness"))


def _heads(desk: Desk) -> Iterator[Todo]:
    """Heads of the logs that this bureau watches and has not cosigned yet."""
    for bureau in accounts.watched(desk.bureau):
        heads = log_reads.heads(bureau.code)
        if heads and not heads[-1].cosigned_by:
            says = f"{bureau.name}的抽取日志有 {heads[-1].size} 条，树根已签署，等您见证。"
            url = address("drawing:witness", bureau=bureau.code)
            yield Todo(act="见证抽取日志", says=says, url=url)


def _keys(desk: Desk) -> Iterator[Todo]:
    """The list cannot be sealed before the custodians have their key."""
    if draws.secrecy_key(desk.bureau) is not None:
        return
    enrolled = {custodian.person_ref for custodian in draws.custodians(desk.bureau)}
    url = address("drawing:keys")
    if desk.actor.ref not in enrolled:
        says = "设一个只有您知道的口令；以后开启名单要用它。"
        yield Todo(act="登记为名单保管人", says=says, url=url)
    elif len(enrolled) >= FEWEST_CUSTODIANS:
        says = f"已有 {len(enrolled)} 人登记，建立密钥之后才能冻结抽取底册。"
        yield Todo(act="建立保密密钥", says=says, url=url)


def _openings(desk: Desk) -> Iterator[Todo]:
    rows = draws.openings(desk.bureau, only_open=True)
    mine = [row for row in rows if desk.actor.ref not in row.agreed_refs]
    if mine:
        what = "、".join(dict.fromkeys(row.purpose.label for row in mine))
        yield Todo(
            act="开启名单",
            says=f"{mine[-1].asked_by}等申请{what}，须由 {mine[0].threshold} 位保管人各输入口令。",
            url=address("drawing:keys"),
        )


def _due(desk: Desk) -> Iterator[Todo]:
    """Places of the list whose day has come and that nobody has asked to release."""
    for row in desk.draws:
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
