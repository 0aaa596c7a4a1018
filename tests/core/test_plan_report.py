"""What a plan asks of the people, and the sentences where it cannot be met."""

from dataclasses import replace
from datetime import date

from gongchou.core.classify import classify
from gongchou.core.plan_report import Span, free_days, plan_report
from gongchou.core.quota import draw_strata, plan_strata
from gongchou.core.roster import ItemGroup
from gongchou.core.terms import DutyStatus, PermitCategory, PollutantType, Rotation
from gongchou.core.workdays import Quarter
from gongchou.law.load import load_calendar, load_profile
from tests.factories import make_inspector, make_snapshot, make_subject

CALENDAR = load_calendar()
QUARTER = Quarter(2026, 1)
WEEK = Span(first=date(2026, 1, 5), last=date(2026, 1, 9))
GROUPS = (
    ItemGroup(code="A", name="大气", unit="dq", pollutant_types=(PollutantType.WASTE_GAS,)),
    ItemGroup(code="P", name="许可", unit="zd"),
)


def report(count=8, people=4, profile="tangshan_gaoxin_2024", span=WEEK, change=None, **tags):
    policy = load_profile(profile)
    if change:
        policy = replace(policy, quotas=tuple(change(quota) for quota in policy.quotas))
    subjects = [
        make_subject(f"K{n}", permit_category=PermitCategory.KEY, **tags) for n in range(count)
    ]
    inspectors = tuple(make_inspector(f"I{n}") for n in range(people))
    snapshot = make_snapshot(*subjects, inspectors=inspectors, item_groups=GROUPS)
    found, by_ref = classify(snapshot, policy, QUARTER), {s.ref: s for s in subjects}
    strata = plan_strata(found, policy, snapshot.on, inspectors=people, subjects=by_ref)
    draw = draw_strata(found, by_ref, policy, QUARTER, inspectors=people)
    return plan_report(snapshot, policy, strata, draw, span=span, calendar=CALENDAR)


def says(found) -> str:
    return "".join(finding.says for finding in found.findings)


def test_free_days_are_working_days_of_those_who_can_be_drawn():
    away = make_inspector("I9", duty_status=DutyStatus.LEAVE, away_since=date(2026, 1, 7))
    late = make_inspector("I8", card_valid_until=date(2026, 1, 5))
    days = WEEK.workdays(CALENDAR)
    assert [free_days([person], days) for person in (make_inspector(), away, late)] == [5, 2, 1]


def test_needed_days_are_visits_by_team_and_visits_a_day():
    found = report(count=8, people=4, pollutant_types=(PollutantType.WASTE_GAS,))
    # 8 × 25% = 2 visits of 2 people, one of them joint with one more, two visits a day
    assert (str(found.needed_days), str(found.free_days)) == ("5/2", "20")
    assert (found.joint_owed, found.joint_possible, found.is_ready) == (1, 2, True)


def test_too_few_days_block_the_plan_and_name_what_is_missing():
    found = report(count=40, people=2, span=Span(first=date(2026, 1, 5), last=date(2026, 1, 5)))
    assert not found.is_ready
    assert "检查需要 10 人日" in found.findings[0].says
    assert "差 8 人日" in found.findings[0].says


def test_no_site_with_items_of_two_units_makes_no_joint_visit():
    assert "差 1 家" in says(report())


def test_the_cap_of_2025_is_named_where_a_ratio_outgrows_it():
    assert "年度上限" not in says(report(profile="overlay_2025"))

    def more(quota):
        return replace(quota, ratio=quota.ratio * 3) if quota.stratum == "key" else quota

    found = report(profile="overlay_2025", change=more)
    assert "全年平均每家 3 次，年度上限为每家 2 次" in says(found)
    assert found.is_ready


def test_rounding_up_a_small_base_is_told_and_empty_strata_too():
    found = report(count=1)
    assert "25% 进一后抽 1 家，实际比例 100%，超过规定的两倍" in says(found)
    assert "特殊：本季度无此类对象，应抽 0 家，视为达标。" in says(found)


def test_a_rotation_without_repeats_blocks_when_nobody_fresh_is_left():
    def once(quota):
        if quota.stratum != "key":
            return quota
        return replace(quota, rotation=Rotation.YEAR_NO_REPEAT)

    found = report(change=once, visited_on=(date(2026, 1, 4),))
    assert "重点应抽 2 家，年内未查的只有 0 家" in found.findings[0].says
    assert not found.is_ready


def test_exempt_sites_and_shared_codes_change_what_the_cap_leaves_room_for():
    def more(quota):
        return replace(quota, ratio=quota.ratio * 2) if quota.stratum == "key" else quota

    given = {"profile": "overlay_2025", "change": more}
    assert "年度上限" not in says(report(**given))  # 8 × 50% × 4 = 16 = 8 × 2
    shared = says(report(**given, uscc="91130200MA0000001X"))
    assert "上限只容 2 家次" in shared  # one enterprise with eight sites
