"""Many visits are asked for together: the same answers, and no more questions than for one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongchou.core.terms import VisitState
from gongchou.inspection import reads
from tests.conftest import BUREAU
from tests.inspection.people import make_house, opened
from tests.publication.test_results import reviewed


@pytest.fixture
def refs(person) -> list[str]:
    house = make_house(person)
    return [reviewed(house, is_clean=False), opened(house)]


def questions(ask, refs: list[str]) -> int:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        ask(refs)
    return len(asked)


def test_the_answers_are_those_of_each_visit(refs):
    with_order, fresh = refs
    assert reads.visits_of(refs) == {ref: reads.visit(ref) for ref in refs}
    assert reads.aftermaths(refs) == {ref: reads.aftermath(ref) for ref in refs}
    assert len(reads.aftermaths(refs)[with_order].orders) == 1
    assert len(reads.record(with_order).revisions) > 1
    assert reads.newest_bodies(refs) == {with_order: reads.record(with_order).body}
    assert reads.aftermaths(refs)[fresh].orders == ()
    assert reads.visits_of(["V-none"]) == {}


@pytest.mark.parametrize("ask", [reads.visits_of, reads.aftermaths, reads.newest_bodies])
def test_two_visits_cost_no_more_questions_than_one(refs, ask):
    assert questions(ask, refs) <= questions(ask, refs[:1])


def test_only_the_newest_version_of_a_record_is_fetched(refs):
    reviewed_ref = refs[0]
    assert len(reads.record(reviewed_ref).revisions) > 1
    with CaptureQueriesContext(connection) as asked:
        reads.newest_bodies(refs)
    with connection.cursor() as cursor:
        cursor.execute(asked[0]["sql"])
        assert [ref for ref, _ in cursor.fetchall()] == [reviewed_ref]


def test_the_list_of_a_quarter_reads_only_the_page_and_counts_every_state(refs):
    quarter = reads.visit(refs[0]).quarter
    everything = reads.visits(BUREAU, quarter)
    listed = reads.visit_list(BUREAU, quarter)
    assert (len(listed), listed[0:9]) == (2, list(everything))
    assert listed[1:2] == [everything[1]]
    counts = {VisitState.REVIEWED: 1, VisitState.DISPATCHED: 1}
    assert reads.state_counts(BUREAU, quarter) == counts
    fresh = reads.visit_list(BUREAU, quarter, state=VisitState.DISPATCHED)
    assert [row.ref for row in fresh[0:9]] == [refs[1]]
    member, stranger = everything[0].inspectors[0].ref, "I-nobody"
    assert len(reads.visit_list(BUREAU, quarter, inspector=member)) == 2
    assert reads.state_counts(BUREAU, quarter, inspector=stranger) == {}


def test_only_what_was_handed_in_owes_a_paper_and_only_papers_follow(refs):
    handed_in = reads.handed_in(BUREAU, reads.visit(refs[0]).quarter)
    assert [row.ref for row in handed_in[0:9]] == [refs[0]]
    assert reads.followed(refs) == {refs[0]}
