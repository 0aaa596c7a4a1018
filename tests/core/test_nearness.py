"""The way of a day: nothing comes or goes, and the nearest follows."""

from random import Random

from gongchou.core.coordinates import SCALE
from gongchou.core.nearness import metres, near_order


def at(east: int, north: int) -> tuple[int, int]:
    return 118 * SCALE + east * SCALE // 100, 39 * SCALE + north * SCALE // 100


def test_nothing_is_added_or_left_out():
    chance = Random(20260105)
    for size in [*range(10)] * 20:
        names = [f"V{number}" for number in range(size)]
        known = [name for name in names if chance.random() < 0.8]
        places = {name: at(chance.randrange(50), chance.randrange(50)) for name in known}
        assert sorted(near_order(names, places)) == names


def test_the_way_goes_along_a_road_from_one_of_its_ends():
    places = {"middle": at(5, 0), "west": at(0, 0), "east": at(9, 0), "near east": at(8, 0)}
    order = near_order(list(places), places)
    assert order in (
        ("west", "middle", "near east", "east"),
        ("east", "near east", "middle", "west"),
    )


def test_who_has_no_place_comes_last_in_the_order_of_the_list():
    assert near_order(["a", "b", "c"], {"c": at(0, 0)}) == ("c", "a", "b")


def test_a_degree_of_latitude_is_about_111_kilometres_and_of_longitude_less():
    assert metres(at(0, 0), at(0, 100)) == 111_320
    assert 85_000 < metres(at(0, 0), at(100, 0)) < 87_000
