"""Classes proposed, differences read and confirmed, then the plan; every site explains itself."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from gongchou.audit import reads as audit
from gongchou.core.class_changes import class_changes
from gongchou.core.refusals import NotAllowed, Refused, Stale
from gongchou.core.terms import ImportKind, Stratum
from gongchou.core.workdays import Quarter
from gongchou.planning import actions, proposal_reads, reads
from gongchou.planning.models import ClassificationProposal
from gongchou.web import clock
from tests.conftest import AT, BUREAU
from tests.registry.test_import import csv, line, take

NEXT = datetime(2026, 4, 2, 1, 0, tzinfo=UTC)


@pytest.fixture
def roster(chen, bureau) -> None:
    keys = [line(n, category="重点管理") for n in range(1, 12)]
    take(ImportKind.SUBJECTS, csv(*keys, line(12), line(13)), chen)


def kinds(about: str) -> list[str]:
    return [link.event.kind for link in audit.events(BUREAU, about=about)]


def test_a_first_proposal_has_nothing_to_compare_with(roster, chen):
    found = proposal_reads.proposal(
        actions.propose_classification("2026Q1", by=chen, at=AT), BUREAU
    )
    assert (found.changes, found.compared_with, found.confirmed_at) == ((), "", None)
    assert dict(found.counts)[Stratum.KEY] == 11


def test_the_differences_against_the_last_plan_name_each_site_and_why(roster, chen):
    before = actions.compute_plan("2026Q1", by=chen, at=AT)
    take(ImportKind.SUBJECTS, csv(line(12, category="重点管理"), line(99)), chen)
    ref = actions.propose_classification("2026Q2", by=chen, at=AT)
    found = proposal_reads.proposal(ref, BUREAU)
    assert found.compared_with == before
    by_kind = {change.kind: change for change in found.changes}
    assert set(by_kind) == {"换层", "新进名录"}
    assert (by_kind["换层"].was, by_kind["换层"].new) == (Stratum.GENERAL_UNLISTED, Stratum.KEY)
    assert "排污许可重点管理" in by_kind["换层"].why


def test_a_site_that_left_is_told_too(roster, chen):
    actions.compute_plan("2026Q1", by=chen, at=AT)
    page = reads.plan_of(BUREAU, "2026Q1")
    old = reads.classification(page.ref)
    [change] = class_changes(old, type(old)(**{**fields(old), "rows": old.rows[1:]}), {})
    assert (change.kind, change.new, change.why) == ("退出名录", None, "名录中已无这一对象")


def fields(value) -> dict:
    return {name: getattr(value, name) for name in type(value).__dataclass_fields__}


def test_the_plan_is_made_from_the_confirmed_proposal_not_from_later_registers(roster, chen):
    ref = actions.propose_classification("2026Q1", by=chen, at=AT)
    take(ImportKind.SUBJECTS, csv(line(99, category="重点管理")), chen)
    actions.confirm_classification(ref, by=chen, at=AT)
    plan = reads.plan(actions.compute_plan("2026Q1", proposal=ref, by=chen, at=AT))
    key = next(row for row in plan.strata if row.stratum is Stratum.KEY)
    assert (key.base_count, plan.proposal_ref) == (11, ref)
    assert kinds(ref) == ["classification_confirmed", "classification_proposed"]


def test_whoever_computes_without_asking_stands_for_the_differences(roster, chen):
    plan = reads.plan(actions.compute_plan("2026Q1", by=chen, at=AT))
    found = proposal_reads.proposal(plan.proposal_ref, BUREAU)
    assert (found.confirmed_by, found.confirmed_at) == ("陈组长", AT)


def test_a_second_confirmation_and_strangers_are_refused(roster, chen, stranger):
    ref = actions.propose_classification("2026Q1", by=chen, at=AT)
    with pytest.raises(NotAllowed):
        actions.propose_classification("2026Q1", by=stranger, at=AT)
    with pytest.raises(NotAllowed):
        actions.confirm_classification(ref, by=stranger, at=AT)
    actions.confirm_classification(ref, by=chen, at=AT)
    with pytest.raises(Stale, match="已经确认过"):
        actions.confirm_classification(ref, by=chen, at=AT)


def test_a_proposal_of_another_quarter_or_bureau_makes_no_plan(roster, chen):
    ref = actions.propose_classification("2026Q1", by=chen, at=AT)
    for quarter, name in (("2026Q2", ref), ("2026Q1", "C990173-2026Q1-9")):
        with pytest.raises(Refused, match="没有编号为"):
            actions.compute_plan(quarter, proposal=name, by=chen, at=AT)
    with pytest.raises(Refused, match="没有编号为"):
        proposal_reads.proposal(ref, "990000")
    with pytest.raises(Refused, match="只能测算本季度或下一季度"):
        actions.propose_classification("2027Q1", by=chen, at=AT)


def test_the_database_refuses_half_a_confirmation(roster, chen):
    actions.propose_classification("2026Q1", by=chen, at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        ClassificationProposal.objects.update(confirmed_at=AT)


def test_a_site_explains_itself_with_clause_evidence_and_its_place_before(roster, chen):
    actions.compute_plan("2026Q1", by=chen, at=AT)
    plan = actions.compute_plan("2026Q2", by=chen, at=NEXT)
    subject = reads.classification(plan).rows[0].ref
    found = proposal_reads.site(plan, subject)
    assert found.row.reasons[0].clause.number == "二（三）"
    assert found.before[0] == "2026Q1"
    with pytest.raises(Refused, match="没有这个检查对象"):
        proposal_reads.site(plan, "S-nowhere")


def test_the_office_reads_the_differences_and_computes_in_the_browser(roster, chen, signed_in):
    quarter = str(Quarter.of(clock.day_of(clock.now())))
    browser = signed_in(chen)
    page = browser.post("/plan/classify/", {"quarter": quarter}, follow=True).content.decode()
    assert "确认差异并测算计划</button>" in page
    ref = ClassificationProposal.objects.get().ref
    page = browser.post(f"/plan/proposals/{ref}/confirm/", follow=True).content.decode()
    assert "差异已确认存档" in page
    plan = reads.plan_of(BUREAU, quarter)
    subject = reads.classification(plan.ref).rows[0].ref
    page = browser.get(f"/plan/{plan.ref}/sites/{subject}/").content.decode()
    assert "为什么是“重点”" in page
    assert "排污许可重点管理" in page


def test_the_pages_keep_strangers_out(roster, chen, stranger, signed_in):
    plan = actions.compute_plan("2026Q1", by=chen, at=AT)
    ref = reads.plan(plan).proposal_ref
    browser = signed_in(stranger)
    for url in (f"/plan/proposals/{ref}/", f"/plan/{plan}/sites/S1/", f"/plan/{plan}/file/"):
        assert browser.get(url).status_code == 403
    assert browser.post("/plan/classify/", {"quarter": "2026Q1"}).status_code == 403
