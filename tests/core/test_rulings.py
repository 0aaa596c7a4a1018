"""A bureau's own Ruling changes one reading from its day on, and nothing before."""

from datetime import date, timedelta
from fractions import Fraction

import pytest

from gongchou.core.classify import classify_one
from gongchou.core.refusals import Invalid
from gongchou.core.rules import Ruling
from gongchou.core.rulings import with_rulings
from gongchou.core.terms import CreditLevel, Rotation, Stratum
from gongchou.core.workdays import Quarter
from gongchou.law.load import load_profile
from tests.factories import SNAPSHOT_DAY, make_subject, rated

PROFILE = load_profile("tangshan_gaoxin_2024")
BEFORE = SNAPSHOT_DAY - timedelta(days=1)


def ruled(key="special.credit", value=("D", "E"), **fields):
    given = {"ref": "虚构-1", "replaces": "default-5", "document": "虚构〔2026〕3号", **fields}
    return Ruling(
        key=key,
        value=value,
        question="哪几级为特殊",
        reading="D、E 级",
        decided_by="虚构领导小组",
        on=SNAPSHOT_DAY,
        **given,
    )


def stratum_of(profile, on):
    subject = make_subject(credits=(rated(CreditLevel.C),))
    return classify_one(subject, profile, on=on, quarter=Quarter(2026, 1)).stratum


def test_a_ruling_moves_credit_c_out_of_special_from_its_day():
    profile = with_rulings(PROFILE, [ruled()])
    assert stratum_of(profile, BEFORE) is Stratum.SPECIAL
    assert stratum_of(profile, SNAPSHOT_DAY) is Stratum.GENERAL_UNLISTED
    assert stratum_of(PROFILE, SNAPSHOT_DAY) is Stratum.SPECIAL


def test_a_ruling_replaces_the_default_and_is_cited():
    profile = with_rulings(PROFILE, [ruled()])
    parameter = profile.parameter("special.credit", SNAPSHOT_DAY)
    assert profile.ruling("special.credit").ref == "虚构-1"
    assert (parameter.clause.source, parameter.clause.number) == ("虚构〔2026〕3号", "口径虚构-1")


def test_a_ruling_without_value_only_records_the_reading():
    profile = with_rulings(PROFILE, [ruled(value=None)])
    assert profile.words("special.credit", SNAPSHOT_DAY) == ("C", "D", "E")


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"replaces": "nowhere"}, "不存在"),
        ({"ref": "default-5"}, "已经登记过"),
        ({"value": ("Z",)}, "不认识“Z”"),
        ({"value": "D"}, "文字列表"),
        ({"key": "special.luck"}, "没有“special.luck”"),
        ({"key": "include.registered", "value": 1}, "true 或 false"),
        ({"key": "team.min_certified", "value": 1}, "不得小于 2"),
        ({"key": "offsite.sources", "value": 0}, "不得小于 1"),
        ({"key": "precedence", "value": ("key",)}, "各列一次"),
        ({"key": "rotation.key", "value": ("sometimes",)}, "轮换应写成"),
        ({"key": "rotation.key", "value": ("year_reserve",)}, "轮换应写成"),
        ({"key": "rotation.key", "value": ("year_reserve", "3/2")}, "轮换应写成"),
        ({"key": "rotation.vip", "value": ("none",)}, "轮换应写成"),
    ],
)
def test_a_ruling_that_does_not_fit_is_refused(fields, says):
    with pytest.raises(Invalid, match=says):
        with_rulings(PROFILE, [ruled(**fields)])


def test_note_17_a_ruling_on_rotation_keeps_ratio_and_citation():
    value = ("year_reserve", "3/4")
    ruling = ruled(key="rotation.key", value=value, replaces="default-17")
    quota = with_rulings(PROFILE, [ruling]).quota(Stratum.KEY, SNAPSHOT_DAY)
    assert (quota.rotation, quota.reserved) == (Rotation.YEAR_RESERVE, Fraction(3, 4))
    assert (quota.ratio, quota.clause.number) == (Fraction(1, 4), "二（三）")


def test_a_yearly_number_of_joint_checks_is_open_until_it_is_recorded():
    assert PROFILE.setting("joint.cross_dept.sessions", SNAPSHOT_DAY) is None
    ruling = ruled(key="joint.cross_dept.sessions", value=4, replaces="default-22")
    profile = with_rulings(PROFILE, [ruling])
    assert profile.number("joint.cross_dept.sessions", date(2026, 6, 1)) == 4
