"""The item list: imported as a draft, approved by another person, then in force."""

import pytest

from gongchou.audit import reads as audit
from gongchou.core.refusals import Invalid, NotAllowed, Refused, Stale, WrongState
from gongchou.core.terms import ImportKind, ItemListState, Role
from gongchou.registry import actions, export, reads
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


def entries(**given):
    common = {
        "group_name": "大气污染防治",
        "unit": "dq",
        "name": "无组织排放",
        "tier": "一般检查事项",
    }
    return (
        common
        | {"content": "看厂界", "evidence_required": "厂界照片", "law_text": "虚构条文"}
        | given
    )


def write(by, instead_of=None, **given):
    return actions.write_item(entries(**given), instead_of=instead_of, on=TODAY, by=by, at=AT)


def test_an_item_is_written_by_hand_into_a_new_version_and_the_old_one_stays(
    draft, leader, chen, bureau
):
    actions.approve_item_list(draft, on=TODAY, by=leader, at=AT)
    newer = write(chen)
    found, before = reads.item_list(newer, bureau), reads.item_list(draft, bureau)
    assert [item.name for item in before.items] == ["废气治理设施运行", "排污口规范"]
    item = next(item for item in found.items if item.name == "无组织排放")
    assert (item.point, item.evidence_required, item.law_text) == ("看厂界", "厂界照片", "虚构条文")
    assert audit.events(bureau)[0].event.kind == "item_list_drafted"


def test_an_item_is_renamed_moved_and_dropped_in_the_draft(draft, chen, bureau):
    ref = write(chen, instead_of=("大气污染防治", "废气治理设施运行"), name="治理设施")
    assert [item.name for item in reads.item_list(ref, bureau).items] == ["治理设施", "排污口规范"]
    actions.drop_item("水污染防治", "排污口规范", on=TODAY, by=chen, at=AT)
    assert [group.name for group in reads.item_list(ref, bureau).groups] == ["大气污染防治"]
    with pytest.raises(Stale, match="没有“水污染防治”"):
        actions.drop_item("水污染防治", "排污口规范", on=TODAY, by=chen, at=AT)


def test_an_item_that_says_nothing_new_or_something_wrong_is_refused(draft, chen, stranger):
    ref = write(chen)
    with pytest.raises(Refused, match="与清单一致"):
        write(chen)
    with pytest.raises(Invalid, match="不得为空"):
        write(chen, name="")
    with pytest.raises(NotAllowed, match="维护事项清单"):
        write(stranger)
    assert ref == draft


def test_a_voided_draft_stays_readable_and_the_next_begins_from_the_list_in_force(
    draft, leader, chen, bureau, stranger
):
    actions.approve_item_list(draft, on=TODAY, by=leader, at=AT)
    second = write(chen)
    with pytest.raises(Invalid, match="写明作废的理由"):
        actions.void_item_list(second, " ", by=chen, at=AT)
    with pytest.raises(NotAllowed):
        actions.void_item_list(second, "不要了", by=stranger, at=AT)
    actions.void_item_list(second, "口径有误", by=chen, at=AT)
    with pytest.raises(WrongState):
        actions.void_item_list(second, "再一次", by=chen, at=AT)
    third = reads.item_list(write(chen, name="另一事项"), bureau)
    names = {item.name for item in third.items}
    assert (third.version, "无组织排放" in names, "另一事项" in names) == (3, False, True)
    assert reads.item_list(second, bureau).void_reason == "口径有误"


def test_the_difference_between_versions_names_fields_came_and_gone(draft, leader, chen, bureau):
    actions.approve_item_list(draft, on=TODAY, by=leader, at=AT)
    write(chen, instead_of=None, name="废气治理设施运行", legal_basis="虚构条例第九条")
    write(chen, name="新事项", unit="zd")
    ref = actions.drop_item("水污染防治", "排污口规范", on=TODAY, by=chen, at=AT)
    found = reads.compared_items(reads.item_list(draft, bureau), reads.item_list(ref, bureau))
    assert [(row.what, row.name) for row in found] == [
        ("修改", ""),
        ("新增", "新事项"),
        ("取消", "排污口规范"),
        ("修改", "废气治理设施运行"),
    ]
    group, changed = found[0], found[3]
    assert ("责任科室", "dq", "zd") in [(f.title, f.was, f.now) for f in group.fields]
    assert ("检查依据", "虚构条例第一条", "虚构条例第九条") in [
        (f.title, f.was, f.now) for f in changed.fields
    ]


def test_the_exported_list_imports_back_unchanged(draft, leader, chen, bureau):
    write(chen)
    actions.approve_item_list(draft, on=TODAY, by=leader, at=AT)
    content, rows = export.workbook(ImportKind.ITEMS, bureau, TODAY)
    found = take(ImportKind.ITEMS, content, chen, filename="清单.xlsx")
    assert (rows, found["unchanged"]) == (3, 3)
    assert len(reads.item_lists(bureau)) == 1


def test_the_list_is_written_and_compared_on_its_pages(draft, leader, chen, bureau, signed_in):
    actions.approve_item_list(draft, on=TODAY, by=leader, at=AT)
    browser = signed_in(chen)
    form = browser.get(f"/register/items/{draft}/G01-01/").content.decode()
    assert "虚构条例第一条" in form
    sent = entries(name="废气治理设施运行", legal_basis="虚构条例第九条")
    page = browser.post(f"/register/items/{draft}/G01-01/", sent, follow=True).content.decode()
    assert "已写入清单草案" in page
    assert "与第 1 版的差异" in page
    assert "检查依据由“虚构条例第一条”改为“虚构条例第九条”" in page
    newer = reads.item_lists(bureau)[0].ref
    dropped = browser.post(f"/register/items/{newer}/G02-01/drop/", follow=True).content.decode()
    assert "已从草案中取消“排污口规范”" in dropped
    gone = browser.post(f"/register/items/{newer}/void/", {"reason": "试写"}, follow=True)
    assert "草案已作废" in gone.content.decode()
    assert "理由：试写" in browser.get(f"/register/items/{newer}/").content.decode()


def test_points_written_a_line_each_become_one_text_that_can_be_frozen(chen, leader, bureau):
    ref = write(chen, content="看厂界\r\n看台账；\n\n看排口\n", law_text="虚构\n条文")
    item = reads.item_list(ref, bureau).items[0]
    assert (item.point, item.law_text) == ("看厂界；看台账；看排口", "虚构；条文")
    head = "抽查类别,科室,事项名称,检查要点"
    row = '大气污染防治,dq,台账,"看记录\n看签字"'
    take(ImportKind.ITEMS, csv(row, header=head), chen)
    assert reads.item_list(ref, bureau).items[1].point == "看记录；看签字"
