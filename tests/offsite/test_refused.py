"""What the room refuses, each with the sentence that says what to mend."""

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from gongchou.core.clue_terms import ClueState, InletKind
from gongchou.core.monitoring.words import EntryKind
from gongchou.core.powers import Actor
from gongchou.core.refusals import Invalid, Refused
from gongchou.core.terms import Role, SourceKind
from gongchou.offsite import (
    actions,
    clue_writers,
    forms,
    inlet_files,
    inlet_reads,
    models,
    monitor_reads,
    reads,
    watch_reads,
    weight_reads,
)
from tests.conftest import AT, BUREAU, TODAY
from tests.offsite.test_checks import given, read, record
from tests.offsite.test_clues import seen, taken
from tests.offsite.test_inlets import link, patrol, received
from tests.offsite.test_inlets import sites as sites
from tests.offsite.test_watch import OUTLET

NOBODY = "X990173-0"
LONG, LATER = "长" * 2001, AT + timedelta(hours=4)
SOURCE = read(SourceKind.VIDEO)


@dataclass(frozen=True)
class House:
    """A unit of the positive list with a clue, a link asked for, and who works there."""

    site: str
    clue: str
    link: str
    chen: Actor
    shen: Actor
    leader: Actor


@pytest.fixture
def house(units, chen, shen, leader) -> House:
    site = units["虚构化工1"]
    asked = actions.request_remote(site, "看治理设施", TODAY, by=chen, at=AT)
    return House(site=site, clue=taken(site), link=asked, chen=chen, shen=shen, leader=leader)


CHECKS = {
    "no source": ({"sources": ()}, "至少填写一个数据来源"),
    "one source twice": ({"sources": (SOURCE, SOURCE)}, "同一来源只填一行"),
    "nothing said": ({"evidence": " "}, "写明核查情况"),
    "too much said": ({"evidence": LONG}, "不超过 2000 字"),
}


@pytest.mark.parametrize(("fields", "says"), CHECKS.values(), ids=CHECKS)
def test_a_check_that_says_too_little_or_too_much(house, fields, says):
    with pytest.raises(Invalid, match=says):
        record(house.site, house.chen, replace(given(SOURCE), **fields))


def decide(h: House, to: ClueState, **fields) -> None:
    actions.decide_clue(h.clue, to, "看过", by=h.chen, at=AT, **fields)


def verifying(h: House, by: Actor | None = None) -> None:
    actions.decide_clue(h.clue, ClueState.TO_OFFSITE, "看过", by=by or h.chen, at=AT)
    actions.begin_offsite(h.clue, "调看", by=h.chen, at=AT)


def conclude(h: House, outcome: ClueState, **fields) -> None:
    verifying(h)
    actions.conclude_clue(h.clue, outcome, "看过", by=h.shen, at=AT, **fields)


def conclude_visited(h: House) -> None:
    verifying(h)
    models.Clue.objects.filter(ref=h.clue).update(visit="V1")
    actions.conclude_clue(h.clue, ClueState.CONFIRMED, "看过", by=h.shen, at=AT)


def conclude_oneself(h: House) -> None:
    both = replace(h.chen, roles=frozenset({Role.OFFICE, Role.REVIEWER}))
    verifying(h, both)
    actions.conclude_clue(h.clue, ClueState.CONFIRMED, "看过", by=both, at=AT)


def decide_oneself(h: House) -> None:
    own = replace(h.leader, ref=h.chen.ref)
    actions.decide_remote(h.link, True, "同意", by=own, at=AT)


def hold(h: House, **fields) -> None:
    actions.decide_remote(h.link, True, "同意", by=h.leader, at=AT + timedelta(hours=1))
    actions.record_remote(h.link, link(**fields), by=h.chen, at=LATER)


def answer(h: House) -> None:
    ref = actions.set_thresholds("A11", {"gap_hours": "5"}, TODAY, "从严", by=h.chen, at=AT)
    second = replace(h.chen, ref="U-second")
    actions.answer_thresholds(ref, True, "同意", by=second, at=AT)


def twice_decided(h: House) -> None:
    row = models.Clue.objects.get(ref=h.clue)
    decide(h, ClueState.WATCHED)
    clue_writers.step(row, ClueState.TO_OFFSITE, "看过", "", h.chen, AT)


def threshold(h: House, rule: str = "A11", why: str = "从严") -> None:
    actions.set_thresholds(rule, {"gap_hours": "5"}, TODAY, why, by=h.chen, at=AT)


def entered(h: House, subjects: list[str], why: str) -> None:
    actions.enter(subjects, EntryKind.OUTLET, "一", OUTLET, why, by=h.chen, at=AT)


REFUSED = {
    "no clue evidence": (
        lambda h: actions.add_evidence(h.clue, " ", by=h.chen, at=AT),
        "写明新的证据",
    ),
    "a clue with its site": (
        lambda h: actions.name_subject(h.clue, h.site, by=h.chen, at=AT),
        "已经有责任单位",
    ),
    "a clue not put away": (
        lambda h: actions.reopen_clue(h.clue, "再看", by=h.chen, at=AT),
        "只有已排除的",
    ),
    "a clue not watched": (
        lambda h: actions.return_clue(h.clue, "再看", by=h.chen, at=AT),
        "只有观察中的",
    ),
    "a clue not sent": (
        lambda h: actions.begin_offsite(h.clue, "调看", by=h.chen, at=AT),
        "没有转为非现场核查",
    ),
    "a clue without an outcome": (
        lambda h: actions.archive_clue(h.clue, by=h.chen, at=AT),
        "有核查结果的线索才能归档",
    ),
    "no outcome": (lambda h: conclude(h, ClueState.WATCHED), "核查结果应为"),
    "a reason too many": (
        lambda h: conclude(h, ClueState.CONFIRMED, reason="stopped"),
        "只有未查实的",
    ),
    "a clue at a visit": (conclude_visited, "正在现场核查"),
    "one's own clue": (conclude_oneself, "研判人以外"),
    "decided by two": (twice_decided, "刚被他人办理"),
    "no purpose of a link": (
        lambda h: actions.request_remote(h.site, " ", TODAY, by=h.chen, at=AT),
        "写明远程核查什么",
    ),
    "a link in the past": (
        lambda h: actions.request_remote(h.site, "看", TODAY - timedelta(days=1), by=h.chen, at=AT),
        "早于今天",
    ),
    "one's own link": (decide_oneself, "不能批准自己的申请"),
    "no without a why": (
        lambda h: actions.decide_remote(h.link, False, " ", by=h.leader, at=AT),
        "不予批准的",
    ),
    "a link that ends first": (lambda h: hold(h, ended_at=AT), "开始应早于结束"),
    "a link to come": (lambda h: hold(h, ended_at=LATER + timedelta(1)), "结束不晚于现在"),
    "nobody on the other side": (lambda h: hold(h, site_people=""), "请填写企业方人员"),
    "a link nobody knows": (
        lambda h: actions.decide_remote(NOBODY, True, "", by=h.leader, at=AT),
        "没有编号为 X990173-0 的远程执法",
    ),
    "no rule": (lambda h: threshold(h, "Z99"), "没有编号为 Z99 的监测规则"),
    "a rule without a why": (lambda h: threshold(h, why=" "), "写明理由，不超过 300 字"),
    "no version": (
        lambda h: actions.answer_thresholds(NOBODY, True, "同意", by=h.chen, at=AT),
        "没有编号为 X990173-0 的规则版本",
    ),
    "a version that is stricter": (answer, "没有放宽阈值"),
    "an entry about nobody": (lambda h: entered(h, [], "许可证"), "至少写明一家单位"),
    "an entry without a why": (lambda h: entered(h, [h.site], " "), "写明依据或理由"),
    "no monitor": (
        lambda h: actions.end_monitor(NOBODY, "拆除", by=h.chen, at=AT),
        "没有编号为 X990173-0 的监测设备",
    ),
    "a monitor ended without a why": (
        lambda h: actions.end_monitor(NOBODY, " ", by=h.chen, at=AT),
        "写明理由，不超过 200 字",
    ),
    "a sighting nobody knows": (
        lambda h: actions.dismiss_sighting(NOBODY, "看过", by=h.chen, at=AT),
        "没有编号为 X990173-0 的外部发现",
    ),
    "weights nobody knows": (
        lambda h: actions.sign_weights(NOBODY, "同意", by=h.leader, at=AT),
        "没有编号为 X990173-0 的线索权重",
    ),
}


@pytest.mark.parametrize(("act", "says"), REFUSED.values(), ids=REFUSED)
def test_an_act_is_refused_with_what_to_mend(house, act, says):
    with pytest.raises(Refused, match=says):
        act(house)


def test_a_clue_without_a_word_is_none(chen, bureau):
    with pytest.raises(Invalid, match="写明看到或者收到的情况"):
        actions.take_up_clue(seen("phone-1", says=" "), by=chen, at=AT)


def test_a_sighting_is_decided_once_and_with_words(sites, chen):
    received(InletKind.PATROL, patrol(0, 1200), chen)
    first = models.Sighting.objects.order_by("pk")[0].ref
    with pytest.raises(Invalid, match="写明查看了什么"):
        actions.dismiss_sighting(first, " ", by=chen, at=AT)
    actions.dismiss_sighting(first, "车辆尾气", by=chen, at=AT)
    with pytest.raises(Refused, match="最终状态"):
        actions.confirm_sighting(first, "再看", by=chen, at=AT)


FILES = {
    "too large": (b"x" * (20 * 2**20 + 1), "超过 20 MB"),
    "a NUL": ("时间,经度\n1,\0".encode(), "有空字符"),
    "no encoding": (b"\xff\xfe\xff\n", "编码读不懂"),
    "one column": (b"%PDF-1.4\n1", "第一行应是列名"),
    "no rows": ("时间,经度\n".encode(), "没有数据行"),
    "broken JSON": (b"{", "JSON 读不懂"),
    "JSON without rows": (b'{"a": 1}', "对象的列表"),
    "JSON of numbers": (b"[1]", "对象的列表"),
}


@pytest.mark.parametrize(("content", "says"), FILES.values(), ids=FILES)
def test_a_wrong_file_is_refused_whole(chen, bureau, content, says):
    with pytest.raises(Invalid, match=says):
        actions.receive_file(InletKind.PATROL, "文件", content, by=chen, at=AT)
    assert not models.InletFile.objects.exists()


def test_a_file_of_too_many_rows_is_to_be_cut(monkeypatch):
    monkeypatch.setattr(inlet_files, "MOST_ROWS", 1)
    with pytest.raises(Invalid, match="有 2 行，一次最多 1 行"):
        inlet_files.read_file("a.csv", b"a,b\n1,2\n3,4")


READS = {
    "check": (lambda: reads.check(NOBODY, BUREAU), "非现场检查"),
    "file": (lambda: inlet_reads.file(NOBODY, BUREAU), "外部文件"),
    "link": (lambda: inlet_reads.remote_check(NOBODY, BUREAU), "远程执法"),
    "monitor": (lambda: monitor_reads.monitor(NOBODY, BUREAU), "监测设备"),
    "finding": (lambda: watch_reads.finding(NOBODY, BUREAU), "规则事件"),
    "weights": (lambda: weight_reads.sensitivity(BUREAU, TODAY, NOBODY), "线索权重"),
}


@pytest.mark.parametrize(("wanted", "kind"), READS.values(), ids=READS)
def test_what_nobody_knows_is_named(bureau, wanted, kind):
    with pytest.raises(Refused, match=f"没有编号为 {NOBODY} 的{kind}"):
        wanted()


def test_pages_that_nobody_links_to_say_where_to_go(house, signed_in):
    client = signed_in(house.chen)
    rule = client.get(reverse("offsite:rule", args=["Z99"]))
    assert "没有编号为 Z99 的监测规则" in rule.content.decode()
    entry = client.get(reverse("offsite:entry_new", args=[house.site, "nothing"]))
    assert "没有这一种监管资料" in entry.content.decode()
    act = client.post(reverse("offsite:clue_act", args=[house.clue]), {"act": "nothing"})
    assert "没有选择要办理的事项" in act.content.decode()


@pytest.mark.parametrize("days", [0, -1, 101])
def test_a_window_that_is_none_or_too_long_is_not_judged(house, tmp_path, days):
    until = AT + timedelta(days=days)
    with pytest.raises(Invalid, match="由早到晚，一次不超过 100 天"):
        actions.judge_window(tmp_path, AT, until, by=house.chen, at=AT)


def test_an_attachment_that_is_too_large_is_named(house, signed_in, monkeypatch):
    monkeypatch.setattr(forms, "LARGEST_FILE", 3)
    typed = {"since": TODAY, "until": TODAY, "evidence": "看过", "video_expected": 1}
    file = SimpleUploadedFile("附件.zip", b"four")
    page = signed_in(house.chen).post(
        reverse("offsite:record", args=["2026Q1", house.site]), typed | {"attachment": file}
    )
    assert "附件超过 50 MB" in page.text
    assert not models.OffsiteCheck.objects.exists()
