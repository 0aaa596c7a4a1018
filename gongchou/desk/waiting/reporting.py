"""What the quarter that has ended still asks of the office, until a record says it is done."""

from collections.abc import Iterator

from gongchou.core.powers import Power
from gongchou.core.terms import PackageState, PlanState
from gongchou.desk.waiting.rows import Desk, Todo, address, is_past
from gongchou.planning import reads as plans
from gongchou.reporting import package_reads, summary_reads
from gongchou.reporting import reads as tables
from gongchou.reporting.package_reads import PackagePage


def todos(desk: Desk) -> Iterator[Todo]:
    ended = str(desk.this.previous())
    if not desk.may(Power.MAKE_STATISTICS):
        return
    if plans.state_of(desk.bureau, ended) is not PlanState.APPROVED:
        return
    if not tables.has_table(desk.bureau, ended):
        yield _todo(desk, "生成季度统计表", "已经结束，核对数字后生成统计表并报送。")
    if not summary_reads.has_summary(desk.bureau, ended):
        yield _todo(desk, "起草工作总结", "已经结束，起草工作总结，选好典型案例。")
    elif tables.has_table(desk.bureau, ended):
        yield from _package(desk, package_reads.packages(desk.bureau, ended))


def _package(desk: Desk, found: tuple[PackagePage, ...]) -> Iterator[Todo]:
    """The next step of the newest package."""
    if not found:
        yield _todo(desk, "组成报送材料", "的统计表和工作总结都有了，核对后组成报送材料。")
        return
    newest = found[0]
    if newest.state is PackageState.INCOMPLETE:
        lack = len(newest.missing)
        yield _todo(desk, "补齐报送材料", f"的报送材料还缺 {lack} 件，盖章扫描后加进来。", newest)
    elif newest.state is PackageState.READY:
        yield _todo(desk, "报送季度材料", "的报送材料已齐，报送后登记。", newest)
    elif newest.state is PackageState.SENT:
        says = "的材料已报送，收到上级回执后登记签收。"
        yield _todo(desk, "登记上级签收", says, newest, has_day=False)


def _todo(
    desk: Desk, act: str, says: str, package: PackagePage | None = None, *, has_day: bool = True
) -> Todo:
    ended = desk.this.previous()
    last = plans.deadlines(desk.bureau, str(ended)).statistics.on
    home = address("reporting:home", quarter=ended)
    return Todo(
        act=act,
        says=f"{ended.label}{says}",
        url=address("reporting:package", package.ref) if package else home,
        due=last if has_day else None,
        is_late=has_day and is_past(last, desk.today),
    )
