"""An off-site check is recorded, judged by another person, and can fail."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from gongchou.audit import reads as audit
from gongchou.core.coverage import SourceReading
from gongchou.core.powers import Actor
from gongchou.core.refusals import Invalid, NotAllowed, Refused, Stale, WrongState
from gongchou.core.terms import (
    InspectionKind,
    OffsiteCheckState,
    OffsiteConclusion,
    Role,
    SourceKind,
)
from gongchou.offsite import actions, reads
from gongchou.offsite.models import OffsiteCheck
from gongchou.registry import actions as registry
from tests.conftest import AT
from tests.offsite.conftest import QUARTER

LATER = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
NORMAL, TOO_LITTLE = OffsiteConclusion.NORMAL, OffsiteConclusion.INSUFFICIENT_DATA
ONLINE, VIDEO, LEDGER = SourceKind.AUTO_MONITORING, SourceKind.VIDEO, SourceKind.LEDGER


def read(kind, count=100, of=100):
    return SourceReading(kind=kind, expected=of, read=count)


def given(*sources, **fields):
    ordinary = {"since": date(2026, 1, 1), "until": date(2026, 2, 28), "evidence": "数据无异常。"}
    return actions.Given(
        **{**ordinary, "sources": sources or (read(ONLINE), read(VIDEO)), **fields}
    )


def record(subject, by, what=None, quarter=QUARTER):
    return actions.record_check(quarter, subject, what or given(), chance=b"dice", by=by, at=LATER)


def conclude(ref, by, conclusion=NORMAL, **fields):
    words = {"opinion": "同意。", "spot_note": "画面正常。", **fields}
    actions.conclude_check(ref, conclusion, by=by, at=LATER, **words)


@pytest.fixture
def monitored(units) -> str:
    return units["虚构化工1"]


@pytest.fixture
def recorded(monitored, chen) -> str:
    return record(monitored, chen)


def kinds(bureau, about):
    return [link.event.kind for link in audit.events(bureau, about=about)]


def counts(bureau):
    found = reads.coverage(bureau, QUARTER)
    return found.required_count, found.covered_count, len(found.short), len(found.missing)


def test_a_unit_is_covered_only_after_another_person_s_conclusion(recorded, shen, bureau):
    assert counts(bureau) == (3, 0, 1, 2)
    conclude(recorded, shen)
    assert counts(bureau) == (3, 1, 0, 2)
    row = reads.check(recorded, bureau)
    assert (row.state, row.covers, row.reviewer) == (OffsiteCheckState.CONCLUDED, True, "沈审核")
    assert kinds(bureau, recorded) == ["offsite_check_concluded", "offsite_check_recorded"]


def test_a_unit_without_monitors_needs_its_documents_only(units, chen, shen, bureau):
    ref = record(units["虚构化工3"], chen, given(read(LEDGER, 3, 4)))
    assert reads.check(ref, bureau).spot is None
    conclude(ref, shen, spot_note="")
    assert reads.check(ref, bureau).covers


def test_too_little_data_can_only_be_concluded_as_such_and_covers_nothing(
    monitored, chen, shen, bureau
):
    ref = record(monitored, chen, given(read(ONLINE), read(VIDEO, 74)))
    with pytest.raises(Refused, match=r"只能作出“数据不足”的结论.*现在只有 1 个达到"):
        conclude(ref, shen)
    conclude(ref, shen, TOO_LITTLE, spot_note="")
    assert counts(bureau) == (3, 0, 1, 2)


def test_a_reviewer_may_find_full_data_too_little(recorded, shen, bureau):
    conclude(recorded, shen, TOO_LITTLE)
    assert not reads.check(recorded, bureau).covers


def test_going_on_site_covers_and_asks_for_a_case_visit(recorded, shen, bureau):
    conclude(recorded, shen, OffsiteConclusion.GO_ON_SITE)
    found = reads.coverage(bureau, QUARTER)
    assert [unit.subject for unit in found.to_visit] == [unit.subject for unit in found.covered]


def test_the_reviewer_looks_at_the_hour_that_chance_chose(recorded, shen, bureau):
    look = reads.check(recorded, bureau).spot
    assert look.kind in (ONLINE, VIDEO)
    assert date(2026, 1, 1) <= look.day <= date(2026, 2, 28)
    with pytest.raises(Invalid, match="抽看所见"):
        conclude(recorded, shen, spot_note=" ")
    with pytest.raises(Invalid, match="审核意见"):
        conclude(recorded, shen, opinion=" ")


def test_whoever_recorded_a_check_does_not_conclude_it(recorded, chen):
    both = replace(chen, roles=frozenset({Role.OFFICE, Role.REVIEWER}))
    with pytest.raises(NotAllowed, match="不能给同一次检查作结论"):
        conclude(recorded, both)


def test_strangers_and_wrong_roles_neither_record_nor_conclude(
    recorded, units, stranger, leader, chen, shen
):
    for actor in (stranger, leader, shen):
        with pytest.raises(NotAllowed):
            record(units["虚构化工2"], actor)
        with pytest.raises(NotAllowed):
            actions.replace_check(recorded, "重做", given(), chance=b"1", by=actor, at=LATER)
    for actor in (stranger, leader, chen):
        with pytest.raises(NotAllowed):
            conclude(recorded, actor)


def test_a_second_check_of_a_unit_and_a_second_conclusion_are_refused(
    recorded, monitored, chen, shen
):
    with pytest.raises(Stale, match="本季度已有一次"):
        record(monitored, chen)
    conclude(recorded, shen)
    with pytest.raises(WrongState, match="不能重复办理"):
        conclude(recorded, shen)


def test_only_units_on_the_positive_list_of_an_approved_plan_are_checked(plan, chen, bureau):
    with pytest.raises(Refused, match="不在2026年第一季度计划的正面清单内"):
        record("S-nowhere", chen)
    with pytest.raises(Refused, match="还没有已批准的抽查计划"):
        record("S-nowhere", chen, quarter="2026Q2")
    assert reads.coverage(bureau, "2026Q2") is None


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"since": date(2025, 12, 31)}, "核查期间应在"),
        ({"until": date(2026, 3, 3)}, "还没有到"),
        ({"evidence": "  "}, "核查情况"),
        ({"sources": (read(ONLINE), read(ONLINE))}, "同一来源只填一行"),
        ({"sources": (read(ONLINE, 5, of=4),)}, "应有点数之间"),
        ({"sources": (read(ONLINE, 0, of=0),)}, "至少为 1"),
    ],
)
def test_what_was_entered_wrongly_is_answered_with_what_to_mend(monitored, chen, fields, says):
    with pytest.raises(Invalid, match=says):
        record(monitored, chen, given(**fields))


def test_a_check_needs_a_source(monitored, chen):
    with pytest.raises(Invalid, match="至少填写一个数据来源"):
        record(monitored, chen, replace(given(), sources=()))


def test_a_new_check_takes_the_place_of_one_short_of_data(monitored, chen, shen, bureau):
    old = record(monitored, chen, given(read(ONLINE)))
    conclude(old, shen, TOO_LITTLE)
    new = actions.replace_check(old, "补到视频数据", given(), chance=b"1", by=chen, at=LATER)
    conclude(new, shen)
    row, kept = reads.check(new, bureau), reads.check(old, bureau)
    assert (row.replaces, row.replace_reason) == (old, "补到视频数据")
    assert (kept.state, kept.covers) == (OffsiteCheckState.SUPERSEDED, False)
    assert kept.conclusion is TOO_LITTLE
    assert counts(bureau) == (3, 1, 0, 2)
    with pytest.raises(WrongState):
        actions.replace_check(old, "再来", given(), chance=b"1", by=chen, at=LATER)


def test_replacing_needs_a_reason(recorded, chen):
    with pytest.raises(Invalid, match="须写明理由"):
        actions.replace_check(recorded, " ", given(), chance=b"1", by=chen, at=LATER)


def test_a_finished_case_visit_covers_and_a_daily_one_does_not(units, person, bureau):
    li = person("li", "李执法", Role.INSPECTOR)
    for number, kind in ((2, InspectionKind.CASE), (3, InspectionKind.DAILY)):
        registry.record_visit_history(
            units[f"虚构化工{number}"],
            f"V{number}",
            ended_on=date(2026, 2, 3),
            kind=kind,
            inspectors=("I1", "I2"),
            by=li,
            at=AT,
        )
    [unit] = reads.coverage(bureau, QUARTER).covered
    assert (unit.name, unit.cover.by) == ("虚构化工2", "V2")


def test_another_bureau_s_check_is_not_there(recorded, shen):
    foreign = Actor(ref="U-x", name="外人", bureau="990199", roles=shen.roles)
    with pytest.raises(Refused, match="本机构没有编号"):
        conclude(recorded, foreign)


def test_the_database_refuses_half_a_conclusion_and_the_recorder_s_own(recorded, chen):
    rows = OffsiteCheck.objects.filter(ref=recorded)
    whole = {"concluded_at": LATER, "concluded_on": LATER.date(), "conclusion": "normal"}
    for fields in (
        {"state": "concluded"},
        {"concluded_at": LATER},
        {**whole, "reviewed_by_ref": chen.ref},
        {"replace_reason": "无"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**fields)
