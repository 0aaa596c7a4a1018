"""The public record: the core checks it step by step, and no field can be changed unnoticed."""

import json
from copy import deepcopy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongchou.core.canon import digest
from gongchou.core.draw_record import build_record, is_valid, verify
from gongchou.core.draw_values import Substitution
from gongchou.core.refusals import Invalid
from tests.core.draw_samples import (
    CASES,
    CLOSING,
    EXAMPLES,
    PROFILES,
    VECTORS,
    forged,
    forgeries,
    make_announcement,
    make_record,
    make_reveals,
    make_rosters,
)

RECORDS = {profile: make_record(profile) for profile in PROFILES}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_every_case_is_judged_right(case):
    steps = verify(case["record"])
    assert is_valid(steps) == case["ok"]
    assert all(step.ok for step in steps[:-1])


@pytest.mark.parametrize("profile", PROFILES)
def test_the_published_example_holds(profile):
    record, wanted = EXAMPLES[profile], VECTORS[profile]
    steps = verify(json.dumps(record, ensure_ascii=False, indent=2))
    assert is_valid(steps)
    assert wanted["announce"] in steps[-1].says
    assert (record["visits"], record["last"]) == (wanted["visits"], wanted["last"])
    assert digest(record, profile) == wanted["record"]


@pytest.mark.parametrize("profile", PROFILES)
@settings(max_examples=60, deadline=None)
@given(st.randoms(use_true_random=False))
def test_whatever_is_changed_somebody_notices(profile, chance):
    where, record = forged(RECORDS[profile], chance)
    assert not is_valid(verify(record)), where


def test_every_single_value_is_bound():
    missed = [where for where, record in forgeries(make_record(n=20)) if is_valid(verify(record))]
    assert missed == []


@pytest.mark.parametrize("profile", PROFILES)
def test_reason_and_date_of_a_substitution_are_bound_by_form_only(profile):
    record = deepcopy(RECORDS[profile])
    record["substitutions"][0][1:] = ["已停产", "2026-11-02"]
    assert is_valid(verify(record))
    for wrong in (["\u3000 ", "2026-11-02"], ["已停产", "2026-02-30"], ["已停产", "2026-2-3"]):
        record["substitutions"][0][1:] = wrong
        assert not is_valid(verify(record))


@pytest.mark.parametrize(
    "value", ["", "[]", "{}", "7", "null", "1.5", "[" * 9999, b"\xff", None, 7, [], {"draw": 1}]
)
def test_what_is_no_record_gets_a_sentence(value):
    steps = verify(value)
    assert not is_valid(steps)
    assert steps[-1].says.endswith("。") or "JSON" in steps[-1].says


@pytest.mark.parametrize("name", sorted(RECORDS["sha256"]))
@pytest.mark.parametrize("value", ["x", 7, [], [[]], {}, [7], ["x"]])
def test_a_field_of_another_kind_gets_a_sentence(name, value):
    record = {**RECORDS["sha256"], name: value}
    assert not is_valid(verify(record))


@pytest.mark.parametrize("name", sorted(RECORDS["sha256"]["announcement"]))
@pytest.mark.parametrize("value", ["x", 7, [], [[]], {}, [7], ["x"]])
def test_an_announced_value_of_another_kind_gets_a_sentence(name, value):
    record = deepcopy(RECORDS["sha256"])
    record["announcement"][name] = value
    assert not is_valid(verify(record))


def test_anchors_bind_the_record_to_what_was_published():
    record = RECORDS["sha256"]
    own = make_announced_digest(record)
    assert "未锚定" in verify(record)[-1].says
    grouped = " ".join(own[i : i + 8] for i in range(0, 64, 8)).upper()
    assert "未锚定" not in verify(record, announcement=grouped, sealed=record["sealed"])[-1].says
    assert not is_valid(verify(record, announcement="0" * 64))
    assert not is_valid(verify(record, sealed="0" * 64))


def make_announced_digest(record):
    return verify(record)[-1].says.split("公告摘要 ")[1][:64]


def test_a_rehearsal_is_named_and_never_taken_for_real():
    rosters, reveals = make_rosters(), make_reveals()
    announcement = make_announcement(rosters, reveals, draw="TEST-990173-1")
    record = build_record(announcement, rosters, reveals=reveals, closing=CLOSING)
    assert any("演练，不是真实抽取" in step.says for step in verify(record))
    assert not is_valid(verify(record, real=True))
    assert is_valid(verify(RECORDS["sha256"], real=True))


def test_excuses_follow_one_another_until_the_stratum_is_exhausted():
    rosters, reveals = make_rosters(n=6), make_reveals()
    announcement = make_announcement(rosters, reveals)
    excused, gone = [], []
    while True:
        record = build_record(
            announcement, rosters, reveals=reveals, closing=CLOSING, substitutions=excused
        )
        assert is_valid(verify(record))
        if not record["visits"]:
            break
        gone.append(record["visits"][-1][0])
        excused.append(Substitution(out=gone[-1], reason="已注销", on="2026-10-20"))
    assert sorted(gone) == [row.pid for row in rosters.subjects]


def test_an_excuse_for_somebody_not_drawn_is_refused():
    rosters, reveals = make_rosters(), make_reveals()
    announcement = make_announcement(rosters, reveals)
    record = build_record(announcement, rosters, reveals=reveals, closing=CLOSING)
    drawn = {visit[0] for visit in record["visits"]}
    out = next(row.pid for row in rosters.subjects if row.pid not in drawn)
    excuse = Substitution(out=out, reason="已注销", on="2026-10-20")
    with pytest.raises(Invalid, match=out):
        build_record(
            announcement, rosters, reveals=reveals, closing=CLOSING, substitutions=[excuse]
        )
