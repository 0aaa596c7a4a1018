"""Each shipped policy answers its own cases: below, on and above every limit."""

import pytest

from gongchou.core.refusals import Invalid
from gongchou.law.cases import Case, case_problem, read_cases
from gongchou.law.load import load_calendar, load_cases, load_profile, profile_ids

CALENDAR = load_calendar()
SHIPPED = [(policy, case) for policy in profile_ids() for case in load_cases(policy)]
COUNT = {"says": "虚构", "stratum": "key", "base": 11}


@pytest.mark.parametrize(
    ("policy", "case"), SHIPPED, ids=[f"{policy}-{case.says}" for policy, case in SHIPPED]
)
def test_a_policy_answers_its_case_as_written(policy, case):
    assert case_problem(case, load_profile(policy), CALENDAR) is None


def test_every_stratum_share_and_deadline_has_cases():
    kinds = {case.kind for _, case in SHIPPED}
    strata = {case.table["stratum"] for _, case in SHIPPED if case.kind == "count_case"}
    assert kinds == {"class_case", "count_case", "share_case", "deadline_case", "setting_case"}
    assert len(strata) == 4


def test_a_wrong_answer_names_the_case_and_both_numbers(profile_2024):
    table = {**COUNT, "on": profile_2024.since, "required": 2}
    case = Case(where="虚构.toml 第 1 个", kind="count_case", says="虚构", table=table)
    assert (
        case_problem(case, profile_2024, CALENDAR) == "虚构.toml 第 1 个（虚构）：应为 2，实为 3。"
    )


def test_an_incomplete_or_unknown_case_is_refused(profile_2024):
    case = Case(where="虚构.toml 第 1 个", kind="count_case", says="", table=COUNT)
    with pytest.raises(Invalid, match="不完整"):
        case_problem(case, profile_2024, CALENDAR)
    with pytest.raises(Invalid, match="不认识案例"):
        read_cases({"虚构.toml": {"luck_case": []}})
