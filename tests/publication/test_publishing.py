"""From a finished thing to the public: proposed, approved by another, published, corrected."""

from dataclasses import replace
from functools import partial

import pytest
from django.db import IntegrityError, transaction
from django_q.models import OrmQ

from gongchou.audit import reads as audit
from gongchou.core.canon import digest
from gongchou.core.disclosure import SECRET
from gongchou.core.event_kinds import EventKind
from gongchou.core.refusals import Invalid, NotAllowed, Refused, Stale, WrongState
from gongchou.core.terms import ImportKind, ItemListState, PublicationState, Role
from gongchou.jobs import queue
from gongchou.planning import actions as planning
from gongchou.publication import actions, office, reads
from gongchou.publication.gathering import Table
from gongchou.publication.models import Publication
from gongchou.registry import actions as registry
from gongchou.registry import reads as registers
from tests.conftest import AT, TODAY
from tests.publication.conftest import QUARTER, TABLE, row
from tests.registry.test_import import csv, take
from tests.registry.test_items import AIR, HEAD


def kinds(bureau: str, about: str) -> list[str]:
    return [link.event.kind for link in audit.events(bureau, about=about)]


def state(ref: str) -> PublicationState:
    return reads.document(ref).state


def test_an_item_list_is_proposed_approved_by_another_and_published(
    item_list, chen, make_public, bureau
):
    ref = make_public(actions.propose_item_list(item_list, by=chen, at=AT))
    found = reads.document(ref)
    assert (found.state, found.published_on) == (PublicationState.PUBLISHED, TODAY)
    assert [item["name"] for item in found.document["items"]] == ["废气治理设施运行", "排污口规范"]
    assert registers.item_lists(bureau)[0].state is ItemListState.PUBLISHED
    assert kinds(bureau, ref) == [
        "publication_published",
        "publication_approved",
        "publication_proposed",
    ]


def test_the_frozen_document_has_its_digest_and_nobody_s_name(plan, chen):
    found = reads.document(actions.propose_plan(plan, by=chen, at=AT))
    assert found.digest == digest(found.document)
    assert "陈组长" not in str(found.document)
    assert "林局长" not in str(found.document)
    assert [s["required_count"] for s in found.document["strata"]] == [0, 0, 3, 1]


def test_a_published_plan_stays_as_it_was_when_the_plan_is_made_void(
    plan, chen, leader, make_public
):
    ref = make_public(actions.propose_plan(plan, by=chen, at=AT))
    before = reads.document(ref)
    planning.void_plan(plan, "名录有误", by=leader, at=AT)
    assert reads.document(ref) == before


def test_a_draft_list_and_an_unapproved_plan_cannot_be_proposed(chen, bureau, plan, leader):
    take(ImportKind.ITEMS, csv(AIR, header=HEAD), chen)
    with pytest.raises(Refused, match="还没有批准"):
        actions.propose_item_list(registers.item_lists(bureau)[0].ref, by=chen, at=AT)
    planning.void_plan(plan, "重算", by=leader, at=AT)
    with pytest.raises(Refused, match="批准后才能公示"):
        actions.propose_plan(plan, by=chen, at=AT)


def test_strangers_inspectors_and_leaders_may_not_propose(plan, stranger, leader, person):
    for actor in (stranger, leader, person("li", "李执法", Role.INSPECTOR)):
        with pytest.raises(NotAllowed, match="提出公示"):
            actions.propose_plan(plan, by=actor, at=AT)


def test_things_of_another_bureau_are_refused(plan, item_list, table, chen, leader):
    foreign = replace(chen, bureau="990174")
    for act, ref in ((actions.propose_plan, plan), (actions.propose_item_list, item_list)):
        with pytest.raises(Refused, match="本机构没有"):
            act(ref, by=foreign, at=AT)
    with pytest.raises(Refused, match="本机构没有"):
        actions.approve(table, digest="", by=replace(leader, bureau="990174"), at=AT)


def test_the_same_thing_is_not_proposed_twice(plan, chen, make_public):
    ref = actions.propose_plan(plan, by=chen, at=AT)
    with pytest.raises(Refused, match="正在办理"):
        actions.propose_plan(plan, by=chen, at=AT)
    make_public(ref)
    with pytest.raises(Refused, match="已经公示"):
        actions.propose_plan(plan, by=chen, at=AT)


def test_the_database_refuses_a_second_open_or_public_document_too(table, make_public):
    for _ in range(2):
        row = Publication.objects.get(ref=table)
        row.pk, row.ref, row.version = None, "G-second", 9
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()
        if row.state == "pending":
            make_public(table)


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "approved"},
        {"approved_at": AT},
        {"approved_at": AT, "approved_by_ref": "U-chen"},
        {"state": "published", "published_at": AT, "published_by_ref": "U-x"},
        {"state": "withdrawn"},
        {"replaces": "G1"},
    ],
)
def test_the_database_refuses_half_a_decision(table, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        Publication.objects.filter(ref=table).update(**fields)


def test_whoever_proposed_does_not_approve_even_as_a_leader(table, chen, leader):
    promoted = replace(chen, roles=frozenset({Role.LEADER}))
    found = reads.document(table).digest
    with pytest.raises(NotAllowed, match="不能批准同一份公示件"):
        actions.approve(table, digest=found, by=promoted, at=AT)
    actions.approve(table, digest=found, by=leader, at=AT)
    with pytest.raises(WrongState):
        actions.approve(table, digest=found, by=leader, at=AT)


def test_only_what_was_looked_at_is_approved(table, leader):
    with pytest.raises(Stale, match="重新核对"):
        actions.approve(table, digest="0" * 64, by=leader, at=AT)


def test_the_office_neither_approves_nor_publishes(table, chen, gong, leader):
    with pytest.raises(NotAllowed, match="批准公示"):
        actions.approve(table, digest="", by=gong, at=AT)
    for actor in (chen, leader):
        with pytest.raises(NotAllowed, match="办理公示"):
            actions.publish(table, by=actor, at=AT)


def test_nothing_unapproved_is_published_and_nothing_twice(table, gong, make_public):
    with pytest.raises(WrongState):
        actions.publish(table, by=gong, at=AT)
    make_public(table)
    with pytest.raises(WrongState):
        actions.publish(table, by=gong, at=AT)


def test_a_returned_document_is_proposed_again_under_its_own_number(plan, chen, leader, bureau):
    ref = actions.propose_plan(plan, by=chen, at=AT)
    with pytest.raises(Refused, match="须写明理由"):
        actions.return_(ref, " ", by=leader, at=AT)
    actions.return_(ref, "请核对基数", by=leader, at=AT)
    assert reads.document(ref).return_reason == "请核对基数"
    assert actions.propose_again(ref, by=chen, at=AT) == ref
    assert state(ref) is PublicationState.PENDING
    assert kinds(bureau, ref)[:2] == ["publication_proposed", "publication_returned"]


def test_a_corrected_table_takes_the_place_of_the_first_and_both_stay(
    table, chen, make_public, bureau
):
    make_public(table)
    other = Table(columns=("应抽", "实抽"), rows=(("重点", ("3", "2")),))
    new = actions.correct_table(table, other, "实抽数误录", by=chen, at=AT)
    assert reads.document(table).is_current
    make_public(new)
    old = reads.public_document(table)
    assert (old.replaced_by, old.state) == (new, PublicationState.PUBLISHED)
    assert old.document["rows"][0]["cells"] == ["3", "3"]
    assert reads.document(new).correction_reason == "实抽数误录"
    assert kinds(bureau, table)[0] == "publication_corrected"


def test_a_correction_without_change_without_reason_or_of_an_old_version_is_refused(
    plan, chen, make_public, table
):
    ref = actions.propose_plan(plan, by=chen, at=AT)
    with pytest.raises(Refused, match="正在公示"):
        actions.correct(ref, "有误", by=chen, at=AT)
    make_public(ref)
    with pytest.raises(Refused, match="须写明理由"):
        actions.correct(ref, "", by=chen, at=AT)
    with pytest.raises(Refused, match="完全一致"):
        actions.correct(ref, "有误", by=chen, at=AT)


def test_a_withdrawn_document_leaves_date_and_reason_and_may_come_again(
    plan, chen, gong, make_public, stranger
):
    ref = make_public(actions.propose_plan(plan, by=chen, at=AT))
    with pytest.raises(NotAllowed):
        actions.withdraw(ref, "计划撤销", by=stranger, at=AT)
    actions.withdraw(ref, "计划撤销", by=gong, at=AT)
    found = reads.public_document(ref)
    assert (found.state, found.withdrawal_reason) == (PublicationState.WITHDRAWN, "计划撤销")
    with pytest.raises(WrongState):
        actions.withdraw(ref, "再撤", by=gong, at=AT)
    assert reads.document(actions.propose_plan(plan, by=chen, at=AT)).version == 2


def test_a_trade_secret_is_taken_out_before_approval_and_only_then(
    make_notice, chen, leader, make_public
):
    notice = make_notice(row(1, problems=["许可事项", "专有配方"]))
    before = reads.document(notice).digest
    hide = partial(actions.withhold, notice, by=chen, at=AT)
    hide("rows.0.problems.1")
    assert reads.document(notice).document["rows"][0]["problems"] == ["许可事项", SECRET]
    with pytest.raises(Stale, match="重新核对"):
        actions.approve(notice, digest=before, by=leader, at=AT)
    with pytest.raises(Stale, match="已经标记"):
        hide("rows.0.problems.1")
    with pytest.raises(Refused, match="请先选择"):
        hide("")
    make_public(notice)
    with pytest.raises(Refused, match="只有待批准"):
        hide("rows.0.handling")


OWED = (
    "title", "rows.0.task", "rows.0.items.0", "rows.0.subject", "rows.0.uscc", "rows.0.authority",
    "rows.0.ended_on", "rows.0.result_code", "rows.0.result", "rows.0.area", "rows.0.chosen",
    "rows.0.problem_count", "rows.0.cards.0", "rows.0.draw", "rows.1.note",
)  # fmt: skip


@pytest.mark.parametrize("path", OWED)
def test_what_is_owed_to_the_public_is_no_trade_secret_and_is_not_offered(
    make_notice, chen, bureau, path
):
    notice = make_notice(row(1))
    with pytest.raises(Invalid, match="不是可以标记"):
        actions.withhold(notice, path, by=chen, at=AT)
    rows = [one for group in office.preview(notice, bureau).groups for one in group.rows]
    assert {one.path for one in rows if one.may_withhold} == {"rows.0.handling", "rows.0.rectified"}


def test_a_mark_is_undone_with_a_reason_and_the_text_is_public_as_before(
    make_notice, chen, stranger, make_public, bureau
):
    table = make_notice(row(1))
    before = reads.document(table).digest
    actions.withhold(table, "rows.0.handling", by=chen, at=AT)
    undo = partial(actions.disclose_again, table, "rows.0.handling", at=AT)
    with pytest.raises(NotAllowed):
        undo("企业撤回", by=stranger)
    with pytest.raises(Refused, match="须写明理由"):
        undo(" ", by=chen)
    undo("企业撤回", by=chen)
    assert reads.document(table).digest == before
    [newest] = audit.of_kinds(bureau, [EventKind.PUBLICATION_UNWITHHELD])
    assert newest.event.data["reason"] == "企业撤回"
    with pytest.raises(Stale, match="已经取消"):
        undo("企业撤回", by=chen)
    make_public(table)
    with pytest.raises(Refused, match="只有待批准"):
        undo("企业撤回", by=chen)


def test_a_phone_in_a_table_is_masked_before_anybody_approves(chen, bureau):
    leaky = replace(TABLE, note="咨询 13800000000。")
    ref = actions.propose_table("表", leaky, quarter=QUARTER, source="S2", by=chen, at=AT)
    assert reads.document(ref).document["note"] == "咨询 ［电话已隐去］。"
    [change] = office.preview(ref, bureau).changes
    assert (change.label, change.original) == ("说明", "咨询 13800000000。")


def test_a_table_with_a_short_row_is_refused(chen):
    bad = replace(TABLE, rows=(("重点", ("3",)),))
    with pytest.raises(Invalid, match="列数一致"):
        actions.propose_table("表", bad, quarter=QUARTER, source="S2", by=chen, at=AT)


def test_the_next_version_of_the_list_says_what_changed(
    item_list, chen, leader, make_public, bureau
):
    make_public(actions.propose_item_list(item_list, by=chen, at=AT))
    changed = AIR.replace("第一条", "第九条")
    noise = "噪声污染防治,zd,厂界噪声,一般检查事项,虚构条例第三条,噪声"
    take(ImportKind.ITEMS, csv(changed, noise, header=HEAD), chen)
    registry.approve_item_list(registers.item_lists(bureau)[0].ref, on=TODAY, by=leader, at=AT)
    [candidate] = office.candidates(bureau, TODAY)
    ref = make_public(actions.propose_item_list(candidate.source, by=chen, at=AT))
    found = {(c["what"], c["name"]) for c in reads.document(ref).document["changes"]}
    assert ("修改", "大气污染防治：废气治理设施运行") in found
    assert ("新增", "噪声污染防治：厂界噪声") in found
    assert registers.item_lists(bureau)[1].state is ItemListState.SUPERSEDED


def test_what_waits_is_offered_until_it_is_proposed(plan, item_list, chen, bureau):
    assert {c.source for c in office.candidates(bureau, TODAY)} == {plan, item_list}
    ref = actions.propose_plan(plan, by=chen, at=AT)
    assert {c.source for c in office.candidates(bureau, TODAY)} == {item_list}
    assert [row.ref for row in office.in_hand(bureau)] == [ref]


def test_the_public_sees_nothing_that_is_still_in_hand(table, make_public):
    assert reads.public_document(table) is None
    assert reads.open_to_all() == ()
    make_public(table)
    assert [row.ref for row in reads.open_to_all()] == [table]


def test_sole_traders_are_shown_for_a_shorter_time_and_masked(make_notice, make_public):
    firm, trader = row(1), row(2, subject="张三小吃店", uscc="92990173MA0000001X")
    make_public(make_notice(firm, trader))
    kept = {r.subject: r.keep_until.year for r in reads.search(TODAY).rows}
    assert kept == {"演示企业1": 2031, "张***店": 2028}


def test_one_line_is_withdrawn_from_every_version_of_its_notice(make_notice, make_public, gong):
    ref = make_public(make_notice(row(1), row(2)))
    actions.withdraw_result(ref, 2, "决定已撤销", by=gong, at=AT)
    assert [r.number for r in reads.search(TODAY).rows] == [1]
    [hidden] = reads.hidden_lines(TODAY, ref=ref)
    assert (hidden.number, hidden.reason) == (2, "决定已撤销")
    with pytest.raises(Stale, match="已经撤下"):
        actions.withdraw_result(ref, 2, "再撤", by=gong, at=AT)


def test_withdrawing_a_correction_takes_the_older_version_too(table, chen, gong, make_public):
    make_public(table)
    other = Table(columns=("应抽", "实抽"), rows=(("重点", ("3", "2")),))
    new = make_public(actions.correct_table(table, other, "误录", by=chen, at=AT))
    actions.withdraw(new, "口径有误", by=gong, at=AT)
    assert state(table) is state(new) is PublicationState.WITHDRAWN


def test_an_approved_list_is_put_before_the_approver_by_itself_and_once(
    chen, leader, bureau, monkeypatch
):
    monkeypatch.setattr("gongchou.web.clock.now", lambda: AT)
    take(ImportKind.ITEMS, csv(AIR, header=HEAD), chen)
    ref = registers.item_lists(bureau)[0].ref
    queue.run("propose_item_lists")
    assert reads.listed(bureau) == ()
    before = OrmQ.objects.count()
    registry.approve_item_list(ref, on=TODAY, by=leader, at=AT)
    [waiting] = [row.task for row in OrmQ.objects.all()[before:]]
    assert (waiting["func"], waiting["args"]) == (queue.RUN, ("propose_item_lists",))
    for _ in range(2):
        queue.run(*waiting["args"])
    [found] = reads.listed(bureau)
    assert (found.source, found.state) == (ref, PublicationState.PENDING)
    assert audit.events(bureau, about=found.ref)[0].event.by_name == "系统定时任务"


def test_a_list_that_was_sent_back_is_left_to_people(item_list, leader, bureau, monkeypatch):
    monkeypatch.setattr("gongchou.web.clock.now", lambda: AT)
    queue.run("propose_item_lists")
    [found] = reads.listed(bureau)
    actions.return_(found.ref, "依据写错了", by=leader, at=AT)
    queue.run("propose_item_lists")
    assert [row.state for row in reads.listed(bureau)] == [PublicationState.RETURNED]


def test_a_change_of_the_list_tells_what_changed_and_passes_over_voided_drafts(
    item_list, chen, leader, gong, make_public, bureau, monkeypatch
):
    monkeypatch.setattr("gongchou.web.clock.now", lambda: AT)
    make_public(actions.propose_item_list(item_list, by=chen, at=AT))
    take(ImportKind.ITEMS, csv(AIR.replace("第一条", "第八条"), header=HEAD), chen)
    registry.void_item_list(registers.item_lists(bureau)[0].ref, "写错", by=chen, at=AT)
    take(ImportKind.ITEMS, csv(AIR.replace("第一条", "第九条"), header=HEAD), chen)
    newest = registers.item_lists(bureau)[0].ref
    registry.approve_item_list(newest, on=TODAY, by=leader, at=AT)
    queue.run("propose_item_lists")
    found = next(row for row in reads.listed(bureau) if row.source == newest)
    changes = reads.document(found.ref).document["changes"]
    assert [change["what"] for change in changes] == ["修改"]
    make_public(found.ref)
    states = [row.state for row in registers.item_lists(bureau)]
    assert states == [ItemListState.PUBLISHED, ItemListState.VOID, ItemListState.SUPERSEDED]


def test_a_year_s_plan_is_published_in_its_eight_columns_and_stands_on_the_portal(
    plan, chen, leader, make_public, bureau, client
):
    year = planning.make_annual_plan(TODAY.year, by=chen, at=AT)
    with pytest.raises(Refused, match="批准后才能公示"):
        actions.propose_annual_plan(year, by=chen, at=AT)
    planning.approve_annual_plan(year, by=leader, at=AT)
    assert (f"{TODAY.year}年度双随机抽查计划", year) in [
        (one.title, one.source) for one in office.candidates(bureau, TODAY)
    ]
    ref = make_public(actions.propose_annual_plan(year, by=chen, at=AT))
    found = reads.document(ref).document
    assert set(found["rows"][0]) == {
        "number", "name", "mode", "items", "scope", "when", "count", "ratio",
    }  # fmt: skip
    assert len(found["rows"]) == 16
    assert "陈组长" not in str(found)
    assert year not in [one.source for one in office.candidates(bureau, TODAY)]
    page = client.get(f"/open/documents/{ref}/").content.decode()
    assert found["rows"][0]["name"] in page
    assert f"{TODAY.year}年度双随机抽查计划" in client.get("/open/plans/").content.decode()


def test_strangers_propose_no_year_s_plan(plan, stranger):
    with pytest.raises(NotAllowed):
        actions.propose_annual_plan("Y-1", by=stranger, at=AT)
