"""The registers as values: one byte form, who can be drawn, and which items apply."""

import types
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from enum import Enum
from typing import Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongchou.core.canon import canon, parse
from gongchou.core.plain import from_plain, to_plain
from gongchou.core.refusals import Invalid
from gongchou.core.roster import (
    Inspector,
    ItemGroup,
    RegisterSnapshot,
    Subject,
    applicable_groups,
    applicable_units,
    drawable_problem,
)
from gongchou.core.terms import DutyStatus, MonitoringType, PermitCategory, PollutantType
from tests.factories import SNAPSHOT_DAY, make_inspector, make_snapshot, make_subject

DAY = SNAPSHOT_DAY
ONE_DAY = timedelta(days=1)
TEXT = st.text("临溪虚构企业甲乙0aZ（）·-", max_size=5)
SCALARS = {
    str: TEXT,
    bool: st.booleans(),
    int: st.integers(-9, 999),
    date: st.dates(date(1990, 1, 1), date(2099, 12, 31)),
}


def values_of(kind):
    """Any value of a type of the registers, whatever fields it may gain."""
    if kind in SCALARS:
        return SCALARS[kind]
    if get_origin(kind) in (Union, types.UnionType):
        return st.one_of(*(st.none() if k is type(None) else values_of(k) for k in get_args(kind)))
    if get_origin(kind) is tuple:
        return st.lists(values_of(get_args(kind)[0]), max_size=2).map(tuple)
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return st.builds(kind, **{f.name: values_of(hints[f.name]) for f in fields(kind)})
    assert issubclass(kind, Enum)
    return st.sampled_from(list(kind))


@settings(max_examples=60, deadline=None)
@given(values_of(RegisterSnapshot))
def test_any_snapshot_reads_back_equal_from_its_own_bytes(snapshot):
    body = snapshot.frozen()
    again = RegisterSnapshot.thawed(body)
    assert again == snapshot
    assert again.frozen() == body == canon(parse(body))
    assert again.digest() == snapshot.digest()


@settings(max_examples=60, deadline=None)
@given(values_of(Subject), st.data())
def test_any_changed_field_of_a_subject_changes_the_digest(subject, data):
    hints = get_type_hints(Subject)
    name = data.draw(st.sampled_from([f.name for f in fields(Subject)]))
    changed = replace(subject, **{name: data.draw(values_of(hints[name]))})
    same = make_snapshot(subject).digest() == make_snapshot(changed).digest()
    assert same == (changed == subject)


def test_plain_values_are_text_and_numbers_with_nothing_absent():
    plain = to_plain(make_subject(is_excluded=True, visited_on=(date(2026, 1, 2),)))
    assert plain["is_excluded"] == 1
    assert plain["visited_on"] == ["2026-01-02"]
    assert plain["scale"] == plain["uscc"] == ""
    assert plain["permit_category"] == "registered"


@pytest.mark.parametrize(
    ("name", "value"),
    [("industry_code", 2611), ("name", None), ("is_excluded", True), ("is_excluded", "1"),
     ("is_excluded", 2), ("visited_on", ""), ("visited_on", ["20260101"]),
     ("visited_on", ["2026-02-30"]), ("pollutant_types", {"noise": 1}),
     ("pollutant_types", ["luck"]), ("scale", "超大"), ("credits", [{"level": "A"}])],
)  # fmt: skip
def test_a_form_the_system_never_writes_is_refused_with_its_place(name, value):
    plain = {**to_plain(make_subject()), name: value}
    with pytest.raises(Invalid, match=f"Subject.{name}.*可能已损坏"):
        from_plain(Subject, plain)


@pytest.mark.parametrize("value", ["5", "٥", True, 5.0, ""])
def test_a_number_is_read_from_a_number_only(value):
    plain = {**to_plain(make_inspector()), "visits_this_year": value}
    with pytest.raises(Invalid, match="visits_this_year"):
        from_plain(Inspector, plain)


def test_missing_and_strange_fields_are_named():
    plain = to_plain(make_snapshot(make_subject()))
    without = {name: value for name, value in plain.items() if name != "recusals"}
    with pytest.raises(Invalid, match="缺少字段 recusals"):
        from_plain(RegisterSnapshot, without)
    with pytest.raises(Invalid, match="不认识的字段 seed"):
        from_plain(RegisterSnapshot, {**plain, "seed": ""})
    with pytest.raises(Invalid, match="应为一组字段"):
        RegisterSnapshot.thawed(b"[]")


def test_a_certified_inspector_on_duty_can_be_drawn():
    assert drawable_problem(make_inspector(), DAY) is None


@pytest.mark.parametrize(
    ("given_fields", "says"),
    [
        ({"is_certified": False}, "没有行政执法资格"),
        ({"card_valid_until": None}, "未登记执法证有效期"),
        ({"card_valid_until": DAY - ONE_DAY}, "2026年1月4日到期"),
        ({"duty_status": DutyStatus.LEFT}, "已离岗"),
        ({"duty_status": DutyStatus.LEAVE}, "请假中"),
        ({"duty_status": DutyStatus.SECONDED, "away_until": DAY}, "借调中，至2026年1月5日"),
    ],
)
def test_who_cannot_be_drawn_is_told_why(given_fields, says):
    problem = drawable_problem(make_inspector(**given_fields), DAY)
    assert problem is not None
    assert says in problem
    assert problem.endswith("。")


@pytest.mark.parametrize(
    ("since", "until", "can"),
    [
        (DAY + ONE_DAY, None, True),
        (DAY, None, False),
        (None, DAY, False),
        (None, DAY - ONE_DAY, True),
        (DAY, DAY, False),
    ],
)
def test_leave_counts_from_its_first_to_its_last_day(since, until, can):
    li = make_inspector(duty_status=DutyStatus.LEAVE, away_since=since, away_until=until)
    assert (drawable_problem(li, DAY) is None) == can


def test_a_card_is_good_on_its_last_day():
    assert drawable_problem(make_inspector(card_valid_until=DAY), DAY) is None


EVERYWHERE = ItemGroup(code="EIA", name="环评", unit="zh")
AIR = ItemGroup(code="AIR", name="大气", unit="dq", pollutant_types=(PollutantType.WASTE_GAS,))
AUTO = ItemGroup(
    code="AUTO",
    name="在线监测",
    unit="zd",
    permit_categories=(PermitCategory.KEY, PermitCategory.SIMPLIFIED),
    monitoring_types=(MonitoringType.AUTO_AIR,),
)
GROUPS = (EVERYWHERE, AUTO, AIR)


def test_a_group_without_conditions_applies_to_every_subject():
    assert applicable_groups(make_subject(), GROUPS) == (EVERYWHERE,)


@pytest.mark.parametrize(
    ("permit", "monitoring", "does"),
    [
        (PermitCategory.KEY, (MonitoringType.AUTO_AIR, MonitoringType.VIDEO), True),
        (PermitCategory.KEY, (MonitoringType.VIDEO,), False),
        (PermitCategory.REGISTERED, (MonitoringType.AUTO_AIR,), False),
    ],
)
def test_all_conditions_of_a_group_must_be_met_each_by_one_value(permit, monitoring, does):
    subject = make_subject(permit_category=permit, monitoring_types=monitoring)
    assert (AUTO in applicable_groups(subject, GROUPS)) == does


def test_units_are_sorted_and_named_once():
    gas = make_subject(pollutant_types=(PollutantType.WASTE_GAS,))
    twice = (*GROUPS, replace(AIR, code="VOCS"))
    assert applicable_units(gas, twice) == ("dq", "zh")
    assert [group.code for group in applicable_groups(gas, twice)] == ["EIA", "AIR", "VOCS"]
