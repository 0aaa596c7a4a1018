"""Refusals of pure rules that no way of the house leads to by itself, each with its sentence."""

import json
from dataclasses import replace
from datetime import date
from functools import partial

import pytest

from gongchou.core import canon, external_map, plain, policy_keys, powers, workdays
from gongchou.core.area import read_area
from gongchou.core.draw_form import read_instant
from gongchou.core.monitoring import entries, rulebook
from gongchou.core.powers import Actor, ActorKind, Power
from gongchou.core.refusals import Invalid, NoRule, NotAllowed
from gongchou.core.rules import Parameter
from gongchou.law.load import load_calendar, load_monitor_rules, load_profile

TODAY = date(2026, 3, 1)
MAP = """
system = "省平台"
key = "编号"
number = "平台号"
[[column]]
head = "编号"
field = "ref"
[[column]]
head = "平台号"
field = "external_number"
"""


def test_a_mapping_of_another_system_reads_as_it_is_written():
    assert external_map.read_map(MAP).heads == ("编号", "平台号")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("[[column]]", "[[column", "不是正确的 TOML"),
        ('"省平台"', '" "', "须写明 system"),
        ('"省平台"', f'"{"省" * 200}"', "须写明 system"),
        ("[[column]]", "[[row]]", "没有列"),
        ('head = "编号"', 'head = ""', "第 1 列没有写 head"),
        ('field = "ref"', 'field = "name"', "的 field 应为.*实为“name”"),
        ('head = "平台号"', 'head = "编号"', "有两列的表头相同：“编号”"),
        ('key = "编号"', 'key = "平台号"', "这一列的 field 应为 ref"),
        ('number = "平台号"', 'number = "编号"', "这一列的 field 应为 external_number"),
    ],
)
def test_a_mapping_says_what_is_wrong_with_it(old, new, says):
    with pytest.raises(Invalid, match=says):
        external_map.read_map(MAP.replace(old, new))


RULE = next(iter(load_monitor_rules()))
NAME, THRESHOLD = next(iter(RULE.thresholds.items()))


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"没有": "1"}, "没有名为“没有”的阈值"),
        ({NAME: "三"}, "应是数字"),
        ({NAME: "NaN"}, "超出可用的范围"),
        ({NAME: "100001"}, "超出可用的范围"),
        ({NAME: f"{THRESHOLD.value:f}"}, "都与现行版本相同"),
        ({NAME: f"{THRESHOLD.least - 1:f}"}, "应不小于"),
    ],
)
def test_the_thresholds_of_a_monitoring_rule_are_numbers_within_bounds(values, says):
    with pytest.raises(Invalid, match=says):
        rulebook.changed(RULE, values, version="2", since=TODAY)


@pytest.mark.parametrize(
    ("text", "says"), [("五", "应是数字"), ("-1", "应在 0 到"), ("inf", "应在 0 到")]
)
def test_a_number_of_an_entry_is_one(text, says):
    assert entries.decimal(" 0.50 ", "功率") == "0.50"
    with pytest.raises(Invalid, match=f"“功率”{says}"):
        entries.decimal(text, "功率")


@pytest.mark.parametrize(
    ("kind", "good", "bad", "says"),
    [
        (entries.EntryKind.FILING, {"since": 1, "until": 2}, {"until": 1}, "结束时间应晚于"),
        (entries.EntryKind.GROUP, {"producers": ["a"], "treatments": ["b"]}, {"treatments": []},
         "至少要有一块"),
        (entries.EntryKind.STATES, {"off_kw": "1.0", "run_kw": "1"}, {"off_kw": "1.01"},
         "停机功率不应高于"),
    ],
)  # fmt: skip
def test_an_entry_that_cannot_be_judged_by_is_refused(kind, good, bad, says):
    entries.check_body(kind, good)
    with pytest.raises(Invalid, match=says):
        entries.check_body(kind, good | bad)


def polygon(*points: tuple[int, ...]) -> bytes:
    """An outline about a place in the south, in tenths of a degree."""
    ring = [[120 + one / 10 for one in point[:1]] + [30 + one / 10 for one in point[1:]]
            for point in (*points, points[0])]  # fmt: skip
    return json.dumps({"type": "Polygon", "coordinates": [ring]}).encode()


def nested(depth: int) -> object:
    return [nested(depth - 1)] if depth else 1


@pytest.mark.parametrize(
    ("act", "args", "says"),
    [
        (canon.check, (nested(canon.DEEPEST + 1),), "嵌套超过"),
        (plain.to_plain, (object(),), "没有规范写法"),
        (policy_keys.setting_of, ("no.such", "1"), "没有“no.such”这一项设置"),
        (read_instant, ("2026-02-30T10:00:00+08:00",), "不存在"),
        (
            partial(workdays.task_deadline, reading="D"),
            (workdays.Quarter.parse("2026Q1"), load_calendar()),
            "读法 D 未知",
        ),
        (read_area, (polygon((0, 0), (2, 1), (2, 0), (0, 3)),), "与自己相交"),
        (read_area, (polygon((0, 0), (1, 0), (1,), (0, 1)),), "有一个点没有经度和纬度"),
    ],
)
def test_a_value_out_of_its_form_is_named(act, args, says):
    canon.check(nested(canon.DEEPEST))
    with pytest.raises(Invalid, match=says):
        act(*args)


PROFILE = load_profile("overlay_2025")


@pytest.mark.parametrize(
    ("value", "ask", "says"),
    [
        (5, PROFILE.__class__.fraction, "应为分数"),
        (True, PROFILE.__class__.number, "应为整数"),
        ("五", PROFILE.__class__.number, "应为整数"),
        (5, PROFILE.__class__.words, "应为列表"),
    ],
)
def test_a_setting_of_the_wrong_kind_is_named(value, ask, says):
    row = Parameter(key="odd", value=value, since=TODAY, clause=PROFILE.parameters[0].clause)
    with pytest.raises(NoRule, match=f"实施方案的“odd”{says}"):
        ask(replace(PROFILE, parameters=(row,)), "odd", TODAY)


def test_the_order_of_the_strata_names_each_once():
    words = PROFILE.words("precedence", TODAY)
    row = Parameter(
        key="precedence",
        value=(*words[1:], words[1]),
        since=TODAY,
        clause=PROFILE.parameters[0].clause,
    )
    with pytest.raises(NoRule, match="把四个层各列一次"):
        replace(PROFILE, parameters=(row,)).precedence(TODAY)


def test_a_token_without_the_power_is_told_so():
    token = Actor(ref="K1", name="省平台", bureau="990173", kind=ActorKind.MACHINE)
    with pytest.raises(NotAllowed, match="这个接口令牌没有“查看名录”的权限"):
        powers.check(token, Power.SEE_REGISTER)
    powers.check(replace(token, powers=frozenset({Power.SEE_REGISTER})), Power.SEE_REGISTER)
