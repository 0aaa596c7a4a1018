"""The item list: imported as a draft, approved by another person, then in force."""

import pytest

from gongchou.core.refusals import NotAllowed, WrongState
from gongchou.core.terms import ImportKind, ItemListState, Role
from gongchou.registry import actions, reads
from tests.conftest import AT, TODAY
from tests.registry.test_import import csv, take

HEAD = "抽查类别,科室,事项名称,事项类别,检查依据,适用污染物类型"
AIR = "大气污染防治,dq,废气治理设施运行,一般检查事项,虚构条例第一条,废气"
WATER = "水污染防治,st,排污口规范,重点检查事项,虚构条例第二条,废水"


@pytest.fixture
def leader(person):
    return person("lin", "林局长", Role.LEADER)


@pytest.fixture
def draft(chen, bureau) -> str:
    take(ImportKind.ITEMS, csv(AIR, WATER, header=HEAD), chen)
    return reads.item_lists(bureau)[0].ref


def test_an_imported_list_is_a_draft_until_another_person_approves(draft, leader, bureau):
    assert reads.item_list_in_force(bureau, TODAY) is None
    actions.approve_item_list(draft, on=TODAY, by=leader, at=AT)
    found = reads.snapshot(bureau, TODAY)
    assert [group.unit for group in found.item_groups] == ["dq", "st"]
    assert found.item_list_version == "1"


def test_a_change_of_a_list_in_force_makes_the_next_version(draft, leader, chen, bureau):
    actions.approve_item_list(draft, on=TODAY, by=leader, at=AT)
    changed = AIR.replace("第一条", "第九条")
    found = take(ImportKind.ITEMS, csv(changed, WATER, header=HEAD), chen)
    assert (found["updated"], found["unchanged"]) == (1, 1)
    newer, older = reads.item_lists(bureau)
    assert (newer.version, newer.state) == (2, ItemListState.DRAFT)
    assert older.items[0].legal_basis == "虚构条例第一条"


def test_the_same_list_again_makes_no_new_version(draft, leader, chen, bureau):
    actions.approve_item_list(draft, on=TODAY, by=leader, at=AT)
    found = take(ImportKind.ITEMS, csv(AIR, WATER, header=HEAD), chen)
    assert (found["unchanged"], len(reads.item_lists(bureau))) == (2, 1)


def test_rows_of_one_group_must_name_one_unit(chen):
    other = "大气污染防治,zd,无组织排放,,,废气"
    found = take(ImportKind.ITEMS, csv(AIR, other, header=HEAD), chen)
    assert found["rejected"] == 1
    assert "不一致" in found["problems"][0]["says"]


def test_the_office_may_not_approve_and_nobody_approves_twice(draft, chen, leader):
    with pytest.raises(NotAllowed, match="批准事项清单"):
        actions.approve_item_list(draft, on=TODAY, by=chen, at=AT)
    actions.approve_item_list(draft, on=TODAY, by=leader, at=AT)
    with pytest.raises(WrongState, match="不能重复办理"):
        actions.approve_item_list(draft, on=TODAY, by=leader, at=AT)


def test_a_list_made_public_supersedes_the_one_before(draft, leader, chen, person, bureau):
    clerk = person("gong", "公示员", Role.PUBLISHER)
    for text in (AIR, AIR.replace("第一条", "第九条")):
        take(ImportKind.ITEMS, csv(text, header=HEAD), chen)
        ref = reads.item_lists(bureau)[0].ref
        actions.approve_item_list(ref, on=TODAY, by=leader, at=AT)
        actions.mark_item_list_published(ref, on=TODAY, by=clerk, at=AT)
    states = [row.state for row in reads.item_lists(bureau)]
    assert states == [ItemListState.PUBLISHED, ItemListState.SUPERSEDED]


def test_a_stranger_may_not_import_items(stranger):
    with pytest.raises(NotAllowed):
        take(ImportKind.ITEMS, csv(AIR, header=HEAD), stranger)


def test_a_checklist_carries_evidence_and_law_text_of_its_version(leader, chen, bureau):
    head = "抽查类别,科室,事项名称,检查要点,检查依据,应取证据,依据条文"
    row = "大气污染防治,dq,治理设施运行,看运行台账,虚构条例第一条,台账照片,虚构条文：应当正常运行。"
    for text in (row, row.replace("台账照片", "台账复印件")):
        take(ImportKind.ITEMS, csv(text, header=head), chen)
        ref = reads.item_lists(bureau)[0].ref
        actions.approve_item_list(ref, on=TODAY, by=leader, at=AT)
    old, new = (reads.checklist(bureau, version, ("G01",))[0] for version in "12")
    assert (old.point, old.law_text) == ("看运行台账", "虚构条文：应当正常运行。")
    assert (old.evidence_required, new.evidence_required) == ("台账照片", "台账复印件")
