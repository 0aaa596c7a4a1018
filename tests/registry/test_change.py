"""One subject changed by hand, the list narrowed, the item list approved in the browser."""

from datetime import date

import pytest

from gongchou.audit import reads as audit
from gongchou.core.refusals import Invalid, NotAllowed, Refused
from gongchou.core.terms import ImportKind, Role
from gongchou.registry import actions, export, reads
from tests.conftest import AT, TODAY
from tests.registry.test_import import csv, line, take
from tests.registry.test_items import AIR, HEAD

LATER = date(2026, 3, 2)


@pytest.fixture
def site(chen, bureau) -> str:
    take(ImportKind.SUBJECTS, csv(line(1)), chen)
    return reads.subjects(bureau, TODAY).rows[0].ref


def change(ref, by, reason="现场核实（虚构）", **changes):
    actions.change_subject(ref, changes, reason=reason, on=LATER, by=by, at=AT)


def test_a_change_keeps_what_stood_before(site, chen, bureau):
    change(site, chen, grid="西片")
    assert [reads.subject(site, bureau, on).subject.grid for on in (TODAY, LATER)] == [
        "东片",
        "西片",
    ]
    assert audit.events(bureau)[0].event.kind == "subject_changed"


def test_a_change_without_reason_or_with_wrong_words_is_refused(site, chen):
    with pytest.raises(Invalid, match="变更理由"):
        change(site, chen, reason=" ", grid="西片")
    with pytest.raises(Invalid, match="“生产规模”为“巨型”"):
        change(site, chen, scale="巨型")


def test_the_same_change_twice_is_refused(site, chen):
    change(site, chen, grid="西片")
    with pytest.raises(Refused, match="与名录一致"):
        change(site, chen, grid="西片")


def test_a_stranger_changes_nothing(site, stranger):
    with pytest.raises(NotAllowed, match="维护名录"):
        change(site, stranger, grid="西片")


def test_the_form_opens_filled_and_saves(site, signed_in, chen, bureau):
    data = {**export.texts(site, bureau), "grid": "北片", "reason": "核实（虚构）"}
    answer = signed_in(chen).post(f"/register/subjects/{site}/change/", data, follow=True)
    assert "已变更" in answer.content.decode()
    assert "北片" in answer.content.decode()


def test_the_list_is_narrowed_by_category(chen, signed_in):
    take(ImportKind.SUBJECTS, csv(line(1), line(2, category="重点管理")), chen)
    page = signed_in(chen).get("/register/?permit_category=key").content.decode()
    assert "共 1 家" in page
    assert "虚构化工2" in page


def test_the_leader_approves_the_list_on_its_page(chen, person, signed_in):
    take(ImportKind.ITEMS, csv(AIR, header=HEAD), chen)
    browser = signed_in(person("lin", "林局长", Role.LEADER))
    assert "草拟" in browser.get("/register/items/").content.decode()
    answer = browser.post("/register/items/L990173-001/approve/", follow=True)
    assert "已批准" in answer.content.decode()


def test_the_site_page_tells_each_tag_over_time_and_folds_what_never_changed(
    chen, bureau, signed_in
):
    take(ImportKind.SUBJECTS, csv(line(1)), chen)
    later = date(2026, 3, 2)
    rows = csv(line(1, category="重点管理"))
    actions.import_file(ImportKind.SUBJECTS, rows, "后.csv", on=later, by=chen, at=AT)
    ref = reads.subjects(bureau, TODAY).rows[0].ref
    found = reads.tag_history(ref, bureau)
    assert [(span.title, span.value, span.until) for span in found["moved"]] == [
        ("排污许可管理类别", "登记管理", later),
        ("排污许可管理类别", "重点管理", None),
    ]
    assert {"name", "uscc", "grid"} <= {span.field for span in found["still"]}
    page = signed_in(chen).get(f"/register/subjects/{ref}/").content.decode()
    assert "没有变过的" in page
    with pytest.raises(Refused, match="没有编号为 S9"):
        reads.tag_history("S9", bureau)
