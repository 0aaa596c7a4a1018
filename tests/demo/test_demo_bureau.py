"""The fictional bureau is made by the product's own acts, and shows every stratum."""

import pytest

from gongchou.audit import reads as audit
from gongchou.config import demo_bureau
from gongchou.core.classify import classify
from gongchou.core.roster import drawable_problem
from gongchou.core.terms import Stratum
from gongchou.core.workdays import Quarter
from gongchou.law.load import load_profile
from gongchou.registry import reads
from gongchou.web.clock import day_of
from tests.conftest import TODAY


@pytest.fixture
def today(db):
    at = demo_bureau.opening(TODAY)
    demo_bureau.build(at)
    return day_of(at)


def test_every_stratum_has_members_and_some_sites_are_out_with_a_reason(today):
    snapshot = reads.snapshot(demo_bureau.CODE, today)
    found = classify(snapshot, load_profile("tangshan_gaoxin_2024"), Quarter.of(today))
    assert len(found.rows) == 300
    assert all(found.base_counts()[stratum] > 10 for stratum in Stratum)
    assert {row.out_reason for row in found.rows if not row.is_in_base}


def test_most_inspectors_can_be_drawn_and_the_others_have_a_reason(today):
    problems = [drawable_problem(p, today) for p in reads.inspectors(demo_bureau.CODE, today)]
    assert problems.count(None) == 10
    assert len(problems) == 14


def test_all_of_it_left_its_events_in_an_unbroken_chain(today):
    assert audit.first_break_of(demo_bureau.CODE) is None
    kinds = {link.event.kind for link in audit.chain(demo_bureau.CODE)}
    assert {
        "register_imported",
        "user_created",
        "role_granted",
        "plan_approved",
        "publication_published",
    } <= kinds


def test_everything_says_that_it_is_a_demonstration(today):
    page = reads.subjects(demo_bureau.CODE, today)
    assert all("演示" in subject.name for subject in page.rows)
