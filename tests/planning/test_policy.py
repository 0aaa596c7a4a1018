"""The policy in force: adopted by the leader, answered by Rulings, kept by every plan."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from gongchou.audit import reads as audit
from gongchou.core.refusals import Invalid, NotAllowed, Refused, Stale
from gongchou.core.terms import ImportKind, Role, Stratum
from gongchou.planning import actions, policy_reads, reads
from gongchou.registry import actions as registry
from gongchou.registry import adopted_reads, policy
from gongchou.registry.models import AdoptedPolicy, RecordedRuling
from gongchou.registry.policy import profile_of
from tests.conftest import AT, TODAY
from tests.registry.test_import import csv, line, take

OWN = """id = "linxi_2026"
title = "2026年双随机监管工作实施方案（虚构）"
document_number = "临环高发〔2026〕1号"
since = 2026-01-01
lays_over = "tangshan_gaoxin_2024"

[[quota]]
stratum = "key"
ratio = "50/100"
since = 2026-01-01
clause = "二（三）"
says = "每季度抽查重点监管对象不少于百分之五十"
"""


@pytest.fixture
def leader(person):
    return person("lin", "林局长", Role.LEADER)


@pytest.fixture
def roster(chen) -> None:
    keys = [line(n, category="重点管理") for n in range(1, 12)]
    take(ImportKind.SUBJECTS, csv(*keys, line(12)), chen)


def adopt(leader, **fields) -> str:
    given = {"shipped": "overlay_2025", "since": TODAY, "document": "虚构〔2026〕2号", **fields}
    return registry.adopt_policy(**given, by=leader, at=AT)


def answer(**fields) -> registry.Answer:
    given = {
        "key": "special.credit",
        "value": "D、E",
        "reading": "D、E 级为特殊",
        "decided_by": "领导小组（虚构）",
        "document": "虚构〔2026〕3号",
        "on": TODAY,
    }
    return registry.Answer(**{**given, **fields})


def kinds(bureau: str, about: str) -> list[str]:
    return [link.event.kind for link in audit.events(bureau, about=about)]


def test_a_bureau_works_by_the_shipped_policy_until_it_adopts_one(bureau, leader):
    assert profile_of(bureau, TODAY).id == "tangshan_gaoxin_2024"
    adopt(leader)
    assert profile_of(bureau, TODAY).number("cap.daily", TODAY) == 2
    assert profile_of(bureau, date(2026, 1, 4)).id == "tangshan_gaoxin_2024"


def test_an_adoption_is_in_the_log_with_document_and_digest(bureau, leader):
    ref = adopt(leader)
    assert kinds(bureau, ref) == ["policy_adopted"]
    [row] = adopted_reads.adopted_policies(bureau)
    assert (row.adopted_by, row.adoption_document) == ("林局长", "虚构〔2026〕2号")
    assert len(row.digest) == 64


def test_an_own_file_gives_its_own_counts_and_can_be_read_again(bureau, leader, roster, chen):
    ref = adopt(leader, shipped="", text=OWN)
    plan = actions.compute_plan("2026Q1", by=chen, at=AT)
    owed = {row.stratum: row.required_count for row in reads.plan(plan).strata}
    assert owed[Stratum.KEY] == 6  # 11 × 50%
    assert 'id = "linxi_2026"' in adopted_reads.adopted_text(ref, bureau)


def test_an_old_plan_keeps_its_policy_when_the_bureau_changes_it(bureau, leader, roster, chen):
    old = actions.compute_plan("2026Q1", by=chen, at=AT)
    before = reads.plan(old)
    adopt(leader, shipped="", text=OWN)
    new = actions.compute_plan("2026Q2", by=chen, at=AT)
    assert reads.plan(old) == before
    assert reads.policy_of(old).id == "tangshan_gaoxin_2024"
    assert reads.policy_of(new).id == "linxi_2026"
    assert reads.plan(new).policy_digest != before.policy_digest


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (OWN.replace('"50/100"', "0.5"), r"第 9 行.*不得写小数"),
        (OWN.replace('"50/100"', '"150/100"'), r"第 9 行.*0 与 1 之间"),
        (OWN.replace("since = 2026-01-01\nclause", "clause"), r"第 7 行.*缺少日期“since”"),
        (OWN + '[[class_rule]]\nstratum = "key"\nfact = "luck"\n', r"第 15 行.*事实“luck”未知"),
        (OWN + "[[quota\n", r"第 13 行不是正确的 TOML"),
    ],
)
def test_a_faulty_file_is_refused_with_line_and_remedy(bureau, leader, text, says):
    with pytest.raises(Invalid, match=says):
        adopt(leader, shipped="", text=text)
    assert adopted_reads.adopted_policies(bureau) == ()


def test_only_the_leader_adopts_and_rules(bureau, chen, stranger):
    for actor in (chen, stranger):
        with pytest.raises(NotAllowed, match="通过实施方案"):
            adopt(actor)
        with pytest.raises(NotAllowed, match="登记解释口径"):
            registry.record_ruling(answer(), by=actor, at=AT)


def test_an_adoption_needs_a_document_and_a_later_day_than_the_last(leader):
    with pytest.raises(Refused, match="文号"):
        adopt(leader, document=" ")
    adopt(leader)
    with pytest.raises(Refused, match="须晚于这一天"):
        adopt(leader, shipped="tangshan_gaoxin_2024")
    with pytest.raises(Invalid, match="没有随产品提供"):
        adopt(leader, shipped="nowhere", since=date(2026, 2, 1))


def test_no_policy_takes_force_in_a_quarter_that_was_planned_and_is_over(leader, roster, chen):
    actions.compute_plan("2026Q1", by=chen, at=AT)
    with pytest.raises(Refused, match="不能早于本季度第一天"):
        adopt(leader, since=date(2025, 12, 31))


def test_a_ruling_changes_the_reading_from_its_day_and_names_what_it_replaces(bureau, leader):
    ref = registry.record_ruling(answer(), by=leader, at=AT)
    profile = profile_of(bureau, TODAY)
    assert profile.words("special.credit", TODAY) == ("D", "E")
    assert profile.words("special.credit", date(2026, 1, 4)) == ("C", "D", "E")
    assert (profile.ruling("special.credit").ref, kinds(bureau, ref)) == (ref, ["ruling_recorded"])
    assert RecordedRuling.objects.get(ref=ref).replaces == "default-5"


def test_the_next_ruling_replaces_the_last(bureau, leader):
    first = registry.record_ruling(answer(), by=leader, at=AT)
    second = registry.record_ruling(answer(value="E"), by=leader, at=AT)
    assert RecordedRuling.objects.get(ref=second).replaces == first
    assert profile_of(bureau, TODAY).words("special.credit", TODAY) == ("E",)


def test_the_yearly_number_of_joint_checks_holds_for_its_year(bureau, leader):
    yearly = answer(
        key="joint.cross_dept.sessions", value="4", on=date(2026, 1, 1), until=date(2027, 1, 1)
    )
    registry.record_ruling(yearly, by=leader, at=AT)
    profile = profile_of(bureau, date(2027, 5, 1))
    assert profile.setting("joint.cross_dept.sessions", date(2026, 12, 31)) == 4
    assert profile.setting("joint.cross_dept.sessions", date(2027, 1, 1)) is None


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"value": "Z"}, "不认识“Z”"),
        ({"key": "team.min_certified", "value": "1"}, "不得小于 2"),
        ({"key": "team.min_certified", "value": "两名"}, "应为整数"),
        ({"key": "rotation.key", "value": "year_reserve、3/2"}, "轮换应写成"),
        ({"key": "luck", "value": ""}, "没有“luck”这个问题"),
        ({"reading": " "}, "请写明口径"),
        ({"document": ""}, "文号"),
        ({"until": TODAY}, "截止日期须晚于"),
        ({"on": date(2025, 12, 31)}, "不能早于本季度第一天"),
    ],
)
def test_a_ruling_that_does_not_fit_is_refused(leader, fields, says):
    with pytest.raises(Refused, match=says):
        registry.record_ruling(answer(**fields), by=leader, at=AT)


def test_a_ruling_on_a_fixed_practice_is_recorded_without_a_value(bureau, leader):
    registry.record_ruling(answer(key="measure.unit", value=""), by=leader, at=AT)
    asked = policy_reads.question(bureau, "measure.unit", TODAY)
    assert (asked.is_settable, asked.standing.decided_by) == (False, "领导小组（虚构）")


def test_rulings_outlive_a_new_policy_and_stay_those_of_the_own_bureau(bureau, leader):
    registry.record_ruling(answer(), by=leader, at=AT)
    adopt(leader)
    assert profile_of(bureau, TODAY).words("special.credit", TODAY) == ("D", "E")
    assert profile_of("990000", TODAY).words("special.credit", TODAY) == ("C", "D", "E")


def test_the_database_refuses_a_second_policy_of_a_day_and_half_a_record(leader):
    adopt(leader)
    row = AdoptedPolicy.objects.get()
    row.pk, row.ref = None, "A-second"
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()
    row.since, row.adoption_document = date(2025, 1, 1), ""
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_a_policy_recorded_a_moment_earlier_by_another_is_told(leader):
    adopt(leader, since=date(2025, 12, 1))
    row = AdoptedPolicy.objects.get()
    row.pk, row.since, row.ref = None, date(2025, 1, 1), "A990173-0002"
    row.save()
    with pytest.raises(Stale, match="刚有另一份方案登记"):
        adopt(leader)


def test_the_preview_says_what_differs_and_what_it_means_for_the_register(bureau, roster):
    body = policy.body_of_text("方案.toml", OWN)
    found = policy_reads.preview(bureau, body, TODAY, TODAY)
    [row] = found.differences
    assert (row.what, row.will) == ("重点", "每季度 50%，现场抽查，不轮换")
    key = next(effect for effect in found.effects if effect.stratum is Stratum.KEY)
    assert (key.base_was, key.owed_was, key.base_will, key.owed_will) == (11, 3, 11, 6)


def test_every_default_and_every_open_number_is_listed(bureau, leader):
    found = policy_reads.policy_page(bureau, TODAY)
    assert len(found.unconfirmed) == len(found.rulings) == 55
    assert [key for key, _ in found.open_keys] == list(policy_reads.OPEN)
    registry.record_ruling(answer(), by=leader, at=AT)
    assert len(policy_reads.policy_page(bureau, TODAY).unconfirmed) == 54
