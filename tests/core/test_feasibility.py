"""Before the freeze: whether every possible draw finds its teams, and what would help."""

from dataclasses import replace
from hashlib import sha256

import pytest

from gongchou.core.draw import Rate, TeamRule, outcome_of_seed
from gongchou.core.draw_reading import freeze_lists
from gongchou.core.draw_values import Announcement, AvoidRow, InspectorRow, RosterRow, Rosters
from gongchou.core.feasibility import check_feasibility
from gongchou.core.pairing import NoTeam
from gongchou.core.relief import first_relief

AREAS, SPECIALTIES = ("北片区", "南片区"), ("大气", "水")
NEIGHBOURS = {"北片区": ("南片区",), "南片区": ("北片区",)}


def hexed(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def row(i: int) -> RosterRow:
    return RosterRow(
        pid=f"p{i:03}",
        commitment=hexed(f"对象{i}"),
        stratum="key.fresh" if i % 3 else "special",
        area=AREAS[i % 2],
        specialty=SPECIALTIES[i % 2],
        items=("A01", "A07") if i % 4 else ("A01",),
    )


def person(i: int, cap: int, org: str = "zd") -> InspectorRow:
    return InspectorRow(
        iid=f"I{i}",
        commitment=hexed(f"人员{i}"),
        org=org,
        areas=(AREAS[i % 2],) if org == "zd" else tuple(sorted(AREAS)),
        specialties=(SPECIALTIES[i % 2],),
        load=0,
        cap=cap,
    )


def lists(cap: int, avoid: tuple[AvoidRow, ...] = ()) -> Rosters:
    people = [*(person(i, cap) for i in range(6)), person(6, 60, "kz")]
    return freeze_lists([row(i) for i in range(30)], people, avoid)


NOTICE = Announcement(
    draw="TEST-1",
    hash="sha256",
    seq=1,
    prev="0" * 64,
    roster=(0, ""),
    inspectors=(0, ""),
    avoid=(0, ""),
    rates={
        "special": Rate(num=65, den=100, floor=1),
        "key.fresh": Rate(num=25, den=100, floor=1),
    },
    team=TeamRule(org="zd", need=2, experts=1),
    joint_share=(35, 100),
    joint=TeamRule(org="kz", need=1, experts=0),
    commits=(),
    closing_rule="d6:25",
    announced="2026-01-05T09:00:00+08:00",
)


def test_enough_room_is_certain_for_the_draw_and_its_substitutes():
    found = check_feasibility(NOTICE, lists(cap=40))
    assert (found.certain, found.shortages, found.late) == (True, (), ())


def test_too_little_room_names_area_need_and_room():
    found = check_feasibility(NOTICE, lists(cap=4))
    assert not found.certain
    assert "北片区" in found.shortages[0].says
    assert found.shortages[0].room < found.shortages[0].seats


def test_a_substitute_is_not_promised_where_everybody_may_be_full():
    found = check_feasibility(NOTICE, lists(cap=9))
    assert found.certain
    assert "补抽" in found.late[0].says


@pytest.mark.parametrize("cap", [7, 9, 12, 40])
def test_what_is_called_certain_never_fails(cap):
    if check_feasibility(NOTICE, lists(cap)).certain:
        for trial in range(60):
            outcome_of_seed(NOTICE, lists(cap), sha256(bytes([trial])).digest())


def test_a_named_shortage_is_a_draw_that_can_happen():
    seeds = (sha256(b"%d" % trial).digest() for trial in range(300))
    failed = 0
    for seed in seeds:
        try:
            outcome_of_seed(NOTICE, lists(cap=4), seed)
        except NoTeam:
            failed += 1
    assert failed > 0


def test_an_expert_barred_from_the_only_site_of_his_field_is_seen_before_the_draw():
    alone = replace(person(0, 40), specialties=("固废",), areas=tuple(sorted(AREAS)))
    waste = replace(row(0), stratum="special", specialty="固废")
    barred = AvoidRow(iid="I0", pid="p000", reason="近亲属", salt="0" * 32)
    everybody = replace(NOTICE, rates={"special": Rate(num=1, den=1, floor=0)})
    people = [alone, person(2, 40), person(4, 40), person(6, 60, "kz")]
    found = check_feasibility(everybody, freeze_lists([waste], people, [barred]))
    assert "专业对口" in found.shortages[0].says


def test_the_mildest_relief_comes_first():
    assert "上限" in str(first_relief(NOTICE, lists(cap=6), NEIGHBOURS))
    assert "邻近片区" in str(first_relief(NOTICE, lists(cap=5), NEIGHBOURS))
    assert first_relief(NOTICE, lists(cap=0), NEIGHBOURS) is None


def test_the_refusal_counts_seats_and_room_and_names_nobody():
    with pytest.raises(NoTeam, match="合计只能再承担 3 次") as caught:
        outcome_of_seed(NOTICE, lists(cap=1), bytes(32))
    assert "p0" not in str(caught.value)
    assert "至少有 4 个席位" in str(caught.value)
