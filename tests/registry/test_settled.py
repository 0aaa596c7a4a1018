"""Texts that spreadsheets break or write in other forms can still be frozen with the register."""

import pytest

from gongchou.core.terms import ImportKind
from gongchou.registry import actions, export, reads
from gongchou.registry.writers.changes import settled
from tests.conftest import AT, TODAY
from tests.registry.test_import import csv, take, uscc

HEAD = "单位名称,统一社会信用代码,管理类别,片区"


@pytest.mark.parametrize(
    ("found", "kept"),
    [
        ("虚构\n化工", "虚构化工"),
        ("虚构 \r\n 化工", "虚构化工"),
        ("No 12\nBuilding 3", "No 12 Building 3"),
        ("\uf9dc化工", "\u9686化工"),
        ("Cafe\u0301", "Café"),
        ("虚构化工", "虚构化工"),
        ("a\x85b\x7f", "a b"),
    ],
)
def test_a_text_is_brought_to_one_line_and_one_form(found, kept):
    assert settled({"name": found}) == {"name": kept}


def test_a_broken_list_is_its_parts():
    assert settled({"areas": ["东片\n西片"]}) == {"areas": ["东片", "西片"]}


def test_names_broken_in_a_cell_do_not_keep_the_register_from_being_frozen(chen, bureau):
    take(ImportKind.SUBJECTS, csv(f'"虚构\n化工",{uscc(1)},登记管理,"东\n片"', header=HEAD), chen)
    people = csv('"李\n执法",zd,"东片\n西片"', header="姓名,科室,片区")
    take(ImportKind.INSPECTORS, people, chen)
    head = "单位名称,信用等级,评价日期,依据"
    take(ImportKind.CREDITS, csv('"虚构\n化工",A级,2025-06-01,"年度\n评价"', header=head), chen)
    found = reads.snapshot(bureau, TODAY)
    assert found.frozen()
    [site] = found.subjects
    assert (site.name, site.grid, site.credits[0].evidence) == ("虚构化工", "东片", "年度评价")
    assert found.inspectors[0].areas == ("东片", "西片")


def test_the_same_broken_file_again_changes_nothing(chen):
    content = csv(f'"虚构\n化工",{uscc(1)},登记管理,"东\n片"', header=HEAD)
    take(ImportKind.SUBJECTS, content, chen)
    assert take(ImportKind.SUBJECTS, content, chen)["unchanged"] == 1


def test_a_text_typed_on_the_page_is_settled_too(chen, bureau):
    take(ImportKind.SUBJECTS, csv(f"虚构化工,{uscc(1)},登记管理,东片", header=HEAD), chen)
    ref = reads.subjects(bureau, TODAY).rows[0].ref
    texts = export.texts(ref, bureau) | {"name": "\uf9dc昌化工"}
    actions.change_subject(ref, texts, reason="更名", on=TODAY, by=chen, at=AT)
    assert reads.snapshot(bureau, TODAY).frozen()
