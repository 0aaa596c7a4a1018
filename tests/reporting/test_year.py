"""A year closed quarter by quarter on the pages, as a clerk would, from table to receipt."""

import io
import re
from datetime import datetime, time, timedelta

import pytest

from gongchou.config import nightly
from gongchou.config.job_table import JOBS
from gongchou.core.terms import PackageState, StatisticsVersion, VisitResult
from gongchou.core.workdays import Quarter, add_workdays
from gongchou.desk import waiting
from gongchou.law.load import load_calendar
from gongchou.planning import actions as planning
from gongchou.planning import reads as plans
from gongchou.reporting import package_reads, reads, summary_reads
from gongchou.web import clock
from tests.conftest import BUREAU
from tests.reporting.quarters import make_registers, make_visit
from tests.reporting.test_packages import _own_storage, blank  # noqa: F401

YEAR = [Quarter.parse(f"2026Q{n}") for n in range(1, 5)]
BY_HAND = {"2.4.text": "本季度没有开展培训。"}


class Clerk:
    """陈组长 at her browser; every step is a form of a page, and leads to the next page."""

    def __init__(self, client) -> None:
        self.client = client

    def send(self, url: str, **fields) -> str:
        answer = self.client.post(f"/statistics/{url}", fields, follow=True)
        assert answer.status_code == 200, answer.content.decode()
        return answer.redirect_chain[-1][0].split("/")[3]

    def write(self, ref: str, **texts: str) -> str:
        page = self.client.get(f"/statistics/summary/{ref}/edit/").content.decode()
        assert all(f'name="text:{key}"' in page for key in texts)
        head = {"addressee": "某市生态环境局（虚构）", "document_number": ""}
        fields = {f"text:{key}": text for key, text in texts.items()}
        return self.send(f"summary/{ref}/edit/", **head, **fields)

    def upload(self, ref: str, part: str, code: str = "") -> None:
        scan = io.BytesIO(blank())
        scan.name = "扫描.jpg"
        self.send(f"package/{ref}/scan/", part=part, scan=scan, typed=code)


@pytest.fixture
def stand(monkeypatch):
    """Lets the house stand at an hour of a day."""

    def at(day, hour: int, minute: int = 0) -> datetime:
        instant = datetime.combine(day, time(hour, minute), tzinfo=clock.SHANGHAI)
        monkeypatch.setattr(clock, "now", lambda: instant)
        return instant

    return at


def work(quarter: Quarter, number: int, begun: datetime, chen, leader) -> None:
    """An approved plan, a clean visit and one that ended with a case."""
    plan = planning.compute_plan(str(quarter), by=chen, at=begun)
    planning.approve_plan(plan, by=leader, at=begun)
    day = begun.date() + timedelta(days=20)
    done = {"quarter": str(quarter), "planned_on": day, "ended_on": day, "dispatched_at": begun}
    done |= {"reviewed_at": begun + timedelta(days=21)}
    case = VisitResult.CASE_FILED.value
    make_visit(2 * number, **done)
    make_visit(2 * number + 1, problem_count=2, visit_result=case, **done)


def close(clerk: Clerk, quarter: Quarter, visit: str) -> str:
    """From the table that was there in the morning to the receipt; returns the package."""
    ref = clerk.send("summary/draft/", quarter=str(quarter))
    ref = clerk.write(ref, **BY_HAND)
    ref = clerk.send(f"summary/{ref}/pick/", visit=visit)
    clerk.write(ref, **{f"3.case/{visit}/basis": "依据：某条例。"})
    package = clerk.send("package/make/", quarter=str(quarter))
    page = clerk.client.get(f"/statistics/package/{package}/").content.decode()
    assert "登记报送</button>" not in page
    codes = re.findall(r"核对码 <code>([0-9a-f ]+)</code>", page)
    for part, code in zip(("statistics", "summary"), codes, strict=True):
        clerk.upload(package, part, code)
    clerk.upload(package, "publicity")
    today = clock.day_of(clock.now()).isoformat()
    sent = {"to_whom": "某市生态环境局（虚构）", "channel": "公文交换"}
    clerk.send(f"package/{package}/send/", sent_on=today, **sent)
    who = "某市生态环境局办公室（虚构）"
    clerk.send(f"package/{package}/receive/", received_on=today, received_by=who, number="")
    return package


def test_the_table_is_made_five_minutes_after_midnight():
    [job] = [one for one in JOBS if one.name == "make_statistics"]
    assert job.cron == "5 0 * * *"


def test_a_clerk_closes_the_year_quarter_by_quarter(bureau, chen, leader, signed_in, stand):
    make_registers(chen)
    clerk, calendar = Clerk(signed_in(chen)), load_calendar()
    for number, quarter in enumerate(YEAR, start=1):
        work(quarter, number, stand(add_workdays(quarter.first, 3, calendar), 9), chen, leader)
        due = plans.deadlines(BUREAU, str(quarter)).statistics.on
        stand(due - timedelta(days=1), 0, 5)
        nightly.make_statistics()
        assert not reads.has_table(BUREAU, str(quarter))
        stand(due, 0, 5)
        nightly.make_statistics()
        stand(due, 9)
        package = package_reads.package(close(clerk, quarter, f"V{2 * number + 1}"), BUREAU)
        assert package.state is PackageState.RECEIVED
        found = reads.current(BUREAU, str(quarter))
        assert (found.version, found.number) == (StatisticsVersion.PRELIMINARY, 1)
        [done] = [row for row in found.body.rows if row.quarter.key == "done.key"]
        assert (done.quarter.count, done.year.count) == (2, 2 * number)
        assert summary_reads.current(BUREAU, str(quarter), due).blocking == ()
        before = reads.held(BUREAU, quarter).digest
        nightly.build_facts()
        assert reads.held(BUREAU, quarter).digest == before
        asked = ("生成季度统计表", "起草工作总结", "组成报送材料", "补齐报送材料", "报送季度材料")
        acts = [todo.act for todo in waiting.todos(chen, due) if quarter.label in todo.says]
        assert not set(acts) & set(asked)
