"""What is kept for a large list is asked anew after every change."""

from datetime import timedelta

import pytest

from gongchou.core.terms import ImportKind
from gongchou.registry import actions, kept, reads
from tests.conftest import AT, TODAY
from tests.registry.test_import import csv, line, take


def total(bureau: str, **asked) -> int:
    return reads.subjects(bureau, TODAY, **asked).total


def test_the_total_follows_imports_and_their_undoing(chen, bureau):
    assert total(bureau) == 0
    take(ImportKind.SUBJECTS, csv(line(1), line(2)), chen)
    assert total(bureau) == 2
    ref = reads.changes(bureau)[0].ref
    actions.undo_change(ref, "导入错了文件（虚构）", on=TODAY + timedelta(1), by=chen, at=AT)
    assert total(bureau) == 2
    assert reads.subjects(bureau, TODAY + timedelta(1)).total == 0


def test_choices_follow_a_change(chen, bureau):
    take(ImportKind.SUBJECTS, csv(line(1)), chen)
    assert reads.filter_choices(bureau, TODAY)["grid"] == ("东片",)
    take(ImportKind.SUBJECTS, csv(line(2).replace("东片", "西片")), chen)
    assert set(reads.filter_choices(bureau, TODAY)["grid"]) == {"东片", "西片"}


def test_questions_that_differ_have_answers_of_their_own(chen, bureau):
    take(ImportKind.SUBJECTS, csv(line(1), line(2, category="重点管理")), chen)
    assert (total(bureau), total(bureau, filters={"permit_category": "key"})) == (2, 1)
    assert (total(bureau, search="化工1"), total(bureau, search="没有")) == (1, 0)


def test_a_second_look_counts_nothing(chen, bureau, django_assert_max_num_queries):
    take(ImportKind.SUBJECTS, csv(line(1)), chen)
    kept.once(bureau, "x", lambda: 1)
    with django_assert_max_num_queries(1):
        assert kept.once(bureau, "x", lambda: pytest.fail("asked twice")) == 1


def test_no_more_is_kept_than_is_bounded(bureau, monkeypatch):
    monkeypatch.setattr(kept, "MOST", 3)
    for number in range(9):
        kept.once(bureau, number, object)
    assert len(kept._answers) == 3


def test_a_page_beyond_the_last_is_the_last(chen, bureau):
    take(ImportKind.SUBJECTS, csv(*(line(number) for number in range(1, 24))), chen)
    page = reads.subjects(bureau, TODAY, page=99)
    assert (page.number, page.pages, len(page.rows)) == (2, 2, 3)
