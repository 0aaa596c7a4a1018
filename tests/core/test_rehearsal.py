"""A rehearsal: a whole record that anybody can check, and nobody can take for a real draw."""

import pytest

from gongchou.core.canon import canon
from gongchou.core.draw_record import is_valid, verify
from gongchou.core.draw_values import Rate, TeamRule
from gongchou.core.pairing import NoTeam
from gongchou.core.refusals import Invalid
from gongchou.core.rehearsal import RehearsalPerson, RehearsalRow, rehearse
from gongchou.core.workdays import Quarter
from tests.core.draw_samples import PROFILES

ROWS = [
    RehearsalRow(
        private={"name": f"虚构企业{i}"},
        stratum="key" if i % 3 else "general",
        area="gx",
        specialty="air",
        items=("A01", "A07"),
    )
    for i in range(30)
]
PEOPLE = [
    RehearsalPerson(
        private={"name": f"李执法{i}"},
        org="zd" if i < 5 else "kz",
        areas=("gx",),
        specialties=("air",),
        load=0,
        cap=20,
    )
    for i in range(8)
]
RULES = (
    {"key": Rate(num=25, den=100, floor=1), "general": Rate(num=3, den=100, floor=1)},
    TeamRule(org="zd", need=2, experts=1),
    (35, 100),
    TeamRule(org="kz", need=1, experts=0),
)
AUTUMN = Quarter(2026, 4)


@pytest.mark.parametrize("profile", PROFILES)
def test_a_rehearsal_holds_and_says_what_it_is(profile):
    record = rehearse(ROWS, PEOPLE, *RULES, quarter=AUTUMN, profile=profile)
    assert is_valid(verify(record))
    assert not is_valid(verify(record, real=True))
    assert record["announcement"]["draw"].startswith("TEST")
    assert record["announcement"]["announced"] == "2026-10-01T09:00:00+08:00"
    assert len(record["visits"]) == 5 + 1


def test_the_same_inputs_give_the_same_bytes_in_any_order():
    once = rehearse(ROWS, PEOPLE, *RULES, quarter=AUTUMN)
    again = rehearse(ROWS[::-1], PEOPLE[::-1], *RULES, quarter=AUTUMN)
    assert canon(once) == canon(again)


def test_another_quarter_or_list_is_another_draw():
    base = rehearse(ROWS, PEOPLE, *RULES, quarter=AUTUMN)
    for other in (
        rehearse(ROWS, PEOPLE, *RULES, quarter=AUTUMN.next()),
        rehearse(ROWS[1:], PEOPLE, *RULES, quarter=AUTUMN),
        rehearse(ROWS, PEOPLE[1:], *RULES, quarter=AUTUMN),
    ):
        assert other["seed"] != base["seed"]
        assert other["announcement"]["draw"] != base["announcement"]["draw"]


def test_nothing_private_stands_in_the_record():
    assert "虚构企业".encode() not in canon(rehearse(ROWS, PEOPLE, *RULES, quarter=AUTUMN))


def test_equal_private_records_are_refused():
    with pytest.raises(Invalid, match="重复"):
        rehearse([*ROWS, ROWS[0]], PEOPLE, *RULES, quarter=AUTUMN)


def test_too_few_people_have_no_team():
    with pytest.raises(NoTeam):
        rehearse(ROWS, PEOPLE[4:], *RULES, quarter=AUTUMN)
