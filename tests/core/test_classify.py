"""Classes and strata, note by note of the interpretation notes 1–18."""

from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from gongchou.core.classify import (
    Classification,
    classify,
    classify_one,
    key_differences,
    one_trip,
)
from gongchou.core.roster import DesignationFact, RegisterSnapshot
from gongchou.core.rules import Parameter
from gongchou.core.terms import (
    ComplaintVerdict,
    CreditLevel,
    KeyUnitType,
    OperatingStatus,
    PermitCategory,
    Stratum,
    SubjectClass,
    SupervisedBy,
)
from gongchou.core.workdays import Quarter
from gongchou.law.load import load_profile
from tests.factories import (
    SNAPSHOT_DAY,
    complained,
    listed,
    make_snapshot,
    make_subject,
    penalised,
    rated,
    supervised,
)

PROFILE = load_profile("tangshan_gaoxin_2024")
Q1 = Quarter(2026, 1)
KEY = {"permit_category": PermitCategory.KEY}
SPECIAL = {"credits": (rated(CreditLevel.D),)}
LISTED = {"listings": (listed(),)}


def row_of(**fields):
    return classify_one(make_subject(**fields), PROFILE, on=SNAPSHOT_DAY, quarter=Q1)


@pytest.mark.parametrize(
    ("is_special", "is_listed", "is_key"), list(product([False, True], repeat=3))
)
def test_note_1_special_before_listed_before_key_before_the_rest(is_special, is_listed, is_key):
    fields = {
        **(SPECIAL if is_special else {}),
        **(LISTED if is_listed else {}),
        **(KEY if is_key else {}),
    }
    order = [
        (is_special, Stratum.SPECIAL),
        (is_listed, Stratum.GENERAL_LISTED),
        (is_key, Stratum.KEY),
        (True, Stratum.GENERAL_UNLISTED),
    ]
    row = row_of(**fields)
    assert row.stratum is next(stratum for holds, stratum in order if holds)
    assert row.reasons[0].stratum is row.stratum
    assert len(row.reasons) == max(1, is_special + is_listed + is_key)


DESIGNATED = DesignationFact(
    reason="环境风险较大", approved_by="赵局长", since=date(2025, 1, 1), until=date(2026, 12, 31)
)
ATTRIBUTES = (
    (Stratum.SPECIAL, SPECIAL),
    (Stratum.SPECIAL, {"penalties": (penalised(date(2025, 11, 3)),)}),
    (Stratum.SPECIAL, {"complaints": (complained(date(2025, 11, 3)),)}),
    (Stratum.SPECIAL, {"supervised_cases": (supervised(SupervisedBy.PROVINCE),)}),
    (Stratum.SPECIAL, {"designations": (DESIGNATED,)}),
    (Stratum.GENERAL_LISTED, LISTED),
    (Stratum.KEY, {"key_unit_types": (KeyUnitType.AIR,)}),
    (Stratum.KEY, KEY),
)


def test_every_rule_of_the_plan_is_among_the_attributes():
    rules = PROFILE.rules_on(SNAPSHOT_DAY)
    assert sorted(rule.stratum for rule in rules) == sorted(s for s, _ in ATTRIBUTES)


def test_note_1_holds_for_every_set_of_attributes():
    order = PROFILE.precedence(SNAPSHOT_DAY)
    for held in product([False, True], repeat=len(ATTRIBUTES)):
        chosen = [attribute for attribute, is_held in zip(ATTRIBUTES, held, strict=True) if is_held]
        fields = {name: value for _, given in chosen for name, value in given.items()}
        met = {stratum for stratum, _ in chosen} or {Stratum.GENERAL_UNLISTED}
        row = row_of(**fields)
        assert row.stratum is min(met, key=order.index)
        assert {reason.stratum for reason in row.reasons} == met
        assert len(row.reasons) == max(1, len(chosen))


def test_note_2_a_special_unit_on_the_positive_list_should_leave_it():
    assert row_of(**SPECIAL, **LISTED).notes == ("建议移出正面清单",)
    assert row_of(**LISTED).notes == ()


def test_note_3_three_classes_in_four_strata():
    classes = {row_of(**fields).subject_class for fields in (SPECIAL, LISTED, KEY, {})}
    assert classes == set(SubjectClass)
    assert row_of(**LISTED).subject_class is row_of().subject_class is SubjectClass.GENERAL


@pytest.mark.parametrize("kind", list(KeyUnitType))
def test_note_4_only_the_four_kinds_of_key_discharger_are_key(kind):
    expected = kind not in (KeyUnitType.SOIL, KeyUnitType.RISK)
    assert (row_of(key_unit_types=(kind,)).stratum is Stratum.KEY) == expected


def test_note_4_permit_and_list_that_disagree_are_shown_for_mending():
    snapshot = make_snapshot(
        make_subject("S1", **KEY, key_unit_types=(KeyUnitType.WATER,)),
        make_subject("S2", **KEY),
        make_subject("S3", key_unit_types=(KeyUnitType.AIR,)),
        make_subject("S4", key_unit_types=(KeyUnitType.SOIL,)),
    )
    assert [ref for ref, _ in key_differences(snapshot, PROFILE)] == ["S2", "S3"]


@pytest.mark.parametrize("level", list(CreditLevel))
def test_note_5_credit_c_d_e_and_never_unrated(level):
    expected = level in (CreditLevel.C, CreditLevel.D, CreditLevel.E)
    assert (row_of(credits=(rated(level),)).stratum is Stratum.SPECIAL) == expected


def test_note_5_the_level_valid_on_the_snapshot_day_counts():
    old, new = rated(CreditLevel.D), rated(CreditLevel.B, SNAPSHOT_DAY)
    later = rated(CreditLevel.E, date(2026, 1, 6))
    assert row_of(credits=(old, new)).stratum is Stratum.GENERAL_UNLISTED
    assert row_of(credits=(new, later)).stratum is Stratum.GENERAL_UNLISTED


@pytest.mark.parametrize(
    ("by", "lifted_on", "expected"),
    [
        (SupervisedBy.MINISTRY, None, True),
        (SupervisedBy.PROVINCE, date(2026, 1, 6), True),
        (SupervisedBy.PROVINCE, SNAPSHOT_DAY, False),
        (SupervisedBy.CITY, None, False),
    ],
)
def test_note_6_ministry_or_province_until_lifted(by, lifted_on, expected):
    row = row_of(supervised_cases=(supervised(by, lifted_on),))
    assert (row.stratum is Stratum.SPECIAL) == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2025, 9, 30), False),
        (date(2025, 10, 1), True),
        (date(2025, 12, 31), True),
        (date(2026, 1, 1), False),
    ],
)
def test_note_7_a_penalty_decided_in_the_quarter_before(day, expected):
    assert (row_of(penalties=(penalised(day),)).stratum is Stratum.SPECIAL) == expected


def test_note_7_a_revoked_penalty_no_longer_counts():
    revoked = penalised(date(2025, 11, 1), revoked_on=date(2025, 12, 1))
    assert row_of(penalties=(revoked,)).stratum is Stratum.GENERAL_UNLISTED


@pytest.mark.parametrize("verdict", list(ComplaintVerdict))
def test_note_8_a_complaint_verified_wholly_mostly_or_partly(verdict):
    row = row_of(complaints=(complained(date(2025, 12, 1), verdict),))
    assert (row.stratum is Stratum.SPECIAL) == (verdict is not ComplaintVerdict.FALSE)


def test_note_8_a_complaint_without_violation_does_not_count():
    row = row_of(complaints=(complained(date(2025, 12, 1), is_violation=False),))
    assert row.stratum is Stratum.GENERAL_UNLISTED


def test_note_9_a_manual_designation_holds_until_it_expires():
    order = DesignationFact(
        reason="环境风险较大", approved_by="赵局长", since=date(2025, 1, 1), until=date(2026, 1, 6)
    )
    assert row_of(designations=(order,)).stratum is Stratum.SPECIAL
    assert row_of(designations=(replace(order, until=SNAPSHOT_DAY),)).stratum is not Stratum.SPECIAL


@pytest.mark.parametrize("permit", [PermitCategory.REGISTERED, PermitCategory.NONE])
def test_note_10_registered_and_free_units_are_in_unless_the_policy_says_otherwise(permit):
    key = {"registered": "include.registered", "none": "include.no_permit_duty"}[permit]
    changed = tuple(replace(p, value=False) if p.key == key else p for p in PROFILE.parameters)
    subject = make_subject(permit_category=permit)
    assert row_of(permit_category=permit).is_in_base
    out = classify_one(subject, replace(PROFILE, parameters=changed), on=SNAPSHOT_DAY, quarter=Q1)
    assert not out.is_in_base


def test_note_11_the_base_counts_each_unit_once_after_precedence():
    found = classify(
        make_snapshot(
            make_subject("S1", **KEY, **SPECIAL),
            make_subject("S2", **KEY),
            make_subject("S3", is_excluded=True, exclusion_reason="搬迁中"),
        ),
        PROFILE,
        Q1,
    )
    assert found.base_counts()[Stratum.KEY] == 1
    assert found.counts_before_precedence()[Stratum.KEY] == 2
    assert sum(found.base_counts().values()) == 2
    assert found.rows[2].out_reason == "标注不参与双随机：搬迁中"


def test_note_16_sites_are_drawn_apart_and_may_share_a_trip():
    enterprises = {"S1": "虚构A", "S2": "虚构A", "S3": "虚构B", "S4": "", "S5": ""}
    sites = [make_subject(ref, uscc=uscc) for ref, uscc in enterprises.items()]
    subjects = {subject.ref: subject for subject in sites}
    assert len(classify(make_snapshot(*sites), PROFILE, Q1).members(Stratum.GENERAL_UNLISTED)) == 5
    assert one_trip(subjects, subjects) == [("S1", "S2")]


@pytest.mark.parametrize("status", list(OperatingStatus))
def test_note_30_long_stopped_and_gone_units_are_out(status):
    stays = status in (OperatingStatus.OPERATING, OperatingStatus.STOPPED_TEMPORARY)
    assert row_of(operating_status=status).is_in_base == stays


def test_a_reason_names_clause_words_and_evidence():
    reason = row_of(penalties=(penalised(date(2025, 11, 3)),)).reasons[0]
    assert reason.clause.number == "二（三）"
    assert "行政处罚" in reason.clause.says
    assert "虚构罚〔1〕号" in reason.evidence
    assert reason.fact_on == date(2025, 11, 3)


def test_another_order_of_precedence_is_data():
    order = ("key", "special", "general_listed", "general_unlisted")
    changed = tuple(
        replace(p, value=order) if isinstance(p, Parameter) and p.key == "precedence" else p
        for p in PROFILE.parameters
    )
    row = classify_one(
        make_subject(**KEY, **SPECIAL),
        replace(PROFILE, parameters=changed),
        on=SNAPSHOT_DAY,
        quarter=Q1,
    )
    assert row.stratum is Stratum.KEY


def test_the_same_snapshot_has_the_same_bytes_and_reads_back():
    snapshot = make_snapshot(make_subject("S1", **KEY, **SPECIAL, **LISTED))
    assert RegisterSnapshot.thawed(snapshot.frozen()) == snapshot
    assert classify(snapshot, PROFILE, Q1) == classify(snapshot, PROFILE, Q1)


def test_a_classification_has_one_byte_form_and_reads_back():
    found = classify(make_snapshot(make_subject("S1", **KEY, **SPECIAL, **LISTED)), PROFILE, Q1)
    assert Classification.thawed(found.frozen()) == found
    assert len(found.digest()) == 64
