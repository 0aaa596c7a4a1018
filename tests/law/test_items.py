"""The default item list: complete, applicable by data, with no code twice."""

import re

import pytest

from gongchou.core.refusals import Invalid
from gongchou.core.roster import applicable_units, applies
from gongchou.core.terms import MonitoringType, PermitCategory, PollutantType
from gongchou.law.items import read_items
from gongchou.law.load import load_default_items, load_default_list
from tests.factories import make_subject

ITEMS = load_default_list()
GROUP = {"code": "X", "name": "虚构", "unit": "虚构科", "is_enabled": True, "item": "虚构事项",
         "item_tier": "ordinary", "legal_basis": "", "check_point": []}  # fmt: skip


def groups_for(**fields):
    return {group.code for group in ITEMS.groups if applies(group, make_subject(**fields))}


def test_every_group_has_an_item_and_points_under_unique_codes():
    codes = [point.code for point in ITEMS.points]
    assert len(set(codes)) == len(codes)
    assert {group.code for group in ITEMS.groups} == {item.item_group for item in ITEMS.items}
    assert {group.code for group in ITEMS.groups} == {point.item_group for point in ITEMS.points}


def test_a_new_bureau_starts_without_the_switchable_groups():
    started = {group.code for group in load_default_items()}
    assert started == set(ITEMS.enabled)
    assert {"NOISE", "RAD", "ODS"}.isdisjoint(started)


def test_every_group_has_three_to_six_points_and_every_basis_is_a_law_and_its_articles():
    for group in ITEMS.groups:
        assert 3 <= sum(point.item_group == group.code for point in ITEMS.points) <= 6
    bases = {point.legal_basis for point in ITEMS.points} | {i.legal_basis for i in ITEMS.items}
    law = "[^，。；、]+(法|条例)(第[一二三四五六七八九十百]+条(、第[一二三四五六七八九十百]+条)*)?"
    assert all(re.fullmatch(f"{law}(；{law})*", basis) for basis in bases - {""})


@pytest.mark.parametrize(
    ("fields", "group"),
    [
        ({"pollutant_types": (PollutantType.WASTE_GAS,)}, "AIR"),
        ({"pollutant_types": (PollutantType.WASTE_WATER,)}, "WATER"),
        ({"pollutant_types": (PollutantType.HAZARDOUS_WASTE,)}, "HAZ"),
        ({"monitoring_types": (MonitoringType.AUTO_WATER,)}, "AUTO"),
        ({"permit_category": PermitCategory.KEY}, "LEDGER"),
    ],
)
def test_a_group_applies_by_what_the_subject_is(fields, group):
    assert group in groups_for(**fields)
    assert group not in groups_for(permit_category=PermitCategory.NONE)


def test_two_sections_with_items_make_a_joint_visit_possible():
    gas = make_subject(pollutant_types=(PollutantType.WASTE_GAS,))
    assert {"dq", "zh"} <= set(applicable_units(gas, ITEMS.groups))


def test_a_group_written_twice_or_with_an_unknown_word_is_refused():
    with pytest.raises(Invalid, match="写了两次"):
        read_items({"item_group": [GROUP, GROUP]})
    with pytest.raises(Invalid, match="未知的值"):
        read_items({"item_group": [{**GROUP, "pollutant_types": ["luck"]}]})
