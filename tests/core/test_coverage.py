"""What covers a unit of the positive list for a quarter: below, on and above each limit."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from gongchou.core.coverage import (
    CaseVisit,
    CheckFacts,
    SourceReading,
    cover_of,
    cover_rule,
    covers,
    has_monitors,
    shortage,
    spot,
)
from gongchou.core.terms import MonitoringType, OffsiteConclusion, SourceKind
from gongchou.core.workdays import Quarter
from gongchou.law.load import load_profile

Q1 = Quarter(2026, 1)
RULE = cover_rule(load_profile("tangshan_gaoxin_2024"), Q1.first)
ONLINE, VIDEO, LEDGER = SourceKind.AUTO_MONITORING, SourceKind.VIDEO, SourceKind.LEDGER


def read(kind, count=75, of=100):
    return SourceReading(kind=kind, expected=of, read=count)


def check(**fields):
    ordinary = {
        "ref": "C1",
        "subject": "S1",
        "since": Q1.first,
        "until": date(2026, 2, 28),
        "has_monitors": True,
        "sources": (read(ONLINE), read(VIDEO)),
        "recorder": "U-chen",
        "reviewer": "U-shen",
        "conclusion": OffsiteConclusion.NORMAL,
        "concluded_on": date(2026, 3, 2),
    }
    return CheckFacts(**{**ordinary, **fields})


def is_covering(**fields):
    return covers(check(**fields), Q1, RULE)[0]


def test_the_policy_says_how_much_is_asked():
    assert (RULE.sources, RULE.completeness, RULE.case_visit_covers) == (2, Fraction(3, 4), True)


@pytest.mark.parametrize(("count", "is_enough"), [(74, False), (75, True), (76, True)])
def test_each_source_is_read_to_three_quarters(count, is_enough):
    assert is_covering(sources=(read(ONLINE), read(VIDEO, count))) is is_enough


def test_two_sources_of_which_all_documents_are_one():
    assert not is_covering(sources=(read(ONLINE),))
    assert is_covering(sources=(read(ONLINE), read(LEDGER)))
    papers = (read(LEDGER), read(SourceKind.EXECUTION_REPORT), read(SourceKind.SELF_MONITORING))
    assert not is_covering(sources=papers)


def test_without_monitors_a_document_review_suffices_alone():
    assert is_covering(has_monitors=False, sources=(read(LEDGER),))
    assert not is_covering(has_monitors=False, sources=(read(LEDGER, 74),))
    assert not is_covering(has_monitors=False, sources=(read(SourceKind.REMOTE),))


def test_a_source_of_which_nothing_was_expected_is_not_a_source():
    assert read(ONLINE, 0, of=0).completeness == 0
    assert not is_covering(sources=(read(ONLINE), read(VIDEO, 0, of=0)))
    assert "视频监控读取 0／0" in shortage((read(ONLINE), read(VIDEO, 0, of=0)), True, RULE)


@pytest.mark.parametrize(
    ("since", "until", "is_inside"),
    [
        (date(2026, 1, 1), date(2026, 3, 31), True),
        (date(2025, 12, 31), date(2026, 3, 31), False),
        (date(2026, 1, 1), date(2026, 4, 1), False),
        (date(2026, 2, 2), date(2026, 2, 1), False),
    ],
)
def test_the_period_lies_inside_the_quarter(since, until, is_inside):
    assert is_covering(since=since, until=until, concluded_on=Q1.last) is is_inside


@pytest.mark.parametrize(("on", "is_valid"), [(Q1.last, True), (date(2026, 4, 1), False)])
def test_the_conclusion_is_drawn_within_the_quarter(on, is_valid):
    assert is_covering(concluded_on=on) is is_valid


def test_the_reviewer_is_named_and_not_the_recorder():
    assert not is_covering(reviewer="")
    assert not is_covering(reviewer="U-chen")
    assert not is_covering(conclusion=None, concluded_on=None)


@pytest.mark.parametrize("conclusion", OffsiteConclusion)
def test_every_conclusion_but_too_little_data_covers(conclusion):
    expected = conclusion is not OffsiteConclusion.INSUFFICIENT_DATA
    assert is_covering(conclusion=conclusion) is expected


def test_the_earliest_valid_check_or_case_visit_covers_the_unit():
    visit = CaseVisit(ref="V9", subject="S1", ended_on=date(2026, 2, 10))
    found = cover_of("S1", [check()], [visit], quarter=Q1, rule=RULE)
    assert (found.by, found.on) == ("V9", date(2026, 2, 10))
    strict = replace(RULE, case_visit_covers=False)
    assert cover_of("S1", [check()], [visit], quarter=Q1, rule=strict).by == "C1"
    assert not cover_of("S1", [], [visit], quarter=Q1, rule=strict).is_covered
    assert not cover_of("S2", [check()], [visit], quarter=Q1, rule=RULE).is_covered


def test_a_case_visit_of_another_quarter_covers_nothing():
    visit = CaseVisit(ref="V9", subject="S1", ended_on=date(2026, 4, 1))
    found = cover_of("S1", [], [visit], quarter=Q1, rule=RULE)
    assert (found.is_covered, found.is_short) == (False, False)


def test_a_unit_with_too_little_data_is_short_not_missing():
    found = cover_of("S1", [check(sources=(read(ONLINE),))], [], quarter=Q1, rule=RULE)
    assert found.is_short
    assert "现在只有 1 个达到" in found.why


def test_a_unit_has_monitors_as_its_register_says():
    assert has_monitors((MonitoringType.VIDEO,))
    assert not has_monitors((MonitoringType.NONE,))
    assert not has_monitors(())


def test_the_hour_to_look_at_depends_on_chance_only_and_lies_in_the_period():
    sources, days = (read(ONLINE), read(VIDEO), read(LEDGER)), (Q1.first, Q1.last)
    found = {spot(bytes([n]), sources, *days) for n in range(200)}
    assert len(found) > 150
    assert {one.kind for one in found} == {ONLINE, VIDEO}
    assert all(Q1.first <= one.day <= Q1.last and 0 <= one.hour < 24 for one in found)
    assert spot(b"1", sources, *days) == spot(b"1", sources, *days)
    assert spot(b"1", (read(LEDGER),), *days) is None


def test_no_hour_of_a_link_by_video_is_chosen_for_it_has_one_of_its_own():
    days = (Q1.first, Q1.last)
    assert spot(b"1", (read(SourceKind.REMOTE), read(LEDGER)), *days) is None
    found = {spot(bytes([n]), (read(SourceKind.REMOTE), read(VIDEO)), *days).kind for n in range(9)}
    assert found == {VIDEO}
