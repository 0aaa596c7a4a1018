"""One site or one person entered by hand."""

import pytest

from gongchou.audit import reads as audit
from gongchou.core.refusals import Invalid, NotAllowed, Refused
from gongchou.registry import actions, reads
from tests.conftest import AT, TODAY
from tests.registry.test_import import uscc

SITE = {"name": "虚构新厂", "uscc": uscc(5), "permit_category": "简化管理"}
PERSON = {"name": "新执法", "unit": "zd", "is_certified": "是", "card_valid_until": "2030-01-01"}


def add(by, entries=SITE, reason="新领许可证"):
    return actions.add_subject(entries, reason=reason, on=TODAY, by=by, at=AT)


def test_a_site_entered_by_hand_is_in_the_register_and_leaves_its_event(chen, bureau):
    ref = add(chen)
    page = reads.subject(ref, bureau, TODAY)
    assert (page.subject.name, page.history[0].reason) == ("虚构新厂", "新领许可证")
    assert audit.events(bureau)[0].event.kind == "subject_added"


def test_the_same_site_is_not_entered_twice(chen, bureau):
    add(chen)
    with pytest.raises(Refused, match="已有这一家"):
        add(chen)
    assert reads.subjects(bureau, TODAY).total == 1


def test_every_problem_of_the_entry_is_told_at_once(chen):
    with pytest.raises(Invalid, match=r"统一社会信用代码.*排污许可管理类别"):
        add(chen, {"name": "虚构", "uscc": "12345"})


def test_no_reason_and_no_power_are_refused(chen, stranger):
    with pytest.raises(Invalid, match="新增理由"):
        add(chen, reason=" ")
    with pytest.raises(NotAllowed):
        add(stranger)
    with pytest.raises(NotAllowed):
        actions.add_inspector(PERSON, reason="调入", on=TODAY, by=stranger, at=AT)


def test_a_person_entered_by_hand_can_be_drawn(chen, bureau):
    actions.add_inspector(PERSON, reason="调入", on=TODAY, by=chen, at=AT)
    assert [person.name for person in reads.inspectors(bureau, TODAY)] == ["新执法"]
    assert audit.events(bureau)[0].event.kind == "inspector_added"
    with pytest.raises(Refused, match="已有这一位"):
        actions.add_inspector(PERSON, reason="调入", on=TODAY, by=chen, at=AT)


def test_the_forms_enter_what_was_typed(chen, bureau, signed_in):
    browser = signed_in(chen)
    assert "新增一家" in browser.get("/register/").content.decode()
    site = {**SITE, "operating_status": "正常", "is_excluded": "否", "reason": "核实"}
    page = browser.post("/register/subjects/new/", site, follow=True).content.decode()
    assert "已新增，今天起在名录中" in page
    form = {**PERSON, "duty_status": "在岗", "reason": "调入"}
    page = browser.post("/register/inspectors/new/", form, follow=True).content.decode()
    assert "已新增“新执法”" in page
