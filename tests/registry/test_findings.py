"""However many problems a file has: all are kept, few are in memory, kinds are counted."""

import csv as tables
import io
import json

import pytest

from gongchou.config.cli import main
from gongchou.core.refusals import Problem
from gongchou.core.terms import RowOutcome
from gongchou.registry.export import csv_lines
from gongchou.registry.importing import findings
from gongchou.registry.importing.report import ImportReport, unpacked
from tests.registry.test_import import csv, line


def problem(row: int, says: str = "应为18位，实为17位") -> Problem:
    return Problem(row=row, column="代码", value=str(row), says=f"第 {row} 行“代码”{says}。")


@pytest.fixture
def few_at_hand(monkeypatch):
    monkeypatch.setattr(findings, "AT_HAND", 2)


def report_of(count: int) -> ImportReport:
    report = ImportReport()
    for row in range(1, count + 1):
        report.add(RowOutcome.REJECTED, [problem(row)], [problem(row, "请核对")])
    return report


def test_what_went_to_disk_comes_back_in_order(few_at_hand):
    report = report_of(5)
    assert len(report.problems.first) == 2
    assert [found.row for found in report.problems] == [1, 2, 3, 4, 5]
    assert list(report.problems) == [problem(row) for row in range(1, 6)]


def test_sentences_that_differ_in_numbers_only_are_one_kind(few_at_hand):
    kinds = report_of(5).problems.kinds()
    assert [(kind.count, kind.says) for kind in kinds] == [(5, problem(1).says)]


def test_kinds_are_bounded(monkeypatch):
    monkeypatch.setattr(findings, "MOST_KINDS", 3)
    found = findings.Findings()
    found.extend(problem(1, "甲" * n) for n in range(1, 10))
    assert sum(kind.count for kind in found.kinds()) == 9
    assert len(found.kinds()) == 4


def test_the_document_in_pieces_is_the_document(few_at_hand):
    report = report_of(4)
    assert json.loads("".join(report.document())) == report.plain()
    assert json.loads("".join(ImportReport().document())) == ImportReport().plain()


def test_a_batch_keeps_every_problem_though_the_page_shows_the_first(few_at_hand):
    report = report_of(4)
    assert len(report.plain(most=3)["problems"]) == 3
    rows = list(unpacked(report.packed()))
    assert [(mark, row) for mark, row, *_ in rows] == [
        *(("退回", n) for n in range(1, 5)),
        *(("提示", n) for n in range(1, 5)),
    ]


def test_the_clerk_takes_the_whole_list_away(chen, signed_in, bureau):
    browser = signed_in(chen)
    content = csv(line(1), *(f"=虚构{n},12345,,登记管理," for n in range(600)))
    file = io.BytesIO(content)
    file.name = "名册.csv"
    data = {"kind": "subjects", "file": file}
    answer = browser.post("/register/import/", data, follow=True)
    page, url = answer.content.decode(), answer.redirect_chain[-1][0]
    assert "问题 600 处" in page
    assert "这里列出前 500 处" in page
    text = b"".join(browser.get(f"{url}problems/").streaming_content).decode("utf-8-sig")
    rows = list(tables.reader(io.StringIO(text)))
    assert len(rows) == 1 + 600 + 600
    assert {row[3][:2] for row in rows if row[0] == "提示"} == {"'="}


def test_a_stranger_takes_no_list_away(stranger, signed_in):
    assert signed_in(stranger).get("/register/import/B990173-000001/problems/").status_code == 403


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r"])
def test_a_csv_for_spreadsheets_quotes_what_looks_like_a_formula(start):
    text = b"".join(csv_lines(["列"], [[f"{start}1"], ["虚构-1"]])).decode("utf-8-sig")
    found = [row[0] for row in tables.reader(io.StringIO(text, newline=""))]
    assert found == ["列", f"'{start}1", "虚构-1"]


@pytest.mark.parametrize("words", [["--dry-run", "--json"], ["--dry-run"]])
def test_the_command_tells_every_problem_of_a_long_list(
    bureau, capsys, tmp_path, few_at_hand, words
):
    path = tmp_path / "名册.csv"
    path.write_bytes(csv(line(1), *(f"虚构{n},12345,,登记管理," for n in range(9))))
    assert main(["register", "import", "subjects", str(path), *words]) == 0
    told = capsys.readouterr().out
    if "--json" in words:
        found = json.loads(told)
        assert (len(found["problems"]), found["rejected"]) == (9, 9)
        assert found["kinds"][0]["count"] == 9
    else:
        assert [n for n in range(2, 11) if f"第 {n + 1} 行统一社会信用代码" not in told] == []
