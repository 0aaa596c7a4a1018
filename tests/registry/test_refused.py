"""What the registers refuse, each with the sentence that says what to mend."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest

from gongchou.core.powers import Actor
from gongchou.core.refusals import Invalid, Refused
from gongchou.core.terms import ImportKind, RecusalReason, Role
from gongchou.registry import (
    actions,
    adopted_reads,
    change_reads,
    diffs,
    export,
    item_reads,
    models,
    people_reads,
    policy,
    reads,
    record_reads,
)
from gongchou.registry.importing import sheets
from tests.conftest import AT, BUREAU, TODAY
from tests.registry.test_import import csv, line, take, uscc
from tests.registry.test_items import AIR, HEAD

NOBODY = "X990173-0"
LATER = date(2026, 7, 1)
DOCUMENT = "虚构〔2026〕1号"
RULING = {
    "key": "deadline.task",
    "value": "8",
    "reading": "按八个工作日",
    "decided_by": "局务会",
    "document": DOCUMENT,
    "on": TODAY,
}


@dataclass(frozen=True)
class House:
    """A bureau with a site, a designation, a recusal, a draft of items, and who works there."""

    site: str
    designation: str
    recusal: str
    items: str
    change: str
    chen: Actor
    leader: Actor


@pytest.fixture
def house(chen, person, bureau) -> House:
    leader = person("lin", "林局长", Role.LEADER)
    take(ImportKind.SUBJECTS, csv(line(1)), chen)
    site = reads.subjects(BUREAU, TODAY).rows[0].ref
    people = "姓名,科室,登录名,执法证号,执法资格,有效期至"
    take(ImportKind.INSPECTORS, csv("李执法,zd,li,虚构-001,是,2030-01-01", header=people), chen)
    li = person("li", "李执法", Role.INSPECTOR)
    recusal = actions.declare_recusal(
        uscc(1), reason=RecusalReason.KIN, since=TODAY, on=TODAY, by=li, at=AT
    )
    designation = actions.propose_designation(
        site, "毗邻水源地（虚构）", since=TODAY, until=LATER, on=TODAY, by=chen, at=AT
    )
    take(ImportKind.ITEMS, csv(AIR, header=HEAD), chen)
    items = reads.item_lists(BUREAU)[0].ref
    change = change_reads.changes(BUREAU)[0].ref
    return House(site, designation, recusal, items, change, chen, leader)


def propose(h: House, since: date, until: date) -> None:
    actions.propose_designation(
        h.site, "毗邻水源地（虚构）", since=since, until=until, on=TODAY, by=h.chen, at=AT
    )


def own(h: House, by: str) -> Actor:
    """The leader, were it the same person as another."""
    return replace(h.leader, ref=by)


def end_own_recusal(h: House) -> None:
    by = own(h, models.RecusalDeclaration.objects.get().by_ref)
    actions.end_recusal(h.recusal, "已消除", on=TODAY, by=by, at=AT)


def adopt(h: House, **fields) -> None:
    given = {"since": TODAY, "document": DOCUMENT, "shipped": "tangshan_gaoxin_2024", **fields}
    actions.adopt_policy(**given, by=h.leader, at=AT)


def adopt_twice(h: House) -> None:
    adopt(h)
    adopt(h)


def rule(h: House, **fields) -> None:
    actions.record_ruling(actions.Answer(**{**RULING, **fields}), by=h.leader, at=AT)


def add_site(h: House, **fields) -> None:
    actions.add_subject(fields, reason="新领许可证", on=TODAY, by=h.chen, at=AT)


def change_site(h: House, ref: str) -> None:
    actions.change_subject(ref, {"name": "另名"}, reason="更名", on=TODAY, by=h.chen, at=AT)


def add_person(h: House, reason: str, **fields) -> None:
    actions.add_inspector(fields, reason=reason, on=TODAY, by=h.chen, at=AT)


def change_person(h: House, ref: str) -> None:
    actions.change_inspector(ref, {"name": "另名"}, reason="更名", on=TODAY, by=h.chen, at=AT)


REFUSED = {
    "a change nobody knows": (
        lambda h: actions.confirm_change(NOBODY, by=h.leader, at=AT),
        "没有编号为 X990173-0 的名录变更",
    ),
    "one's own change": (
        lambda h: actions.confirm_change(h.change, by=own(h, h.chen.ref), at=AT),
        "不能复核同一项变更",
    ),
    "a draft undone": (
        lambda h: actions.undo_change(h.change, "错了", on=TODAY, by=h.chen, at=AT),
        "抽查事项清单是草稿",
    ),
    "a designation that is over": (
        lambda h: propose(h, TODAY - timedelta(9), TODAY - timedelta(1)),
        "截止日期已过",
    ),
    "a designation nobody knows": (
        lambda h: actions.approve_designation(NOBODY, on=TODAY, by=h.leader, at=AT),
        "没有编号为 X990173-0 的人工指定",
    ),
    "one's own designation": (
        lambda h: actions.approve_designation(
            h.designation, on=TODAY, by=own(h, h.chen.ref), at=AT
        ),
        "不能决定同一项指定",
    ),
    "a designation ended without a why": (
        lambda h: actions.end_designation(h.designation, " ", on=TODAY, by=h.leader, at=AT),
        "提前终止的，请写明理由",
    ),
    "a list nobody knows": (
        lambda h: actions.approve_item_list(NOBODY, on=TODAY, by=h.leader, at=AT),
        "没有编号为 X990173-0 的抽查事项清单",
    ),
    "one's own list": (
        lambda h: actions.approve_item_list(h.items, on=TODAY, by=own(h, h.chen.ref), at=AT),
        "不能批准同一份清单",
    ),
    "a mapping without a name": (
        lambda h: actions.save_mapping(ImportKind.SUBJECTS, " ", {"a": "b"}, by=h.chen, at=AT),
        "写明来源名称",
    ),
    "a person without a why": (lambda h: add_person(h, " ", name="张三"), "写明新增理由"),
    "a person without a name": (lambda h: add_person(h, "调入"), "姓名"),
    "a person nobody knows": (
        lambda h: change_person(h, NOBODY),
        "没有编号为 X990173-0 的检查人员",
    ),
    "a site without a name": (add_site, "单位名称"),
    "a site nobody knows": (lambda h: change_site(h, NOBODY), "没有编号为 X990173-0 的检查对象"),
    "a policy we do not ship": (lambda h: adopt(h, shipped="none"), "没有随产品提供的方案“none”"),
    "a policy without a document": (lambda h: adopt(h, document=" "), "文件文号"),
    "a policy not after the last": (adopt_twice, "新方案须晚于这一天"),
    "a ruling that ends first": (lambda h: rule(h, until=TODAY), "截止日期须晚于执行日期"),
    "a ruling for the past": (lambda h: rule(h, on=date(2025, 12, 31)), "不能早于本季度第一天"),
    "a ruling about nothing": (lambda h: rule(h, key="none"), "没有“none”这个问题"),
    "a recusal nobody knows": (
        lambda h: actions.end_recusal(NOBODY, "已消除", on=TODAY, by=h.leader, at=AT),
        "没有编号为 X990173-0 的回避申报",
    ),
    "one's own recusal": (end_own_recusal, "不能由本人终止"),
    "a recusal ended without a why": (
        lambda h: actions.end_recusal(h.recusal, " ", on=TODAY, by=h.leader, at=AT),
        "终止回避的，请写明理由",
    ),
}


@pytest.mark.parametrize(("act", "says"), REFUSED.values(), ids=REFUSED)
def test_an_act_is_refused_with_what_to_mend(house, act, says):
    with pytest.raises(Refused, match=says):
        act(house)


READS = {
    "policy": (lambda: adopted_reads.adopted_text(NOBODY, BUREAU), "实施方案"),
    "change": (lambda: change_reads.change(NOBODY, BUREAU), "名录变更"),
    "differences": (lambda: diffs.by_ref(NOBODY, BUREAU), "名录变更"),
    "person": (lambda: export.person_texts(NOBODY, BUREAU), "检查人员"),
    "items": (lambda: item_reads.item_list(NOBODY, BUREAU), "抽查事项清单"),
    "recusal": (lambda: people_reads.recusal(NOBODY, BUREAU), "回避申报"),
    "snapshot": (lambda: reads.frozen_snapshot(NOBODY), "名录库快照"),
}


@pytest.mark.parametrize(("wanted", "kind"), READS.values(), ids=READS)
def test_what_nobody_knows_is_named(bureau, wanted, kind):
    with pytest.raises(Refused, match=f"没有编号为 {NOBODY} 的{kind}"):
        wanted()


def test_a_site_of_no_day_and_an_upload_that_is_gone_are_named(bureau):
    with pytest.raises(Refused, match=f"名录中没有 {NOBODY}"):
        record_reads.subject_record(NOBODY, BUREAU, TODAY)
    with pytest.raises(Refused, match="没有这份待导入的文件"):
        reads.batch(NOBODY, BUREAU)


def test_an_item_that_is_not_on_the_list_is_named(house):
    held = item_reads.item_list(house.items, BUREAU)
    with pytest.raises(Refused, match="第 1 版清单中没有编号为 Z9 的事项"):
        export.item_texts("Z9", held)


def test_a_policy_as_long_as_a_book_and_a_workbook_too_large_are_refused(monkeypatch, chen):
    with pytest.raises(Invalid, match="不像一份方案文件"):
        policy.body_of_text("方案.toml", "长" * (policy.LARGEST + 1))
    monkeypatch.setattr(sheets, "LARGEST_WORKBOOK", 3)
    with pytest.raises(Invalid, match="超过 50 MB"):
        actions.import_file(
            ImportKind.SUBJECTS, b"PK\x03\x04", "名录.xlsx", on=TODAY, by=chen, at=AT
        )
