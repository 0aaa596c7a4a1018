"""Standard results, the bureau's own codes under them, and that a result starts empty."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from gongchou.core.record import RecordBody, visit_result
from gongchou.core.refusals import Invalid, NotAllowed, Refused, Stale
from gongchou.core.terms import VisitResult
from gongchou.inspection import actions, local_result_reads, models, reads
from gongchou.inspection.actions.local_results import _end
from gongchou.inspection.drafts import LocalResultDraft
from gongchou.publication.result_words import result_told
from tests.conftest import BUREAU, TODAY
from tests.inspection.people import LATER, submitted
from tests.inspection.test_visiting import kinds

HALTED = LocalResultDraft(
    code="02-1", label="责令限期改正并限产", under=VisitResult.ORDERED_CORRECT, since=TODAY
)


@pytest.fixture
def faulty(house) -> str:
    return submitted(house, is_clean=False)


def add(house, draft=HALTED):
    actions.add_local_result(draft, by=house.chen, at=LATER)


def test_a_code_added_as_data_is_chosen_and_told_beside_the_standard_result(house, faulty):
    add(house)
    actions.mark_local_result(faulty, "02-1", by=house.li, at=LATER)
    row = local_result_reads.local_results_of([faulty])[faulty]
    found = reads.visit(faulty)
    assert (row.label, found.visit_result) == ("责令限期改正并限产", VisitResult.ORDERED_CORRECT)
    assert result_told(found, row) == "责令改正（限期），本机构细分：责令限期改正并限产"
    assert kinds(faulty)[-1] == "local_result_chosen"


def test_only_codes_under_the_same_standard_result_and_in_force_are_chosen(house, faulty):
    add(house)
    add(
        house, LocalResultDraft(code="01", label="整改后通过", under=VisitResult.OTHER, since=TODAY)
    )
    later = TODAY + timedelta(1)
    add(house, LocalResultDraft(code="02-2", label="停产整治", under=HALTED.under, since=later))
    for code in ("01", "02-2", "没有"):
        with pytest.raises(Refused, match="不是“责令改正"):
            actions.mark_local_result(faulty, code, by=house.li, at=LATER)
    assert local_result_reads.local_results_of([faulty]) == {}


def test_a_code_ends_and_is_never_used_for_anything_else(house, faulty):
    add(house)
    actions.end_local_result("02-1", TODAY, by=house.chen, at=LATER)
    with pytest.raises(Refused, match="不是“责令改正"):
        actions.mark_local_result(faulty, "02-1", by=house.li, at=LATER)
    with pytest.raises(Refused, match="已有代码"):
        add(house)
    with pytest.raises(Refused, match="没有正在使用"):
        actions.end_local_result("02-1", TODAY, by=house.chen, at=LATER)


def test_strangers_and_inspectors_add_no_code_and_strangers_choose_none(house, faulty, stranger):
    for who in (house.li, stranger):
        with pytest.raises(NotAllowed):
            actions.add_local_result(HALTED, by=who, at=LATER)
    add(house)
    with pytest.raises(NotAllowed):
        actions.end_local_result("02-1", TODAY, by=stranger, at=LATER)
    with pytest.raises(NotAllowed):
        actions.mark_local_result(faulty, "02-1", by=stranger, at=LATER)


def test_the_database_keeps_a_code_as_it_was(house):
    add(house)
    with pytest.raises(DatabaseError), transaction.atomic():
        models.LocalResult.objects.update(label="另一个意思")


def test_the_office_adds_and_ends_on_the_page_and_the_team_chooses(house, faulty, signed_in):
    office = signed_in(house.chen)
    sent = {"under": "ordered_correct", "code": "02-1", "label": "限产", "since": TODAY.isoformat()}
    assert "限产（02-1）" in office.post("/visits/results/", sent, follow=True).content.decode()
    assert "已有代码" in office.post("/visits/results/", sent).content.decode()
    team = signed_in(house.li)
    page = team.get(f"/visits/{faulty}/after/").content.decode()
    assert "限产（02-1）" in page
    assert "checked" not in page
    page = team.post(f"/visits/{faulty}/after/result/", {"code": "02-1"}, follow=True)
    assert "现为“限产”" in page.content.decode()
    signed_in(house.chen).post("/visits/results/end/", {"code": "02-1"})
    assert local_result_reads.local_results(BUREAU)[0].until is not None


def test_a_code_without_a_standard_result_is_refused_by_the_form(house, signed_in):
    sent = {"under": "", "code": "1", "label": "正常", "since": TODAY.isoformat()}
    signed_in(house.chen).post("/visits/results/", sent)
    assert local_result_reads.local_results(BUREAU) == ()


def test_an_empty_record_has_no_result():
    assert visit_result(RecordBody()) is None


@pytest.mark.parametrize("code", ["01/1", "..", ".", "-1", "1 2", "1?", "=1"])
def test_a_code_that_no_address_bears_is_refused_by_form_and_act(house, signed_in, code):
    sent = {"under": "other", "code": code, "label": "限产", "since": TODAY.isoformat()}
    page = signed_in(house.chen).post("/visits/results/", sent).content.decode()
    assert "代码只能用汉字、字母、数字" in page
    with pytest.raises(Invalid, match="代码只能用汉字"):
        add(house, replace(HALTED, code=code))
    assert local_result_reads.local_results(BUREAU) == ()


def test_an_older_code_of_any_form_leaves_the_page_whole_and_is_ended_there(
    house, faulty, signed_in
):
    add(house)
    held = models.LocalResult.objects.get()
    fields = ("bureau_id", "label", "under", "since", "by_ref", "by_name", "at")
    same = {name: getattr(held, name) for name in fields}
    models.LocalResult.objects.create(**same, code="01/1")
    office = signed_in(house.chen)
    assert "限产（01/1）" in office.get("/visits/results/").content.decode()
    office.post("/visits/results/end/", {"code": "01/1"})
    assert local_result_reads.local_results(BUREAU)[0].until is not None


def test_a_label_that_would_be_masked_in_public_is_refused(house):
    with pytest.raises(Invalid, match="像是有电话"):
        add(house, replace(HALTED, label="请拨13800138000"))


def test_a_choice_is_taken_back_and_a_second_click_writes_nothing(house, faulty, signed_in):
    add(house)
    team, chosen = signed_in(house.li), f"/visits/{faulty}/after/result/"
    team.post(chosen, {"code": "02-1"})
    with pytest.raises(Stale, match="已经登记"):
        actions.mark_local_result(faulty, "02-1", by=house.wang, at=LATER)
    page = team.post(chosen, {"code": ""}, follow=True).content.decode()
    assert "不选也可以" in page
    assert local_result_reads.local_results_of([faulty]) == {}
    with pytest.raises(Stale, match="已经登记"):
        actions.mark_local_result(faulty, "", by=house.li, at=LATER)
    assert models.LocalResultMark.objects.count() == 2
    with pytest.raises(DatabaseError), transaction.atomic():
        models.LocalResultMark.objects.update(by_name="另一人")


def test_a_code_that_would_begin_later_can_be_ended_before(house):
    start = TODAY + timedelta(30)
    add(house, replace(HALTED, since=start))
    actions.end_local_result("02-1", TODAY, by=house.chen, at=LATER)
    assert local_result_reads.choosable(BUREAU, HALTED.under, start) == ()


def test_the_slower_of_two_ends_is_told_so(house):
    add(house)
    row = models.LocalResult.objects.get()
    _end(row, TODAY, by=house.chen, at=LATER)
    with pytest.raises(Stale, match="刚被他人停用"):
        _end(row, TODAY, by=house.lin, at=LATER)


def test_a_clean_visit_leads_to_its_local_results_and_to_nothing_else(house, signed_in):
    clean = submitted(house)
    team = signed_in(house.li)
    assert "选择本地结果" not in team.get(f"/visits/{clean}/").content.decode()
    add(house, replace(HALTED, under=VisitResult.NO_PROBLEM))
    page = team.get(f"/visits/{clean}/").content.decode()
    assert f'href="/visits/{clean}/after/#local"' in page
    page = team.get(f"/visits/{clean}/after/").content.decode()
    assert 'id="local"' in page
    for form in ("登记责令改正", "登记立案", "登记移送"):
        assert form not in page


def test_a_visit_with_a_problem_has_both_ways(house, faulty, signed_in):
    add(house)
    team = signed_in(house.li)
    page = team.get(f"/visits/{faulty}/").content.decode()
    assert "选择本地结果" in page
    assert "登记后续办理" in page
    assert "登记责令改正" in team.get(f"/visits/{faulty}/after/").content.decode()
