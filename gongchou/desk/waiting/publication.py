"""What shall become public: to approve, to publish, to mend; each with the law's last day."""

from collections.abc import Iterator

from gongchou.core.powers import Power
from gongchou.core.terms import PublicationState
from gongchou.desk.waiting.rows import Desk, Todo, address, is_past
from gongchou.publication import due, outward
from gongchou.publication import reads as publications
from gongchou.publication.reads import DocumentRow


def todos(desk: Desk) -> Iterator[Todo]:
    if desk.may(Power.APPROVE_PUBLICATION):
        rows = _in(desk, PublicationState.PENDING)
        others = [row for row in rows if row.proposed_by_ref != desk.actor.ref]
        yield from _todo(desk, "批准公示", others, "等待批准")
    if desk.may(Power.PUBLISH):
        yield from _revoked(desk)
        yield from _permit(desk)
        yield from _todo(
            desk, "办理公示", _in(desk, PublicationState.APPROVED), "已经批准，等待公示"
        )
    if desk.may(Power.PROPOSE_PUBLICATION):
        rows = _in(desk, PublicationState.RETURNED)
        yield from _todo(desk, "修改后重新提出公示", rows, "被退回")
        yield from _results(desk)
        yield from _changed(desk)


def _revoked(desk: Desk) -> Iterator[Todo]:
    """Decisions that were revoked and are still told of: out the same day."""
    rows = due.revoked_results(desk.bureau, desk.today)
    if rows:
        yield Todo(
            act="撤下已撤销的处罚",
            says=f"{rows[0].subject}等 {len(rows)} 件决定已撤销、仍在公示，目标是当天撤下。",
            url=address("publication:home") + "#revoked",
            due=rows[0].deadline.on,
            is_late=is_past(rows[0].deadline.on, desk.today),
        )


def _permit(desk: Desk) -> Iterator[Todo]:
    """Visits of permit holders that do not stand on the permit platform yet."""
    for quarter in desk.quarters:
        rows = outward.permits_waiting(desk.bureau, str(quarter), desk.today)
        if not rows:
            continue
        last = min(deadline.on for _, deadline in rows)
        yield Todo(
            act="在许可平台填报检查",
            says=f"{rows[0][0]}等 {len(rows)} 次持证单位的检查还没有登记填报。",
            url=address("publication:permit", quarter=quarter),
            due=last,
            is_late=is_past(last, desk.today),
        )


def _results(desk: Desk) -> Iterator[Todo]:
    """Reviewed visits that no notice holds yet."""
    rows = [row for row in due.result_due(desk.bureau, desk.today) if row.is_ready]
    if rows:
        last = rows[0].deadline.on
        yield Todo(
            act="提出公示检查结果",
            says=f"{rows[0].subject_name}等 {len(rows)} 次检查已审核，还没有提出公示。",
            url=address("publication:home"),
            due=last,
            is_late=is_past(last, desk.today),
        )


def _changed(desk: Desk) -> Iterator[Todo]:
    """Published results that read otherwise since, and that nobody is correcting."""
    rows = [row for row in due.changed_results(desk.bureau, desk.today) if not row.correction]
    if rows:
        last = min((row.deadline.on for row in rows if row.deadline), default=None)
        yield Todo(
            act="更正公示的结果",
            says=f"{rows[0].subject}等 {len(rows)} 条公示的结果有了新情况，应当更正。",
            url=address("publication:home") + "#changed",
            due=last,
            is_late=is_past(last, desk.today),
        )


def _in(desk: Desk, state: PublicationState) -> list[DocumentRow]:
    return list(publications.listed(desk.bureau, state=state))


def _todo(desk: Desk, act: str, rows: list[DocumentRow], how: str) -> Iterator[Todo]:
    if not rows:
        return
    days = sorted(row.deadline.on for row in rows if row.deadline)
    first = days[0] if days else None
    named = f"“{rows[0].title}”" + ("等" if len(rows) > 1 else "")
    yield Todo(
        act=act,
        says=f"{named} {len(rows)} 件{how}。",
        url=address("publication:home"),
        due=first,
        is_late=is_past(first, desk.today),
    )
