"""What a quarter still asks of the office, until a record says it is done.

The summary is due before the quarter ends; everything else after it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from gongchou.core.powers import Power
from gongchou.core.terms import PackageState, PlanState
from gongchou.core.workdays import Quarter
from gongchou.desk.waiting.rows import Desk, Todo, address, is_past
from gongchou.planning import reads as plans
from gongchou.reporting import package_reads, summary_reads
from gongchou.reporting import reads as tables
from gongchou.reporting.package_reads import PackagePage


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A quarter whose papers are owed, and their last day."""

    quarter: Quarter
    last: date


def todos(desk: Desk) -> Iterator[Todo]:
    if desk.may(Power.MAKE_STATISTICS):
        yield from _ahead(desk)
        yield from _ended(desk)


def _ahead(desk: Desk) -> Iterator[Todo]:
    """The summary of the running quarter, from the first day of its last month."""
    this = str(desk.this)
    if desk.today < desk.this.last.replace(day=1):
        return
    if plans.state_of(desk.bureau, this) is not PlanState.APPROVED:
        return
    due = Due(quarter=desk.this, last=plans.deadlines(desk.bureau, this).task.on)
    if summary_reads.has_summary(desk.bureau, this):
        yield from _package(desk, due, package_reads.packages(desk.bureau, this))
    else:
        yield _todo(desk, due, "起草工作总结", "结束以前要报送工作总结，请起草，选好典型案例。")


def _ended(desk: Desk) -> Iterator[Todo]:
    before = desk.this.previous()
    ended = str(before)
    if plans.state_of(desk.bureau, ended) is not PlanState.APPROVED:
        return
    due = Due(quarter=before, last=plans.deadlines(desk.bureau, ended).statistics.on)
    has_table = tables.has_table(desk.bureau, ended)
    if not has_table:
        yield _todo(desk, due, "生成季度统计表", "已经结束，核对数字后生成统计表并报送。")
    if not summary_reads.has_summary(desk.bureau, ended):
        yield _todo(desk, due, "起草工作总结", "已经结束，起草工作总结，选好典型案例。")
    elif has_table:
        found = package_reads.packages(desk.bureau, ended)
        yield from _package(desk, due, tuple(one for one in found if not one.is_ahead))


def _package(desk: Desk, due: Due, found: tuple[PackagePage, ...]) -> Iterator[Todo]:
    """The next step of the newest package."""
    if not found:
        what = "统计表和工作总结都" if due.quarter < desk.this else "工作总结"
        yield _todo(desk, due, "组成报送材料", f"的{what}有了，核对后组成报送材料。")
        return
    newest = found[0]
    if newest.state is PackageState.INCOMPLETE:
        lack = len(newest.missing)
        yield _todo(
            desk, due, "补齐报送材料", f"的报送材料还缺 {lack} 件，盖章扫描后加进来。", newest
        )
    elif newest.state is PackageState.READY:
        yield _todo(desk, due, "报送季度材料", "的报送材料已齐，报送后登记。", newest)
    elif newest.state is PackageState.SENT:
        says = "的材料已报送，收到上级回执后登记签收。"
        yield _todo(desk, due, "登记上级签收", says, newest, has_day=False)


def _todo(
    desk: Desk,
    due: Due,
    act: str,
    says: str,
    package: PackagePage | None = None,
    *,
    has_day: bool = True,
) -> Todo:
    home = address("reporting:home", quarter=due.quarter)
    return Todo(
        act=act,
        says=f"{due.quarter.label}{says}",
        url=address("reporting:package", package.ref) if package else home,
        due=due.last if has_day else None,
        is_late=has_day and is_past(due.last, desk.today),
    )
