"""Changes confirmed by a second person, taken back whole, and two entries made one."""

from datetime import timedelta

import pytest

from gongchou.audit import reads as audit
from gongchou.core.refusals import Invalid, NotAllowed, Refused, Stale
from gongchou.core.terms import ImportKind, PermitCategory, Role
from gongchou.registry import actions, export, reads
from tests.conftest import AT, TODAY
from tests.registry.test_import import csv, line, take, uscc

LATER = TODAY + timedelta(30)
PEOPLE = "姓名,科室,登录名,执法证号,执法资格,有效期至"


@pytest.fixture
def leader(person):
    return person("lin", "林局长", Role.LEADER)


def later(kind, content, by, on=LATER):
    return actions.import_file(kind, content, "名册.csv", on=on, by=by, at=AT).plain()


@pytest.fixture
def reclassed(chen, bureau) -> str:
    """Two sites of long ago, one of them re-classed on LATER; the change's ref."""
    take(ImportKind.SUBJECTS, csv(line(1), line(2)), chen)
    later(ImportKind.SUBJECTS, csv(line(1, category="重点管理"), line(2), line(3)), chen)
    return reads.changes(bureau)[0].ref


def freeze(by, on=LATER):
    return actions.freeze_snapshot(on=on, by=by, at=AT)


def test_a_reclassing_import_keeps_the_registers_from_being_frozen(reclassed, chen, leader, bureau):
    assert reads.change(reclassed, bureau).sensitive == 1
    with pytest.raises(Refused, match=f"还没有第二人复核.*{reclassed}"):
        freeze(chen)
    actions.confirm_change(reclassed, by=leader, at=AT)
    assert freeze(chen)


def test_after_the_days_of_cooldown_nobody_is_asked(reclassed, chen):
    assert freeze(chen, LATER + timedelta(14))


def test_what_is_entered_and_mended_on_one_day_asks_nobody(chen, bureau):
    take(ImportKind.SUBJECTS, csv(line(1)), chen)
    take(ImportKind.SUBJECTS, csv(line(1, category="重点管理")), chen)
    assert reads.changes(bureau)[0].sensitive == 0


def test_an_exclusion_by_hand_and_a_listing_ask_for_a_second_person(chen, bureau):
    take(ImportKind.SUBJECTS, csv(line(1)), chen)
    ref = reads.subjects(bureau, TODAY).rows[0].ref
    changes = {"is_excluded": "是", "exclusion_reason": "搬迁（虚构）"}
    actions.change_subject(ref, changes, reason="核实（虚构）", on=LATER, by=chen, at=AT)
    assert reads.changes(bureau)[0].sensitive == 1
    head = "统一社会信用代码,单位名称,列入理由,列入日期"
    row = f"{uscc(1)},虚构化工1,民生保障,2026-01-01"
    later(ImportKind.POSITIVE_LIST, csv(row, header=head), chen)
    assert reads.changes(bureau)[0].sensitive == 1


def test_who_changed_does_not_confirm_and_nobody_confirms_twice(reclassed, chen, leader, stranger):
    for who in (chen, stranger):
        with pytest.raises(NotAllowed):
            actions.confirm_change(reclassed, by=who, at=AT)
    actions.confirm_change(reclassed, by=leader, at=AT)
    with pytest.raises(Stale, match="已经复核"):
        actions.confirm_change(reclassed, by=leader, at=AT)


def test_an_undone_import_leaves_the_register_as_it_was(reclassed, chen, bureau):
    before = reads.subjects(bureau, TODAY).rows
    undone_on = LATER + timedelta(1)
    actions.undo_change(reclassed, "错用了去年的文件", on=undone_on, by=chen, at=AT)
    assert [s.permit_category for s in reads.subjects(bureau, undone_on).rows] == [
        s.permit_category for s in before
    ]
    assert reads.subjects(bureau, LATER).total == 3
    assert PermitCategory.KEY in {s.permit_category for s in reads.subjects(bureau, LATER).rows}
    assert audit.events(bureau)[0].event.kind == "register_change_undone"


def test_an_undone_import_asks_no_second_person(reclassed, chen, bureau):
    actions.undo_change(reclassed, "错了", on=LATER, by=chen, at=AT)
    assert freeze(chen)


def test_undo_twice_without_reason_or_by_a_stranger_is_refused(reclassed, chen, stranger, bureau):
    with pytest.raises(Invalid, match="理由"):
        actions.undo_change(reclassed, " ", on=LATER, by=chen, at=AT)
    with pytest.raises(NotAllowed):
        actions.undo_change(reclassed, "错了", on=LATER, by=stranger, at=AT)
    actions.undo_change(reclassed, "错了", on=LATER, by=chen, at=AT)
    with pytest.raises(Stale, match="已经撤销"):
        actions.undo_change(reclassed, "错了", on=LATER, by=chen, at=AT)
    with pytest.raises(Refused, match="不能再整份撤销"):
        actions.undo_change(reads.changes(bureau)[0].ref, "错了", on=LATER, by=chen, at=AT)


def test_what_was_changed_again_later_is_not_undone(reclassed, chen):
    later(ImportKind.SUBJECTS, csv(line(1, category="简化管理")), chen, LATER + timedelta(1))
    with pytest.raises(Refused, match="后来又被变更过"):
        actions.undo_change(reclassed, "错了", on=LATER + timedelta(2), by=chen, at=AT)


def test_an_undone_correction_of_a_fact_brings_the_old_fact_back(chen, bureau):
    take(ImportKind.SUBJECTS, csv(line(1)), chen)
    head = "统一社会信用代码,单位名称,信用等级,评价日期"
    row = f"{uscc(1)},虚构化工1,{{}},2025-06-01"
    take(ImportKind.CREDITS, csv(row.format("A级"), header=head), chen)
    later(ImportKind.CREDITS, csv(row.format("D级"), header=head), chen)
    actions.undo_change(reads.changes(bureau)[0].ref, "错了", on=LATER, by=chen, at=AT)
    assert [c.level.value for c in reads.snapshot(bureau, LATER).subjects[0].credits] == ["A"]


@pytest.fixture
def twins(chen, bureau) -> tuple[str, str]:
    """One site entered twice, each entry with a record of its own."""
    take(ImportKind.SUBJECTS, csv(line(1), "虚构化工一,,,登记管理,东片,"), chen)
    head = "单位名称,信用等级,评价日期"
    take(ImportKind.CREDITS, csv("虚构化工1,A级,2025-06-01", header=head), chen)
    take(ImportKind.CREDITS, csv("虚构化工一,D级,2024-06-01", header=head), chen)
    rows = {s.name: s.ref for s in reads.subjects(bureau, TODAY).rows}
    return rows["虚构化工1"], rows["虚构化工一"]


def test_merged_entries_keep_both_histories(twins, chen, bureau):
    kept, merged = twins
    actions.merge_subjects(kept, merged, "同一场所（虚构）", on=LATER, by=chen, at=AT)
    assert reads.subjects(bureau, TODAY).total == 2
    assert reads.subjects(bureau, LATER).total == 1
    assert len(reads.subject(kept, bureau, LATER).subject.credits) == 2
    assert len(reads.subject(kept, bureau, TODAY).subject.credits) == 1
    with pytest.raises(Refused, match=f"并入 {kept}"):
        reads.subject(merged, bureau, LATER)


def test_a_merger_needs_two_entries_a_reason_and_the_power(twins, chen, stranger):
    kept, merged = twins
    with pytest.raises(Invalid, match="同一个编号"):
        actions.merge_subjects(kept, kept, "x", on=LATER, by=chen, at=AT)
    with pytest.raises(Invalid, match="理由"):
        actions.merge_subjects(kept, merged, " ", on=LATER, by=chen, at=AT)
    with pytest.raises(NotAllowed):
        actions.merge_subjects(kept, merged, "x", on=LATER, by=stranger, at=AT)
    actions.merge_subjects(kept, merged, "x", on=LATER, by=chen, at=AT)
    with pytest.raises(Refused, match="现行名录中没有"):
        actions.merge_subjects(kept, merged, "x", on=LATER, by=chen, at=AT)


def test_the_leader_confirms_and_the_clerk_undoes_on_the_page(reclassed, chen, leader, signed_in):
    page = signed_in(leader).get(f"/register/changes/{reclassed}/").content.decode()
    assert "排污许可管理类别由“登记管理”改为“重点管理”" in page
    answer = signed_in(leader).post(f"/register/changes/{reclassed}/confirm/", follow=True)
    assert "已复核" in answer.content.decode()
    data = {"reason": "错用了文件"}
    answer = signed_in(chen).post(f"/register/changes/{reclassed}/undo/", data, follow=True)
    assert "已整份撤销" in answer.content.decode()


def levels(ref, bureau, on):
    return [fact.level.value for fact in reads.subject(ref, bureau, on).subject.credits]


@pytest.fixture
def one(twins, chen) -> tuple[str, str]:
    """The two entries, merged."""
    actions.merge_subjects(*twins, "看错（虚构）", on=LATER, by=chen, at=AT)
    return twins


def test_a_merger_undone_parts_the_entries_and_keeps_every_day_as_it_was(one, chen, bureau):
    kept, merged = one
    new, after = LATER + timedelta(2), LATER + timedelta(5)
    head = "固定污染源编码,信用等级,评价日期"
    row = csv(f"{uscc(1)}001P,B级,2026-01-01", header=head)
    later(ImportKind.CREDITS, row, chen, new)
    actions.undo_merger(kept, merged, "核实为两处（虚构）", on=after, by=chen, at=AT)
    assert [levels(kept, bureau, on) for on in (TODAY, LATER, after)] == [
        ["A"],
        ["D", "A"],
        ["A", "B"],
    ]
    assert [levels(merged, bureau, on) for on in (TODAY, after)] == [["D"], ["D"]]
    assert [reads.subjects(bureau, on).total for on in (TODAY, LATER, after)] == [2, 1, 2]
    with pytest.raises(Refused, match="没有"):
        reads.subject(merged, bureau, LATER)
    [sibling] = reads.subject(kept, bureau, after).merged
    assert sibling.parted_on == after
    assert audit.events(bureau, about=kept)[0].event.kind == "merger_undone"


def test_parted_entries_may_be_merged_again_and_parted_the_same_day(one, chen, bureau):
    kept, merged = one
    actions.undo_merger(kept, merged, "两处", on=LATER, by=chen, at=AT)
    assert levels(merged, bureau, LATER) == ["D"]
    actions.merge_subjects(kept, merged, "还是一处", on=LATER, by=chen, at=AT)
    assert levels(kept, bureau, LATER) == ["D", "A"]
    actions.undo_merger(kept, merged, "两处", on=LATER, by=chen, at=AT)
    assert (levels(kept, bureau, LATER), levels(merged, bureau, LATER)) == (["A"], ["D"])


def test_parting_needs_a_reason_the_power_and_an_open_merger(one, chen, stranger):
    kept, merged = one
    with pytest.raises(Invalid, match="撤销合并的理由"):
        actions.undo_merger(kept, merged, " ", on=LATER, by=chen, at=AT)
    with pytest.raises(NotAllowed):
        actions.undo_merger(kept, merged, "两处", on=LATER, by=stranger, at=AT)
    actions.undo_merger(kept, merged, "两处", on=LATER, by=chen, at=AT)
    with pytest.raises(Stale, match="已经撤销"):
        actions.undo_merger(kept, merged, "两处", on=LATER, by=chen, at=AT)


def test_what_was_corrected_after_the_merger_keeps_it_from_being_undone(one, chen):
    kept, merged = one
    head = "固定污染源编码,信用等级,评价日期"
    row = csv(f"{uscc(1)}001P,C级,2024-06-01", header=head)
    later(ImportKind.CREDITS, row, chen, LATER + timedelta(1))
    with pytest.raises(Refused, match="后来又被变更或更正过"):
        actions.undo_merger(kept, merged, "两处", on=LATER + timedelta(2), by=chen, at=AT)


def test_a_taken_site_code_keeps_a_merger_from_being_undone(twins, chen):
    kept, merged = twins
    actions.merge_subjects(merged, kept, "合反了", on=LATER, by=chen, at=AT)
    texts = export.texts(merged, "990173") | {"site_code": f"{uscc(1)}001P"}
    actions.change_subject(merged, texts, reason="补编码", on=LATER, by=chen, at=AT)
    with pytest.raises(Refused, match="请先在那一家改正编码"):
        actions.undo_merger(merged, kept, "两处", on=LATER, by=chen, at=AT)


def test_the_clerk_parts_a_merger_on_the_page_of_the_kept_one(one, chen, bureau, signed_in):
    kept, merged = one
    browser = signed_in(chen)
    url = f"/register/subjects/{kept}/part/{merged}/"
    page = browser.post(url, {"reason": "两处（虚构）"}, follow=True).content.decode()
    assert f"已撤销合并，{merged} 从今天起重新单列" in page
    assert "撤销合并" in browser.get(f"/register/subjects/{kept}/").content.decode()
