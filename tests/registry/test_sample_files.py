"""The blank tables that the page of imports gives away."""

import pytest

from gongchou.core.refusals import InvalidFields
from gongchou.core.terms import ImportKind
from gongchou.registry import actions
from gongchou.registry.importing.asides import SAMPLE_LINE
from gongchou.registry.importing.columns import LAYOUTS
from gongchou.registry.importing.rows import Row, rows_of
from gongchou.registry.importing.sheets import Source, rows_of_file
from gongchou.registry.sample_files import sample_file, takes
from tests.conftest import AT, TODAY


def read(kind: ImportKind) -> list[Row]:
    source = Source(name="模板.xlsx", content=sample_file(kind))
    return list(rows_of(rows_of_file(source), LAYOUTS[kind]))


@pytest.mark.parametrize("kind", LAYOUTS)
def test_a_blank_table_has_every_column_and_its_sample_row_is_left_out(kind):
    (row,) = read(kind)
    assert row.is_aside
    assert SAMPLE_LINE in row.warnings[0].says
    assert len(row.cells) == len(LAYOUTS[kind].columns)


@pytest.mark.parametrize("kind", LAYOUTS)
def test_the_sample_row_is_one_that_would_be_taken(kind, monkeypatch):
    monkeypatch.setattr("gongchou.registry.importing.rows.SAMPLE", "\0")
    (row,) = read(kind)
    assert list(row.problems) == []


def test_every_column_says_what_it_takes():
    assert all(takes(column) for layout in LAYOUTS.values() for column in layout.columns)
    columns = {column.field: takes(column) for column in LAYOUTS[ImportKind.SUBJECTS].columns}
    assert "重点管理" in columns["permit_category"]
    assert "日期" in columns["permit_valid_until"]


def test_the_page_gives_the_table_away_and_knows_no_other_kind(chen, signed_in):
    browser = signed_in(chen)
    assert "/register/import/template/subjects/" in browser.get("/register/import/").text
    answer = browser.get("/register/import/template/subjects/")
    assert answer.content[:2] == b"PK"
    assert "模板" in browser.get("/register/import/template/nothing/").text


def test_what_is_wrong_stands_at_its_field_and_names_it_once(chen, signed_in):
    wrong = {
        "reason": "新领许可证",
        "name": "虚构印染",
        "permit_category": "登记管理",
        "uscc": "123",
        "industry_code": "",
        "permit_valid_until": "明年",
        "is_excluded": "否",
    }
    form = signed_in(chen).post("/register/subjects/new/", wrong).context["form"]
    assert form.non_field_errors() == []
    assert form.errors["uscc"][0].count("统一社会信用代码") == 1
    assert form.errors["permit_valid_until"][0].startswith("“许可证有效期至”为“明年”")


@pytest.mark.parametrize(
    ("contact", "is_good"),
    [
        ("13800000000", True),
        ("虚构某 138 0000 0000、0315-1234567", True),
        ("1380000000", False),
        ("虚构某", False),
    ],
)
def test_a_typed_telephone_number_is_looked_at(chen, contact, is_good):
    def add():
        entries = {"name": "虚构印染", "permit_category": "登记管理", "contact": contact}
        return actions.add_subject(entries, reason="核实", on=TODAY, by=chen, at=AT)

    if is_good:
        assert add()
        return
    with pytest.raises(InvalidFields) as refused:
        add()
    assert list(refused.value.fields) == ["contact"]
