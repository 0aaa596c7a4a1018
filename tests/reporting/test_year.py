"""A year closed quarter by quarter on the pages, as a clerk would, from table to receipt."""

import io
import re
from datetime import date, datetime, time, timedelta

import pytest

from gongchou.config import nightly
from gongchou.config.job_table import JOBS
from gongchou.core.terms import PackagePart, PackageState, StatisticsVersion, VisitResult
from gongchou.core.workdays import Quarter, add_workdays, written_day
from gongchou.desk import waiting
from gongchou.law.load import load_calendar
from gongchou.planning import actions as planning
from gongchou.planning import reads as plans
from gongchou.reporting import package_reads, reads, summary_reads
from gongchou.web import clock
from tests.conftest import BUREAU
from tests.reporting.quarters import make_registers, make_visit
from tests.reporting.test_packages import _own_storage, blank, scanned  # noqa: F401

ASKED = {"生成季度统计表", "起草工作总结", "组成报送材料", "补齐报送材料", "报送季度材料"}
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

    def upload(self, ref: str, part: str, code: str = "", content: bytes = b"") -> None:
        self.send(f"package/{ref}/scan/", part=part, scan=self.scan(content), typed=code)

    def scan(self, content: bytes = b"") -> io.BytesIO:
        found = io.BytesIO(content or blank())
        found.name = "扫描"
        return found

    def sees(self, url: str) -> str:
        return self.client.get(f"/statistics/{url}").content.decode()

    def is_refused(self, url: str, says: str, **fields) -> bool:
        answer = self.client.post(f"/statistics/{url}", fields, follow=True)
        return says in answer.content.decode()

    def misplaces_a_number(self, ref: str, quarter: Quarter) -> str:
        """One number typed wrong is marked and holds the package back, until it is put right."""
        [right] = re.findall(
            r'(?s)name="text:1.1.key"[^>]*>([^<]*)<', self.sees(f"summary/{ref}/edit/")
        )
        wrong = re.sub(r"完成(\d+)家", lambda found: f"完成{int(found[1]) + 7}家", right)
        assert wrong != right
        ref = self.write(ref, **{"1.1.key": wrong})
        assert "两者不符。请改正文字" in self.sees(f"summary/{ref}/")
        assert self.is_refused("package/make/", "工作总结还有 1 处要改", quarter=str(quarter))
        return self.write(ref, **{"1.1.key": right})


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
    done |= {"reviewed_at": begun + timedelta(days=21), "submitted_by": "U-li"}
    done |= {"submitted_at": begun + timedelta(days=20), "submitted_by_name": "李执法"}
    case = VisitResult.CASE_FILED.value
    make_visit(2 * number, **done)
    make_visit(2 * number + 1, problem_count=2, visit_result=case, **done)


def papers_in(clerk: Clerk, quarter: Quarter, *visits: str) -> None:
    """The signed papers of the visits are taken in, until the ledger owes none."""
    ledger = f"/visits/paper/?quarter={quarter}"
    today = clock.day_of(clock.now()).isoformat()
    assert all(visit in clerk.client.get(ledger).content.decode() for visit in visits)
    for visit in visits:
        answer = clerk.client.post(f"/visits/{visit}/paper/receive/", {"on": today})
        assert answer.url == ledger
    assert "登记收到</button>" not in clerk.client.get(ledger).content.decode()


def sends_the_summary_ahead(clerk: Clerk, quarter: Quarter) -> str:
    """Five working days before the quarter ends the summary goes alone; returns its package."""
    ref = clerk.send("summary/draft/", quarter=str(quarter))
    page = clerk.sees(f"summary/{ref}/")
    assert f"本文数字统计到{written_day(clock.day_of(clock.now()))}" in page
    asked = {"2.4.text": "培训在季度末进行。", "3.none": "典型案例尚在办理。"}
    clerk.write(ref, **asked)
    package = clerk.send("package/make/", quarter=str(quarter))
    page = clerk.sees(f"package/{package}/")
    assert "季度结束前单报工作总结" in page
    assert "公示截图" not in page
    [code] = re.findall(r"核对码 <code>([0-9a-f ]+)</code>", page)
    asked = {"part": "statistics", "scan": clerk.scan(), "typed": code}
    assert clerk.is_refused(f"package/{package}/scan/", "不含季度统计表", **asked)
    clerk.upload(package, "summary", code, blank(9))
    today = clock.day_of(clock.now()).isoformat()
    who = "某市生态环境局（虚构）"
    clerk.send(f"package/{package}/send/", sent_on=today, to_whom=who, channel="公文交换")
    clerk.send(f"package/{package}/receive/", received_on=today, received_by=who, number="")
    return package


def asked_of(chen, quarter: Quarter, today: date) -> set[str]:
    """What of the quarter's reporting lies on the desk."""
    return ASKED & {todo.act for todo in waiting.todos(chen, today) if quarter.label in todo.says}


def close(clerk: Clerk, quarter: Quarter, visit: str) -> str:
    """From the table that was there in the morning to the receipt; returns the package."""
    ref = clerk.send("summary/draft/", quarter=str(quarter))
    ref = clerk.write(ref, **BY_HAND)
    ref = clerk.send(f"summary/{ref}/pick/", visit=visit)
    ref = clerk.write(ref, **{f"3.case/{visit}/basis": "依据：某条例。"})
    clerk.misplaces_a_number(ref, quarter)
    package = clerk.send("package/make/", quarter=str(quarter))
    page = clerk.client.get(f"/statistics/package/{package}/").content.decode()
    assert "登记报送</button>" not in page
    codes = re.findall(r"核对码 <code>([0-9a-f ]+)</code>", page)
    paper = scanned(package, PackagePart.STATISTICS, form="PDF")
    asked = {"part": "summary", "scan": clerk.scan(paper), "typed": ""}
    assert clerk.is_refused(f"package/{package}/scan/", "不是同一份，没有保存", **asked)
    clerk.upload(package, "statistics", content=paper)
    clerk.upload(package, "summary", codes[1], blank(9))
    assert "登记报送</button>" not in clerk.sees(f"package/{package}/")
    clerk.upload(package, "publicity")
    today = clock.day_of(clock.now()).isoformat()
    sent = {"to_whom": "某市生态环境局（虚构）", "channel": "公文交换"}
    clerk.send(f"package/{package}/send/", sent_on=today, **sent)
    who = "某市生态环境局办公室（虚构）"
    clerk.send(f"package/{package}/receive/", received_on=today, received_by=who, number="")
    return package


def corrects(clerk: Clerk, quarter: Quarter, sent: str) -> None:
    """A visit reviewed after the sending: a corrected table, beside what stays as it was sent."""
    day = quarter.last - timedelta(days=10)
    make_visit(20, quarter=str(quarter), planned_on=day, ended_on=day, reviewed_at=clock.now())
    clerk.send("make/", quarter=str(quarter), reason="补审一次检查")
    found = reads.current(BUREAU, str(quarter))
    assert (found.version, found.number) == (StatisticsVersion.CORRECTED, 2)
    moved = {row.label: (row.was, row.now) for row in found.body.differences}
    assert moved["现场抽查合计　完成家数"] == ("2", "3")
    assert "统计表" in clerk.sees(f"package/{sent}/")
    assert package_reads.package(sent, BUREAU).state is PackageState.RECEIVED
    assert package_reads.changed_since(package_reads.package(sent, BUREAU), BUREAU)


def test_the_table_is_made_five_minutes_after_midnight():
    [job] = [one for one in JOBS if one.name == "make_statistics"]
    assert job.cron == "5 0 * * *"


def test_a_clerk_closes_the_year_quarter_by_quarter(bureau, chen, leader, signed_in, stand):
    make_registers(chen)
    clerk, calendar = Clerk(signed_in(chen)), load_calendar()
    for number, quarter in enumerate(YEAR, start=1):
        work(quarter, number, stand(add_workdays(quarter.first, 3, calendar), 9), chen, leader)
        task_day = plans.deadlines(BUREAU, str(quarter)).task.on
        stand(task_day, 9)
        assert "起草工作总结" in asked_of(chen, quarter, task_day)
        ahead = package_reads.package(sends_the_summary_ahead(clerk, quarter), BUREAU)
        assert asked_of(chen, quarter, task_day) == set()
        stand(quarter.last - timedelta(days=3), 10)
        papers_in(clerk, quarter, f"V{2 * number}", f"V{2 * number + 1}")
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
        assert asked_of(chen, quarter, due) == set()
        assert [part.part for part in ahead.parts] == [PackagePart.SUMMARY]
        papers = [row for row in found.body.rows if row.quarter.key == "forms_in"]
        assert [(row.quarter.count, row.year.count) for row in papers] == [(2, 2 * number)]
    compared = clerk.sees("compare/?quarter=2026Q4")
    assert all(quarter.label in compared for quarter in YEAR)
    corrects(clerk, YEAR[-1], package.ref)
