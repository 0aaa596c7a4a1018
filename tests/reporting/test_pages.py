"""The page of the quarter's numbers: every number opens, tables are made and taken out."""

import json
import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.urls import reverse

from gongchou.config import nightly
from gongchou.config.cli import main
from gongchou.config.job_table import JOBS
from gongchou.core.terms import ImportKind
from gongchou.core.workdays import Quarter
from gongchou.jobs.registry import function_of
from gongchou.registry import actions as registry
from gongchou.reporting import actions, reads
from gongchou.web import clock
from gongchou.web.clock import SHANGHAI
from tests.conftest import BUREAU
from tests.offsite.conftest import QUARTER
from tests.registry.test_import import csv, line
from tests.reporting.quarters import AFTER, make_plan, make_registers, make_visit

Q1 = Quarter.parse(QUARTER)
HOME = f"/statistics/?quarter={QUARTER}"


@pytest.fixture
def office(signed_in, chen, plan):
    """The office's browser, over a plan and two visits."""
    make_visit(1)
    make_visit(2, problem_count=1)
    return signed_in(chen)


def text(answer) -> str:
    return answer.content.decode()


def test_before_it_was_counted_the_page_says_so(office):
    page = text(office.get(HOME))
    assert "还没有统计过" in page
    assert "重新统计</button>" in page


def test_the_office_counts_and_reads_the_quarter_against_the_plan(office):
    page = text(office.post("/statistics/count/", {"quarter": QUARTER}, follow=True))
    assert "重点监管对象抽查 25%" in page
    assert "基数 11 家 × 25% = 2.75，进一为 3 家。" in page
    assert (
        "已完成 <strong>2</strong> ／ 应完成 <strong>3</strong> 家，还差 <strong>1</strong>" in page
    )


def test_every_number_of_the_page_opens(office):
    page = text(office.post("/statistics/count/", {"quarter": QUARTER}, follow=True))
    links = set(re.findall(r'href="(/statistics/cell/[^"]+)"', page))
    assert len(links) > 60
    for url in links:
        assert office.get(url.replace("&amp;", "&")).status_code == 200


def test_an_opened_number_names_its_records(office):
    office.post("/statistics/count/", {"quarter": QUARTER})
    page = text(office.get(f"/statistics/cell/problems/?quarter={QUARTER}"))
    assert "V2" in page
    assert "V1" not in page


def test_a_number_that_is_not_there_is_answered_with_a_sentence(office):
    assert office.get(f"/statistics/cell/nothing/?quarter={QUARTER}").status_code == 409


def test_the_office_makes_a_table_takes_it_out_and_proposes_it(office, bureau):
    page = text(office.post("/statistics/make/", {"quarter": QUARTER}, follow=True))
    assert "统计表（初报，第 1 版）" in page
    [row] = reads.versions(bureau, QUARTER)
    file = office.post(reverse("reporting:download", args=[row.ref]))
    assert file.content.startswith(b"PK")
    paper = office.get(f"/statistics/{row.ref}.pdf")
    assert paper.content.startswith(b"%PDF")
    assert f"/statistics/{row.ref}.pdf" in page
    page = text(office.get(reverse("reporting:version_cell", args=[row.ref, "problems"])))
    assert "V2" in page
    page = text(office.post(reverse("reporting:propose", args=[row.ref]), follow=True))
    assert "已提出公示" in page
    page = text(office.get(reverse("reporting:version", args=[row.ref])))
    assert "提出公示</button>" not in page
    assert "待批准" in page


def test_a_page_of_an_earlier_quarter_stands_in_the_frame_of_that_quarter(office, bureau):
    office.post("/statistics/make/", {"quarter": QUARTER})
    [row] = reads.versions(bureau, QUARTER)
    page = office.get(reverse("reporting:version", args=[row.ref]))
    assert str(page.context["frame"]["quarter"]) == QUARTER
    other = office.get(reverse("reporting:version", args=[row.ref]), {"quarter": "2026Q2"})
    assert str(other.context["frame"]["quarter"]) == "2026Q2"


def test_the_leader_reads_and_makes_nothing(signed_in, office, leader):
    browser = signed_in(leader)
    assert "重新统计</button>" not in text(browser.get(HOME))
    assert browser.post("/statistics/make/", {"quarter": QUARTER}).status_code == 403
    assert browser.post("/statistics/count/", {"quarter": QUARTER}).status_code == 403


def test_visitors_sign_in_and_strangers_are_refused(client, signed_in, stranger, bureau):
    assert client.get(HOME).status_code == 302
    browser = signed_in(stranger)
    for url in (HOME, "/statistics/cell/visits/", "/statistics/table/B1/", "/statistics/B1.pdf"):
        assert browser.get(url).status_code == 403
    for url in ("table/B1/xlsx/", "table/B1/propose/", "count/", "make/"):
        assert browser.post(f"/statistics/{url}").status_code == 403


def test_the_command_writes_a_draft_and_later_the_table(office, tmp_path, capsys, bureau):
    file = tmp_path / "统计表.xlsx"
    words = ["report", "statistics", QUARTER, "--out", str(file)]
    assert main([*words, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["ref"], found["cells"]["visits"]) == ("", "2")
    office.post("/statistics/make/", {"quarter": QUARTER})
    assert main(words) == 0
    assert "初报，第 1 版" in capsys.readouterr().out
    assert file.read_bytes().startswith(b"PK")


def test_the_command_writes_workbooks_only(bureau, tmp_path, capsys):
    assert main(["report", "statistics", QUARTER, "--out", str(tmp_path / "a.pdf")]) == 1
    assert "只能写成 .xlsx" in capsys.readouterr().err


@pytest.fixture
def at(monkeypatch):
    """The nightly work asks the clock of the product; a test says what it shows."""

    def stand(instant):
        monkeypatch.setattr(clock, "now", lambda: instant)

    return stand


def test_the_night_makes_the_table_on_its_day_and_once(plan, at):
    for days, made in ((-1, 0), (0, 1), (0, 1), (1, 1)):
        at(AFTER + timedelta(days=days))
        nightly.build_facts()
        nightly.make_statistics()
        assert len(reads.versions(BUREAU, QUARTER)) == made


def test_what_came_late_of_an_earlier_quarter_stands_in_the_year_the_next_night(
    plan, chen, leader, at
):
    third = Quarter.parse("2026Q3")
    make_plan(chen, leader, str(third), datetime(2026, 7, 1, 1, tzinfo=UTC))
    actions.build_facts(Quarter.parse(QUARTER), by=chen, at=AFTER)
    make_visit(1, problem_count=1)
    at(datetime(2026, 8, 3, 1, tzinfo=UTC))
    nightly.build_facts()
    year = {row.year.key: row.year.count for row in reads.table(BUREAU, third)}
    assert year["problems"] == 1
    assert not reads.was_counted(BUREAU, Quarter.parse("2025Q4"))


def test_after_the_national_day_the_table_is_there_at_five_past_midnight(plan, chen, leader, at):
    job = next(job for job in JOBS if job.name == "make_statistics")
    assert job.cron == "5 0 * * *"
    make_plan(chen, leader, "2026Q3", datetime(2026, 7, 2, 1, 0, tzinfo=UTC))
    for day in range(1, 9):
        at(datetime(2026, 10, day, 0, 5, tzinfo=SHANGHAI).astimezone(UTC))
        nightly.make_statistics()
        made = reads.versions(BUREAU, "2026Q3")
        assert len(made) == (1 if day == 8 else 0)
    assert made[0].made_at == datetime(2026, 10, 7, 16, 5, tzinfo=UTC)


# Counted by hand from the yearly notices; 2026-01-04 is a Sunday on which people work, and the days
# of 2027 are the statutory ones only, for its notice is not issued.
FIRST_WORKING_DAYS = (
    ("2024Q2", "2024-07-01"), ("2024Q3", "2024-10-08"), ("2024Q4", "2025-01-02"),
    ("2025Q1", "2025-04-01"), ("2025Q2", "2025-07-01"), ("2025Q3", "2025-10-09"),
    ("2025Q4", "2026-01-04"), ("2026Q1", "2026-04-01"), ("2026Q2", "2026-07-01"),
    ("2026Q3", "2026-10-08"), ("2026Q4", "2027-01-04"), ("2027Q1", "2027-04-01"),
    ("2027Q2", "2027-07-01"), ("2027Q3", "2027-10-06"),
)  # fmt: skip


def five_past_midnight(day: date) -> datetime:
    return datetime.combine(day, time(0, 5), tzinfo=SHANGHAI).astimezone(UTC)


@pytest.mark.parametrize(("name", "first"), FIRST_WORKING_DAYS)
def test_the_scheduled_job_makes_the_table_on_the_first_working_day(
    bureau, chen, leader, at, name, first
):
    quarter, due = Quarter.parse(name), date.fromisoformat(first)
    begun = datetime.combine(quarter.first, time(9), tzinfo=SHANGHAI)
    keys = csv(*[line(n, category="重点管理") for n in range(1, 12)])
    registry.import_file(ImportKind.SUBJECTS, keys, "名册.csv", on=quarter.first, by=chen, at=begun)
    make_plan(chen, leader, name, begun)
    for passed in range(1, (due - quarter.last).days + 1):
        day = quarter.last + timedelta(days=passed)
        at(five_past_midnight(day))
        function_of("make_statistics")()
        assert [row.made_at for row in reads.versions(BUREAU, name)] == (
            [five_past_midnight(due)] if day == due else []
        )


def test_the_night_makes_no_table_without_a_plan(bureau, chen, at):
    make_registers(chen)
    at(AFTER)
    nightly.make_statistics()
    assert reads.versions(BUREAU, QUARTER) == ()


def test_the_coverage_command_counts_the_positive_list(plan, capsys):
    assert main(["offsite", "coverage", "--quarter", QUARTER, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["required_count"], found["covered_count"], len(found["missing"])) == (2, 0, 2)


def test_the_coverage_command_refuses_a_quarter_without_a_plan(bureau, capsys):
    assert main(["offsite", "coverage", "--quarter", "2026Q2"]) == 1
    assert "请先测算计划" in capsys.readouterr().err
