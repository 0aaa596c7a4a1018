"""Each rule sees a planted case, names its records, and is silent about the decoy beside it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from gongchou.core.alarms import (
    Facts,
    Look,
    Order,
    Photo,
    StaffChange,
    Swap,
    Told,
    VisitFact,
    Words,
    raised,
)
from gongchou.core.oversight import check_value, in_force, limits_of
from gongchou.core.oversight_terms import AlarmKind, OversightKey
from gongchou.core.refusals import Invalid, NoRule
from gongchou.law.load import load_oversight

TODAY = date(2026, 4, 1)
LIMITS = limits_of(in_force(load_oversight(), TODAY))


def visit(ref: str, **fields) -> VisitFact:
    ordinary = {
        "subject": f"S-{ref}",
        "team": frozenset({f"A-{ref}", f"B-{ref}"}),
        "ended_on": date(2026, 2, 3),
        "minutes": 90,
        "has_problem": False,
        "stratum": "key",
    }
    return VisitFact(ref=ref, **{**ordinary, **fields})


def alarms(kind: AlarmKind, limits=LIMITS, **facts):
    """What is raised; nothing but the rule in question may speak."""
    found = raised(Facts(on=TODAY, **facts), limits)
    assert {alarm.kind for alarm in found} <= {kind}
    return found


TEXT = "车间东侧喷漆房活性炭箱已更换，更换台账齐全，危废间标识清楚，雨污分流正常。"
OTHER = "污水站总排口在线监测数据与台账一致，加药记录完整，污泥暂存间防渗完好无渗漏。"


def test_the_same_pair_at_the_same_site_within_a_year():
    pair = frozenset({"I1", "I2"})
    rows = [
        visit("V1", subject="S1", team=pair, ended_on=date(2025, 5, 1)),
        visit("V2", subject="S1", team=pair | {"I3"}, ended_on=date(2026, 4, 1)),
    ]
    (found,) = alarms(AlarmKind.SAME_PAIR, visits=tuple(rows))
    assert (found.people, found.records) == (("I1", "I2"), ("V1", "V2"))
    a_year_and_a_day = [replace(rows[0], ended_on=date(2025, 3, 31)), rows[1]]
    assert alarms(AlarmKind.SAME_PAIR, visits=tuple(a_year_and_a_day)) == ()
    long_ago = replace(rows[0], ref="V0", ended_on=date(2024, 12, 1))
    found = alarms(AlarmKind.SAME_PAIR, visits=(*rows, long_ago))
    assert [alarm.records for alarm in found] == [("V0", "V1"), ("V1", "V2")]
    elsewhere = [rows[0], replace(rows[1], subject="S2")]
    assert alarms(AlarmKind.SAME_PAIR, visits=tuple(elsewhere)) == ()


def test_three_swaps_of_one_person_in_a_quarter():
    days = (date(2026, 1, 5), date(2026, 2, 5), date(2026, 3, 5))
    swaps = tuple(Swap(visit=f"V{n}", person="I1", on=on) for n, on in enumerate(days))
    (found,) = alarms(AlarmKind.SEAT_SWAPS, swaps=swaps)
    assert (found.people, found.records) == (("I1",), ("V0", "V1", "V2"))
    others = (*swaps[:2], replace(swaps[2], person="I2"))
    assert alarms(AlarmKind.SEAT_SWAPS, swaps=others) == ()
    slow = (*swaps[:2], replace(swaps[2], on=date(2026, 4, 8)))
    assert alarms(AlarmKind.SEAT_SWAPS, swaps=slow) == ()


def test_a_visit_of_two_minutes():
    rows = (
        visit("V1", minutes=2),
        visit("V2", minutes=15),
        visit("V3", minutes=None),
    )
    (found,) = alarms(AlarmKind.SHORT_VISIT, visits=rows)
    assert found.records == ("V1",)
    assert "2 分钟" in found.says


def test_a_text_copied_from_another_visit():
    words = (
        Words(key="V1/1", visit="V1", text=TEXT),
        Words(key="V2/1", visit="V2", text=TEXT.replace("东侧", "西侧")),
        Words(key="V3/1", visit="V3", text=OTHER),
    )
    (found,) = alarms(AlarmKind.COPIED_TEXT, words=words)
    assert found.records == ("V1", "V2")


def test_short_phrases_and_one_record_repeating_itself_are_no_copies():
    same = "未见异常。"
    words = (
        Words(key="V1/1", visit="V1", text=same),
        Words(key="V2/1", visit="V2", text=same),
        Words(key="V3/1", visit="V3", text=TEXT),
        Words(key="V3/2", visit="V3", text=TEXT),
    )
    assert alarms(AlarmKind.COPIED_TEXT, words=words) == ()


def test_one_photo_at_two_visits():
    photos = tuple(
        Photo(visit=v, ref=f"E-{n}", digest=d)
        for n, (v, d) in enumerate([("V1", "aa"), ("V2", "aa"), ("V3", "bb"), ("V3", "bb")])
    )
    (found,) = alarms(AlarmKind.COPIED_PHOTO, photos=photos)
    assert found.records == ("V1", "V2")


def test_a_result_that_is_public_too_late_or_not_at_all():
    last = date(2026, 3, 31)
    rows = (
        visit("V1", publish_by=last),
        visit("V2", publish_by=last, published_on=date(2026, 4, 1)),
        visit("V3", publish_by=last, published_on=last),
        visit("V4", publish_by=TODAY),
    )
    found = alarms(AlarmKind.LATE_PUBLICATION, visits=rows)
    assert [alarm.records for alarm in found] == [("V1",), ("V2",)]


def look(seq: int, hour: int, *, refused: bool = False) -> Look:
    at = datetime(2026, 3, 2, hour, 30)  # noqa: DTZ001 - local time is meant
    return Look(seq=seq, person="U1", name="李执法", at=at, is_refused=refused)


def test_looks_at_night_and_looks_refused_again_and_again():
    found = alarms(AlarmKind.OUT_OF_TURN, looks=(look(7, 23), look(8, 21), look(9, 6), look(10, 5)))
    assert [alarm.records for alarm in found] == [("#7",), ("#10",)]
    refused = tuple(look(n, 9 + n, refused=True) for n in range(3))
    (found,) = alarms(AlarmKind.OUT_OF_TURN, looks=refused)
    assert found.records == ("#0", "#1", "#2")
    assert alarms(AlarmKind.OUT_OF_TURN, looks=refused[:2]) == ()


SAID = datetime(2026, 1, 10, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


def order(at: datetime, subject: str = "S1") -> Order:
    return Order(subject=subject, at=at)


def test_a_firm_visited_more_often_after_it_reported():
    told = (Told(ref="D1", at=SAID, subject="S1"),)
    found = lambda *orders: alarms(AlarmKind.RETALIATION, orders=orders, told=told)  # noqa: E731
    after = order(SAID + HOUR)
    (alarm,) = found(after)
    assert (alarm.key, alarm.records, alarm.people) == ("retaliation:D1:1", ("D1",), ())
    assert found(order(SAID - HOUR), after) == ()
    assert found(order(SAID - timedelta(180)), after) == ()
    assert len(found(order(SAID - timedelta(180) - HOUR), after)) == 1
    assert len(found(order(SAID + timedelta(180)))) == 1
    assert found(order(SAID + timedelta(180) + HOUR)) == ()
    assert found(order(SAID + HOUR, "S2")) == ()
    (alarm,) = found(order(SAID - HOUR), after, after)
    assert "被安排了 2 次抽取以外的检查，此前同样长的时间是 1 次" in alarm.says


def test_a_colleague_who_lost_a_role_after_reporting():
    told = (Told(ref="D1", at=SAID, colleague="U1"),)
    change = StaffChange(person="U1", at=SAID + HOUR)
    found = lambda *rows: alarms(AlarmKind.RETALIATION, changes=rows, told=told)  # noqa: E731
    (alarm,) = found(change)
    assert (alarm.key, alarm.records, alarm.people) == ("retaliation:D1:1", ("D1",), ())
    once, twice = found(change, replace(change, at=SAID + timedelta(180)))
    assert (once, twice.key) == (alarm, "retaliation:D1:2")
    assert found(replace(change, at=SAID - HOUR)) == ()
    assert found(replace(change, at=SAID + timedelta(180) + HOUR)) == ()
    assert found(replace(change, person="U2")) == ()


def test_the_same_facts_give_the_same_keys_and_an_empty_house_none():
    rows = (visit("V1", minutes=2),)
    once, twice = (raised(Facts(on=day, visits=rows), LIMITS) for day in (TODAY, TODAY))
    assert [a.key for a in once] == [a.key for a in twice] == ["short_visit:V1"]
    assert raised(Facts(on=TODAY), LIMITS) == ()


def test_a_threshold_holds_from_its_day_on():
    from gongchou.core.oversight import Setting

    own = Setting(key=OversightKey.SHORT_MINUTES, value=2, since=TODAY, source="本局")
    settings = (*load_oversight(), own)
    today = limits_of(in_force(settings, TODAY))
    assert alarms(AlarmKind.SHORT_VISIT, today, visits=(visit("V1", minutes=2),)) == ()
    yesterday = limits_of(in_force(settings, date(2026, 3, 31)))
    assert yesterday[OversightKey.SHORT_MINUTES] == LIMITS[OversightKey.SHORT_MINUTES]


def test_a_day_without_settings_and_a_senseless_value_are_refused():
    with pytest.raises(NoRule, match="没有生效"):
        in_force(load_oversight(), date(2020, 1, 1))
    for key, value in ((OversightKey.TEXT_PERCENT, 101), (OversightKey.SHORT_MINUTES, 0)):
        with pytest.raises(Invalid, match=key.label):
            check_value(key, value)
    check_value(OversightKey.TEXT_PERCENT, 100)
    check_value(OversightKey.WEIGHT_FORMS, 0)
